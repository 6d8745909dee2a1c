"""The frame around every page: the menu by role, the language, the person."""

from itertools import groupby
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from sanxiao.docket import rooms
from sanxiao.office.duties import may, may_read, scope_of
from sanxiao.office.models import Office

# The story in nine lines: the desk, then these. A person to whom a chapter has but one page goes straight to it.
CHAPTERS = {
    1: (_("一户一档"), "folder"),
    2: (_("摸底排查"), "clipboard"),
    3: (_("检查整改"), "checks"),
    4: (_("抽检进货"), "flask"),
    5: (_("登记发证"), "licence"),
    6: (_("执法举报"), "gavel"),
    7: (_("专项行动"), "flag"),
    8: (_("统计报告"), "chart"),
}


def menu(user: Any, here: str) -> list[dict[str, Any]]:
    """The chapters with the entries that the rooms hand down and this person may read, in the order of the story.

    Each chapter: `name`, `icon`, `items` of `entry` and `url`; `current` is true of the entry whose pages hold the
    address `here`, and of its chapter.
    """
    entries = sorted((e for room in rooms.all_rooms() for e in room.menu), key=lambda e: e.order)
    readable = [entry for entry in entries if may_read(user, entry.family)]
    names = {entry.url_name for entry in readable}
    shown = [(entry, _url(entry)) for entry in readable if entry.behind not in names]
    current = max((url for _entry, url in shown if here.startswith(url)), key=len, default=None)
    chapters = []
    for number, group in groupby(shown, key=lambda item: item[0].order // 10):
        name, icon = CHAPTERS[number]
        inside = [{"entry": entry, "url": url, "current": url == current} for entry, url in group]
        chapters.append({"name": name, "icon": icon, "items": inside, "current": any(i["current"] for i in inside)})
    return chapters


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
        "menu": menu(user, request.path),
        "walks": any(may(user, fill.duty) for room in rooms.all_rooms() for fill in room.fills),
        "seats": [(names[s.office_id], s.title, s.acting) for s in seats],
        "here": request.path,
    }
