"""Forms of oversight: whom a round goes to, what was found, what is drawn for proof, and the words of the rest."""

from datetime import timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from sanxiao.archive.models import Establishment
from sanxiao.docket.forms import DateInput, MoveForm
from sanxiao.office.models import Office, User
from sanxiao.office.now import today
from sanxiao.oversight import people
from sanxiao.oversight.models import Bulletin
from sanxiao.oversight.rounds import usual_due
from sanxiao.oversight.rules import BULLETIN, CHECK, DRAW, FINDING, PRACTICE, ROUND
from sanxiao.oversight.sorts import SORTS

A_WEEK, A_QUARTER = timedelta(days=7), timedelta(days=90)


class BeginForm(MoveForm):
    """A form that begins a matter and brings files: the effect of the move keeps them."""

    def keep_files(self) -> None:
        """Lay the uploads ready for the effect."""
        super().keep_files()
        if self.obj._state.adding:
            self.obj.uploads = [(role, each) for role in self.row.attaches for each in self.files.getlist(role)]


def _ordered(form: forms.Form, since: str, until: str) -> None:
    """A period ends after it began."""
    told = form.cleaned_data
    if told.get(since) and told.get(until) and told[until] < told[since]:
        form.add_error(until, _("不能早于开始日期。"))


# --- rounds ------------------------------------------------------------------------------------------------------


@ROUND.form("plan")
class PlanForm(MoveForm):
    """制定督查计划: topic, days, who goes, to which units."""

    own = ("team", "whom")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        area = self.obj.area
        self.fields["starts_on"].initial, self.fields["ends_on"].initial = today(), today() + A_WEEK
        self.able = {str(who.pk): (who, office) for who, office in people.holders(area, "oversight.check")}
        self.fields["team"] = forms.MultipleChoiceField(
            label=_("督查组（两人以上）"), widget=forms.CheckboxSelectMultiple,
            choices=[(key, _("%(name)s（%(office)s）") % {"name": who.name, "office": office})
                     for key, (who, office) in self.able.items()],
        )  # fmt: skip
        self.fields["whom"] = forms.MultipleChoiceField(
            label=_("被督查单位"), widget=forms.CheckboxSelectMultiple,
            choices=[(str(unit.pk), str(unit)) for unit in people.units(area)],
        )  # fmt: skip
        self.order_fields(["called", "topic", "starts_on", "ends_on", "team", "whom"])

    def clean_team(self) -> list[str]:
        """Two see more than one."""
        chosen: list[str] = self.cleaned_data["team"]
        if len(chosen) < 2:
            raise ValidationError(_("督查组至少两个人。"))
        return chosen

    def clean(self) -> dict[str, Any]:
        """A period, and nobody who inspects his own unit alone."""
        told = super().clean() or {}
        _ordered(self, "starts_on", "ends_on")
        homes = {str(self.able[key][1].pk) for key in told.get("team", ())}
        if len(homes) == 1 and homes & set(told.get("whom", ())):
            self.add_error("team", _("督查组不能全是被督查单位自己的人。"))
        return told

    def facts(self) -> dict[str, Any]:
        """People and units as the round keeps them."""
        told = super().facts()
        team = [{"pk": self.able[key][0].pk, "name": self.able[key][0].name} for key in self.cleaned_data["team"]]
        return {**told, "team": team, "whom": [int(key) for key in self.cleaned_data["whom"]]}


@ROUND.form("visit")
class VisitForm(MoveForm):
    """登记走访: which unit, when, what was seen."""

    own = ("whom", "seen_on", "words")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = list(self.obj.visits.select_related("unit"))
        waiting = next((row.unit_id for row in rows if row.seen_on is None), None)
        self.fields["whom"] = forms.TypedChoiceField(
            label=_("单位"), choices=[(row.unit_id, str(row.unit)) for row in rows], coerce=int, initial=waiting
        )
        self.fields["seen_on"] = forms.DateField(label=_("走访日期"), widget=DateInput, initial=today())
        self.fields["words"] = forms.CharField(
            label=_("看到的情况"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}),
            help_text=_("问题另记“记录问题”；没有问题的，写看了哪几户、哪几本台账。"),
        )  # fmt: skip


@FINDING.form("note")
class FindingForm(BeginForm):
    """记录问题: one thing at one unit, what is asked, until when; the place it is about may be named."""

    own = ("unit", "file")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        round_ = self.obj.round
        units = Office.objects.filter(pk__in=round_.visits.values("unit") if round_ else [])
        self.fields["unit"] = forms.ModelChoiceField(label=_("责任单位"), queryset=units, initial=self.obj.unit_id)
        self.fields["due_by"].initial = usual_due(self.user)
        self.fields["place"] = forms.CharField(
            label=_("涉及的一户"), required=False, help_text=_("可不填；填档案编号，或者名称、经营者、电话尾号。")
        )
        for name in ("text", "demand"):
            self.fields[name].widget.attrs["rows"] = 3
        self.fields["round"] = forms.CharField(widget=forms.HiddenInput, initial=round_.pk if round_ else "")
        self.order_fields(["unit", "gravity", "text", "demand", "due_by", "place"])

    def clean_place(self) -> Establishment | None:
        """The one place that is meant."""
        said = self.cleaned_data["place"].strip()
        if not said:
            return None
        rows = Establishment.objects.seen_by(self.user)
        found = list(rows.filter(number=said)[:1]) or list(rows.filter(pk__in=rows.matching(said).values("pk"))[:2])
        if len(found) != 1:
            raise ValidationError(_("找到不止一户，请填档案编号。") if found else _("没有找到这一户，请核对，或留空。"))
        return found[0]

    def facts(self) -> dict[str, Any]:
        """The place as its file."""
        told = super().facts()
        told.pop("round", None)
        place = told.pop("place", None)
        return {**told, "file": place} if place else told


