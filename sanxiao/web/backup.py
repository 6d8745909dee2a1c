"""One file that holds everything: made, proved by a real restore, and brought back.

The file is a zip (zip64) of
    database.sqlite3          SQLite: a copy by SQLite's own backup interface, never of the file itself
    tables/<table>.copy       PostgreSQL: COPY of every table in one REPEATABLE READ transaction
    blobs/…                   photos and documents, as they lie in BLOB_DIR under their digests
    keys/…, accounts.json     in the practice profile alone: there everything is made up
    manifest.json             versions, migrations, row counts, SHA-256 of every member, fingerprints of the keys

Nothing of the target is touched before every member has been read and found whole. A backup goes back into the
engine it came from. In the real profile the keys travel apart: a restore without the same keys would bring back
fields that nobody can open, so it is refused.
"""

import hashlib
import io
import json
import os
import shutil
import sqlite3
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any, Protocol

from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder
from django.utils.translation import gettext as _

import sanxiao
from sanxiao.office.now import now

FORMAT = 1
CHUNK = 1 << 20
MANIFEST = "manifest.json"
DATABASE = "database.sqlite3"
ACCOUNTS = "accounts.json"


class Refused(Exception):
    """Why a backup cannot be made, trusted or brought back, in words for the operator."""


@dataclass
class Manifest:
    """What the file says about itself. Row counts by table; members by name: SHA-256 and size in bytes."""

    engine: str
    profile: str
    program: str = sanxiao.__version__
    format: int = FORMAT
    made_at: str = field(default_factory=lambda: now().isoformat(timespec="seconds"))
    migrations: list[list[str]] = field(default_factory=list)
    tables: dict[str, int] = field(default_factory=dict)
    columns: dict[str, list[str]] = field(default_factory=dict)
    members: dict[str, dict[str, Any]] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)


# ── The file ──────────────────────────────────────────────────────────────────────────────────────────────────────


class Writer:
    """Adds members and notes their digests."""

    def __init__(self, archive: zipfile.ZipFile, manifest: Manifest) -> None:
        self.archive, self.manifest = archive, manifest

    @contextmanager
    def member(self, name: str, packed: bool = True) -> Iterator["Digesting"]:
        info = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
        info.compress_type = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
        with self.archive.open(info, "w", force_zip64=True) as out:
            digesting = Digesting(out)
            yield digesting
        self.manifest.members[name] = {"sha256": digesting.sha256.hexdigest(), "size": digesting.size}

    def add(self, name: str, path: Path, packed: bool = True) -> None:
        with path.open("rb") as source, self.member(name, packed) as out:
            shutil.copyfileobj(source, out, CHUNK)


class Digesting(io.RawIOBase):
    """Passes bytes on and digests them on the way."""

    def __init__(self, out: IO[bytes] | None = None) -> None:
        self.out, self.sha256, self.size = out, hashlib.sha256(), 0

    def write(self, data: Any) -> int:
        self.sha256.update(data)
        self.size += len(data)
        if self.out:
            self.out.write(data)
        return len(data)


