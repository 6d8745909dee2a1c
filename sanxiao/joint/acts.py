"""What the moves of an operation and of its parts do, and the conditions they wait for."""

from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _

from sanxiao.archive.models import Establishment
from sanxiao.docket import flow
from sanxiao.docket.models import Event
from sanxiao.docket.refusal import Refused
from sanxiao.inspection import visits
from sanxiao.joint import checklist, papers, route, targets
from sanxiao.joint.models import Operation, Part, Stop
from sanxiao.joint.rules import LIST, OPERATION, PART
from sanxiao.office.duties import scope_of
from sanxiao.office.models import Office, User
from sanxiao.office.now import today

Facts = dict[str, Any]
INSPECTS = "bureau"  # whose stops are real visits


def fresh(operation_id: Any) -> Operation:
    """The operation for ourselves alone until the end of the transaction.

    Whoever changes a part and then the whole takes the whole first: two offices that close at one moment come here one
    after the other, and the second sees what the first has done.
    """
    return Operation.objects.select_for_update(of=("self",)).select_related("lead").get(pk=operation_id)


# --- the operation: conditions -----------------------------------------------------------------------------------


@OPERATION.beginning
def begin_operation(user: User, _params: dict[str, str]) -> Operation:
    """Led by one's own office, until the form says who leads."""
    seat = scope_of(user).seat_for("joint.plan", None)
    if seat is None:
        raise Http404
    office = Office.objects.get(pk=seat.office_id)
    return Operation(lead=office, area=office.area)


@OPERATION.predicate("led_by_another")
def led_by_another(operation: Operation, _facts: Facts) -> bool:
    """The food-safety office agrees, unless it leads by itself."""
    return operation.lead.role != "fso"


@OPERATION.predicate("day_lies_ahead")
def day_lies_ahead(operation: Operation, _facts: Facts) -> bool:
    """Nobody is asked to yesterday."""
    return operation.held_on >= today()


@OPERATION.predicate("several_offices")
def several_offices(operation: Operation, _facts: Facts) -> bool:
    """Two at least, the leading one among them."""
    return operation.parts.filter(state="named").count() >= 2


@OPERATION.predicate("has_targets")
def has_targets(operation: Operation, _facts: Facts) -> bool:
    """There is somewhere to go."""
    return operation.stops.filter(state="listed").exists()


@OPERATION.predicate("day_has_come")
def day_has_come(operation: Operation, _facts: Facts) -> bool:
    """Not before its day."""
    return operation.held_on <= today()


@OPERATION.predicate("two_are_coming")
def two_are_coming(operation: Operation, _facts: Facts) -> bool:
    """One office alone is no joint operation."""
    return operation.parts.filter(state="accepted").count() >= 2


@OPERATION.predicate("every_stop_seen")
def every_stop_seen(operation: Operation, _facts: Facts) -> bool:
    """Every place has its word."""
    return not operation.stops.filter(state="listed").exists()


@OPERATION.predicate("no_call_waits")
def no_call_waits(operation: Operation, _facts: Facts) -> bool:
    """Nobody goes home while somebody calls for help."""
    return not any(call.is_open for call in operation.calls.all())


@OPERATION.predicate("all_closed")
def all_closed(operation: Operation, _facts: Facts) -> bool:
    """Every office has closed its own part."""
    return not Part.objects.filter(operation=operation.pk).unsettled().exists()


# --- the operation: what moves do --------------------------------------------------------------------------------


@OPERATION.effect("plan")
def planned(operation: Operation, by: User | None, facts: Facts) -> None:
    """The ground and the lead as chosen; the leading office has a part like every other."""
    lead: Office = facts["led_by"]
    operation.lead, operation.area = lead, facts.pop("where")  # the log holds the area anyway
    facts["led_by"] = str(lead)
    _check_day(operation)
    add_part(operation, lead, _("牵头组织，集合点名，全程协调"), by)


@OPERATION.effect("change")
def changed(operation: Operation, _by: User | None, _facts: Facts) -> None:
    """The day lies ahead."""
    _check_day(operation)


def _check_day(operation: Operation) -> None:
    if operation.held_on < today():
        raise Refused(_("行动日期不能早于今天。"), {"held_on": _("不能早于今天")}, "invalid")


def add_part(operation: Operation, office: Office, task: str, by: User | None) -> Part:
    """An office is put on the list."""
    # A village sees its own ground alone: its part lies there, every other on the ground of the operation.
    area = office.area if office.role == "village" else operation.area
    part = Part(operation=operation, office=office, area=area, task=task)
    flow.move(part, "name", by, within=True)
    return part


