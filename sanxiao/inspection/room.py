"""The door of inspection."""

from django.utils.translation import gettext_lazy as _

from sanxiao.docket.rooms import Room
from sanxiao.inspection.rules import ORDER, PROBLEM

ROOM = Room(key="inspection", name=_("检查整改"), flows=(ORDER, PROBLEM))
