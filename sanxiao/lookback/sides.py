"""前后对照: the pictures of a place stage by stage, as it was and as it became."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from sanxiao.archive.models import Establishment
from sanxiao.archive.rules import FILE
from sanxiao.docket.models import Attachment, Event
from sanxiao.lookback.rules import ALARM, LOOK, REVISIT

ROLES = ("photo", "before", "after")  # pictures of the place; papers and hands are none
AT_ONCE = timedelta(minutes=10)  # a picture that came with the note of the closing
MOST, LAST = 120, 2
STAGES = {
    "survey": _("摸底建档"), "before": _("整改前"), "after": _("整改后"), "check": _("办证核查"), "visit": _("检查"),
    "closing": _("关停"), "lookback": _("回头看、回查"),
}  # fmt: skip
OWN = (LOOK.key, REVISIT.key, ALARM.key)


@dataclass
class Stage:
    """One stage with its pictures, oldest first."""

    key: str
    photos: list[Attachment] = field(default_factory=list)

    @property
    def name(self) -> str:
        """What it is called."""
        return str(STAGES[self.key])

    @property
    def shown(self) -> list[Attachment]:
        """The last pictures, which stand for the stage."""
        return self.photos[-LAST:]

    @property
    def earlier(self) -> list[Attachment]:
        """Those before, folded away."""
        return self.photos[:-LAST]

    @property
    def since(self) -> datetime:
        """When its first picture was taken."""
        return taken(self.photos[0])

    @property
    def until(self) -> datetime:
        """When its last picture was taken."""
        return taken(self.photos[-1])


def taken(photo: Attachment) -> datetime:
    """When a picture was taken, as far as it says; otherwise when it came in."""
    return photo.taken_at or photo.at


def stages(file: Establishment) -> list[Stage]:
    """Stages that have pictures, in the order of time; three queries."""
    return sorted_stages(photos_of(file.pks), closings_of(file.pks))


def photos_of(pks: Sequence[Any]) -> list[Attachment]:
    """Pictures of the place that stand, oldest first."""
    rows = Attachment.objects.filter(file__in=pks, voided_at__isnull=True, blob__width__isnull=False, role__in=ROLES)
    return sorted(rows.select_related("blob").order_by("at", "id")[:MOST], key=taken)


def closings_of(pks: Sequence[Any]) -> list[datetime]:
    """The moments at which a closing was noted."""
    return list(Event.objects.filter(kind=FILE.key, subject__in=pks, move="close").values_list("at", flat=True))


def sorted_stages(photos: Sequence[Attachment], closings: Sequence[datetime]) -> list[Stage]:
    """Pictures put into their stages."""
    found: dict[str, Stage] = {}
    for photo in photos:
        key = stage_of(photo, closings)
        found.setdefault(key, Stage(key)).photos.append(photo)
    return sorted(found.values(), key=lambda stage: (stage.since, list(STAGES).index(stage.key)))


def stage_of(photo: Attachment, closings: Sequence[datetime]) -> str:
    """To which stage a picture belongs."""
    if photo.role in ("before", "after"):
        return photo.role
    if photo.kind in OWN:
        return "lookback"
    if photo.kind == FILE.key and any(abs(photo.at - moment) <= AT_ONCE for moment in closings):
        return "closing"
    return {"licensing.application": "check", "inspection.visit": "visit"}.get(photo.kind, "survey")
