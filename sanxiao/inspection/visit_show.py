"""How a visit is laid out on its page, in a fixed number of queries."""

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from sanxiao.docket import flow
from sanxiao.docket.models import Attachment
from sanxiao.docket.rooms import Starter
from sanxiao.inspection import checklist
from sanxiao.inspection.models import Order
from sanxiao.inspection.rules import ORDER
from sanxiao.inspection.visit_models import Visit
from sanxiao.inspection.visit_rules import ACTIONS, ANSWERS, GRAVITIES, ORDERED
from sanxiao.office.duties import may
from sanxiao.office.models import User

TONES = {"yes": "green", "no": "red", "na": "grey", "": "grey"}


@dataclass
class Line:
    """One item of a visit as its page shows it."""

    item: checklist.Item
    said: dict[str, Any]
    photos: dict[str, list[Attachment]] = field(default_factory=dict)

    @property
    def answer(self) -> str:
        """yes, no, na, or '' where nothing was said."""
        return str(self.said.get("a") or "")

    @property
    def words(self) -> str:
        """The answer as a person reads it."""
        return str(dict(ANSWERS).get(self.answer, "—"))

    @property
    def tone(self) -> str:
        """Its colour."""
        return TONES[self.answer]

    @property
    def gravity(self) -> str:
        """How grave, in words."""
        return str(dict(GRAVITIES).get(self.said.get("gravity", ""), "")) if self.answer == "no" else ""

    @property
    def action(self) -> str:
        """What is to be done about it, in words."""
        return str(dict(ACTIONS).get(self.said.get("action", ""), ""))


def items_of(visit: Visit) -> list[Line]:
    """The items of its checklist with what was said and photographed; none before it began."""
    if visit.form is None:
        return []
    photos = photos_of(visit)
    return [
        Line(item, visit.answers.get(item.code) or {}, photos.get(item.code, {}))
        for item in checklist.items_of(visit.form)
    ]


def photos_of(visit: Visit) -> dict[str, dict[str, list[Attachment]]]:
    """Photos of a visit by item and use: {'i05': {'before': […], 'after': […]}}; one query."""
    found: dict[str, dict[str, list[Attachment]]] = {}
    held = Attachment.objects.filter(subject=visit.pk, voided_at__isnull=True)
    for photo in held.select_related("blob"):
        use, _colon, code = photo.role.partition(":")
        if code:
            found.setdefault(code, {}).setdefault(use, []).append(photo)
    return found


def next_order(visit: Visit, user: User) -> Starter | None:
    """The order that this visit calls for, for who may issue it; grey with its reason when it cannot be now."""
    if visit.action not in ORDERED or not may(user, "order.issue", visit):
        return None
    if visit.orders.exclude(state="void").exists():
        return None
    order = Order(file=visit.file, area=visit.area, visit=visit)
    row = ORDER.row("issue")
    return Starter(ORDER.key, row.key, _("下达整改通知"), flow.why_not(order, row, {}), primary=True)
