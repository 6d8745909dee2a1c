"""For long work in which nobody changes them: rules, the calendar and posts are read once, not at every step.

An import, a night or a told history asks for the same two hundred rows tens of thousands of times. Inside
`with settled():` the first answer holds until the end of the block; outside nothing is kept, so that a page
always shows what holds now.
"""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

T = TypeVar("T")
_kept: ContextVar[dict[Hashable, Any] | None] = ContextVar("settled", default=None)


@contextmanager
def settled() -> Iterator[None]:
    """Keep what is read `once` until the end of the block; blocks may stand within each other."""
    token = _kept.set(_kept.get() or {})
    try:
        yield
    finally:
        _kept.reset(token)


def is_settled() -> bool:
    """Are we inside such a block?"""
    return _kept.get() is not None


def once(key: Hashable, read: Callable[[], T]) -> T:
    """What `read` gave first in this block; outside of one, what it gives now. Callers do not change it."""
    kept = _kept.get()
    if kept is None:
        return read()
    if key not in kept:
        kept[key] = read()
    found: T = kept[key]
    return found
