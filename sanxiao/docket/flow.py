"""The one interpreter of flow tables, and the single writer of a state.

`move` refuses with a reason or, in one transaction, sets the state (a conditional update, so that two
clerks cannot both win), runs the one effect, closes and opens terms, and writes one Event. `amend` is
its small brother for edits that change no state. `sign` counter-signs a move that needs others.
"""

import contextlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from sanxiao.docket import terms
from sanxiao.docket.models import Event, Matter, Proposal, Recorded, Signature
from sanxiao.docket.refusal import Refused, Stale
from sanxiao.docket.tables import PLAIN_ASKS, STAYS, Flow, Guard, Move, State, Term
from sanxiao.office import seal
from sanxiao.office.duties import DUTIES, LEADS, Seat, scope_of
from sanxiao.office.models import Office, User
from sanxiao.office.now import now, today

__all__ = [
    "STAYS",
    "Flow",
    "Guard",
    "Move",
    "Refused",
    "Stale",
    "State",
    "Term",
    "amend",
    "log",
    "move",
    "sign",
    "touch",
]


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
    for guard in row.guards:
        if not obj.flow.predicates[guard.name](obj, facts):
            return str(guard.reason)
    return ""


def role_names(roles: Iterable[str], obj: Any) -> str:
    """Names of the offices behind roles, nearest to the object's area."""
    found = {}
    for office in Office.objects.on().filter(role__in=list(roles)):
        if obj.area.startswith(terms.prefix_of(office.area)):
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


def move(
    obj: Matter,
    name: str,
    by: User | None,
    *,
    on: date | None = None,
    version: int | None = None,
    within: bool = False,
    **facts: Any,
) -> Event:
    """Make one move of the object's flow.

    `by` None is the program itself (night watch). `within`: part of another act whose duty has been
    checked (a decision that issues a certificate). `on`: the day it happened, not in the future.
    `version`: what the form was opened with. Raises Refused (with reason and fields) or Stale.
    """
    row = _row_now(obj, name, version)
    seat = _seat(obj, row, by, within)
    on = _day(on)
    _check_asked(obj, row, facts)
    if reason := why_not(obj, row, facts, by):
        raise Refused(reason, code="guard")
    if not within and by is not None and (needs := _needed(obj, row, facts)):
        return _propose(obj, row, by, seat, needs, {**facts, "on": on} if "on" in row.asks else facts)
    return _carry_out(obj, row, by, seat, on, facts)


def _seat(obj: Matter, row: Move, by: User | None, within: bool) -> Seat | None:
    """The seat by which the move is made; refused when it is not this person's, or only the program's."""
    if within:
        return next((s for s in scope_of(by).seats if s.covers(obj.area)), None) if by else None
    if (by is None) != (row.duty is None):
        raise Refused(_("这一步由系统自动办理：%(move)s") % {"move": row.name}, code="forbidden")
    seat = seat_for(row, obj, by) if by else None
    if by and seat is None:
        raise Refused(_("这一步不归您办理：%(move)s") % {"move": row.name}, code="forbidden")
    return seat


def _row_now(obj: Matter, name: str, version: int | None) -> Move:
    if not obj.flow.has(name):
        raise Refused(_("没有这一步：%(move)s") % {"move": name}, code="unknown")
    if version is not None and version != obj.version:
        raise Stale(_("这份材料刚刚被别人更新过，请核对后再办。"))
    row = obj.flow.row(name)
    if (obj.state or "") not in row.frm or not row.holds_on(obj.rule_on):
        raise Refused(
            _("当前状态为“%(state)s”，不能办理“%(move)s”。") % {"state": obj.state_row.name, "move": row.name},
            code="state",
        )
    return row


def _day(on: date | None) -> date:
    if on is not None and on > today():
        raise Refused(_("发生日期不能晚于今天。"), {"on": _("不能晚于今天")}, code="invalid")
    return on or today()


def _check_asked(obj: Matter, row: Move, facts: dict[str, Any]) -> None:
    """Every ask is there: in the facts, or filled on an object that is just being made."""
    missing = {}
    for ask in row.asks:
        value = facts.get(ask, getattr(obj, ask, None) if not obj.state else None)
        if value in (None, "", []) and _is_required(obj, ask):
            missing[ask] = _("请填写")
    if missing:
        names = "、".join(label_of(obj, ask) for ask in missing)
        raise Refused(_("还缺：%(names)s") % {"names": names}, missing, code="invalid")


def _is_required(obj: Matter, ask: str) -> bool:
    if ask in PLAIN_ASKS:
        return ask in ("reason", "until")
    with contextlib.suppress(FieldDoesNotExist):
        return not obj._meta.get_field(ask).blank  # type: ignore[union-attr]
    return True


