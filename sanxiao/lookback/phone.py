"""Look-backs and revisits filled on the phone: a photo, a tap on what was seen, a sentence."""

from datetime import date, datetime, time
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime, parse_time
from django.utils.translation import gettext as _

from sanxiao.docket import files, flow
from sanxiao.docket.models import Matter
from sanxiao.docket.refusal import Refused
from sanxiao.docket.rooms import Filled, Taken
from sanxiao.lookback.models import Look, Revisit
from sanxiao.office.now import now, today

LOOKED = ("good", "slipped", "shut", "gone")
REVISITED = ("still", "revived", "other")


@transaction.atomic
def take_look(filled: Filled) -> Taken:
    """A look-back from a phone belongs to the one that waits for this person's team at this place. Raises Refused."""
    move = _outcome(filled, LOOKED)
    mine = Look.objects.of_team(filled.by).filter(file=filled.place, state="assigned").select_related("file")
    look = mine.order_by("due_on").first() if filled.place else None
    if look is None:
        raise Refused(_("这一户没有等您这一组去看的回头看。"), code="unknown")
    day = _day(filled)
    _hang(look, filled)
    flow.move(look, move, filled.by, on=day, seen_on=day, found=_note(filled))
    return Taken(look, look.file)


@transaction.atomic
def take_revisit(filled: Filled) -> Taken:
    """A revisit from a phone belongs to the one that waits at this place. Raises Refused."""
    move = _outcome(filled, REVISITED)
    rows = Revisit.objects.seen_by(filled.by).filter(file=filled.place, state="planned").select_related("file")
    row = rows.order_by("visit_on").first() if filled.place else None
    if row is None:
        raise Refused(_("这一户现在没有要回查的。"), code="unknown")
    seen_at = _moment(filled)
    _hang(row, filled)
    companion = str(filled.answers.get("companion") or "").strip()[:40]
    facts: dict[str, Any] = {"seen_at": seen_at, "companion": companion, "found": _note(filled)}
    flow.move(row, move, filled.by, on=timezone.localtime(seen_at).date(), **facts)
    return Taken(row, row.file)


def _outcome(filled: Filled, known: tuple[str, ...]) -> str:
    said = str(filled.answers.get("outcome") or "")
    if said not in known:
        raise Refused(_("没有选看到的情况。"), {"outcome": _("请选择")}, "invalid")
    return said


def _note(filled: Filled) -> str:
    return str(filled.answers.get("note") or "").strip()[:500]


def _day(filled: Filled) -> date:
    said = parse_date(str(filled.answers.get("seen_on") or "")[:10])
    return min(said or filled.observed_on, today())


def _moment(filled: Filled) -> datetime:
    """When somebody stood there: the day and hour that were given, no later than now."""
    clock = parse_time(str(filled.answers.get("seen_time") or "")[:5]) or time(12)
    return min(timezone.make_aware(datetime.combine(_day(filled), clock)), now())


def _hang(row: Matter, filled: Filled) -> None:
    name = str(filled.answers.get("photo") or "")
    if name not in filled.files:
        return
    told = filled.told.get(name, {})
    place = (told["lat"], told["lng"]) if told.get("lat") is not None and told.get("lng") is not None else None
    shot = parse_datetime(str(told.get("taken_at") or ""))
    shot = timezone.make_aware(shot) if shot and timezone.is_naive(shot) else shot
    data = files.path_of(filled.files[name]).read_bytes()
    files.keep(row, data, name, filled.by, taken_at=min(shot, now()) if shot else None, place=place)
