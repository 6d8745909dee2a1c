"""The door of risk."""

from django.utils.translation import gettext_lazy as _

from sanxiao.docket.rooms import Room
from sanxiao.risk.keep import night
from sanxiao.risk.panels import panels, print_tables
from sanxiao.risk.ranks import ORDERING, risk_facts

ROOM = Room(
    key="risk", name=_("风险"), panels=panels, print_tables=print_tables, watch=night,
    risk_facts=risk_facts, ordering=ORDERING,
)  # fmt: skip
