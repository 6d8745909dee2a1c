"""What licensing has come across: applications, for whoever watches over those who closed."""

from collections.abc import Iterator
from datetime import datetime

from django.utils import timezone

from sanxiao.archive.sightings import WANTED, sighting
from sanxiao.docket.rooms import Sighting
from sanxiao.licensing.models import Application
from sanxiao.licensing.rules import APPLICATION


def sightings(since: datetime) -> Iterator[Sighting]:
    """Applications begun since a moment."""
    rows = Application.objects.filter(created_at__gte=since).select_related("file__operator")
    for row in rows.only("area", "created_at", *(f"file__{name}" for name in WANTED)):
        key, on = f"{APPLICATION.key}:{row.pk}", timezone.localtime(row.created_at).date()
        yield sighting(row.file, key, APPLICATION.key, "begin", on, row.get_absolute_url(), row.area)
