"""A phone's answer and the office write at the same moment: neither overwrites what it has not seen."""

import threading
import time
from typing import Any

import pytest
from django.db import connection, connections

from sanxiao.archive.models import Establishment, EstablishmentQuerySet, Operator
from sanxiao.docket import flow
from sanxiao.survey import phone
from sanxiao.survey.tests import steps
from sanxiao.survey.tests.test_phone import WANGS, base_of
from tests import cast

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("connection.vendor == 'sqlite'", reason="there one writes at a time, from its first read on"),
]
OFFICES, PHONES = "后阳村新街1号", "后阳村老街14号"
PATIENCE = 20.0


class Office(threading.Thread):
    """An officer who saves a change just after the phone's answer was weighed against the file as it was."""

    def __init__(self, rows: Any, by: Any, **changes: Any) -> None:
        super().__init__()
        self.rows, self.by, self.changes, self.told = rows, by, changes, ""

    def run(self) -> None:
        try:
            flow.amend(self.rows.get(), self.by, "file.edit", **self.changes)
            self.told = "saved"
        except flow.Stale:
            self.told = "stale"
        finally:
            connections.close_all()


def brought_meanwhile(town: Any, tofu: Establishment, monkeypatch: Any, office: Office, **changes: Any) -> Any:
    """The phone brings its table; while it is being weighed, the office presses its button."""
    weighed = phone.weighed

    def slowly(*args: Any) -> Any:
        found = weighed(*args)
        office.start()
        until = time.monotonic() + PATIENCE
        while office.is_alive() and not waiting() and time.monotonic() < until:
            time.sleep(0.01)
        return found

    monkeypatch.setattr(phone, "weighed", slowly)
    said = steps.filled(town.zhang, place=tofu.pk, base=base_of(tofu), **{**WANGS, **changes})
    taken = phone.take(said)
    office.join(PATIENCE)
    return taken


def waiting() -> bool:
    """Does somebody stand before a lock?"""
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from pg_locks where not granted")
        return bool(cursor.fetchone()[0])


@pytest.fixture
def town(transactional_db: Any) -> Any:
    return cast.the_town()


@pytest.fixture
def tofu(town: Any) -> Establishment:
    return cast.tofu_shop(town.zhang)


def lock_off(monkeypatch: Any) -> None:
    monkeypatch.setattr(
        EstablishmentQuerySet, "held", lambda rows: rows.select_related("operator", "kind", "merged_into")
    )


def test_the_office_that_was_slower_is_told_and_overwrites_nothing(town, tofu, monkeypatch):
    office = Office(Establishment.objects.filter(pk=tofu.pk), town.chen, address=OFFICES)
    brought_meanwhile(town, tofu, monkeypatch, office, address=PHONES)
    assert office.told == "stale"
    assert Establishment.objects.get(pk=tofu.pk).address == PHONES


def test_nor_does_the_phone_overwrite_the_number_of_the_operator(town, tofu, monkeypatch):
    office = Office(Operator.objects.filter(pk=tofu.operator_id), town.chen, home="后阳村1组")
    brought_meanwhile(town, tofu, monkeypatch, office, phone="13900000001")
    person = Operator.objects.get(pk=tofu.operator_id)
    assert (office.told, person.phone) == ("stale", "13900000001")


def test_without_the_lock_the_office_would_have_saved_for_nothing(town, tofu, monkeypatch):
    """The control: the first test does see the fault that it is there for."""
    lock_off(monkeypatch)
    office = Office(Establishment.objects.filter(pk=tofu.pk), town.chen, address=OFFICES)
    taken = brought_meanwhile(town, tofu, monkeypatch, office, address=PHONES)
    assert office.told == "saved"
    assert Establishment.objects.get(pk=tofu.pk).address == PHONES and not taken.clashes
