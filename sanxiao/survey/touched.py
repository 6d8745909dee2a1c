"""What has changed in a file since somebody looked: by the log which questions, by a mark whether anything."""

from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any

from django.db.models import Q
from django.utils import timezone

from sanxiao.archive.models import Establishment
from sanxiao.archive.rules import FILE
from sanxiao.docket.models import Event
from sanxiao.docket.tables import STAYS
from sanxiao.survey.plans import PERSON

# How the log calls what a question asks, where it is not the question's own name.
QUESTIONS = {
    "name": "shop_name", "lat": "location", "lng": "location", "operator": "operator_name",
    **{column: question for question, column in PERSON.items() if column != "name"},
}  # fmt: skip


def since(file: Establishment, day: date) -> set[str]:
    """Questions changed on the day or later, whenever that was entered."""
    start = timezone.make_aware(datetime.combine(day, time()))
    events = Event.objects.filter(Q(subject__in=[*file.pks, file.operator_id]) & (Q(on__gte=day) | Q(at__gte=start)))
    found: set[str] = set()
    for event in events.only("subject", "kind", "move", "facts", "frm", "to"):
        found |= set(_named(event, event.subject == file.operator_id))
    return found


def _named(event: Event, of_person: bool) -> Iterator[str]:
    if event.kind == FILE.key and event.move != "open" and event.frm != event.to and event.to != STAYS:
        yield "operating_state"
    changes: dict[str, Any] = event.facts.get("changes") or {}
    for name in changes:
        if event.move == "pitch":
            yield from ("pitch", "windows", "market_days")
        elif name == "name" and of_person:
            yield "operator_name"
        else:
            yield QUESTIONS.get(name, name)


def mark(file: Establishment) -> str:
    """The file with its operator as they stand, in a few letters: what a page carries to say what it showed."""
    return f"{file.version}.{file.operator.version}"


def last(file: Establishment) -> dict[str, Event]:
    """By question the last event that changed it."""
    events = Event.objects.filter(subject__in=[*file.pks, file.operator_id]).select_related("actor", "office")
    found: dict[str, Event] = {}
    for event in events.order_by("id"):
        found |= dict.fromkeys(_named(event, event.subject == file.operator_id), event)
    return found
