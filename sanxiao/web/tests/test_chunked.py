"""Bodies that come in chunks."""

import io

from sanxiao.web import chunked


def asked(body: bytes, **environ):
    seen = {}

    def inner(environ, start_response):
        seen["length"], seen["body"] = environ.get("CONTENT_LENGTH"), environ["wsgi.input"].read()
        start_response("200 OK", [])
        return [b"ok"]

    said = []
    parts = chunked.whole(inner)(
        {"wsgi.input": io.BytesIO(body), **environ}, lambda status, _heads: said.append(status)
    )
    return said[0], b"".join(parts), seen


def test_a_chunked_body_arrives_whole_with_its_length():
    assert asked(b"x" * 100_000, HTTP_TRANSFER_ENCODING="chunked")[2] == {"length": "100000", "body": b"x" * 100_000}


def test_any_other_body_is_left_alone():
    assert asked(b"abc", CONTENT_LENGTH="3")[2]["length"] == "3"


def test_an_endless_body_is_cut_off(monkeypatch):
    monkeypatch.setattr(chunked, "LARGEST", 1000)
    status, _body, seen = asked(b"x" * 70_000, HTTP_TRANSFER_ENCODING="chunked")
    assert status.startswith("413") and not seen
