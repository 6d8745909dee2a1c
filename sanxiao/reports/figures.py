"""Counting: the figures of a ground and period, by column, village and kind, in a fixed number of queries.

All columns that count events come out of one grouped query over the log; small ones add what the log
says between the lines (the village that a file left, doubles that were merged). `records.py` gives the
list behind each number from the very same conditions.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Q

from sanxiao.reports import indicators as table
from sanxiao.reports.columns import HIDDEN, Column, Flows, Holding, Rate, Standing, Stock, Sums, Told
from sanxiao.reports.indicators import COLUMNS
from sanxiao.reports.quarters import Period
from sanxiao.reports.sources import (
    TOWN,
    Row,
    amounts,
    done_test,
    gone_by_merge,
    holds,
    left,
    matches,
    merges,
    rows_of,
    seen,
    standing,
    stock,
    truth,
)
from sanxiao.tips.figures import town as told_of_tips

Key = tuple[str, str, str, str]  # column, span, village, kind


class Figures(Mapping[Key, int]):
    """Counts by (column, span, village, kind). An empty village or kind means all of them."""

    def __init__(self, leaves: Mapping[Key, int]) -> None:
        self.leaves = {key: n for key, n in leaves.items() if n}
        self._sums: Counter[Key] = Counter()
        for (column, span, area, kind), n in self.leaves.items():
            for place in {(area, kind), (area, ""), ("", kind), ("", "")}:
                self._sums[column, span, *place] += n

    def __getitem__(self, key: Key) -> int:
        return self._sums[key]

    def __iter__(self) -> Iterator[Key]:
        return iter(self._sums)

    def __len__(self) -> int:
        return len(self._sums)

    def value(self, column: Column, span: str = "q", area: str = "", kind: str = "") -> int | float | None:
        """A count, or a share between 0 and 1 (None where there is nothing to divide by)."""
        if not isinstance(column.how, Rate):
            return self._sums[column.key, span, area, kind]
        whole = sum(self._sums[key, "q", area, kind] for key in column.how.whole)
        part = sum(self._sums[key, "q", area, kind] for key in column.how.part)
        return round(part / whole, 4) if whole else None

    def areas(self) -> set[str]:
        """Villages for which anything was counted."""
        return {area for _column, _span, area, _kind in self.leaves if area}

    def packed(self) -> dict[str, int]:
        """As JSON keeps it."""
        return {f"{c}.{s}|{a}|{k}": n for (c, s, a, k), n in sorted(self.leaves.items())}

    @classmethod
    def unpacked(cls, cells: Mapping[str, int]) -> "Figures":
        """Back from `packed`."""
        leaves = {}
        for name, n in cells.items():
            head, area, kind = name.split("|")
            column, _dot, span = head.rpartition(".")
            leaves[column, span, area, kind] = n
        return cls(leaves)


def count(ground: str, period: Period, columns: Mapping[str, Column] = COLUMNS) -> Figures:
    """All figures of a ground (an area code or its head) for a period."""
    cells: Counter[Key] = Counter()
    merged = merges(period.until, ground)
    tallies = [*_tallied(ground, period), *_tally_rows(merged, period)]
    for column in columns.values():
        if isinstance(column.how, (Flows, Stock)) and not isinstance(column.how, Sums):
            _count_events(cells, column.key, column.how, tallies)
    _sum_events(cells, ground, period, columns)
    # A village's file may have gone into one of the next village, so the whole town's merges count here.
    absorbed = gone_by_merge(merges(period.until) if ground[9:] else merged)
    _count_standing(cells, ground, period, absorbed, columns)
    _count_holding(cells, ground, period, absorbed, columns)
    _count_told(cells, ground, period, columns)
    if "unclassified" in columns:
        _count_unclassified(cells)
    return Figures(cells)


@dataclass(frozen=True)
class Tally:
    """Events of one sort in one village: how many before the quarter, in it, and in the campaign until its end."""

    kind: str
    move: str
    frm: str
    mark: str
    spot: str
    species: str
    place: str
    before: int
    quarter: int
    whole: int


def _tallied(ground: str, period: Period) -> Iterator[Tally]:
    quarter = Q(on__gte=period.since)
    names = ("kind", "move", "frm", "mark", "spot", "species")
    for place, rows in (("area", seen(ground, period.until, table.all_hits())), ("origin", left(ground, period.until))):
        grouped = rows.order_by().values(*names).annotate(
            before=Count("pk", filter=~quarter), quarter=Count("pk", filter=quarter),
            whole=Count("pk", filter=Q(on__gte=period.start)),
        )  # fmt: skip
        for row in grouped:
            yield Tally(**{**row, "mark": row["mark"] or ""}, place=place)


def _tally_rows(rows: Iterable[Row], period: Period) -> Iterator[Tally]:
    for row in rows:
        quarter = period.holds(row.on, "q")
        yield Tally(
            row.kind, row.move, row.frm, row.mark, row.spot, row.species, row.place, int(not quarter), int(quarter),
            int(period.holds(row.on, "c")),
        )  # fmt: skip


def _count_events(cells: Counter[Key], key: str, how: Flows | Stock, tallies: Iterable[Tally]) -> None:
    for tally in tallies:
        sign = sum(hits.sign for hits in how.hits if matches(hits, tally))
        place = (tally.spot, tally.species)
        if isinstance(how, Flows):
            cells[key, "q", *place] += sign * tally.quarter
            cells[key, "c", *place] += sign * tally.whole
        else:
            cells[key, "q", *place] += sign * (tally.before + (tally.quarter if how.at == "until" else 0))


def _sum_events(cells: Counter[Key], ground: str, period: Period, columns: Mapping[str, Column]) -> None:
    """Sums of facts: their events are few, and are read one by one so that the sum is that of the list behind it."""
    wanted = {c.key: c.how for c in columns.values() if isinstance(c.how, Sums)}
    hits = tuple({h: None for how in wanted.values() for h in how.hits})
    rows = rows_of(ground, period.until, hits) if hits else []
    parts = {key: amounts((row.event for row in rows), how.fact) for key, how in wanted.items()}
    for row in rows:
        for key, how in wanted.items():
            part = sum(each.sign for each in how.hits if matches(each, row)) * parts[key].get(row.event, 0)
            for span in "qc":
                cells[key, span, row.spot, row.species] += part * period.holds(row.on, span)


def fits(how: Standing, row: Mapping[str, Any]) -> bool:
    """Does a decision count for the column, its being done apart?"""
    return how.case in (None, row["case"]) and how.batch in (None, row["batch"]) and (row["there"] or not how.trading)


def _count_standing(
    cells: Counter[Key], ground: str, period: Period, absorbed: set[UUID], columns: Mapping[str, Column]
) -> None:
    wanted = {c.key: c.how for c in columns.values() if isinstance(c.how, Standing)}
    sorts = {how.done for how in wanted.values() if how.done}
    tests = {hits: f"done{i}" for i, hits in enumerate(sorted(sorts, key=str))}
    rows = standing(ground, period, absorbed).annotate(
        **{f"{name}_q": truth(done_test(hits, period.since, period.until)) for hits, name in tests.items()},
        **{f"{name}_c": truth(done_test(hits, None, period.until)) for hits, name in tests.items()},
    )
    flags = [f"{name}_{span}" for name in tests.values() for span in "qc"]
    names = ("spot", "species", "case", "batch", "fresh", "there", *flags)
    for row in rows.order_by().values(*names).annotate(n=Count("pk")):
        spot_, species, n = row["spot"], row["species"], row["n"]
        for key, how in wanted.items():
            if how.case == "" or not fits(how, row):
                continue
            if how.done:
                name = tests[how.done]
                now, ever = row[f"{name}_q"], row[f"{name}_c"]
            else:
                now, ever = row["fresh"], True
            cells[key, "q", spot_, species] += n * bool(now)
            cells[key, "c", spot_, species] += n * bool(ever)


def _count_unclassified(cells: Counter[Key]) -> None:
    """Those of the stock about which nothing has been decided."""
    for (column, _span, area, kind), n in list(cells.items()):
        if column == "end":
            cells["unclassified", "q", area, kind] += n
        elif column in ("case0", "case1", "case2", "case3") and _span == "c":
            cells["unclassified", "q", area, kind] -= n


def _count_told(cells: Counter[Key], ground: str, period: Period, columns: Mapping[str, Column]) -> None:
    """What the room of tips tells of itself, of a whole town and no smaller ground."""
    wanted = {c.key: c.how.what for c in columns.values() if isinstance(c.how, Told)}
    if not wanted or len(ground) > TOWN:
        return
    found = told_of_tips(period.since, period.until, ground)
    for key, what in wanted.items():
        number = found[what]
        cells[key, "q", ground.ljust(12, "0"), ""] = HIDDEN if number is None else number


def _count_holding(
    cells: Counter[Key], ground: str, period: Period, absorbed: set[UUID], columns: Mapping[str, Column]
) -> None:
    wanted = {c.key: c.how.what for c in columns.values() if isinstance(c.how, Holding)}
    tests = {
        f"has_{what}": truth(test) for what, test in holds(ground, period.until).items() if what in wanted.values()
    }
    rows = stock(ground, period.until, absorbed).annotate(**tests)
    for row in rows.order_by().values("spot", "kind_id", *tests).annotate(n=Count("pk")):
        for key, what in wanted.items():
            cells[key, "q", row["spot"], row["kind_id"]] += row["n"] * bool(row[f"has_{what}"])
