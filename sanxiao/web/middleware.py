"""A session ends when nobody has used it for half an hour; the public tip page knows no session at all."""

from collections.abc import Callable
from time import time
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect

TIPS = "/tip/"


def idle_end(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Sign out who was away longer than SESSION_IDLE_MINUTES; note the last use at most once a minute."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            last, this = request.session.get("last_use", 0), int(time())
            if last and this - last > settings.SESSION_IDLE_MINUTES * 60:
                logout(request)
            elif this - last > 60:
                request.session["last_use"] = this
        response = get_response(request)
        if request.user.is_authenticated and not response.has_header("Cache-Control"):
            response["Cache-Control"] = "private, no-store"
        return response

    return middleware


def tips_apart(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """On the public tip page no cookie is read or set and nothing is kept by a browser or a proxy on the way.

    It stands before all others, so that a signed-in officer who looks at the page leaves no trace in his session.
    With SANXIAO_TIP_URL the page lives on that host, which answers nothing else.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        own = urlsplit(settings.TIP_BASE_URL).netloc
        here = bool(own) and request.META.get("HTTP_HOST", "") == own
        if here:
            request.urlconf = "sanxiao.tips.public_urls"  # type: ignore[attr-defined]
        if request.path.startswith("/static/") or not (here or request.path.startswith(TIPS)):
            return get_response(request)
        request.META.pop("HTTP_COOKIE", None)
        if own and not here:
            response: HttpResponse = HttpResponsePermanentRedirect(settings.TIP_BASE_URL + request.get_full_path())
        else:
            response = get_response(request)
        response.cookies.clear()
        response["Cache-Control"], response["Referrer-Policy"] = "no-store", "no-referrer"
        response["X-Robots-Tag"] = "noindex"
        return response

    return middleware
