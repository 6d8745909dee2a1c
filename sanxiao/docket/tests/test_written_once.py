"""The database itself keeps the log as it was written, whoever speaks to it."""

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction

from sanxiao.docket.models import Event

HARM = {
    "changed": "update docket_event set move = 'close'",
    "moved in time": "update docket_event set at = '2001-01-01'",
    "changed one by one": "update docket_event set actor_id = null where id = (select min(id) from docket_event)",
    "removed": "delete from docket_event",
}
if connection.vendor == "postgresql":  # SQLite knows no truncate
    HARM["emptied at once"] = "truncate docket_event cascade"


def kept():
    return list(Event.objects.order_by("pk").values_list("pk", "move", "at", "actor", "facts"))


@pytest.mark.parametrize("harm", HARM)
def test_no_statement_changes_or_removes_an_event(harm, tofu):
    connection.check_constraints()  # what was deferred is done: PostgreSQL empties no table that still waits for that
    before = kept()
    with pytest.raises(IntegrityError, match="written once"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(HARM[harm])
    assert before
    assert kept() == before


@pytest.mark.django_db(transaction=True)
def test_the_guard_stands_again_after_the_tests_have_emptied_their_tables(town, tofu):
    call_command("flush", interactive=False, verbosity=0)
    assert not Event.objects.exists()
    with connection.cursor() as cursor:
        names = {
            "sqlite": "select name from sqlite_master where type = 'trigger' and tbl_name = 'docket_event'",
            "postgresql": "select tgname from pg_trigger where tgrelid = 'docket_event'::regclass and not tgisinternal",
        }
        cursor.execute(names[connection.vendor])
        assert len(cursor.fetchall()) == {"sqlite": 2, "postgresql": 1}[connection.vendor]
