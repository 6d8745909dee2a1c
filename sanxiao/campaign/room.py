"""The door of the campaign."""

from django.utils.translation import gettext_lazy as _

from sanxiao.campaign.load import load_town
from sanxiao.docket.rooms import Entry, Room

ROOM = Room(
    key="campaign",
    name=_("专项行动"),
    menu=(Entry(_("方案与分工"), "plan", "flag", 80, "plan"),),
    urls="sanxiao.campaign.urls",
    town=load_town,
)
