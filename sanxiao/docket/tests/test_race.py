"""Two clerks press at the same moment: exactly one wins."""

import threading
import time
from typing import Any

import pytest
from django.db import OperationalError, connection, connections

from sanxiao.archive.models import Establishment
from sanxiao.docket import flow, record
from sanxiao.docket.models import Event
from tests import cast

CLERKS = 4


def press_together(pk: Any, person: Any) -> list[str]:
    """Every clerk reads the same page, then all press 登记停业; what each of them was told."""
    opened, answers = threading.Barrier(CLERKS), []

    def clerk(name: str) -> None:
        try:
            mine = read(pk)
            opened.wait(timeout=20)
            answers.append(press(mine, person, name))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=clerk, args=(f"{n}号",)) for n in range(CLERKS)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return answers


def patiently(act: Any) -> Any:
    """The in-memory database of the tests answers 'locked' at once, where a real one waits."""
    for _attempt in range(400):
        try:
            return act()
        except OperationalError as error:
            if connection.vendor != "sqlite" or "locked" not in str(error):
                raise
            time.sleep(0.01)
    raise AssertionError("locked for four seconds")


def read(pk: Any) -> Establishment:
    return patiently(lambda: Establishment.objects.select_related("operator").get(pk=pk))


def press(mine: Establishment, person: Any, name: str) -> str:
    version = mine.version

    def once() -> str:
        mine.state, mine.version = "normal", version  # as on the page, when a locked database is asked again
        try:
            flow.move(mine, "rest", person, reason=name)
        except flow.Stale:
            return "stale"
        return "won"

    return patiently(once)


@pytest.mark.django_db(transaction=True)
def test_of_many_clerks_exactly_one_wins(town):
    tofu = cast.tofu_shop(town.zhang)
    answers = press_together(tofu.pk, town.zhang)
    assert sorted(answers) == ["stale"] * (CLERKS - 1) + ["won"]
    assert Event.objects.filter(subject=tofu.pk, move="rest").count() == 1


@pytest.mark.django_db(transaction=True)
def test_without_the_conditional_update_several_would_win(town, monkeypatch):
    """The control: the test above does see the fault that it is there for."""

    def take_anyway(obj: Any, frm: str, to: str | None = None) -> None:
        obj.state, obj.version = to or frm, obj.version + 1

    monkeypatch.setattr(record, "claim", take_anyway)
    tofu = cast.tofu_shop(town.zhang)
    answers = press_together(tofu.pk, town.zhang)
    assert answers.count("won") > 1
    assert Event.objects.filter(subject=tofu.pk, move="rest").count() > 1
