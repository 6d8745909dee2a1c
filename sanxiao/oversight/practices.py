"""Good practice: where it is shown, who comments, who does it too."""

from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from sanxiao.campaign import tasks
from sanxiao.docket import flow
from sanxiao.docket.refusal import Refused
from sanxiao.office.duties import Seat, scope_of
from sanxiao.office.models import Office, User
from sanxiao.oversight.models import Comment, Practice, Use
from sanxiao.oversight.rounds import keep_uploads
from sanxiao.oversight.rules import PRACTICE


@PRACTICE.beginning
def begin(user: User, _params: dict[str, str]) -> Practice:
    """One of the person's own unit."""
    seat = scope_of(user).seat_for("practice.write", None)
    office = Office.objects.filter(pk=seat.office_id).first() if seat else None
    return Practice(unit=office, area=office.area, home=f"{office.area[:9]}000") if office else Practice(area="")


@PRACTICE.effect("send")
def sent(practice: Practice, by: User, _facts: dict[str, Any]) -> None:
    """Its photos come with it."""
    keep_uploads(practice, by)


def _seat(practice: Practice, by: User) -> Seat:
    """The seat by which somebody of the town takes part. Raises Refused."""
    seat = scope_of(by).seat_for("practice.write", None)
    if seat is None or not seat.prefix.startswith(practice.home[:9]):
        raise Refused(_("这一步不归您办理：%(move)s") % {"move": practice.flow.name}, code="forbidden")
    if practice.state != "shown":
        raise Refused(_("推广以后才能评论、照着做。"), code="state")
    return seat


def comment(practice: Practice, by: User, text: str) -> Comment:
    """Say something of it; in the log like everything else. Raises Refused."""
    if not text.strip():
        raise Refused(_("请写下您的意见。"), {"text": _("请填写")}, "invalid")
    scope = scope_of(by)
    seat = scope.seat_for("practice.approve", practice.area) or _seat(practice, by)
    with transaction.atomic():
        row = Comment.objects.create(practice=practice, by=by, office_id=seat.office_id, text=text.strip()[:500])
        flow.log(practice, "comment", by, seat, facts={"text": row.text})
    return row


def copy(practice: Practice, by: User, note: str, wanted_on: date) -> Use:
    """Do it too: once a unit, as a task of its own by a day of its own. Raises Refused."""
    seat = _seat(practice, by)
    if seat.office_id == practice.unit_id:
        raise Refused(_("这是您自己单位的做法。"), code="guard")
    if not note.strip():
        raise Refused(_("请写打算怎么做。"), {"note": _("请填写")}, "invalid")
    try:
        with transaction.atomic():
            use = Use.objects.create(practice=practice, unit_id=seat.office_id, by=by, note=note.strip()[:500])
            use.task = tasks.adopt(use.unit, by, heading=practice.called, demand=use.note, wanted_on=wanted_on)
            use.save(update_fields=["task"])
            flow.log(practice, "copy", by, seat, facts={"note": use.note})
    except IntegrityError as error:
        raise Refused(_("您的单位已经照着做了。"), code="guard") from error
    return use
