"""Which places have an order to correct that is not done yet: the one place that asks the inspection room."""

from uuid import UUID

from django.db.models import QuerySet

from sanxiao.archive.models import Establishment
from sanxiao.inspection.models import Order


def has_open_order(file: Establishment) -> bool:
    """Is something still to be put right there?"""
    return Order.objects.open_for(file).exists()


def with_open_orders(files: QuerySet[Establishment]) -> frozenset[UUID]:
    """Keys of those among many files that have an open order; one query."""
    rows = Order.objects.filter(file__in=files.values("pk"), state__in=Order.flow.open_states)
    return frozenset(rows.values_list("file_id", flat=True))
