"""Which places an operation is to go to: a filtered list with what is known of each, and what speaks against it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sanxiao.archive.lists import FILES
from sanxiao.archive.models import Establishment
from sanxiao.inspection.models import Order
from sanxiao.inspection.rules import ORDER
from sanxiao.joint import targets
from sanxiao.joint.models import Operation
from sanxiao.office.models import prefix_of

AT_ONCE, MOST = 60, 40  # places on one page; places of one operation
WITH = [
    ("orders", gettext_lazy("有未办结的整改")),
    ("gone", gettext_lazy("已关停或迁出")),
    ("high", gettext_lazy("风险 C、D 级")),
]


@dataclass
class Choice:
    """A place that is ticked: what is known of it, what speaks against one more visit, what sets that aside."""

    file: Establishment
    reasons: list[str] = field(default_factory=list)
    against: list[str] = field(default_factory=list)
    override: str = ""
    why_not: str = ""

    @property
    def fact(self) -> dict[str, Any]:
        """As the move takes it."""
        override = self.override if self.against else ""
        return {"file": self.file.pk, "reasons": self.reasons + self.against, "override": override}


def candidates(operation: Operation, user: Any, params: QueryDict) -> QuerySet[Establishment]:
    """Places on the operation's ground that a person sees and that are not on the list, the greatest risk first."""
    found: Any = FILES.filtered(user, params)
    rows: QuerySet[Establishment] = found.within((prefix_of(operation.area),)).exclude(state="void")
    rows = rows.exclude(pk__in=operation.stops.exclude(state="dropped").values("file"))
    wanted = params.get("with", "")
    if wanted == "orders":
        rows = rows.filter(pk__in=Order.objects.filter(state__in=ORDER.open_states).values("file"))
    elif wanted == "gone":
        rows = rows.filter(state__in=("closed", "moved"))
    elif wanted == "high":
        rows = rows.filter(grade__in=("C", "D"))
    return rows.order_by("-grade_points", "area", "id")


def chosen(operation: Operation, keys: Sequence[str], user: Any, override: str) -> list[Choice]:
    """The places named by these keys, with what is known and what speaks against them; others are left out."""
    rows = Establishment.objects.seen_by(user).within((prefix_of(operation.area),)).select_related("kind", "operator")
    try:
        files = list(rows.filter(pk__in=list(keys)[: MOST * 2]).defer("facts", "search"))
    except (ValidationError, ValueError):
        return []
    known = targets.known(files, operation.held_on)
    held = set(operation.stops.exclude(state="dropped").values_list("file", flat=True))
    return [
        Choice(
            file, targets.why_chosen(file, known[file.pk]), targets.held_back(file, operation.held_on), override,
            _("已经在名单上") if file.pk in held else _("档案已合并或撤回") if _is_gone(file) else "",
        )
        for file in files
    ]  # fmt: skip


def _is_gone(file: Establishment) -> bool:
    return file.state == "void" or file.merged_into_id is not None


def wrong(rows: Sequence[Choice], override: str) -> str:
    """Why these may not be taken in as they are, or ''."""
    if not rows:
        return _("请先勾选要去的单位。")
    if len(rows) > MOST:
        return _("一次行动最多 %(n)d 户，请分几次。") % {"n": MOST}
    if out := [row for row in rows if row.why_not]:
        return _("%(name)s：%(why)s") % {"name": out[0].file.called, "why": out[0].why_not}
    if (bound := [row for row in rows if row.against]) and not override.strip():
        names = _("、").join(row.file.called for row in bound[:5])
        return _("%(names)s：%(why)s") % {"names": names, "why": bound[0].against[0]}
    return ""
