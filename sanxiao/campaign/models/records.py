"""An event of the log as a line of the list behind a number."""

import contextlib

from django.urls import reverse

from sanxiao.docket import rooms
from sanxiao.docket.models import Event


class Record(Event):
    """One entry of the log, as proof."""

    class Meta:
        proxy = True

    def get_absolute_url(self) -> str:
        """The file in which it happened, otherwise the matter itself; a part of a whole has no page of its own."""
        if self.file:
            return reverse("file", args=[self.file])
        with contextlib.suppress(KeyError):
            if not rooms.flow_of(self.kind).part:
                return reverse("matter", args=[self.kind, self.subject])
        return ""
