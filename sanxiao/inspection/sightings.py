"""What inspection has come across: places that were ordered to correct, for whoever watches over those who closed."""

from collections.abc import Iterator
from datetime import datetime

from sanxiao.archive.sightings import WANTED, sighting
from sanxiao.docket.rooms import Sighting
from sanxiao.inspection.models import Order
from sanxiao.inspection.rules import ORDER


def sightings(since: datetime) -> Iterator[Sighting]:
    """Orders issued since a moment."""
    rows = Order.objects.filter(created_at__gte=since).exclude(state="void").select_related("file__operator")
    for order in rows.only("area", "found_on", *(f"file__{name}" for name in WANTED)):
        key, url = f"{ORDER.key}:{order.pk}", order.get_absolute_url()
        yield sighting(order.file, key, ORDER.key, "issue", order.found_on, url, order.area)
