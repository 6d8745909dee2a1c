"""The door of zones."""

from django.utils.translation import gettext_lazy as _

from sanxiao.docket.rooms import Entry, Room
from sanxiao.zones import acts, entrant_acts, forms, item_acts, step_acts, step_forms  # noqa: F401  register effects and forms
from sanxiao.zones.load import load_town
from sanxiao.zones.night import night
from sanxiao.zones.panels import candidates, panels, starters
from sanxiao.zones.rules import CONDITION, ENTRANT, ITEM, OPINION, STEP, ZONE

ROOM = Room(
    key="zones",
    name=_("集中区"),
    flows=(ZONE, STEP, OPINION, CONDITION, ENTRANT, ITEM),
    menu=(Entry(_("集中区"), "zones", "stamp", 72, "zone"),),
    urls="sanxiao.zones.urls",
    panels=panels,
    starters=starters,
    candidates=candidates,
    town=load_town,
    watch=night,
)
