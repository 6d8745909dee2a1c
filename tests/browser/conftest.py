"""The program served on a small town, and browsers that watch for what must never happen."""

import contextlib
import os
import shutil
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import connection

from tests import migrated
from tests.cast import PASSWORD
from tests.tour import CHROMIUM, NARROW, ROOT, WIDE, served

SIZES = {"desk": WIDE, "phone": NARROW}


@pytest.fixture(scope="module")
def base(tmp_path_factory) -> Iterator[str]:
    """The address of the served program."""
    with database(tmp_path_factory.mktemp("town")) as env:
        subprocess.run([sys.executable, "-m", "tests.browser.town"], cwd=ROOT, env={**os.environ, **env}, check=True)
        with served(env["SANXIAO_DATA"], **env) as address:
            yield address


@contextlib.contextmanager
def database(data: Path) -> Iterator[dict[str, str]]:
    """A database of its own, migrated and empty, on the engine under test; gives the environment that leads to it."""
    env = {"SANXIAO_DATA": str(data), "SANXIAO_PROFILE": "practice"}
    if connection.vendor == "sqlite":
        migrated.put(data)
        yield {**env, "DATABASE_URL": ""}
        return
    with migrated.on_the_server(f"browser_{uuid.uuid4().hex[:12]}") as url:
        yield {**env, "DATABASE_URL": url}


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """A browser. It is closed with the module: its event loop must not run beside other tests."""
    from playwright.sync_api import sync_playwright

    path = os.environ.get("SANXIAO_CHROMIUM") or shutil.which("chromium")
    if not path:
        pytest.skip("no Chromium: set SANXIAO_CHROMIUM")
    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path=path, args=list(CHROMIUM))
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def seats() -> dict[str, Any]:
    """Who has signed in already, with the cookies."""
    return {}


@pytest.fixture
def sit(base, chromium, seats) -> Iterator[Callable[..., Any]]:
    """`sit("zhang", "phone", "en")`: a page in which that person is signed in, and which is watched to the end."""
    complaints: list[str] = []
    contexts: list[Any] = []

    def take_a_seat(who: str = "", size: str = "desk", language: str = "zh-hans", **options: Any) -> Any:
        width, height = SIZES[size]
        context = chromium.new_context(
            base_url=base, viewport={"width": width, "height": height}, timezone_id="Asia/Shanghai",
            reduced_motion="reduce", storage_state=seats.get(who), **options,
        )  # fmt: skip
        contexts.append(context)
        context.add_cookies([{"name": "django_language", "value": language, "url": base}])
        context.set_default_timeout(15_000)
        context.on("request", lambda request: _outside(request.url, base, complaints))
        context.on("weberror", lambda error: complaints.append(str(error.error)))
        context.on("console", lambda said: _error(said, complaints))
        page = context.new_page()
        if who and who not in seats:
            sign_in(page, who)
            seats[who] = context.storage_state()
        return page

    yield take_a_seat
    for context in contexts:
        context.close()
    assert not complaints, complaints


def sign_in(page: Any, who: str) -> None:
    """Through the page, as everybody does."""
    page.goto("/login/")
    page.fill("input[name=username]", who)
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_url("**/")


def _error(said: Any, complaints: list[str]) -> None:
    """Errors of scripts, and what the content security policy refused."""
    if said.type == "error":
        complaints.append(f"{said.page.url if said.page else ''} {said.text} {said.location}")


def _outside(url: str, base: str, complaints: list[str]) -> None:
    if url.startswith("http") and urlsplit(url).netloc != urlsplit(base).netloc:
        complaints.append(f"asks another host: {url}")
