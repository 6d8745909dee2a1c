"""What each database does with itself: it is written out, tried elsewhere, taken in."""

import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any, Protocol

from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder
from django.utils.translation import gettext as _

from sanxiao.office.now import now
from sanxiao.web.backup.file import Digesting, Reader, Refused, Writer

DATABASE = "database.sqlite3"


class Engine(Protocol):
    """What a database must be able to do: write itself out, try a restore elsewhere, take one in."""

    def dump(self, writer: Writer) -> None: ...
    def rehearse(self, reader: Reader) -> None: ...
    def load(self, reader: Reader) -> None: ...


def engine() -> Engine:
    """The engine of the default connection."""
    return Sqlite() if connection.vendor == "sqlite" else Postgres()


@contextmanager
def pointed_at(**changes: Any) -> Iterator[None]:
    """The default connection on another database: whatever a migration does then, it does it there."""
    kept = connection.settings_dict
    connection.close()
    connection.settings_dict = {**kept, **changes}
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict = kept


def applied() -> list[list[str]]:
    """The migrations that the database has had."""
    return sorted([app, name] for app, name in MigrationRecorder(connection).applied_migrations())


def require_known(migrations: list[list[str]]) -> None:
    """Refuse what a newer program has made: its columns mean nothing here."""
    known = MigrationExecutor(connection).loader.disk_migrations
    ours = {app for app, _name in known}
    unknown = [f"{app}.{name}" for app, name in migrations if app in ours and (app, name) not in known]
    if unknown:
        raise Refused(_("备份出自更新的程序版本（%s），请先升级程序。") % ", ".join(unknown[:3]))


def require_counts(found: dict[str, int], wanted: dict[str, int]) -> None:
    """Refuse when a table has other than the wanted number of rows."""
    for table, rows in wanted.items():
        if found.get(table) != rows:
            values = {"table": table, "found": found.get(table), "wanted": rows}
            raise Refused(_("表 %(table)s 恢复后有 %(found)s 行，清单上是 %(wanted)s 行。") % values)


class Sqlite:
    """One file. It is rebuilt and brought up to date beside the live one, then copied in within one transaction."""

    def dump(self, writer: Writer) -> None:
        with tempfile.TemporaryDirectory(prefix=".backup-", dir=settings.DATA_DIR) as folder:
            copy = Path(folder, DATABASE)
            connection.ensure_connection()
            with closing(sqlite3.connect(copy)) as out:
                connection.connection.backup(out)
                out.execute("PRAGMA journal_mode=DELETE")  # one file, without a log beside it
                writer.manifest.tables = self.counts(out)
                writer.manifest.migrations = sorted(map(list, out.execute("select app, name from django_migrations")))
            writer.add(DATABASE, copy)

    def rehearse(self, reader: Reader) -> None:
        with self.rebuilt(reader):
            pass

    def load(self, reader: Reader) -> None:
        target = Path(connection.settings_dict["NAME"])
        with self.rebuilt(reader) as scratch:
            connection.close()
            try:
                with closing(sqlite3.connect(scratch)) as source, closing(sqlite3.connect(target, timeout=20)) as out:
                    source.backup(out)  # a running server sees the old state until it is whole
            except sqlite3.DatabaseError as fault:
                if isinstance(fault, sqlite3.OperationalError):
                    raise Refused(_("数据库正忙，没有恢复任何内容：%s") % fault) from fault
                set_aside(target)
                os.replace(scratch, target)

    @contextmanager
    def rebuilt(self, reader: Reader) -> Iterator[Path]:
        """The database of the backup, checked and migrated forward, in a scratch folder."""
        with tempfile.TemporaryDirectory(prefix=".restore-", dir=settings.DATA_DIR) as folder:
            scratch = Path(folder, DATABASE)
            with scratch.open("wb") as out:
                reader.copy(DATABASE, out)
            with closing(sqlite3.connect(scratch)) as db:
                self.require_sound(db)
                require_counts(self.counts(db), reader.manifest.tables)
            with pointed_at(NAME=str(scratch)):
                if applied() != reader.manifest.migrations:
                    raise Refused(_("备份里的迁移记录与清单不符。"))
                call_command("migrate", interactive=False, verbosity=0)
            with closing(sqlite3.connect(scratch)) as db:
                db.execute("PRAGMA journal_mode=DELETE")
            yield scratch

    def require_sound(self, db: sqlite3.Connection) -> None:
        if [row[0] for row in db.execute("PRAGMA integrity_check")] != ["ok"]:
            raise Refused(_("备份里的数据库文件已损坏。"))
        if broken := db.execute("PRAGMA foreign_key_check").fetchone():
            raise Refused(_("备份里有指向不存在记录的行：表 %s。") % broken[0])

    def counts(self, db: sqlite3.Connection) -> dict[str, int]:
        names = "select name from sqlite_master where type = 'table' and name not like 'sqlite_%' order by name"
        return {name: db.execute(f'select count(*) from "{name}"').fetchone()[0] for (name,) in db.execute(names)}  # noqa: S608


def set_aside(damaged: Path) -> None:
    """A live file that is no database any more is kept beside, with its logs, for whoever wants to look."""
    for path in (damaged, damaged.with_name(damaged.name + "-wal"), damaged.with_name(damaged.name + "-shm")):
        with suppress(FileNotFoundError):
            path.rename(path.with_name(f"{path.name}.damaged-{now():%Y%m%d%H%M%S}"))


