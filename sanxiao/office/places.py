"""Names of areas and the grounds a person can choose from."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q

from sanxiao.office.duties import DUTIES, LEADS, readers, scope_of
from sanxiao.office.models import Area


def names_of(codes: Iterable[str]) -> dict[str, str]:
    """The names of areas in the language of the screen, by code; one query. The latest name wins."""
    return {area.code: area.label for area in Area.objects.filter(code__in=set(codes)).order_by("since")}


def name_of(code: str) -> str:
    """The name of one area; the code itself where it is unknown."""
    return names_of([code]).get(code, code)


def grounds(user: Any, duty: str = "", family: str = "file") -> list[Area]:
    """Villages and committees of today on which this person may do a duty (or read a family)."""
    roles = DUTIES[duty].roles(LEADS) if duty else readers(family)
    here = Q(pk__in=[])
    for prefix in scope_of(user).prefixes(roles):
        here |= Q(code__gte=prefix.ljust(12, "0"), code__lte=prefix.ljust(12, "9"))
    return list(Area.objects.on().filter(here, level__in=("village", "community")))
