"""The door of the docket."""

from django.utils.translation import gettext_lazy as _

from sanxiao.docket.load import load_town
from sanxiao.docket.rooms import Room

ROOM = Room(key="docket", name=_("办件台账"), urls="sanxiao.docket.urls", town=load_town)
