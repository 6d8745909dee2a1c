"""The list of visits."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sanxiao.archive.models import Establishment, Kind
from sanxiao.docket.tables import State
from sanxiao.inspection.visit_models import Due, Visit
from sanxiao.inspection.visit_rules import CLUES, KINDS, RESULTS, VISIT
from sanxiao.office.now import today
from sanxiao.office.places import grounds
from sanxiao.papers.lists import Column, Filter, Listing
from sanxiao.papers.tabs import Tab, Tabs
from sanxiao.risk import ranks

STATES = [("open", _("未办结")), *[(state.key, state.name) for state in VISIT.states]]
GRADE_TONES = {"A": "green", "B": "blue", "C": "amber", "D": "red"}
DUE = [("late", _("已逾期")), ("week", _("七天内到期"))]
FOUND = [*RESULTS, ("clue", _("立案线索"))]


tabs = Tabs(
    _("检查整改"),
    (
        Tab("visits", _("检查"), "visit"),
        Tab("visits-due", _("应查"), "visit"),
        Tab("visits-route", _("今日路线"), "visit"),
        Tab("orders", _("整改通知"), "order"),
        Tab("orders-waiting", _("待下达"), "order"),
        Tab("talks", _("责任约谈"), "talk"),
    ),
)


def rows(user: Any) -> QuerySet[Visit]:
    """Visits that this person may see."""
    found = Visit.objects.seen_by(user).select_related("file__kind")
    return found.defer("file__facts", "file__search", "answers")


def found(visits: QuerySet[Visit], text: str) -> QuerySet[Visit]:
    """Those of a place found by any of its names, or by the number of the sheet."""
    places = Establishment.objects.matching(text).values("pk")
    return visits.filter(Q(file__in=places) | Q(number__icontains=text.strip()))


def result_row(visit: Visit) -> State | None:
    """The result as a chip; none before it was judged."""
    return State(visit.result, visit.get_result_display(), visit.tone) if visit.result else None


def _areas(user: Any) -> Sequence[tuple[str, Any]]:
    return [(area.code, area.label) for area in grounds(user, family="visit")]


def _places(_user: Any) -> Sequence[tuple[str, Any]]:
    return [(kind.code, str(kind)) for kind in Kind.objects.filter(active=True)]


def _in_state(visits: QuerySet[Visit], value: str) -> QuerySet[Visit]:
    return visits.filter(state__in=VISIT.open_states) if value == "open" else visits.filter(state=value)


def _with_result(visits: QuerySet[Visit], value: str) -> QuerySet[Visit]:
    if value == "clue":
        return visits.filter(action__in=CLUES, told_on__isnull=False)
    return visits.filter(result=value)


def _by_due(visits: QuerySet[Visit], value: str) -> QuerySet[Visit]:
    running = visits.filter(state__in=VISIT.open_states)
    if value == "late":
        return running.filter(due_on__lt=today())
    return running.filter(due_on__range=(today(), today() + timedelta(days=7)))


VISITS = Listing(
    key="visits",
    title=_("检查"),
    rows=rows,
    columns=(
        Column("file", _("经营单位"), lambda v: v.file.called, slot="title", width=24),
        Column("state", _("状态"), lambda v: v.state, slot="state", state=lambda v: v.state_row),
        Column("kind", _("检查类型"), lambda v: v.get_kind_display(), slot="note", width=12),
        Column("result", _("结果"), lambda v: v.result, slot="note", state=result_row, width=10),
        Column("score", _("得分"), lambda v: v.score, kind="decimal", width=8),
        Column("area", _("村（社区）"), lambda v: v.area, kind="area", slot="note", width=16),
        Column("day", _("检查日期"), lambda v: v.done_on or v.begun_on, kind="date", width=12),
        Column("team", _("检查人员"), lambda v: v.higher or v.inspectors, width=16),
        Column("due", _("最近期限"), lambda v: v.due_on, kind="due", slot="end", width=12),
        Column("updated", _("更新"), lambda v: v.updated_at.date(), kind="date", sort="updated_at", width=12),
    ),
    filters=(
        Filter("area", _("村（社区）"), _areas, lambda rows, v: rows.filter(area=v)),
        Filter("place", _("类别"), _places, lambda rows, v: rows.filter(file__kind=v)),
        Filter("kind", _("检查类型"), lambda _u: KINDS, lambda rows, v: rows.filter(kind=v)),
        Filter("state", _("状态"), lambda _u: STATES, _in_state),
        Filter("result", _("结果"), lambda _u: FOUND, _with_result),
        Filter("due", _("期限"), lambda _u: DUE, _by_due),
    ),
    search=found,
    template="inspection/list.html",
    empty={
        "title": _("还没有检查"),
        "text": _("在一户的档案页上按“现场检查”或“安排检查”，检查就出现在这里。"),
    },
)


HORIZON = [("late", _("已到应查日期")), ("month", _("一个月内")), ("never", _("还没有全项检查过"))]
FIRST = [("10", _("前一成")), ("20", _("前两成"))]
PLANNED = [("no", _("还没有安排")), ("yes", _("已安排"))]
LETTERS = [(letter, _("%(letter)s 级") % {"letter": letter}) for letter in "ABCD"]


def due_rows(user: Any) -> QuerySet[Due]:
    """Next dates of the places on one's ground."""
    rows = Due.objects.seen_by(user).select_related("file__kind", "officer").defer("file__facts", "file__search")
    rank = ranks.standing(today()).filter(file=OuterRef("file"))
    return rows.annotate(place=Subquery(rank.values("place")[:1]), among=Subquery(rank.values("among")[:1]))


