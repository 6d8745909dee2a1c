"""Targets: so many of something by a day, for one unit or for many at once; progress is counted, never typed."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count
from django.http import Http404
from django.utils.translation import gettext as _

from sanxiao.archive.models import Establishment
from sanxiao.campaign.models import Phase, Proof, Target
from sanxiao.campaign.models.plan import TOWN
from sanxiao.campaign.proving import counted, unit_of
from sanxiao.campaign.rules import TARGET
from sanxiao.campaign.standing import round_of
from sanxiao.campaign.units import VILLAGE, area_of, holders, seat_for
from sanxiao.docket import flow
from sanxiao.docket.refusal import Refused
from sanxiao.docket.tables import State
from sanxiao.office.models import Office, User
from sanxiao.office.now import today


@TARGET.beginning
def begin_target(user: User, params: dict[str, str]) -> Target:
    """A target of the present round; `like` is one that is to be given to others as well."""
    area = area_of(seat_for(user, "target.set"))
    which = round_of(area)
    if which is None:
        raise Http404
    found = Target(area=area, round=which.code, phase=params.get("phase") or which.chosen.code)
    if like := params.get("like"):
        model = Target.objects.seen_by(user).filter(pk=like).first()
        if model is None:
            raise Http404
        for name in ("round", "phase", "rule", "number", "wanted_on", "note"):
            setattr(found, name, getattr(model, name))
    return found


def rules_for(area: str) -> list[Proof]:
    """What can be a target: everything that is counted from records."""
    return list(Proof.objects.of_town(area).exclude(kind=""))


def without(target: Target, units: Sequence[Office]) -> list[Office]:
    """Units that have no such target yet."""
    same = Target.objects.filter(round=target.round, phase=target.phase, rule=target.rule, state="set")
    had = set(same.values_list("unit", flat=True))
    return [unit for unit in units if unit.pk not in had]


@TARGET.effect("set")
def was_set(target: Target, by: User, facts: dict[str, Any]) -> None:
    """One row for each unit; the number as it was said, or a share of the places that trade there."""
    units, percent = facts.pop("units"), facts.get("percent")
    lacking = {unit.pk for unit in without(target, units)}
    if had := [str(unit) for unit in units if unit.pk not in lacking]:
        said = _("%(units)s 已有这项目标，请去掉，或在原目标上调整。") % {"units": _("、").join(had)}
        raise Refused(said, {"units": said}, "invalid")
    numbers = _shares(units, percent) if percent else {}
    if none := [str(unit) for unit in units if percent and not numbers.get(unit.area)]:
        said = _("%(units)s 没有在营户，不能按百分比下达。") % {"units": _("、").join(none)}
        raise Refused(said, {"units": said}, "invalid")
    first, *others = units
    target.unit, target.area = first, first.area
    target.number = numbers.get(first.area, target.number)
    facts |= {"unit": first.pk, "number": target.number}
    for unit in others:
        twin = Target(round=target.round, area=unit.area)
        same: dict[str, Any] = {name: getattr(target, name) for name in ("phase", "rule", "wanted_on", "note")}
        flow.move(
            twin, "set", by, within=True, units=[unit], number=numbers.get(unit.area, facts["number"]), **same
        )  # fmt: skip


def _shares(units: Sequence[Office], percent: int) -> dict[str, int]:
    """So many in a hundred of the places that trade on each village's ground, rounded up."""
    areas = [unit.area for unit in units if unit.role == VILLAGE]
    rows = Establishment.objects.filter(area__in=areas).trading().order_by().values("area").annotate(n=Count("pk"))
    return {row["area"]: math.ceil(row["n"] * percent / 100) for row in rows}


@dataclass(frozen=True)
class Progress:
    """How far a target is."""

    target: Target
    rule: Proof | None
    phase: Phase | None
    count: int
    until: date  # its date, or today: until then it was counted

    @property
    def percent(self) -> int:
        """At most a hundred."""
        return min(100, self.count * 100 // (self.target.number or 1))

    @property
    def state(self) -> State:
        """Met, behind, or still to come, in words and tone."""
        if self.count >= (self.target.number or 0):
            return State("met", _("已达到"), "green")
        if self.target.wanted_on < today():
            return State("missed", _("没有完成"), "red")
        return State("running", _("进行中"), "blue")


def progress(rows: Sequence[Target], area: str) -> list[Progress]:
    """The counts of many targets in the town in which an area lies; a fixed number of queries."""
    rules = {proof.key: proof for proof in Proof.objects.of_town(area)}
    phases = {(phase.round, phase.code): phase for phase in Phase.objects.of_town(area)}
    day, spans = today(), {}
    for row in rows:
        if phase := phases.get((row.round, row.phase)):
            spans[_span(row)] = (phase.since, max(phase.since, min(row.wanted_on, day)))
    held = counted([rules[row.rule] for row in rows if row.rule in rules], area[:TOWN], spans)
    found = []
    for row in rows:
        rule = rules.get(row.rule)
        n = held.of(rule, unit_of(row.unit), _span(row)) if rule and row.unit else 0
        found.append(Progress(row, rule, phases.get((row.round, row.phase)), n, min(row.wanted_on, day)))
    return found


def _span(row: Target) -> str:
    return f"{row.round}:{row.phase}:{row.wanted_on}"


def villages(area: str) -> list[Office]:
    """All villages of a town."""
    return list(holders("task.take", area).filter(role=VILLAGE))


def last_day(phase: Phase | None) -> date | None:
    """By when a target of a phase is due unless somebody says otherwise."""
    return phase.until if phase else None
