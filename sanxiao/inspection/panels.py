"""What inspection hands down: the tab and the starter on a file's page, the places that wait for an order."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from sanxiao.archive.models import Establishment
from sanxiao.docket import flow
from sanxiao.docket.rooms import Candidate, Panel, Starter
from sanxiao.inspection.models import Order, without_order
from sanxiao.inspection.rules import ORDER
from sanxiao.inspection.show import counted
from sanxiao.office.duties import may, may_read


def panels(file: Establishment, user: Any) -> Iterator[Panel]:
    """整改: the orders on this place, newest first."""
    if may_read(user, "order"):
        rows = list(counted(Order.objects.seen_by(user).of(file)).select_related("file"))
        yield Panel("order", _("整改"), "inspection/_panel.html", {"rows": rows}, len(rows), order=30)


def starters(file: Establishment, user: Any) -> Iterator[Starter]:
    """下达整改通知, for the bureau; the loudest act where the class asks for it and nothing was ordered yet."""
    if not may(user, "order.issue", file):
        return
    reason = flow.why_not(Order(file=file, area=file.area), ORDER.row("issue"), {})
    wanted = file.case == "2" and file.batch == "regulate"
    first = wanted and not Order.objects.of(file).exclude(state="void").exists()
    yield Starter("inspection.order", "issue", _("下达整改通知"), reason, primary=first and not reason)


def candidates(user: Any) -> Iterator[Candidate]:
    """Places classed 规范 with defects, without an order."""
    if may(user, "order.issue"):
        count = without_order(Establishment.objects.seen_by(user)).count()
        name = _("列入规范、有缺陷，还没有整改通知")
        yield Candidate(name, count, reverse("orders-waiting"), _("下达整改通知"))
