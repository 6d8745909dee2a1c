"""Forms of a sample from the laboratory's report to the disposal: rows of a report, service, buyers, what was done."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sanxiao.docket import files
from sanxiao.docket.forms import MoveForm
from sanxiao.inspection.models import Order
from sanxiao.inspection.rows import DayForm, Row
from sanxiao.sampling import buyers, result_acts, say
from sanxiao.sampling.forms import NOTHING, NumberedRows
from sanxiao.sampling.rules import BREACHES, LIMIT_KINDS, SAMPLE, SERVICES, VERDICTS

FREE_ITEMS = 3


def pdf_field(label: Any) -> forms.FileField:
    """A report of a laboratory."""
    return forms.FileField(label=label, widget=forms.FileInput(attrs={"accept": "application/pdf"}))


# --- the result --------------------------------------------------------------------------------------------------


class ResultRow(Row):
    """One item of a report."""

    item = forms.CharField(label=gettext_lazy("检验项目"), required=False, max_length=80)
    result = forms.CharField(label=gettext_lazy("实测值"), required=False, max_length=60)
    unit = forms.CharField(label=gettext_lazy("计量单位"), required=False, max_length=20)
    limit_kind = forms.ChoiceField(label=gettext_lazy("限量类型"), required=False, choices=[NOTHING, *LIMIT_KINDS])
    limit = forms.CharField(label=gettext_lazy("限量"), required=False, max_length=60)
    basis = forms.CharField(label=gettext_lazy("判定依据"), required=False, max_length=120)
    method = forms.CharField(label=gettext_lazy("检验方法"), required=False, max_length=120)
    verdict = forms.ChoiceField(label=gettext_lazy("结论"), required=False, choices=[NOTHING, *VERDICTS])
    breach = forms.ChoiceField(label=gettext_lazy("不合格类型"), required=False, choices=[NOTHING, *BREACHES])
    spoken = ""  # the usual item in the language of the screen

    @property
    def heading(self) -> str:
        """A usual item in the language of the screen; what is posted stays the town's own name."""
        return self.spoken or self.words

    @property
    def chosen(self) -> bool:
        """A row about which anything was said."""
        told = getattr(self, "cleaned_data", {})
        return bool(told.get("result") or told.get("verdict") or (told.get("item") and not self.words))

    def errors_of(self) -> dict[str, str]:
        """As the act itself would refuse it; doubles are found there."""
        return result_acts.result_errors(self.cleaned_data, set())

    def facts(self) -> dict[str, Any]:
        """The row."""
        return {name: self.cleaned_data[name] for name in self.fields}


@SAMPLE.form("conclude")
class ConcludeForm(DayForm, NumberedRows):
    """录入检验结果: the usual items of the food, those that were tested filled in, and rows for others."""

    template = "sampling/_conclude.html"
    own = ("rows",)
    rows_key = "rows"
    day = "concluded_on"

    @property
    def nothing(self) -> str:
        """A report without an item is none."""
        return str(_("请至少填一个检验项目。"))

    def make_rows(self, data: Any, uploads: Any) -> Iterator[ResultRow]:
        """Usual items first, then empty rows."""
        usual: list[dict[str, Any]] = next(
            (row["items"] for row in say.foods(self.obj.area) if row["code"] == self.obj.food), []
        )
        names = say.items()
        for no in range(1, max(len(usual) + FREE_ITEMS, self.given()) + 1):
            known = usual[no - 1] if no <= len(usual) else None
            initial = known and {"item": known["item"], "unit": known["unit"], "limit_kind": known["limit_kind"]}
            row = ResultRow(data, uploads, no=no, words=known["item"] if known else "", initial=initial)
            row.spoken = names.get(row.words, "")
            yield row


class ReportForm(DayForm):
    """A move that brings the laboratory's report as a PDF."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lab_report"] = pdf_field(_("检验报告（PDF）"))

    def clean_lab_report(self) -> Any:
        """Judged by what is in it, not by its name."""
        upload = self.cleaned_data["lab_report"]
        head = upload.read(5)
        upload.seek(0)
        if head != b"%PDF-":
            raise forms.ValidationError(
                _("“%(name)s”不是 PDF 文件，请上传检验机构出具的报告原件。") % {"name": upload.name}
            )
        return upload

    def keep_files(self) -> None:
        """The report itself, as it came."""
        upload = self.cleaned_data["lab_report"]
        files.keep(self.obj, upload, upload.name, self.user, role="lab_report")

    def facts(self) -> dict[str, Any]:
        """The file is no fact of its own."""
        return {name: value for name, value in super().facts().items() if name != "lab_report"}


@SAMPLE.form("receive")
class ReceiveForm(ReportForm):
    """收到检验报告."""

    day = "received_on"


@SAMPLE.form("alarm")
class AlarmForm(MoveForm):
    """紧急报告: to whom, and what."""

    reported_to = forms.CharField(label=gettext_lazy("报告了谁"), max_length=100)


# --- service and disposal ----------------------------------------------------------------------------------------


@SAMPLE.form("serve")
class ServeForm(DayForm):
    """送达: when, how, who signed."""

    day = "served_on"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["service"] = forms.ChoiceField(
            label=_("送达方式"), choices=SERVICES, widget=forms.RadioSelect, initial="direct"
        )
        self.fields["received_by"].initial = self.obj.file.operator.name
        self.order_fields(["served_on", "service", "received_by", "witness"])


@SAMPLE.form("stop")
class StopForm(MoveForm):
    """责令停止销售: of what."""

    obj: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        told, sample = self.obj.answers, self.obj
        known = (sample.food_name, told.get("made_on"), told.get("lot"))
        self.fields["stop_scope"].initial = " ".join(str(part) for part in known if part)


@SAMPLE.form("warn")
class WarnForm(MoveForm):
    """通知采购方: those who bought lately and were not told yet, all ticked."""

    own = ("buyers",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sample: Any = self.obj
        held = buyers.untold(sample)
        choices = [(str(b.buyer.pk), f"{b.buyer} · {' '.join(b.foods)} · {b.last_on:%Y-%m-%d}") for b in held]
        self.fields["buyers"] = forms.MultipleChoiceField(
            label=_("采购方"),
            choices=choices,
            widget=forms.CheckboxSelectMultiple,
            initial=[key for key, _n in choices],
        )


@SAMPLE.form("link")
class LinkForm(MoveForm):
    """关联整改通知: one of the place's own."""

    obj: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Order.objects.of(self.obj.file).exclude(state="void")
        self.fields["order"] = OrderField(queryset=rows, label=_("整改通知"), empty_label="—")
        self.fields["order"].initial = rows.first()


class OrderField(forms.ModelChoiceField):
    """An order by its number and state."""

    def label_from_instance(self, obj: Any) -> str:
        """'坛市监责改〔2018〕1号 · 整改中'."""
        return f"{obj.number} · {obj.state_row.name}"


@SAMPLE.form("dispose")
class DisposeForm(DayForm):
    """核查处置完成."""

    day = "disposed_on"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, rows in (("cause", 2), ("measures", 3)):
            self.fields[name].widget = forms.Textarea(attrs={"rows": rows})
