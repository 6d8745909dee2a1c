"""Forms of a sample from the draw to the laboratory: the sampling form, links of the chain, days on papers."""

import json
from typing import Any

from django import forms
from django.forms.utils import ErrorDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sanxiao.docket import files
from sanxiao.docket.forms import DateInput, MoveForm
from sanxiao.inspection.rows import DayForm, RowsForm
from sanxiao.office.now import today
from sanxiao.sampling import drawing, say, sheet
from sanxiao.sampling.rules import PART_KINDS, SAMPLE
from sanxiao.survey.forms import SheetForm

NOTHING = ("", "—")


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
