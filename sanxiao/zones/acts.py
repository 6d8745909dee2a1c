"""What the moves of a zone do: its steps are laid out by the dated chain, money, units, the lot, and its end."""

import secrets
from collections.abc import Iterable
from random import Random
from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _

from sanxiao.docket import flow
from sanxiao.docket.models import Event
from sanxiao.docket.refusal import Refused
from sanxiao.office.models import User
from sanxiao.office.now import today
from sanxiao.office.places import grounds
from sanxiao.zones import chain, outline, timing
from sanxiao.zones.models import Condition, Entrant, Opinion, Step, Unit, Zone
from sanxiao.zones.rules import FUNNEL_OPEN, HERE, ZONE

MOST_UNITS = 400  # at one time


@ZONE.beginning
def begin_zone(user: User, params: dict[str, str]) -> Zone:
    """A project on one of the grounds on which this person may propose one."""
    mine = [area.code for area in grounds(user, "zone.propose")]
    if not mine:
        raise Http404
    wanted = params.get("area", "")
    return Zone(area=wanted if wanted in mine else mine[0], in_charge=user.name)


def again(zone: Zone) -> Zone:
    """The zone as it stands now: another act of the same moment may have moved it."""
    return Zone.objects.select_related("kind").get(pk=zone.pk)


# --- steps -------------------------------------------------------------------------------------------------------


@ZONE.predicate("name_free")
def name_free(zone: Zone, facts: dict[str, Any]) -> bool:
    """One name, one zone of a village."""
    return not Zone.objects.filter(area=zone.area, called=facts.get("called", "")).exclude(pk=zone.pk).exists()


@ZONE.effect("propose")
def proposed(zone: Zone, by: User | None, _facts: dict[str, Any]) -> None:
    """The steps by kind and size, with their planned days; the first one goes to the leading group at once."""
    _settle(zone)
    _check(zone)
    zone.chain, rows = chain.chain_on(zone.area, zone.rule_on)
    steps = [_step(zone, no, row) for no, row in enumerate(rows, 1)]
    for step in steps:
        flow.move(step, "plan", by, within=True)
    for step, row in zip(steps, rows, strict=True):
        if not chain.applies(row, zone.facts_for_rules):
            flow.move(step, "leave_out", by, within=True)
    _plan(zone, steps)
    advance(zone, by)
    first = zone.steps.select_related("zone").get(key=chain.FIRST)
    flow.move(first, "request", by, within=True)


def _check(zone: Zone) -> None:
    """What the form cannot see in one field."""
    wrong = {}
    if zone.builds and not zone.build_days:
        wrong["build_days"] = _("要动工的，请填施工天数")
    if zone.open_by <= today():
        wrong["open_by"] = _("计划开业须在今天之后")
    if (zone.lat is None) != (zone.lng is None):
        wrong["lat"] = _("经度和纬度要一起填写，或都留空。")
    if wrong:
        raise Refused(_("；").join(wrong.values()), wrong, "invalid")


def _step(zone: Zone, no: int, row: dict[str, Any]) -> Step:
    return Step(
        zone=zone, area=zone.area, no=no, key=row["step"], name=row["name"], name_en=row["name_en"], form=row["form"],
        role=row["role"], after=row["after"], consults=row["opinions"], term=row["term"], days=row["days"],
        valid_years=row["valid_years"], why=row["why"], why_en=row["why_en"], clause=row["clause"], mark=row["mark"],
        remark=row["note"], rule_on=zone.rule_on,
    )  # fmt: skip


def _plan(zone: Zone, steps: Iterable[Step]) -> None:
    """What was planned on the first day stays beside what becomes of it."""
    bars = timing.bars_of(zone, list(steps))
    for step in steps:
        if bar := bars.get(step.key):
            step.planned_from, step.planned_to = bar.start, bar.end
            step.save(update_fields=["planned_from", "planned_to"])


def advance(zone: Zone, by: User | None) -> None:
    """Whatever has nothing before it any more is ready to be applied for."""
    known = chain.by_key(zone.steps.select_related("zone"))
    for step in known.values():
        if step.state == "waiting" and not chain.waits_for(step.key, known):
            flow.move(step, "make_ready", by, within=True)


@ZONE.effect("revise")
def revised(zone: Zone, by: User | None, facts: dict[str, Any]) -> None:
    """Another size may need other steps: those not begun are judged anew, what an office has judged stays."""
    _check(zone)
    changed = []
    rows = {row["step"]: row for row in chain.chain_on(zone.area, zone.rule_on)[1]}
    for step in zone.steps.select_related("zone"):
        wanted = chain.applies(rows[step.key], zone.facts_for_rules) if step.key in rows else True
        if not wanted and step.state in ("waiting", "ready"):
            flow.move(step, "leave_out", by, within=True)
            changed.append(f"− {step.name}")
        elif wanted and step.state == "skipped" and _last(step) in ("leave_out", "plan"):
            flow.move(step, "take_in", by, within=True)
            changed.append(f"+ {step.name}")
    if changed:
        facts["steps"] = changed
    zone.save()
    advance(zone, by)


@ZONE.effect("outline")
def outlined(zone: Zone, _by: User | None, _facts: dict[str, Any]) -> None:
    """What has a boundary has its point within."""
    _settle(zone)


def _settle(zone: Zone) -> None:
    """The point by which lists and the school's distance know a zone lies within its boundary."""
    if zone.boundary and (zone.lat is None or not outline.holds(zone.boundary, zone.lat, zone.lng or 0)):
        zone.lat, zone.lng = outline.centre(zone.boundary)


