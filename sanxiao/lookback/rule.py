"""The rule of a campaign as data, and the files that it gives.

{"basis": "registered", "since": "2018-06-01", "until": "2018-12-31", "kinds": […], "areas": […], "cases": […],
"batches": […]}; an empty list means all.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from sanxiao.archive.models import TRADING, Establishment
from sanxiao.docket.models import Event


@dataclass(frozen=True)
class Basis:
    """What must have happened to a file in the period (kind of matter, moves), and how it must stand today."""

    kind: str
    moves: tuple[str, ...]
    states: tuple[str, ...] = TRADING


BASES = {
    "registered": Basis("licensing.application", ("issue",)),
    "corrected": Basis("inspection.order", ("pass",)),
    "closed": Basis("archive.file", ("close",), ("closed",)),
    "filed": Basis("archive.file", ("open",)),
}
NARROWS = {"kinds": "kind__in", "areas": "area__in", "cases": "case__in", "batches": "batch__in"}


def pool(user: Any, said: Mapping[str, Any]) -> QuerySet[Establishment]:
    """The files of a person's ground that fit the rule today, in a fixed order."""
    basis = BASES[said["basis"]]
    events = Event.objects.filter(kind=basis.kind, move__in=basis.moves)
    for name, test in (("since", "on__gte"), ("until", "on__lte")):
        if said.get(name):
            events = events.filter(**{test: said[name]})
    # Two questions, each by the log's own index: what was merged away lives on in another file.
    on_it = Exists(events.filter(file=OuterRef("pk")))
    on_merged = Exists(
        events.filter(file__in=Establishment.objects.filter(merged_into=OuterRef(OuterRef("pk"))).values("pk"))
    )
    rows = Establishment.objects.seen_by(user).current().filter(on_it | on_merged, state__in=basis.states)
    narrow = {test: said[name] for name, test in NARROWS.items() if said.get(name)}
    return rows.filter(**narrow).select_related("kind", "operator").order_by("area", "number", "id")
