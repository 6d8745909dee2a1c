"""The steps of an operation's story, so that a test can begin where it is about something."""

import io
from datetime import date, time, timedelta
from typing import Any

from PIL import Image

from sanxiao.archive.models import Establishment
from sanxiao.docket import flow
from sanxiao.joint.models import Call, Operation, Part, Stop
from sanxiao.joint.rules import CALL, OPERATION
from sanxiao.office.models import Office, User
from sanxiao.office.now import at, today
from tests import cast

JUNE = date(2018, 6, 5)  # a Tuesday
FOUR = ("zhang", "chen", "qian", "ding")  # village, bureau, urban management, police


def picture(colour: str = "green") -> io.BytesIO:
    """A small JPEG, as an upload."""
    out = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(out, "JPEG")
    out.seek(0)
    out.name = f"{colour}.jpg"
    return out


def office_of(user: User) -> Office:
    """Where somebody sits."""
    return user.posts.on().select_related("office").get().office


def plan(by: User, **changes: Any) -> Operation:
    """后阳村 leads, in two days, on its own ground."""
    operation = OPERATION.begun(by, {})
    said = {
        "topic": "老街联合执法", "purpose": "群众反映老街无证、占道", "where": operation.area, "led_by": operation.lead,
        "held_on": today() + timedelta(days=2), "starts_at": time(9), "ends_at": time(11, 30), "meeting": "村委会门口",
    } | changes  # fmt: skip
    flow.move(operation, "plan", by, **said)
    return again(operation)


def asked(operation: Operation, by: User, *others: User) -> Operation:
    """These people's offices are put on the list, with the leading one."""
    rows = [{"office": part.office_id, "name": "", "task": part.task} for part in operation.parts.all()]
    offices = [office_of(user) for user in others]
    rows += [{"office": office.pk, "name": str(office), "task": "到场"} for office in offices]
    flow.move(operation, "invite", by, offices=rows)
    return again(operation)


def aimed(operation: Operation, by: User, *files: Establishment) -> Operation:
    """These places are put on the list."""
    flow.move(operation, "take_in", by, targets=[{"file": file.pk} for file in files])
    return again(operation)


def notified(operation: Operation, by: User, signs: User) -> Operation:
    """The lead asks, the food-safety office agrees."""
    flow.move(operation, "notify", by)
    flow.sign(again(operation), signs, agrees=True)
    return again(operation)


def accept(operation: Operation, *people: User, cars: int = 1) -> None:
    """The office of the first sends these."""
    first = people[0]
    rows = [{"user": u.pk, "name": u.name, "phone": u.phone, "certificate": f"苏{u.pk:04d}"} for u in people]
    flow.move(part(operation, first), "accept", first, people=rows, vehicles=cars)


def part(operation: Operation, user: User) -> Part:
    """The part of somebody's office, as the database has it."""
    rows = Part.objects.select_related("operation__lead", "office")
    return rows.get(operation=operation, office=office_of(user))


def stop(operation: Operation, file: Establishment) -> Stop:
    """The place in the operation, as the database has it."""
    return Stop.objects.select_related("operation__lead", "file", "visit").get(operation=operation, file=file)


def again(operation: Operation) -> Operation:
    """As the database has it."""
    return Operation.objects.select_related("lead").get(pk=operation.pk)


def ready(town: Any, *files: Establishment) -> Operation:
    """Four offices said yes; tomorrow but one they go."""
    operation = aimed(asked(plan(town.zhang), town.zhang, town.chen, town.qian, town.ding), town.zhang, *files)
    operation = notified(operation, town.zhang, town.zhou)
    accept(operation, town.zhang)
    accept(operation, town.chen, town.wu, cars=2)
    accept(operation, town.qian)
    accept(operation, town.ding)
    return again(operation)


def underway(town: Any, *files: Establishment) -> Operation:
    """The day has come; the clock must stand there."""
    operation = ready(town, *files)
    with at(operation.held_on):
        flow.move(operation, "start", town.zhang)
    return again(operation)


def over(town: Any, *files: Establishment) -> Operation:
    """Nobody was found anywhere, and everybody went home."""
    operation = underway(town, *files)
    with at(operation.held_on):
        for file in files:
            flow.move(stop(operation, file), "miss", town.zhang)
        flow.move(again(operation), "finish", town.zhang)
    return again(operation)


def close(operation: Operation, user: User, **changes: Any) -> None:
    """Somebody closes the part of his office; whoever was to come came."""
    mine = part(operation, user)
    said = {"came": [row["user"] for row in mine.people], "cars": mine.vehicles, "summary": "已办"} | changes
    flow.move(mine, "close", user, **said)


def call(operation: Operation, user: User, **params: str) -> Call:
    """Somebody calls the police."""
    found = CALL.begun(user, {"operation": str(operation.pk), **params})
    flow.move(found, "call", user, said="推搡执法人员")
    return Call.objects.select_related("operation", "stop__file").get(pk=found.pk)


__all__ = ["FOUR", "JUNE", "at", "cast"]
