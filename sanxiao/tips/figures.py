"""Counts of tips for reports and panels: what is told of a unit of our own is in none, small numbers are hidden."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.db.models import Count

from sanxiao.docket.models import Rule
from sanxiao.office.now import today
from sanxiao.tips.models import Complaint, Report, Reward, Track

SMALLEST = 5
HANDLED = ("closed",)


def smallest(area: str = "") -> int:
    """Below this a village's number is not shown."""
    return int(Rule.objects.value("tips.smallest", area, default=SMALLEST))


def shown(number: int, least: int) -> int | None:
    """The number, or None where it is so small that it could point at somebody. Nothing at all points at nobody."""
    return number if number == 0 or number >= least else None


def by_village(model: type[Track], since: date, until: date) -> dict[str, int]:
    """Received in the time, by village; exact, for who adds up a town."""
    rows = model.objects.counted().filter(rule_on__range=(since, until)).order_by()
    return dict(rows.values_list("area").annotate(n=Count("pk")))


def table(areas: Iterable[str], since: date, until: date) -> dict[str, dict[str, Any]]:
    """For each village: complaints and reports received and closed; None = suppressed (see `_suppressed`)."""
    least, wanted = smallest(), list(areas)
    columns = {
        "complaints": by_village(Complaint, since, until), "reports": by_village(Report, since, until),
        "complaints_closed": _closed(Complaint, since, until), "reports_closed": _closed(Report, since, until),
    }  # fmt: skip
    hidden = {name: _suppressed({area: counts.get(area, 0) for area in wanted}, least)
              for name, counts in columns.items()}  # fmt: skip
    return {area: {name: hidden[name][area] for name in columns} for area in wanted}


def town(since: date, until: date, ground: str = "") -> dict[str, int | None]:
    """The same for the whole town (the head of its code), with the rewards paid: table 8 of the quarterly report.

    None = suppressed; there is no cumulative number, for the difference of two of them would be the small one.
    """
    least = smallest()
    paid = Reward.objects.filter(state="paid", paid_on__range=(since, until), area__startswith=ground)
    rewards = shown(paid.count(), least)
    counts = {
        "complaints": by_village(Complaint, since, until), "reports": by_village(Report, since, until),
        "complaints_closed": _closed(Complaint, since, until), "reports_closed": _closed(Report, since, until),
    }  # fmt: skip
    sums = {name: sum(n for area, n in rows.items() if area.startswith(ground)) for name, rows in counts.items()}
    yuan = None if rewards is None else sum(paid.values_list("amount", flat=True))
    return {**{name: shown(n, least) for name, n in sums.items()}, "rewards": rewards, "rewards_yuan": yuan}


def _closed(model: type[Track], since: date, until: date) -> dict[str, int]:
    rows = model.objects.counted().exclude(state__in=model.flow.open_states)
    rows = rows.filter(letter__closed_on__range=(since, until)).order_by()
    return dict(rows.values_list("area").annotate(n=Count("pk")))


def _suppressed(counts: dict[str, int], least: int) -> dict[str, int | None]:
    """Small numbers hidden; and as many of the next smallest as it takes until the sum, which stands below them, gives
    none away: one alone, or several that can only be all ones or all the largest small number."""
    hidden = [area for area, n in counts.items() if 0 < n < least]
    others = sorted((area for area, n in counts.items() if n >= least), key=lambda area: counts[area])
    while hidden and others and _given_away([counts[area] for area in hidden], least):
        hidden.append(others.pop(0))
    return {area: None if area in hidden else n for area, n in counts.items()}


def _given_away(numbers: list[int], least: int) -> bool:
    return len(numbers) == 1 or sum(numbers) < least or set(numbers) in ({1}, {least - 1})


def quarter_of(said: str, day: date) -> tuple[int, int]:
    """'2018-2' as year and quarter; that of the day for anything else."""
    year, _dash, quarter = said.partition("-")
    if year.isdecimal() and 2000 <= int(year) <= 2100 and quarter in ("1", "2", "3", "4"):
        return int(year), int(quarter)
    return day.year, (day.month + 2) // 3


def newest(desk: bool) -> date:
    """The last day that may be shown: today to the desk, which reads the letters; to others the end of the last
    quarter, for a sum that is looked at every morning tells when the next letter came."""
    return today() if desk else span(*quarter_of("", today()))[0] - timedelta(days=1)


def span(year: int, quarter: int) -> tuple[date, date]:
    """First and last day of a quarter."""
    first = date(year, quarter * 3 - 2, 1)
    after = date(year + (quarter == 4), quarter * 3 % 12 + 1, 1)
    return first, after - timedelta(days=1)


def neighbours(year: int, quarter: int) -> tuple[str, str]:
    """The quarters before and after, as the address writes them."""
    before = f"{year - 1}-4" if quarter == 1 else f"{year}-{quarter - 1}"
    after = f"{year + 1}-1" if quarter == 4 else f"{year}-{quarter + 1}"
    return before, after


# --- of a file ---------------------------------------------------------------------------------------------------


def handled(files: Iterable[Any]) -> list[Report]:
    """Reports on these files (keys) that are closed; nothing is known below of any other."""
    rows = Report.objects.counted().filter(file__in=list(files), state__in=HANDLED)
    return list(rows.select_related("letter").order_by("-letter__closed_on", "id"))
