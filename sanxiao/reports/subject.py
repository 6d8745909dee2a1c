"""What a report is about: its ground, period, columns, figures and lists, live or as they were frozen."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from sanxiao.office.models import prefix_of
from sanxiao.reports import figures as counting
from sanxiao.reports import records, works
from sanxiao.reports.figures import Figures
from sanxiao.reports.indicators import COLUMNS, TABLES, Column, Table
from sanxiao.reports.models import NARRATIVE, FrozenList, Report, Version
from sanxiao.reports.quarters import Period, campaign_start
from sanxiao.reports.records import NOTHING, Items, Place


class Subject:
    """A report's numbers. With a `version` they are read from it, otherwise counted from the log, once."""

    def __init__(self, report: Report, version: Version | None = None) -> None:
        self.report, self.version = report, version
        self.ground = prefix_of(report.area)
        self.of_office = not report.is_town and report.unit.role != "village"
        self._figures: Figures | None = None

    @cached_property
    def period(self) -> Period:
        """The quarter's days and the campaign's first."""
        return self.report.quarter.period(campaign_start(self.report.area))

    @cached_property
    def _shelf(self) -> records.Shelf:
        return records.Shelf(self.ground, self.period)

    @property
    def columns(self) -> Mapping[str, Column]:
        """Columns by key."""
        return works.columns() if self.of_office else COLUMNS

    @property
    def tables(self) -> tuple[Table, ...]:
        """The tables of this report."""
        return (works.table(self.figures),) if self.of_office else TABLES

    @property
    def figures(self) -> Figures:
        """All counts."""
        if self._figures is None:
            if self.version is not None:
                self._figures = Figures.unpacked(self.version.cells)
            elif self.of_office:
                self._figures = works.count(self.report.unit, self.period)
            else:
                self._figures = counting.count(self.ground, self.period)
        return self._figures

    def lists(self, column: Column, span: str) -> dict[Place, Items]:
        """The records behind a column, by village and kind."""
        if self.version is not None:
            return self._frozen(f"{column.key}.{span}")
        if self.of_office:
            return works.lists(self.report.unit, self.period, column, span)
        return records.lists(self.ground, self.period, column, span, self._shelf)

    def _frozen(self, head: str) -> dict[Place, Items]:
        rows = FrozenList.objects.filter(version=self.version, cell__startswith=f"{head}|")
        found = {}
        for cell, items in rows.values_list("cell", "items"):
            _head, area, kind = cell.split("|")
            found[area, kind] = Items.unpacked(items)
        return found

    def items(self, column: Column, span: str, area: str = "", kind: str = "") -> Items:
        """The records of one number; an empty village or kind means all of them."""
        found = NOTHING
        for (its_area, its_kind), items in sorted(self.lists(column, span).items()):
            if area in ("", its_area) and kind in ("", its_kind):
                found = found.joined(items)
        return found


def subject_of(report: Report, version: Version | None = None) -> Subject:
    """The numbers that stand for a report now: those of its last version while it is frozen. Kept on the object."""
    if version is not None:
        return Subject(report, version)
    kept: Subject | None = getattr(report, "_subject", None)
    wanted = report.latest if report.is_frozen else None
    if kept is None or kept.version != wanted:
        kept = Subject(report, wanted)
        report._subject = kept  # type: ignore[attr-defined]
    return kept


def words_of(report: Report, version: Version | None = None) -> dict[str, Any]:
    """The narrative that belongs to what is shown."""
    if version is not None:
        return version.words
    return {name: getattr(report, name) for name in (*NARRATIVE, "explanation")}
