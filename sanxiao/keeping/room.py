"""The door of keeping and destroying."""

from django.utils.translation import gettext_lazy as _

from sanxiao.docket.rooms import Room
from sanxiao.keeping import acts  # noqa: F401  registers effects and conditions
from sanxiao.keeping.due import FILES, watch
from sanxiao.keeping.panels import candidates, starters
from sanxiao.keeping.rules import DISPOSAL, HOLD

ROOM = Room(
    key="keeping",
    name=_("保管与销毁"),
    flows=(DISPOSAL, HOLD),
    urls="sanxiao.keeping.urls",
    starters=starters,
    candidates=candidates,
    watch=watch,
    keeps=(FILES,),
)
