"""The door of the survey."""

from django.utils.translation import gettext_lazy as _

from sanxiao.docket.rooms import Entry, Fill, Room
from sanxiao.survey import acts, phone, served  # noqa: F401  registers effects and conditions
from sanxiao.survey.load import load_town
from sanxiao.survey.panels import acts as desk_acts
from sanxiao.survey.panels import errands, panels
from sanxiao.survey.retention import PHOTOS, SHEETS
from sanxiao.survey.rules import LEAD, SHEET
from sanxiao.survey.sightings import sightings
from sanxiao.survey.store import forget_old

ROOM = Room(
    key="survey",
    name=_("摸底排查"),
    flows=(SHEET, LEAD),
    menu=(Entry(_("摸底"), "sheets", "clipboard", 20, "sheet"),),
    urls="sanxiao.survey.urls",
    panels=panels,
    acts=desk_acts,
    town=load_town,
    watch=forget_old,
    errands=errands,
    fills=(
        Fill("survey_", "sheet.fill", "any", phone.take, served.values, served.adopt, served.say),
        Fill("revisit", "sheet.fill", "place", phone.take, served.values, served.adopt, served.say, market=True),
    ),
    sightings=sightings,
    keeps=(SHEETS, PHOTOS),
)
