"""The state beside each clause: its owners, what proves their part, their tasks, and the red gaps."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from sanxiao.campaign.models import Clause, Phase, Proof, Task, phase_on
from sanxiao.campaign.models.plan import MUST
from sanxiao.campaign.models.plan import QUARTER as EACH_QUARTER
from sanxiao.campaign.proving import Span, Tallies, Unit, counted, rules_of, unit_of
from sanxiao.office.duties import DUTIES, LEADS, scope_of
from sanxiao.office.models import Office, prefix_of
from sanxiao.office.now import today

PHASE, QUARTER, WHOLE = "phase", "quarter", "whole"
GRACE = timedelta(days=15)  # after the end of a quarter, until what it asks for is missed
MOST_QUARTERS = 8  # of a phase without an end


@dataclass(frozen=True)
class Round:
    """One round of the campaign: its phases in time, and which of them is looked at."""

    code: str
    phases: tuple[Phase, ...]
    chosen: Phase

    def span_of(self, clause: Clause) -> tuple[str, Phase]:
        """The span in which a clause is to be proved: its own phase's, else that of the phase looked at."""
        phase = next((p for p in self.phases if p.code == clause.phase), self.chosen)
        return phase.code, phase

    @cached_property
    def spans(self) -> dict[str, Span]:
        """All spans that are counted: every phase that has begun, this quarter, the whole round."""
        day = today()
        found = {p.code: (p.since, min(p.until or day, day)) for p in self.phases if p.since <= day}
        begun = min(self.phases[0].since, day)
        after = {f"after {end}": (end + ONE_DAY, _quarter_end(end + ONE_DAY)) for end in self.quarter_ends}
        return found | after | {QUARTER: (_quarter_start(day), day), WHOLE: (begun, day)}

    @cached_property
    def quarter_ends(self) -> tuple[date, ...]:
        """The quarters that ended within the phase looked at, so long ago that what they ask for should be there."""
        until = min(self.chosen.until or today(), today() - GRACE)
        found, end = [], _quarter_end(self.chosen.since)
        while end <= until:
            found.append(end)
            end = _quarter_end(end + ONE_DAY)
        return tuple(found[-MOST_QUARTERS:])


ONE_DAY = timedelta(days=1)


def _quarter_start(day: date) -> date:
    return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)


def _quarter_end(day: date) -> date:
    """The last day of the quarter in which a day lies."""
    return _quarter_start(_quarter_start(day) + timedelta(days=100)) - ONE_DAY


def round_of(area: str, code: str | None = None, phase: str = "") -> Round | None:
    """A round of a town's campaign, by default the one of today; None where no plan is loaded."""
    rows = Phase.objects.of_town(area)
    now = phase_on(today(), area)
    if code is None or not rows.filter(round=code).exists():
        code = now.round if now else ""
    phases = tuple(rows.filter(round=code).order_by("since"))
    if not phases:
        return None
    chosen = next((p for p in phases if p.code == phase), None)
    present = next((p for p in phases if p.holds_on(today())), None)
    last = [p for p in phases if p.since <= today()]
    return Round(code, phases, chosen or present or (last[-1] if last else phases[0]))


@dataclass
class Part:
    """The part of one role in one clause, as far as its units may be seen by this person."""

    role: str
    name: str
    units: dict[Unit, Office]
    rules: list[Proof]
    leads: bool
    mine: bool
    in_phase: int = 0
    in_quarter: int = 0
    in_all: int = 0
    done: int = 0  # tasks that were done
    open: int = 0
    late: int = 0
    told: list[tuple[Proof, int]] = field(default_factory=list)  # how often each rule was met in the phase
    missing: list[Office] = field(default_factory=list)
    lacks: dict[str, int] = field(default_factory=dict)  # what is missing, and in how many units
    waiting: int = 0  # units of which nothing is due yet
    goals: list[Any] = field(default_factory=list)  # what its units are to reach, by goals.py
    future: bool = False

    @property
    def tone(self) -> str:
        """Green when every unit has proof, red when one lacks it, grey before its time."""
        return "grey" if self.future or (self.waits and not self.missing) else "red" if self.missing else "green"

    @property
    def waits(self) -> bool:
        """Is nothing due of any unit yet?"""
        return self.waiting == len(self.units)

    @property
    def many(self) -> bool:
        """Do several units share it?"""
        return len(self.units) > 1

    @property
    def unit(self) -> Unit:
        """The unit where there is one only."""
        return next(iter(self.units))

    @property
    def counts(self) -> list[tuple[str, int]]:
        """The three numbers, each with its span."""
        return [(PHASE, self.in_phase), (QUARTER, self.in_quarter), (WHOLE, self.in_all)]


@dataclass
class Standing:
    """Everything that a page needs of a clause's state."""

    parts: list[Part] = field(default_factory=list)
    phase: Phase | None = None

    @property
    def gaps(self) -> int:
        """Units that owe proof."""
        return sum(len(part.missing) for part in self.parts if not part.future)

    @property
    def proved(self) -> int:
        """Units that have it."""
        return sum(len(part.units) - len(part.missing) - part.waiting for part in self.parts if not part.future)


