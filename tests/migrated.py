"""Databases with all tables and no rows. Migrating takes fifteen seconds of a processor and copying none, so a run
of the suite migrates once and every place that needs a database of its own gets a copy.

The original lies in the data folder of the run, under the digest of all migrations; the processes of a run share it.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from django.conf import settings
from psycopg.sql import SQL, Identifier

ROOT = Path(__file__).resolve().parent.parent
FILE = "sanxiao.sqlite3"


def put(folder: Path) -> None:
    """An SQLite database in a data folder, as `migrate` makes it."""
    with _one_at_a_time() as home:
        original = home / FILE
        if not original.exists():
            _migrate(home / "making", "")
            (home / "making" / FILE).replace(original)
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(original, folder / FILE)


def create(link: psycopg.Connection, name: str, address: str) -> None:
    """A PostgreSQL database `name`, migrated; `link` is an autocommitting connection to the server, `address` the
    part of a DATABASE_URL before the name of the database."""
    with _one_at_a_time() as home:
        original = f"migrated_{home.name}"
        if not link.execute("SELECT 1 FROM pg_database WHERE datname = %s", [original]).fetchone():
            link.execute(SQL("CREATE DATABASE {}").format(Identifier(f"{original}_making")))
            _migrate(home / "making", f"{address}/{original}_making")
            made, kept = Identifier(f"{original}_making"), Identifier(original)
            link.execute(SQL("ALTER DATABASE {} RENAME TO {}").format(made, kept))
        link.execute(SQL("CREATE DATABASE {} TEMPLATE {}").format(Identifier(name), Identifier(original)))


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