@OPERATION.effect("invite")
def invited(operation: Operation, by: User | None, facts: Facts) -> None:
    """New offices, changed tasks; who is no longer wanted before the notice is left out."""
    held = {part.office_id: part for part in operation.parts.select_related("office", "operation__lead")}
    wanted = {row["office"]: row for row in facts["offices"]}
    for key, row in wanted.items():
        part = held.get(key)
        if part is not None and part.state != "dropped":
            _task(part, row["task"])
            continue
        if part is None:
            part = add_part(operation, Office.objects.get(pk=key), row["task"], by)
        else:  # left out before, and wanted after all
            part.task = row["task"]
            flow.move(part, "name", by, within=True)
        if operation.state == "notified":
            invite(part, by)
    for key, part in held.items():
        if key not in wanted and part.state == "named" and not part.is_lead:
            flow.move(part, "drop", None)
    facts["offices"] = [{"name": row["name"], "task": row["task"]} for row in facts["offices"]]


def _task(part: Part, task: str) -> None:
    if part.task != task:
        part.task = task
        Part.objects.filter(pk=part.pk).update(task=task)


def invite(part: Part, by: User | None) -> None:
    """Ask an office; from today on the matter is in its hands."""
    part.held_since = today()
    flow.move(part, "invite", by, within=True)


@OPERATION.effect("take_in")
def taken_in(operation: Operation, by: User | None, facts: Facts) -> None:
    """Places go on the list, each with why, and with the word that sets a warning aside."""
    last = max((stop.order for stop in operation.stops.exclude(state="dropped")), default=0)
    files = {file.pk: file for file in Establishment.objects.filter(pk__in=[row["file"] for row in facts["targets"]])}
    for no, row in enumerate(facts["targets"], last + 1):
        file = files[row["file"]]
        stop = Stop(
            operation=operation, file=file, area=file.area, order=no, reasons=row.get("reasons", []),
            override=row.get("override", ""),
        )  # fmt: skip
        flow.move(stop, "list", by, within=True)
        _send_inspectors(stop, by)
    facts["targets"] = [{"name": files[row["file"]].called} for row in facts["targets"]]
    if operation.state == "planned":
        route.put_in_order(operation)


@OPERATION.effect("arrange")
def arranged(operation: Operation, _by: User | None, facts: Facts) -> None:
    """One place up or down, or all of them by the nearest way."""
    said = facts["way"]
    if said["way"] == "near":
        route.put_in_order(operation)
    else:
        stop = operation.stops.filter(pk=said.get("stop"), state__in=LIST).select_related("file").first()
        if stop is None or not route.shift(operation, stop, said["way"]):
            raise Refused(_("已经在这一头了。"), code="guard")
        said["name"] = stop.file.called
    said.pop("stop", None)


@OPERATION.effect("notify")
def notified(operation: Operation, by: User | None, _facts: Facts) -> None:
    """The list of items is fixed as it stands on that day, and every office is asked."""
    operation.items = checklist.merged(operation.area, operation.held_on)
    for part in _parts(operation, "named"):
        invite(part, by)


@OPERATION.effect("postpone")
def postponed(operation: Operation, by: User | None, _facts: Facts) -> None:
    """Another day: who had said yes is asked again, and visits that were planned for the old day are dropped."""
    _check_day(operation)
    for stop in operation.stops.filter(state="listed", visit__isnull=False).select_related("visit__file"):
        call_back(stop, _("联合执法改期"))
    operation.items = checklist.merged(operation.area, operation.held_on)
    for part in _parts(operation, "accepted"):
        invite(part, by)


@OPERATION.effect("start")
def started(operation: Operation, _by: User | None, _facts: Facts) -> None:
    """Everybody who said yes begins."""
    operation.started_on = today()
    for part in _parts(operation, "accepted"):
        flow.move(part, "begin", None)


@OPERATION.effect("finish")
def finished(operation: Operation, _by: User | None, _facts: Facts) -> None:
    """Home again: the terms of the offices begin; who never answered is set down as such."""
    operation.finished_on = today()
    for part in _parts(operation, "invited", "accepted"):
        flow.move(part, "miss", None)
    for part in _parts(operation, "underway"):
        part.held_since = today()
        flow.move(part, "count", None)


@OPERATION.effect("close")
def closed(operation: Operation, _by: User | None, _facts: Facts) -> None:
    """The record of the whole, with what every office said."""
    operation.closed_on = today()
    papers.issue_record(operation)


@OPERATION.effect("cancel")
def cancelled(operation: Operation, _by: User | None, facts: Facts) -> None:
    """Nobody goes anywhere."""
    for part in _parts(operation, "named", "invited", "declined", "accepted"):
        flow.move(part, "drop", None)
    for stop in operation.stops.filter(state="listed").select_related("file", "visit__file"):
        call_back(stop, facts["reason"])
        flow.move(stop, "leave", None)


def _parts(operation: Operation, *states: str) -> list[Part]:
    rows = list(operation.parts.filter(state__in=states).select_related("office"))
    for part in rows:
        part.operation = operation
    return rows


