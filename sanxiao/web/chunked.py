"""Bodies that do not say beforehand how long they are."""

from collections.abc import Callable, Iterable
from tempfile import SpooledTemporaryFile
from typing import Any

LARGEST = 64_000_000  # bytes of a body that does not say beforehand how long it is
IN_MEMORY = 1_000_000
Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def whole(inner: Wsgi) -> Wsgi:
    """Let bodies come in chunks, as OpenRosa demands: Django reads as much as CONTENT_LENGTH says, and no more.

    What is longer than LARGEST is not read to its end and answered 413.
    """

    def read_first(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        chunked = "chunked" in environ.get("HTTP_TRANSFER_ENCODING", "").lower()
        if not chunked or environ.get("CONTENT_LENGTH"):
            return inner(environ, start_response)
        with SpooledTemporaryFile(max_size=IN_MEMORY) as body:
            length = 0
            while part := environ["wsgi.input"].read(65536):
                length += body.write(part)
                if length > LARGEST:
                    start_response("413 Content Too Large", [("Content-Length", "0"), ("X-OpenRosa-Version", "1.0")])
                    return [b""]
            body.seek(0)
            told = {**environ, "CONTENT_LENGTH": str(length), "wsgi.input": body}
            answer = inner(told, start_response)
            try:
                return list(answer)
            finally:
                getattr(answer, "close", lambda: None)()

    return read_first
