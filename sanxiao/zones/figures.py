"""Figures of a zone: occupancy, papers, health papers, samples, and the funnel with the list behind each number.

What rooms above know is handed down by the door: the papers of the entrants (`Room.papers`) and the facts of their
samples (`Room.risk_facts`).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from sanxiao.archive.models import Establishment
from sanxiao.docket import rooms
from sanxiao.office.now import today
from sanxiao.zones.models import Entrant, Zone
from sanxiao.zones.rules import HERE

YEAR = timedelta(days=365)  # samples of the last year count
STAGES = (
    ("invited", _("邀请")),
    ("agreed", _("愿意")),
    ("moved_in", _("入驻过")),
    ("registered", _("持证")),
    ("still", _("仍在")),
)


@dataclass(frozen=True)
class Share:
    """So many of so many; `rate` in per cent with one decimal, None where there is nothing to divide by."""

    part: int
    whole: int

    @property
    def rate(self) -> Decimal | None:
        """Per cent."""
        return round(Decimal(100 * self.part) / self.whole, 1) if self.whole else None


def registered(places: Sequence[Establishment]) -> set[UUID]:
    """Keys of the places that hold a valid paper today, as the rooms that issue papers say."""
    keys = {file.pk for file in places}
    papers = rooms.papers_of(list(places), today()) if keys else {}
    return {pk for pk, paper in papers.items() if paper.state == "valid" and pk in keys}


@dataclass(frozen=True)
class Funnel:
    """Keys of the entrants that reached each stage; those of a later stage were in every earlier one but the paper."""

    pks: dict[str, set[UUID]]

    @property
    def rows(self) -> list[tuple[str, Any, int]]:
        """Key, name and number of each stage."""
        return [(key, name, len(self.pks[key])) for key, name in STAGES]


def funnel(entrants: Iterable[Entrant]) -> Funnel:
    """Invited, agreed, moved in, registered, still there; the entrants come with their places."""
    held = list(entrants)
    moved = [e for e in held if e.moved_on]
    papers = registered([e.place for e in moved])
    return Funnel({
        "invited": {e.pk for e in held},
        "agreed": {e.pk for e in held if e.agreed_on},
        "moved_in": {e.pk for e in moved},
        "registered": {e.pk for e in moved if e.place_id in papers},
        "still": {e.pk for e in moved if e.state == "moved_in" and e.place.is_trading},
    })  # fmt: skip


def at_stage(rows: QuerySet[Entrant], stage: str) -> QuerySet[Entrant]:
    """The entrants of a queryset that reached a stage."""
    wide = rows.select_related("place__operator", "place__kind")
    return rows.filter(pk__in=funnel(wide).pks.get(stage, set()))


# --- what a demonstration is scored by ---------------------------------------------------------------------------


def there(zone: Zone) -> list[Entrant]:
    """Who has moved in and not left."""
    return list(zone.entrants.filter(state="moved_in").select_related("place__operator", "place__kind"))


def occupancy(zone: Zone) -> Share:
    """Units that somebody holds, of those that can be let."""
    return Share(zone.entrants.filter(state__in=HERE).count(), zone.units.filter(usable=True).count())


def certified(zone: Zone) -> Share:
    """Entrants with a valid paper."""
    places = [e.place for e in there(zone)]
    return Share(len(registered(places)), len(places))


def health(zone: Zone) -> Share:
    """Workers with a health paper, as the files of the entrants say."""
    counts = [(_number(e.place.facts.get("health_certs")), _number(e.place.facts.get("workers"))) for e in there(zone)]
    return Share(sum(min(part, whole) for part, whole in counts), sum(whole for _part, whole in counts))


def _number(value: Any) -> int:
    text = str(value or "")
    return int(text) if text.isdigit() else 0


def sampling(zone: Zone) -> Share:
    """Samples of the entrants in the last year that did not fail, as the door hands them down."""
    files = [pk for e in there(zone) for pk in e.place.pks]
    taken = failed = 0
    for room in rooms.all_rooms() if files else ():
        for facts in room.risk_facts(files, today()).values() if room.risk_facts else ():
            recent = [fact.kind for fact in facts if fact.on >= today() - YEAR]
            taken, failed = taken + recent.count("sampled"), failed + recent.count("sample_failed")
    return Share(max(taken - failed, 0), taken)


COMPUTED = {"occupancy": occupancy, "certified": certified, "health": health, "sampling": sampling}


def computed(zone: Zone, figure: str) -> Share:
    """A figure by its key."""
    return COMPUTED[figure](zone)
