"""Forms of the moves: what the desk is asked when it receives, gives on, answers, opens, rewards."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sanxiao.archive import doubles
from sanxiao.archive.models import Establishment
from sanxiao.docket.forms import MoveForm
from sanxiao.docket.models import Rule
from sanxiao.enforcement.forms import colleagues
from sanxiao.office.duties import DUTIES, LEADS
from sanxiao.office.models import Office
from sanxiao.office.now import today
from sanxiao.tips import rewards
from sanxiao.tips.models import Report, Reward
from sanxiao.tips.rules import COMPLAINT, OPENING, REPORT, REWARD


def checking_offices(track: Any) -> QuerySet[Office]:
    """Offices that may check, without the one that is told of."""
    roles = DUTIES["tip.check"].roles(LEADS)
    return Office.objects.on().filter(role__in=roles).exclude(pk=track.letter.accused_id)


def grounds_of(key: str, area: str) -> list[tuple[str, str]]:
    """The town's list of reasons, in the language of the screen."""
    english = (get_language() or "").startswith("en")
    rows = Rule.objects.value(key, area, default=[])
    return [("", "—"), *((row["code"], row["text_en"] if english else row["text"]) for row in rows)]


def ground_in_words(key: str, area: str, code: str) -> str:
    """One reason in words; the code itself where it is unknown."""
    return dict(grounds_of(key, area)).get(code, code)


def files_near(report: Report, user: Any) -> QuerySet[Establishment]:
    """Files that the letter may be about: of its village, or of the ground when it names none."""
    rows = Establishment.objects.seen_by(user).current().order_by("called", "id")
    return rows.filter(area=report.area) if report.area[9:].strip("0") else rows


def likely_files(report: Report, user: Any) -> list[Any]:
    """Files whose name or point is like what the letter says."""
    said = report.letter.content
    if not said.get("place") and said.get("lat") is None:
        return []
    like = doubles.Likeness("", report.area, said.get("place") or "", lat=said.get("lat"), lng=said.get("lng"))
    return doubles.likely(like, user)


