"""Which units can be asked for something, and which seat asks."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404

from sanxiao.office.duties import DUTIES, LEADS, Seat, scope_of
from sanxiao.office.models import Office

VILLAGE = "village"


def holders(duty: str, area: str) -> QuerySet[Office]:
    """The offices of today that lead a duty in an area's town: the town's own first, then the villages."""
    ground = area[:9]
    rows = Office.objects.on().filter(role__in=DUTIES[duty].roles(LEADS))
    return rows.filter(area__gte=ground.ljust(12, "0"), area__lte=ground.ljust(12, "9")).order_by("area", "id")


def seat_with(user: Any, duty: str) -> Seat | None:
    """The first seat of a person that leads a duty."""
    return next((seat for seat in scope_of(user).seats if seat.role in DUTIES[duty].roles(LEADS)), None)


def seat_for(user: Any, duty: str) -> Seat:
    """The seat by which a person begins something; 404 for who has none."""
    if (seat := seat_with(user, duty)) is None:
        raise Http404
    return seat


def area_of(seat: Seat) -> str:
    """The area of a seat's office."""
    return seat.prefix.ljust(12, "0")


def my_offices(user: Any) -> list[int]:
    """The keys of the offices in which a person sits today."""
    return [seat.office_id for seat in scope_of(user).seats]


__all__ = ["VILLAGE", "area_of", "holders", "my_offices", "seat_for", "seat_with"]
