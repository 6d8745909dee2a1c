"""What stands as data in this room's matters, in words of the screen's language. No models: they use it."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sanxiao.office.models import Office
from sanxiao.zones import outline

SORTS = {
    "workshop": gettext_lazy("集中加工区"),
    "vendor": gettext_lazy("集中经营区"),
    "eatery": gettext_lazy("集中示范区"),
}
ORDERS = [("together", gettext_lazy("同时征求")), ("in_turn", gettext_lazy("一个接一个"))]


def sort_of(kind: str) -> str:
    """What a zone of a kind is called in the plan."""
    return str(SORTS.get(kind, gettext_lazy("集中区")))


def offices_by_role(area: str) -> dict[str, Office]:
    """The offices of today that have to do with a place, by role: the nearest of each role. One query."""
    found: dict[str, Office] = {}
    for office in Office.objects.on().filter(area__in=(area, f"{area[:9]}000")).order_by("area"):
        if office.role != "village" or office.area == area:
            found[office.role] = office
    return found


def offices(roles: Iterable[str]) -> str:
    """Names of offices of the town, by their roles."""
    wanted = list(roles)
    labels = {o.role: o.label for o in Office.objects.on().filter(role__in=wanted).exclude(role="village")}
    return _("、").join(labels.get(role, role) for role in wanted)


def order(value: str) -> str:
    """Together or in turn."""
    return str(dict(ORDERS).get(value, value))


def conditions(rows: Iterable[Mapping[str, Any]]) -> str:
    """'1. 增设隔油池（2018-09-01）；2. …'."""
    said = []
    for no, row in enumerate(rows, 1):
        until = f"{_('（')}{row['until']}{_('）')}" if row.get("until") else ""
        said.append(f"{no}. {row['text']}{until}")
    return _("；").join(said)


def units(rows: Any) -> str:
    """How many, and from which to which number."""
    if not isinstance(rows, list) or not rows:
        return str(rows)
    first, last = rows[0], rows[-1]
    return _("%(n)d 个：%(first)s—%(last)s") % {"n": len(rows), "first": first["number"], "last": last["number"]}


def boundary(corners: Any) -> str:
    """How many corners, and how much ground they hold."""
    if not isinstance(corners, list) or not corners:
        return _("没有边界")
    return _("%(n)d 个点，约 %(area)d 平方米") % {"n": len(corners), "area": outline.area(corners)}


def share(part: int, whole: int) -> str:
    """'12 / 20（60%）'; a dash where there is nothing to divide by."""
    return f"{part} / {whole}{_('（')}{round(100 * part / whole)}%{_('）')}" if whole else "—"
