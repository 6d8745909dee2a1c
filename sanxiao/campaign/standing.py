"""The state beside each clause: its owners, what proves their part, their tasks, and the red gaps."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from sanxiao.campaign.models import Clause, Phase, Proof, Task, phase_on
from sanxiao.campaign.proving import Span, Tallies, Unit, counted, rules_of, unit_of
from sanxiao.office.duties import DUTIES, LEADS, scope_of
from sanxiao.office.models import Office, prefix_of
from sanxiao.office.now import today

PHASE, QUARTER, WHOLE = "phase", "quarter", "whole"


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
        quarter = date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
        return found | {QUARTER: (quarter, day), WHOLE: (begun, day)}


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
    missing: list[Office] = field(default_factory=list)
    future: bool = False

    @property
    def tone(self) -> str:
        """Green when every unit has proof, red when one lacks it, grey before its time."""
        return "grey" if self.future else "red" if self.missing else "green"

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
        return sum(len(part.units) - len(part.missing) for part in self.parts if not part.future)


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
    for unit, office in part.units.items():
        n = held.has(number, unit, part.rules, span)
        part.in_phase += n
        part.in_quarter += held.has(number, unit, part.rules, QUARTER)
        part.in_all += held.has(number, unit, part.rules, WHOLE)
        if not n:
            part.missing.append(office)
        for row in held.tasks.get((number, unit), ()):
            part.done += row["state"] == "done"
            part.open += row["state"] != "done"
            owed = row["state"] in ("assigned", "received", "returned", "declined")
            part.late += bool(owed and row["due_on"] and row["due_on"] < day)
