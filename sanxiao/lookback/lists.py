"""The lists of this room: campaigns, look-backs, revisits of what was closed, alarms."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sanxiao.archive.models import Establishment, Kind
from sanxiao.lookback.acts import WAITING
from sanxiao.lookback.models import Alarm, Campaign, Look, Revisit
from sanxiao.lookback.rules import ALARM, CAMPAIGN, LOOK, REVISIT
from sanxiao.office.duties import may, may_read
from sanxiao.office.now import today
from sanxiao.office.places import grounds
from sanxiao.papers.lists import Column, Filter, Listing
from sanxiao.papers.tabs import Tab, Tabs

DUE = [("late", _("已逾期")), ("week", _("七天内"))]


tabs = Tabs(
    _("回头看"),
    (
        Tab("lookback", _("总览")),
        Tab("lookback-campaigns", _("专项"), "lookback"),
        Tab("lookback-looks", _("名单"), "lookback"),
        Tab("lookback-revisits", _("关停回查"), "revival"),
        Tab("lookback-alarms", _("死灰复燃线索"), "revival"),
    ),
)


def _areas(family: str) -> Any:
    return lambda user: [(area.code, area.label) for area in grounds(user, family=family)]


def _kinds(_user: Any) -> Sequence[tuple[str, Any]]:
    return [(kind.code, str(kind)) for kind in Kind.objects.filter(active=True)]


def _states(flow: Any, open_name: Any) -> Any:
    return lambda _user: [("open", open_name), *[(state.key, state.name) for state in flow.states]]


def _in_state(rows: QuerySet, value: str) -> QuerySet:
    return rows.filter(state__in=rows.model.flow.open_states) if value == "open" else rows.filter(state=value)


def _named(rows: QuerySet, text: str) -> QuerySet:
    return rows.filter(file__in=Establishment.objects.matching(text).values("pk"))


def _by_due(rows: QuerySet, value: str) -> QuerySet:
    running = rows.filter(state__in=rows.model.flow.open_states)
    if value == "late":
        return running.filter(due_on__lt=today())
    return running.filter(due_on__gte=today(), due_on__lte=today() + timedelta(days=7))


def counted(rows: QuerySet[Campaign]) -> QuerySet[Campaign]:
    """Campaigns with how many places they list, how many were looked at, and how many of those slipped."""
    waiting = Q(looks__state__in=WAITING) | Q(looks__state="dropped")
    return rows.annotate(
        total=Count("looks"),
        seen=Count("looks", filter=~waiting),
        slipped=Count("looks", filter=Q(looks__state="slipped")),
    )


def _new(request: HttpRequest) -> list[dict[str, Any]]:
    new = {"name": _("新的回头看名单"), "url": reverse("lookback-new"), "primary": True}
    return [new] if may(request.user, "lookback.plan") else []


CAMPAIGNS = Listing(
    key="lookback-campaigns",
    template="lookback/list.html",
    title=_("回头看专项"),
    rows=lambda user: counted(Campaign.objects.seen_by(user)),
    columns=(
        Column("name", _("名称"), lambda c: c.called, slot="title", width=28),
        Column("state", _("状态"), lambda c: c.state, slot="state", state=lambda c: c.state_row),
        Column("progress", _("进展"),
               lambda c: gettext("%(n)d / %(all)d 户已看，%(slipped)d 户有滑坡")
               % {"n": c.seen, "all": c.total, "slipped": c.slipped}, slot="note", width=26),
        Column("until", _("看完的期限"), lambda c: c.until_on, kind="date", slot="end", width=12),
        Column("updated", _("更新"), lambda c: c.updated_at.date(), kind="date", sort="updated_at", width=12),
    ),
    filters=(Filter("state", _("状态"), _states(CAMPAIGN, _("未收尾")), _in_state),),
    empty={"title": _("还没有回头看专项"), "text": _("先定条件、看名单，再抽签分组，就出现在这里。")},
    actions=_new,
)  # fmt: skip


def look_rows(user: Any) -> QuerySet[Look]:
    """Look-backs that this person may see."""
    return (
        Look.objects.seen_by(user)
        .select_related("file__kind", "campaign", "first", "second")
        .defer("file__facts", "file__search")
    )


def _mine(rows: QuerySet[Look], value: str) -> QuerySet[Look]:
    return rows.of_team(int(value)) if value.isdigit() else rows  # type: ignore[attr-defined]


def _me(user: Any) -> Sequence[tuple[str, Any]]:
    return [(str(user.pk), _("我这一组的"))]


def _campaigns(user: Any) -> Sequence[tuple[str, Any]]:
    return [(str(pk), name) for pk, name in Campaign.objects.seen_by(user).values_list("pk", "called")]


LOOKS = Listing(
    key="lookback-looks",
    template="lookback/list.html",
    title=_("回头看名单"),
    rows=look_rows,
    columns=(
        Column("file", _("经营单位"), lambda r: r.file.called, slot="title", width=24),
        Column("state", _("状态"), lambda r: r.state, slot="state", state=lambda r: r.state_row),
        Column("kind", _("类别"), lambda r: str(r.file.kind), slot="note", width=12),
        Column("area", _("村（社区）"), lambda r: r.area, kind="area", slot="note", width=16),
        Column("team", _("两人一组"), lambda r: gettext("、").join(who.name for who in r.team), slot="note", width=16),
        Column("campaign", _("专项"), lambda r: r.campaign.called, width=22),
        Column("due", _("期限"), lambda r: r.due_on, kind="due", slot="end", width=12),
        Column("seen", _("到场日期"), lambda r: r.seen_on if r.state not in WAITING else None, kind="date", width=12),
        Column("updated", _("更新"), lambda r: r.updated_at.date(), kind="date", sort="updated_at", width=12),
    ),
    filters=(
        Filter("campaign", _("专项"), _campaigns, lambda rows, v: rows.filter(campaign=v)),
        Filter("area", _("村（社区）"), _areas("lookback"), lambda rows, v: rows.filter(area=v)),
        Filter("kind", _("类别"), _kinds, lambda rows, v: rows.filter(file__kind=v)),
        Filter("state", _("状态"), _states(LOOK, _("还没看")), _in_state),
        Filter("due", _("期限"), lambda _u: DUE, _by_due),
        Filter("mine", _("谁去看"), _me, _mine),
    ),
    search=_named,
    empty={"title": _("还没有回头看名单"), "text": _("定好一份回头看名单，每一户就出现在这里。")},
)  # fmt: skip


def revisit_rows(user: Any) -> QuerySet[Revisit]:
    """Revisits that this person may see."""
    return Revisit.objects.seen_by(user).select_related("file__kind").defer("file__facts", "file__search")


REVISITS = Listing(
    key="lookback-revisits",
    template="lookback/list.html",
    title=_("关停回查计划"),
    rows=revisit_rows,
    columns=(
        Column("file", _("经营单位"), lambda r: r.file.called, slot="title", width=24),
        Column("state", _("状态"), lambda r: r.state, slot="state", state=lambda r: r.state_row),
        Column("visit", _("排定日期"), lambda r: r.visit_on, kind="date", sort="visit_on", slot="note", width=12),
        Column("when", _("时段"), lambda r: r.when, slot="note", width=18),
        Column("step", _("第几次"), lambda r: r.step, kind="int", width=8),
        Column("closed", _("关停"), lambda r: r.closed_on, kind="date", width=12),
        Column("how", _("关停方式"), lambda r: r.get_how_display(), width=12),
        Column("area", _("村（社区）"), lambda r: r.area, kind="area", slot="note", width=16),
        Column("due", _("最迟"), lambda r: r.due_on, kind="due", slot="end", width=12),
    ),
    order="-visit_on",
    filters=(
        Filter("area", _("村（社区）"), _areas("revival"), lambda rows, v: rows.filter(area=v)),
        Filter("kind", _("类别"), _kinds, lambda rows, v: rows.filter(file__kind=v)),
        Filter("state", _("状态"), _states(REVISIT, _("还没查")), _in_state),
        Filter("due", _("期限"), lambda _u: DUE, _by_due),
    ),
    search=_named,
    empty={"title": _("还没有要回查的"), "text": _("登记关停以后，程序在夜里排出第 7、30、90 天和以后每季度的回查。")},
)  # fmt: skip


def alarm_rows(user: Any) -> QuerySet[Alarm]:
    """Alarms that this person may see."""
    return Alarm.objects.seen_by(user).select_related("file__kind", "seen").defer("file__facts", "file__search")


ALARMS = Listing(
    key="lookback-alarms",
    template="lookback/list.html",
    title=_("死灰复燃线索"),
    rows=alarm_rows,
    columns=(
        Column("file", _("已关停的一户"), lambda a: a.file.called, slot="title", width=24),
        Column("state", _("状态"), lambda a: a.state, slot="state", state=lambda a: a.state_row),
        Column("called", _("出现的名称"), lambda a: a.called, slot="note", width=22),
        Column("why", _("为什么像"), lambda a: a.why, slot="note", width=28),
        Column("area", _("出现在"), lambda a: a.area, kind="area", slot="note", width=16),
        Column("closed", _("关停"), lambda a: a.closed_on, kind="date", width=12),
        Column("due", _("核实期限"), lambda a: a.due_on, kind="due", slot="end", width=12),
        Column("updated", _("更新"), lambda a: a.updated_at.date(), kind="date", sort="updated_at", width=12),
    ),
    filters=(
        Filter("area", _("村（社区）"), _areas("revival"), lambda rows, v: rows.filter(area=v)),
        Filter("state", _("状态"), _states(ALARM, _("未认定")), _in_state),
        Filter("due", _("期限"), lambda _u: DUE, _by_due),
    ),
    search=lambda rows, text: rows.filter(
        Q(file__in=Establishment.objects.matching(text).values("pk")) | Q(called__icontains=text.strip())
    ),
    empty={
        "title": _("没有死灰复燃线索"),
        "text": _("已关停取缔的人或地方，在摸底、办证、检查、进货里再出现，马上列在这里。"),
    },
)  # fmt: skip


def readable(user: Any) -> bool:
    """May this person read anything of this room?"""
    return may_read(user, "lookback") or may_read(user, "revival")
