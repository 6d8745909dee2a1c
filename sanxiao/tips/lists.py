"""The lists of the room: the inbox of both tracks by due date, reports, complaints, rewards."""

from collections.abc import Sequence
from datetime import timedelta
from itertools import chain
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sanxiao.docket.flow import Flow
from sanxiao.office.duties import may
from sanxiao.office.models import Office
from sanxiao.office.now import today
from sanxiao.office.places import grounds, names_of
from sanxiao.papers.lists import Column, Filter, Listing
from sanxiao.papers.tabs import Tab, Tabs
from sanxiao.tips.models import Complaint, Handler, Letter, Report, Reward, Track, unanswered
from sanxiao.tips.rules import CHANNELS, COMPLAINT, OUTCOMES, PROBLEMS, REPORT, REWARD

DUE = [("late", _("已逾期")), ("week", _("七天内到期")), ("paused", _("计时暂停"))]
SHOWN = 200


def _receives(user: Any) -> bool:
    return may(user, "tip.receive")


def _handles(user: Any) -> bool:
    return _receives(user) or may(user, "tip.check")


tabs = Tabs(
    _("投诉举报"),
    (
        Tab("tips", _("待办"), _handles),
        Tab("tip-reports", _("举报"), _handles),
        Tab("tip-complaints", _("投诉"), _handles),
        Tab("tip-rewards", _("奖励"), lambda user: may(user, "payout.approve") or may(user, "reward.propose")),
        Tab("tip-figures", _("统计"), lambda user: may(user, "tipfigure.read")),
        Tab("tip-find", _("找回执"), _receives),
        Tab("tip-exchange", _("12345、12315"), lambda user: may(user, "tip.exchange")),
        Tab("tip-routes", _("分派规则"), _receives),
        Tab("tip-posters", _("海报"), _receives),
        Tab("tip-handlers", _("专管人员"), lambda user: may(user, "handler.name") or Handler.of(user) is not None),
        Tab("tip-retention", _("保留与销毁"), lambda user: may(user, "tip.dispose")),
    ),
)


def rows_of(model: type[Track], user: Any) -> QuerySet:
    """Tracks with their letters; the file's big columns are left out."""
    rows = model.objects.seen_by(user).select_related("letter", "office", "file")
    return rows.defer("file__facts", "file__search")


def inbox(user: Any) -> list[Track]:
    """What is open, both tracks, by due date; paused ones, which have none, at the end."""
    found = chain.from_iterable(
        rows_of(model, user).filter(state__in=flow.open_states).order_by("due_on")[:SHOWN]
        for model, flow in ((Complaint, COMPLAINT), (Report, REPORT))
    )
    return sorted(found, key=lambda track: (track.due_on is None, track.due_on or today(), str(track.pk)))[:SHOWN]


def named(rows: list[Track]) -> list[Track]:
    """The same with the names of their villages, asked for at once."""
    names = names_of(track.area for track in rows) if rows else {}
    for track in rows:
        track.area_called = names.get(track.area, track.area)
    return rows


def fresh_words(user: Any) -> list[Track]:
    """Tracks in whose talk the informer has written what nobody has read; one for each letter."""
    if not may(user, "tip.receive"):
        return []
    found: dict[Any, Track] = {}
    for model in (Complaint, Report):
        for track in unanswered(rows_of(model, user))[:50]:
            found.setdefault(track.letter_id, track)
    return list(found.values())


def unhappy(user: Any) -> list[Track]:
    """Closed ones whose informer is not content, of the last ninety days; somebody decides whether to begin again."""
    since = today() - timedelta(days=90)
    return [
        track for model in (Complaint, Report)
        for track in rows_of(model, user).filter(state="closed", satisfied="no", letter__closed_on__gte=since)[:50]
    ]  # fmt: skip


def _areas(user: Any) -> Sequence[tuple[str, Any]]:
    return [(area.code, area.label) for area in grounds(user, family="tip")]


def _offices(_user: Any) -> Sequence[tuple[str, Any]]:
    return [(str(office.pk), office.label) for office in Office.objects.on().exclude(role__in=("village", "admin"))]


def _by_due(rows: QuerySet, value: str) -> QuerySet:
    running = rows.exclude(due_on__isnull=True)
    if value == "late":
        return running.filter(due_on__lt=today())
    if value == "paused":
        return rows.filter(due_on__isnull=True, state__in=rows.model.flow.open_states)
    return running.filter(due_on__gte=today(), due_on__lte=today() + timedelta(days=7))


def _states(flow: Flow) -> Any:
    return lambda _user: [("open", gettext("未办结")), *((state.key, state.name) for state in flow.states)]


def _in_state(rows: QuerySet, value: str) -> QuerySet:
    return rows.filter(state__in=rows.model.flow.open_states if value == "open" else [value])


def _found(rows: QuerySet, text: str) -> QuerySet:
    """By the number of the 12345 or 12315 list; the words themselves are encrypted and found by nobody."""
    return rows.filter(Q(letter__number=text.strip()) | Q(file__called__icontains=text.strip()[:50]))


def _office_name(track: Any) -> str:
    return track.office.label if track.office else ""


