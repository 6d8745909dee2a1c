"""What a report is about: its ground, period, columns, figures and lists, live or as they were frozen."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from sanxiao.docket.models import Event
from sanxiao.office.models import prefix_of
from sanxiao.reports import figures as counting
from sanxiao.reports import records, works
from sanxiao.reports.columns import Column, Table
from sanxiao.reports.figures import Figures
from sanxiao.reports.indicators import COLUMNS, TABLES
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
        self.heard: int | None = None  # the last event of the log when the figures were counted

    @cached_property
    def period(self) -> Period:
        """The quarter's days and the campaign's first."""
        return self.report.quarter.period(campaign_start(self.report.area))

    @cached_property
    def _shelf(self) -> records.Shelf:
        return records.Shelf(self.ground, self.period)

    @cached_property
    def _acts(self) -> works.Shelf:
        return works.Shelf(self.report.unit, self.period)

    @cached_property
    def columns(self) -> Mapping[str, Column]:
        """Columns by key."""
        return works.columns() if self.of_office else COLUMNS

    @property
    def tables(self) -> tuple[Table, ...]:
        """The tables of this report."""
        if self.of_office:
            return (works.table(self.figures),)
        return tuple(table for table in TABLES if self.report.is_town or not table.town)

    @property
    def figures(self) -> Figures:
        """All counts."""
        if self._figures is None:
            self.heard = last_event()
            if self.version is not None:
                self._figures = Figures.unpacked(self.version.cells)
            elif self.of_office:
                self._figures = works.count(self.report.unit, self.period)
            else:
                self._figures = counting.count(self.ground, self.period)
        return self._figures

    @cached_property
    def before(self) -> Figures | None:
        """What was last submitted by the same unit for the quarter before."""
        report, earlier = self.report, self.report.quarter.before
        rows = Version.objects.filter(report__unit=report.unit_id, report__scope=report.scope)
        last = rows.filter(report__year=earlier.year, report__no=earlier.no).order_by("-serial").first()
        return Figures.unpacked(last.cells) if last else None

    def lists(self, column: Column, span: str) -> dict[Place, Items]:
        """The records behind a column, by village and kind."""
        if self.version is not None:
            return self._frozen(f"{column.key}.{span}")
        if self.of_office:
            return self._acts.lists(column, span)
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


def last_event() -> int | None:
    """The newest entry of the log: figures that were counted after it still hold while it is the newest."""
    return Event.objects.order_by("-pk").values_list("pk", flat=True).first()


def subject_of(report: Report, version: Version | None = None) -> Subject:
    """The numbers that stand for a report now: those of its last version while it is frozen. Kept on the object."""
    if version is not None:
        return Subject(report, version)
    kept: Subject | None = getattr(report, "_subject", None)
    wanted = report.latest if report.is_frozen else None
    if kept is None or kept.version != wanted:
        kept = Subject(report, wanted)
        report._subject = kept
    return kept


def counted_now(report: Report) -> Subject:
    """The numbers of a report counted from the log of this moment, or just now, when nothing has happened since."""
    kept: Subject | None = getattr(report, "_subject", None)
    if kept is not None and kept.version is None and kept.heard is not None and kept.heard == last_event():
        return kept
    return Subject(report)


def words_of(report: Report, version: Version | None = None) -> dict[str, Any]:
    """The narrative that belongs to what is shown."""
    if version is not None:
        return version.words
    return {name: getattr(report, name) for name in (*NARRATIVE, "explanation")}
