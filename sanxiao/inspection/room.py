"""The door of inspection."""

from django.utils.translation import gettext_lazy as _

from sanxiao.docket.rooms import Entry, Fill, Room
from sanxiao.inspection import acts, answering, talk_acts  # noqa: F401  register effects and conditions, the visits' too
from sanxiao.inspection.answer_rules import ANSWER
from sanxiao.inspection.checklist import PREFIX, load_town
from sanxiao.inspection.due import risk_facts
from sanxiao.inspection.panels import candidates, errands, panels, print_tables, starters, watch
from sanxiao.inspection.rules import ORDER, PROBLEM
from sanxiao.inspection.sightings import sightings
from sanxiao.inspection.talk_rules import TALK
from sanxiao.inspection.visit_phone import take
from sanxiao.inspection.visit_rules import VISIT

ROOM = Room(
    key="inspection",
    name=_("检查整改"),
    flows=(ORDER, PROBLEM, ANSWER, VISIT, TALK),
    menu=(Entry(_("检查整改"), "orders", "checks", 30, "order"),),
    urls="sanxiao.inspection.urls",
    panels=panels,
    starters=starters,
    candidates=candidates,
    errands=errands,
    print_tables=print_tables,
    sightings=sightings,
    fills=(Fill(PREFIX, "visit.do", "place", take),),
    town=load_town,
    watch=watch,
    risk_facts=risk_facts,
)
