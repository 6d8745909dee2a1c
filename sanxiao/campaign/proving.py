"""Counting proof: what the log holds for each clause, by unit and span, in one grouped query.

A village's proof is what happened on its ground, whoever did it there; an office's is what its own people did. The
rows of `proofs.csv` say which moves count; `records` gives the list behind each number from the same conditions.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet

from sanxiao.campaign.models import Proof, Record
from sanxiao.campaign.models.plan import MUST, QUARTER
from sanxiao.docket.models import Event
from sanxiao.office.models import Office

VILLAGE, EVERY = "village", "*"
Span = tuple[date, date]  # both days included


@dataclass(frozen=True)
class Unit:
    """A duty holder: an office of the town, or a village. Successors in name are the same unit."""

    role: str
    area: str

    @property
    def key(self) -> str:
        """As addresses name it."""
        return f"{self.role}-{self.area}"


def unit_of(office: Office) -> Unit:
    """The unit that an office is today."""
    return Unit(office.role, office.area)


@dataclass(frozen=True)
class Tallies:
    """How often each move was made: by ground and by unit, in each of some spans."""

    by_area: Mapping[tuple[str, str, str, str], int]  # kind, move, area, span
    by_unit: Mapping[tuple[str, str, Unit, str], int]  # kind, move, unit, span

    def of(self, proof: Proof, unit: Unit, span: str) -> int:
        """The proof of one unit in a span."""
        if unit.role == VILLAGE:
            return sum(self.by_area.get((proof.kind, move, unit.area, span), 0) for move in proof.moves)
        return sum(self.by_unit.get((proof.kind, move, unit, span), 0) for move in proof.moves)


def counted(proofs: Iterable[Proof], ground: str, spans: Mapping[str, Span]) -> Tallies:
    """Everything that the rules count on a ground (the head of an area code), in two queries."""
    wanted = _moves_of(proofs)
    if not wanted or not spans:
        return Tallies({}, {})
    first, last = min(since for since, _u in spans.values()), max(until for _s, until in spans.values())
    counts = {
        f"n{i}": Count("pk", filter=Q(on__gte=since, on__lte=until)) for i, (since, until) in enumerate(spans.values())
    }
    rows = Event.objects.filter(wanted, on__gte=first, on__lte=last).within((ground,)).order_by()
    units = units_by_office(ground)
    by_area: Counter[tuple[str, str, str, str]] = Counter()
    by_unit: Counter[tuple[str, str, Unit, str]] = Counter()
    for row in rows.values("kind", "move", "area", "office").annotate(**counts):
        for i, span in enumerate(spans):
            if n := row[f"n{i}"]:
                by_area[row["kind"], row["move"], row["area"], span] += n
                if unit := units.get(row["office"]):
                    by_unit[row["kind"], row["move"], unit, span] += n
    return Tallies(by_area, by_unit)


def units_by_office(ground: str) -> dict[int, Unit]:
    """Every office that ever was on a ground, as the unit that it is."""
    rows = Office.objects.filter(area__gte=ground.ljust(12, "0"), area__lte=ground.ljust(12, "9"))
    return {pk: Unit(role, area) for pk, role, area in rows.values_list("pk", "role", "area")}


def _moves_of(proofs: Iterable[Proof]) -> Q | None:
    moves: dict[str, set[str]] = defaultdict(set)
    for proof in proofs:
        if proof.kind:  # an empty kind: only tasks that name the clause prove it
            moves[proof.kind] |= set(proof.moves)
    found = Q()
    for kind in sorted(moves):
        found |= Q(kind=kind, move__in=sorted(moves[kind]))
    return found or None


def records(proofs: Iterable[Proof], role: str, units: Iterable[Unit], span: Span) -> QuerySet[Record]:
    """The events behind a number: those of these rules, of these units, in the span."""
    wanted, rows = _moves_of(proofs), Record.objects.select_related("office")
    if wanted is None:
        return rows.none()
    rows = rows.filter(wanted, on__gte=span[0], on__lte=span[1])
    areas = [unit.area for unit in units]
    if role == VILLAGE:
        return rows.filter(area__in=areas)
    return rows.filter(office__in=Office.objects.filter(role=role, area__in=areas).values("pk"))


def rules_of(proofs: Iterable[Proof], number: str, role: str) -> list[Proof]:
    """The rules by which a role proves a clause. What everybody needs is not asked of who has a need of his own."""
    found = [proof for proof in proofs if proof.clause == number and proof.role in (role, EVERY)]
    own = any(proof.need and proof.role != EVERY for proof in found)
    return [proof for proof in found if not (own and proof.need and proof.role == EVERY)]


def flaws(clauses: Iterable[Any], rules: Iterable[Mapping[str, Any]], known: Mapping[str, set[str]]) -> list[str]:
    """What is wrong with a table of proofs, in words; empty when it is complete.

    Every office with a part in a clause has a rule; every rule names a clause, one of its roles, a move that its
    kind has, and a need that there is. `known`: the moves of each kind. A heading has its sub-clauses' owners.
    """
    by_number = {clause.number: clause for clause in clauses}
    found, covered = [], set()
    parents = {clause.parent for clause in by_number.values()}
    keys = Counter(rule["key"] for rule in rules)
    found += [f"two rows are called {key}" for key, n in keys.items() if n > 1]
    for rule in rules:
        clause = by_number.get(rule["clause"])
        if clause is None:
            found.append(f"{rule['key']}: no clause {rule['clause']}")
            continue
        if rule["role"] != EVERY and rule["role"] not in clause.roles:
            found.append(f"{rule['key']}: {rule['role']} has no part in {clause.number}")
        moves = known.get(rule["kind"]) if rule["kind"] else {""}
        if moves is None:
            found.append(f"{rule['key']}: no kind {rule['kind']}")
        elif wrong := {move.removeprefix("sign:") for move in rule["moves"]} - moves:
            found.append(f"{rule['key']}: {rule['kind']} has no move {', '.join(sorted(wrong))}")
        if rule.get("need") not in (None, "", MUST, QUARTER):
            found.append(f"{rule['key']}: no need is called {rule['need']}")
        covered.add((clause.number, rule["role"]))
    for clause in by_number.values():
        if not clause.roles and clause.number not in parents:
            found.append(f"{clause.number}: no owner")
        found += [
            f"{clause.number}: nothing proves the part of {role}"
            for role in clause.roles
            if not {(clause.number, role), (clause.number, EVERY)} & covered
        ]
    return found
