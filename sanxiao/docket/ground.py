"""When a file goes to other ground, what hangs on it goes along."""

from collections.abc import Sequence
from typing import Any

from sanxiao.docket import rooms
from sanxiao.docket.models import Attachment, Deadline, Proposal


def follow(files: Sequence[Any], area: str) -> int:
    """Give every matter of these files (keys), its terms, open proposals and attachments the new area.

    Who sees the file sees all that hangs on it, finished matters too, and nobody else does. What was
    counted stays where it was done: events and issued papers keep the area of their time. Returns the
    number of matters.
    """
    moved = 0
    for model in rooms.models():
        if any(field.name == "file" for field in model._meta.concrete_fields):
            moved += model._base_manager.filter(file__in=files).exclude(area=area).update(area=area)
    for shared in (Deadline, Attachment, Proposal):
        shared._base_manager.filter(file__in=files).exclude(area=area).update(area=area)
    return moved
