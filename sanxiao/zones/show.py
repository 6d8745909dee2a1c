"""How zones and their steps are laid out on pages, in a fixed number of queries however many there are."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count

from sanxiao.docket.models import Attachment
from sanxiao.office.models import Office, prefix_of
from sanxiao.office.now import today
from sanxiao.office.settled import settled
from sanxiao.zones import path, timing
from sanxiao.zones.models import Condition, Entrant, Opinion, Step, Unit, Zone
from sanxiao.zones.path import Bar
from sanxiao.zones.rules import HERE

MARKS = 5  # months that are named above the bars
LEFT_OUT = ("skipped", "ended")


class Names:
    """Names of offices by role and ground, asked once for a page."""

    def __init__(self) -> None:
        self._held: dict[str, list[Office]] = defaultdict(list)
        for office in Office.objects.on():
            self._held[office.role].append(office)

    def of(self, role: str, area: str) -> str:
        """The office of a role whose ground holds an area; the role itself where there is none."""
        found = (office.label for office in self._held[role] if area.startswith(prefix_of(office.area)))
        return next(found, role)


@dataclass(frozen=True)
class Line:
    """A step on the Gantt: planned above, what is or will be below; left edge and width of a bar as SVG takes them."""

    step: Step
    office: str
    holders: list[tuple[str, int]]  # who has it now, and for how many days
    bar: Bar | None
    planned: tuple[str, str] | None
    now: tuple[str, str] | None
    in_count: int = 0
    asked_count: int = 0

    @property
    def tone(self) -> str:
        """How the lower bar is drawn: done, running, late or still to come."""
        if self.bar is None:
            return ""
        if self.bar.ended:
            return "done"
        begun = self.step.state != "waiting"
        return "late" if begun and self.is_late else "running" if begun else "next"

    @property
    def is_late(self) -> bool:
        """Behind its plan?"""
        return bool(self.bar and self.step.planned_to and not self.bar.ended and self.bar.end > self.step.planned_to)

    @property
    def counted(self) -> str:
        """'3 / 5' opinions in."""
        return f"{self.in_count} / {self.asked_count}" if self.asked_count else ""


@dataclass(frozen=True)
class Gantt:
    """All lines, the marks of the months, today, and when the whole will be done."""

    lines: list[Line]
    left_out: list[Step]
    months: list[tuple[str, str]]
    today_at: str
    planned: date | None
    expected: date | None
    critical: list[Step]

    @property
    def days_late(self) -> int:
        """Days behind the first plan."""
        return (self.expected - self.planned).days if self.expected and self.planned else 0


def opinions_of(steps: Iterable[Step]) -> dict[UUID, list[Opinion]]:
    """The opinions of the last round of each step; one query."""
    rows: dict[UUID, list[Opinion]] = defaultdict(list)
    for opinion in Opinion.objects.filter(step__in=[s.pk for s in steps]).select_related("office"):
        rows[opinion.step_id].append(opinion)
    return {pk: [o for o in held if o.round == max(x.round for x in held)] for pk, held in rows.items()}


def gantt(zone: Zone, steps: Sequence[Step], names: Names) -> Gantt:
    """The steps of a zone in time."""
    with settled():
        bars = timing.bars_of(zone, steps)
    holding, opinions = timing.now_held(timing.held(steps)), opinions_of(steps)
    shown = [step for step in steps if step.key in bars]
    days = [day for s in shown for day in (bars[s.key].start, bars[s.key].end, s.planned_from, s.planned_to) if day]
    first, last = min(days, default=today()), max(days, default=today())
    scale = _Scale(first, max(last, first + timedelta(days=14)))
    lines = [_line(step, bars[step.key], scale, names, holding, opinions) for step in shown]
    return Gantt(
        lines, [step for step in steps if step.state in LEFT_OUT], scale.months(),
        _percent(scale.at(today())) if scale.first <= today() <= scale.last else "",
        max((s.planned_to for s in shown if s.planned_to), default=None), path.finish(bars),
        [s for s in shown if bars[s.key].critical],
    )  # fmt: skip


@dataclass(frozen=True)
class _Scale:
    first: date
    last: date

    def at(self, day: date) -> float:
        """Where a day stands, in per cent."""
        return 100 * (day - self.first).days / max((self.last - self.first).days, 1)

    def span(self, start: date, end: date) -> tuple[str, str]:
        """Left edge and width; a single day is seen too."""
        left = min(self.at(start), 99)
        return _percent(left), _percent(max(self.at(end) - left, 1))

    def months(self) -> list[tuple[str, str]]:
        """The first days of some months in between."""
        found, day = [], self.first.replace(day=1)
        while day <= self.last:
            if self.first <= day and self.at(day) < 90:
                found.append((_percent(self.at(day)), f"{day:%Y-%m}"))
            day = (day + timedelta(days=32)).replace(day=1)
        return found[:: 1 + (len(found) - 1) // MARKS]


def _percent(value: float) -> str:
    return f"{value:.1f}%"


def _line(
    step: Step, bar: Bar, scale: _Scale, names: Names, holding: dict[UUID, Any], opinions: dict[UUID, list[Opinion]]
) -> Line:
    planned = scale.span(step.planned_from, step.planned_to) if step.planned_from and step.planned_to else None
    asked = [o for o in opinions.get(step.pk, ()) if o.state != "ended" or o.is_in]
    who = [(names.of(one.role, step.area), one.days) for one in holding.get(step.pk, ())]
    return Line(
        step, names.of(step.role, step.area), who, bar, planned, scale.span(bar.start, bar.end),
        sum(o.is_in for o in asked), len(asked),
    )  # fmt: skip


# --- many zones --------------------------------------------------------------------------------------------------


def lay_on(zones: Sequence[Any]) -> None:
    """Write on each zone what its line in a list says: steps done, who holds it, expected finish, occupancy."""
    keys = [zone.pk for zone in zones]
    names, steps = Names(), defaultdict(list)
    for step in Step.objects.filter(zone__in=keys):
        steps[step.zone_id].append(step)
    every = [step for held in steps.values() for step in held]
    holding = timing.now_held(timing.held(every))
    units = dict(Unit.objects.filter(zone__in=keys, usable=True).values_list("zone").annotate(n=Count("pk")))
    let = dict(Entrant.objects.filter(zone__in=keys, state__in=HERE).values_list("zone").annotate(n=Count("pk")))
    with settled():
        for zone in zones:
            mine = steps[zone.pk]
            wanted = [s for s in mine if s.state not in LEFT_OUT]
            zone.step_count, zone.step_done = len(wanted), sum(s.state == "done" for s in wanted)
            held = {one.role: one.days for s in mine for one in holding.get(s.pk, ())}
            zone.holders = [(names.of(role, zone.area), days) for role, days in held.items()]
            zone.expected = path.finish(timing.bars_of(zone, mine)) if zone.is_open and not zone.is_running else None
            zone.unit_count, zone.let_count = units.get(zone.pk, 0), let.get(zone.pk, 0)


# --- one step ----------------------------------------------------------------------------------------------------


def conditions_of(steps: Iterable[Step]) -> list[Condition]:
    """The conditions of steps, those that are open first."""
    rows = list(Condition.objects.filter(step__in=[s.pk for s in steps]).select_related("step__zone"))
    return sorted(rows, key=lambda row: (not row.is_open, row.until_on or date.max))


def with_files(rows: Sequence[Any]) -> Sequence[Any]:
    """Rows with `papers`: what is attached to each and not voided; one query."""
    held: dict[UUID, list[Attachment]] = defaultdict(list)
    found = Attachment.objects.filter(subject__in=[row.pk for row in rows], voided_at__isnull=True)
    for paper in found.select_related("blob"):
        held[paper.subject].append(paper)
    for row in rows:
        row.papers = held[row.pk]
    return rows


def tenants_of(zone: Zone) -> dict[UUID, Entrant]:
    """Who holds each unit now."""
    rows = zone.entrants.filter(state__in=HERE, unit__isnull=False).select_related("place__operator")
    return {row.unit_id: row for row in rows}
