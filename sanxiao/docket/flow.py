"""The one interpreter of flow tables, and the single writer of a state.

`move` refuses with a reason or, in one transaction, sets the state (a conditional update, so that two
clerks cannot both win), runs the one effect, closes and opens terms, and writes one Event. `amend` is
its small brother for edits that change no state. `sign` counter-signs a move that needs others.

What a person could do stands in `offers.py`, how a move is written down in `record.py`, who signs in `signing.py`.
"""

import contextlib
from datetime import date
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import transaction
from django.utils.translation import gettext as _

from sanxiao.docket.models import Event, Matter, Recorded
from sanxiao.docket.offers import (
    Offer,
    leaders,
    open_moves,
    open_proposal,
    role_names,
    rows_from,
    seat_for,
    signing_seat,
    why_not,
)
from sanxiao.docket.record import carry_out, log, safe, take
from sanxiao.docket.refusal import Refused, Stale
from sanxiao.docket.signing import propose, sign
from sanxiao.docket.tables import PLAIN_ASKS, STAYS, Flow, Guard, Move, State, Term
from sanxiao.office.duties import Seat, scope_of
from sanxiao.office.models import User
from sanxiao.office.now import today

__all__ = [
    "STAYS",
    "Flow",
    "Guard",
    "Move",
    "Offer",
    "Refused",
    "Stale",
    "State",
    "Term",
    "amend",
    "label_of",
    "leaders",
    "log",
    "move",
    "open_moves",
    "open_proposal",
    "role_names",
    "rows_from",
    "seat_for",
    "sign",
    "signing_seat",
    "succeed",
    "touch",
    "why_not",
]


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
        return propose(obj, row, by, seat, needs, {**facts, "on": on} if "on" in row.asks else facts)
    return carry_out(obj, row, by, seat, on, facts)


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
        return not getattr(obj._meta.get_field(ask), "blank", False)
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


def amend(obj: Recorded, by: User, duty: str, *, version: int | None = None, reason: str = "", **changes: Any) -> Event:
    """Change fields that are no state: the same checks, one Event with from -> to, the version goes up.

    Of private fields the log holds only the keyed index. Raises Refused or Stale; when nothing differs
    it is refused as 'same'.
    """
    seat = _editor(obj, by, duty, version)
    with transaction.atomic():
        event = _changed(obj, by, seat, reason, changes)
        if scope_of(by).seat_for(duty, obj.area) is None:
            raise Refused(_("不能把材料移出您的辖区。"), code="forbidden")
        return event


def succeed(obj: Recorded, giver: User, seat: Seat | None, reason: str, **names: Any) -> Event:
    """Let the successor's name stand where the giver's stood: written as an amendment of the giver, who needs no duty
    for giving up his own name. For a hand-over that was signed for, and for nothing else. Raises Refused, as 'same'.
    """
    with transaction.atomic():
        return _changed(obj, giver, seat, reason, names)


def _changed(obj: Recorded, by: User, seat: Seat | None, reason: str, changes: dict[str, Any]) -> Event:
    differing = {k: [getattr(obj, k), v] for k, v in changes.items() if getattr(obj, k) != v}
    if not differing:
        raise Refused(_("没有改动。"), code="same")
    take(obj)
    for name, (_old, new) in differing.items():
        setattr(obj, name, new)
    obj.updated_at = obj.moment()
    obj.save()
    facts = {"changes": {k: [safe(obj, k, v) for v in pair] for k, pair in differing.items()}}
    return log(obj, "amend", by, seat, facts=facts | ({"reason": reason} if reason else {}))


def touch(obj: Recorded, by: User, duty: str, name: str, *, version: int | None = None, **facts: Any) -> Event:
    """Log an act on what belongs to a record (a photo, a pitch): amend's checks, one Event, the version goes up.

    To be called in the transaction of the act itself. Raises Refused or Stale.
    """
    seat = _editor(obj, by, duty, version)
    with transaction.atomic():
        take(obj)
        type(obj)._base_manager.filter(pk=obj.pk).update(updated_at=obj.moment())
        return log(obj, name, by, seat, facts=facts)


def _editor(obj: Recorded, by: User, duty: str, version: int | None) -> Seat:
    seat = scope_of(by).seat_for(duty, obj.area)
    if seat is None:
        raise Refused(_("您不能修改这份材料。"), code="forbidden")
    if version is not None and version != obj.version:
        raise Stale(_("这份材料刚刚被别人更新过，请核对后再办。"))
    return seat
