"""The list behind each number: events with their sign, or files. Its length (its signed sum) is the number."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sanxiao.reports.indicators import FILE, IN_STOCK, Column, Flows, Hits, Holding, Standing, Stock
from sanxiao.reports.quarters import Period
from sanxiao.reports.sources import (
    Row,
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


def lists(ground: str, period: Period, column: Column, span: str) -> dict[Place, Items]:
    """The records of a column and span by village and kind, those with nothing left out."""
    how = column.how
    if isinstance(how, Flows):
        return _of_flows(ground, period, how, span)
    if isinstance(how, Stock):
        return _of_stock(ground, period, how)
    absorbed = gone_by_merge(merges(period.until))
    if isinstance(how, Standing):
        found = _of_standing(ground, period, how, span, absorbed)
    elif isinstance(how, Holding):
        rows = stock(ground, period.until, absorbed).filter(holds(ground, period.until)[how.what])
        found = rows.values_list("spot", "kind_id", "pk")
    else:
        raise TypeError(f"{column.key} is a share; its list is that of its parts")
    return _by_place(found)


def _by_place(rows: Iterable[tuple[str, str, UUID]]) -> dict[Place, Items]:
    files: dict[Place, list[UUID]] = defaultdict(list)
    for spot, species, file in rows:
        files[spot, species].append(file)
    return {place: Items({}, found) for place, found in files.items()}


def _of_flows(ground: str, period: Period, how: Flows, span: str) -> dict[Place, Items]:
    rows = [row for row in rows_of(ground, period.until, how.hits) if period.holds(row.on, span)]
    events: dict[Place, dict[int, int]] = defaultdict(dict)
    for row in _without_pairs(rows):
        for sign in _signs(how.hits, row):
            events[row.spot, row.species][row.event] = sign
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


def _of_stock(ground: str, period: Period, how: Stock) -> dict[Place, Items]:
    rows = rows_of(ground, period.until, how.hits)
    if how.at == "since":
        rows = [row for row in rows if row.on < period.since]
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


def _of_standing(
    ground: str, period: Period, how: Standing, span: str, absorbed: set[UUID]
) -> Iterable[tuple[str, str, UUID]]:
    rows = standing(ground, period, absorbed)
    if how.case == "":
        decided = rows.filter(there=True).values("file_id")
        return stock(ground, period.until, absorbed).exclude(pk__in=decided).values_list("spot", "kind_id", "pk")
    for name in ("case", "batch"):
        if getattr(how, name) is not None:
            rows = rows.filter(**{name: getattr(how, name)})
    if how.trading:
        rows = rows.filter(there=True)
    if how.done:
        rows = rows.filter(done_test(how.done, period.since if span == "q" else None, period.until))
    elif span == "q":
        rows = rows.filter(fresh=True)
    return rows.values_list("spot", "species", "file_id")
