"""The door of the room."""

from django.utils.translation import gettext_lazy as _

from sanxiao.docket.rooms import Entry, Room
from sanxiao.sources import acts  # noqa: F401  registers effects and conditions
from sanxiao.sources.load import load_town
from sanxiao.sources.panels import candidates, errands, panels, starters, watch
from sanxiao.sources.phone import FILLS, LISTS
from sanxiao.sources.rules import ALERT, BUYER, CHECK, PURCHASE, SUPPLIER
from sanxiao.sources.sightings import sightings

ROOM = Room(
    key="sources",
    name=_("进货核查"),
    flows=(BUYER, PURCHASE, SUPPLIER, CHECK, ALERT),
    menu=(Entry(_("进货核查"), "buyers", "link", 45, "source"),),
    urls="sanxiao.sources.urls",
    panels=panels,
    starters=starters,
    candidates=candidates,
    town=load_town,
    watch=watch,
    errands=errands,
    fills=FILLS,
    lists=LISTS,
    sightings=sightings,
)
