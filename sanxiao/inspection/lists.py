"""The lists of inspection: all orders, and the places that wait for their first one."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sanxiao.archive.lists import FILES
from sanxiao.archive.lists import rows as file_rows
from sanxiao.archive.models import Establishment, Kind
from sanxiao.inspection.models import Order, without_order
from sanxiao.inspection.rules import ORDER
from sanxiao.inspection.show import counted
from sanxiao.office.now import today
from sanxiao.office.places import grounds
from sanxiao.papers.lists import Column, Filter, Listing

DUE = [("late", _("已逾期")), ("week", _("七天内到期"))]
STATES = [("open", _("未办结")), *[(state.key, state.name) for state in ORDER.states]]


def rows(user: Any) -> QuerySet[Order]:
    """Orders that this person may see."""
    return counted(Order.objects.seen_by(user)).select_related("file__kind").defer("file__facts", "file__search")


def found(orders: QuerySet[Order], text: str) -> QuerySet[Order]:
    """Those of a place found by any of its names, or by the order's own number."""
    places = Establishment.objects.matching(text).values("pk")
    return orders.filter(Q(file__in=places) | Q(number__icontains=text.strip()))


def _progress(order: Any) -> str:
    return gettext("%(all)d 个问题，合格 %(passed)d") % {"all": order.problem_count, "passed": order.passed_count}


def _areas(user: Any) -> Sequence[tuple[str, Any]]:
    return [(area.code, area.label) for area in grounds(user, family="order")]


def _kinds(_user: Any) -> Sequence[tuple[str, Any]]:
    return [(kind.code, str(kind)) for kind in Kind.objects.filter(active=True)]


def _in_state(orders: QuerySet[Order], value: str) -> QuerySet[Order]:
    return orders.filter(state__in=ORDER.open_states) if value == "open" else orders.filter(state=value)


def _by_due(orders: QuerySet[Order], value: str) -> QuerySet[Order]:
    """Late: a date has passed, or the night watch has already said so."""
    running = orders.filter(state__in=ORDER.open_states)
    if value == "late":
        return running.filter(Q(due_on__lt=today()) | Q(state="lapsed"))
    return running.filter(due_on__gte=today(), due_on__lte=today().fromordinal(today().toordinal() + 7))


def _acts(_request: HttpRequest) -> list[dict[str, Any]]:
    return [
        {"name": gettext("重复出现的问题"), "url": reverse("repeated")},
        {"name": gettext("整改前后"), "url": reverse("pairs")},
    ]


ORDERS = Listing(
    key="orders",
    title=_("整改通知"),
    rows=rows,
    columns=(
        Column("file", _("经营单位"), lambda o: o.file.called, slot="title", width=24),
        Column("state", _("状态"), lambda o: o.state, slot="state", state=lambda o: o.state_row),
        Column("number", _("文号"), lambda o: o.number, width=22),
        Column("kind", _("类别"), lambda o: str(o.file.kind), slot="note", width=12),
        Column("area", _("村（社区）"), lambda o: o.area, kind="area", slot="note", width=16),
        Column("done", _("进展"), _progress, slot="note", width=12),
        Column("issued", _("下达日期"), lambda o: o.issued_on, kind="date", width=12),
        Column("due", _("最近期限"), lambda o: o.due_on, kind="due", slot="end", width=12),
        Column("updated", _("更新"), lambda o: o.updated_at.date(), kind="date", sort="updated_at", width=12),
    ),
    filters=(
        Filter("area", _("村（社区）"), _areas, lambda rows, v: rows.filter(area=v)),
        Filter("kind", _("类别"), _kinds, lambda rows, v: rows.filter(file__kind=v)),
        Filter("state", _("状态"), lambda _u: STATES, _in_state),
        Filter("due", _("期限"), lambda _u: DUE, _by_due),
    ),
    search=found,
    template="inspection/list.html",
    empty={
        "title": _("还没有整改通知"),
        "text": _("在一户的档案页上按“下达整改通知”，通知就出现在这里。"),
    },
    actions=_acts,
)

WAITING = replace(
    FILES,
    key="orders-waiting",
    title=_("列入规范、有缺陷，还没有整改通知"),
    template="inspection/list.html",
    rows=lambda user: without_order(file_rows(user)),
    filters=tuple(f for f in FILES.filters if f.key in ("area", "kind")),
    empty={
        "title": _("没有等待下达的单位"),
        "text": _("审定为（2）有缺陷愿整改、列入规范的单位，在下达整改通知之前会出现在这里。"),
    },
    actions=None,
    map_url="",
)
