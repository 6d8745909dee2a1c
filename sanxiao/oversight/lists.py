"""The lists of oversight, and the tabs between its pages."""

from datetime import timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sanxiao.docket.tables import State
from sanxiao.office.duties import may
from sanxiao.office.models import Office
from sanxiao.office.now import today
from sanxiao.oversight.models import Board, Bulletin, Check, Finding, Practice, ProofDraw, Round, Urge
from sanxiao.oversight.models.rounds import GRAVITY
from sanxiao.oversight.rules import (
    BOARD,
    BULLETIN,
    CHECK,
    COLOURS,
    DRAW,
    FINDING,
    ORANGE,
    PRACTICE,
    ROUND,
    URGE,
    WAITING,
)
from sanxiao.papers.lists import Column, Filter, Listing
from sanxiao.papers.tabs import Tab, Tabs

tabs = Tabs(
    _("督查考核"),
    (
        Tab("oversight", _("概况")),
        Tab("oversight-rounds", _("督查")),
        Tab("oversight-findings", _("整改清单")),
        Tab("oversight-urges", _("催办")),
        Tab("oversight-draws", _("办结核验")),
        Tab("oversight-boards", _("考核")),
        Tab("oversight-bulletins", _("通报")),
        Tab("oversight-practices", _("经验做法")),
        Tab("concerns", _("困难和需要"), "concern"),
    ),
)


def _states(flow: Any, open_name: Any) -> Any:
    return lambda _user: [("open", open_name), *[(state.key, state.name) for state in flow.states]]


def _in_state(rows: QuerySet, value: str) -> QuerySet:
    return rows.filter(state__in=rows.model.flow.open_states) if value == "open" else rows.filter(state=value)


def _units(model: Any) -> Any:
    def choices(user: Any) -> list[tuple[int, str]]:
        used = model.objects.seen_by(user).order_by().values("unit")
        return [(office.pk, str(office)) for office in Office.objects.filter(pk__in=used)]

    return choices


def _of_unit(rows: QuerySet, value: str) -> QuerySet:
    return rows.filter(unit=value)


DUE = [("late", _("已逾期")), ("week", _("七天内"))]


def _by_due(rows: QuerySet, value: str) -> QuerySet:
    running = rows.filter(state__in=rows.model.flow.open_states)
    if value == "late":
        return running.filter(due_on__lt=today())
    return running.filter(due_on__range=(today(), today() + timedelta(days=7)))


def _starts(duty: str, kind: str, move: str, name: Any, query: str = "") -> Any:
    """A button that begins a matter, for those whose duty it is."""

    def actions(request: HttpRequest) -> list[dict[str, Any]]:
        url = reverse("do", args=[kind, "new", move]) + query
        return [{"name": name, "url": url, "primary": True}] if may(request.user, duty) else []

    return actions


UPDATED = Column("updated", _("更新"), lambda row: row.updated_at.date(), kind="date", sort="updated_at", width=12)


def counted(rows: QuerySet[Round]) -> QuerySet[Round]:
    """Rounds with how many units they go to, what was found, and what has been put right."""
    return rows.annotate(
        whole=Count("visits", distinct=True),
        found=Count("findings", filter=~Q(findings__state="void"), distinct=True),
        settled=Count("findings", filter=Q(findings__state="closed"), distinct=True),
    )


ROUNDS = Listing(
    key="oversight-rounds",
    title=_("督查"),
    rows=lambda user: counted(Round.objects.seen_by(user)),
    columns=(
        Column("called", _("名称"), lambda r: r.called, slot="title", width=28),
        Column("state", _("状态"), lambda r: r.state, slot="state", state=lambda r: r.state_row),
        Column("progress", _("进展"),
               lambda r: gettext("%(n)d 个单位，%(found)d 个问题，已销号 %(settled)d 个")
               % {"n": r.whole, "found": r.found, "settled": r.settled}, slot="note", width=30),
        Column("team", _("督查组"), lambda r: r.team_names, slot="note", width=20),
        Column("starts", _("开始日期"), lambda r: r.starts_on, kind="date", slot="end", width=12),
        UPDATED,
    ),
    filters=(Filter("state", _("状态"), _states(ROUND, _("未收尾")), _in_state),),
    search=lambda rows, text: rows.filter(Q(called__icontains=text.strip()) | Q(topic__icontains=text.strip())),
    template="oversight/list.html",
    empty={"title": _("还没有督查"), "text": _("定好督查什么、谁去、到哪几个单位，就列在这里。")},
    actions=_starts("oversight.lead", ROUND.key, "plan", _("制定督查计划")),
)  # fmt: skip

