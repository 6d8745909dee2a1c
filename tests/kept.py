"""The rows of the loaded town, kept by a test process: a thousand tests want the same town, and reading its folder
takes half a second, putting its rows back a few hundredths."""

from typing import Any

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, transaction

rows: dict[str, Any] = {}  # table -> its rows: tuples for SQLite, the bytes of COPY for PostgreSQL
MADE_BY_MIGRATE = ("django_", "auth_permission")


def take() -> None:
    """Keep what stands in the tables now."""
    rows.update({table: _read(table) for table in _tables()})


def put() -> None:
    """Write it all again; keys are checked at the end of the transaction."""
    with transaction.atomic():
        for table, held in rows.items():
            _write(table, held)
        _count_on()


def _count_on() -> None:
    """PostgreSQL's counters go on after the rows that were put back; a flush may have set them to the beginning."""
    statements = connection.ops.sequence_reset_sql(no_style(), apps.get_models())
    if statements:
        with connection.cursor() as db:
            db.execute("\n".join(statements))


def _tables() -> list[str]:
    names = connection.introspection.django_table_names(only_existing=True)
    with connection.cursor() as db:
        return [name for name in names if not name.startswith(MADE_BY_MIGRATE) and _any(db, name)]


def _any(db: Any, table: str) -> bool:
    db.execute(f"SELECT 1 FROM {connection.ops.quote_name(table)} LIMIT 1")  # noqa: S608 (names of our own tables)
    return db.fetchone() is not None


def _read(table: str) -> Any:
    name = connection.ops.quote_name(table)
    with connection.cursor() as db:
        if connection.vendor == "sqlite":
            db.execute(f"SELECT * FROM {name}")  # noqa: S608
            return db.fetchall()
        with db.copy(f"COPY {name} TO STDOUT") as out:
            return b"".join(bytes(part) for part in out)


def _write(table: str, held: Any) -> None:
    name = connection.ops.quote_name(table)
    with connection.cursor() as db:
        if connection.vendor == "sqlite":
            marks = ", ".join(["%s"] * len(held[0]))
            db.executemany(f"INSERT INTO {name} VALUES ({marks})", held)  # noqa: S608
        else:
            with db.copy(f"COPY {name} FROM STDIN") as into:
                into.write(held)
