"""The door of guidance."""

from django.utils.translation import gettext_lazy as _

from sanxiao.docket.rooms import Entry, Fill, Room
from sanxiao.guidance import forms, telling  # noqa: F401  forms registers the forms, and with them what the moves do
from sanxiao.guidance.load import load_town
from sanxiao.guidance.panels import candidates, errands, panels, print_tables, starters
from sanxiao.guidance.rules import ATTENDANCE, HELP, LEAFLET, LETTER, MAILING, SESSION, TOLD

ROOM = Room(
    key="guidance",
    name=_("引导帮扶"),
    flows=(LEAFLET, TOLD, MAILING, LETTER, SESSION, ATTENDANCE, HELP),
    menu=(Entry(_("引导帮扶"), "guidance", "megaphone", 33, "guide"),),
    urls="sanxiao.guidance.urls",
    panels=panels,
    starters=starters,
    candidates=candidates,
    errands=errands,
    print_tables=print_tables,
    town=load_town,
    fills=(Fill("tell", "guide.tell", "place", telling.take),),
)