@FINDING.form("return")
class ReturnForm(MoveForm):
    """退回重改: why, and a new date."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["due_by"].initial = today() + A_WEEK


# --- bulletins ---------------------------------------------------------------------------------------------------


@BULLETIN.form("draft")
class DraftForm(MoveForm):
    """起草通报: the text is there already, to be edited."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["body"].widget.attrs["rows"] = 24


class WordsForm(forms.ModelForm):
    """The words of a draft."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    class Meta:
        model = Bulletin
        fields = ("title", "addressee", "body")
        widgets = {"body": forms.Textarea(attrs={"rows": 24})}

    def __init__(self, data: Any, *, bulletin: Bulletin) -> None:
        # A copy, because a model form writes into its instance while it checks.
        super().__init__(data, instance=Bulletin(**{n: getattr(bulletin, n) for n in ("title", "addressee", "body")}))
        self.fields["version"].initial = bulletin.version
        self.fields["body"].help_text = _("“# ”开头的一行是一级标题，“## ”是二级标题，序号自动编；其余一行一段。")


# --- proof -------------------------------------------------------------------------------------------------------


@DRAW.form("draw")
class DrawForm(MoveForm):
    """抽取: which sorts, which days, how many, by which seed."""

    own = ("unit", "sorts")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"] = forms.ModelChoiceField(
            label=_("单位"), required=False, empty_label=_("全镇各单位"),
            queryset=Office.objects.filter(pk__in=[unit.pk for unit in people.units(self.obj.area)]),
        )  # fmt: skip
        self.fields["sorts"] = forms.MultipleChoiceField(
            label=_("抽哪几种"), choices=[(key, sort.name) for key, sort in SORTS.items()],
            widget=forms.CheckboxSelectMultiple, initial=["order", "lead", "look", "revisit", "closed"],
        )  # fmt: skip
        self.fields["from_on"].initial, self.fields["until_on"].initial = today() - A_QUARTER, today()
        self.fields["seed"].help_text = _("事先当众公布的一串数字，比如当天的开奖号；不填由系统生成，抽完即公布。")
        self.order_fields(["called", "unit", "sorts", "from_on", "until_on", "size", "seed"])

    def clean(self) -> dict[str, Any]:
        """A whole period."""
        told = super().clean() or {}
        _ordered(self, "from_on", "until_on")
        if told.get("size") == 0:
            self.add_error("size", _("至少一件。"))
        return told


@CHECK.form("hand")
class HandForm(MoveForm):
    """指定两人: neither of the office that closed the matter."""

    own = ("first", "second")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        able = [
            who.pk for who, office in people.holders(self.obj.area, "oversight.check")
            if office.pk != self.obj.unit_id
        ]  # fmt: skip
        for name in ("first", "second"):
            self.fields[name] = forms.ModelChoiceField(
                label=self.obj._meta.get_field(name).verbose_name,
                queryset=User.objects.filter(pk__in=able).order_by("username"),
                initial=getattr(self.obj, f"{name}_id"),
            )
        self.order_fields(["first", "second", "reason"])


@CHECK.form("true", "partly", "false")
class CheckForm(MoveForm):
    """What two people saw on site: the day, a sentence, a photo."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["seen_on"].initial = today()
        self.fields["found"].widget.attrs["rows"] = 3

    def facts(self) -> dict[str, Any]:
        """The event stands on the day on which they were there."""
        return {**super().facts(), "on": min(self.cleaned_data["seen_on"], today())}


# --- good practice -----------------------------------------------------------------------------------------------


@PRACTICE.form("send", "revise")
class PracticeForm(BeginForm):
    """经验做法: the trouble, the way, the effect."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, rows in (("trouble", 3), ("how", 8), ("effect", 3)):
            self.fields[name].widget.attrs["rows"] = rows
        self.fields["how"].help_text = _("一步一行，别的单位可以照抄成自己的任务。")


class CommentForm(forms.Form):
    """A comment."""

    text = forms.CharField(max_length=500, widget=forms.Textarea(attrs={"rows": 2}))


class CopyForm(forms.Form):
    """照着做: what the unit means to do."""

    note = forms.CharField(max_length=500, widget=forms.Textarea(attrs={"rows": 3}))
    wanted_on = forms.DateField(widget=forms.DateInput({"type": "date", "class": "form-control"}, "%Y-%m-%d"))
