"""The door of oversight."""

from django.utils.translation import gettext_lazy as _

from sanxiao.docket.rooms import Entry, Room
from sanxiao.oversight import boards, drafts, practices, proofs, rounds, urging  # noqa: F401  register effects
from sanxiao.oversight.night import night
from sanxiao.oversight.panels import candidates, errands
from sanxiao.oversight.rules import FLOWS

ROOM = Room(
    key="oversight",
    name=_("督查"),
    flows=FLOWS,
    menu=(Entry(_("督查考核"), "oversight", "flag", 76, "oversight"),),
    urls="sanxiao.oversight.urls",
    candidates=candidates,
    errands=errands,
    watch=night,
)
