"""The door of the reports."""

from django.utils.translation import gettext_lazy as _

from sanxiao.docket.rooms import Entry, Room
from sanxiao.reports.acts import open_due
from sanxiao.reports.cockpit import acts as desk_acts
from sanxiao.reports.rules import REPORT

ROOM = Room(
    key="reports",
    name=_("统计报告"),
    flows=(REPORT,),
    menu=(
        Entry(_("态势"), "cockpit", "chart", 90, "desk"),
        Entry(_("季度报告"), "reports", "document", 95, "report"),
    ),
    urls="sanxiao.reports.urls",
    acts=desk_acts,
    watch=open_due,
)