_COLUMNS = (
    Column("title", _("来件"), lambda t: t.title, slot="title", width=34),
    Column("state", _("状态"), lambda t: t.state, slot="state", state=lambda t: t.state_row),
    Column("area", _("村（社区）"), lambda t: t.area, kind="area", slot="note", width=16),
    Column("channel", _("来源"), lambda t: t.letter.get_channel_display(), slot="note", width=12),
    Column("office", _("承办单位"), _office_name, width=18),
    Column("received", _("收到日期"), lambda t: t.rule_on, kind="date", sort="rule_on", width=12),
    Column("number", _("来件编号"), lambda t: t.letter.number, width=18),
    Column("due", _("期限"), lambda t: t.due_on, kind="due", slot="end", width=14),
)


def _filters(flow: Flow) -> tuple[Filter, ...]:
    return (
        Filter("state", _("状态"), _states(flow), _in_state),
        Filter("due", _("期限"), lambda _u: DUE, _by_due),
        Filter("problem", _("问题"), lambda _u: PROBLEMS, lambda rows, v: rows.filter(letter__problem=v)),
        Filter("area", _("村（社区）"), _areas, lambda rows, v: rows.filter(area=v)),
        Filter("channel", _("来源"), lambda _u: CHANNELS, lambda rows, v: rows.filter(letter__channel=v)),
        Filter("office", _("承办单位"), _offices, lambda rows, v: rows.filter(office=v)),
    )


def _acts(request: HttpRequest) -> list[dict[str, Any]]:
    if not may(request.user, "tip.receive"):
        return []
    return [{"name": gettext("登记来访、来电"), "url": reverse("tip-new"), "primary": False}]


REPORTS = Listing(
    key="tip-reports",
    title=_("举报"),
    rows=lambda user: rows_of(Report, user),
    columns=(*_COLUMNS[:-1], Column("outcome", _("结论"), lambda t: t.get_outcome_display(), width=12), _COLUMNS[-1]),
    filters=(
        *_filters(REPORT),
        Filter("outcome", _("结论"), lambda _u: OUTCOMES, lambda rows, v: rows.filter(outcome=v)),
    ),
    order="-rule_on",
    search=_found,
    empty={"title": _("没有举报"), "text": _("网页、热线来的举报，第二天早上出现在这里。")},
    template="tips/list.html",
    actions=_acts,
)  # fmt: skip

COMPLAINTS = Listing(
    key="tip-complaints",
    title=_("投诉"),
    rows=lambda user: rows_of(Complaint, user),
    columns=_COLUMNS,
    filters=_filters(COMPLAINT),
    order="-rule_on",
    search=_found,
    empty={"title": _("没有投诉"), "text": _("要求退款、赔偿的来件，第二天早上出现在这里。")},
    template="tips/list.html",
    actions=_acts,
)

REWARDS = Listing(
    key="tip-rewards",
    title=_("举报奖励"),
    rows=lambda user: Reward.objects.seen_by(user),
    columns=(
        Column("title", _("奖励"), lambda r: r.title, slot="title", width=18),
        Column("state", _("状态"), lambda r: r.state, slot="state", state=lambda r: r.state_row),
        Column("level", _("奖励等级"), lambda r: r.get_level_display(), slot="note", width=10),
        Column("decision", _("处罚决定书文号"), lambda r: r.decision, width=24),
        Column("amount", _("金额（元）"), lambda r: r.amount or r.computed, kind="int", slot="note", width=12),
        Column("on", _("提请日期"), lambda r: r.rule_on, kind="date", sort="rule_on", width=12),
        Column("due", _("领取期限"), lambda r: r.due_on, kind="due", slot="end", width=14),
    ),
    filters=(
        Filter("state", _("状态"), lambda _u: [(s.key, s.name) for s in REWARD.states],
               lambda rows, v: rows.filter(state=v)),
    ),
    order="-rule_on",
    empty={"title": _("没有举报奖励"), "text": _("举报查证属实、办结以后，由市场监管分局提请，财政所审批。")},
    template="tips/list.html",
)  # fmt: skip


def doubles(track: Track, user: Any, days: int = 7) -> list[Track]:
    """Of the same place and problem within a week: the same file, or the same village and a like name or point."""
    near = rows_of(type(track), user).exclude(pk=track.pk).filter(
        rule_on__gte=track.rule_on - timedelta(days=days), rule_on__lte=track.rule_on + timedelta(days=days),
        letter__problem=track.letter.problem, area=track.area,
    )  # fmt: skip
    return [other for other in near[:100] if _same_place(track, other)]


def _same_place(one: Track, other: Track) -> bool:
    if one.file_id and other.file_id:
        return one.file_id == other.file_id
    mine, theirs = one.letter.content, other.letter.content
    named = [str(said.get("place") or "").strip() for said in (mine, theirs)]
    if all(named):
        return named[0] in named[1] or named[1] in named[0]
    return not any(named)  # both name nothing but the village and the problem


def others_of(letter: Letter, user: Any) -> QuerySet[Letter]:
    """Letters with the same telephone in the last twelve months: shown, never a ground for a machine."""
    if not letter.contact:
        return Letter.objects.none()
    since = letter.received_on - timedelta(days=365)
    rows = Letter.objects.seen_by(user).filter(contact=letter.contact, received_on__gte=since)
    return rows.exclude(pk=letter.pk).order_by("-received_on", "id")
