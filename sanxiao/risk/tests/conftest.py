"""What other rooms would hand down, put into a test's hand: `told` says a fact of a file."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sanxiao.docket import rooms
from sanxiao.docket.rooms import Fact
from sanxiao.inspection.tests import steps

JUNE = date(2018, 6, 5)


@pytest.fixture
def june() -> Iterator[None]:
    """It is nine in the morning of 5 June 2018."""
    with steps.at(steps.JUNE):
        yield


@pytest.fixture
def told(monkeypatch) -> Callable[..., Any]:
    """`told(file, "visit", day, 80)`: an upper room hands this fact down from now on."""
    held: dict[Any, list[Fact]] = {}
    room = replace(rooms._rooms["survey"], risk_facts=lambda files, _on: {k: held[k] for k in files if k in held})
    monkeypatch.setitem(rooms._rooms, "survey", room)

    def say(file: Any, kind: str, on: date = JUNE, value: float = 0, words: str = "") -> None:
        held.setdefault(file.pk, []).append(Fact(kind, on, value, words))

    return say


@pytest.fixture
def queries_of() -> Callable[[Callable[[], Any]], int]:
    """How many queries a work makes."""

    def count(work: Callable[[], Any]) -> int:
        with CaptureQueriesContext(connection) as seen:
            work()
        return len(seen)

    return count