def _last(step: Step) -> str:
    found = Event.objects.of(step).values_list("move", flat=True).first()
    return str(found or "")


@ZONE.predicate("steps_done")
def steps_done(zone: Zone, _facts: dict[str, Any]) -> bool:
    """Nothing is left to be applied for, and nothing has run out."""
    return not zone.steps.exclude(state__in=("done", "skipped")).exists()


@ZONE.predicate("conditions_met")
def conditions_met(zone: Zone, _facts: dict[str, Any]) -> bool:
    """What the decisions asked for besides is there."""
    return not Condition.objects.filter(step__zone=zone.pk, state__in=("open", "proved")).exists()


@ZONE.predicate("has_units")
def has_units(zone: Zone, _facts: dict[str, Any]) -> bool:
    """There is something to move into."""
    return zone.units.filter(usable=True).exists()


@ZONE.effect("open")
def opened(zone: Zone, _by: User | None, _facts: dict[str, Any]) -> None:
    """The milestone."""
    zone.opened_on = today()


# --- money, units, the lot ---------------------------------------------------------------------------------------


@ZONE.effect("invest")
def invested(zone: Zone, _by: User | None, facts: dict[str, Any]) -> None:
    """One payment more."""
    if facts["paid_on"] > today():
        raise Refused(_("投入日期不能晚于今天。"), {"paid_on": _("不能晚于今天")}, "invalid")
    zone.invested += facts["amount"]


@ZONE.effect("divide")
def divided(zone: Zone, _by: User | None, facts: dict[str, Any]) -> None:
    """The units are on the plan. A number or a place that is taken is named."""
    rows = facts["stalls"]
    if not 0 < len(rows) <= MOST_UNITS:
        said = _("一次划 1 到 %(n)d 个。") % {"n": MOST_UNITS}
        raise Refused(said, {"stalls": said}, "invalid")
    there = {(u.number): (u.row, u.col) for u in zone.units.all()}
    taken = [row["number"] for row in rows if row["number"] in there or (row["row"], row["col"]) in there.values()]
    numbers = [row["number"] for row in rows]
    taken += sorted({n for n in numbers if numbers.count(n) > 1})
    if taken:
        said = _("编号或位置已经有了：%(names)s") % {"names": _("、").join(taken[:8])}
        raise Refused(said, {"stalls": said}, "invalid")
    Unit.objects.bulk_create(Unit(zone=zone, area=zone.area, version=1, **row) for row in rows)


def free_units(zone: Zone) -> Any:
    """Units that nobody holds, in the order of the plan."""
    held = Entrant.objects.filter(zone=zone.pk, state__in=HERE).values("unit")
    return zone.units.filter(usable=True).exclude(pk__in=held)


@ZONE.predicate("somebody_waits")
def somebody_waits(zone: Zone, _facts: dict[str, Any]) -> bool:
    """Somebody is on the waiting list."""
    return zone.entrants.filter(state="waiting").exists()


@ZONE.predicate("unit_free")
def unit_free(zone: Zone, _facts: dict[str, Any]) -> bool:
    """Some unit is free."""
    return free_units(zone).exists()


def lot(people: list[Any], units: list[Any], seed: str) -> list[tuple[Any, Any]]:
    """Who gets which unit: pure, and the same for the same seed, list and plan."""
    random = Random(seed)
    drawn = random.sample(people, min(len(people), len(units)))
    return list(zip(drawn, random.sample(units, len(drawn)), strict=True))


@ZONE.effect("draw")
def drawn(zone: Zone, by: User | None, facts: dict[str, Any]) -> None:
    """Waiting list and free units by lot; seed, list and result stand in the log."""
    if facts["contract_to"] <= facts["contract_from"]:
        raise Refused(_("合同到期日须晚于起始日。"), {"contract_to": _("须晚于起始日")}, "invalid")
    people = list(zone.entrants.filter(state="waiting").select_related("place", "zone").order_by("queue_no"))
    seed = f"{today():%Y%m%d}-{secrets.token_hex(3)}"
    pairs = lot(people, list(free_units(zone)), seed)
    for entrant, unit in pairs:
        entrant.seed, entrant.unit = seed, unit
        entrant.contract_from, entrant.contract_to = facts["contract_from"], facts["contract_to"]
        flow.move(entrant, "drawn", by, within=True, seed=seed, unit=unit)
    facts |= {
        "seed": seed, "pool": [f"{e.queue_no}. {e.place.called}" for e in people],
        "result": [f"{e.place.called} → {u.number}" for e, u in pairs],
    }  # fmt: skip


# --- the end -----------------------------------------------------------------------------------------------------


@ZONE.predicate("empty")
def empty(zone: Zone, _facts: dict[str, Any]) -> bool:
    """Nobody is there any more."""
    return not zone.entrants.filter(state__in=HERE).exists()


@ZONE.effect("drop", "shut")
def ended(zone: Zone, by: User | None, facts: dict[str, Any]) -> None:
    """With the project end its open steps, opinions and conditions, and the hopes of those who wanted to come."""
    open_steps = zone.steps.select_related("zone").exclude(state__in=("done", "ended"))
    parts: list[Any] = [
        *Opinion.objects.filter(step__zone=zone.pk, state__in=("queued", "asked", "lapsed")),
        *Condition.objects.filter(step__zone=zone.pk, state__in=("open", "proved")),
        *open_steps, *zone.entrants.filter(state__in=FUNNEL_OPEN).select_related("place", "zone"),
    ]  # fmt: skip
    for part in parts:
        flow.move(part, "end", by, within=True, reason=facts["reason"])
