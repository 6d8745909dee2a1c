"""Forms of the moves of a plan: its quotas, the day of publication, the seed."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sanxiao.archive.models import Kind
from sanxiao.docket.forms import MoveForm
from sanxiao.inspection.rows import DayForm, Row
from sanxiao.office.places import grounds
from sanxiao.sampling import say
from sanxiao.sampling.forms import NumberedRows
from sanxiao.sampling.rules import PLAN

FREE_QUOTAS = 8


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
