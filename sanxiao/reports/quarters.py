"""Quarters and periods: calendar days in the town's own time, both ends included."""

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self

from django.utils.translation import gettext as _

from sanxiao.campaign.models import Phase


@dataclass(frozen=True)
class Period:
    """Days counted for a table: the quarter (`since`–`until`) and, from `start` on, the whole campaign."""

    since: date
    until: date
    start: date

    def holds(self, day: date, span: str) -> bool:
        """Does the day count for a span: 'q' the quarter, 'c' cumulative?"""
        return (self.since if span == "q" else self.start) <= day <= self.until


@dataclass(frozen=True, order=True)
class Quarter:
    """A quarter of a year."""

    year: int
    no: int

    @classmethod
    def of(cls, day: date) -> Self:
        """The quarter in which a day lies."""
        return cls(day.year, (day.month + 2) // 3)

    @classmethod
    def parse(cls, text: str) -> Self:
        """'2018Q3'; raises ValueError for anything else."""
        year, sign, no = text.partition("Q")
        if not (sign and year.isdigit() and len(year) == 4 and no in ("1", "2", "3", "4")):
            raise ValueError(text)
        return cls(int(year), int(no))

    def __str__(self) -> str:
        return f"{self.year}Q{self.no}"

    @property
    def label(self) -> str:
        """As it is printed: 2018年第三季度."""
        names = {1: _("第一季度"), 2: _("第二季度"), 3: _("第三季度"), 4: _("第四季度")}
        return _("%(year)s年%(quarter)s") % {"year": self.year, "quarter": names[self.no]}

    @property
    def since(self) -> date:
        """Its first day."""
        return date(self.year, self.no * 3 - 2, 1)

    @property
    def until(self) -> date:
        """Its last day."""
        month = self.no * 3
        return date(self.year, month, calendar.monthrange(self.year, month)[1])

    @property
    def next(self) -> "Quarter":
        """The one after."""
        return Quarter.of(self.until + timedelta(days=1))

    @property
    def before(self) -> "Quarter":
        """The one before."""
        return Quarter.of(self.since - timedelta(days=1))

    def period(self, start: date) -> Period:
        """Its days, with those of the campaign from `start` on for the cumulative figures."""
        return Period(self.since, self.until, start)


def campaign_start(area: str) -> date:
    """The first day of the town's first phase; LookupError where no plan is loaded."""
    first = Phase.objects.of_town(area).order_by("since").first()
    if first is None:
        raise LookupError(f"no plan is loaded for {area}")
    return first.since


def last_ended(day: date) -> Quarter:
    """The latest quarter whose last day has come."""
    quarter = Quarter.of(day)
    return quarter if day == quarter.until else quarter.before
