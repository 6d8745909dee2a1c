"""What a row does to the terms of its matter: start, stop, pause, resume, extend; and recounting.

Lengths and clauses come from the dated row `term.<rule>` that held when the matter was received,
so that a thing received under the old rule keeps the old rule.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from sanxiao.docket import clock, rooms
from sanxiao.docket.models import Deadline, Matter, Pause, Rule, the_calendar
from sanxiao.docket.refusal import Refused
from sanxiao.docket.tables import Move, Term
from sanxiao.office.models import prefix_of
from sanxiao.office.now import now, today

__all__ = ["applies", "apply", "length_of", "next_due", "prefix_of", "recount"]


def apply(obj: Matter, row: Move, facts: dict[str, Any], on: date | None = None, *, new: bool = False) -> None:
    """Carry out the term columns of a row, counted from the day of the act, and set the matter's due date.

    A final state closes what is open. `new`: the matter was made by this very act, so that it has no terms yet.
    """
    on = on or today()
    running = {} if new else {term.term: term for term in _unmet(obj)}
    for key in row.stops:
        if term := running.pop(key, None):
            _end([term], on, "lapsed" if term.lapse == row.key else "met")
    for key in row.pauses:
        _pause(running.get(key), facts.get("reason") or str(row.name))
    for key in row.resumes:
        _resume(running.get(key))
    if row.extends:
        _extend(obj, row.extends, running.get(row.extends), facts)
    for each in row.starts:
        if applies(obj, each):
            running[each.key] = start(obj, each, facts, on, running.get(each.key))
    if not obj.is_open:
        _end(running.values(), on, "dropped")
        running = {}
    obj.due_on = obj.due_from(running.values())


def _unmet(obj: Matter) -> Any:
    return Deadline.objects.filter(subject=obj.pk, done_on__isnull=True)


def _end(those: Iterable[Deadline], on: date, outcome: str) -> None:
    if keys := [term.pk for term in those]:
        Deadline.objects.filter(pk__in=keys).update(done_on=on, outcome=outcome)


def applies(obj: Matter, term: Term) -> bool:
    """Is this term for this matter at all?"""
    return not term.when or obj.flow.predicates[term.when](obj, {})


def next_due(obj: Matter) -> date | None:
    """The earliest due date of the object's running terms."""
    return obj.due_from(_unmet(obj))


def length_of(obj: Matter, term: Term) -> tuple[int | str, str, str, int]:
    """Length, unit, clause and longest extension of a term by the rules of the object's day of receipt."""
    said: dict[str, Any] = {}
    if term.rule:
        row = Rule.objects.at(f"term.{term.rule}", obj.area, obj.rule_on)
        if row:
            said = {**row.value, "unit": row.unit or term.unit, "law": row.law}
    length = term.length if isinstance(term.length, str) else said.get("length", term.length)
    return length, said.get("unit", term.unit), said.get("law") or str(term.law), said.get("extension") or term.extend


def start(
    obj: Matter, term: Term, facts: dict[str, Any], on: date | None = None, before: Deadline | None = None
) -> Deadline:
    """Begin a term on the day of the act (today); a running one of the same kind (`before`) is met by it."""
    on = on or today()
    length, unit, law, _most = length_of(obj, term)
    if isinstance(length, str):
        length = facts.get(length) or getattr(obj, length)
    at = None
    if isinstance(length, date):
        due, count = clock.Due(length), None
    elif unit == "h":
        at, count = clock.due_at(now(), length), length
        due = clock.Due(at.date())
    else:
        due, count = clock.due(on, int(length), unit, the_calendar(), roll=unit not in ("month", "year")), length
    if before is not None:
        _end([before], on, "met")
    return Deadline.objects.create(
        kind=obj.flow.key, subject=obj.pk, file=obj.file_id_for_log, area=obj.area, term=term.key, name=str(term.name),
        law=law, length=count, unit=unit, starts_on=on, due_on=max(due.on, on), due_at=at,
        first_due_on=max(due.on, on), lapse=term.lapse, provisional=due.provisional,
    )  # fmt: skip


def _pause(deadline: Deadline | None, reason: str) -> None:
    if deadline is None or deadline.paused_on:
        return
    left = clock.remaining(today(), _last_day(deadline), deadline.unit, the_calendar())
    Pause.objects.create(deadline=deadline, since=today(), left=left, reason=reason)
    deadline.paused_on = today()
    deadline.save(update_fields=["paused_on"])


def _last_day(deadline: Deadline) -> date:
    """Its last day as counted; that it ends on a working day instead is no unit of the term and is not saved up."""
    if deadline.unit == "d" and deadline.length and deadline.due_on == deadline.first_due_on:
        return clock.due(deadline.starts_on, deadline.length, "d", the_calendar(), roll=False).on
    return deadline.due_on


def _resume(deadline: Deadline | None) -> None:
    if deadline is None or not deadline.paused_on:
        return
    pause = deadline.pauses.get(until__isnull=True)
    pause.until = today()
    pause.save(update_fields=["until"])
    due = clock.shifted(today(), pause.left, deadline.unit, the_calendar())
    deadline.paused_on, deadline.due_on, deadline.provisional = None, due.on, due.provisional
    deadline.save(update_fields=["paused_on", "due_on", "provisional"])


def _extend(obj: Matter, key: str, deadline: Deadline | None, facts: dict[str, Any]) -> None:
    until = facts["until"]
    if deadline is None:
        raise Refused(_("没有正在计算的期限。"), code="guard")
    if until <= deadline.due_on:
        raise Refused(_("新期限须晚于原期限。"), {"until": _("须晚于原期限")}, code="invalid")
    term = next(t for m in obj.flow.moves for t in m.starts if t.key == key and applies(obj, t))
    most = length_of(obj, term)[3]
    if most:
        latest = clock.due(deadline.first_due_on, most, deadline.unit, the_calendar()).on
        if until > latest:
            reason = _("最多可延长至 %(day)s。") % {"day": latest}
            raise Refused(reason, {"until": reason}, code="invalid")
    deadline.due_on = until
    deadline.save(update_fields=["due_on"])


def recount() -> int:
    """Count provisional open terms anew once a calendar is loaded; returns how many were changed."""
    calendar, changed = the_calendar(), 0
    for deadline in Deadline.objects.filter(provisional=True, done_on__isnull=True, paused_on__isnull=True):
        if deadline.length is None or deadline.due_on != deadline.first_due_on:
            continue  # a date that somebody set by hand stays
        due = clock.due(deadline.starts_on, deadline.length, deadline.unit, calendar)
        deadline.due_on = deadline.first_due_on = due.on
        deadline.provisional = due.provisional
        deadline.save(update_fields=["due_on", "first_due_on", "provisional"])
        rows = rooms.model_of(deadline.kind)._base_manager.filter(pk=deadline.subject)
        if obj := rows.first():
            rows.update(due_on=next_due(obj))  # another term of the matter may end sooner
        changed += 1
    return changed
