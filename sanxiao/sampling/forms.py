"""Forms of the moves of a plan and of a sample: quotas, the sampling form, rows of a report, buyers, days on papers."""

import json
from collections.abc import Iterator
from typing import Any

from django import forms
from django.forms.utils import ErrorDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sanxiao.archive.models import Kind
from sanxiao.docket import files
from sanxiao.docket.forms import DateInput, MoveForm
from sanxiao.inspection.models import Order
from sanxiao.inspection.rows import DayForm, Row, RowsForm
from sanxiao.office.now import today
from sanxiao.office.places import grounds
from sanxiao.sampling import acts, buyers, drawing, say, sheet
from sanxiao.sampling.rules import BREACHES, LIMIT_KINDS, PART_KINDS, PLAN, SAMPLE, SERVICES, VERDICTS
from sanxiao.survey.forms import SheetForm

NOTHING = ("", "—")
FREE_QUOTAS, FREE_ITEMS = 8, 3


def pdf_field(label: Any) -> forms.FileField:
    """A report of a laboratory."""
    return forms.FileField(label=label, widget=forms.FileInput(attrs={"accept": "application/pdf"}))


class NumberedRows(RowsForm):
    """Rows numbered from 1; a JSON body gives them as a list of objects in their order."""

    def _flat(self, given: list[str]) -> dict[str, Any]:
        flat: dict[str, Any] = {}
        for n, text in enumerate(given, 1):
            try:
                said = json.loads(text)
            except ValueError:
                said = {}
            flat |= {f"items-{n}-{k}": v for k, v in said.items()} if isinstance(said, dict) else {}
        return flat

    def given(self) -> int:
        """How many rows a JSON body has."""
        return len(self.data.getlist(self.rows_key)) if isinstance(self.data, MultiValueDict) else 0


# --- the plan ----------------------------------------------------------------------------------------------------


class QuotaRow(Row):
    """One line of a plan."""

    kind = forms.ChoiceField(label=gettext_lazy("类别"), required=False)
    food = forms.ChoiceField(label=gettext_lazy("食品"), required=False)
    village = forms.ChoiceField(label=gettext_lazy("村（社区）"), required=False)
    count = forms.IntegerField(label=gettext_lazy("批次数"), required=False, min_value=1, max_value=999)

    def __init__(self, *args: Any, choices: dict[str, list[tuple[str, Any]]], **kwargs: Any) -> None:
        super().__init__(*args, words=_("第 %(no)s 行") % {"no": kwargs["no"]}, **kwargs)
        for name, listed in choices.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [("", _("不限")), *listed]

    @property
    def chosen(self) -> bool:
        """A line with a number, or with one that is none."""
        return bool(getattr(self, "cleaned_data", {}).get("count")) or "count" in self.errors

    def errors_of(self) -> dict[str, str]:
        """The fields say it themselves."""
        return {}

    def facts(self) -> dict[str, Any]:
        """The line as the plan takes it."""
        return {name: self.cleaned_data[name] or "" for name in ("kind", "food", "village")} | {
            "count": self.cleaned_data["count"]
        }


@PLAN.form("make", "revise")
class PlanForm(NumberedRows):
    """编制、调整: the year's quotas, line by line."""

    template = "sampling/_plan_form.html"
    own = ("lines",)
    rows_key = "lines"

    @property
    def nothing(self) -> str:
        """A plan without quotas plans nothing."""
        return str(_("请至少填一行批次。"))

    def make_rows(self, data: Any, uploads: Any) -> Iterator[QuotaRow]:
        """The lines that are there, and some empty ones."""
        plan: Any = self.obj
        held = [] if plan._state.adding else list(plan.quotas.all())
        choices: dict[str, list[tuple[str, Any]]] = {
            "kind": [(kind.code, str(kind)) for kind in Kind.objects.filter(active=True)],
            "food": [(row["code"], say.named(row)) for row in say.foods(plan.area)],
            "village": [(area.code, area.label) for area in grounds(self.user, "sample.plan")],
        }
        for no in range(1, max(len(held) + FREE_QUOTAS, self.given()) + 1):
            quota = held[no - 1] if no <= len(held) else None
            initial = quota and {
                "kind": quota.kind_id or "",
                "food": quota.food,
                "village": quota.village,
                "count": quota.count,
            }
            yield QuotaRow(data, uploads, no=no, choices=choices, initial=initial)


@PLAN.form("publish")
class PublishPlanForm(DayForm):
    """公布计划: the day on which it was made known."""

    day = "published_on"


@PLAN.form("draw")
class DrawForm(MoveForm):
    """抽取: the seed."""

    seed = forms.CharField(
        label=gettext_lazy("种子"), max_length=60, strip=True,
        help_text=gettext_lazy("事先公布、事后人人可查的数字；一个种子在一个计划里只用一次，抽出的结果不能重来。"),
    )  # fmt: skip


# --- from the draw to the laboratory -----------------------------------------------------------------------------


def food_field(area: str, initial: str = "") -> forms.ChoiceField:
    """The class of food."""
    choices = [NOTHING, *((row["code"], say.named(row)) for row in say.foods(area))]
    return forms.ChoiceField(label=_("食品"), choices=choices, initial=initial)


