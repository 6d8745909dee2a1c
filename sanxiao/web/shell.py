"""The frame around every page: the menu by role, the language, the person."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from sanxiao.docket import rooms
from sanxiao.office.duties import may, may_read, scope_of
from sanxiao.office.models import Office


def menu(user: Any) -> list[dict[str, Any]]:
    """The entries that the rooms hand down and this person may read, in the order of the story."""
    entries = sorted((e for room in rooms.all_rooms() for e in room.menu), key=lambda e: e.order)
    readable = [entry for entry in entries if may_read(user, entry.family)]
    names = {entry.url_name for entry in readable}
    return [{"entry": entry, "url": _url(entry)} for entry in readable if entry.behind not in names]


def _url(entry: rooms.Entry) -> str:
    try:
        return reverse(entry.url_name)
    except NoReverseMatch as error:
        raise LookupError(f"menu entry {entry.url_name!r} leads nowhere") from error


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context of the shell; costs two queries for a signed-in person (posts, their offices' names)."""
    user = getattr(request, "user", None)
    common = {"PRODUCT_NAME": settings.PRODUCT_NAME, "practice": not settings.REAL, "languages": settings.LANGUAGES}
    if user is None or not user.is_authenticated:
        return common
    seats = scope_of(user).seats
    names = {o.pk: o for o in Office.objects.filter(pk__in=[s.office_id for s in seats])} if seats else {}
    return {
        **common,
        "menu": menu(user),
        "walks": any(may(user, fill.duty) for room in rooms.all_rooms() for fill in room.fills),
        "seats": [(names[s.office_id], s.title, s.acting) for s in seats],
        "here": request.path,
    }
