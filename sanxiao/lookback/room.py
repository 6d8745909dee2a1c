"""The door of looking back."""

from django.utils.translation import gettext_lazy as _

from sanxiao.docket.rooms import Entry, Fill, Room
from sanxiao.lookback import acts, alarms, revisits  # noqa: F401  register effects and conditions
from sanxiao.lookback.load import load_town
from sanxiao.lookback.night import night
from sanxiao.lookback.panels import candidates, errands, panels, print_tables
from sanxiao.lookback.phone import take_look, take_revisit
from sanxiao.lookback.rules import ALARM, CAMPAIGN, LOOK, REVISIT

ROOM = Room(
    key="lookback",
    name=_("回头看"),
    flows=(CAMPAIGN, LOOK, REVISIT, ALARM),
    menu=(Entry(_("回头看"), "lookback", "history", 36, "lookback"),),
    urls="sanxiao.lookback.urls",
    panels=panels,
    candidates=candidates,
    print_tables=print_tables,
    town=load_town,
    watch=night,
    fills=(
        Fill("lookback", "lookback.do", "place", take_look),
        Fill("revival", "revival.visit", "place", take_revisit),
    ),
    errands=errands,
)
