"""The list of spending, and the tabs of the room."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sanxiao.funds import activities
from sanxiao.funds.models import Line, Spending
from sanxiao.funds.rules import SPENDING
from sanxiao.office.duties import may
from sanxiao.office.models import Office
from sanxiao.papers.lists import Column, Filter, Listing
from sanxiao.papers.tabs import Tab, Tabs

tabs = Tabs(
    _("专项经费"),
    (
        Tab("funds", _("预算")),
        Tab("funds-spendings", _("支出")),
        Tab("funds-activities", _("按工作")),
    ),
)


def claim_act(request: HttpRequest) -> list[dict[str, Any]]:
    """申请列支 for who may claim."""
    if not may(request.user, "spend.claim"):
        return []
    url = reverse("do", args=[SPENDING.key, "new", "claim"])
    return [{"name": gettext("申请列支"), "url": url, "primary": True}]


def spendings(user: Any) -> QuerySet[Spending]:
    """What a person may see."""
    return Spending.objects.seen_by(user).select_related("line", "office", "by")


def _lines(user: Any) -> Sequence[tuple[str, Any]]:
    return [(str(line.pk), line.title) for line in Line.objects.seen_by(user)]


def _offices(user: Any) -> Sequence[tuple[str, Any]]:
    keys = Spending.objects.seen_by(user).values("office")
    return [(str(office.pk), office.label) for office in Office.objects.filter(pk__in=keys)]


SPENDINGS = Listing(
    key="spendings",
    title=_("支出"),
    rows=spendings,
    columns=(
        Column("purpose", _("用途"), lambda s: s.purpose, slot="title", width=28),
        Column("state", _("状态"), lambda s: s.state, slot="state", state=lambda s: s.state_row),
        Column("number", _("编号"), lambda s: s.number, width=16),
        Column("subject", _("用于"), lambda s: s.subject_name, slot="note", width=30),
        Column("office", _("单位"), lambda s: str(s.office), slot="note", width=18),
        Column("line", _("预算"), lambda s: s.line.title, width=20),
        Column("amount", _("金额（元）"), lambda s: s.amount, kind="decimal", slot="end", width=14),
        Column("invoice", _("发票或收据号码"), lambda s: s.invoice, width=18),
        Column("spent", _("开支日期"), lambda s: s.spent_on, kind="date", sort="spent_on", width=12),
        Column("paid", _("支付日期"), lambda s: s.paid_on, kind="date", width=12),
        Column("effect", _("成效"), lambda s: s.effect, width=30),
    ),
    filters=(
        Filter("line", _("预算"), _lines, lambda rows, v: rows.filter(line=v)),
        Filter("office", _("单位"), _offices, lambda rows, v: rows.filter(office=v)),
        Filter("state", _("状态"), lambda _u: [(s.key, s.name) for s in SPENDING.states],
               lambda rows, v: rows.filter(state=v)),
        Filter("kind", _("工作种类"), lambda _u: activities.kinds(), lambda rows, v: rows.filter(kind=v)),
    ),
    search=lambda rows, text: rows.filter(
        Q(purpose__icontains=text.strip()) | Q(invoice__icontains=text.strip()) | Q(number__icontains=text.strip())
        | Q(subject_name__icontains=text.strip())
    ),
    actions=claim_act,
    template="funds/list.html",
    empty={"title": _("还没有支出"), "text": _("预算批准以后，各单位在这里申请列支，每一笔都写明用于哪一件工作。")},
)  # fmt: skip
