"""The joint list filled on a phone without a network: it belongs to the place of the operation that goes on there."""

from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from sanxiao.docket import files, flow
from sanxiao.docket.models import Blob
from sanxiao.docket.refusal import Refused
from sanxiao.docket.rooms import Filled, Taken
from sanxiao.joint import checklist
from sanxiao.joint.load import PREFIX
from sanxiao.joint.models import Part, Stop
from sanxiao.office.duties import scope_of
from sanxiao.survey.phone import file_of

SEEN = {"visited": "tick", "absent": "miss", "shut": "shut"}


@transaction.atomic
def take(filled: Filled) -> Taken:
    """Make of a filled list what the page of the place would have made of it. Raises Refused, then nothing changed."""
    file = file_of(filled.place) if filled.place else None
    if file is None:
        raise Refused(_("没有找到这一户。"), code="unknown")
    stop, part = _found(filled, file.pk)
    if str(filled.id) in stop.filled:
        return Taken(stop, file)
    move = SEEN.get(str(filled.answers.get("seen") or ""), "tick")
    if move != "tick" and stop.state != "listed":
        raise Refused(_("这一户已经登记过情况：%(state)s。") % {"state": stop.state_row.name}, code="state")
    note = str(filled.answers.get("note") or "").strip()[:500]
    stop.filled = [*stop.filled, str(filled.id)]
    facts: dict[str, Any] = {"note": note} if note else {}
    if move == "tick":
        facts["answers"] = _answers(filled, stop, part)
    _keep_photos(filled, stop)
    # The day may be over by the time that the phone has a network again: what was seen then is taken all the same.
    flow.move(stop, move, filled.by, within=True, on=filled.observed_on, **facts)
    return Taken(stop, file)


def _found(filled: Filled, file: Any) -> tuple[Stop, Part]:
    """The place in the operation in which this person's office takes part, the nearest in time to the filling."""
    offices = [seat.office_id for seat in scope_of(filled.by).seats]
    parts = {
        part.operation_id: part for part in Part.objects.filter(office__in=offices).coming().select_related("office")
    }
    rows = Stop.objects.filter(Q(file=file), operation__in=parts, operation__state__in=("underway", "closing"))
    found = sorted(
        rows.exclude(state="dropped").select_related("operation", "file"),
        key=lambda stop: abs((stop.operation.held_on - filled.observed_on).days),
    )
    if not found:
        raise Refused(_("这一户不在您单位参加的、正在进行的联合执法里。"), code="unknown")
    stop = Stop.objects.select_for_update(of=("self",)).select_related("operation", "file").get(pk=found[0].pk)
    return stop, parts[stop.operation_id]


def _answers(filled: Filled, stop: Stop, part: Part) -> dict[str, dict[str, str]]:
    found = {}
    for row in checklist.for_stop(stop, part.office.role):
        if said := str(filled.answers.get(f"{PREFIX}{row.code}") or ""):
            note = str(filled.answers.get(f"{PREFIX}{row.code}_note") or "").strip()
            found[row.code] = {"a": said, "note": note}
    return found


def _keep_photos(filled: Filled, stop: Stop) -> None:
    names = {f"{PREFIX}{row.code}_photo": f"item:{row.code}"[:40] for row in checklist.rows_of(stop.operation)}
    for question, role in {**names, "photo": "photo"}.items():
        name = filled.answers.get(question)
        if not (isinstance(name, str) and name in filled.files):
            continue
        told = filled.told.get(name, {})
        place = (told["lat"], told["lng"]) if told.get("lat") is not None and told.get("lng") is not None else None
        files.keep(stop, Blob.objects.get(pk=filled.files[name]), name, filled.by, role=role, place=place)
