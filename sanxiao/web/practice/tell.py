"""The clock of a told history: plots take turns in the order of time, each step at its own moment.

A plot is a generator that does something and yields when it wants to go on: a number of days from now
(an office day, at an hour when offices work) or an exact moment. Whoever wants to go on after the present
simply never does: that is the open work on the desks of today.
"""

import heapq
from collections.abc import Callable, Generator
from datetime import date, datetime, time, timedelta
from itertools import count
from random import Random
from typing import Any

from django.db import transaction
from django.utils import timezone

from sanxiao.docket.clock import Calendar
from sanxiao.docket.refusal import Refused
from sanxiao.office.now import at, today

Plot = Generator[int | datetime, None, Any]
STEPS = 400  # from one word of progress to the next


def at_night(day: date) -> datetime:
    """Ten past two in the morning: when the night watch goes, before anybody comes to the office."""
    return timezone.make_aware(datetime.combine(day, time(2, 10)))


class Teller:
    """Plots in a heap by the moment at which each goes on.

    A plot that the program refuses ends there, as it would for a clerk, and is counted in `stopped`: chance meets many
    rooms here, and one story less must not keep an office from its first look. `strict` raises instead (tests).
    """

    strict = False

    def __init__(self, rng: Random, calendar: Calendar, until: datetime) -> None:
        self.rng, self.calendar, self.until = rng, calendar, until
        self.stopped: list[str] = []
        self._heap: list[tuple[datetime, int, Plot]] = []
        self._order = count()

    def add(self, plot: Plot, on: date) -> None:
        """Let a plot begin on an office day."""
        self._push(self.office_hour(on), plot)

    def _push(self, moment: datetime, plot: Plot) -> None:
        heapq.heappush(self._heap, (moment, next(self._order), plot))

    def office_hour(self, day: date) -> datetime:
        """A moment on that day, or on the next on which offices work."""
        while not self.calendar.works(day):
            day += timedelta(days=1)
        hour, minute = self.rng.choice((8, 9, 10, 11, 13, 14, 15, 16)), self.rng.randrange(60)
        clock = time(hour, minute, self.rng.randrange(60))
        return timezone.make_aware(datetime.combine(day, clock))

    def tell(self, step: Callable[[datetime], None] = lambda _moment: None) -> int:
        """Let everything happen until the present; `step` is told the moment now and then. Returns the steps."""
        told = 0
        while self._heap and self._heap[0][0] <= self.until:
            moment = self._next()
            told += 1
            if told % STEPS == 0:
                step(moment)
        return told

    def _next(self) -> datetime:
        moment, _order, plot = heapq.heappop(self._heap)
        with at(moment):
            wish = self._step(plot)
            if isinstance(wish, datetime):
                self._push(max(wish, moment + timedelta(minutes=1)), plot)
            elif wish is not None:
                self._push(self._after(moment, wish), plot)
        return moment

    def _step(self, plot: Plot) -> int | datetime | None:
        try:
            with transaction.atomic():
                return next(plot, None)
        except Refused as refusal:
            if self.strict:
                raise
            self.stopped.append(refusal.reason)
            return None

    def _after(self, moment: datetime, days: int) -> datetime:
        if days == 0:
            return moment + timedelta(minutes=self.rng.randint(5, 55))
        return self.office_hour(today() + timedelta(days=days))
