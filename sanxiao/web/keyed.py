"""The short way for phones: what comes under a key needs no cookie, no session, no page, and a hundred phones send at
once. The views are the same; only the middleware of the pages is left out."""

import re
from collections.abc import Callable, Iterable
from typing import Any

from django.core.handlers.exception import convert_exception_to_response
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest, HttpResponse
from django.middleware.locale import LocaleMiddleware
from django.middleware.security import SecurityMiddleware

from sanxiao.web.chunked import Wsgi

KEYED = re.compile(r"/key/[^/]{64}/(formList|submission|integrity|forms/[^/]+/[^/]+/(form\.xml|manifest|media/[^/]+))$")


class Short(WSGIHandler):
    """Django with the middleware that a machine's answer needs: safety of the connection, and the language."""

    def load_middleware(self, is_async: bool = False) -> None:
        """The chain, from the inside out."""
        self._view_middleware: list[Any] = []
        self._template_response_middleware: list[Any] = []
        self._exception_middleware: list[Any] = []
        chain: Any = convert_exception_to_response(self._get_response)  # type: ignore[attr-defined]
        for layer in (closed, LocaleMiddleware, SecurityMiddleware):
            chain = convert_exception_to_response(layer(chain))
        self._middleware_chain = chain


def closed(inner: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Nothing in these answers is ever to be run or framed."""

    def middleware(request: HttpRequest) -> HttpResponse:
        answer = inner(request)
        answer["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'"
        return answer

    return middleware


def short_for_phones(inner: Wsgi) -> Wsgi:
    """Requests under a phone's key go the short way, all others to `inner`."""
    short = Short()

    def choose(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        keyed = KEYED.match(environ.get("PATH_INFO", ""))
        return (short if keyed else inner)(environ, start_response)

    return choose
