"""What time it is for the program. One place, so that tests and practice data can tell a history."""

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, timedelta

from django.utils import timezone

_told: ContextVar[Iterator[datetime] | None] = ContextVar("told", default=None)


def now() -> datetime:
    """The present moment, aware; server time is the legal time."""
    told = _told.get()
    return timezone.now() if told is None else next(told)


def story_is_told() -> bool:
    """Does the program believe in another moment than that on the wall?"""
    return _told.get() is not None


def on_the_wall() -> datetime:
    """The moment on the wall, whatever story is being told."""
    return timezone.now()


def today() -> date:
    """The present day in the town's time zone (a quarter ends at midnight in Shanghai, not in UTC)."""
    return timezone.localtime(now()).date()


def midnight(day: date) -> datetime:
    """The first moment of a day in the town's time zone: what is written where the hour must not be known."""
    return timezone.make_aware(datetime(day.year, day.month, day.day))  # noqa: DTZ001  made aware here


@contextmanager
def at(moment: datetime | date) -> Iterator[None]:
    """Let the program believe it is `moment` (a date means nine in the morning).

    Whoever asks later is told a microsecond more: what happens in a story happens in an order, too.
    """
    if not isinstance(moment, datetime):
        moment = timezone.make_aware(datetime(moment.year, moment.month, moment.day, 9))  # noqa: DTZ001  made aware here
    first = moment if timezone.is_aware(moment) else timezone.make_aware(moment)
    with _telling(first + timedelta(microseconds=n) for n in itertools.count()):
        yield


@contextmanager
def without_the_hour() -> Iterator[None]:
    """Let the program believe it is the first moment of this day, and stays so: for acts that may tell neither their
    hour nor their order."""
    with _telling(itertools.repeat(midnight(today()))):
        yield


@contextmanager
def _telling(moments: Iterator[datetime]) -> Iterator[None]:
    token = _told.set(moments)
    try:
        yield
    finally:
        _told.reset(token)
