"""The door of the archive."""

from django.utils.translation import gettext_lazy as _

from sanxiao.archive import acts  # noqa: F401  registers effects and conditions
from sanxiao.archive.load import load_town
from sanxiao.archive.panels import candidates, panels
from sanxiao.archive.rules import CLASSIFICATION, FILE, MERGE
from sanxiao.docket.rooms import Entry, Room

ROOM = Room(
    key="archive",
    name=_("一户一档"),
    flows=(FILE, CLASSIFICATION, MERGE),
    menu=(Entry(_("一户一档"), "files", "folder", 10, "file"),),
    urls="sanxiao.archive.urls",
    panels=panels,
    candidates=candidates,
    town=load_town,
)
