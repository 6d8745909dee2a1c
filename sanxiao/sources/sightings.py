"""Whom the invoices of buyers name, for whoever watches over those who closed: somebody still sells."""

from collections.abc import Iterator
from datetime import datetime

from sanxiao.archive.sightings import sighting
from sanxiao.docket.rooms import Sighting
from sanxiao.sources.models import Purchase
from sanxiao.sources.rules import PURCHASE


def sightings(since: datetime) -> Iterator[Sighting]:
    """Purchases entered since a moment, as of the day on which they were bought.

    Of a supplier that is on no file there is only the name, and the village of the buyer.
    """
    rows = Purchase.objects.filter(created_at__gte=since).exclude(state="void")
    rows = rows.select_related("buyer", "supplier__place__operator")
    for row in rows.defer("verdict_words", "note"):
        key, place, url = f"{PURCHASE.key}:{row.pk}", row.supplier.place, row.buyer.get_absolute_url()
        if place is not None:
            yield sighting(place, key, PURCHASE.key, "enter", row.bought_on, url)
        else:
            yield Sighting(key, PURCHASE.key, "enter", row.bought_on, row.area, url, row.supplier.name)
