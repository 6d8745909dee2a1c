"""The door of money."""

from django.utils.translation import gettext_lazy as _

from sanxiao.docket.rooms import Entry, Room
from sanxiao.funds import acts, forms  # noqa: F401  register what the moves do, and their forms
from sanxiao.funds.rules import LINE, SPENDING

ROOM = Room(
    key="funds",
    name=_("专项经费"),
    flows=(LINE, SPENDING),
    menu=(Entry(_("专项经费"), "funds", "inbox", 79, "spend"),),
    urls="sanxiao.funds.urls",
)
