"""What the archive has come across: places filed anew or opened again, for whoever watches over those who closed."""

from collections.abc import Iterator
from datetime import date, datetime

from django.utils import timezone

from sanxiao.archive.models import Establishment
from sanxiao.archive.rules import FILE
from sanxiao.docket.models import Event
from sanxiao.docket.rooms import Sighting

# All that a sighting needs of a file: sealed numbers and long texts stay where they are.
WANTED = (
    "area", "name", "called", "address", "lat", "lng", "created_at", "operator__name", "operator__id_number_index",
    "operator__phone_index",
)  # fmt: skip


def sighting(file: Establishment, key: str, kind: str, move: str, on: date, url: str, area: str = "") -> Sighting:
    """A place on file as it was come across; its operator must be at hand."""
    person = file.operator
    return Sighting(
        key, kind, move, on, area or file.area, url, file.called, person.name, person.id_number_index,
        person.phone_index, file.address, file.lat, file.lng, file.pk, timezone.localtime(file.created_at).date(),
    )  # fmt: skip


def sightings(since: datetime) -> Iterator[Sighting]:
    """Files opened or reopened since a moment."""
    events = list(Event.objects.filter(kind=FILE.key, move__in=("open", "reopen"), at__gte=since).order_by("id"))
    rows = Establishment.objects.select_related("operator").only(*WANTED).exclude(state="void")
    files = rows.in_bulk({event.subject for event in events})
    for event in events:
        if file := files.get(event.subject):
            key = f"{FILE.key}:{event.pk}"
            yield sighting(file, key, FILE.key, event.move, event.on, file.get_absolute_url(), event.area)
