"""Forms of a re-test, an objection, a publication and a quick test."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sanxiao.archive.forms import Suggested
from sanxiao.docket.forms import MoveForm
from sanxiao.inspection.rows import DayForm
from sanxiao.office.now import today
from sanxiao.sampling import public, retests, say
from sanxiao.sampling.beside_rules import OBJECTION, OBJECTION_KINDS, PUBLICATION, QUICK, RETEST, RETEST_GROUNDS
from sanxiao.sampling.forms import SealForm
from sanxiao.sampling.result_forms import ReportForm
from sanxiao.sampling.rules import VERDICTS

USUAL_REASONS = {
    "late": gettext_lazy("送达后七个工作日内没有申请"),
    "microbe": gettext_lazy("申请复检的是微生物指标"),
    "expired": gettext_lazy("备份样品已超过保质期"),
    "unusable": gettext_lazy("备份样品封签破损，无法实现复检目的"),
}


@RETEST.form("ask")
class AskForm(DayForm):
    """登记复检申请: who asks, about which failed items."""

    day = "asked_on"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        called = say.items()
        choices = [(row.item, called.get(row.item, row.item)) for row in self.obj.sample.failures]
        self.fields["items"] = forms.MultipleChoiceField(
            label=_("申请复检的项目"), choices=choices, widget=forms.CheckboxSelectMultiple,
            initial=[key for key, _n in choices],
        )  # fmt: skip
        self.fields["plea"].widget = forms.Textarea(attrs={"rows": 3})
        self.order_fields(["asked_on", "applicant", "items", "plea"])


@RETEST.form("refuse")
class RefuseRetestForm(MoveForm):
    """不予复检: the ground that the program sees is chosen already."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        likely = retests.likely_ground(self.obj)  # type: ignore[arg-type]
        self.fields["ground"] = forms.ChoiceField(label=_("不予复检的情形"), choices=RETEST_GROUNDS, initial=likely)
        self.fields["reason"].initial = USUAL_REASONS.get(likely, "")
        self.order_fields(["ground", "reason"])


@RETEST.form("choose")
class ChooseForm(MoveForm):
    """随机确定复检机构: the seed, and the list from which is drawn."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        obj: Any = self.obj
        names = "、".join(say.lab(code, obj.area) for code in retests.labs_for(obj))
        self.fields["seed"].help_text = _("候选：%(names)s。种子用事先约定、事后可查的数字。") % {"names": names}


@RETEST.form("hand_over")
class HandOverForm(SealForm):
    """移交备份样品."""

    day = "handed_on"


@RETEST.form("conclude")
class ConcludeRetestForm(ReportForm):
    """登记复检结论."""

    day = "concluded_on"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["verdict"] = forms.ChoiceField(label=_("复检结论"), choices=VERDICTS, widget=forms.RadioSelect)
        self.fields["finding"].widget = forms.Textarea(attrs={"rows": 3})
        self.order_fields(["concluded_on", "verdict", "finding", "lab_report"])


@RETEST.form("tell")
class TellForm(DayForm):
    """告知申请人."""

    day = "told_on"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["received_by"].initial = self.obj.applicant


@OBJECTION.form("raise")
class RaiseForm(DayForm):
    """登记异议."""

    day = "raised_on"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        served = self.obj.sample.served_on is not None
        kinds = OBJECTION_KINDS if served else OBJECTION_KINDS[:1]
        self.fields["kind"] = forms.ChoiceField(
            label=_("异议事项"), choices=kinds, widget=forms.RadioSelect, initial=kinds[-1 if served else 0][0]
        )
        self.fields["plea"].widget = forms.Textarea(attrs={"rows": 3})
        self.order_fields(["kind", "raised_on", "applicant", "plea"])


@PUBLICATION.form("publish")
class PublishForm(MoveForm):
    """公示: how it was dealt with; the rest is taken from the sample."""

    template = "sampling/_publish.html"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sample = self.obj.sample  # type: ignore[attr-defined]
        self.fields["summary"].widget = forms.Textarea(attrs={"rows": 3})
        done = sample.measures if sample.state == "disposed" else _("核查处置正在进行。")
        self.fields["summary"].initial = done if sample.verdict == "fail" and sample.state != "cleared" else _("合格")

    @property
    def preview(self) -> dict[str, Any]:
        """What the public will read."""
        return public.shown(public.facts_of(self.obj.sample))  # type: ignore[attr-defined]


@PUBLICATION.form("reply")
class ReplyForm(MoveForm):
    """附上申辩."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reply"].widget = forms.Textarea(attrs={"rows": 4})


@QUICK.form("negative", "positive")
class QuickForm(DayForm):
    """登记快检."""

    day = "tested_on"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        usual = [str(row["item"]) for row in say.quick_items(self.obj.area)]
        self.fields["item"].widget = Suggested(usual, say.items())

    def clean(self) -> dict[str, Any]:
        """A quick test is entered while it is fresh."""
        told = super().clean() or self.cleaned_data
        if (day := told.get("tested_on")) and day < today() - timedelta(days=30):
            self.add_error("tested_on", _("快检当场出结果，请在三十天内登记"))
        return told