def label_of(obj: Any, name: str) -> str:
    """The name of a fact as a person reads it."""
    plain = {"reason": _("理由"), "note": _("备注"), "until": _("期限至"), "on": _("日期")}
    if name in plain:
        return plain[name]
    labels = getattr(obj, "fact_labels", {})
    if name in labels:
        return str(labels[name])
    with contextlib.suppress(FieldDoesNotExist):
        return str(obj._meta.get_field(name).verbose_name)
    return name


def _needed(obj: Matter, row: Move, facts: dict[str, Any]) -> tuple[str, ...]:
    if row.needs_if and not obj.flow.predicates[row.needs_if](obj, facts):
        return ()
    return row.needs


def _propose(
    obj: Matter, row: Move, by: User, seat: Seat | None, needs: tuple[str, ...], facts: dict[str, Any]
) -> Event:
    if obj._state.adding:
        raise Refused(_("先保存，再提交会签。"), code="state")
    try:
        with transaction.atomic():
            Proposal.objects.create(
                kind=obj.flow.key, subject=obj.pk, file=obj.file_id_for_log, area=obj.area, move=row.key,
                needs=list(needs), in_order=row.in_order, facts=_plain(obj, facts), by=by, at=now(),
            )  # fmt: skip
            _claim(obj, obj.state)
            return log(obj, f"propose:{row.key}", by, seat, facts=_plain(obj, facts), frm=obj.state, to=obj.state)
    except IntegrityError as error:
        raise Stale(_("已有一项决定在等待会签。")) from error


def sign(obj: Matter, by: User, agrees: bool, note: str = "") -> Event:
    """Counter-sign the open proposal of an object, or refuse it with a reason.

    The last yes carries the move out; one no ends the proposal. Raises Refused when it is not this
    person's turn, or Stale when somebody else was quicker.
    """
    proposal = open_proposal(obj)
    seat = signing_seat(proposal, by) if proposal else None
    if proposal is None or seat is None:
        raise Refused(_("现在没有需要您会签的事项。"), code="forbidden")
    if not agrees and not note.strip():
        raise Refused(_("不同意须写明理由。"), {"note": _("请填写")}, code="invalid")
    row = obj.flow.row(proposal.move)
    with transaction.atomic():
        _claim(obj, obj.state)
        Signature.objects.create(
            proposal=proposal, role=seat.role, agrees=agrees, note=note, by=by, office_id=seat.office_id, at=now()
        )
        signed = {"agrees": agrees, **({"note": note} if note else {})}
        event = log(obj, f"sign:{row.key}", by, seat, facts=signed, frm=obj.state, to=obj.state)
        if not agrees:
            _end(proposal, Proposal.REFUSED)
        elif not Proposal.objects.get(pk=proposal.pk).missing():
            _end(proposal, Proposal.DONE)
            facts = _revive(obj, proposal.facts)
            if reason := why_not(obj, row, facts):
                raise Refused(reason, code="guard")
            on = facts.pop("on", None) or today()
            return _carry_out(obj, row, proposal.by, seat_for(row, obj, proposal.by), on, facts)
    return event


def _end(proposal: Proposal, state: str) -> None:
    Proposal.objects.filter(pk=proposal.pk).update(state=state)


def _carry_out(obj: Matter, row: Move, by: User | None, seat: Seat | None, on: date, facts: dict[str, Any]) -> Event:
    frm = obj.state or ""
    to = frm if row.to == STAYS else row.to
    with transaction.atomic():
        for name in row.asks:
            if name in facts and name not in PLAIN_ASKS:
                setattr(obj, name, facts[name])
        if obj._state.adding:
            _insert(obj, to)
        else:
            _claim(obj, frm, to)
        if effect := obj.flow.effects.get(row.key):
            effect(obj, by, facts)
        if obj.flow.has_terms:
            terms.apply(obj, row, facts, on)
            obj.due_on = terms.next_due(obj)
        obj.updated_at = now()
        obj.save()
        if frm != to and obj.flow.is_signed:
            Proposal.objects.filter(subject=obj.pk, state=Proposal.OPEN).update(state=Proposal.DROPPED)
        return log(obj, row.key, by, seat, facts=_plain(obj, facts), frm=frm, to=to, on=on)


def _insert(obj: Matter, state: str) -> None:
    """Begin the matter; who comes second where there may be only one is told so."""
    obj.state, obj.version = state, 1
    try:
        with transaction.atomic():
            obj.save(force_insert=True)
    except IntegrityError as error:
        obj.state, obj.version = "", 0
        raise Stale(_("同样的一件刚刚有人办了，请回去看看再办。")) from error


