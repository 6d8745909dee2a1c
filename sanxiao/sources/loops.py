"""来源闭环: from the name on an invoice to the certificate on the wall, each step with its day and its page."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sanxiao.archive.models import Classification
from sanxiao.docket.models import Event
from sanxiao.docket.tables import State
from sanxiao.office.now import today
from sanxiao.office.places import names_of
from sanxiao.sources import standing
from sanxiao.sources.models import Purchase, Supplier

REACHED = {
    "named": State("named", gettext_lazy("待交办"), "red"),
    "sent": State("sent", gettext_lazy("村里核实中"), "amber"),
    "none": State("none", gettext_lazy("查无此户"), "red"),
    "filed": State("filed", gettext_lazy("已建档，待分类"), "amber"),
    "classed": State("classed", gettext_lazy("已分类，待登记"), "blue"),
    "valid": State("valid", gettext_lazy("已登记"), "green"),
    "closed": State("closed", gettext_lazy("已关停"), "grey"),
    "outside": State("outside", gettext_lazy("外地"), "grey"),
}


@dataclass(frozen=True)
class Step:
    """One step of a loop: its name, its day (None: not yet), where it can be read."""

    name: str
    on: date | None
    url: str = ""
    note: str = ""


def with_steps(rows: Any) -> Any:
    """Suppliers (see `with_place`) with the days of their steps: sent_on, surveyed_on, filed_on, classed_on."""
    opened = Event.objects.filter(kind="archive.file", move="open", subject=OuterRef("place_now")).order_by("pk")
    decided = Classification.objects.filter(file=OuterRef("place_now"), decided_on__isnull=False)
    return rows.select_related(
        "place__kind", "place__operator", "lead__sheet", "lead__file__kind", "lead__file__operator"
    ).annotate(
        opened_on=Subquery(opened.values("on")[:1]),
        classed_on=Subquery(decided.order_by("decided_on").values("decided_on")[:1]),
    )  # fmt: skip


def lay(suppliers: Sequence[Any]) -> None:
    """Write on each supplier of `with_steps` how far it has come (`reached`) and the days of its steps."""
    standing.lay(suppliers)
    for each in suppliers:
        lead, found = each.lead, each.found_place
        each.sent_on = lead.created_at.date() if lead else None
        each.surveyed_on = lead.sheet.seen_on if lead and lead.sheet else None
        each.filed_on = each.opened_on if found else None
        each.reached = REACHED[_reached(each, lead, found)]


def _reached(supplier: Any, lead: Any, found: Any) -> str:
    if found is not None:
        key = supplier.standing.key
        return key if key in ("valid", "closed") else "classed" if supplier.classed_on else "filed"
    if supplier.state == "outside":
        return "outside"
    if lead is not None and lead.state == "none":
        return "none"
    return "sent" if lead is not None and lead.state == "open" else "named"


def days(supplier: Supplier) -> int:
    """Days from the first invoice to the end of the loop, or to today."""
    return ((supplier.ended_on or today()) - supplier.first_on).days


def steps(supplier: Any, user: Any) -> list[Step]:
    """The steps of one supplier (laid out), each with the page where it is told as far as this person may open it."""
    lead, found = supplier.lead, supplier.found_place
    first = Purchase.objects.seen_by(user).filter(supplier=supplier.pk).order_by("bought_on", "created_at").first()
    file_url = found.get_absolute_url() if found and sees(user, found) else ""
    return [
        Step(_("票据上发现"), supplier.first_on, first.get_absolute_url() if first else ""),
        Step(_("交办给村"), supplier.sent_on, lead.get_absolute_url() if lead and sees(user, lead) else "",
             str(lead.state_row.name) if lead else ""),
        Step(_("填表调查"), supplier.surveyed_on,
             lead.sheet.get_absolute_url() if lead and lead.sheet and sees(user, lead.sheet) else ""),
        Step(_("建档"), supplier.filed_on, file_url, found.number if found and file_url else ""),
        Step(_("分类"), supplier.classed_on, f"{file_url}?tab=class" if file_url else ""),
        Step(_("登记或关停"), supplier.ended_on or _last(supplier), f"{file_url}?tab=papers" if file_url else "",
             str(supplier.standing.state.name) if found else ""),
    ]  # fmt: skip


def _last(supplier: Any) -> date | None:
    """Reached by now, though the night watch has not yet closed the loop."""
    return supplier.standing.since or today() if supplier.reached.key in ("valid", "closed") else None


def sees(user: Any, obj: Any) -> bool:
    """May this person open its page?"""
    return bool(type(obj).objects.seen_by(user).filter(pk=obj.pk).exists())


@dataclass(frozen=True)
class Village:
    """A village's open loops: how many, and for how many days the oldest has been open."""

    area: str
    name: str
    open: int
    oldest: int


def by_village(rows: Iterable[Supplier]) -> list[Village]:
    """Open loops by village, the oldest first."""
    found: dict[str, list[int]] = defaultdict(list)
    for supplier in rows:
        found[supplier.area].append(days(supplier))
    names = names_of(found)
    made = [Village(area, names.get(area, area), len(ages), max(ages)) for area, ages in found.items()]
    return sorted(made, key=lambda row: -row.oldest)
