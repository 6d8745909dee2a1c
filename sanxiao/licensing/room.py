"""The door of the licensing room."""

from django.utils.translation import gettext_lazy as _

from sanxiao.docket.rooms import Entry, Room
from sanxiao.licensing import acts, forms, issuing  # noqa: F401  they register effects, conditions, forms
from sanxiao.licensing.held import papers
from sanxiao.licensing.panels import candidates, panels, starters
from sanxiao.licensing.rules import APPLICATION, CERTIFICATE_FLOW
from sanxiao.licensing.sightings import sightings

ROOM = Room(
    key="licensing",
    name=_("登记发证"),
    flows=(APPLICATION, CERTIFICATE_FLOW),
    menu=(Entry(_("登记发证"), "applications", "licence", 50, "certificate"),),
    urls="sanxiao.licensing.urls",
    panels=panels,
    starters=starters,
    candidates=candidates,
    papers=papers,
    sightings=sightings,
)
