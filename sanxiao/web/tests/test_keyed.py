"""What comes under a phone's key goes the short way; everything else does not."""

import io
from typing import Any

import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections

from sanxiao.field import inbox, phones
from sanxiao.field.models import Submission
from sanxiao.field.tests import kit
from sanxiao.web.keyed import short_for_phones


@pytest.fixture
def ask(town):
    """`ask("GET", path)`: status and headers, and whether the pages' way was taken."""

    def inner(_environ: dict[str, Any], start_response: Any) -> list[bytes]:
        start_response("200 the long way", [])
        return []

    app = short_for_phones(inner)

    def asked(method: str, path: str, body: bytes = b"", kind: str = "text/xml", **heads: str) -> tuple[str, dict]:
        said: list[Any] = []
        environ = {
            "REQUEST_METHOD": method, "PATH_INFO": path, "SCRIPT_NAME": "", "QUERY_STRING": "", "CONTENT_TYPE": kind,
            "CONTENT_LENGTH": str(len(body)), "SERVER_NAME": "127.0.0.1", "SERVER_PORT": "80",
            "wsgi.url_scheme": "http", "wsgi.input": io.BytesIO(body), "wsgi.errors": io.StringIO(),
            "REMOTE_ADDR": "127.0.0.1", "HTTP_HOST": "testserver", "HTTP_X_OPENROSA_VERSION": "1.0", **heads,
        }  # fmt: skip
        # As Django's own test client does: the connection of the test is not the request's to close.
        request_started.disconnect(close_old_connections)
        request_finished.disconnect(close_old_connections)
        answer = app(environ, lambda status, headers, _error=None: said.append((status, dict(headers))))
        said.append(b"".join(answer))
        request_started.connect(close_old_connections)
        request_finished.connect(close_old_connections)
        return said[0]

    return asked


@pytest.fixture
def phone(town):
    """Zhang's phone."""
    return kit.Phone(town.zhang)


def test_an_answer_that_goes_the_short_way_is_stored_and_answered_as_ever(ask, phone):
    edition = kit.offered(phone)
    data = kit.answers(edition).encode()
    for _n in range(2):
        status, heads = ask("POST", f"/key/{phone.key}/submission", data)
        assert status.startswith("201") and heads["X-OpenRosa-Version"] == "1.0"
        assert heads["X-Content-Type-Options"] == "nosniff" and "default-src 'none'" in heads["Content-Security-Policy"]
    assert Submission.objects.count() == 1 and inbox.drain() == 1


def test_who_is_shut_out_or_has_no_post_any_more_is_told_so_at_once(ask, phone, town):
    path = f"/key/{phone.key}/formList"
    assert ask("GET", path)[0].startswith("200 OK")
    town.zhang.posts.update(until="2018-05-01")
    assert ask("GET", path)[0].startswith("403")
    town.zhang.posts.update(until=None)
    phones.revoke(phone.row, "丢了")
    assert ask("GET", path)[0].startswith("403")


def test_the_language_asked_for_is_spoken(ask, phone):
    from django.utils import translation

    status, heads = ask("POST", f"/key/{phone.key}/submission", b"<data", HTTP_ACCEPT_LANGUAGE="en")
    assert status.startswith("400") and heads["Content-Language"] == "en"
    translation.deactivate()


@pytest.mark.parametrize("path", ["/", "/field/api/me", "/key/short/submission", "/openrosa/submission", "/key/x/y"])
def test_everything_else_goes_the_long_way(ask, path):
    assert ask("GET", path)[0] == "200 the long way"


def test_what_a_key_does_not_open_goes_the_long_way_too(ask, phone):
    assert ask("GET", f"/key/{phone.key}/anything")[0] == "200 the long way"