@SAMPLE.form("target")
class TargetForm(MoveForm):
    """列入抽检: why, and what food."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["food"] = food_field(self.obj.area, self.obj.food)


@SAMPLE.form("take")
class TakeForm(MoveForm):
    """抽样单: the questions of the town's form, prefilled with what the task and the place already say."""

    template = "sampling/_take.html"
    own = ("sheet",)
    open_ended = True
    obj: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked = sheet.form()
        if asked is None:
            raise LookupError("the town has no form 'sampling'")
        self.asked = asked
        data, uploads = (self.data, self.files) if self.is_bound else (None, None)
        self.sheet = SheetForm(asked, [], self.user, data, uploads, initial=self._known())
        self.sheet.fields["second"].widget = forms.Select(choices=[NOTHING, *self._colleagues()])
        self.fields |= self.sheet.fields

    def _known(self) -> dict[str, Any]:
        """The task, the class of food, the contact, and the usual answer of every other question."""
        usual = {n: q["default"] for n, q in self.asked.questions().items() if q["default"] and "(" not in q["default"]}
        place, kind = self.obj.file, self.obj.file.kind_id
        stage = {"workshop": "making", "eatery": "catering"}.get(kind, "trade")
        where = {"workshop": "finished", "eatery": "kitchen"}.get(kind, "stall")
        return usual | {
            "food": self.obj.food,
            "taken_on": today().isoformat(),
            "stage": stage,
            "place_type": where,
            "task_source": "plan" if self.obj.plan_id and self.obj.origin == "draw" else "clue",
            "second": next((name for name in self.obj.samplers if name != self.user.name), ""),
            "pack_class": "none",
            "storage": "normal",
            "shape": "solid",
            "stall": place.name if kind == "vendor" else "",
        }

    def _colleagues(self) -> list[tuple[str, str]]:
        names = dict.fromkeys(user.name for user in drawing.officers(self.obj.area) if user.pk != self.user.pk)
        return [(name, name) for name in names]

    def full_clean(self) -> None:
        """All answers through the one check of survey forms; errors stand at their fields."""
        self.sheet.full_clean()
        self._errors = self.sheet.errors if self.is_bound else ErrorDict()
        self.cleaned_data = {}
        if self.is_bound:
            said = self.data.get("version", "")
            self.cleaned_data["version"] = int(said) if str(said).isdigit() else None

    def facts(self) -> dict[str, Any]:
        """The answers, and the day on the form as the day of the act."""
        told = self.sheet.answers.public
        return {"sheet": {"form": self.asked, "answers": told}, "on": sheet.day_of(told)}

    def keep_files(self) -> None:
        """Photos, the receipt for the price, the signature."""
        for name, role in sheet.PICTURES.items():
            for upload in self.files.getlist(name):
                files.keep(self.obj, upload, upload.name or name, self.user, role=role)


@SAMPLE.form("hand_on")
class HandForm(MoveForm):
    """登记交接: one link of the chain."""

    part = forms.ChoiceField(label=gettext_lazy("样品"), choices=PART_KINDS, widget=forms.RadioSelect, initial="test")
    on = forms.DateField(label=gettext_lazy("日期"), widget=DateInput, initial=today)
    giver = forms.CharField(label=gettext_lazy("交出人"), max_length=60)
    taker = forms.CharField(label=gettext_lazy("接收人"), max_length=60)
    seal_whole = forms.BooleanField(label=gettext_lazy("封签完好"), required=False, initial=True)
    note = forms.CharField(label=gettext_lazy("说明"), max_length=200, required=False)
    own = ("hand",)

    def clean(self) -> dict[str, Any]:
        """A broken seal wants a word; nothing happens tomorrow."""
        told = super().clean() or self.cleaned_data
        if told.get("on") and told["on"] > today():
            self.add_error("on", _("不能晚于今天"))
        if not told.get("seal_whole") and not told.get("note"):
            self.add_error("note", _("封签破损的，请写明情况"))
        return told

    def facts(self) -> dict[str, Any]:
        """The link."""
        told = {name: value for name, value in self.cleaned_data.items() if name != "version"}
        return {"hand": told, "on": told["on"]}


@SAMPLE.form("send")
class SendForm(DayForm):
    """送检: to which laboratory."""

    day = "sent_on"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [NOTHING, *((row["code"], say.named(row)) for row in say.labs(self.obj.area))]
        self.fields["lab"] = forms.ChoiceField(label=_("检验机构"), choices=choices)
        self.order_fields(["lab", "sent_on"])


class SealForm(DayForm):
    """A half of the sample arrives: its seal is whole, or it is refused."""

    def facts(self) -> dict[str, Any]:
        """An unticked box is an answer too."""
        return {**super().facts(), "seal_whole": self.cleaned_data["seal_whole"]}


@SAMPLE.form("accept")
class AcceptForm(SealForm):
    """检验机构接收."""

    day = "accepted_on"


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
        return acts.result_errors(self.cleaned_data, set())

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