class Reader:
    """A backup whose manifest has been read and whose members are the ones listed; contents are proved by `prove`."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive = archive
        try:
            self.manifest = Manifest(**json.loads(archive.read(MANIFEST)))
        except (KeyError, TypeError, ValueError) as fault:
            raise Refused(_("这不是三小的备份文件。")) from fault
        if self.manifest.format != FORMAT:
            raise Refused(_("备份的格式是第 %d 版，本程序只认第 %d 版。") % (self.manifest.format, FORMAT))
        listed = {*self.manifest.members, MANIFEST}
        if sorted(archive.namelist()) != sorted(listed) or any(not plain(name) for name in listed):
            raise Refused(_("备份里的内容与清单不符。"))

    def names(self, folder: str) -> list[str]:
        return [name for name in self.manifest.members if name.startswith(f"{folder}/")]

    def copy(self, name: str, out: IO[bytes] | None) -> None:
        """Copy a member out (None: only read it) and refuse if it is not what the manifest says."""
        digesting = Digesting(out)
        with self.archive.open(name) as source:
            shutil.copyfileobj(source, digesting, CHUNK)
        wanted = self.manifest.members[name]
        if (digesting.sha256.hexdigest(), digesting.size) != (wanted["sha256"], wanted["size"]):
            raise Refused(_("备份已损坏：%s 与清单的摘要不符。") % name)

    def prove(self) -> None:
        """Read every member to its end."""
        for name in self.manifest.members:
            self.copy(name, None)


def plain(name: str) -> bool:
    """A member may only land below the folder it is unpacked into."""
    return not name.startswith("/") and ".." not in Path(name).parts and "\\" not in name


@contextmanager
def opened(path: Path) -> Iterator[Reader]:
    """Open a backup; whatever is wrong with the file becomes a refusal in words."""
    try:
        with zipfile.ZipFile(path) as archive:
            yield Reader(archive)
    except (OSError, EOFError, zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error) as fault:
        raise Refused(_("读不了备份文件 %(file)s：%(why)s") % {"file": path, "why": fault}) from fault


# ── Engines ───────────────────────────────────────────────────────────────────────────────────────────────────────


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


# ── Keys and blobs ────────────────────────────────────────────────────────────────────────────────────────────────


def fingerprints() -> dict[str, str]:
    """Name -> fingerprint of every key; the keys are random, so a digest gives nothing away."""
    keys = sorted(path for path in settings.KEY_DIR.glob("*") if path.is_file())
    return {path.name: hashlib.sha256(b"sanxiao key\0" + path.read_bytes()).hexdigest()[:16] for path in keys}


def require_keys(manifest: Manifest) -> None:
    """In the real profile the keys of the backup must lie here already."""
    here = fingerprints()
    missing = [name for name, print_ in manifest.keys.items() if here.get(name) != print_]
    if missing:
        raise Refused(
            _("密钥不符：%(names)s。请先把制作备份时的密钥放进 %(folder)s，再恢复；没有恢复任何内容。")
            % {"names": ", ".join(missing), "folder": settings.KEY_DIR}
        )


def put(reader: Reader, name: str, target: Path, mode: int) -> None:
    """Write a member under its final name only when it is whole."""
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f".{target.name}.part")
    try:
        with open(os.open(part, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, mode), "wb") as out:
            reader.copy(name, out)
            out.flush()
            os.fsync(out.fileno())
        os.replace(part, target)
    finally:
        part.unlink(missing_ok=True)


def files(folder: Path) -> list[Path]:
    """Every file below the folder in a fixed order; half-written ones begin with a dot and do not count."""
    return sorted(path for path in folder.rglob("*") if path.is_file() and not path.name.startswith("."))


# ── The three acts ────────────────────────────────────────────────────────────────────────────────────────────────


def back_up(target: Path) -> Manifest:
    """Write a backup; the file appears under its name only when it is complete and on the disk."""
    manifest = Manifest(connection.vendor, settings.PROFILE, keys=fingerprints())
    part = target.with_name(target.name + ".part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with open(os.open(part, os.O_CREAT | os.O_RDWR | os.O_TRUNC, 0o600), "w+b") as out:
            with zipfile.ZipFile(out, "w", compresslevel=3) as archive:
                fill(Writer(archive, manifest))
            out.flush()
            os.fsync(out.fileno())
        os.replace(part, target)
    except OSError as fault:
        raise Refused(_("写不了备份文件 %(file)s：%(why)s") % {"file": target, "why": fault}) from fault
    finally:
        with suppress(OSError):
            part.unlink()
    return manifest


def fill(writer: Writer) -> None:
    """The database first: a blob is written before the row that names it, so none can be missing."""
    engine().dump(writer)
    for path in files(settings.BLOB_DIR):
        writer.add(f"blobs/{path.relative_to(settings.BLOB_DIR)}", path, packed=False)
    if not settings.REAL:
        for path in files(settings.KEY_DIR):
            writer.add(f"keys/{path.name}", path)
        accounts = settings.DATA_DIR / "practice-accounts.json"
        if accounts.exists():
            writer.add(ACCOUNTS, accounts)
    writer.archive.writestr(MANIFEST, json.dumps(asdict(writer.manifest), ensure_ascii=False, indent=1))


def require_fit(manifest: Manifest) -> None:
    """Refuse a backup of another engine, another profile or a newer program."""
    if manifest.engine != connection.vendor:
        values = {"theirs": manifest.engine, "ours": connection.vendor}
        raise Refused(_("备份来自 %(theirs)s，这里是 %(ours)s；本版本只能恢复到同一种数据库。") % values)
    if manifest.profile != settings.PROFILE:
        values = {"theirs": manifest.profile, "ours": settings.PROFILE}
        raise Refused(_("备份出自 %(theirs)s 模式，这里是 %(ours)s 模式：练习数据与真实数据不得混用。") % values)
    require_known(manifest.migrations)


def verify(path: Path) -> Manifest:
    """Read everything, then really restore into a scratch place and compare; the live data are not touched."""
    with opened(path) as reader:
        require_fit(reader.manifest)
        reader.prove()
        engine().rehearse(reader)
        return reader.manifest


def restore(path: Path) -> Manifest:
    """Bring a backup back. Blobs only ever add; the database comes last, in one step."""
    with opened(path) as reader:
        require_fit(reader.manifest)
        if settings.REAL:
            require_keys(reader.manifest)
        reader.prove()
        for name in reader.names("blobs"):
            put(reader, name, settings.BLOB_DIR / name.removeprefix("blobs/"), 0o600)
        engine().load(reader)
        if not settings.REAL:
            for name in reader.names("keys"):
                put(reader, name, settings.KEY_DIR / name.removeprefix("keys/"), 0o600)
            if ACCOUNTS in reader.manifest.members:
                put(reader, ACCOUNTS, settings.DATA_DIR / "practice-accounts.json", 0o600)
        return reader.manifest
