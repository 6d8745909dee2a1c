"""Databases with all tables and no rows. Migrating takes fifteen seconds of a processor and copying none, so a run
of the suite migrates once and every place that needs a database of its own gets a copy.

The original lies in the data folder of the run, under the digest of all migrations; the processes of a run share it.
"""

import fcntl
import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote

import psycopg
from django.conf import settings
from django.db import connection
from psycopg.sql import SQL, Identifier

ROOT = Path(__file__).resolve().parent.parent
FILE = "sanxiao.sqlite3"


def put(folder: Path) -> None:
    """An SQLite database in a data folder, as `migrate` makes it."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(file(), folder / FILE)


def file() -> Path:
    """The original as an SQLite file; only to be read."""
    with _one_at_a_time() as home:
        original = home / FILE
        if not original.exists():
            _migrate(home / "making", "")
            (home / "making" / FILE).replace(original)
    return original


@contextmanager
def beneath_the_tests() -> Iterator[None]:
    """The database of this process's own tests begins as a copy too: `migrate` then finds nothing to do."""
    if connection.vendor == "sqlite":  # in memory, and there as long as somebody holds it
        with closing(sqlite3.connect(connection.creation._get_test_db_name(), uri=True)) as held:
            with closing(sqlite3.connect(f"file:{file()}?mode=ro", uri=True)) as original:
                original.backup(held)
            yield
    else:
        with psycopg.connect(f"{server()}/postgres", autocommit=True) as link:
            connection.settings_dict["TEST"]["TEMPLATE"] = _template(link)
        yield


@contextmanager
def on_the_server(name: str) -> Iterator[str]:
    """A migrated PostgreSQL database of that name; gives its DATABASE_URL and leaves nothing behind."""
    with psycopg.connect(f"{server()}/postgres", autocommit=True) as link:
        original = _template(link)
        with _one_at_a_time():  # a database that is being copied lets nobody else copy it
            link.execute(SQL("CREATE DATABASE {} TEMPLATE {}").format(Identifier(name), Identifier(original)))
        try:
            yield f"{server()}/{name}"
        finally:
            link.execute(SQL("DROP DATABASE {} WITH (FORCE)").format(Identifier(name)))


def server() -> str:
    """The DATABASE_URL of the PostgreSQL server under test, without the name of a database."""
    here = settings.DATABASES["default"]
    who = f"{here['USER']}:{here['PASSWORD']}".rstrip(":")
    return f"postgres://{who}@{quote(here['HOST'], safe='')}{':' * bool(here['PORT'])}{here['PORT']}"


def _template(link: psycopg.Connection) -> str:
    """The name of the original on the server."""
    with _one_at_a_time() as home:
        original = f"migrated_{home.name}"
        if not link.execute("SELECT 1 FROM pg_database WHERE datname = %s", [original]).fetchone():
            link.execute(SQL("CREATE DATABASE {}").format(Identifier(f"{original}_making")))
            _migrate(home / "making", f"{server()}/{original}_making")
            made, kept = Identifier(f"{original}_making"), Identifier(original)
            link.execute(SQL("ALTER DATABASE {} RENAME TO {}").format(made, kept))
    return original


@contextmanager
def _one_at_a_time() -> Iterator[Path]:
    """The folder of the originals of today's migrations; one process at a time is in here."""
    home = settings.DATA_DIR / "migrated" / _digest()
    home.mkdir(parents=True, exist_ok=True)
    with (home / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield home


def _digest() -> str:
    total = hashlib.sha256()
    for path in sorted(ROOT.glob("sanxiao/*/migrations/*.py")):
        total.update(path.read_bytes())
    return total.hexdigest()[:16]


def _migrate(folder: Path, url: str) -> None:
    env = {**os.environ, "SANXIAO_DATA": str(folder), "SANXIAO_PROFILE": "practice", "DATABASE_URL": url}
    subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], cwd=ROOT, env=env, check=True)
