"""The door of the survey."""

from django.utils.translation import gettext_lazy as _

from sanxiao.docket.rooms import Entry, Room
from sanxiao.survey import acts  # noqa: F401  registers effects and conditions
from sanxiao.survey.load import load_town
from sanxiao.survey.panels import acts as desk_acts
from sanxiao.survey.panels import panels
from sanxiao.survey.rules import SHEET
from sanxiao.survey.store import forget_old

ROOM = Room(
    key="survey",
    name=_("摸底排查"),
    flows=(SHEET,),
    menu=(Entry(_("摸底"), "sheets", "clipboard", 20, "sheet"),),
    urls="sanxiao.survey.urls",
    panels=panels,
    acts=desk_acts,
    town=load_town,
    watch=forget_old,
)
