"""What came of an operation, found by itself: the visits, orders, hand-overs, cases and closings at its places.

Nothing is typed twice: what was begun at one of the places between the day and the closing stands here.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q, QuerySet

from sanxiao.docket import rooms
from sanxiao.enforcement.models import Case, Closure, Incident, Referral
from sanxiao.inspection.models import Order
from sanxiao.inspection.visit_models import Visit
from sanxiao.joint.models import Call, Operation
from sanxiao.office.now import today


@dataclass(frozen=True)
class Row:
    """A matter that was begun there: what it is, its place, its number, how it stands, where its page is."""

    kind: str
    title: str
    number: str
    state: str
    tone: str
    url: str


@dataclass
class Outcome:
    """Everything that came of it."""

    papers: list[Row] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    incidents: list[Incident] = field(default_factory=list)


def of(operation: Operation, user: Any = None) -> Outcome:
    """What came of it: of a `user` what he may see; without one what the record holds, in which no case is named."""
    if operation.started_on is None:
        return Outcome()
    files = list(operation.stops.exclude(state="dropped").values_list("file", flat=True))
    found = Outcome(list(_papers(operation, files, user)))
    calls = _seen(Call, user).filter(operation=operation)
    found.calls = list(calls.select_related("stop__file", "operation", "by").order_by("at"))
    day = (operation.started_on, operation.finished_on or today())
    found.incidents = list(_seen(Incident, user).filter(file__in=files, on__range=day).select_related("file"))
    return found


def _papers(operation: Operation, files: list[Any], user: Any) -> Iterator[Row]:
    """Visits by their key; of the rest what was begun at the places from the day on until the whole was closed."""
    began = (operation.started_on, operation.closed_on or today())
    begun = Q(file__in=files, created_at__date__range=began)
    yield from _rows(_seen(Visit, user).filter(why=operation.why).exclude(state="void"))
    orders = _seen(Order, user).filter(Q(visit__why=operation.why) | begun)
    yield from _rows(orders.exclude(state="void"))
    for model in (Referral, Closure, *((Case,) if user else ())):
        yield from _rows(_seen(model, user).filter(begun))


def _seen(model: Any, user: Any) -> QuerySet[Any]:
    return model.objects.seen_by(user) if user else model.objects.all()


def _rows(rows: QuerySet[Any]) -> Iterator[Row]:
    for row in rows.select_related("file").order_by("created_at", "id"):
        state = row.state_row
        yield Row(
            str(rooms.flow_of(row.flow.key).name), row.file.called, row.number, str(state.name), state.tone,
            row.get_absolute_url(),
        )  # fmt: skip


SHORT = {
    "bureau": "市监", "urban": "城管", "police": "公安", "village": "村", "fso": "食安办", "environment": "环保",
    "construction": "建设", "planning": "规划", "land": "国土", "finance": "财政", "party": "党政办",
}  # fmt: skip


def short(role: str, name: str) -> str:
    """An office in a word or two, for the head of a narrow column."""
    return SHORT.get(role, name[:3])
