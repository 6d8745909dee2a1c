"""What a person could do now with a matter: the rows that are open, whose turn it is, and why not yet."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from sanxiao.docket.models import Event, Matter, Proposal
from sanxiao.docket.tables import Move
from sanxiao.office.duties import DUTIES, LEADS, Seat, scope_of
from sanxiao.office.models import Office, User, prefix_of


@dataclass(frozen=True)
class Offer:
    """A move that this person could make from the present state; grey with its reason when it cannot be now."""

    move: Move
    reason: str = ""
    proposal: Proposal | None = None  # set when what is asked is this person's counter-signature


def duty_of(row: Move, obj: Any) -> str | None:
    """The duty of a row for an object; `{route}` in it is filled from the object's own field."""
    return row.duty.format_map(_Fields(obj)) if row.duty else None


class _Fields(dict):
    def __init__(self, obj: Any) -> None:
        super().__init__()
        self.obj = obj

    def __missing__(self, name: str) -> str:
        return str(getattr(self.obj, name))


def seat_for(row: Move, obj: Any, user: User) -> Seat | None:
    """The seat by which this person leads the row's duty for the object, or None."""
    duty = duty_of(row, obj)
    office = getattr(obj, f"{row.own}_id") if row.own else None
    return scope_of(user).seat_for(duty, obj.area, office) if duty else None


def leaders(row: Move, obj: Any) -> frozenset[str]:
    """Roles that lead the row's duty: who holds the matter now."""
    duty = duty_of(row, obj)
    return DUTIES[duty].roles(LEADS) if duty else frozenset()


def rows_from(obj: Matter, state: str | None = None) -> list[Move]:
    """Rows of the object's rule set that start from its present state."""
    state = obj.state if state is None else state
    return [row for row in obj.flow.moves if state in row.frm and row.holds_on(obj.rule_on)]


def open_moves(obj: Matter, user: User) -> list[Offer]:
    """What this person could do now with the object, in the order of the table."""
    pending = open_proposal(obj)
    offers = []
    for row in rows_from(obj):
        if pending and row.key == pending.move:
            if signing_seat(pending, user):
                offers.append(Offer(row, proposal=pending))
            elif seat_for(row, obj, user):
                offers.append(Offer(row, _("已提交，等待会签：%(who)s") % {"who": role_names(pending.missing(), obj)}))
        elif seat_for(row, obj, user):
            offers.append(Offer(row, why_not(obj, row, {}, user)))
    return offers


def why_not(obj: Matter, row: Move, facts: dict[str, Any], by: User | None = None) -> str:
    """The reason why a row's conditions do not hold, or ''. The button shows what the refusal says."""
    if row.apart and by and Event.objects.filter(subject=obj.pk, actor=by, move__in=row.apart).exists():
        return _("经办和复核须是不同的人：这件您已经办过前面的步骤。")
    if by and any(getattr(obj, f"{field}_id") == by.pk for field in row.bars):
        return _("您是这件的承办人，须由别人来办这一步。")
    for guard in row.guards:
        if not obj.flow.predicates[guard.name](obj, facts):
            return str(guard.reason)
    return ""


def role_names(roles: Iterable[str], obj: Any) -> str:
    """Names of the offices behind roles, nearest to the object's area."""
    found = {}
    for office in Office.objects.on().filter(role__in=list(roles)):
        if obj.area.startswith(prefix_of(office.area)):
            found[office.role] = str(office)
    return "、".join(found.get(role, role) for role in roles)


def open_proposal(obj: Matter) -> Proposal | None:
    """The move of this object that waits for counter-signatures, if any."""
    return Proposal.objects.filter(subject=obj.pk, state=Proposal.OPEN).first()


def signing_seat(proposal: Proposal, user: User) -> Seat | None:
    """The seat by which this person may counter-sign now. Who proposed does not counter-sign."""
    if proposal.by_id == user.pk:
        return None
    missing = proposal.missing()
    return next((s for s in scope_of(user).seats if s.role in missing and s.covers(proposal.area)), None)
