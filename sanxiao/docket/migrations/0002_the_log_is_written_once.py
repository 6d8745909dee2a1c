"""The database itself refuses to change or remove an event; until now only the program did.

A later migration that makes the table anew on SQLite takes the triggers away with it: it has to call
`put_up` at its end (a test sees whether they stand).
"""

from collections.abc import Callable
from typing import Any

from django.db import migrations

SQLITE = [
    f"""
    create trigger docket_event_no_{act} before {act} on docket_event
    begin select raise(abort, 'docket_event is written once'); end
    """
    for act in ("update", "delete")
]
POSTGRESQL = [
    """
    create function docket_event_once() returns trigger language plpgsql as $$
    begin raise exception 'docket_event is written once' using errcode = 'restrict_violation'; end $$
    """,
    """
    create trigger docket_event_once before update or delete or truncate on docket_event
    for each statement execute function docket_event_once()
    """,
]
UP = {"sqlite": SQLITE, "postgresql": POSTGRESQL}
DOWN = {
    "sqlite": [f"drop trigger docket_event_no_{act}" for act in ("update", "delete")],
    "postgresql": ["drop trigger docket_event_once on docket_event", "drop function docket_event_once()"],
}


def put_up(vendor: str, execute: Callable[[str], Any]) -> None:
    """Let the database guard the log."""
    for statement in UP[vendor]:
        execute(statement)


def take_down(vendor: str, execute: Callable[[str], Any]) -> None:
    """Lift the guard: for going back before this migration, and for the tests' own emptying of tables."""
    for statement in DOWN[vendor]:
        execute(statement)


def forwards(_apps: Any, editor: Any) -> None:
    put_up(editor.connection.vendor, editor.execute)


def backwards(_apps: Any, editor: Any) -> None:
    take_down(editor.connection.vendor, editor.execute)


class Migration(migrations.Migration):
    dependencies = [("docket", "0001_first")]

    operations = [migrations.RunPython(forwards, backwards, elidable=False)]
