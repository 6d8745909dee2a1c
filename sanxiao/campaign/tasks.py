"""Tasks: given to one unit or many, received, answered with the records behind, judged."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from sanxiao.archive.models import Establishment
from sanxiao.campaign.models import Proof, Task
from sanxiao.campaign.proving import Span, records, rules_of, unit_of
from sanxiao.campaign.rules import TASK
from sanxiao.campaign.units import area_of, holders, seat_for
from sanxiao.docket import flow, rooms
from sanxiao.docket.refusal import Refused
from sanxiao.office.models import Office, User
from sanxiao.office.now import today

MOST_LINKS = 10
A_KEY = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


@TASK.beginning
def begin_task(user: User, params: dict[str, str]) -> Task:
    """A task given by one's own office."""
    seat = seat_for(user, "task.assign")
    return Task(area=area_of(seat), giver_id=seat.office_id, clause=params.get("clause", "")[:20])


def not_past(day: date | None, field: str = "wanted_on") -> None:
    """A day by which something is wanted has still to come. Raises Refused."""
    if day and day < today():
        said = _("期限不能早于今天。")
        raise Refused(said, {field: said}, "invalid")


@TASK.effect("assign")
def assigned(task: Task, by: User, facts: dict[str, Any]) -> None:
    """One task for each unit, of one batch."""
    not_past(task.wanted_on)
    first, *others = facts.pop("units")
    task.unit, task.area, facts["unit"] = first, first.area, first.pk
    said = {name: getattr(task, name) for name in ("heading", "demand", "wanted_on", "urgent", "clause")}
    for unit in others:
        twin = Task(giver=task.giver, batch=task.batch, decision=task.decision, area=unit.area)
        flow.move(twin, "assign", by, within=True, units=[unit], **said)


def adopt(unit: Office, by: User, *, heading: str, demand: str, wanted_on: date) -> Task:
    """A unit takes a task upon itself: as if the town's food-safety office had given it, which also judges it.

    For rooms above, within an act of theirs that has asked whether the person may. Raises Refused.
    """
    not_past(wanted_on)
    givers = holders("task.assign", unit.area)
    giver = givers.filter(role="fso").first() or givers.first()
    task = Task(area=unit.area, giver=giver, unit=unit, heading=heading[:80], demand=demand, wanted_on=wanted_on)
    flow.move(task, "adopt", by, within=True)
    return task


@TASK.effect("reassign")
def reassigned(task: Task, _by: User, facts: dict[str, Any]) -> None:
    """Another unit has it now; not one that has the same task already."""
    not_past(task.wanted_on)
    unit: Office = facts["unit"]
    if Task.objects.filter(batch=task.batch, unit=unit).exclude(pk=task.pk).exists():
        said = _("%(unit)s 已经有这件任务。") % {"unit": unit}
        raise Refused(said, {"unit": said}, "invalid")
    task.area, task.better = unit.area, None


@TASK.effect("return", "extend")
def wanted_later(task: Task, _by: User, _facts: dict[str, Any]) -> None:
    """The new day has still to come."""
    not_past(task.wanted_on)


@TASK.effect("report")
def reported(task: Task, _by: User, _facts: dict[str, Any]) -> None:
    """The day of the answer."""
    task.reported_on = today()


@TASK.effect("accept")
def accepted(task: Task, _by: User, _facts: dict[str, Any]) -> None:
    """The day on which it was done."""
    task.done_on = today()


def linked(text: str, user: User) -> list[dict[str, str]]:
    """What the lines of a text name: an address in this program, or the number of a file. Raises Refused by line."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) > MOST_LINKS:
        said = _("最多写 %(n)d 行。") % {"n": MOST_LINKS}
        raise Refused(said, {"links": said}, "invalid")
    found = {}
    for no, line in enumerate(lines, 1):
        matter = _named(line, user)
        if matter is None:
            said = _("第 %(no)d 行没有找到：%(line)s。请写档案编号，或粘贴那份材料的网址。") % {
                "no": no,
                "line": line[:60],
            }
            raise Refused(said, {"links": said}, "invalid")
        found[str(matter.pk)] = {"kind": matter.flow.key, "id": str(matter.pk), "title": _title(matter)}
    return list(found.values())


def _named(line: str, user: User) -> Any:
    if not (key := A_KEY.search(line)):
        return Establishment.objects.seen_by(user).filter(number=line).first()
    for model in rooms.models():
        if matter := model.objects.seen_by(user).filter(pk=UUID(key[0])).first():
            return matter
    return None


def _title(matter: Any) -> str:
    return str(getattr(matter, "called", "") or matter.title)


def links_of(task: Task, user: User) -> list[dict[str, str]]:
    """The linked records with an address where this person may open them; one query for each kind."""
    keys: dict[str, list[str]] = {}
    for row in task.links:
        keys.setdefault(row["kind"], []).append(row["id"])
    urls: dict[str, str] = {}
    for kind, ids in keys.items():
        for matter in rooms.model_of(kind).objects.seen_by(user).filter(pk__in=ids):
            urls[str(matter.pk)] = matter.get_absolute_url()
    return [{**row, "url": urls.get(row["id"], ""), "flow": str(rooms.flow_of(row["kind"]))} for row in task.links]


def span_of(task: Task) -> Span:
    """From the day on which it was given to the day of its report."""
    return task.rule_on, max(task.reported_on or today(), task.rule_on)


def proof_of(task: Task) -> list[tuple[Proof, int]]:
    """What the log says of the task's clause for its unit since it was given: each rule with its count."""
    if not task.clause or task.unit is None:
        return []
    rules = rules_of(Proof.objects.of_town(task.area), task.clause, task.unit.role)
    unit = unit_of(task.unit)
    return [(rule, records([rule], unit.role, [unit], span_of(task)).count()) for rule in rules if rule.kind]


def stand(tasks: Sequence[Task]) -> dict[str, int]:
    """How many of a batch are done, on their way, and late."""
    return {
        "done": sum(task.state == "done" for task in tasks), "late": sum(task.is_late for task in tasks),
        "all": sum(task.state != "withdrawn" for task in tasks),
    }  # fmt: skip
