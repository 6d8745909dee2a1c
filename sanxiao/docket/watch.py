"""The night watch: what is due happens once, even when it is run twice or misses a night."""

import logging

from sanxiao.docket import flow, rooms
from sanxiao.docket.models import Deadline
from sanxiao.docket.refusal import Refused
from sanxiao.office.now import today

_log = logging.getLogger(__name__)


def lapse_due() -> tuple[int, list[str]]:
    """Make the lapse move of every term that ran out before today; returns how many, and what could not be."""
    done, left = 0, []
    due = Deadline.objects.past(today()).exclude(lapse="").order_by("due_on", "id")
    for deadline in due.iterator(chunk_size=500):
        obj = rooms.model_of(deadline.kind)._base_manager.filter(pk=deadline.subject).first()
        if obj is None:
            left.append(f"{deadline.kind} {deadline.subject}: no such matter")
            continue
        try:
            flow.move(obj, deadline.lapse, None)
            done += 1
        except Refused as refusal:
            left.append(f"{deadline.kind} {deadline.subject}: {refusal.reason}")
        except Exception:  # one sick matter must not keep the other terms of the town from lapsing
            _log.exception("%s %s: the lapse failed", deadline.kind, deadline.subject)
            left.append(f"{deadline.kind} {deadline.subject}: failed, see the log")
    return done, left


def night() -> list[str]:
    """The whole round: lapses first, then what the rooms do by night. Returns words for the log."""
    done, left = lapse_due()
    words = [f"lapsed: {done}", *left]
    for room in rooms.all_rooms():
        if room.watch:
            words.append(f"{room.key}: {room.watch()}")
    return words
