"""Personal numbers: masked on every page, revealed with a reason, logged without the value."""

from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _

from sanxiao.archive.models import Establishment, Operator
from sanxiao.docket.flow import log
from sanxiao.docket.models import Event, Recorded
from sanxiao.docket.refusal import Refused
from sanxiao.office.duties import scope_of, sight
from sanxiao.office.models import User
from sanxiao.office.now import now
from sanxiao.papers import cn

A_DAY = 20  # reveals of one person in 24 hours
MASKS = {"id_number": cn.mask_id, "phone": cn.mask_phone}


def masked(operator: Operator, user: User, area: str) -> dict[str, Any]:
    """Both numbers as this person sees them: masked, or nothing; and which of them he may reveal."""
    seen = {}
    for name, mask in MASKS.items():
        how = sight(user, f"person.{name}", area)
        value = getattr(operator, name) if how != "none" else ""
        seen[name] = {"text": mask(value) if value else "", "may_reveal": how == "reveal" and bool(value)}
    return seen


def reveal(file: Establishment, name: str, reason: str, user: User) -> str:
    """The full number. Raises Refused when this person may not, or has asked too often today."""
    if name not in MASKS:
        raise Refused(_("您不能查看完整号码。"), code="forbidden")
    note_reveal(file, f"person.{name}", name, reason, user)
    return str(getattr(file.operator, name))


def note_reveal(obj: Recorded, mark: str, field: str, reason: str, user: User) -> None:
    """Log that a personal fact of a record is shown, and why. Raises Refused where it may not be shown.

    `mark` is the row of fields.csv that decides, `field` what the log calls it.
    """
    if sight(user, mark, obj.area) != "reveal":
        raise Refused(_("您不能查看完整号码。"), code="forbidden")
    since = now() - timedelta(days=1)
    if Event.objects.filter(actor=user, move="reveal", at__gte=since).count() >= A_DAY:
        raise Refused(_("今天查看完整号码已达 %(n)d 次，请明天再试。") % {"n": A_DAY}, code="forbidden")
    seat = next((s for s in scope_of(user).seats if s.covers(obj.area)), None)
    log(obj, "reveal", user, seat, facts={"field": field, "reason": reason})
