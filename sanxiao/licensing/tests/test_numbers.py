"""Eight clerks press at once: the series has no gap and no double, on either database."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections

from sanxiao.docket import flow
from sanxiao.licensing.models import Application
from sanxiao.licensing.tests import steps
from sanxiao.office.models import User
from sanxiao.papers.models import Number, Series
from tests import cast

CLERKS = 8


@pytest.fixture
def shared(transactional_db, tmp_path):
    """Lets threads reach the test's data: SQLite's own lives in memory, so they get a copy in a file."""
    if connection.vendor != "sqlite":
        yield lambda: None
        return
    settings = connections.settings["default"]
    before = settings["NAME"]

    def share() -> None:
        copy = Path(tmp_path / "shared.sqlite3")
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(copy)])
        settings["NAME"] = str(copy)

    yield share
    settings["NAME"] = before


def issue(pk: Any, spoil: bool) -> str:
    """One clerk's press, on a connection of its own; a spoilt one fails after it took its number."""
    try:
        app = Application.objects.get(pk=pk)
        by = User.objects.get(username="wu")
        if spoil:
            app.file.operator = None  # the face of the paper cannot be written
        flow.move(app, "issue", by)
        return app.certificates.get().number
    except Exception as error:
        return type(error).__name__
    finally:
        connections.close_all()


def series() -> tuple[list[int], int]:
    """The serials given, and the counter."""
    try:
        rows = Number.objects.filter(key="certificate.workshop").order_by("serial")
        return list(rows.values_list("serial", flat=True)), Series.objects.get(key="certificate.workshop").last
    finally:
        connections.close_all()


def test_eight_clerks_at_once_leave_neither_gap_nor_double(shared):
    town = cast.the_town()
    apps = []
    for n in range(CLERKS):
        file = cast.tofu_shop(town.zhang, name=f"豆腐坊{n}")
        apps.append(steps.go(steps.proposed(file, town), ("grant", town.wu)).pk)
    shared()
    with ThreadPoolExecutor(CLERKS) as clerks:
        given = list(clerks.map(issue, apps, [n == 3 for n in range(CLERKS)]))
        serials, last = clerks.submit(series).result()
    numbers = [text for text in given if text.startswith("ZF")]
    assert len(set(numbers)) == len(numbers) == CLERKS - 1, given
    assert (serials, last) == (list(range(1, CLERKS)), CLERKS - 1)
