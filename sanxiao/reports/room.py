"""The door of the reports."""

from django.utils.translation import gettext_lazy as _

from sanxiao.docket.rooms import Entry, Room
from sanxiao.reports.cockpit import acts as desk_acts
from sanxiao.reports.concern_lists import candidates
from sanxiao.reports.concern_rules import CONCERN
from sanxiao.reports.night import night
from sanxiao.reports.rules import REPORT

ROOM = Room(
    key="reports",
    name=_("统计报告"),
    flows=(REPORT, CONCERN),
    menu=(
        Entry(_("态势"), "cockpit", "chart", 80, "desk"),
        Entry(_("季度报告"), "reports", "document", 85, "report"),
    ),
    urls="sanxiao.reports.urls",
    acts=desk_acts,
    candidates=candidates,
    watch=night,
)
