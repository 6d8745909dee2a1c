"""The past of a ranking, put together: outcomes, events, and what is known of each place.

The order is made on the morning of the first day that is to be ranked. Whatever is dated on that day or later
is dropped here, before anything looks at it, and an outcome column of the table to be ranked is never read.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from sanxiao.risk.ranking.events import (
    POINT,
    STABLE,
    Ask,
    Events,
    Places,
    days,
    events_of,
    is_person,
    is_point,
    join,
    stable_share,
)  # fmt: skip
from sanxiao.risk.ranking.table import DAY, Table, TableError, keys, read

SAME = 0.95  # a text that is the same for more of the rows tells places apart too little, or was made up afterwards
LEAST = 200  # visits in common before a column of the history is taken for the outcome


@dataclass
class Past:
    """Everything a ranking may know. `outcome`: visits with their result, those of the history among them."""

    ask: Ask
    cutoff: int
    places: Places
    train: Table
    score: Table
    place: Any  # of every visit with an outcome
    day: Any
    found: Any  # 1.0 when something serious was found
    person: Any  # text or None
    asked: Any  # of the table to be trained on (True), or of a later table of the history (False)
    lag: int
    events: list[Events]
    numbers: dict[str, Any]  # attribute -> value of every place, NaN unknown
    words: dict[str, Any]  # attribute -> text of every place, None unknown
    point: Any  # latitude and longitude of every place, NaN unknown


def load(train: Path, score: Path, history: list[Path], ask: Ask) -> Past:
    """Read the files and put the past together. Raises TableError in words."""
    tables = [read(path, ask.leave_out) for path in history]
    return gather(read(train, ask.leave_out), read(score, [ask.outcome, *ask.leave_out]), tables, ask)


def gather(train: Table, score: Table, history: list[Table], ask: Ask) -> Past:
    """Put the past together from tables. Raises TableError in words."""
    _wanted(train, [ask.id, ask.place, ask.date, ask.outcome, *([ask.person] if ask.person else [])])
    _wanted(score, [ask.id, ask.place, ask.date, *([ask.person] if ask.person and not ask.without_person else [])])
    cutoff = int(days(score[ask.date], score.name, ask.date).min())
    train = train.rows(days(train[ask.date], train.name, ask.date) < cutoff)
    if not len(train):
        raise TableError(
            f"{train.name}: 排序日之前没有检查。 No inspection is earlier than the first one to be ranked."
        )
    people = frozenset(v for v in train[ask.person] if v is not None) if ask.person else frozenset()
    places = Places()
    events, apart = [], []
    for table in history:
        if ask.place in table and ask.date in table:
            earlier = table.rows(days(table[ask.date], table.name, ask.date) < cutoff)
            if len(earlier):
                events.append(events_of(earlier, ask, places, people))
        else:
            apart.append(table)
    outcome = _outcomes(train, ask, places)
    own = Events("outcome", outcome["place"], outcome["day"], outcome["ids"])
    for table in apart:
        if ask.id not in table or not (join(events, table, ask) or join([own], table, ask)):
            raise TableError(
                f"{table.name}: 既没有地点和日期，编号也对不上。 Neither place and date, nor ids that are known."
            )
    if own.measures:
        events.append(own)
    for each in events:
        each.lag = cutoff - int(each.day.max())
    outcome = _and_of_history(outcome, events)
    places.of(score[ask.place])
    numbers, words, point = _places(train, score, history, ask, places, people)
    return Past(
        ask, cutoff, places, train, score, outcome["place"], outcome["day"], outcome["found"], outcome["person"],
        outcome["asked"], cutoff - int(outcome["day"].max()), events, numbers, words, point,
    )  # fmt: skip


def _wanted(table: Table, names: list[str]) -> None:
    if missing := [name for name in names if name not in table]:
        there = "、".join(table.columns)
        raise TableError(f"{table.name}: 没有列 {'、'.join(missing)}。有的是 Missing columns; there are: {there}")


def _outcomes(train: Table, ask: Ask, places: Places) -> dict[str, Any]:
    found = train[ask.outcome]
    if found.dtype != np.float64 or not set(np.unique(found)) <= {0.0, 1.0}:
        raise TableError(f"{train.name}: 列“{ask.outcome}”要是 0 和 1。 Column {ask.outcome} must be 0 or 1.")
    day = days(train[ask.date], train.name, ask.date)
    order = np.argsort(day, kind="stable")
    nobody = np.full(len(train), None, dtype=object)
    person = train[ask.person] if ask.person else nobody
    values = {
        "place": places.of(train[ask.place]),
        "day": day,
        "found": found,
        "person": person,
        "ids": keys(train[ask.id]),
    }
    values["asked"] = np.ones(len(day), dtype=bool)
    return {name: column[order] for name, column in values.items()}


def _and_of_history(outcome: dict[str, Any], events: list[Events]) -> dict[str, Any]:
    """Later visits of the history, when one of its measures says for all common visits what the outcome says."""
    known = dict(zip(outcome["ids"], outcome["found"], strict=True))
    for each in events:
        common = np.array([key in known for key in each.ids]) if any(each.ids) else np.zeros(len(each), bool)
        if common.sum() < LEAST or common.all():
            continue
        told = np.array([known[key] for key in each.ids[common]])
        for values in each.measures.values():
            if np.array_equal((values[common] > 0).astype(float), told):
                extra = {"place": each.place, "day": each.day, "found": (values > 0).astype(float), "ids": each.ids}
                extra["person"] = np.full(len(each), None, dtype=object)
                extra["asked"] = np.zeros(len(each), dtype=bool)
                both = {k: np.concatenate([outcome[k], extra[k][~common]]) for k in outcome}
                order = np.argsort(both["day"], kind="stable")
                return {k: v[order] for k, v in both.items()}
    return outcome


def _places(train: Table, score: Table, history: list[Table], ask: Ask, places: Places, people: frozenset[str]) -> Any:
    """What describes a place: columns that say the same at successive visits; dates that lay in the past."""
    numbers: dict[str, Any] = {}
    words: dict[str, Any] = {}
    point = np.full((len(places), 2), np.nan)
    place, day = places.of(train[ask.place]), days(train[ask.date], train.name, ask.date)
    sources = [(t, places.of(t[ask.place])) for t in history if ask.place in t] + [(train, place)]
    sources.append((score, places.of(score[ask.place])))
    point = np.full((len(places), 2), np.nan)
    for name, column in train.columns.items():
        if name in (ask.id, ask.place, ask.date, ask.outcome, ask.person) or name not in score:
            continue
        there = [(t[name], where) for t, where in sources if name in t and t[name].dtype == column.dtype]
        if is_point(name):
            _fill(point[:, 0 if POINT["lat"].match(name) else 1], there)
        elif is_person(column, people) or stable_share(place, day, column) < STABLE:
            continue
        elif column.dtype == DAY:
            if np.nanmean(column.astype(np.int64) <= day) > 0.99:
                _fill(numbers.setdefault(name, np.full(len(places), np.nan)), [(_years(c), w) for c, w in there])
        elif column.dtype == object:
            _values, counts = np.unique([v or "" for v in column], return_counts=True)
            if counts.max() <= SAME * len(column):
                _fill(words.setdefault(name, np.full(len(places), None, dtype=object)), there)
        elif np.nanstd(column) > 0:
            _fill(numbers.setdefault(name, np.full(len(places), np.nan)), there)
    return numbers, words, point


def _years(column: Any) -> Any:
    """Days as years, negative before 1970; unknown is NaN."""
    return np.where(np.isnat(column), np.nan, column.astype(np.int64) / 365.25)


def _fill(values: Any, sources: list[tuple[Any, Any]]) -> None:
    """The latest table that says something of a place has the last word."""
    for column, where in sources:
        there = np.array([v is not None for v in column]) if column.dtype == object else ~np.isnan(column)
        values[where[there]] = column[there]
