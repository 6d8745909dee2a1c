"""Which place is meant by a name on an invoice? Of the whole town's register, but without a word on its operators.

A buyer of one village buys in another. What anybody may know of a place by its public certificate page (name, village,
paper) is told to whoever enters purchases; the file itself opens only to those on whose ground it lies.
"""

from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from sanxiao.archive import find
from sanxiao.archive.models import TRADING, Establishment
from sanxiao.docket import flow
from sanxiao.docket.refusal import Refused, Stale
from sanxiao.office.models import Area, User
from sanxiao.papers import cn
from sanxiao.sources.models import Supplier, plain

ABROAD = "outside"  # as a village: not of this town
SHOWN = 8


@dataclass(frozen=True)
class Named:
    """A name as it stands on an invoice: in which village (12 digits, '' unknown, ABROAD), or which place it is."""

    name: str
    village: str = ""
    place: UUID | None = None
    town: str = ""


def town_of(area: str) -> str:
    """The town's own code."""
    return area[:9].ljust(12, "0")


def register(area: str) -> QuerySet[Establishment]:
    """Every current place of the town that could supply."""
    here = Establishment.objects.within((area[:9],)).current()
    return here.select_related("kind", "operator")


def shown_name(file: Establishment) -> str:
    """What a place is called where its operator is nobody's business: a nameless one by a masked name."""
    return file.called.replace(file.operator.name, cn.mask_name(file.operator.name)) if _nameless(file) else file.called


def _nameless(file: Establishment) -> bool:
    return file.name != file.called


def places_named(name: str, area: str, village: str = "") -> list[Establishment]:
    """The places of the town that bear this very name, those that trade first."""
    wanted = plain(name)
    if not wanted:
        return []
    rows = register(area).filter(Q(name__icontains=name.strip()[:50]) | Q(name__istartswith=name.strip()[:2]))
    found = [file for file in rows.order_by("name", "id")[:400] if plain(file.name) == wanted]
    found = [file for file in found if not village or file.area == village] if village != ABROAD else []
    trading = [file for file in found if file.state in TRADING]
    return trading or found


def likely(name: str, area: str) -> list[Establishment]:
    """Places whose name holds what was typed so far; by pinyin, too, where the name is spelled out."""
    text = name.strip()[:50]
    if len(text) < 2:
        return []
    rows = register(area).exclude(state="void")
    spelled = Q(search__contains=text.lower()) if text.isascii() and not text.isdigit() else Q(name__icontains=text)
    found = [f for f in rows.filter(spelled).order_by("name", "id")[:60] if not text.isascii() or _spells(f, text)]
    return sorted(found, key=lambda f: (f.state not in TRADING, len(f.name)))[:SHOWN]


def _spells(file: Establishment, text: str) -> bool:
    """Letters must spell the name of the place, not that of its operator."""
    return text.lower() in find.spelled(file.name) or text.lower() in file.name.lower()


def supplier_for(named: Named, area: str, by: User | None, *, on: date, buyer: str = "") -> Supplier:
    """The supplier of a name, made when nobody has named it before; an unknown one of a known village becomes a lead.

    To be called within another act whose duty was checked. `area`: the buyer's village; `on`: the day of the invoice;
    `buyer`: who brought it, for the lead. Raises Refused.
    """
    if named.place is not None:
        file = register(area).filter(pk=named.place).first()
        if file is None:
            again = _("没有找到这一户，请重新选择供货单位。")
            raise Refused(again, {"supplier": again}, "invalid")
        return of_place(file, by, on)
    name = named.name.strip()[:100]
    if not plain(name):
        raise Refused(_("请写明供货单位。"), {"supplier": _("请填写")}, "invalid")
    found = places_named(name, area, named.village)
    if len(found) == 1:
        return of_place(found[0], by, on)
    return _unknown(replace(named, name=name), area, by, on, buyer, several=len(found) > 1)


def of_place(file: Establishment, by: User | None, on: date) -> Supplier:
    """The supplier that is this place."""
    if held := Supplier.objects.of_files(file.pks).order_by("created_at").first():
        return held
    called = shown_name(file)[:90]
    twin = Supplier.objects.filter(area=file.area, key=plain(called)).first()
    if twin is not None and twin.place_id is None and twin.state in ("unknown", "none"):
        flow.move(twin, "tie", by, within=True, place=file)
        return twin
    name = called if twin is None else f"{called}（{file.number[-5:] or str(file.pk)[:5]}）"
    made = Supplier(name=name, area=file.area, place=file, first_on=on)
    return _made(made, "meet", by) or of_place(file, by, on)


def _made(supplier: Supplier, move: str, by: User | None) -> Supplier | None:
    """Begin it; None where another clerk has just done so."""
    try:
        flow.move(supplier, move, by, within=True)
    except Stale:
        return None
    return supplier


def _unknown(named: Named, area: str, by: User | None, on: date, buyer: str, *, several: bool) -> Supplier:
    town, village = town_of(area), named.village if named.village != ABROAD else ""
    held = _held(named.name, village or town, town, anywhere=not village)
    if held is None:
        made = Supplier(name=named.name, area=village or town, first_on=on)
        if named.village == ABROAD:
            made.town = named.town[:80]
        held = _made(made, "abroad" if named.village == ABROAD else "name", by)
        held = held or Supplier.objects.get(area=village or town, key=plain(named.name))
    if village and not several and held.state == "unknown":
        flow.move(held, "send", by, within=True, village=village, buyer=buyer)
    return held


def _held(name: str, area: str, town: str, *, anywhere: bool) -> Supplier | None:
    """One that was named before: in this village; of a name without a village, wherever it alone bears it."""
    rows = Supplier.objects.within((town[:9],)).filter(key=plain(name)).select_related("lead__file", "place")
    if here := rows.filter(area=area).first():
        return here
    if not anywhere:
        return rows.filter(area=town, state__in=("unknown", "none")).first()
    others = list(rows[:2])
    return others[0] if len(others) == 1 else None


def villages(area: str) -> list[Area]:
    """The villages and committees of the town, to say where a supplier is."""
    rows = Area.objects.on().filter(level__in=("village", "community"), code__startswith=area[:9])
    return list(rows.order_by("code"))
