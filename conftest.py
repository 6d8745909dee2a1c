"""What every test may ask for: the town, its people, and a browser signed in as one of them."""

import json
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any

import pytest
from django.contrib.auth.hashers import make_password
from django.core.cache import cache
from django.db import transaction
from django.db.backends.base.operations import BaseDatabaseOperations
from django.test import Client
from django.utils import translation
from pyxform import xls2xform

from sanxiao.office.now import story_is_told
from tests import cast, migrated


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The story of the town is told in both languages on both engines, those of single rooms in English on one."""
    for item in items:
        if item.path.name.startswith("story_") and "[en" in item.name:
            item.add_marker("once")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix) -> Iterator[None]:
    with migrated.beneath_the_tests():
        yield


@pytest.fixture(scope="session", autouse=True)
def _tables_first(django_db_setup) -> None:
    """Tables are made before the first browser: beside its event loop no test could ask the database."""


@pytest.fixture(scope="session", autouse=True)
def _password() -> None:
    cast.remember_password(make_password)


@pytest.fixture(scope="session", autouse=True)
def _emptied_tables() -> Iterator[None]:
    """Tests of several transactions empty all tables after themselves; for that alone the log's guard is lifted."""
    guard = import_module("sanxiao.docket.migrations.0002_the_log_is_written_once")
    flush = BaseDatabaseOperations.execute_sql_flush

    def lifted(self: BaseDatabaseOperations, statements: list[str]) -> None:
        with transaction.atomic(), self.connection.cursor() as cursor:
            guard.take_down(self.connection.vendor, cursor.execute)
            flush(self, statements)
            guard.put_up(self.connection.vendor, cursor.execute)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BaseDatabaseOperations, "execute_sql_flush", lifted)
        yield


@pytest.fixture(scope="session", autouse=True)
def _forms_converted_once() -> Iterator[None]:
    """A form becomes an XForm in a tenth of a second, and hundreds of tests want the same few forms."""
    convert, made = xls2xform.convert, dict[str, Any]()

    def once(book: Any, **how: Any) -> Any:
        key = json.dumps([book, how], sort_keys=True, default=str)
        if key not in made:
            made[key] = convert(book, **how)
        return made[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(xls2xform, "convert", once)
        yield


@pytest.fixture(autouse=True)
def _fresh(settings, tmp_path) -> Iterator[None]:
    """Nothing of one test reaches the next: no cache, files of its own, the language of the house, the clock."""
    translation.deactivate()  # a page read in English leaves its language to the thread
    cache.clear()
    settings.BLOB_DIR = tmp_path / "blobs"
    yield
    assert not story_is_told(), "this test left the clock in its own story"


@pytest.fixture
def town(db) -> cast.Cast:
    """The plan's town with its people."""
    return cast.the_town()


@pytest.fixture
def as_(town) -> Callable[[str], Client]:
    """`as_("zhang")`: a browser in which that person is signed in."""

    def sign_in(name: str) -> Client:
        client = Client()
        client.force_login(getattr(town, name), backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in


@pytest.fixture
def tofu(town):
    """王秀兰's tofu workshop, on file in 后阳村."""
    return cast.tofu_shop(town.zhang)
