"""The list of cases."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from sanxiao.archive.models import Establishment
from sanxiao.enforcement import crimes
from sanxiao.enforcement.closing_rules import CLOSURE, GROUNDS
from sanxiao.enforcement.handing import CRIMES, REFERRAL, TRANSFER
from sanxiao.enforcement.models import Barred, Case, Closure, Referral, Transfer
from sanxiao.enforcement.rules import CASE, ORIGINS
from sanxiao.office.duties import may
from sanxiao.office.now import today
from sanxiao.office.places import grounds
from sanxiao.papers.lists import Column, Filter, Listing
from sanxiao.papers.tabs import Tab, Tabs

DUE = [("late", _("已逾期")), ("week", _("七天内到期"))]
CRIME = [("unasked", _("还没有报请移送"))]
STATES = [("open", _("未办结")), *[(state.key, state.name) for state in CASE.states]]


def rows(user: Any) -> QuerySet[Case]:
    """Cases that this person may see."""
    return Case.objects.seen_by(user).select_related("file__kind", "officer").defer("file__facts", "file__search")


def found(cases: QuerySet[Case], text: str) -> QuerySet[Case]:
    """Those of a place found by any of its names, or by the case's own number."""
    places = Establishment.objects.matching(text).values("pk")
    return cases.filter(Q(file__in=places) | Q(number__icontains=text.strip()))


def _areas(user: Any) -> Sequence[tuple[str, Any]]:
    return [(area.code, area.label) for area in grounds(user, family="case")]


def _in_state(cases: QuerySet[Case], value: str) -> QuerySet[Case]:
    return cases.open() if value == "open" else cases.filter(state=value)  # type: ignore[attr-defined]


def _by_due(cases: QuerySet[Case], value: str) -> QuerySet[Case]:
    running = cases.filter(state__in=CASE.open_states)
    if value == "late":
        return running.filter(due_on__lt=today())
    return running.filter(due_on__gte=today(), due_on__lte=today().fromordinal(today().toordinal() + 7))


def _by_crime(cases: QuerySet[Case], _value: str) -> QuerySet[Case]:
    return cases.filter(pk__in=[case.pk for case in crimes.unasked_of(cases)])


tabs = Tabs(
    _("执法办案"),
    (
        Tab("cases", _("案件"), "case"),
        Tab("case-clues", _("立案线索"), lambda user: may(user, "case.handle")),
        Tab("transfers", _("移送公安"), "transfer"),
        Tab("referrals", _("移送其他单位"), "referral"),
        Tab("closures", _("关停取缔"), "closure"),
        Tab("barred", _("限制从业名单"), "barred"),
    ),
)


def _to_bar(request: HttpRequest) -> list[dict[str, Any]]:
    if not may(request.user, "barred.manage"):
        return []
    return [{"name": _("登记限制从业"), "url": reverse("bar"), "primary": True}]


CASES = Listing(
    key="cases",
    template="enforcement/list.html",
    title=_("案件"),
    rows=rows,
    columns=(
        Column("file", _("当事人"), lambda c: c.file.called, slot="title", width=24),
        Column("state", _("状态"), lambda c: c.state, slot="state", state=lambda c: c.state_row),
        Column("number", _("案号"), lambda c: c.number, width=22),
        Column("conduct", _("涉嫌违法行为"), lambda c: c.conduct[:40], slot="note", width=30),
        Column("origin", _("案件来源"), lambda c: str(c.get_origin_display()), width=12),
        Column("area", _("村（社区）"), lambda c: c.area, kind="area", slot="note", width=16),
        Column("officer", _("承办人"), lambda c: c.officer.name, width=10),
        Column("fine", _("罚款（元）"), lambda c: c.fine or None, kind="decimal", width=12),
        Column("due", _("最近期限"), lambda c: c.due_on, kind="due", slot="end", width=12),
        Column("updated", _("更新"), lambda c: c.updated_at.date(), kind="date", sort="updated_at", width=12),
    ),
    filters=(
        Filter("area", _("村（社区）"), _areas, lambda rows, v: rows.filter(area=v)),
        Filter("state", _("状态"), lambda _u: STATES, _in_state),
        Filter("origin", _("案件来源"), lambda _u: ORIGINS, lambda rows, v: rows.filter(origin=v)),
        Filter("due", _("期限"), lambda _u: DUE, _by_due),
        Filter("crime", _("涉嫌犯罪"), lambda _u: CRIME, _by_crime),
    ),
    search=found,
    empty={
        "title": _("还没有案件"),
        "text": _("在一户的档案页上按“登记案源”，案件就出现在这里。"),
    },
)


def _states(flow: Any) -> list[tuple[str, Any]]:
    return [("open", _("未办结")), *[(state.key, state.name) for state in flow.states]]


