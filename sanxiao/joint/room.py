"""The door of joint."""

from django.utils.translation import gettext_lazy as _

from sanxiao.docket.rooms import Entry, Fill, Room
from sanxiao.joint import acts, stops  # noqa: F401  register effects and conditions
from sanxiao.joint.load import FORM, load_town
from sanxiao.joint.panels import candidates, errands, panels
from sanxiao.joint.phone import take
from sanxiao.joint.rules import CALL, OPERATION, PART, STOP

ROOM = Room(
    key="joint",
    name=_("联合执法"),
    flows=(OPERATION, PART, STOP, CALL),
    menu=(Entry(_("联合执法"), "operations", "users", 74, "joint"),),
    urls="sanxiao.joint.urls",
    panels=panels,
    candidates=candidates,
    town=load_town,
    fills=(Fill(FORM, "joint.part", "place", take),),
    errands=errands,
)
