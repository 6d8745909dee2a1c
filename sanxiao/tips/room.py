"""The door of tips."""

from pathlib import Path

from django.utils.translation import gettext_lazy as _

from sanxiao.docket.rooms import Entry, Room
from sanxiao.tips import acts, forms, identity, rewards, routing  # noqa: F401  they register effects, conditions, forms
from sanxiao.tips.panels import candidates, follows, panels, risk_facts, sightings
from sanxiao.tips.retention import KEEPS, watch
from sanxiao.tips.rules import COMPLAINT, DISPOSAL, OPENING, REPORT, REWARD


def town(folder: Path) -> str:
    """The routes of a town's folder."""
    return routing.load_town(folder)


ROOM = Room(
    key="tips",
    name=_("投诉举报"),
    flows=(COMPLAINT, REPORT, OPENING, REWARD, DISPOSAL),
    menu=(
        Entry(_("投诉举报"), "tips", "megaphone", 65, "tip"),
        Entry(_("举报奖励"), "tip-rewards", "stamp", 66, "payout", behind="tips"),
        Entry(_("举报专管人员"), "tip-handlers", "shield", 67, "handler", behind="tips"),
    ),
    urls="sanxiao.tips.urls",
    panels=panels,
    candidates=candidates,
    town=town,
    watch=watch,
    risk_facts=risk_facts,
    sightings=sightings,
    follows=follows,
    keeps=KEEPS,
)
