"""When a closed place is visited again: the steps after its closing, and for each an hour drawn by lot. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from sanxiao.docket.clock import add_months

DAY = timedelta(days=1)
QUARTER = 3  # months


@dataclass(frozen=True)
class Terms:
    """The town's rules: days after closing, years of going on quarterly, days of leeway, hours to draw from."""

    days: tuple[int, ...]
    years: int
    leeway: int
    windows: tuple[Mapping[str, Any], ...]


def steps(closed_on: date, terms: Terms) -> Iterator[tuple[int, date]]:
    """All steps of a closing, numbered from one, each with the day from which it is due."""
    due = closed_on
    for no, days in enumerate(terms.days, 1):
        due = closed_on + timedelta(days=days)
        yield no, due
    no, first, last = len(terms.days), due, add_months(closed_on, 12 * terms.years)
    for quarter in range(1, 4 * terms.years + 1):
        due = add_months(first, QUARTER * quarter)
        if due > last:
            return
        yield no + quarter, due


def step_due(closed_on: date, terms: Terms, day: date, ahead: int) -> tuple[int, date] | None:
    """The latest step that is to be planned by a day; earlier ones that were missed are past."""
    reached = [(no, due) for no, due in steps(closed_on, terms) if due - timedelta(days=ahead) <= day]
    return reached[-1] if reached else None


def fits(window: Mapping[str, Any], day: date) -> bool:
    """Does a window open on a day? By weekday, by day of the month, or on days that are named."""
    if named := window.get("dates"):
        return day.isoformat() in named
    if days := window.get("month_days"):
        return day.day in days
    return day.isoweekday() in window.get("days", range(1, 8))


def draw(seed: str, since: date, until: date, windows: Sequence[Mapping[str, Any]]) -> tuple[date, Mapping[str, Any]]:
    """One window and one day by lot; the same seed gives the same. Every window that opens in time has one chance."""
    span = [since + DAY * n for n in range((until - since).days + 1)]
    open_on = [(window, [day for day in span if fits(window, day)]) for window in windows]
    open_on = [(window, days) for window, days in open_on if days]
    if not open_on:
        raise ValueError("no window opens between these days")
    lot = Random(seed)  # a lot that anybody can draw again, no secret
    window, days = lot.choice(open_on)
    return lot.choice(days), window
