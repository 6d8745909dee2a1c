"""The door of the field."""

from django.utils.translation import gettext_lazy as _

from sanxiao.docket.rooms import Entry, Fill, Room
from sanxiao.field import checks, trouble, walks  # noqa: F401  trouble registers what its moves do
from sanxiao.field.api import router
from sanxiao.field.errands import of_the_field
from sanxiao.field.free import FREE, panels
from sanxiao.field.inbox import night
from sanxiao.field.incoming import acts as desk_acts
from sanxiao.field.patches import load_town
from sanxiao.field.retention import SUBMISSIONS
from sanxiao.field.rules import CHECK, CLASH, TROUBLE, WALK

ROOM = Room(
    key="field",
    name=_("现场"),
    flows=(TROUBLE, CLASH, WALK, CHECK),
    menu=(Entry(_("走访"), "coverage", "pin", 25, "coverage"),),
    urls="sanxiao.field.urls",
    api=router,
    panels=panels,
    acts=desk_acts,
    town=load_town,
    watch=night,
    fills=(
        Fill("walk", "coverage.walk", "", walks.take),
        Fill("check", "check.do", "place", checks.take),
        FREE,
    ),
    errands=of_the_field,
    keeps=(SUBMISSIONS,),
)
