"""Forms of the room's moves."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from sanxiao.archive.models import Kind
from sanxiao.docket.forms import DateInput, MoveForm
from sanxiao.guidance import letters, say, telling, training
from sanxiao.guidance.models import Attendance, Leaflet
from sanxiao.guidance.rules import HELP, LEAFLET, LETTER, MAILING, SESSION, TOLD, WAYS
from sanxiao.office.now import today
from sanxiao.office.places import grounds


class Several(forms.FileInput):
    """A field for several files at once."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files; the cleaned value is a list."""

    widget = Several(attrs={"accept": "image/*,application/pdf"})

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """Each by itself."""
        given = data if isinstance(data, (list, tuple)) else [data] if data else []
        if self.required and not given:
            raise forms.ValidationError(self.error_messages["required"])
        return [super(FilesField, self).clean(each, initial) for each in given]


class DayForm(MoveForm):
    """A move with the day on which it happened, never in the future: `day` names the field."""

    day = ""
    ahead = False  # may it lie in the future?

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.fields[self.day].initial:
            self.fields[self.day].initial = today
        if not self.ahead:
            self.fields[self.day].widget.attrs["max"] = str(today())

    def clean(self) -> dict[str, Any]:
        """Not in the future."""
        told = super().clean() or self.cleaned_data
        if not self.ahead and (day := told.get(self.day)) and day > today():
            self.add_error(self.day, _("不能晚于今天"))
        return told

    def facts(self) -> dict[str, Any]:
        """The day of the paper is the day of the act."""
        told = super().facts()
        return told if self.ahead else {**told, "on": told[self.day]}


