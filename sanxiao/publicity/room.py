"""The door of publicity."""

from django.utils.translation import gettext_lazy as _

from sanxiao.docket.rooms import Entry, Room
from sanxiao.publicity import exposing, forms  # noqa: F401  forms registers the forms, and with them what the moves do
from sanxiao.publicity.panels import candidates, panels, starters
from sanxiao.publicity.rules import ACT, EXPOSURE, POLL, REPAIR, TEXT

ROOM = Room(
    key="publicity",
    name=_("宣传曝光"),
    flows=(TEXT, ACT, EXPOSURE, POLL, REPAIR),
    menu=(Entry(_("宣传曝光"), "publicity", "megaphone", 77, "publicity"),),
    urls="sanxiao.publicity.urls",
    panels=panels,
    starters=starters,
    candidates=candidates,
    watch=exposing.watch,
)
