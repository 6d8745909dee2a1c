"""The door of sampling."""

from django.utils.translation import gettext_lazy as _

from sanxiao.docket.rooms import Entry, Fill, Room
from sanxiao.sampling import (  # noqa: F401  registers effects and conditions
    acts,
    beside,
    plan_acts,
    result_acts,
    retests,
    sheet,
)
from sanxiao.sampling.beside_rules import BESIDE
from sanxiao.sampling.load import load_town
from sanxiao.sampling.panels import candidates, errands, panels, print_tables, risk_facts, starters, watch
from sanxiao.sampling.rules import PLAN, SAMPLE
from sanxiao.sampling.sightings import sightings

ROOM = Room(
    key="sampling",
    name=_("监督抽检"),
    flows=(PLAN, SAMPLE, *BESIDE),
    menu=(Entry(_("监督抽检"), "samples", "flask", 40, "sample"),),
    urls="sanxiao.sampling.urls",
    panels=panels,
    starters=starters,
    candidates=candidates,
    errands=errands,
    print_tables=print_tables,
    risk_facts=risk_facts,
    town=load_town,
    watch=watch,
    sightings=sightings,
    fills=(Fill(sheet.CODE, "sample.take", "place", sheet.take),),
)