def _claim(obj: Matter, frm: str, to: str | None = None) -> None:
    """Take the object in the state and version in which it was read, or lose the race."""
    taken = type(obj)._base_manager.filter(pk=obj.pk, state=frm, version=obj.version).update(  # type: ignore[misc]
        state=to or frm, version=models.F("version") + 1
    )  # fmt: skip
    if not taken:
        raise Stale(_("这份材料刚刚被别人更新过，请核对后再办。"))
    obj.state, obj.version = to or frm, obj.version + 1


def amend(obj: Recorded, by: User, duty: str, *, version: int | None = None, reason: str = "", **changes: Any) -> Event:
    """Change fields that are no state: the same checks, one Event with from -> to, the version goes up.

    Of private fields the log holds only the keyed index. Raises Refused or Stale; when nothing differs
    it is refused as 'same'.
    """
    seat = _editor(obj, by, duty, version)
    differing = {k: [getattr(obj, k), v] for k, v in changes.items() if getattr(obj, k) != v}
    if not differing:
        raise Refused(_("没有改动。"), code="same")
    with transaction.atomic():
        _take(obj)
        for name, (_old, new) in differing.items():
            setattr(obj, name, new)
        obj.updated_at = now()
        obj.save()
        if scope_of(by).seat_for(duty, obj.area) is None:
            raise Refused(_("不能把材料移出您的辖区。"), code="forbidden")
        facts = {"changes": {k: [_safe(obj, k, v) for v in pair] for k, pair in differing.items()}}
        return log(obj, "amend", by, seat, facts=facts | ({"reason": reason} if reason else {}))


def touch(obj: Recorded, by: User, duty: str, name: str, *, version: int | None = None, **facts: Any) -> Event:
    """Log an act on what belongs to a record (a photo, a pitch): amend's checks, one Event, the version goes up.

    To be called in the transaction of the act itself. Raises Refused or Stale.
    """
    seat = _editor(obj, by, duty, version)
    with transaction.atomic():
        _take(obj)
        type(obj)._base_manager.filter(pk=obj.pk).update(updated_at=now())
        return log(obj, name, by, seat, facts=facts)


def _editor(obj: Recorded, by: User, duty: str, version: int | None) -> Seat:
    seat = scope_of(by).seat_for(duty, obj.area)
    if seat is None:
        raise Refused(_("您不能修改这份材料。"), code="forbidden")
    if version is not None and version != obj.version:
        raise Stale(_("这份材料刚刚被别人更新过，请核对后再办。"))
    return seat


def _take(obj: Recorded) -> None:
    """Raise the version of the record as it was read, or lose the race."""
    taken = type(obj)._base_manager.filter(pk=obj.pk, version=obj.version).update(version=models.F("version") + 1)
    if not taken:
        raise Stale(_("这份材料刚刚被别人更新过，请核对后再办。"))
    obj.version += 1


def log(
    obj: Any,
    name: str,
    by: User | None,
    seat: Seat | None = None,
    *,
    facts: dict[str, Any] | None = None,
    frm: str = "",
    to: str = "",
    on: date | None = None,
) -> Event:
    """Write one Event about an object; private values must already be indices."""
    kind = obj.flow.key if isinstance(obj, Matter) else obj._meta.label_lower
    area = obj.area if isinstance(obj, Recorded) else getattr(obj, "area", "")
    file = obj.file_id_for_log if isinstance(obj, Recorded) else None
    event = Event(  # type: ignore[misc]
        kind=kind, subject=obj.pk, file=file, area=area, move=name, frm=frm, to=to, office_id=seat and seat.office_id,
        actor=by, facts=facts or {}, on=on or today(), at=now(),
    )  # fmt: skip
    event.save()
    return event


def _plain(obj: Matter, facts: dict[str, Any]) -> dict[str, Any]:
    return {name: _safe(obj, name, value) for name, value in facts.items()}


def _safe(obj: Recorded, name: str, value: Any) -> Any:
    """What the log may hold of a value: of private fields the index, of rows their key."""
    if name in obj.private:
        return f"idx:{seal.index(name, str(value or ''))[:12]}"
    return str(value.pk) if isinstance(value, models.Model) else value


def _revive(obj: Matter, facts: dict[str, Any]) -> dict[str, Any]:
    """Facts of a proposal as model values again (dates, keys)."""
    alive = {}
    for name, value in facts.items():
        try:
            field = obj._meta.get_field(name)
        except FieldDoesNotExist:
            alive[name] = date.fromisoformat(value) if name in ("until", "on") else value
        else:
            known: Any = field
            points = isinstance(field, models.ForeignKey) and value
            alive[name] = known.related_model._base_manager.get(pk=value) if points else known.to_python(value)
    return alive
