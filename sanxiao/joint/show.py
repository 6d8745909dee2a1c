"""What the pages of an operation show: parts with who holds them up, the merged list, the items at a place."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from sanxiao.archive.models import Establishment
from sanxiao.docket import flow, rooms
from sanxiao.docket.models import Event
from sanxiao.docket.rooms import Starter
from sanxiao.joint import acts, checklist
from sanxiao.joint.models import Call, Finding, Operation, Part, Stop
from sanxiao.joint.route import Leg
from sanxiao.joint.rules import COMES
from sanxiao.office.duties import scope_of
from sanxiao.office.now import today

SAID = ("accept", "decline", "ask_again", "people", "close", "urge", "release", "miss")  # moves of parts worth telling
BY_PAGE = ("take_in", "arrange")  # moves that have a page or buttons of their own
STARTED_HERE = ("inspection.order", "enforcement.referral", "enforcement.closure")  # what a finding may lead to


@dataclass
class PartRow:
    """An office's part: is it mine, what can be done with it, when it was reminded."""

    part: Part
    mine: bool
    offers: list[flow.Offer]
    urged: list[Any] = field(default_factory=list)

    @property
    def is_waiting(self) -> bool:
        """Does the whole wait for this office?"""
        closing = self.part.operation.state == "closing" and self.part.state == "underway"
        return closing or self.part.state == "invited"


def acts_of(operation: Operation, user: Any, *only: str) -> dict[str, Any]:
    """The buttons of an operation (of a few moves only, where named), as `docket/_moves.html` reads them."""
    if operation.state == "closing":
        left = operation.parts.filter(state="underway").select_related("office")
        return {"offers": [], "first": None, "holders": _("、").join(str(part.office) for part in left)}
    offers = [offer for offer in flow.open_moves(operation, user) if offer.move.key not in BY_PAGE]
    offers = [offer for offer in offers if not only or offer.move.key in only]
    first = next((o for o in offers if not o.reason and (o.proposal or o.move.tone == "primary")), None)
    leads = any(offer.proposal is None for offer in offers)
    holders = "" if leads or only else str(operation.lead)
    return {"offers": offers, "first": first, "holders": holders}


def parts_of(operation: Operation, user: Any) -> list[PartRow]:
    """The parts that a person may see, the leading office first."""
    offices = {seat.office_id for seat in scope_of(user).seats}
    rows = list(operation.parts.exclude(state="dropped").select_related("office"))
    urged = acts.urgings(operation) if any(row.urged for row in rows) else {}
    found = []
    for part in sorted(rows, key=lambda row: row.office_id != operation.lead_id):
        part.operation = operation
        found.append(PartRow(part, part.office_id in offices, flow.open_moves(part, user), urged.get(part.pk, [])))
    return found


def events_of(operation: Operation, parts: Sequence[PartRow]) -> Any:
    """The history of the whole, with what the offices said; not what the program did to every part on the way."""
    said = Q(subject__in=[row.part.pk for row in parts], move__in=SAID)
    return Event.objects.filter(Q(subject=operation.pk) | said).order_by("-id")


@dataclass
class Matrix:
    """The merged list: offices as columns, items as lines with a mark for each office that has it."""

    heads: list[str]
    lines: list[tuple[checklist.Row, list[bool]]]


def matrix(operation: Operation, parts: Sequence[Part]) -> Matrix:
    """The merged list of the offices that are on it."""
    rows = checklist.rows_of(operation)
    names = {p.office.role: str(p.office) for p in parts if p.state not in ("declined", "absent", "dropped")}
    roles = [role for role in names if any(role in row.roles for row in rows)]
    kept = [row for row in rows if set(row.roles) & set(roles)]
    return Matrix([names[role] for role in roles], [(row, [role in row.roles for role in roles]) for row in kept])


@dataclass
class LegRow:
    """A stop on the route: how many items there are mine, how many of them are answered, what was found."""

    leg: Leg
    mine: int
    done: int
    wrong: list[Finding]

    @property
    def is_done(self) -> bool:
        """Is nothing of mine left here?"""
        return self.leg.stop.state in ("absent", "shut") or (
            self.leg.stop.state == "visited" and self.done >= self.mine
        )


def legs_of(legs: Sequence[Leg], rows: Sequence[checklist.Row], part: Part | None) -> list[LegRow]:
    """Every stop with what an office has to do and has done there."""
    role, found = part.office.role if part else "", []
    for leg in legs:
        kind = leg.stop.file.kind_id
        codes = {row.code for row in rows if role in row.roles and row.is_for(kind)}
        held = list(leg.stop.findings.all())
        done = sum(finding.code in codes for finding in held)
        found.append(LegRow(leg, len(codes), done, [finding for finding in held if finding.a == "no"]))
    return found


@dataclass
class ItemRow:
    """An item at a place with its answer."""

    row: checklist.Row
    held: Finding | None
    mine: bool
    offices: list[str]

    @property
    def tone(self) -> str:
        """Colour of the answer."""
        return {"yes": "green", "no": "red", "na": "grey"}.get(self.held.a, "grey") if self.held else "grey"


def items_of(stop: Stop, part: Part | None) -> list[ItemRow]:
    """All items of this place, those of one's own office first."""
    role = part.office.role if part else ""
    held = {row.code: row for row in stop.findings.select_related("office", "by")}
    parts = stop.operation.parts.filter(state__in=("invited", *COMES)).select_related("office")
    names = {each.office.role: str(each.office) for each in parts}
    rows = [
        ItemRow(row, held.get(row.code), role in row.roles, [names[r] for r in row.roles if r in names])
        for row in checklist.rows_of(stop.operation)
        if row.is_for(stop.file.kind_id) and set(row.roles) & set(names)
    ]  # fmt: skip
    return sorted(rows, key=lambda row: not row.mine)


def of_today(user: Any) -> list[Operation]:
    """Operations of this day, or still going on, in which one's office takes part."""
    offices = [seat.office_id for seat in scope_of(user).seats]
    mine = Part.objects.filter(office__in=offices).coming().values("operation")
    rows = Operation.objects.seen_by(user).filter(pk__in=mine, state__in=("notified", "underway"))
    found = rows.filter(held_on=today()) | rows.filter(state="underway")
    return list(found.select_related("lead").order_by("held_on", "starts_at"))


def begins(stop: Stop, user: Any) -> list[Starter]:
    """What a finding may lead to, begun from here: an order, a hand-over to another office, a closing."""
    found = [each for each in rooms.gather("starters", stop.file, user) if each.kind in STARTED_HERE]
    return [each for each in found if not each.reason]


def incident_url(file: Establishment, call: Call) -> str:
    """The incident note of this place, begun with what the call says, and back here afterwards."""
    said = {
        "on": str(timezone.localtime(call.at).date()), "said": call.said, "police_called": "on",
        "police_no": call.police_no, "next": call.get_absolute_url(),
    }  # fmt: skip
    return f"{reverse('incident-new', args=[file.pk])}?{urlencode({k: v for k, v in said.items() if v})}"
