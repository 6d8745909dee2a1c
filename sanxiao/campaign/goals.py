"""The targets of a round as the plan's page shows them: beside each phase, and beside the part that they ask for.

One line for each phase and rule: how many units have the target, how many of them are there, and the sum of it all.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sanxiao.campaign.models import Phase, Proof, Target
from sanxiao.campaign.proving import Unit, unit_of
from sanxiao.campaign.standing import Round
from sanxiao.campaign.targets import Progress, progress
from sanxiao.docket.tables import State
from sanxiao.office.now import today


@dataclass(frozen=True)
class Goal:
    """One target of a phase, of all the units that have it."""

    rule: Proof
    phase: Phase
    rows: list[Progress]

    @property
    def wanted(self) -> int:
        """What all of them together are to reach."""
        return sum(row.target.number or 0 for row in self.rows)

    @property
    def count(self) -> int:
        """What all of them have."""
        return sum(row.count for row in self.rows)

    @property
    def met(self) -> int:
        """Units that are there."""
        return sum(row.state.key == "met" for row in self.rows)

    @property
    def percent(self) -> int:
        """Of the units, so many in a hundred are there: what one has too much does not help another."""
        return self.met * 100 // len(self.rows)

    @property
    def state(self) -> State:
        """The worst of any unit: missed, running, met."""
        return min((row.state for row in self.rows), key=lambda state: ("missed", "running", "met").index(state.key))

    @property
    def missed(self) -> int:
        """Units whose day has passed before they were there."""
        return sum(row.state.key == "missed" for row in self.rows)

    @property
    def wanted_on(self) -> Any:
        """The last day of any of them."""
        return max(row.target.wanted_on for row in self.rows)


def goals(user: Any, area: str, which: Round, units: Mapping[Unit, Any]) -> list[Goal]:
    """The goals of a round for these units, as far as this person may see their targets; a fixed number of queries."""
    rows = Target.objects.seen_by(user).filter(round=which.code, state="set").select_related("unit")
    wanted = [row for row in rows if row.unit and unit_of(row.unit) in units]
    found: dict[tuple[str, str], list[Progress]] = defaultdict(list)
    for told in progress(wanted, area) if wanted else ():
        if told.rule and told.phase:
            found[told.target.phase, told.rule.key].append(told)
    made = [Goal(rule, phase, its) for its in found.values() if (rule := its[0].rule) and (phase := its[0].phase)]
    return sorted(made, key=lambda goal: (goal.phase.since, goal.rule.order))


def by_part(found: Iterable[Goal]) -> dict[tuple[str, str], list[Goal]]:
    """The goals by the part that they ask for: the clause and the role of the units."""
    parts: dict[tuple[str, str], list[Goal]] = defaultdict(list)
    for goal in found:
        for role in sorted({row.target.unit.role for row in goal.rows if row.target.unit}):
            its = [row for row in goal.rows if row.target.unit and row.target.unit.role == role]
            parts[goal.rule.clause, role].append(Goal(goal.rule, goal.phase, its))
    return parts


def by_phase(phases: Iterable[Phase], found: list[Goal]) -> list[tuple[Phase, list[Goal], bool]]:
    """Every phase in time with its goals, and whether it has begun; the gap stands among them with none."""
    return [(phase, [goal for goal in found if goal.phase == phase], phase.since <= today()) for phase in phases]
