"""Forms of paying: the rates of a plan, and what was paid."""

from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sanxiao.docket.forms import DateInput, MoveForm
from sanxiao.enforcement import paying
from sanxiao.enforcement.forms.frame import LINES
from sanxiao.enforcement.models import Case
from sanxiao.enforcement.rules import CASE
from sanxiao.office.now import today


class RatesField(forms.Field):
    """The rates of a plan: one line for each, 'day, sum'."""

    widget = forms.Textarea(attrs={"rows": 5})

    def to_python(self, value: Any) -> list[dict[str, Any]]:
        """Rows of dicts. Raises a ValidationError that names the line."""
        if isinstance(value, list):
            return value
        lines = [line.strip() for line in str(value or "").splitlines() if line.strip()]
        if len(lines) > LINES:
            raise forms.ValidationError(gettext("最多分 %(n)d 期。") % {"n": LINES})
        return [self._line(no, line) for no, line in enumerate(lines, 1)]

    def _line(self, no: int, line: str) -> dict[str, Any]:
        day, _comma, sum_ = (part.strip() for part in line.replace("，", ",").partition(","))
        said = gettext("第 %(no)d 行：请写成“日期，金额”，例如 2026-06-15，2000。") % {"no": no}
        try:
            due_on, amount = date.fromisoformat(day), Decimal(sum_).quantize(Decimal("0.01"))
        except (ValueError, InvalidOperation) as error:
            raise forms.ValidationError(said) from error
        if not 0 < amount < 10**12:
            raise forms.ValidationError(gettext("第 %(no)d 行：金额须大于零。") % {"no": no})
        return {"due_on": due_on, "amount": amount}


@CASE.form("instalments")
class RatesForm(MoveForm):
    """分期、延期: three equal rates a month apart are filled in; one line alone is a later day for all of it."""

    obj: Case

    def _field(self, ask: str) -> forms.Field:
        if ask != "rates":
            return super()._field(ask)
        said = gettext("一行一期：日期，金额。合计须等于未缴的 %(left)s 元；只写一行就是延期。") % {
            "left": self.obj.left
        }
        return RatesField(label=_("各期日期和金额"), help_text=said, initial=self._equal())

    def _equal(self) -> str:
        """Three rates, thirty days apart, in whole yuan; the last takes what is over."""
        part = (self.obj.left / 3).quantize(Decimal(1))
        sums = [part, part, self.obj.left - 2 * part]
        if min(sums) <= 0:
            sums = [self.obj.left]
        return "\n".join(f"{today() + timedelta(days=30 * no)}，{sum_}" for no, sum_ in enumerate(sums, 1))


@CASE.form("pay")
class PayForm(MoveForm):
    """登记缴款: what is owed today stands beside the field."""

    obj: Case

    def _field(self, ask: str) -> forms.Field:
        if ask == "amount":
            late = paying.late_left(self.obj)
            owed = gettext("应缴 %(left)s 元") % {"left": self.obj.left}
            owed += gettext("，另有加处罚款 %(late)s 元") % {"late": late} if late else ""
            return forms.DecimalField(
                label=_("金额（元）"), min_value=Decimal("0.01"), max_digits=14, decimal_places=2, help_text=owed
            )
        if ask == "paid_on":
            return forms.DateField(label=_("缴款日期"), widget=DateInput, initial=today)
        if ask == "slip":
            return forms.CharField(label=_("票据号"), max_length=40)
        return super()._field(ask)