FINDINGS = Listing(
    key="oversight-findings",
    title=_("整改清单"),
    rows=lambda user: Finding.objects.seen_by(user).select_related("unit", "round", "file"),
    columns=(
        Column("text", _("问题"), lambda f: f.title, slot="title", width=36),
        Column("state", _("状态"), lambda f: f.state, slot="state", state=lambda f: f.state_row),
        Column("unit", _("责任单位"), lambda f: str(f.unit), slot="note", width=18),
        Column("gravity", _("程度"), lambda f: str(f.get_gravity_display()), slot="note", width=8),
        Column("demand", _("整改要求"), lambda f: f.demand, width=32),
        Column("due", _("整改期限"), lambda f: f.due_on or f.due_by, kind="date", slot="end", width=12),
        Column("done", _("整改情况"), lambda f: f.done, width=32),
        Column("round", _("来自"), lambda f: f.round.called if f.round else gettext("办结核验"), width=20),
    ),
    filters=(
        Filter("state", _("状态"), _states(FINDING, _("未销号")), _in_state),
        Filter("unit", _("责任单位"), _units(Finding), _of_unit),
        Filter("gravity", _("程度"), lambda _u: GRAVITY, lambda rows, v: rows.filter(gravity=v)),
        Filter("due", _("期限"), lambda _u: DUE, _by_due),
        Filter("round", _("督查"), lambda user: [(r.pk, r.called) for r in Round.objects.seen_by(user)],
               lambda rows, v: rows.filter(round=v)),
    ),
    search=lambda rows, text: rows.filter(Q(text__icontains=text.strip()) | Q(demand__icontains=text.strip())),
    template="oversight/list.html",
    empty={"title": _("整改清单是空的"), "text": _("督查发现的问题、办结核验不实的，反馈给单位后列在这里，逐项销号。")},
)  # fmt: skip


def sheets(rows: QuerySet[Urge]) -> QuerySet[Urge]:
    """Sheets with how many matters they list, and how many are still to be done."""
    waits = Q(items__done_on__isnull=True, items__moved_on__isnull=True)
    return rows.select_related("unit").annotate(whole=Count("items"), left=Count("items", filter=waits))


def _colour(sheet: Urge) -> State:
    """The sheet's colour as a chip with its word."""
    return State(sheet.colour, sheet.get_colour_display(), {ORANGE: "amber"}.get(sheet.colour, sheet.colour))


URGES = Listing(
    key="oversight-urges",
    title=_("催办单"),
    rows=lambda user: sheets(Urge.objects.seen_by(user)),
    columns=(
        Column("number", _("编号"), lambda u: u.number, slot="title", width=24),
        Column("colour", _("颜色"), lambda u: str(u.get_colour_display()), slot="note", width=8, state=_colour),
        Column("unit", _("被催办单位"), lambda u: str(u.unit), slot="note", width=20),
        Column("state", _("状态"), lambda u: u.state, slot="state", state=lambda u: u.state_row),
        Column("left", _("还剩"), lambda u: u.left, kind="int", slot="end", width=8),
        Column("whole", _("列入"), lambda u: u.whole, kind="int", width=8),
        Column("issued", _("发出日期"), lambda u: u.issued_on, kind="date", width=12),
        Column("answer", _("回应"), lambda u: u.answer, width=32),
        UPDATED,
    ),
    filters=(
        Filter("colour", _("颜色"), lambda _u: COLOURS, lambda rows, v: rows.filter(colour=v)),
        Filter("state", _("状态"), _states(URGE, _("在催办")), _in_state),
        Filter("unit", _("被催办单位"), _units(Urge), _of_unit),
    ),
    template="oversight/list.html",
    empty={"title": _("没有催办单"), "text": _("事项逾期满规定的工作日，夜里自动列入催办单；办完就自己结束。")},
)  # fmt: skip


def progressed(rows: QuerySet[ProofDraw]) -> QuerySet[ProofDraw]:
    """Draws with how many were looked at, and how many were not true."""
    return rows.select_related("unit").defer("pool").annotate(
        whole=Count("checks"),
        waiting=Count("checks", filter=Q(checks__state__in=WAITING)),
        false=Count("checks", filter=Q(checks__state="false")),
    )  # fmt: skip


DRAWS = Listing(
    key="oversight-draws",
    title=_("办结核验"),
    rows=lambda user: progressed(ProofDraw.objects.seen_by(user)),
    columns=(
        Column("called", _("名称"), lambda d: d.called, slot="title", width=28),
        Column("state", _("状态"), lambda d: d.state, slot="state", state=lambda d: d.state_row),
        Column("unit", _("单位"), lambda d: str(d.unit) if d.unit else gettext("全镇各单位"), slot="note", width=18),
        Column("progress", _("进展"),
               lambda d: gettext("抽 %(all)d 件，待核验 %(left)d 件，不实 %(false)d 件")
               % {"all": d.whole, "left": d.waiting, "false": d.false}, slot="note", width=28),
        Column("seed", _("公开种子"), lambda d: d.seed, width=20),
        Column("by", _("核验期限"), lambda d: d.check_by, kind="date", slot="end", width=12),
        UPDATED,
    ),
    filters=(Filter("state", _("状态"), _states(DRAW, _("核验中")), _in_state),),
    template="oversight/list.html",
    empty={"title": _("还没有抽取"), "text": _("从已办结的事项里随机抽十件，两个人到现场看是不是真的办了。")},
    actions=_starts("oversight.draw", DRAW.key, "draw", _("抽取办结事项")),
)  # fmt: skip

