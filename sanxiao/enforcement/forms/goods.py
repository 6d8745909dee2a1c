"""Forms of goods: what is taken, line by line, and what becomes of every piece."""

from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sanxiao.docket.forms import MoveForm
from sanxiao.enforcement.forms.frame import LINES, StartForm
from sanxiao.enforcement.measure_rules import FATES, MEASURE
from sanxiao.enforcement.models import Measure


class GoodsField(forms.Field):
    """The list of goods: one line for each, 'name, spec, quantity, unit, note'."""

    widget = forms.Textarea(attrs={"rows": 6})

    def to_python(self, value: Any) -> list[dict[str, Any]]:
        """Rows of dicts. Raises a ValidationError that names the line."""
        if isinstance(value, list):
            return value
        lines = [line.strip() for line in str(value or "").splitlines() if line.strip()]
        if len(lines) > LINES:
            raise forms.ValidationError(gettext("一份清单最多 %(n)d 项，其余请另开一份。") % {"n": LINES})
        return [self._line(no, line) for no, line in enumerate(lines, 1)]

    def _line(self, no: int, line: str) -> dict[str, Any]:
        parts = [part.strip() for part in line.replace("，", ",").split(",")]
        said = gettext("第 %(no)d 行：请写成“名称，规格，数量，单位，备注”，数量是大于零的数。") % {"no": no}
        if len(parts) < 4:
            raise forms.ValidationError(said)
        try:
            quantity = Decimal(parts[2])
        except InvalidOperation as error:
            raise forms.ValidationError(said) from error
        if not (quantity.is_finite() and 0 < quantity < 10**8):
            raise forms.ValidationError(said)
        return {"name": parts[0], "spec": parts[1], "quantity": quantity, "unit": parts[3], "note": ",".join(parts[4:])}


@MEASURE.form("take")
class TakeForm(StartForm):
    """采取措施: what, where it lies, who keeps it, and the list."""

    obj: Measure

    def _field(self, ask: str) -> forms.Field:
        if ask == "goods":
            return GoodsField(
                label=_("财物清单"),
                help_text=_("一行一项：名称，规格，数量，单位，备注。例如：豆腐皮，散装，20，公斤，当场称量"),
            )
        return super()._field(ask)


@MEASURE.form("settle")
class SettleForm(MoveForm):
    """处理财物: the fate of every piece."""

    obj: Measure
    own = ("fates",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.pieces = list(self.obj.exhibits.all())
        for row in self.pieces:
            self.fields[f"fate-{row.no}"] = forms.ChoiceField(
                label=f"{row.no}. {row.name} {row.quantity.normalize():f}{row.unit}", choices=[("", "—"), *FATES]
            )

    def facts(self) -> dict[str, Any]:
        """Piece by piece."""
        rest = {k: v for k, v in super().facts().items() if not k.startswith("fate-")}
        return rest | {"fates": {str(row.no): self.cleaned_data[f"fate-{row.no}"] for row in self.pieces}}
