"""The critical path: when each step can begin and end, how much it may slip, when the whole is done. Pure.

A step that has ended stands as it was. One that is under way ends when its days are over, and not before today; one
that has not begun begins when the last step before it ends, and not before today. Lengths are spans of working or
calendar days, one after the other, counted by the calendar.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sanxiao.docket import clock
from sanxiao.docket.clock import Calendar

Span = tuple[int, str]  # so many wd, d, month, year


@dataclass(frozen=True)
class Task:
    """A step as the path sees it."""

    key: str
    after: tuple[str, ...] = ()
    spans: tuple[Span, ...] = ()
    started: date | None = None
    ended: date | None = None


@dataclass(frozen=True)
class Bar:
    """When a step begins and ends; `slack`: days by which it may slip without moving the end of the whole."""

    key: str
    start: date
    end: date
    slack: int
    ended: bool

    @property
    def critical(self) -> bool:
        """Does every day that it slips move the end?"""
        return self.slack <= 0 and not self.ended


def lasting(start: date, spans: Iterable[Span], calendar: Calendar) -> date:
    """The last day of spans that follow each other from a day on."""
    day = start
    for length, unit in spans:
        day = clock.due(day, length, unit, calendar).on if length else day
    return day


def ordered(tasks: Mapping[str, Task]) -> list[Task]:
    """Every step after those before it. Raises ValueError when they run in a ring."""
    done: list[Task] = []
    left = dict(tasks)
    while left:
        placed = {task.key for task in done}
        free = [t for t in left.values() if all(key in placed for key in t.after if key in tasks)]
        if not free:
            raise ValueError(f"steps in a ring: {sorted(left)}")
        done += free
        for task in free:
            del left[task.key]
    return done


def schedule(tasks: Iterable[Task], begun: date, today: date, calendar: Calendar) -> dict[str, Bar]:
    """The bars of all steps by key. `begun`: the first day of the whole."""
    known = {task.key: task for task in tasks}
    rows = ordered(known)
    times: dict[str, tuple[date, date]] = {}
    for task in rows:
        times[task.key] = _times(task, times, begun, today, calendar)
    whole = max((end for _start, end in times.values()), default=begun)
    latest: dict[str, date] = {}
    for task in reversed(rows):
        after = [latest[t.key] - _length(times[t.key]) for t in rows if task.key in t.after]
        latest[task.key] = min(after, default=whole)
    return {
        task.key: Bar(task.key, *times[task.key], (latest[task.key] - times[task.key][1]).days, task.ended is not None)
        for task in rows
    }


def _times(
    task: Task, times: Mapping[str, tuple[date, date]], begun: date, today: date, calendar: Calendar
) -> tuple[date, date]:
    earliest = max((times[key][1] for key in task.after if key in times), default=begun)
    if task.ended:
        return min(task.started or task.ended, task.ended), task.ended
    start = task.started or max(earliest, today)
    return start, max(today, lasting(start, task.spans, calendar))


def _length(pair: tuple[date, date]) -> timedelta:
    return pair[1] - pair[0]


def finish(bars: Mapping[str, Bar]) -> date | None:
    """The last day of the whole; None without steps."""
    return max((bar.end for bar in bars.values()), default=None)
