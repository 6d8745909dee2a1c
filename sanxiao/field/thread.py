"""Who settles what has come: a process of its own (`manage.py settle`), or where none runs a thread of a web worker,
asleep until something arrives.

What is coming in goes first. Settling holds the database far longer than storing does, and on SQLite whoever waits for
it may starve; so the threads agree, through a file that all workers see, that one of them settles at a time, and that
it rests while phones are sending. It never rests for long.
"""

import contextlib
import fcntl
import logging
import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from time import monotonic, sleep, time

from django.conf import settings
from django.db import close_old_connections, connection

QUIET = 0.3  # seconds without an arrival, after which settling goes on
AT_MOST = 2.0  # seconds for which it rests
EVERY = 60.0  # seconds after which it looks without having been woken
AGAIN = 5.0  # seconds after which it looks again when another was settling
_log = logging.getLogger(__name__)
_woken = threading.Event()
_running = threading.Event()
_writing = threading.Lock()


def _mark() -> Path:
    return Path(settings.DATA_DIR) / ".inbox"


def arriving() -> None:
    """A phone is sending: for a moment everything else can wait."""
    if _running.is_set():
        with contextlib.suppress(OSError):
            os.utime(_mark())


def wake() -> None:
    """Something has come."""
    _woken.set()
    arriving()


def give_way() -> None:
    """Between two rows: let those who send go first, for a moment."""
    if not _running.is_set():
        return
    until = monotonic() + AT_MOST
    with contextlib.suppress(OSError):
        while time() - _mark().stat().st_mtime < QUIET and monotonic() < until:
            sleep(QUIET / 5)


def start(work: Callable[[], object]) -> None:
    """Begin the thread, once in a process; it ends with the process."""
    if not _running.is_set():
        _mark().touch(mode=0o600)
        _running.set()
        _woken.set()  # what an earlier process left undone
        threading.Thread(target=_run, args=(work,), name="field-inbox", daemon=True).start()


@contextlib.contextmanager
def turn_to_write() -> Iterator[None]:
    """SQLite lets one write at a time, and who finds it busy sleeps and looks again, longer every time. Storing is
    short: here the threads of all workers stand in a queue instead, and go on the moment it is theirs."""
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        yield
        return
    with _writing, (Path(settings.DATA_DIR) / ".storing").open("wb") as queue:
        fcntl.flock(queue, fcntl.LOCK_EX)
        yield


@contextlib.contextmanager
def _turn() -> Iterator[bool]:
    """Is it this worker's turn? While it is, no other's."""
    with _mark().open("rb") as mark:
        try:
            fcntl.flock(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            yield False
        else:
            yield True  # closing the file gives the turn back


def settle_for_all(work: Callable[[], object]) -> None:
    """Settle for all web workers, in a process that does nothing else and keeps the turn; never returns."""
    _running.set()
    _mark().touch(mode=0o600)
    with _mark().open("rb") as mark:
        fcntl.flock(mark, fcntl.LOCK_EX)
        seen = looked = 0.0
        while True:
            touched = _mark().stat().st_mtime
            if touched != seen or monotonic() - looked > EVERY:
                seen, looked = touched, monotonic()
                give_way()
                _once(work)
            sleep(QUIET)


def _once(work: Callable[[], object]) -> None:
    close_old_connections()
    try:
        work()
    except Exception:  # a sick row must not silence the rest; it is looked at again
        _log.exception("the inbox could not be settled")
    with contextlib.suppress(Exception):
        close_old_connections()


def _run(work: Callable[[], object]) -> None:
    pause = EVERY
    while True:
        _woken.wait(pause)
        _woken.clear()
        give_way()
        pause = EVERY
        with _turn() as mine:
            if mine:
                _once(work)
            else:
                pause = AGAIN
