"""Writing a move down: the matter is claimed, the row's effect and terms are carried out, one Event is written."""

import copy
from datetime import date
from functools import cache
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import IntegrityError, connection, models, transaction
from django.utils.translation import gettext as _

from sanxiao.docket import terms
from sanxiao.docket.models import Event, Matter, Proposal, Recorded
from sanxiao.docket.refusal import Stale
from sanxiao.docket.tables import PLAIN_ASKS, STAYS, Move
from sanxiao.office import seal
from sanxiao.office.duties import Seat
from sanxiao.office.models import User
from sanxiao.office.now import now, today


def carry_out(obj: Matter, row: Move, by: User | None, seat: Seat | None, on: date, facts: dict[str, Any]) -> Event:
    """Make a move whose conditions hold, in one transaction. Raises Stale, or what the effect refuses with."""
    frm = obj.state or ""
    to = frm if row.to == STAYS else row.to
    with transaction.atomic():
        for name in row.asks:
            if name in facts and name not in PLAIN_ASKS:
                setattr(obj, name, facts[name])
        new = obj._state.adding
        if new:
            _begin(obj, to)
        else:
            claim(obj, frm, to)
        # Of a matter that was read before, nobody knows what its caller has changed: it is written in any case.
        written = copy.deepcopy(_columns(obj)) if new else None
        if effect := obj.flow.effects.get(row.key):
            effect(obj, by, facts)
        if obj.flow.has_terms:
            terms.apply(obj, row, facts, on, new=new)
        if written != _columns(obj):
            obj.updated_at = obj.moment()
            obj.save()
        if frm != to and frm in obj.flow.signed_from:
            Proposal.objects.filter(subject=obj.pk, state=Proposal.OPEN).update(state=Proposal.DROPPED)
        return log(obj, row.key, by, seat, facts=plain(obj, facts), frm=frm, to=to, on=on)


def _begin(obj: Matter, state: str) -> None:
    """Begin the matter; who comes second where there may be only one is told so."""
    obj.state, obj.version, obj.updated_at = state, 1, obj.moment()
    if obj.day_only:
        obj.created_at = obj.updated_at
    try:
        obj.save(force_insert=True)  # in the transaction of the act, which ends with the refusal
    except IntegrityError as error:
        obj.state, obj.version = "", 0
        raise Stale(_("同样的一件刚刚有人办了，请回去看看再办。")) from error


def _columns(obj: Matter) -> dict[str, Any]:
    return {field.attname: obj.__dict__.get(field.attname) for field in obj._meta.concrete_fields}


def claim(obj: Matter, frm: str, to: str | None = None) -> None:
    """Take the object in the state and version in which it was read, or lose the race."""
    held = obj.state
    obj.state = to or frm
    if not _taken(obj, {"state": to or frm}, {"state": frm}):
        obj.state = held
        raise Stale(_("这份材料刚刚被别人更新过，请核对后再办。"))


def take(obj: Recorded) -> None:
    """Raise the version of the record as it was read, or lose the race."""
    if not _taken(obj, {}, {}):
        raise Stale(_("这份材料刚刚被别人更新过，请核对后再办。"))


def _taken(obj: Recorded, new: dict[str, str], old: dict[str, str]) -> bool:
    """Raise the version where the row still is as it was read; the one statement that decides every race."""
    key = obj._meta.pk.get_db_prep_value(obj.pk, connection)
    with connection.cursor() as cursor:
        cursor.execute(_claiming(type(obj), *new), [*new.values(), key, obj.version, *old.values()])
        if cursor.rowcount != 1:
            return False
    obj.version += 1
    return True


@cache
def _claiming(model: type[Recorded], *columns: str) -> str:
    """The statement in SQL: said through a queryset it costs eight times as much, and every move says it."""
    quote = connection.ops.quote_name
    table, key = quote(model._meta.db_table), quote(model._meta.pk.column)
    sets = "".join(f"{quote(name)} = %s, " for name in columns)
    where = "".join(f" and {quote(name)} = %s" for name in columns)
    return f"update {table} set {sets}version = version + 1 where {key} = %s and version = %s{where}"  # noqa: S608  names of our own tables


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
    event = Event(
        kind=kind, subject=obj.pk, file=file, area=area, move=name, frm=frm, to=to, actor=by, facts=facts or {},
        office_id=seat.office_id if seat else None, on=on or today(),
        at=obj.moment() if isinstance(obj, Recorded) else now(),
    )  # fmt: skip
    event.save()
    return event


def plain(obj: Matter, facts: dict[str, Any]) -> dict[str, Any]:
    """Facts as the log may hold them."""
    return {name: safe(obj, name, value) for name, value in facts.items()}


def safe(obj: Recorded, name: str, value: Any) -> Any:
    """What the log may hold of a value: of private fields the index, of rows their key."""
    if name in obj.private:
        return f"idx:{seal.index(name, str(value or ''))[:12]}"
    return str(value.pk) if isinstance(value, models.Model) else value


def revive(obj: Matter, facts: dict[str, Any]) -> dict[str, Any]:
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
