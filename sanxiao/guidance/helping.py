"""Help: what it may be (data of the town), what its moves ask, and what followed it by date."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sanxiao.archive.models import Establishment
from sanxiao.docket.models import Event
from sanxiao.guidance.models import Help
from sanxiao.guidance.rules import HELP
from sanxiao.office.models import User

# What may follow in rooms above and beside, as the log tells it: a file's events of these kinds.
FOLLOWS = {
    ("licensing.application", "issue"): gettext_lazy("领到证卡"),
    ("inspection.order", "pass"): gettext_lazy("整改合格"),
    ("inspection.order", "fail"): gettext_lazy("整改不合格"),
    ("archive.classification", "settle"): gettext_lazy("分类办结"),
    ("archive.file", "close"): gettext_lazy("关停"),
    ("archive.file", "leave"): gettext_lazy("迁出"),
}
GOOD = {("licensing.application", "issue"), ("inspection.order", "pass")}


@HELP.beginning
def begin_help(user: User, params: dict[str, str]) -> Help:
    """Help for a place of one's own ground."""
    rows = Establishment.objects.seen_by(user).select_related("operator", "kind")
    file = get_object_or_404(rows, pk=params.get("file"))
    return Help(file=file, area=file.area, by=user)


@HELP.predicate("still_there")
def still_there(each: Help, _facts: dict[str, Any]) -> bool:
    """There is somebody to be helped."""
    return each.file.is_trading


@HELP.predicate("fund_named")
def fund_named(_each: Help, facts: dict[str, Any]) -> bool:
    """Money comes from somewhere."""
    return not facts.get("amount") or bool(facts.get("fund"))


@HELP.predicate("after_giving")
def after_giving(each: Help, facts: dict[str, Any]) -> bool:
    """An effect comes after its cause."""
    day = facts.get("seen_on")
    return day is None or each.given_on is None or day >= each.given_on


@HELP.effect("plan")
def planned(each: Help, by: User | None, _facts: dict[str, Any]) -> None:
    """Who means to help."""
    each.by = by


# --- what followed -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Followed:
    """One thing that the log tells of the place after the help."""

    on: date
    words: str
    good: bool


def followed(rows: Iterable[Help]) -> dict[UUID, list[Followed]]:
    """What happened at each place after its help was given, by the help's key; one query."""
    given = [each for each in rows if each.given_on]
    moves = {move for _kind, move in FOLLOWS}
    events = Event.objects.filter(
        file__in={each.file_id for each in given}, kind__in={kind for kind, _m in FOLLOWS}, move__in=moves
    ).order_by("on", "pk")
    told = list(events.values_list("file", "kind", "move", "on"))
    return {
        each.pk: [
            Followed(on, str(FOLLOWS[kind, move]), (kind, move) in GOOD)
            for file, kind, move, on in told
            if file == each.file_id and (kind, move) in FOLLOWS and each.given_on and on >= each.given_on
        ]
        for each in given
    }


@dataclass
class Sum:
    """The help of one village."""

    area: str
    planned: int = 0
    given: int = 0
    seen: int = 0
    amount: Decimal = field(default_factory=Decimal)
    better: int = 0  # places that got a paper or passed a re-check after the help

    @property
    def yuan(self) -> str:
        """The money as it is written, the same in every language."""
        return f"{self.amount:,.2f}"


def sums(rows: QuerySet[Help]) -> list[Sum]:
    """Help by village: two queries."""
    held = list(
        rows.exclude(state="dropped")
        .select_related(None)
        .defer(None)
        .only("area", "file", "state", "given_on", "amount")
    )
    after = followed(held)
    found: dict[str, Sum] = {}
    for each in held:
        line = found.setdefault(each.area, Sum(each.area))
        line.planned += 1
        line.given += each.state != "planned"
        line.seen += each.state == "seen"
        line.amount += each.amount or 0
        line.better += any(one.good for one in after.get(each.pk, ()))
    return sorted(found.values(), key=lambda line: (-line.given, line.area))


def money(amount: Decimal | None) -> str:
    """'1,200.00 元'; empty without any."""
    return _("%(n)s 元") % {"n": f"{amount:,.2f}"} if amount else ""
