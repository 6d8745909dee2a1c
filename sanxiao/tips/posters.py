"""Posters with a code for every village and street: `/tip/?at=<spot>`, the same for everybody who stands there."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _

from sanxiao.docket.models import Rule
from sanxiao.field.models import Patch
from sanxiao.field.patches import standing
from sanxiao.office.models import Area, Office
from sanxiao.papers import pdf


def address(spot: str = "") -> str:
    """The public page's address, on its own host where it has one."""
    base = settings.TIP_BASE_URL or settings.PUBLIC_BASE_URL
    return f"{base}/tip/?at={spot}" if spot else f"{base}/tip/"


def places() -> list[tuple[Area, list[Patch]]]:
    """Villages of today, each with its streets."""
    patches: dict[str, list[Patch]] = {}
    for patch in standing(Patch.objects.all()).order_by("area", "name"):
        patches.setdefault(patch.area, []).append(patch)
    areas = Area.objects.on().filter(level__in=("village", "community")).order_by("code")
    return [(area, patches.get(area.code, [])) for area in areas]


def facts(spot: str) -> dict[str, Any] | None:
    """What stands on the poster of a village (its code) or a street (its key); None where there is no such place."""
    name = _name(spot)
    if name is None:
        return None
    office = Office.objects.on().filter(role="fso").first()
    return {
        "title": _("食品安全，请您监督"), "place": name, "qr": address(spot), "address": address(),
        "org": office.label if office else "", "hotline": Rule.objects.value("public.hotline", default=""),
        "lines": [
            _("小作坊、小摊贩、小餐饮脏乱差、变质过期、乱加东西、无证经营，扫码就能说。"),
            _("不用注册，不留名也行。只记日期，不记时刻和来访地址。"),
            _("留名的，姓名电话当场加密，只有指定的人经两人同意才能看。"),
        ],
        "practice": not settings.REAL,
    }  # fmt: skip


def _name(spot: str) -> str | None:
    try:
        patch = Patch.objects.filter(pk=UUID(spot)).first()
        area = Area.objects.on().filter(code=patch.area).first() if patch else None
        return f"{area.label} · {patch.name}" if patch and area else None
    except ValueError:
        area = Area.objects.on().filter(code=spot, level__in=("village", "community")).first()
        return area.label if area else None


def render(found: dict[str, Any]) -> bytes:
    """The poster as PDF."""
    return pdf.render("poster", found)
