"""Raising the alarm: what the rooms have come across is compared with what was closed, soon after it came in.

The log tells whether anything has happened since the last time; then the rooms are asked for their sightings since a
little before it. One alarm for each closing and place: what is seen of the same place later is added to it.
"""

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Max
from django.utils import timezone

from sanxiao.archive.models import Establishment
from sanxiao.docket import flow, rooms
from sanxiao.docket.models import Event
from sanxiao.docket.refusal import Stale
from sanxiao.docket.rooms import Sighting
from sanxiao.lookback.models import Alarm, Heard, Revisit, Trace
from sanxiao.lookback.rules import ALARM
from sanxiao.lookback.watching import Closure, Match, Watch, closures, measure_of
from sanxiao.office.now import now

OVERLAP = timedelta(hours=1)  # what was written slowly is not passed over
FIRST = timedelta(days=90)  # how far back the first hearing goes


def listen() -> int:
    """Compare what is new; returns how many alarms were raised. Cheap when nothing has happened, safe side by side."""
    last = Event.objects.aggregate(last=Max("pk"))["last"] or 0
    heard = Heard.objects.filter(pk=1).first()
    if heard is not None and heard.event >= last:
        return 0
    moment = now()
    held = closures()
    since = (heard.until if heard else moment - FIRST) - OVERLAP
    made = raised(rooms.gather("sightings", _since(since, heard, held)), held) if held else 0
    Heard.objects.update_or_create(pk=1, defaults={"event": last, "until": moment})
    return made


def _since(since: datetime, heard: Heard | None, held: Iterable[Closure]) -> datetime:
    """A closing that was entered late wants to hear what was seen since it happened."""
    fresh = [closure.on for closure in held if heard is None or closure.event > heard.event]
    days = [timezone.make_aware(datetime.combine(day, time())) for day in fresh]
    return min([since, *days])


def raised(seen: Iterable[Sighting], held: Iterable[Closure]) -> int:
    """Raise or add to alarms for what matches; returns how many are new."""
    seen, made = list(seen), 0
    _settle(seen)
    watches: dict[str, Watch] = {}
    held = list(held)
    for each in seen:
        town = each.area[:9]
        if town not in watches:
            watches[town] = Watch(held, measure_of(each.area))
        for match in watches[town].matches(each):
            made += _one(match, each)
    return made


def _settle(seen: Iterable[Sighting]) -> None:
    """What was seen before it had a file is known by its file from now on, also where it was dismissed."""
    files = {each.key: each.file for each in seen if each.file}
    for trace in Trace.objects.filter(key__in=files, alarm__seen__isnull=True).select_related("alarm"):
        alarm, file = trace.alarm, files[trace.key]
        if file != alarm.file_id and not Alarm.objects.filter(closing=alarm.closing, place=str(file)).exists():
            Alarm.objects.filter(pk=alarm.pk, seen__isnull=True).update(
                seen=file, place=str(file), version=F("version") + 1
            )


def _one(match: Match, seen: Sighting) -> int:
    """One match: a new alarm, one more trace of an old one, or nothing that was not known. 1 when it is new."""
    closure, place = match.closure, str(seen.file or seen.key)
    if Trace.objects.filter(alarm__closing=closure.event, key=seen.key).exists():
        return 0
    known = Alarm.objects.filter(closing=closure.event, place=place).select_related("file").first()
    try:
        with transaction.atomic():
            if known is None:
                flow.move(
                    new_alarm(match, seen, place), "raise", None, within=True, trace=seen, reasons=list(match.reasons)
                )
            else:
                flow.move(known, "see", None, within=True, trace=seen)
    except (Stale, IntegrityError):
        return 0  # another watch was quicker
    return int(known is None)


def new_alarm(match: Match, seen: Sighting, place: str) -> Alarm:
    """An alarm, not yet raised, on the ground where something was seen."""
    closure = match.closure
    file = Establishment.objects.filter(pk=seen.file).first() if seen.file else None
    return Alarm(
        file=closure.file, closing=closure.event, closed_on=closure.on, area=seen.area, place=place, seen=file,
        called=seen.name[:180], operator=seen.operator[:60], address=seen.address[:160], reasons=list(match.reasons),
    )  # fmt: skip


@ALARM.effect("raise", "see")
def kept(alarm: Alarm, _by: Any, facts: dict[str, Any]) -> None:
    """The trace is kept, and the log says what it was."""
    seen: Sighting = facts.pop("trace")
    Trace.objects.create(
        alarm=alarm, key=seen.key, kind=seen.kind, move=seen.move, on=seen.on, url=seen.url[:200], at=now()
    )
    facts["seen"] = {"kind": seen.kind, "move": seen.move}


def found(revisit: Revisit) -> None:
    """Somebody stood there and saw it."""
    file = Establishment.objects.select_related("operator").get(pk=str(revisit.file_id))
    seen = Sighting(
        f"{revisit.flow.key}:{revisit.pk}", revisit.flow.key, "revived", revisit.seen_on, revisit.area,
        revisit.get_absolute_url(), file.called, file.operator.name, address=file.address, file=file.pk,
    )  # fmt: skip
    match = Match(Closure(revisit.closing, file, revisit.closed_on, revisit.how), ("found",))
    _one(match, seen)


@ALARM.predicate("something_seen")
def something_seen(alarm: Alarm, _facts: dict[str, Any]) -> bool:
    """Nobody is called a sinner on an index alone: somebody went there, or stood there when the alarm was raised."""
    return alarm.state == "looked" or alarm.traces.filter(kind=Revisit.flow.key).exists()
