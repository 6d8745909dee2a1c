"""What happened at places before: events from every table of the past, on one common numbering of places.

An event has a place, a day, measures (numbers that differ from visit to visit: violations, a result) and kinds
(the purpose of the visit). A table without place and day but with the id of visits adds measures to those visits.
Each table ends so many days before the order is made; that lag is kept wherever the past is looked at, so that
the model is trained and judged as blind as it will be used.
"""

import re
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from sanxiao.risk.ranking.table import DAY, Table, TableError, keys

MOST_KINDS, LEAST_SHARE = 12, 0.004  # kinds of visits that are told apart
STABLE = 0.9  # a column that says the same at successive visits of a place describes the place
POINT = {"lat": re.compile(r"^(lat|latitude|纬度)$", re.I), "lng": re.compile(r"^(lng|lon|long|longitude|经度)$", re.I)}


@dataclass(frozen=True)
class Ask:
    """The columns' roles. `person` '' when there is none; `without_person`: leave it out wherever it stands."""

    id: str
    place: str
    date: str
    outcome: str
    person: str = ""
    without_person: bool = True
    leave_out: tuple[str, ...] = ()


@dataclass
class Events:
    """Visits of one table, ordered by day. `lag`: days between its last visit and the order."""

    name: str
    place: Any
    day: Any
    ids: Any
    lag: int = 0
    measures: dict[str, Any] = field(default_factory=dict)
    kinds: dict[str, Any] = field(default_factory=dict)  # "column=value" -> 0 or 1

    def __len__(self) -> int:
        return len(self.day)


class Places:
    """One number for each place of all tables."""

    def __init__(self) -> None:
        self.number: dict[str, int] = {}

    def of(self, column: Any) -> Any:
        """Numbers of a column of keys; an empty key is a place of its own each time it stands somewhere."""
        named = (key or f"\0{len(self.number)}" for key in keys(column))
        return np.fromiter((self.number.setdefault(key, len(self.number)) for key in named), dtype=np.int64)

    def __len__(self) -> int:
        return len(self.number)


def days(column: Any, table: str, name: str) -> Any:
    """A column of dates as numbers of days. Raises TableError when it holds no dates."""
    if column.dtype != DAY:
        raise TableError(f"{table}: 列“{name}”不是日期。 Column {name} holds no dates.")
    if np.isnat(column).any():
        raise TableError(
            f"{table}: 列“{name}”有 {int(np.isnat(column).sum())} 行没有日期。 Rows of {name} without a date."
        )
    return column.astype(np.int64)


def stable_share(place: Any, day: Any, values: Any) -> float:
    """At how many successive visits of one place a column says the same (1 when no place was seen twice)."""
    order = np.lexsort((day, place))
    again = place[order][1:] == place[order][:-1]
    if not again.any():
        return 1.0
    one, two = values[order][:-1][again], values[order][1:][again]
    same = (one == two) | (_blank(one) & _blank(two))
    return float(np.mean(same))


def _blank(values: Any) -> Any:
    if values.dtype == object:
        return np.array([v is None for v in values])
    return np.isnat(values) if values.dtype == DAY else np.isnan(values)


def is_point(name: str) -> bool:
    """Is it a column of coordinates?"""
    return any(pattern.match(name) for pattern in POINT.values())


def is_person(column: Any, people: frozenset[str]) -> bool:
    """Does a column of texts name the same people as the person's column, under whatever name?"""
    if column.dtype != object or not people:
        return False
    there = {v for v in column if v is not None}
    return bool(there) and len(there & people) >= 0.5 * min(len(there), len(people))


def events_of(table: Table, ask: Ask, places: Places, people: frozenset[str]) -> Events:
    """The visits of a table that has places and dates, with what was measured and of what kind they were."""
    place, day = places.of(table[ask.place]), days(table[ask.date], table.name, ask.date)
    order = np.argsort(day, kind="stable")
    place, day = place[order], day[order]
    ids = keys(table[ask.id])[order] if ask.id in table else np.full(len(day), "", dtype=object)
    found = Events(table.name, place, day, ids)
    roles = {ask.id, ask.place, ask.date, *ask.leave_out}
    for name, column in table.columns.items():
        if name in roles or is_point(name) or name == ask.person or is_person(column, people):
            continue
        _take(found, name, column[order])
    return found


def _take(found: Events, name: str, column: Any) -> None:
    """A column that differs between the visits of a place: numbers are measures, texts are kinds."""
    if column.dtype == DAY or stable_share(found.place, found.day, column) > STABLE:
        return
    if column.dtype != object:
        found.measures[name] = column
        return
    values, counts = np.unique([v or "" for v in column], return_counts=True)
    often = [(n, v) for v, n in zip(values, counts, strict=True) if v and n >= LEAST_SHARE * len(column)]
    if len(values) <= 0.05 * len(column) + 20:
        for _n, value in sorted(often, reverse=True)[:MOST_KINDS]:
            found.kinds[f"{name}={value}"] = (column == value).astype(float)


def join(found: list[Events], table: Table, ask: Ask) -> bool:
    """Add how much a table that knows visits by their id alone says of them; False when no visit is known by it.

    Its numbers are summed: how many items were violated told more than which (tried on the public case).
    """
    columns = [c for n, c in table.columns.items() if n not in (ask.id, *ask.leave_out) and c.dtype == np.float64]
    total = np.nansum(columns, axis=0) if columns else np.zeros(len(table))
    number = {key: n for n, key in enumerate(keys(table[ask.id]))}
    joined = False
    for events in found:
        where = np.fromiter((number.get(key, -1) for key in events.ids), dtype=np.int64, count=len(events))
        if (where >= 0).mean() < 0.5:
            continue
        joined = True
        events.measures[table.name] = np.where(where >= 0, total[where], np.nan)
    return joined
