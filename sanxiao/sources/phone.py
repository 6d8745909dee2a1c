"""Purchases and checks that phones send, and the lists that their forms choose from (suppliers, buyers).

Nothing is refused for what it says: a date that cannot be is counted as today and said so, a line that was entered
already gets the photos. Refused, with words for the desk, is only what has no place to go: a buyer that is not there.
"""

import csv
import io
from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from sanxiao.archive.models import Establishment
from sanxiao.docket import files, flow
from sanxiao.docket.models import Blob
from sanxiao.docket.refusal import Refused
from sanxiao.docket.rooms import Fill, Filled, Taken
from sanxiao.office.now import today
from sanxiao.office.places import name_of, names_of
from sanxiao.sources import acts, standing
from sanxiao.sources.models import Buyer, Check, Purchase, Supplier
from sanxiao.sources.naming import ABROAD, Named, register, shown_name

NEW, NOT_LISTED = "new", "名单上没有 Not listed"
FORMS = ("purchase", "purchase_stall", "source_check")  # folders of the town's forms
USUAL_DAYS, LONGEST_DAYS = 7, 90


# -- lists


def suppliers_csv(prefixes: tuple[str, ...]) -> bytes:
    """Everybody in the town who could supply, with what may be said of his paper; nothing of the operators.

    Those of the own ground first. `state` is how he stands today, `until` the last day of the paper, so that a phone
    without a network can tell on the day of the purchase.
    """
    if not prefixes:
        return _lines(SUPPLIER_HEADS, ())
    rows = list(register(prefixes[0]).defer("search"))
    known = standing.of_files(rows)
    names = names_of({row.area for row in rows})
    own = lambda area: not area.startswith(tuple(prefixes))  # noqa: E731  the key of one sort
    made = [
        (row.pk, f"{shown_name(row)}（{names.get(row.area, row.area)}）", row.area, known[row.pk])
        for row in sorted(rows, key=lambda row: (own(row.area), row.name, str(row.pk)))
    ]
    abroad = Supplier.objects.within((prefixes[0][:9],)).filter(state="outside").order_by("name", "id")
    made += [(each.pk, f"{each.name}（{each.town or '外地'}）", "", standing.OUTSIDE) for each in abroad]
    return _lines(SUPPLIER_HEADS, [(NEW, NOT_LISTED, "", "", "", ""), *(_supplier(*row) for row in made)])


SUPPLIER_HEADS = ("name", "label", "village", "state", "until", "words")


def _supplier(pk: UUID, label: str, area: str, found: standing.Standing) -> tuple[Any, ...]:
    return pk, label, area, found.key, found.until or "", f"{found.paper} {found.number}".strip()


def buyers_csv(prefixes: tuple[str, ...]) -> bytes:
    """The buyers of a ground."""
    rows = Buyer.objects.within(prefixes).active().select_related("kind") if prefixes else []
    made = ((row.pk, row.name, row.area, row.kind_id) for row in sorted(rows, key=lambda row: (row.area, row.name)))
    return _lines(("name", "label", "village", "kind"), made)


def _lines(heads: Iterable[str], rows: Iterable[Iterable[Any]]) -> bytes:
    out = io.StringIO()
    write = csv.writer(out, lineterminator="\n").writerow
    write(list(heads))
    for row in rows:
        write(list(row))
    return out.getvalue().encode()


# -- a purchase


@transaction.atomic
def take(filled: Filled) -> Taken:
    """A line of an invoice of a buyer on the register. Raises Refused."""
    if held := Purchase.objects.filter(pk=filled.id).select_related("file").first():
        return Taken(held, held.file)
    buyer = _buyer(filled)
    return Taken(_line(filled, buyer, filled.id), buyer.file)


def _buyer(filled: Filled) -> Buyer:
    key = _uuid(filled.answers.get("buyer"))
    buyer = Buyer.objects.within((filled.area,)).filter(pk=key).select_related("kind", "file").first() if key else None
    if buyer is None:
        raise Refused(_("没有找到“%(area)s”的这个进货单位。") % {"area": name_of(filled.area)}, code="unknown")
    return buyer


def _line(filled: Filled, buyer: Buyer, pk: UUID | None = None) -> Purchase:
    told = filled.answers
    day, doubt = _day(told.get("bought_on"))
    try:
        line = acts.enter(
            filled.by, buyer, _named(told, buyer), str(told.get("food") or _("没有写食品")), day,
            quantity=_decimal(told.get("quantity")), unit=_unit(filled), invoice=str(told.get("invoice") or ""),
            note=doubt, way="phone", pk=pk, within=True,
        )  # fmt: skip
    except acts.Doubled as doubled:
        line = doubled.held  # somebody has entered it already: its photos go there
    _hang(line, filled, "receipt")
    return line


