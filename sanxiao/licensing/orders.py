"""Which files have a correction order that is not done yet. The one place that asks the inspection room."""

from collections.abc import Iterable
from uuid import UUID

from sanxiao.archive.models import Establishment


def with_open_orders(files: Iterable[Establishment]) -> frozenset[UUID]:
    """Keys of those files that have an open order."""
    return frozenset()