# --- the part of an office ---------------------------------------------------------------------------------------


@PART.predicate("not_the_lead")
def not_the_lead(part: Part, _facts: Facts) -> bool:
    """Who leads comes."""
    return not part.is_lead


@PART.predicate("still_to_come")
def still_to_come(part: Part, _facts: Facts) -> bool:
    """The day has not begun."""
    return part.operation.state == "notified"


@PART.predicate("is_over")
def is_over(part: Part, _facts: Facts) -> bool:
    """Everybody is home."""
    return part.operation.state == "closing"


@PART.predicate("own_items_done")
def own_items_done(part: Part, _facts: Facts) -> bool:
    """Every item of the office has an answer wherever somebody has been."""
    return checklist.left(part) == 0


@PART.predicate("keeps_waiting")
def keeps_waiting(part: Part, _facts: Facts) -> bool:
    """It has been asked, or all are home: now it is its turn."""
    return part.state == "invited" or part.operation.state == "closing"


@PART.predicate("past_its_term")
def past_its_term(part: Part, _facts: Facts) -> bool:
    """Its date has gone by."""
    return part.due_on is not None and part.due_on < today()


@PART.effect("accept", "people")
def accepted(part: Part, by: User | None, facts: Facts) -> None:
    """Who comes is known; the bureau's people get their visits. Who says yes on the day itself begins at once."""
    if "people" in facts:
        facts["people"] = [{"name": row["name"]} for row in part.people]
    if part.state == "accepted" and part.operation.state == "underway":
        flow.move(part, "begin", None)
    if part.office.role == INSPECTS:
        for stop in part.operation.stops.filter(state="listed").select_related("file__operator", "visit__file"):
            stop.operation = part.operation
            call_back(stop, _("换人"))
            _send_inspectors(stop, by, part)


@PART.effect("decline")
def declined(part: Part, _by: User | None, _facts: Facts) -> None:
    """Nobody comes."""
    part.people, part.vehicles = [], 0


@PART.effect("ask_again", "urge")
def asked_again(part: Part, _by: User | None, _facts: Facts) -> None:
    """How often it was reminded."""
    part.urged += 1


@PART.effect("close")
def part_closed(part: Part, _by: User | None, facts: Facts) -> None:
    """How many came is a figure of the quarter; the last part closes the whole."""
    known = {row["user"] for row in part.people}
    part.came = [key for key in part.came if key in known]
    facts["persons"], facts["vehicles"] = len(part.came), part.cars
    part.save(update_fields=["came", "cars", "summary"])  # the record of the whole is read from the rows
    _close_the_whole(part)


@PART.effect("release")
def part_released(part: Part, _by: User | None, _facts: Facts) -> None:
    """Nobody says that it did its part; the whole need not wait for ever."""
    _close_the_whole(part)


def _close_the_whole(part: Part) -> None:
    whole = fresh(part.operation_id)
    if whole.state == "closing" and all_closed(whole, {}):
        flow.move(whole, "close", None)


# --- the visits of the bureau --------------------------------------------------------------------------------------


def _send_inspectors(stop: Stop, by: User | None, part: Part | None = None) -> None:
    """The bureau inspects where it comes along: a visit of its own for the place, with its people."""
    part = part or Part.objects.filter(operation=stop.operation_id, office__role=INSPECTS).coming().first()
    if part is None or part.state not in ("accepted", "underway"):
        return
    operation = stop.operation
    team = User.objects.filter(pk__in=[row["user"] for row in part.people])
    ranked = sorted(team, key=lambda user: [row["user"] for row in part.people].index(user.pk))
    said = targets.held_back(stop.file, operation.held_on)
    override = stop.override or (_("列入经会签的联合执法方案") if said else "")
    stop.visit = visits.plan(
        stop.file, "joint", by=by, on=operation.held_on, team=ranked, why=operation.why,
        cause=_("联合执法：%(topic)s") % {"topic": operation.topic}, override=override,
    )  # fmt: skip
    Stop.objects.filter(pk=stop.pk).update(visit=stop.visit)


def call_back(stop: Stop, reason: str) -> None:
    """A visit that nobody has begun is not made."""
    if stop.visit is not None and stop.visit.state in ("planned", "later"):
        flow.move(stop.visit, "drop", None, reason=reason)
        stop.visit = None
        Stop.objects.filter(pk=stop.pk).update(visit=None)


def urgings(operation: Operation) -> dict[Any, list[Event]]:
    """When each part was reminded, newest first; one query."""
    found: dict[Any, list[Event]] = {}
    rows = Event.objects.filter(subject__in=[part.pk for part in operation.parts.all()], move="urge")
    for event in rows.order_by("-id"):
        found.setdefault(event.subject, []).append(event)
    return found
