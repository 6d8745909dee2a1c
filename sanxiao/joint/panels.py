"""What the room hands down: the tab of a file, what waits outside on the day, what is on today."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from sanxiao.archive.models import Establishment
from sanxiao.docket.rooms import Candidate, Errand, Panel
from sanxiao.joint import checklist
from sanxiao.joint.load import FORM
from sanxiao.joint.models import Operation, Part, Stop
from sanxiao.office.duties import may, may_read, scope_of
from sanxiao.office.now import today

MOST = 200  # errands


def panels(file: Establishment, user: Any) -> Iterator[Panel]:
    """联合执法: when several offices came here together, and what they found."""
    if not may_read(user, "joint"):
        return
    rows = Stop.objects.seen_by(user).filter(file__in=file.pks).exclude(state="dropped")
    held = list(rows.select_related("operation__lead").prefetch_related("findings").order_by("-operation__held_on"))
    if held:
        shown = [{"stop": stop, "wrong": sum(row.a == "no" for row in stop.findings.all())} for stop in held]
        yield Panel("joint", _("联合执法"), "joint/_panel.html", {"rows": shown}, len(held), order=62)


def errands(user: Any) -> Iterator[Errand]:
    """The operation itself, then its places in their order, each with the form that opens without a network."""
    if not may(user, "joint.part"):
        return
    offices = [seat.office_id for seat in scope_of(user).seats]
    parts = Part.objects.filter(office__in=offices, state__in=("accepted", "underway")).select_related("office")
    mine = {part.operation_id: part for part in parts}
    soon = today() + timedelta(days=1)
    rows = Operation.objects.filter(pk__in=mine, state__in=("notified", "underway"), held_on__lte=soon)
    for operation in rows.order_by("held_on", "starts_at"):
        yield from _of_operation(operation, mine[operation.pk], user)


def _of_operation(operation: Operation, part: Part, user: Any) -> Iterator[Errand]:
    url = reverse("joint-day", args=[operation.pk])
    note = f"{operation.starts_at:%H:%M} {operation.meeting}"
    yield Errand(
        f"joint:{operation.pk}", _("联合执法：%(topic)s") % {"topic": operation.topic}, operation.area, note,
        due_on=operation.held_on, url=url, tone="red",
    )  # fmt: skip
    if operation.state != "underway":
        return
    items = checklist.rows_of(operation)
    stops = Stop.objects.seen_by(user).filter(operation=operation, state__in=("listed", "visited"))
    for stop in stops.select_related("file").prefetch_related("findings").order_by("order")[:MOST]:
        file, held = stop.file, {row.code for row in stop.findings.all()}
        left = [r for r in items if part.office.role in r.roles and r.is_for(file.kind_id) and r.code not in held]
        if left or stop.state == "listed":
            yield Errand(
                f"stop:{stop.pk}", _("联合执法第 %(no)d 处") % {"no": stop.order}, stop.area,
                _("本单位还有 %(n)d 项") % {"n": len(left)}, file.pk, file.called, file.lat, file.lng,
                operation.held_on, form=FORM, url=stop.get_absolute_url(), tone="amber",
                known={"role": part.office.role, "kind": file.kind_id},
            )  # fmt: skip


def candidates(user: Any) -> Iterator[Candidate]:
    """What is on today, for who takes part in it."""
    if not may(user, "joint.part"):
        return
    offices = [seat.office_id for seat in scope_of(user).seats]
    mine = Part.objects.filter(office__in=offices).coming().values("operation")
    live = Operation.objects.filter(pk__in=mine, state__in=("notified", "underway"), held_on=today())
    yield Candidate(_("今天的联合执法"), live.count(), reverse("joint-today"), _("打开"))
