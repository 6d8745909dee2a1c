"""Places to back up and to restore to: a data folder and a database of their own, spoken to as an operator does."""

import hashlib
import os
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from django.db import connection
from psycopg.sql import SQL, Identifier

from tests import migrated

ROOT = Path(__file__).resolve().parents[2]
PHOTO = b"\xff\xd8 a photo, made up \xff\xd9" * 500


class Place:
    """One installation: its folder, its database, and manage.py of it."""

    def __init__(self, folder: Path, database: str | None, profile: str = "practice"):
        self.folder = folder
        self.env = {
            **os.environ,
            "SANXIAO_DATA": str(folder),
            "SANXIAO_PROFILE": profile,
            "DJANGO_SETTINGS_MODULE": "sanxiao.web.settings",
            "PYTHONPATH": str(ROOT),
            "PYTHONUTF8": "1",
        }
        self.env.pop("DATABASE_URL", None)
        if database:
            self.env["DATABASE_URL"] = database

    def manage(self, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, str(ROOT / "manage.py"), *map(str, arguments)]
        return subprocess.run(command, env=self.env, cwd=ROOT, text=True, capture_output=True, check=False)

    def ask(self, code: str) -> str:
        """Run a few lines with Django set up and give what they print."""
        command = [sys.executable, "-c", f"import django; django.setup()\n{code}"]
        done = subprocess.run(command, env=self.env, cwd=ROOT, text=True, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def rows(self) -> str:
        """Every row of every table, as one digest a table."""
        return self.ask(
            "from django.db import connection as c\n"
            "import hashlib\n"
            "with c.cursor() as k:\n"
            "    for t in sorted(c.introspection.table_names()):\n"
            "        k.execute('select * from ' + c.ops.quote_name(t))\n"
            "        print(t, hashlib.sha256(repr(sorted(map(repr, k.fetchall()))).encode()).hexdigest())"
        )

    def put_blob(self, content: bytes) -> Path:
        name = hashlib.sha256(content).hexdigest()
        path = self.folder / "blobs" / name[:2] / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return path


@pytest.fixture(scope="session")
def databases() -> Iterator[Callable[[], str | None]]:
    """Makes databases of the engine that the suite runs on: None means SQLite in the place's own folder."""
    if connection.vendor == "sqlite":
        yield lambda: None
        return
    made: list[str] = []
    with psycopg.connect(f"{migrated.server()}/postgres", autocommit=True) as server:

        def make() -> str:
            made.append(f"sanxiao_{uuid.uuid4().hex[:12]}")
            server.execute(SQL("create database {}").format(Identifier(made[-1])))
            return f"{migrated.server()}/{made[-1]}"

        yield make
        for name in made:
            server.execute(SQL("drop database {} with (force)").format(Identifier(name)))


@pytest.fixture(scope="session")
def new_place(databases, tmp_path_factory) -> Callable[..., Place]:
    def make(profile: str = "practice") -> Place:
        return Place(tmp_path_factory.mktemp("place"), databases(), profile)

    return make


@pytest.fixture(scope="session")
def office(new_place) -> Place:
    """A town's office at work: migrated, with a photo and a session."""
    place = new_place()
    if connection.vendor == "sqlite":
        migrated.put(place.folder)
    done = place.manage("migrate", "--no-input", "-v", "0")
    assert done.returncode == 0, done.stderr
    place.put_blob(PHOTO)
    place.ask(
        "from django.contrib.sessions.backends.db import SessionStore\n"
        "for text in ('王老五\\n豆腐', 'a\\tb\\\\c', ''):\n"
        "    session = SessionStore(); session['note'] = text; session.save()"
    )
    return place


@pytest.fixture(scope="session")
def saved(office, tmp_path_factory) -> Path:
    """Its backup."""
    file = tmp_path_factory.mktemp("safe") / "monday.sanxiao"
    done = office.manage("backup", file)
    assert done.returncode == 0, done.stderr
    return file