def oversees(user: Any) -> bool:
    """May this person see the state of every unit? The offices that direct the campaign."""
    return bool(scope_of(user).roles & DUTIES["task.assign"].roles(LEADS))


def seen_units(user: Any, offices: Iterable[Office]) -> dict[Unit, Office]:
    """The units whose state this person may see: all for who directs the campaign, else his own."""
    mine, all_ = {seat.office_id for seat in scope_of(user).seats}, oversees(user)
    return {unit_of(office): office for office in offices if all_ or office.pk in mine}


@dataclass(frozen=True)
class Books:
    """What is read once for all clauses."""

    round: Round
    proofs: list[Proof]
    tallies: Tallies
    tasks: dict[tuple[str, Unit], list[dict[str, Any]]]

    def has(self, number: str, unit: Unit, rules: list[Proof], span: str) -> int:
        """Proof of a unit's part in a span: records, and tasks that were done."""
        return sum(self.tallies.of(rule, unit, span) for rule in rules) + self._done(number, unit, span)

    def lacks(self, number: str, unit: Unit, rules: list[Proof], span: str) -> list[str] | None:
        """What a unit's part wants in a span, in words: [] nothing, None nothing yet. A task done is enough."""
        if self._done(number, unit, span):
            return []
        counts = [(rule, self.tallies.of(rule, unit, span)) for rule in rules]
        needed = [rule for rule in rules if rule.need]
        if not needed:
            names = [str(rule) for rule in rules if rule.kind] or [_("办结的任务")]
            return [] if any(n for _rule, n in counts) else [_("或").join(names)]
        quarters = [(rule, end) for rule in needed if rule.need == EACH_QUARTER for end in self.round.quarter_ends]
        found = [str(rule) for rule, n in counts if rule.need == MUST and not n]
        found += [
            _("%(what)s（%(year)d年第%(quarter)d季度）")
            % {"what": rule, "year": end.year, "quarter": (end.month + 2) // 3}
            for rule, end in quarters
            if not self.tallies.of(rule, unit, f"after {end}")
        ]
        idle = not quarters and all(rule.need == EACH_QUARTER for rule in needed)
        return None if idle and not any(n for _rule, n in counts) else found

    def _done(self, number: str, unit: Unit, span: str) -> int:
        since, until = self.round.spans.get(span, (date.max, date.max))
        rows = self.tasks.get((number, unit), ())
        return sum(bool(row["done_on"] and since <= row["done_on"] <= until) for row in rows)


def books(user: Any, area: str, which: Round) -> Books:
    """Rules, counts and tasks of a town; a fixed number of queries."""
    proofs = list(Proof.objects.of_town(area))
    tallies = counted(proofs, prefix_of(area), which.spans)
    tasks: dict[tuple[str, Unit], list[dict[str, Any]]] = defaultdict(list)
    names = ("clause", "state", "due_on", "done_on", "unit__role", "unit__area")
    for row in Task.objects.seen_by(user).exclude(clause="").exclude(state="withdrawn").values(*names):
        tasks[row["clause"], Unit(row["unit__role"], row["unit__area"])].append(row)
    return Books(which, proofs, tallies, tasks)


def standing_of(
    clause: Clause, held: Books, units: Mapping[Unit, Office], names: dict[str, str], user: Any
) -> Standing:
    """The state of one clause for these units."""
    span, phase = held.round.span_of(clause)
    roles, found = scope_of(user).roles, Standing(phase=phase)
    for place, role in enumerate(clause.roles):
        if own := {unit: office for unit, office in units.items() if unit.role == role}:
            part = Part(role, names.get(role, role), own, rules_of(held.proofs, clause.number, role), not place,
                        role in roles)  # fmt: skip
            _count(part, clause.number, held, span, phase)
            found.parts.append(part)
    return found


def _count(part: Part, number: str, held: Books, span: str, phase: Phase) -> None:
    day = today()
    part.future = phase.since > day
    part.told = [(r, sum(held.tallies.of(r, unit, span) for unit in part.units)) for r in part.rules if r.kind]
    for unit, office in part.units.items():
        n = held.has(number, unit, part.rules, span)
        part.in_phase += n
        part.in_quarter += held.has(number, unit, part.rules, QUARTER)
        part.in_all += held.has(number, unit, part.rules, WHOLE)
        lacks = held.lacks(number, unit, part.rules, span)
        part.waiting += lacks is None
        if lacks:
            part.missing.append(office)
        for what in lacks or ():
            part.lacks[what] = part.lacks.get(what, 0) + 1
        for row in held.tasks.get((number, unit), ()):
            part.done += row["state"] == "done"
            part.open += row["state"] != "done"
            owed = row["state"] in ("assigned", "received", "returned", "declined")
            part.late += bool(owed and row["due_on"] and row["due_on"] < day)
