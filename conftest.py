"""What every test may ask for: the town, its people, and a browser signed in as one of them."""

from collections.abc import Callable, Iterator

import pytest
from django.contrib.auth.hashers import make_password
from django.core.cache import cache
from django.test import Client

from sanxiao.office.now import story_is_told
from tests import cast


@pytest.fixture(scope="session", autouse=True)
def _password() -> None:
    cast.remember_password(make_password)


@pytest.fixture(autouse=True)
def _fresh(settings, tmp_path) -> Iterator[None]:
    """Nothing of one test reaches the next: no cache, files of its own, the clock on the wall."""
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
