"""Demonstration: the items by the dated table, each with its proof, and whether they are enough."""

from typing import Any

from django.db.models import Max
from django.utils.translation import gettext as _

from sanxiao.docket import flow
from sanxiao.docket.models import Attachment, Rule
from sanxiao.docket.refusal import Refused
from sanxiao.office.models import User
from sanxiao.office.now import today
from sanxiao.zones import chain, figures
from sanxiao.zones.models import Item, Zone
from sanxiao.zones.rules import ITEM, ZONE


def of_now(zone: Zone) -> list[Item]:
    """The items of the latest application."""
    rows = list(zone.items.all())
    last = max((row.round for row in rows), default=0)
    return [row for row in rows if row.round == last]


@ZONE.effect("nominate")
def nominated(zone: Zone, by: User | None, _facts: dict[str, Any]) -> None:
    """The items of the day, for this kind of zone."""
    rows = chain.items_on(zone.area, today(), zone.kind_id)
    if not rows:
        raise Refused(_("镇里还没有定示范验收的评分项目。"), code="guard")
    number = (zone.items.aggregate(last=Max("round"))["last"] or 0) + 1
    for no, row in enumerate(rows, 1):
        item = Item(
            zone=zone, area=zone.area, round=number, no=no, code=row["code"], text=row["text"], text_en=row["text_en"],
            most=row["points"], key=row["key"], figure=row["figure"], least=_least(row["least"], zone), rule_on=today(),
        )  # fmt: skip
        flow.move(item, "list", by, within=True)


def _least(said: str, zone: Zone) -> int:
    """A number, or the rule that says it."""
    if said and not said.isdigit():
        return int(Rule.objects.value(said, zone.area, today(), 0))
    return int(said or 0)


def points(items: list[Item]) -> int:
    """What was granted, in per cent of what could be."""
    most = sum(item.most for item in items)
    return 100 * sum(item.points or 0 for item in items) // most if most else 0


def wanted(zone: Zone) -> int:
    """The per cent that make a demonstration zone."""
    return int(Rule.objects.value("zone.demo_pass", zone.area, today(), 80))


@ZONE.predicate("all_judged")
def all_judged(zone: Zone, _facts: dict[str, Any]) -> bool:
    """Every item has its points."""
    return all(item.state == "accepted" for item in of_now(zone))


@ZONE.predicate("enough_points")
def enough_points(zone: Zone, _facts: dict[str, Any]) -> bool:
    """Enough in all, and all of what counts most."""
    items = of_now(zone)
    return points(items) >= wanted(zone) and all(item.points == item.most for item in items if item.key)


@ZONE.effect("award")
def awarded(zone: Zone, _by: User | None, facts: dict[str, Any]) -> None:
    """The milestone, with the points."""
    zone.awarded_on = today()
    facts["points"] = points(of_now(zone))


@ZONE.effect("decline")
def declined(zone: Zone, by: User | None, facts: dict[str, Any]) -> None:
    """The scoring is over; another begins anew."""
    facts["points"] = points(of_now(zone))
    for item in of_now(zone):
        flow.move(item, "end", by, within=True)


@ZONE.effect("untitle")
def untitled(zone: Zone, by: User | None, _facts: dict[str, Any]) -> None:
    """The title is gone, and with it its day; the log keeps it."""
    zone.awarded_on = None
    for item in of_now(zone):
        flow.move(item, "end", by, within=True)


@ITEM.predicate("being_scored")
def being_scored(item: Item, _facts: dict[str, Any]) -> bool:
    """Only while the zone applies."""
    return item.zone.state == "candidate"


@ITEM.predicate("not_above")
def not_above(item: Item, facts: dict[str, Any]) -> bool:
    """No more than there is."""
    said = [facts[name] for name in ("claimed", "points") if facts.get(name) is not None]
    return all(value <= item.most for value in said)


@ITEM.predicate("lower_with_reason")
def lower_with_reason(item: Item, facts: dict[str, Any]) -> bool:
    """Who grants less says why."""
    given = facts.get("points")
    return given is None or given >= (item.claimed or 0) or bool(facts.get("note"))


@ITEM.predicate("has_proof")
def has_proof(item: Item, facts: dict[str, Any]) -> bool:
    """A figure of the records that is high enough; else, or where there is none, something attached.

    Nought points need no proof. A figure that is too low cannot be outdone by a photo.
    """
    if facts.get("claimed") == 0 or "claimed" not in facts:
        return True
    rate = figures.computed(item.zone, item.figure).rate if item.figure else None
    if rate is not None:
        return rate >= item.least
    return Attachment.objects.filter(subject=item.pk, role="proof", voided_at__isnull=True).exists()


@ITEM.effect("claim")
def claimed(item: Item, _by: User | None, facts: dict[str, Any]) -> None:
    """The figure stays as it was on this day."""
    if item.figure:
        share = figures.computed(item.zone, item.figure)
        item.value = share.rate
        if share.rate is not None:
            facts |= {"value": str(share.rate), "whole": f"{share.part} / {share.whole}"}


@ITEM.effect("give_back")
def given_back(item: Item, _by: User | None, _facts: dict[str, Any]) -> None:
    """Its points are open again."""
    item.points = None
