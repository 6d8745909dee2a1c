"""The lists of the room: operations, and calls for the police."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sanxiao.joint.models import Call, Operation
from sanxiao.joint.rules import CALL, OPERATION
from sanxiao.office.duties import may
from sanxiao.office.places import grounds
from sanxiao.papers.lists import Column, Filter, Listing
from sanxiao.papers.tabs import Tab, Tabs

STATES = [("open", _("未办结")), *[(state.key, state.name) for state in OPERATION.states]]
CALLS_OPEN = [("open", _("未处置")), *[(state.key, state.name) for state in CALL.states]]


tabs = Tabs(
    _("联合执法"),
    (
        Tab("operations", _("全部行动"), "joint"),
        Tab("joint-today", _("今天的行动"), "joint"),
        Tab("joint-calls", _("呼叫民警"), "call"),
    ),
)


def operations(user: Any) -> QuerySet[Operation]:
    """Operations that this person may see, with how many offices come, and how many places there are."""
    coming = Count("parts", filter=~Q(parts__state__in=("declined", "dropped", "absent")), distinct=True)
    places = Count("stops", filter=~Q(stops__state="dropped"), distinct=True)
    closed = Count("parts", filter=Q(parts__state="closed"), distinct=True)
    return Operation.objects.seen_by(user).select_related("lead").annotate(coming=coming, places=places, done=closed)


def _acts(request: HttpRequest) -> list[dict[str, Any]]:
    if not may(request.user, "joint.plan"):
        return []
    url = reverse("do", args=[OPERATION.key, "new", "plan"])
    return [{"name": gettext("筹划联合执法"), "url": url, "primary": True}]


def _areas(user: Any) -> Sequence[tuple[str, Any]]:
    return [(area.code, area.label) for area in grounds(user, family="joint")]


def _in_state(rows: QuerySet[Operation], value: str) -> QuerySet[Operation]:
    return rows.filter(state__in=OPERATION.open_states) if value == "open" else rows.filter(state=value)


def _call_state(rows: QuerySet[Call], value: str) -> QuerySet[Call]:
    return rows.filter(state__in=CALL.open_states) if value == "open" else rows.filter(state=value)


OPERATIONS = Listing(
    key="operations",
    title=_("联合执法"),
    rows=operations,
    columns=(
        Column("topic", _("主题"), lambda o: o.topic, slot="title", width=28),
        Column("state", _("状态"), lambda o: o.state, slot="state", state=lambda o: o.state_row),
        Column("lead", _("牵头单位"), lambda o: str(o.lead), slot="note", width=20),
        Column("area", _("范围"), lambda o: o.area, kind="area", slot="note", width=14),
        Column("coming", _("单位"), lambda o: o.coming, kind="int", width=8),
        Column("done", _("已办结单位"), lambda o: o.done, kind="int", width=10),
        Column("places", _("对象"), lambda o: o.places, kind="int", width=8),
        Column("number", _("编号"), lambda o: o.number, width=24),
        Column("on", _("日期"), lambda o: o.held_on, kind="date", sort="held_on", slot="end", width=12),
    ),
    filters=(
        Filter("area", _("村（社区）"), _areas, lambda rows, v: rows.filter(area=v)),
        Filter("state", _("状态"), lambda _u: STATES, _in_state),
    ),
    search=lambda rows, text: rows.filter(Q(topic__icontains=text) | Q(number__icontains=text)),
    order="-held_on",
    actions=_acts,
    template="joint/list.html",
    empty={"title": _("还没有联合执法"), "text": _("几个单位同一天、一张表、一条路线去查，各办各的，最后一起办结。")},
)  # fmt: skip


def calls(user: Any) -> QuerySet[Call]:
    """Calls that this person may see."""
    rows = Call.objects.seen_by(user).select_related("stop__file", "operation", "by")
    return rows.defer("stop__file__facts", "stop__file__search")


CALLS = Listing(
    key="joint-calls",
    title=_("呼叫民警"),
    rows=calls,
    columns=(
        Column("title", _("什么情况"), lambda c: c.said, slot="title", width=30),
        Column("state", _("状态"), lambda c: c.state, slot="state", state=lambda c: c.state_row),
        Column("place", _("在哪里"), lambda c: c.stop.file.called if c.stop else c.spot, slot="note", width=24),
        Column("operation", _("行动"), lambda c: c.operation.topic, width=24),
        Column("by", _("呼叫人"), lambda c: c.by.name, slot="note", width=10),
        Column("at", _("时间"), lambda c: f"{timezone.localtime(c.at):%Y-%m-%d %H:%M}", slot="end", width=16),
        Column("no", _("接处警编号"), lambda c: c.police_no, width=18),
    ),
    filters=(Filter("state", _("状态"), lambda _u: CALLS_OPEN, _call_state),),
    order="-at",
    template="joint/list.html",
    empty={"title": _("没有呼叫过民警"),
           "text": _("行动中遇到阻碍，在手机上按“呼叫民警”，时间、地点和处置都记在这里。")},
)  # fmt: skip