def _named(told: dict[str, Any], buyer: Buyer) -> Named:
    """The supplier that was chosen, or named because the list has none."""
    chosen = str(told.get("supplier") or "")
    if chosen != NEW and (key := _uuid(chosen)):
        if Supplier.objects.filter(pk=key).exists():
            known = Supplier.objects.select_related("place", "lead__file").get(pk=key)
            place = known.found_place
            village = ABROAD if known.state == "outside" else known.area if known.area[9:] != "000" else ""
            return Named(known.name, village, place.pk if place else None, known.town)
        file = Establishment.objects.filter(pk=key).first()
        if file is not None and file.area[:9] == buyer.area[:9]:
            return Named(shown_name(file), "", file.standing.pk)
        raise Refused(_("没有找到手机上选的供货单位。"), code="unknown")
    where = str(told.get("supplier_village") or "")
    return Named(str(told.get("supplier_new") or ""), where if where.isdigit() or where == ABROAD else "")


def _day(said: Any) -> tuple[date, str]:
    """The day of the purchase; one that cannot be is today, and what the phone said is kept."""
    try:
        day = date.fromisoformat(str(said or "")[:10])
    except ValueError:
        return today(), ""
    if day > today() or day.year < today().year - 10:
        return today(), _("手机上写的日期是 %(day)s，不可信，按收到之日计。") % {"day": day}
    return day, ""


def _decimal(said: Any) -> Decimal | None:
    try:
        number = Decimal(str(said)).quantize(Decimal("0.01")) if said else None
    except InvalidOperation:
        return None
    return number if number is not None and 0 < number < 10_000_000 else None


def _unit(filled: Filled) -> str:
    """The unit in the form's own Chinese."""
    said = str(filled.answers.get("unit") or "")
    listed = filled.form.definition["choices"].get("unit", ())
    return next((row["label"] for row in listed if row["value"] == said), "")


def _uuid(text: Any) -> UUID | None:
    try:
        return UUID(str(text or ""))
    except ValueError:
        return None


def _hang(obj: Any, filled: Filled, role: str) -> None:
    """The photos, each with its time and place as the phone told them when it was taken."""
    for row in filled.answers.get("photos") or ():
        name = row.get("photo")
        if name in filled.files:
            said = filled.told.get(name, {})
            place = (said["lat"], said["lng"]) if said.get("lat") is not None and said.get("lng") is not None else None
            taken = parse_datetime(str(said.get("taken_at") or "")) if said.get("taken_at") else None
            files.keep(obj, Blob.objects.get(pk=filled.files[name]), name, filled.by, role=role, taken_at=taken,
                       place=place)  # fmt: skip


# -- a check


@transaction.atomic
def take_check(filled: Filled) -> Taken:
    """A check of a buyer on the register. Raises Refused."""
    if held := Check.objects.filter(pk=filled.id).select_related("file").first():
        return Taken(held, held.file)
    buyer = _buyer(filled)
    return Taken(_check(filled, buyer), buyer.file)


def _check(filled: Filled, buyer: Buyer) -> Check:
    told = filled.answers
    day, doubt = _day(told.get("checked_on") or filled.observed_on.isoformat())
    check = Check(id=filled.id, buyer=buyer, file=buyer.file, area=buyer.area, by=filled.by, way="phone")
    problems = [code for code in str(told.get("problems") or "").split() if code != "none"]
    note = "\n".join(filter(None, (str(told.get("check_note") or ""), doubt)))
    facts: dict[str, Any] = {"checked_on": day, "second": str(told.get("second") or "")[:40],
                             "seen": str(told.get("seen") or "")[:200], "note": note}  # fmt: skip
    if problems:
        facts |= {"problems": problems, "advice": str(told.get("advice") or _("没有写")), "fix_by": _fix_by(told, day)}
    for earlier in Check.objects.filter(buyer=buyer.pk, state="found"):
        flow.move(earlier, "settle", filled.by, within=True, outcome=_("又核查了一次，见新的核查记录。"))
    flow.move(check, "find" if problems else "pass", filled.by, within=True, on=day, **facts)
    _hang(check, filled, "photo")
    return check


def _fix_by(told: dict[str, Any], day: date) -> date:
    said = str(told.get("fix_days") or "")
    return day + timedelta(days=min(int(said), LONGEST_DAYS) if said.isdigit() else USUAL_DAYS)


# -- a stall of a market: checked, and perhaps one line


@transaction.atomic
def take_stall(filled: Filled) -> Taken:
    """A stall on file, which becomes a buyer with its first check; with a line of an invoice where one was shown."""
    if held := Check.objects.filter(pk=filled.id).select_related("file").first():
        return Taken(held, held.file)
    rows = Establishment.objects.select_related("kind", "operator")
    file = rows.filter(pk=filled.place).first() if filled.place else None
    if file is None:
        raise Refused(_("没有找到这个摊位的档案。"), code="unknown")
    buyer = Buyer.objects.filter(file__in=file.pks).select_related("kind", "file").first()
    if buyer is None:
        buyer = acts.buyer_of(file)
        flow.move(buyer, "register", filled.by, within=True)
    check = _check(filled, buyer)
    if filled.answers.get("has_line") == "yes":
        _line(filled, buyer)
    return Taken(check, file)


FILLS = (
    Fill("purchase_stall", "source.enter", "place", take_stall, market=True),
    Fill("purchase", "source.enter", "", take),
    Fill("source_check", "source.check", "", take_check),
)
LISTS = {"suppliers.csv": suppliers_csv, "buyers.csv": buyers_csv}
