"""The night watch: what is due happens once, even when it is run twice or misses a night."""

import logging
from collections.abc import Container

from sanxiao.docket import flow, rooms
from sanxiao.docket.models import Deadline
from sanxiao.docket.refusal import Refused
from sanxiao.office.now import today
from sanxiao.office.settled import settled

_log = logging.getLogger(__name__)


def lapse_due() -> tuple[int, list[str]]:
    """Make the lapse move of every term that ran out before today; returns how many, and what could not be."""
    done, left = 0, []
    due = Deadline.objects.past(today()).exclude(lapse="").order_by("due_on", "id")
    for deadline in due.iterator(chunk_size=500):
        if reason := _lapse(deadline):
            left.append(f"{deadline.kind} {deadline.subject}: {reason}")
        else:
            done += 1
    return done, left


def _lapse(deadline: Deadline) -> str:
    """Make the move; the reason why it could not be made, or ''."""
    try:
        obj = rooms.model_of(deadline.kind)._base_manager.filter(pk=deadline.subject).first()
        if obj is None:
            return "no such matter"
        flow.move(obj, deadline.lapse, None)
    except Refused as refusal:
        return refusal.reason
    except Exception:  # one sick matter must not keep the other terms of the town from lapsing
        _log.exception("%s %s: the lapse failed", deadline.kind, deadline.subject)
        return "failed, see the log"
    return ""


def night(without: Container[str] = ()) -> list[str]:
    """The whole round: lapses first, then what the rooms do by night. Returns words for the log.

    `without`: keys of rooms that have their night another time; only made-up histories have such.
    """
    with settled():
        done, left = lapse_due()
        words = [f"lapsed: {done}", *left]
        for room in rooms.all_rooms():
            if room.watch and room.key not in without:
                words.append(f"{room.key}: {room.watch()}")
    return words