class Postgres:
    """Tables as COPY text. What is loaded is copied out again and must give the same digest, before it is committed."""

    def dump(self, writer: Writer) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            self.prepare(cursor)
            writer.manifest.migrations = applied()
            for table in self.tables(cursor):
                columns = writer.manifest.columns[table] = self.columns(cursor, table)
                with writer.member(f"tables/{table}.copy") as out:
                    writer.manifest.tables[table] = self.copy_out(cursor, table, columns, out)

    def rehearse(self, reader: Reader) -> None:
        """Load into tables of the same make in a schema of their own, with the same foreign keys, and drop it."""
        if applied() != reader.manifest.migrations:
            raise Refused(_("数据库的结构与备份不同：请用制作备份的那一版程序和数据库来验证。"))
        schema = f"rehearsal_{os.getpid()}"
        with connection.cursor() as cursor:
            tables, keys = self.tables(cursor), self.foreign_keys(cursor)
            cursor.execute(f"CREATE SCHEMA {schema}")
            try:
                for table in map(connection.ops.quote_name, tables):
                    cursor.execute(f"CREATE TABLE {schema}.{table} (LIKE {table} INCLUDING ALL)")
                with transaction.atomic():
                    cursor.execute(f"SET LOCAL search_path = {schema}")
                    self.prepare(cursor)
                    self.fill(cursor, reader)
                    for table, name, definition in keys:
                        quote = connection.ops.quote_name
                        cursor.execute(f"ALTER TABLE {quote(table)} ADD CONSTRAINT {quote(name)} {definition}")
            finally:
                cursor.execute(f"DROP SCHEMA {schema} CASCADE")

    def load(self, reader: Reader) -> None:
        """Empty and fill every table in one transaction; an empty database first gets the tables of the backup."""
        if not applied():
            MigrationExecutor(connection).migrate(leaves(reader.manifest.migrations))
        if applied() != reader.manifest.migrations:
            raise Refused(_("数据库的结构与备份不同。请建一个空的数据库，把 DATABASE_URL 指向它，再恢复一次。"))
        with transaction.atomic(), connection.cursor() as cursor:
            self.prepare(cursor)
            tables = [connection.ops.quote_name(name) for name in self.tables(cursor)]
            for table in tables:
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")  # append-only guards
            cursor.execute(f"TRUNCATE {', '.join(tables)} CASCADE")
            self.fill(cursor, reader)
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            for table in tables:
                cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
            self.wind_sequences(cursor)
        call_command("migrate", interactive=False, verbosity=0)

    def prepare(self, cursor: Any) -> None:
        """The same text for the same value on every server; and no time limit: this is the long statement."""
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute("SET LOCAL TimeZone = 'UTC'")
        cursor.execute("SET LOCAL extra_float_digits = 1")

    def fill(self, cursor: Any, reader: Reader) -> None:
        manifest = reader.manifest
        for table, columns in manifest.columns.items():
            with cursor.copy(f"COPY {self.target(table, columns)} FROM STDIN") as copy:
                reader.copy(f"tables/{table}.copy", copy)
        for table, columns in manifest.columns.items():
            again = Digesting()
            require_counts({table: self.copy_out(cursor, table, columns, again)}, {table: manifest.tables[table]})
            if again.sha256.hexdigest() != manifest.members[f"tables/{table}.copy"]["sha256"]:
                raise Refused(_("表 %s 恢复后的内容与备份不同。") % table)

    def copy_out(self, cursor: Any, table: str, columns: list[str], out: Digesting) -> int:
        """COPY a table into `out`; gives the number of rows (a line each: breaks inside a value are escaped)."""
        rows = 0
        with cursor.copy(f"COPY {self.target(table, columns)} TO STDOUT") as copy:
            for chunk in copy:
                rows += bytes(chunk).count(b"\n")
                out.write(chunk)
        return rows

    def target(self, table: str, columns: list[str]) -> str:
        quote = connection.ops.quote_name
        return f"{quote(table)} ({', '.join(map(quote, columns))})"

    def tables(self, cursor: Any) -> list[str]:
        return sorted(table.name for table in connection.introspection.get_table_list(cursor) if table.type == "t")

    def columns(self, cursor: Any, table: str) -> list[str]:
        """The columns that are stored facts; generated ones make themselves."""
        cursor.execute(
            "select attname from pg_attribute where attrelid = %s::regclass and attnum > 0"
            " and not attisdropped and attgenerated = '' order by attnum",
            [connection.ops.quote_name(table)],
        )
        return [name for (name,) in cursor.fetchall()]

    def foreign_keys(self, cursor: Any) -> list[tuple[str, str, str]]:
        cursor.execute(
            "select relname, conname, pg_get_constraintdef(c.oid)"
            " from pg_constraint c join pg_class r on r.oid = conrelid"
            " where contype = 'f' and connamespace = current_schema()::regnamespace"
        )
        return cursor.fetchall()

    def wind_sequences(self, cursor: Any) -> None:
        for table in self.tables(cursor):
            for sequence in connection.introspection.get_sequences(cursor, table):
                where = self.target(table, [sequence["column"]]).split(" (")[0]
                column = connection.ops.quote_name(sequence["column"])
                cursor.execute(
                    f"select setval(%s, coalesce(max({column}), 1), max({column}) is not null) from {where}",  # noqa: S608
                    [sequence["name"]],
                )


def leaves(migrations: list[list[str]]) -> list[tuple[str, str]]:
    """The last of the given migrations in each app: migrating to these gives exactly that state."""
    graph = MigrationExecutor(connection).loader.graph
    nodes = {(app, name) for app, name in migrations} & set(graph.nodes)

    def followed(node: tuple[str, str]) -> bool:
        return any(child.key in nodes and child.key[0] == node[0] for child in graph.node_map[node].children)

    return sorted(node for node in nodes if not followed(node))