class OfficeForm(MoveForm):
    """Which office has it from now on; the route's word is filled in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["office"] = forms.ModelChoiceField(
            label=_("承办单位"), queryset=checking_offices(self.obj), initial=self.obj.office_id, empty_label=None
        )
        if "summary" in self.fields:
            self.fields["summary"].initial = self.obj.summary
        self.order_fields(list(self.row.asks))

    def _field(self, ask: str) -> forms.Field:
        if ask == "office":
            return forms.CharField(required=False)  # replaced above, when the object is known
        if ask == "summary":
            hint = _("用您自己的话写：什么问题、在哪里、要查什么。")
            return forms.CharField(
                label=_("给承办单位的摘要"), max_length=1000, help_text=hint, widget=forms.Textarea(attrs={"rows": 4})
            )
        return super()._field(ask)


@COMPLAINT.form("accept")
class AcceptComplaintForm(OfficeForm):
    """The office that mediates."""


@REPORT.form("reassign")
class ReassignForm(OfficeForm):
    """Another office, and why."""


class FileField(forms.ModelChoiceField):
    """A file by what it is called and where it lies."""

    def label_from_instance(self, obj: Establishment) -> str:
        """Name and address."""
        return f"{obj.called} · {obj.address}"


def _file_field(report: Report, user: Any, required: bool) -> FileField:
    likely = likely_files(report, user)
    empty = _("不在册，或者认不出") if not required else "—"
    return FileField(
        label=_("对应的档案"), queryset=files_near(report, user), required=required, empty_label=empty,
        initial=report.file_id or (likely[0].file.pk if likely else None),
    )  # fmt: skip


@REPORT.form("accept")
class AcceptReportForm(OfficeForm):
    """The office, the file where there is one, and the summary."""

    def _field(self, ask: str) -> forms.Field:
        return _file_field(self.obj, self.user, required=False) if ask == "file" else super()._field(ask)


@REPORT.form("tie")
class TieForm(MoveForm):
    """Which file it is about."""

    def _field(self, ask: str) -> forms.Field:
        return _file_field(self.obj, self.user, required=True)


class AnswerForm(MoveForm):
    """An answer in words for the receipt page, with the ground or the outcome."""

    reasons = ""  # rule with the list of grounds

    def _field(self, ask: str) -> forms.Field:
        if ask == "answer":
            hint = _("来件人凭回执码看到的就是这段话。")
            return forms.CharField(
                label=_("给来件人的答复"), max_length=2000, help_text=hint, widget=forms.Textarea(attrs={"rows": 5})
            )
        if ask == "ground":
            return forms.ChoiceField(label=_("理由类别"), choices=grounds_of(self.reasons, self.obj.area))
        return super()._field(ask)


@COMPLAINT.form("refuse")
class RefuseComplaintForm(AnswerForm):
    """One of the legal grounds, and the answer."""

    reasons = "reason.complaint_refuse"


@REPORT.form("refuse")
class RefuseReportForm(AnswerForm):
    """No jurisdiction: where to turn to."""

    reasons = "reason.report_refuse"


@COMPLAINT.form("tell")
@REPORT.form("close")
class CloseForm(AnswerForm):
    """The end, told."""


@REPORT.form("repeat")
class RepeatForm(AnswerForm):
    """The earlier report on the same facts."""

    def _field(self, ask: str) -> forms.Field:
        if ask != "master":
            return super()._field(ask)
        rows = Report.objects.seen_by(self.user).filter(area=self.obj.area, rule_on__lte=self.obj.rule_on)
        same = rows.filter(letter__problem=self.obj.letter.problem).exclude(pk=self.obj.pk).exclude(state="repeated")
        return MasterField(label=_("原来的一件"), queryset=same.select_related("letter").order_by("-rule_on", "id"))


class MasterField(forms.ModelChoiceField):
    """A report by its title and day."""

    def label_from_instance(self, obj: Report) -> str:
        """Title and day of receipt."""
        return f"{obj.letter.title} · {obj.rule_on}"


@REPORT.form("case")
class CaseForm(MoveForm):
    """What goes into the case: who stands beside the officer, and the suspicion in the officer's own words."""

    def _field(self, ask: str) -> forms.Field:
        if ask == "second":
            return forms.ModelChoiceField(
                label=_("协办人"), queryset=colleagues(self), help_text=_("两名执法人员办一件案。")
            )
        return forms.CharField(
            label=_("涉嫌违法行为"), max_length=2000, widget=forms.Textarea(attrs={"rows": 5}),
            help_text=_("用您自己的话写查到了什么；不要写是谁、什么时候反映的。"),
        )  # fmt: skip


@REPORT.form("file_case", "no_case")
class FindingForm(MoveForm):
    """What was found."""

    def _field(self, ask: str) -> forms.Field:
        return forms.CharField(label=_("核查情况"), max_length=2000, widget=forms.Textarea(attrs={"rows": 5}))


@REPORT.form("lead")
class LeadForm(MoveForm):
    """What the village is told: the desk's own words alone."""

    def _field(self, ask: str) -> forms.Field:
        if ask == "place_name":
            initial = (self.obj.letter.content.get("place") or "")[:100]
            return forms.CharField(label=_("地点名称"), max_length=100, initial=initial)
        return super()._field(ask)


@OPENING.form("ask")
class AskForm(MoveForm):
    """Why it must be seen."""

    def facts(self) -> dict[str, Any]:
        """The reason stands on the request too."""
        self.obj.why = self.cleaned_data["reason"][:200]
        return super().facts()


@REWARD.form("propose")
class ProposeForm(MoveForm):
    """Level and penalty; the sum follows."""

    template = "tips/_propose.html"

    @property
    def table(self) -> list[dict[str, Any]]:
        """The levels of today's rule."""
        return rewards.table(self.obj.area, today())


@REWARD.form("approve")
class ApproveForm(MoveForm):
    """The sum, filled in as computed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["amount"].initial = self.obj.computed
        least, most = rewards.bounds(self.obj)
        self.fields["amount"].help_text = _("按规定计算 %(n)d 元；可在 %(least)d 至 %(most)d 元之间核定。") % {
            "n": self.obj.computed, "least": least, "most": most,
        }  # fmt: skip


@REWARD.form("pay")
class PayForm(MoveForm):
    """The receipt, typed from the informer's slip."""

    obj: Reward

    def _field(self, ask: str) -> forms.Field:
        if ask == "receipt":
            return forms.CharField(
                label=_("回执码（16 位）"), max_length=40,
                widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
            )  # fmt: skip
        return super()._field(ask)
