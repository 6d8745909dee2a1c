"""The door of inspection."""

from django.utils.translation import gettext_lazy as _

from sanxiao.docket.rooms import Entry, Room
from sanxiao.inspection import acts  # noqa: F401  registers effects and conditions
from sanxiao.inspection.panels import candidates, panels, starters
from sanxiao.inspection.rules import ORDER, PROBLEM

ROOM = Room(
    key="inspection",
    name=_("检查整改"),
    flows=(ORDER, PROBLEM),
    menu=(Entry(_("检查整改"), "orders", "checks", 30, "order"),),
    urls="sanxiao.inspection.urls",
    panels=panels,
    starters=starters,
    candidates=candidates,
)