def _state_filter(flow: Any) -> Filter:
    """The states of a table, and all open ones together."""

    def narrow(rows: QuerySet, value: str) -> QuerySet:
        return rows.filter(state__in=flow.open_states) if value == "open" else rows.filter(state=value)

    return Filter("state", _("状态"), lambda _u: _states(flow), narrow)


def _place_first(more: tuple[Column, ...]) -> tuple[Column, ...]:
    """The columns that all these lists share, with their own between."""
    return (
        Column("file", _("经营单位"), lambda m: m.file.called, slot="title", width=24),
        Column("state", _("状态"), lambda m: m.state, slot="state", state=lambda m: m.state_row),
        Column("number", _("文号"), lambda m: m.number, width=22),
        *more,
        Column("area", _("村（社区）"), lambda m: m.area, kind="area", slot="note", width=16),
        Column("due", _("最近期限"), lambda m: m.due_on, kind="due", slot="end", width=12),
        Column("updated", _("更新"), lambda m: m.updated_at.date(), kind="date", sort="updated_at", width=12),
    )


def _of_place(rows: QuerySet, text: str) -> QuerySet:
    return rows.filter(
        Q(file__in=Establishment.objects.matching(text).values("pk")) | Q(number__icontains=text.strip())
    )


TRANSFERS = Listing(
    key="transfers",
    template="enforcement/list.html",
    title=_("移送公安"),
    rows=lambda user: Transfer.objects.seen_by(user).select_related("file").defer("file__facts", "file__search"),
    columns=_place_first(
        (Column("crime", _("涉嫌罪名"), lambda t: str(t.get_crime_display()), slot="note", width=24),)
    ),
    filters=(
        _state_filter(TRANSFER),
        Filter("crime", _("涉嫌罪名"), lambda _u: CRIMES, lambda rows, v: rows.filter(crime=v)),
    ),
    search=_of_place,
    empty={
        "title": _("没有移送公安的案件"),
        "text": _("案件涉嫌犯罪的，承办人在案件页上报请移送，批准后二十四小时内送到公安。"),
    },
)

REFERRALS = Listing(
    key="referrals",
    template="enforcement/list.html",
    title=_("移送其他单位"),
    rows=lambda user: (
        Referral.objects.seen_by(user).select_related("file", "sender", "to").defer("file__facts", "file__search")
    ),
    columns=_place_first(
        (
            Column("matter", _("移送事项"), lambda r: r.matter[:40], slot="note", width=30),
            Column("sender", _("移送单位"), lambda r: r.sender.label, width=16),
            Column("to", _("接收单位"), lambda r: r.to.label if r.to else "", slot="note", width=16),
        )
    ),
    filters=(_state_filter(REFERRAL),),
    search=_of_place,
    empty={
        "title": _("没有移送的事项"),
        "text": _("检查中发现属于其他单位职责的，在档案页上移送；对方接收或者写明理由退回。"),
    },
)

CLOSURES = Listing(
    key="closures",
    template="enforcement/list.html",
    title=_("关停取缔"),
    rows=lambda user: Closure.objects.seen_by(user).select_related("file").defer("file__facts", "file__search"),
    columns=_place_first(
        (
            Column("ground", _("关停理由"), lambda c: str(c.get_ground_display()), slot="note", width=24),
            Column("act", _("执行日期"), lambda c: c.acted_on or c.act_on, kind="date", width=12),
        )
    ),
    filters=(
        _state_filter(CLOSURE),
        Filter("ground", _("关停理由"), lambda _u: GROUNDS, lambda rows, v: rows.filter(ground=v)),
    ),
    search=_of_place,
    empty={"title": _("没有关停取缔"), "text": _("列入淘汰的，先在档案页上告知关停，引导期过后再组织取缔。")},
)

BARRED = Listing(
    key="barred",
    template="enforcement/list.html",
    title=_("限制从业名单"),
    rows=lambda user: Barred.objects.seen_by(user),
    columns=(
        Column("name", _("姓名"), lambda b: b.name, slot="title", width=12),
        Column("tail", _("证件号码"), lambda b: f"****{b.id_number[-4:]}", width=14),
        Column("since", _("起"), lambda b: b.since, kind="date", slot="note", width=12),
        Column("until", _("止"), lambda b: b.until, kind="date", slot="end", width=12),
        Column("basis", _("依据"), lambda b: b.basis, slot="note", width=40),
        Column("lifted", _("解除日期"), lambda b: b.lifted_on, kind="date", width=12),
    ),
    search=lambda rows, text: rows.filter(name__icontains=text.strip()),
    actions=_to_bar,
    empty={
        "title": _("名单上还没有人"),
        "text": _("被吊销、被判刑而不得从事食品行业的人，登记在这里；办证时自动核对。"),
    },
)
