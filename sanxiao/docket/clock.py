"""Legal time: when a term that begins on a day runs out. Pure; knows hours, days, working days.

Working days follow the State Council's yearly notice (holidays and worked weekends). A year whose
notice is not loaded is counted Monday to Friday and says so (`provisional`), never silently.
The first day is not counted; a term of calendar days, months or years that would end on a rest day
ends on the next working day (domain.md 6 and 9).
"""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

UNITS = ("h", "wd", "d", "month", "year")
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Calendar:
    """Days that differ from Monday-to-Friday (True: worked weekend, False: holiday), for whole years."""

    days: Mapping[date, bool] = field(default_factory=dict)
    years: frozenset[int] = frozenset()

    def works(self, day: date) -> bool:
        """Is this a working day?"""
        return self.days.get(day, day.weekday() < 5)


@dataclass(frozen=True)
class Due:
    """The last day of a term, and whether it rests on a year without a calendar."""

    on: date
    provisional: bool = False


def add_months(day: date, months: int) -> date:
    """The same day so many months on; the last day of the month where it has none (29 Feb + 1 year)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def due(start: date, length: int, unit: str, calendar: Calendar, *, roll: bool = True) -> Due:
    """The last day of a term of `length` units beginning on `start` (which is not counted).

    `roll=False` leaves a last day on a rest day where it is (validity periods). Hours: see `due_at`.
    """
    if unit == "wd":
        end = _count_working(start, length, calendar)
    elif unit == "d":
        end = start + length * DAY
    elif unit in ("month", "year"):
        end = add_months(start, length * (12 if unit == "year" else 1))
    else:
        raise ValueError(f"a term in {unit!r} has no last day")
    while roll and unit != "wd" and not calendar.works(end):
        end += DAY
    touched = range(start.year, end.year + 1) if unit == "wd" else [end.year] if roll else []
    return Due(end, any(year not in calendar.years for year in touched))


def due_at(start: datetime, hours: int) -> datetime:
    """The moment at which a term of hours runs out."""
    return start + timedelta(hours=hours)


def _count_working(start: date, length: int, calendar: Calendar) -> date:
    day = start
    while length > 0:
        day += DAY
        length -= calendar.works(day)
    return day


def remaining(today: date, end: date, unit: str, calendar: Calendar) -> int:
    """Units left after `today` until and including `end`; negative when it is past. Months count as days."""
    first, last, sign = (today, end, 1) if end >= today else (end, today, -1)
    if unit != "wd":
        return sign * (last - first).days
    days = (first + n * DAY for n in range(1, (last - first).days + 1))
    return sign * sum(calendar.works(day) for day in days)


def shifted(resumed: date, left: int, unit: str, calendar: Calendar) -> Due:
    """The new last day when a term with `left` units is taken up again."""
    return due(resumed, max(left, 0), "wd" if unit == "wd" else "d", calendar)
