"""Forms of a case on its way: source, end of the investigation, service, hearing, decision."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sanxiao.docket.flow import label_of
from sanxiao.docket.forms import DateInput, MoveForm
from sanxiao.enforcement import hearings
from sanxiao.enforcement.forms.frame import ClauseFields, PenaltyFields, StartForm, colleagues
from sanxiao.enforcement.models import Case
from sanxiao.enforcement.rules import CASE, ORIGINS, PENALTIES, SERVICES
from sanxiao.office.now import today


@CASE.form("register")
class RegisterForm(StartForm):
    """登记案源."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["second"] = forms.ModelChoiceField(
            label=_("协办人"), queryset=colleagues(self), help_text=_("两名执法人员办一件案。")
        )
        self.fields["origin"] = forms.ChoiceField(label=_("案件来源"), choices=ORIGINS, initial=self.obj.origin)
        self.order_fields(list(self.row.asks))

    def clean_received_on(self) -> Any:
        """Not in the future."""
        if self.cleaned_data["received_on"] > today():
            raise forms.ValidationError(gettext("不能晚于今天"))
        return self.cleaned_data["received_on"]

    def facts(self) -> dict[str, Any]:
        """The term counts from the day on which it was found or received, not from that of the typing."""
        return {**super().facts(), "on": self.cleaned_data["received_on"]}


@CASE.form("summary")
class SummaryForm(PenaltyFields, ClauseFields, RegisterForm):
    """当场处罚: a small fine or a warning, decided and handed over on the spot."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        few = [pair for pair in PENALTIES if pair[0] in ("warning", "fine")]
        self.fields["penalties"] = forms.MultipleChoiceField(
            label=_("处罚种类"), choices=few, widget=forms.CheckboxSelectMultiple
        )
        self.order_fields(list(self.row.asks))

    def facts(self) -> dict[str, Any]:
        """Decided and handed over today: the terms count from today."""
        return {name: value for name, value in super().facts().items() if name != "on"}


@CASE.form("finish")
class FinishForm(PenaltyFields, ClauseFields):
    """调查终结. A fine beyond the band of its clause and degree is owned up to."""

    off_scale = forms.BooleanField(
        label=_("超出裁量基准"), required=False, help_text=_("只在确要超出时勾选，并在裁量理由里写明为什么。")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields([ask if ask != "opinion" else "off_scale" for ask in self.row.asks] + ["opinion"])

    def facts(self) -> dict[str, Any]:
        """What is not ticked is not said."""
        return {name: value for name, value in super().facts().items() if name != "off_scale" or value}


@CASE.form("decide")
class DecideForm(PenaltyFields):
    """作出处罚决定: what was announced stands in the boxes; it may become less, not more."""


@CASE.form("notice", "tell_hearing", "serve")
class ServiceForm(MoveForm):
    """Ways that hand something over; a public notice is a step of its own."""

    def _field(self, ask: str) -> forms.Field:
        if ask == "service":
            ways = [pair for pair in SERVICES if pair[0] != "public"]
            return forms.ChoiceField(label=_("送达方式"), choices=ways, initial="direct", widget=forms.RadioSelect)
        return super()._field(ask)


@CASE.form("call_hearing")
class HearingForm(MoveForm):
    """听证通知书: the earliest day that leaves the party its seven days stands in the box."""

    obj: Case
    hearing_staff = forms.CharField(label=_("听证员、记录员"), max_length=100, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields([*self.row.asks, "hearing_staff"])

    def _field(self, ask: str) -> forms.Field:
        if ask == "hearing_on":
            first = hearings.first_day(self.obj)
            said = gettext("今天送达的，最早可以定在 %(day)s。") % {"day": first}
            label = label_of(self.obj, ask)
            return forms.DateField(label=label, widget=DateInput, initial=self.obj.hearing_on or first, help_text=said)
        if ask == "hearing_at":
            clock = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
            return forms.TimeField(label=label_of(self.obj, ask), widget=clock, initial=self.obj.hearing_at)
        return super()._field(ask)


@CASE.form("post_notice", "post_decision")
class PostForm(MoveForm):
    """公告送达: why nothing else would do."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].label = _("用过哪些送达方式、为什么送不到")


@CASE.form("prolong")
class ProlongForm(MoveForm):
    """集体讨论再延期: when the heads met, who, until when."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"] = forms.DateField(label=_("讨论日期"), widget=DateInput, initial=today)
        self.fields["note"] = forms.CharField(label=_("参加人员"), max_length=200)
        self.order_fields(list(self.row.asks))