@LEAFLET.form("publish")
class PublishForm(DayForm):
    """A leaflet in a new version."""

    day = "since"
    kinds = forms.MultipleChoiceField(
        label=_("给哪几类单位"), required=False, widget=forms.CheckboxSelectMultiple, help_text=_("不选就是各类都给。")
    )
    copies = FilesField(label=_("印好的样张（可不附）"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(kind.pk, str(kind)) for kind in Kind.objects.filter(active=True)]
        self.fields["kinds"] = forms.MultipleChoiceField(
            label=_("给哪几类单位"), required=False, widget=forms.CheckboxSelectMultiple, choices=choices,
            help_text=_("不选就是各类都给。"),
        )  # fmt: skip
        self.order_fields(["code", "edition", "since", "kinds", "title", "text", "title_en", "text_en", "copies"])

    def clean(self) -> dict[str, Any]:
        """A version number is given once."""
        told = super().clean()
        same = Leaflet.objects.filter(area=self.obj.area, code=told.get("code"), edition=told.get("edition"))
        if same.exists():
            self.add_error("edition", _("这个版本号已经有了，请换一个。"))
        return told

    def facts(self) -> dict[str, Any]:
        """The kinds always, also when none is chosen."""
        return {**super().facts(), "kinds": self.cleaned_data["kinds"], "copies": self.cleaned_data["copies"]}


@TOLD.form("record")
class TellForm(DayForm):
    """Who was told of what, when and how."""

    day = "told_on"
    proof = FilesField(label=_("签收单或现场照片"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = telling.in_use(self.obj.area)
        mine = [leaflet.pk for leaflet in rows if leaflet.is_for(self.obj.file.kind_id)]
        self.fields["leaflet"] = forms.ModelChoiceField(
            label=_("告知书"), queryset=Leaflet.objects.filter(pk__in=mine), empty_label=None,
            initial=self.obj.leaflet_id,
        )  # fmt: skip
        self.fields["way"] = forms.ChoiceField(
            label=_("怎么告知的"), choices=WAYS, widget=forms.RadioSelect, initial="hand"
        )
        self.order_fields(["leaflet", "told_on", "way", "proof", "note"])

    def facts(self) -> dict[str, Any]:
        """With the proof, also when there is none."""
        return {**super().facts(), "proof": self.cleaned_data["proof"]}


@MAILING.form("draft", "rewrite")
class LetterForm(MoveForm):
    """The words of a letter."""

    template = "guidance/_write.html"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].widget.attrs["rows"] = 10
        self.places = letters.places_of(self.obj.wanted, self.user)
        self.count = self.places.count()
        self.first = list(self.places[:8])

    def clean(self) -> dict[str, Any]:
        """Every blank can be filled."""
        told = super().clean() or self.cleaned_data
        if wrong := letters.unknown_blanks(f"{told.get('title', '')}{told.get('text', '')}"):
            names = "、".join(f"{{{name}}}" for name in wrong)
            self.add_error("text", _("认不出 %(names)s；可以用 {名称} {经营者} {村} {编号}。") % {"names": names})
        return told


@LETTER.form("deliver")
class DeliverForm(DayForm):
    """When it arrived, and by which way."""

    day = "delivered_on"


@SESSION.form("plan")
class PlanForm(DayForm):
    """Topic, day, place."""

    day = "held_on"
    ahead = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"] = forms.ModelChoiceField(
            label=_("测试题（按类别）"), queryset=Kind.objects.filter(active=True), required=False,
            empty_label=_("不测试"), help_text=_("用哪一类的题目测试。"),
        )  # fmt: skip
        self.order_fields(list(self.row.asks))


@SESSION.form("invite")
class InviteForm(MoveForm):
    """Who is to come: by village, kind, or words of the name."""

    own = ("who",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        areas = [("", _("全部")), *((a.code, a.label) for a in grounds(self.user, "guide.train"))]
        kinds = [("", _("全部")), *((k.pk, str(k)) for k in Kind.objects.filter(active=True))]
        self.fields["area"] = forms.ChoiceField(label=_("村（社区）"), choices=areas, required=False)
        kind = self.obj.kind_id
        self.fields["kind"] = forms.ChoiceField(label=_("类别"), choices=kinds, required=False, initial=kind)
        self.fields["q"] = forms.CharField(
            label=_("名称、姓名、拼音"), required=False, max_length=40, help_text=_("只加一两户的，写名称就行。")
        )
        self.fields["only_new"] = forms.BooleanField(
            label=_("只加还没有测试合格的"), required=False, initial=True
        )  # fmt: skip

    def facts(self) -> dict[str, Any]:
        """The filter, as the effect reads it."""
        return {"who": {name: self.cleaned_data[name] for name in ("area", "kind", "q", "only_new")}}


class PeopleForm(MoveForm):
    """A form with a row for everybody of a session."""

    states: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Attendance.objects.filter(session=self.obj.pk, state__in=self.states)
        self.people = list(rows.select_related("file__operator").order_by("area", "file__name", "id"))


@SESSION.form("roll")
class RollForm(PeopleForm):
    """点名: a tick for everybody who is there."""

    template = "guidance/_roll.html"
    own = ("came",)
    open_ended = True
    states = ("invited", "absent")

    @property
    def ticked(self) -> set[str]:
        """The keys that are ticked."""
        given = self.data.getlist("came") if hasattr(self.data, "getlist") else []
        return {str(p.pk) for p in self.people} & set(given)

    def facts(self) -> dict[str, Any]:
        """Who came; nobody is also an answer."""
        return {"came": {"there": sorted(self.ticked)}}


@SESSION.form("mark")
class MarkForm(PeopleForm):
    """Scores of the test on paper; empty: handed in nothing."""

    template = "guidance/_mark.html"
    own = ("scores",)
    open_ended = True
    states = ("came", "failed")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for person in self.people:
            field = forms.IntegerField(label=person.file.called, required=False, min_value=0, max_value=100)
            self.fields[f"score-{person.pk}"] = field
            person.box = self[f"score-{person.pk}"]
        self.pass_mark = training.pass_mark(self.obj)

    def clean(self) -> dict[str, Any]:
        """At least one score."""
        told = super().clean() or self.cleaned_data
        if not self.errors and not self.facts()["scores"]:
            self.add_error(None, _("请至少填一个人的成绩。"))
        return told

    def facts(self) -> dict[str, Any]:
        """Scores by the key of the person."""
        said = {name[6:]: value for name, value in self.cleaned_data.items() if name.startswith("score-")}
        return {"scores": {key: value for key, value in said.items() if value is not None}}


class HelpForm(DayForm):
    """A step of help with its day."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("plan_text", "given_text", "effect"):
            if name in self.fields:
                self.fields[name].widget = forms.Textarea(attrs={"rows": 3, "maxlength": 300})


@HELP.form("plan")
class PlanHelpForm(HelpForm):
    """What is meant to be done."""

    day = "planned_on"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["what"] = forms.ChoiceField(
            label=_("帮扶方式"), choices=say.kinds_of_help(self.obj.area), widget=forms.RadioSelect
        )
        self.order_fields(["what", "plan_text", "planned_on"])


@HELP.form("give")
class GiveForm(HelpForm):
    """What was done, and with which money."""

    day = "given_on"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["amount"] = forms.DecimalField(
            label=_("补贴金额（元）"), required=False, min_value=0, max_digits=10, decimal_places=2
        )
        self.order_fields(list(self.row.asks))


@HELP.form("see")
class SeeForm(HelpForm):
    """What came of it."""

    day = "seen_on"


class ManyForm(forms.Form):
    """集中告知: one leaflet, one day, one proof for many."""

    leaflet = forms.ModelChoiceField(label=_("告知书"), queryset=Leaflet.objects.none(), empty_label=None)
    told_on = forms.DateField(label=_("告知日期"), widget=DateInput, initial=today)
    way = forms.ChoiceField(label=_("怎么告知的"), choices=WAYS, initial="meeting")
    note = forms.CharField(label=_("说明"), required=False, max_length=200)
    proof = FilesField(label=_("签到表、签收单或现场照片"), required=False)

    def __init__(self, *args: Any, leaflets: list[Leaflet], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["leaflet"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Leaflet.objects.filter(pk__in=[leaflet.pk for leaflet in leaflets])

    def clean_told_on(self) -> Any:
        """Not in the future."""
        if (day := self.cleaned_data["told_on"]) > today():
            raise forms.ValidationError(_("不能晚于今天"))
        return day
