"""A session ends when nobody has used it for half an hour. It decides nothing else."""

from collections.abc import Callable
from time import time

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse


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
