"""What this room shows below: who buys from a place and what it buys, first acts, errands, the desk."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from sanxiao.archive.models import Establishment
from sanxiao.docket.rooms import Candidate, Errand, Panel, Starter
from sanxiao.office.duties import may, may_read
from sanxiao.office.now import today
from sanxiao.sources import lists
from sanxiao.sources.acts import follow_leads
from sanxiao.sources.downstream import buyers_of
from sanxiao.sources.models import Buyer
from sanxiao.sources.rules import BUYER
from sanxiao.sources.shown import lines_of

SOON = timedelta(days=14)
MOST, SHOWN = 200, 50


def panels(file: Establishment, user: Any) -> Iterator[Panel]:
    """进货单位: who buys from it. 进货来源: what it buys itself, where it is a buyer."""
    if not may_read(user, "source"):
        return
    bought = buyers_of([file])
    mine = set(Buyer.objects.seen_by(user).filter(pk__in=[b.buyer.pk for b in bought]).values_list("pk", flat=True))
    rows = [b for b in bought if b.buyer.pk in mine]
    if bought or file.kind_id == "workshop":
        context = {"file": file, "rows": rows, "others": len(bought) - len(rows),
                   "may_warn": bool(bought) and may(user, "source.warn", file)}  # fmt: skip
        yield Panel("buyers", _("进货单位"), "sources/_buyers.html", context, len(bought), order=42)
    buyer = Buyer.objects.seen_by(user).filter(file__in=file.pks).select_related("kind").first()
    if buyer is not None:
        lines = lines_of(user, buyer=buyer)
        context = {"buyer": buyer, "rows": lines[:SHOWN], "may_enter": may(user, "source.enter", buyer)}
        yield Panel("bought", _("进货来源"), "sources/_bought.html", context, len(lines), order=43)


def starters(file: Establishment, user: Any) -> Iterator[Starter]:
    """A stall or an eatery that buys from others can be put on the register of buyers."""
    if not file.is_trading or file.kind_id == "workshop" or not may(user, "source.buyer", file):
        return
    if not Buyer.objects.filter(file__in=file.pks).exists():
        yield Starter(BUYER.key, "register", _("登记为进货单位"))


def candidates(user: Any) -> Iterator[Candidate]:
    """Buyers whose check of the quarter is still to come."""
    if may(user, "source.check"):
        url = reverse("buyers") + "?quarter=no"
        yield Candidate(_("本季度还没有核查的进货单位"), lists.unchecked(user), url, _("进货核查"))


def errands(user: Any) -> Iterator[Errand]:
    """Buyers whose check is due, with the form for it."""
    if not may(user, "source.check"):
        return
    due = Buyer.objects.seen_by(user).active().filter(check_by__lte=today() + SOON).select_related("kind")
    for buyer in due.order_by("check_by", "name")[:MOST]:
        yield Errand(
            f"source:{buyer.pk}", _("进货核查"), buyer.area, str(buyer.kind), None, buyer.name, buyer.lat, buyer.lng,
            buyer.check_by, "source_check", buyer.get_absolute_url(), "red" if buyer.is_late else "amber",
            {"village": buyer.area, "buyer": str(buyer.pk)},
        )  # fmt: skip


def watch() -> str:
    """Nightly: what became of the leads of unknown suppliers, and which loops are closed."""
    moved, closed = follow_leads()
    return f"{moved} suppliers followed, {closed} loops closed" if moved or closed else ""
