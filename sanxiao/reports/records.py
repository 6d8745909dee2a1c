"""The list behind each number: events with their sign, or files. Its length (its signed sum) is the number."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any
from uuid import UUID

from sanxiao.archive.models import Establishment
from sanxiao.reports.columns import Column, Flows, Hits, Holding, Standing, Stock, Sums
from sanxiao.reports.indicators import COLUMNS, FILE, IN_STOCK
from sanxiao.reports.quarters import Period
from sanxiao.reports.sources import (
    Row,
    amounts,
    done_test,
    gone_by_merge,
    holds,
    matches,
    merges,
    rows_of,
    standing,
    stock,
)

Place = tuple[str, str]  # village, kind


@dataclass(frozen=True)
class Items:
    """Records of one number: `events` as {event: sign}, or `files`."""

    events: dict[int, int]
    files: list[UUID]

    @property
    def total(self) -> int:
        """The number that stands in the cell."""
        return sum(self.events.values()) + len(self.files)

    def packed(self) -> list[Any]:
        """As JSON keeps it."""
        return [[event, sign] for event, sign in self.events.items()] or [str(file) for file in self.files]

    @classmethod
    def unpacked(cls, rows: Iterable[Any]) -> "Items":
        """Back from `packed`."""
        rows = list(rows)
        if rows and isinstance(rows[0], list):
            return cls(dict(rows), [])
        return cls({}, [UUID(row) for row in rows])

    def joined(self, other: "Items") -> "Items":
        """Both lists as one (of two villages, of two kinds)."""
        events = dict(self.events)
        for event, sign in other.events.items():
            events[event] = events.get(event, 0) + sign
        return Items(events, [*self.files, *other.files])


NOTHING = Items({}, [])


class Shelf:
    """What the lists of one report look at, read once: eighty lists, a dozen queries. Lives as long as one reading."""

    def __init__(self, ground: str, period: Period) -> None:
        self.ground, self.period = ground, period
        self._done: dict[Any, set[UUID]] = {}

    @cached_property
    def absorbed(self) -> set[UUID]:
        """Files that were part of another on the last day."""
        return gone_by_merge(merges(self.period.until))

    @cached_property
    def _log(self) -> dict[tuple[str, str, str], list[Row]]:
        hits = {h for c in COLUMNS.values() if isinstance(c.how, (Flows, Stock)) for h in c.how.hits}
        found: dict[tuple[str, str, str], list[Row]] = defaultdict(list)
        for row in rows_of(self.ground, self.period.until, tuple(hits)):
            found[row.kind, row.move, row.place].append(row)
        return found

    def rows(self, hits: tuple[Hits, ...]) -> list[Row]:
        """The events that a column looks at, in the order of the log, as `rows_of` finds them for it alone."""
        asked = {(h.kind, move, h.place) for h in hits for move in h.moves}
        return sorted((row for key in asked for row in self._log.get(key, ())), key=lambda row: row.event)

    @cached_property
    def standing(self) -> list[Any]:
        """Decisions in force at the end."""
        rows = standing(self.ground, self.period, self.absorbed)
        return list(rows.values_list("spot", "species", "file_id", "case", "batch", "there", "fresh", named=True))

    def done(self, hits: tuple[Hits, ...], since: date | None) -> set[UUID]:
        """Files to which such an event has happened."""
        if (hits, since) not in self._done:
            rows = Establishment.objects.filter(done_test(hits, since, self.period.until, "pk"))
            self._done[hits, since] = set(rows.values_list("pk", flat=True))
        return self._done[hits, since]


def lists(ground: str, period: Period, column: Column, span: str, shelf: Shelf | None = None) -> dict[Place, Items]:
    """The records of a column and span by village and kind, those with nothing left out.

    `shelf`: of the same ground and period, where many lists are read one after the other.
    """
    how, shelf = column.how, shelf or Shelf(ground, period)
    if isinstance(how, Flows):
        return _of_flows(shelf, how, span)
    if isinstance(how, Stock):
        return _of_stock(shelf, how)
    if isinstance(how, Standing):
        found = _of_standing(shelf, how, span)
    elif isinstance(how, Holding):
        rows = stock(ground, period.until, shelf.absorbed).filter(holds(ground, period.until)[how.what])
        found = rows.values_list("spot", "kind_id", "pk")
    else:
        raise TypeError(f"{column.key} is a share; its list is that of its parts")
    return _by_place(found)


def _by_place(rows: Iterable[tuple[str, str, UUID]]) -> dict[Place, Items]:
    files: dict[Place, list[UUID]] = defaultdict(list)
    for spot, species, file in rows:
        files[spot, species].append(file)
    return {place: Items({}, found) for place, found in files.items()}


def _of_flows(shelf: Shelf, how: Flows, span: str) -> dict[Place, Items]:
    rows = [row for row in shelf.rows(how.hits) if shelf.period.holds(row.on, span)]
    part = amounts((row.event for row in rows), how.fact) if isinstance(how, Sums) else None
    events: dict[Place, dict[int, int]] = defaultdict(dict)
    for row in _without_pairs(rows):
        for sign in _signs(how.hits, row):
            events[row.spot, row.species][row.event] = sign if part is None else sign * part.get(row.event, 0)
    return {place: Items(found, []) for place, found in events.items()}


def _signs(hits: Iterable[Hits], row: Row) -> Iterable[int]:
    return (each.sign for each in hits if matches(each, row))


def _without_pairs(rows: list[Row]) -> list[Row]:
    """A filing and its taking back within the same span are no news: neither stands in the list."""
    opened = {(row.file, row.spot) for row in rows if (row.kind, row.move) == (FILE, "open")}
    undos = (row for row in rows if (row.kind, row.move) == (FILE, "undo") and row.frm in IN_STOCK)
    undone = {(row.file, row.spot) for row in undos} & opened
    gone = ((FILE, "open"), (FILE, "undo"))
    return [row for row in rows if (row.kind, row.move) not in gone or (row.file, row.spot) not in undone]


def _of_stock(shelf: Shelf, how: Stock) -> dict[Place, Items]:
    rows = shelf.rows(how.hits)
    if how.at == "since":
        rows = [row for row in rows if row.on < shelf.period.since]
    if how.files:
        return _still_there(rows, how)
    return _still_open(rows, how)


def _still_there(rows: Iterable[Row], how: Stock) -> dict[Place, Items]:
    """Files whose gains outweigh their losses in a village."""
    net: dict[tuple[str, str, UUID | None], int] = defaultdict(int)
    for row in rows:
        for sign in _signs(how.hits, row):
            net[row.spot, row.species, row.file] += sign
    return _by_place((spot, species, file) for (spot, species, file), n in net.items() if n > 0 and file)


def _still_open(rows: Iterable[Row], how: Stock) -> dict[Place, Items]:
    """Matters whose beginning outweighs their end: the event that began each of them last."""
    net: dict[tuple[str, str, UUID], int] = defaultdict(int)
    last: dict[tuple[str, str, UUID], int] = {}
    for row in rows:
        for sign in _signs(how.hits, row):
            net[row.spot, row.species, row.subject] += sign
            if sign > 0:
                last[row.spot, row.species, row.subject] = row.event
    events: dict[Place, dict[int, int]] = defaultdict(dict)
    for key, n in net.items():
        if n:
            events[key[:2]][last[key]] = n
    return {place: Items(found, []) for place, found in events.items()}


def _of_standing(shelf: Shelf, how: Standing, span: str) -> Iterable[tuple[str, str, UUID]]:
    if how.case == "":
        decided = {row.file_id for row in shelf.standing if row.there}
        rows = stock(shelf.ground, shelf.period.until, shelf.absorbed).values_list("spot", "kind_id", "pk")
        return [row for row in rows if row[2] not in decided]
    found = shelf.standing
    for name in ("case", "batch"):
        if (wanted := getattr(how, name)) is not None:
            found = [row for row in found if getattr(row, name) == wanted]
    if how.trading:
        found = [row for row in found if row.there]
    if how.done:
        done = shelf.done(how.done, shelf.period.since if span == "q" else None)
        found = [row for row in found if row.file_id in done]
    elif span == "q":
        found = [row for row in found if row.fresh]
    return [(row.spot, row.species, row.file_id) for row in found]
