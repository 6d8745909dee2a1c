"""Forms of the room's moves."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from sanxiao.docket.forms import DateInput, MoveForm
from sanxiao.funds import activities, say
from sanxiao.funds.models import FEN, Line, Spending
from sanxiao.funds.rules import LINE, SPENDING
from sanxiao.guidance.forms import DayForm, FilesField


def _sum(initial: Any = None) -> forms.DecimalField:
    return forms.DecimalField(
        label=_("金额（元）"), min_value=FEN, max_digits=12, decimal_places=2, initial=initial,
        widget=forms.NumberInput(attrs={"inputmode": "decimal", "step": "0.01"}),
    )  # fmt: skip


@LINE.form("draft", "redraft", "adjust")
class LineForm(MoveForm):
    """Year, source, name, sum."""

    obj: Line

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["amount"] = _sum(self.obj.amount)
        if "source" in self.row.asks:
            self.fields["source"] = forms.ChoiceField(label=_("来源"), choices=say.sources(self.obj.area))
        self.order_fields(list(self.row.asks))

    def clean(self) -> dict[str, Any]:
        """One line of a name, year and source."""
        told = super().clean() or self.cleaned_data
        if {"year", "source", "item"} <= set(told):
            same = Line.objects.filter(area=self.obj.area, year=told["year"], source=told["source"], item=told["item"])
            if same.exclude(state="refused").exists():
                self.add_error("item", _("这一年这个来源已经有同名的预算。"))
        return told


@SPENDING.form("claim")
class ClaimForm(DayForm):
    """Which line, for what activity, how much, with which receipt."""

    obj: Spending
    day = "spent_on"
    own = ("activity",)
    receipts = FilesField(label=_("发票、收据照片"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lines = Line.objects.seen_by(self.user).filter(state="approved")
        self.fields["line"] = forms.ModelChoiceField(
            label=_("预算"), queryset=lines, empty_label=None, initial=self.obj.line_id
        )
        said = self.data.get("activity", "") if self.is_bound else ""
        groups: list[Any] = [("", _("请选择")), *activities.choices(self.user, self.obj.area)]
        known = {key for _name, rows in groups[1:] for key, _said in rows}
        if said and said not in known and (found := activities.find(said, self.user)):
            groups.append((said, found.name))  # an older one, named by its key
        self.fields["activity"] = forms.ChoiceField(label=_("用于哪一件工作"), choices=groups)
        self.fields["amount"] = _sum()
        self.order_fields([*self.row.asks, "receipts"])

    def clean(self) -> dict[str, Any]:
        """A receipt is claimed for once."""
        told = super().clean()
        live = Spending.objects.filter(area=self.obj.area, invoice=told.get("invoice") or "")
        if told.get("invoice") and live.filter(state__in=("claimed", "approved", "paid")).exists():
            self.add_error("invoice", _("这张发票已经申请过列支。"))
        return told

    def facts(self) -> dict[str, Any]:
        """With the receipts, also when there are none."""
        return {**super().facts(), "receipts": self.cleaned_data["receipts"]}


@SPENDING.form("pay")
class PayForm(MoveForm):
    """When it was paid, by which voucher."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["paid_on"] = forms.DateField(label=_("支付日期"), widget=DateInput)
        self.order_fields(list(self.row.asks))
