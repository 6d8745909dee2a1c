"""The door of the campaign."""

from django.utils.translation import gettext_lazy as _

from sanxiao.campaign import accidents, forms, meeting_forms  # noqa: F401  register the forms
from sanxiao.campaign import meetings as _meetings  # noqa: F401  registers what the moves of meetings do
from sanxiao.campaign.desk import candidates
from sanxiao.campaign.load import load_town
from sanxiao.campaign.rules import ACCIDENT, INVITE, MEETING, TARGET, TASK
from sanxiao.docket.rooms import Entry, Room

ROOM = Room(
    key="campaign",
    name=_("专项行动"),
    flows=(TARGET, TASK, MEETING, INVITE, ACCIDENT),
    menu=(Entry(_("方案与分工"), "plan", "flag", 70, "plan"),),
    urls="sanxiao.campaign.urls",
    candidates=candidates,
    town=load_town,
)