def _why(due: Any) -> str:
    """What weighs most; before it the place in the order of the model, where there is one."""
    order = gettext("预测排序%(place)s") % {"place": ranks.words_of(due)} if due.place else ""
    return gettext("；").join(filter(None, (order, *due.said[:2])))


def _first(dues: QuerySet[Due], value: str) -> QuerySet[Due]:
    """The first tenth, or fifth, of the order that the model made."""
    top = ranks.standing(today()).filter(place__lte=F("among") * int(value) / 100)
    return dues.filter(file__in=top.values("file"))


def _within(dues: QuerySet[Due], value: str) -> QuerySet[Due]:
    if value == "never":
        return dues.filter(last_on__isnull=True)
    return dues.filter(due_on__lte=today() + timedelta(days=0 if value == "late" else 30))


def _planned(dues: QuerySet[Due], value: str) -> QuerySet[Due]:
    return dues.unplanned() if value == "no" else dues.exclude(pk__in=dues.unplanned().values("pk"))  # type: ignore[attr-defined]


def _officers(user: Any) -> Sequence[tuple[str, Any]]:
    held = Due.objects.seen_by(user).filter(officer__isnull=False)
    return [
        (str(pk), name)
        for pk, name in held.order_by("officer__name").values_list("officer", "officer__name").distinct()
    ]


DUES = Listing(
    key="visits-due",
    title=_("应查"),
    rows=due_rows,
    columns=(
        Column("file", _("经营单位"), lambda d: d.file.called, slot="title", width=24),
        Column("letter", _("风险等级"), lambda d: d.letter, slot="state", width=8,
               state=lambda d: State(d.letter, gettext("%(letter)s 级") % {"letter": d.letter}, GRADE_TONES[d.letter])),
        Column("due", _("应查日期"), lambda d: d.due_on, kind="due", slot="end", sort="due_on", width=12),
        Column("points", _("风险分值"), lambda d: d.points, kind="decimal", sort="points", width=8),
        Column("kind", _("类别"), lambda d: str(d.file.kind), slot="note", width=12),
        Column("area", _("村（社区）"), lambda d: d.area, kind="area", slot="note", width=16),
        Column("last", _("上次全项检查"), lambda d: d.last_on, kind="date", width=12),
        Column("year", _("每年次数"), lambda d: d.per_year, kind="decimal", width=8),
        Column("officer", _("监管员"), lambda d: str(d.officer or ""), width=12),
        Column("reasons", _("理由"), _why, width=40),
    ),
    filters=(
        Filter("area", _("村（社区）"), _areas, lambda rows, v: rows.filter(area=v)),
        Filter("officer", _("监管员"), _officers, lambda rows, v: rows.filter(officer=v)),
        Filter("place", _("类别"), _places, lambda rows, v: rows.filter(file__kind=v)),
        Filter("letter", _("风险等级"), lambda _u: LETTERS, lambda rows, v: rows.filter(letter=v)),
        Filter("due", _("应查日期"), lambda _u: HORIZON, _within),
        Filter("rank", _("预测排序"), lambda _u: FIRST, _first),
        Filter("planned", _("安排"), lambda _u: PLANNED, _planned),
    ),
    order="due_on",
    search=lambda rows, text: rows.filter(file__in=Establishment.objects.matching(text).values("pk")),
    template="inspection/due.html",
    empty={
        "title": _("还没有应查的单位"),
        "text": _("每天夜里按风险等级和上次检查的日期，给每一户算出下次应查的日期和理由。"),
    },
)  # fmt: skip
