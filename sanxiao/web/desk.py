"""The home desk (工作台): to-do lists are derived from states and duties; there is no task table.

What waits for me = objects on my ground whose next moves my office leads, by due date; moves that wait
for my counter-signature; and the candidates that rooms hand down for a first act.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import CharField, DateField, F, Q, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from sanxiao.docket import flow as flows
from sanxiao.docket import rooms
from sanxiao.docket.models import Proposal
from sanxiao.docket.tables import Flow, Move, State
from sanxiao.office.duties import DUTIES, LEADS, scope_of
from sanxiao.office.models import User
from sanxiao.office.now import today
from sanxiao.office.places import names_of

SHOWN = 50


@dataclass(frozen=True)
class Todo:
    """One line of the desk."""

    title: str
    url: str
    flow: str
    state: State
    acts: str
    area: str
    due_on: date | None


def awaiting(flow: Flow, user: User) -> Q | None:
    """The condition under which an object of a flow waits for this person; None when none ever does."""
    roles, found = scope_of(user).roles, Q()
    offices = [seat.office_id for seat in scope_of(user).seats]
    for row in flow.moves:
        if not (row.todo and row.duty) or row.frm == ("",):
            continue
        own = {f"{row.own}__in": offices} if row.own else {}
        for duty, only in _duties(row):
            if DUTIES[duty].roles(LEADS) & roles:
                found |= Q(state__in=[s for s in row.frm if s], **only, **own)
    return found or None


def _duties(row: Move) -> list[tuple[str, dict[str, str]]]:
    """The duties a row may mean: itself, or one for each value of the field named in braces."""
    if row.duty is None or "{" not in row.duty:
        return [(row.duty, {})] if row.duty else []
    head, name, tail = row.duty.replace("{", "|").replace("}", "|").split("|")
    found = []
    for duty in DUTIES:
        if duty.startswith(head) and duty.endswith(tail) and len(duty) > len(head + tail):
            found.append((duty, {name: duty[len(head) : len(duty) - len(tail)]}))
    return found


def waiting(user: User) -> tuple[list[Todo], int]:
    """The most urgent lines (at most SHOWN) and how many wait in all.

    All kinds are asked at once, however many rooms the house has; the lines that are shown are read kind by kind.
    """
    parts = [_keyed(flow, rows) for flow, rows in _all(user)]
    if not parts:
        return [], 0
    whole = parts[0].union(*parts[1:], all=True)
    urgent = list(whole.order_by("due", "since")[:SHOWN])
    found: dict[tuple[str, Any], Any] = {}
    for flow in {rooms.flow_of(kind) for kind, *_rest in urgent}:
        keys = [pk for kind, pk, *_rest in urgent if kind == flow.key]
        found |= {(flow.key, obj.pk): obj for obj in _with_file(flow.model._base_manager.filter(pk__in=keys))}
    lines = [(found[kind, pk], rooms.flow_of(kind)) for kind, pk, *_rest in urgent if (kind, pk) in found]
    names = names_of(obj.area for obj, _flow in lines)
    return [_line(obj, flow, user, names) for obj, flow in lines], whole.count()


def _all(user: User) -> list[tuple[Flow, Any]]:
    """The rows of every kind that wait for this person."""
    kinds = ((flow, awaiting(flow, user)) for flow in rooms.flows())
    return [(flow, _mine(flow, user, condition).order_by()) for flow, condition in kinds if condition]


def _keyed(flow: Flow, rows: Any) -> Any:
    """What the lines of all kinds are put in order by: kind, key, date (those without one last), beginning."""
    due = Coalesce("due_on", Value(date.max), output_field=DateField())
    keyed = rows.annotate(kind_=Value(flow.key, output_field=CharField()), due=due, since=F("created_at"))
    return keyed.values_list("kind_", "pk", "due", "since")


def _mine(flow: Flow, user: User, condition: Q) -> Any:
    """Objects that wait for this person; those that wait for a counter-signature wait for others."""
    signing = Proposal.objects.filter(kind=flow.key, state=Proposal.OPEN).values("subject")
    return flow.model.objects.seen_by(user).filter(condition).exclude(pk__in=signing)


def _with_file(rows: Any) -> Any:
    names = {f.name for f in rows.model._meta.get_fields()}
    return rows.select_related(*({"file"} & names))


def _line(obj: Any, flow: Flow, user: User, names: dict[str, str]) -> Todo:
    mine = [str(row.name) for row in flows.rows_from(obj) if row.todo and flows.seat_for(row, obj, user)]
    return Todo(
        obj.title, obj.get_absolute_url(), str(flow.name), obj.state_row, _("、").join(mine),
        names.get(obj.area, obj.area), obj.due_on,
    )  # fmt: skip


def late(user: User) -> int:
    """How many of my matters are past their date."""
    parts = [rows.filter(due_on__lt=today()).values_list("pk") for _flow, rows in _all(user)]
    return parts[0].union(*parts[1:], all=True).count() if parts else 0


def to_sign(user: User) -> list[dict[str, Any]]:
    """Moves that wait for my counter-signature."""
    roles, found = scope_of(user).roles, []
    ground = Proposal.objects.within(scope_of(user).prefixes(roles)) if roles else Proposal.objects.none()
    for proposal in ground.filter(state=Proposal.OPEN).select_related("by").prefetch_related("signatures"):
        if flows.signing_seat(proposal, user):
            obj = rooms.model_of(proposal.kind)._base_manager.get(pk=proposal.subject)
            row = obj.flow.row(proposal.move)
            found.append(
                {
                    "title": obj.title, "act": _("会签：%(move)s") % {"move": row.name}, "by": proposal.by,
                    "at": proposal.at, "url": f"/do/{proposal.kind}/{proposal.subject}/{proposal.move}",
                }
            )  # fmt: skip
    return found
