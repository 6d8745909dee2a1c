"""What happens at a place on the day: items are ticked, nobody is there, the police are called."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from sanxiao.docket.refusal import Refused
from sanxiao.joint import acts, checklist
from sanxiao.joint.models import Call, Finding, Operation, Part, Stop
from sanxiao.joint.rules import ANSWERS, CALL, LIVE, STOP
from sanxiao.office.duties import scope_of
from sanxiao.office.models import User
from sanxiao.office.now import now

Facts = dict[str, Any]


def part_of(operation_id: Any, user: User) -> Part | None:
    """The part by which this person takes part today: that of his office, if it said yes."""
    offices = [seat.office_id for seat in scope_of(user).seats]
    rows = Part.objects.filter(operation=operation_id, office__in=offices).coming()
    return rows.select_related("office", "operation__lead").first()


def _mine(stop: Stop, by: User | None) -> Part:
    part = part_of(stop.operation_id, by) if by else None
    if part is None:
        raise Refused(_("您的单位没有参加这次行动。"), code="forbidden")
    if part.state != "underway":
        raise Refused(
            _("您的单位在这次行动里的部分：%(state)s，不能再改。") % {"state": part.state_row.name}, code="state"
        )
    return part


@STOP.predicate("op_is_on")
def op_is_on(stop: Stop, _facts: Facts) -> bool:
    """From the start on; what is left may be filled in until all is closed, also from a phone that had no network."""
    return stop.operation.state in ("underway", "closing")


@STOP.effect("tick")
def ticked(stop: Stop, by: User | None, facts: Facts) -> None:
    """The office's own items, as they were found. A merged item is answered once for all; the last word stands."""
    part = _mine(stop, by)
    assert by is not None
    mine = {row.code: row for row in checklist.for_stop(stop, part.office.role)}
    given = {code: row for code, row in facts["answers"].items() if code in mine and row.get("a")}
    wrong = faults(given)
    if wrong:
        names = _("、").join(mine[code].text for code in wrong)
        raise Refused(_("%(names)s：%(why)s") % {"names": names, "why": next(iter(wrong.values()))}, wrong, "invalid")
    for code, row in given.items():
        said = {"a": row["a"], "note": str(row.get("note") or "")[:300], "office": part.office, "by": by, "at": now()}
        Finding.objects.update_or_create(stop=stop, code=code, defaults=said)
    _seen(stop, facts)
    facts["answers"] = {code: {"a": row["a"]} for code, row in given.items()}


def faults(given: dict[str, dict[str, Any]]) -> dict[str, str]:
    """What is wrong with answers, by item."""
    found = {}
    for code, row in given.items():
        if row["a"] not in dict(ANSWERS):
            found[code] = _("请选择：符合、有问题、不适用")
        elif row["a"] == "no" and not str(row.get("note") or "").strip():
            found[code] = _("有问题的，请写一句是什么问题")
    return found


@STOP.effect("miss", "shut")
def not_met(stop: Stop, by: User | None, facts: Facts) -> None:
    """Nobody was there; it was seen all the same. The bureau's visit is not made, and waits on no desk."""
    _mine(stop, by)
    acts.call_back(stop, str(stop.state_row.name))
    _seen(stop, facts)


def _seen(stop: Stop, facts: Facts) -> None:
    stop.seen_at = stop.seen_at or now()
    stop.note = facts.get("note") or stop.note


@STOP.effect("drop")
def struck(stop: Stop, _by: User | None, facts: Facts) -> None:
    """Off the list; a visit planned for it is not made."""
    acts.call_back(stop, facts["reason"])


# --- calls for the police ------------------------------------------------------------------------------------------


@CALL.beginning
def begin_call(user: User, params: dict[str, str]) -> Call:
    """From an operation in which one takes part, from a place of it if one is there."""
    rows = Operation.objects.seen_by(user).select_related("lead")
    operation = get_object_or_404(rows, pk=params.get("operation"))
    stop = None
    if key := params.get("stop"):
        stop = get_object_or_404(Stop.objects.seen_by(user).select_related("file"), pk=key, operation=operation)
    area = stop.area if stop else _ground(operation, user)
    return Call(operation=operation, stop=stop, area=area, by=user, spot=stop.file.address[:120] if stop else "")


def _ground(operation: Operation, user: User) -> str:
    """Of a call from nowhere in particular: the operation's ground, or the caller's own village within it."""
    seat = scope_of(user).seat_for("call.make", operation.area) or scope_of(user).seat_for("call.make", None)
    if seat is None or seat.covers(operation.area):
        return operation.area
    return seat.prefix.ljust(12, "0")


@CALL.predicate("op_is_live")
def op_is_live(call: Call, _facts: Facts) -> bool:
    """The day is set, or it goes on."""
    return call.operation.state in LIVE


@CALL.effect("call")
def called(call: Call, by: User | None, facts: Facts) -> None:
    """When is known; where, as far as the phone said."""
    if by is None or part_of(call.operation_id, by) is None:
        raise Refused(_("您的单位没有参加这次行动。"), code="forbidden")
    call.at = now()
    lat, lng = facts.get("lat"), facts.get("lng")
    if (lat is None) != (lng is None) or (lat is not None and not (-90 <= lat <= 90 and -180 <= (lng or 0) <= 180)):
        raise Refused(_("坐标不对：纬度和经度要么都填，要么都不填。"), {"lat": _("请检查")}, "invalid")


@CALL.effect("recall")
def recalled(call: Call, by: User | None, _facts: Facts) -> None:
    """By who called, or by his office."""
    if by is None or (call.by_id != by.pk and part_of(call.operation_id, by) is None):
        raise Refused(_("您的单位没有参加这次行动。"), code="forbidden")
