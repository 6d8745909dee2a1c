"""Two at once: the same line, the same new supplier, the same warning; one wins and nothing stands twice."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections

from sanxiao.docket.refusal import Refused
from sanxiao.office.models import User
from sanxiao.office.now import today
from sanxiao.sources import acts, downstream
from sanxiao.sources.models import Alert, Buyer, Purchase, Supplier
from sanxiao.sources.naming import Named
from sanxiao.sources.tests import steps
from sanxiao.survey.models import Lead
from tests import cast
from tests.cast import NANYAO


@pytest.fixture
def shared(transactional_db, tmp_path):
    """Lets threads reach the test's data: SQLite's own lives in memory, so they get a copy in a file."""
    settings = connection.settings_dict if connection.vendor != "sqlite" else connections.settings["default"]
    before = settings["NAME"]

    def share() -> None:
        if connection.vendor == "sqlite":
            copy = Path(tmp_path / "shared.sqlite3")
            with connection.cursor() as cursor:
                cursor.execute("VACUUM INTO %s", [str(copy)])
            settings["NAME"] = str(copy)

    yield share
    settings["NAME"] = before


def both(work: Callable[[str], Any]) -> list[Any]:
    """What two people get who do it at the same moment, each on a connection of his own."""

    def alone(who: str) -> Any:
        try:
            return work(who)
        except Refused as refusal:
            return refusal
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(alone, ("zhang", "zhou")))


def seen(work: Callable[[], Any]) -> Any:
    """What stands in the shared data afterwards."""

    def look() -> Any:
        try:
            return work()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(look).result()


def test_the_same_line_entered_by_two_is_one_line_with_one_supplier_and_one_lead(shared):
    town = cast.the_town()
    school = steps.buyer(town.zhang)
    shared()

    def enter(who: str) -> Any:
        by, buyer = User.objects.get(username=who), Buyer.objects.select_related("kind").get(pk=school.pk)
        return acts.enter(by, buyer, Named("老孙豆腐", NANYAO), "豆腐", today(), invoice="A1")

    done = both(enter)
    assert sum(isinstance(each, Purchase) for each in done) == 1
    counts = seen(lambda: [model.objects.count() for model in (Purchase, Supplier, Lead)])
    assert counts == [1, 1, 1]


def test_two_who_warn_at_once_tell_each_buyer_once(shared):
    town = cast.the_town()
    tofu = cast.tofu_shop(town.zhang)
    steps.bought(town.zhang, steps.buyer(town.zhang), tofu)
    shared()
    both(lambda who: downstream.warn(User.objects.get(username=who), [tofu], "抽检不合格"))
    assert seen(Alert.objects.count) == 1
