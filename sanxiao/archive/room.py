"""The door of the archive."""

from django.utils.translation import gettext_lazy as _

from sanxiao.archive import acts, forms, merging  # noqa: F401  register effects, conditions and forms
from sanxiao.archive.api import router
from sanxiao.archive.load import load_town
from sanxiao.archive.panels import candidates, errands, panels, starters
from sanxiao.archive.retention import CLOSED
from sanxiao.archive.rules import CLASSIFICATION, FILE, MERGE
from sanxiao.archive.sightings import sightings
from sanxiao.docket.rooms import Entry, Room

ROOM = Room(
    key="archive",
    name=_("一户一档"),
    flows=(FILE, CLASSIFICATION, MERGE),
    menu=(Entry(_("一户一档"), "files", "folder", 10, "file"),),
    urls="sanxiao.archive.urls",
    api=router,
    panels=panels,
    starters=starters,
    candidates=candidates,
    errands=errands,
    town=load_town,
    sightings=sightings,
    keeps=(CLOSED,),
)
