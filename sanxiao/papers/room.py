"""The door of papers."""

from django.utils.translation import gettext_lazy as _

from sanxiao.docket.rooms import Room

ROOM = Room(key="papers", name=_("文书"), urls="sanxiao.papers.urls")
