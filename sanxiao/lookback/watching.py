"""Who and what is watched after closing, and whether something that was seen may be it. Nothing here writes.

A place is watched from the day on which it was closed until it is opened again by the book. It may be seen again as
the same person (keyed index of ID number or telephone), at the same address or within some metres, or under a like
name nearby. A neighbour that was there before is none, nor is the other shop that the same person had before.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sanxiao.archive import doubles
from sanxiao.archive.models import Establishment
from sanxiao.archive.rules import FILE
from sanxiao.docket.models import Event, Rule
from sanxiao.docket.rooms import Sighting

CLOSINGS = ("self", "banned", "changed", "other")  # ways of closing that are watched, where no rule says others
NEAR_M, NAME_M, NAME_SCORE = 20, 500, 75


@dataclass(frozen=True)
class Closure:
    """One closing of a place: the event that noted it, the day, the way, and the day of a reopening, if any."""

    event: int
    file: Establishment
    on: date
    how: str
    reopened_on: date | None = None

    @property
    def is_open(self) -> bool:
        """Is the place still closed, and a file of its own?"""
        return self.reopened_on is None and self.file.state == "closed"

    def covers(self, day: date) -> bool:
        """Was the place to be closed on a day?"""
        return self.on <= day and (self.reopened_on is None or day <= self.reopened_on)


@dataclass(frozen=True)
class Measure:
    """The town's rules: how near is the same place, how far a like name counts, how like (0-100)."""

    near: float = NEAR_M
    name_near: float = NAME_M
    score: float = NAME_SCORE


def measure_of(area: str) -> Measure:
    """The rules `revival.*` of a place."""
    return Measure(
        Rule.objects.value("revival.near_m", area, default=NEAR_M),
        Rule.objects.value("revival.name_m", area, default=NAME_M),
        Rule.objects.value("duplicate.name_score", area, default=NAME_SCORE),
    )


def closures(files: Iterable[Establishment] | None = None) -> list[Closure]:
    """Closings that are watched, of some files or of all, oldest first; three queries."""
    rows = Event.objects.filter(kind=FILE.key, move__in=("close", "reopen"))
    if files is not None:
        rows = rows.filter(subject__in=[pk for file in files for pk in file.pks])
    said: dict[Any, list[Event]] = defaultdict(list)
    for event in rows.only("subject", "move", "on", "facts").order_by("on", "id"):
        said[event.subject].append(event)
    held = Establishment.objects.select_related("operator", "kind", "merged_into").defer("facts", "search")
    found = held.in_bulk(list(said))
    wanted = Rule.objects.value("look_back.closings", default=list(CLOSINGS))
    return [each for key, events in said.items() if key in found
            for each in _chain(found[key], events) if each.how in wanted]  # fmt: skip


def _chain(file: Establishment, events: Sequence[Event]) -> Iterator[Closure]:
    for n, event in enumerate(events):
        if event.move == "close":
            back = next((later.on for later in events[n + 1 :] if later.move == "reopen"), None)
            yield Closure(event.pk, file, event.on, event.facts.get("closing", ""), back)


# --- is it the same? ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Match:
    """A closing and why something seen may be it: codes, see say.reason."""

    closure: Closure
    reasons: tuple[Any, ...]


class Watch:
    """The closings of a town on shelves, so that a sighting is compared only with those it could be."""

    def __init__(self, held: Iterable[Closure], measure: Measure | None = None) -> None:
        self.measure = measure or Measure()
        self.held = sorted(held, key=lambda closure: closure.on)
        self._days = [closure.on for closure in self.held]
        self._by: dict[tuple[str, str], list[Closure]] = defaultdict(list)
        for closure in self.held:
            for shelf in _shelves(closure.file):
                self._by[shelf].append(closure)

    def matches(self, seen: Sighting) -> list[Match]:
        """Closings that a sighting may belong to, the surest first; none on a day on which the place was not closed."""
        found = [Match(c, r) for c in self._likely(seen) if c.covers(seen.on) and (r := self.reasons(c, seen))]
        return sorted(found, key=lambda match: -len(match.reasons))

    def _likely(self, seen: Sighting) -> list[Closure]:
        shelves = [("id", seen.id_index), ("phone", seen.phone_index), ("file", str(seen.file or ""))]
        rows = {c.event: c for shelf in shelves if shelf[1] for c in self._by[shelf]}
        # Whoever was on file before a closing is a neighbour: most sightings are, and look no further.
        since = seen.on if seen.file is None else seen.file_since or seen.on
        after = self.held[: bisect_right(self._days, since)]
        rows |= {c.event: c for c in after if c.file.area == seen.area or _close_to(c.file, seen, self.measure)}
        return list(rows.values())

    def reasons(self, closure: Closure, seen: Sighting) -> tuple[Any, ...]:
        """Why it may be the same, as codes; nothing where it is somebody who was there before."""
        file, person = closure.file, closure.file.operator
        if seen.file == file.pk:  # its own filing is no revival, though the closing was noted for an earlier day
            return () if (seen.kind, seen.move) == (FILE.key, "open") else ("self",)
        if seen.file is not None and seen.file_since is not None and seen.file_since < closure.on:
            return ()
        found: list[Any] = []
        if person.id_number_index and person.id_number_index == seen.id_index:
            found.append("id")
        if person.phone_index and person.phone_index == seen.phone_index:
            found.append("phone")
        away = doubles.metres(file, seen)
        if not file.mobile:  # many stand where a stall has stood
            if file.area == seen.area and plain(file.address) and plain(file.address) == plain(seen.address):
                found.append("address")
            if away is not None and away <= self.measure.near:
                found.append(["near", round(away)])
        close = file.area == seen.area if away is None else away <= self.measure.name_near
        if close and doubles.alike(file.name, seen.name) >= self.measure.score:
            found.append("name")
        return tuple(found)


def _shelves(file: Establishment) -> Iterator[tuple[str, str]]:
    person = file.operator
    yield "file", str(file.pk)
    if person.id_number_index:
        yield "id", person.id_number_index
    if person.phone_index:
        yield "phone", person.phone_index


def _close_to(file: Establishment, seen: Sighting, measure: Measure) -> bool:
    if file.lat is None or seen.lat is None:
        return False
    return abs(file.lat - seen.lat) <= max(measure.near, measure.name_near) / doubles.DEGREE


def plain(address: str) -> str:
    """An address to compare: without spaces, signs and the usual variants of writing."""
    text = "".join(c for c in address if c.isalnum())
    return text.translate(str.maketrans("０１２３４５６７８９", "0123456789")).replace("号", "")


def watched(seen: Sighting) -> list[Match]:
    """Is this person or place one that was closed or banned? For whoever is about to register it."""
    return Watch(closures(), measure_of(seen.area)).matches(seen)
