"""A day's route: the visits that wait for one officer, each next one the nearest to the one before."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sanxiao.archive.doubles import metres
from sanxiao.inspection.visit_models import Visit
from sanxiao.office.models import User

MOST = 60  # stops


@dataclass(frozen=True)
class Stop:
    """One stop: which visit, and how far it is from the stop before (None where a position is missing)."""

    visit: Visit
    metres: int | None = None


def of(user: User) -> list[Stop]:
    """The visits that this person leads, or that nobody leads yet on his ground, in the order in which to go."""
    rows = Visit.objects.seen_by(user).on_ground().select_related("file__kind").defer("answers", "file__facts")
    mine = rows.filter(officer=user) | rows.filter(officer__isnull=True)
    return ordered(mine.order_by("due_on", "created_at")[:MOST])


def ordered(visits: Iterable[Visit]) -> list[Stop]:
    """Begin with what is due first, then always the nearest; what has no position comes last, by date."""
    left = list(visits)
    placed = [visit for visit in left if visit.file.lat is not None]
    found: list[Stop] = []
    here: Any = None
    while placed:
        nearest = min(placed, key=lambda v: _way(here, v) or 0) if here is not None else placed[0]
        found.append(Stop(nearest, _way(here, nearest)))
        placed.remove(nearest)
        here = nearest.file
    return found + [Stop(visit) for visit in left if visit.file.lat is None]


def _way(here: Any, visit: Visit) -> int | None:
    way = metres(here, visit.file) if here is not None else None
    return None if way is None else round(way)