CHECKS = Listing(
    key="oversight-checks",
    title=_("核验"),
    rows=lambda user: Check.objects.seen_by(user).select_related("file__kind", "unit", "draw", "first", "second"),
    columns=(
        Column("title", _("名称"), lambda c: c.title, slot="title", width=26),
        Column("state", _("结果"), lambda c: c.state, slot="state", state=lambda c: c.state_row),
        Column("act", _("办结事项"), lambda c: c.act, slot="note", width=24),
        Column("unit", _("办理单位"), lambda c: str(c.unit), slot="note", width=18),
        Column("done", _("办结日期"), lambda c: c.done_on, kind="date", width=12),
        Column("team", _("核验人"), lambda c: gettext("、").join(who.name for who in c.team), slot="note", width=16),
        Column("found", _("现场情况"), lambda c: c.found, width=32),
        Column("due", _("核验期限"), lambda c: c.due_on, kind="due", slot="end", width=12),
    ),
    filters=(
        Filter("state", _("结果"), _states(CHECK, _("未核验")), _in_state),
        Filter("unit", _("办理单位"), _units(Check), _of_unit),
        Filter("mine", _("我的"), lambda user: [(user.pk, gettext("由我核验"))],
               lambda rows, v: rows.filter(Q(first=v) | Q(second=v))),
        Filter("draw", _("抽取"), lambda user: [(d.pk, d.called) for d in ProofDraw.objects.seen_by(user)],
               lambda rows, v: rows.filter(draw=v)),
    ),
    template="oversight/list.html",
    empty={"title": _("没有要核验的"), "text": _("抽中的办结事项列在这里。")},
)  # fmt: skip

BOARDS = Listing(
    key="oversight-boards",
    title=_("季度考核"),
    rows=lambda user: Board.objects.seen_by(user).defer("cells", "rule"),
    columns=(
        Column("quarter", _("季度"), lambda b: b.quarter.label, slot="title", width=20),
        Column("state", _("状态"), lambda b: b.state, slot="state", state=lambda b: b.state_row),
        Column("since", _("季度末"), lambda b: b.rule_on, kind="date", slot="end", sort="rule_on", width=12),
        UPDATED,
    ),
    filters=(Filter("state", _("状态"), _states(BOARD, _("未审定")), _in_state),),
    order="-rule_on",
    template="oversight/list.html",
    empty={"title": _("还没有考核"), "text": _("季度结束后系统自动计算；领导小组审定后各单位都能看到。")},
)  # fmt: skip

BULLETINS = Listing(
    key="oversight-bulletins",
    title=_("通报"),
    rows=lambda user: Bulletin.objects.seen_by(user).defer("body"),
    columns=(
        Column("title", _("标题"), lambda b: b.title, slot="title", width=44),
        Column("state", _("状态"), lambda b: b.state, slot="state", state=lambda b: b.state_row),
        Column("number", _("文号"), lambda b: b.number, slot="note", width=24),
        UPDATED,
    ),
    filters=(Filter("state", _("状态"), _states(BULLETIN, _("未印发")), _in_state),),
    search=lambda rows, text: rows.filter(Q(title__icontains=text.strip()) | Q(number__icontains=text.strip())),
    template="oversight/list.html",
    empty={"title": _("还没有通报"), "text": _("正文由系统按数据拟好，改过、签发以后编文号，各单位都能看到。")},
    actions=_starts("bulletin.write", BULLETIN.key, "draft", _("起草季度通报")),
)  # fmt: skip

PRACTICES = Listing(
    key="oversight-practices",
    title=_("经验做法"),
    rows=lambda user: Practice.objects.seen_by(user).select_related("unit").annotate(
        said=Count("comments", distinct=True), used=Count("uses", distinct=True)),
    columns=(
        Column("called", _("名称"), lambda p: p.called, slot="title", width=34),
        Column("state", _("状态"), lambda p: p.state, slot="state", state=lambda p: p.state_row),
        Column("unit", _("报送单位"), lambda p: str(p.unit), slot="note", width=18),
        Column("used", _("照着做的单位"), lambda p: p.used, kind="int", slot="end", width=10),
        Column("said", _("评论"), lambda p: p.said, kind="int", width=8),
        UPDATED,
    ),
    filters=(
        Filter("state", _("状态"), _states(PRACTICE, _("未推广")), lambda rows, v: rows.filter(
            state__in=("sent", "returned") if v == "open" else (v,))),
        Filter("unit", _("报送单位"), _units(Practice), _of_unit),
    ),
    search=lambda rows, text: rows.filter(Q(called__icontains=text.strip()) | Q(how__icontains=text.strip())),
    template="oversight/list.html",
    empty={"title": _("还没有经验做法"), "text": _("哪个村、哪个部门有好办法，写下来，审核后大家都能看到，照着做。")},
    actions=_starts("practice.write", PRACTICE.key, "send", _("报送经验做法")),
)  # fmt: skip
