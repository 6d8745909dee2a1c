"""The lists of sampling: samples, plans, quick tests, publications; and the tabs between them."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sanxiao.archive.models import Establishment, Kind
from sanxiao.office.duties import may
from sanxiao.office.now import today
from sanxiao.office.places import grounds
from sanxiao.papers.lists import Column, Filter, Listing
from sanxiao.papers.tabs import Tab, Tabs
from sanxiao.sampling import say
from sanxiao.sampling.beside_models import Publication, QuickTest
from sanxiao.sampling.beside_rules import PUBLICATION, QUICK
from sanxiao.sampling.models import Sample
from sanxiao.sampling.plan_models import Plan, Quota
from sanxiao.sampling.rules import BREACHES, FAILED, ORIGINS, PLAN, SAMPLE

REPORTED = ("passed", "cleared", *FAILED)
GIVEN_UP = ("dropped", "void")
# What a leader asks of a plan, as a filter of the list: each number of the plan's page opens one of these.
STAGES = {
    "drawn": (_("已抽取"), ~Q(state__in=GIVEN_UP)),
    "waiting": (_("待抽样"), Q(state="drawn")),
    "taken": (_("已抽样"), ~Q(state__in=("drawn", *GIVEN_UP))),
    "reported": (_("已出报告"), Q(state__in=REPORTED)),
    "failed": (_("不合格"), Q(state__in=FAILED)),
    "disposed": (_("已处置"), Q(state="disposed")),
    "gone": (_("未抽成、作废"), Q(state__in=GIVEN_UP)),
}
STATES = [("open", _("未办结")), *[(state.key, state.name) for state in SAMPLE.states]]
DUE = [("late", _("已逾期")), ("week", _("七天内到期"))]


tabs = Tabs(
    _("监督抽检"),
    (
        Tab("samples", _("样品")),
        Tab("sampling-plans", _("抽检计划")),
        Tab("quick-tests", _("快检")),
        Tab("publications", _("公示")),
        Tab("sampling-results", _("导入检验结果"), lambda user: may(user, "sample.record")),
    ),
)


def samples(user: Any) -> QuerySet[Sample]:
    """Samples that this person may see."""
    rows = Sample.objects.seen_by(user).select_related("file__kind", "plan")
    return rows.defer("file__facts", "file__search", "answers")


def _areas(user: Any) -> Sequence[tuple[str, Any]]:
    return [(area.code, area.label) for area in grounds(user, family="sample")]


def _kinds(_user: Any) -> Sequence[tuple[str, Any]]:
    return [(kind.code, str(kind)) for kind in Kind.objects.filter(active=True)]


def _plans(user: Any) -> Sequence[tuple[str, Any]]:
    return [(str(plan.pk), plan.title) for plan in Plan.objects.seen_by(user).order_by("-year")[:20]]


def _quotas(user: Any) -> Sequence[tuple[str, Any]]:
    rows = Quota.objects.filter(plan__in=Plan.objects.seen_by(user)).select_related("plan", "kind")
    return [(str(q.pk), f"{q.plan.year} · {q.no}. {words_of(q)}") for q in rows.order_by("-plan__year", "no")]


def words_of(quota: Quota) -> str:
    """'食品小作坊 · 豆制品', '不限'."""
    parts = [str(quota.kind) if quota.kind else "", say.food(quota.food) if quota.food else ""]
    return " · ".join(filter(None, parts)) or gettext("不限")


def _foods(_user: Any) -> Sequence[tuple[str, Any]]:
    return [(row["code"], say.named(row)) for row in say.foods()]


def _by_due(rows: QuerySet[Sample], value: str) -> QuerySet[Sample]:
    running = rows.filter(state__in=SAMPLE.open_states)
    if value == "late":
        return running.filter(due_on__lt=today())
    return running.filter(due_on__gte=today(), due_on__lte=today().fromordinal(today().toordinal() + 7))


def _found(rows: QuerySet[Sample], text: str) -> QuerySet[Sample]:
    places = Establishment.objects.matching(text).values("pk")
    return rows.filter(Q(file__in=places) | Q(number__icontains=text.strip()) | Q(food_name__icontains=text.strip()))


SAMPLES = Listing(
    key="samples",
    title=_("监督抽检"),
    rows=samples,
    columns=(
        Column("file", _("被抽样单位"), lambda s: s.file.called, slot="title", width=24),
        Column("state", _("状态"), lambda s: s.state, slot="state", state=lambda s: s.state_row),
        Column("food", _("样品"), lambda s: s.food_name or s.food_label, slot="note", width=16),
        Column("number", _("抽样单编号"), lambda s: s.number, width=22),
        Column("kind", _("类别"), lambda s: str(s.file.kind), slot="note", width=12),
        Column("area", _("村（社区）"), lambda s: s.area, kind="area", slot="note", width=16),
        Column("origin", _("来源"), lambda s: str(s.get_origin_display()), width=12),
        Column("taken", _("抽样日期"), lambda s: s.taken_on, kind="date", width=12),
        Column("due", _("最近期限"), lambda s: s.due_on, kind="due", slot="end", width=14),
    ),
    filters=(
        Filter("area", _("村（社区）"), _areas, lambda rows, v: rows.filter(area=v)),
        Filter("kind", _("类别"), _kinds, lambda rows, v: rows.filter(file__kind=v)),
        Filter("food", _("食品"), _foods, lambda rows, v: rows.filter(food=v)),
        Filter("plan", _("抽检计划"), _plans, lambda rows, v: rows.filter(plan=v)),
        Filter("quota", _("指标"), _quotas, lambda rows, v: rows.filter(quota=v)),
        Filter("origin", _("来源"), lambda _u: ORIGINS, lambda rows, v: rows.filter(origin=v)),
        Filter("stage", _("进度"), lambda _u: [(k, name) for k, (name, _q) in STAGES.items()],
               lambda rows, v: rows.filter(STAGES[v][1])),
        Filter("state", _("状态"), lambda _u: STATES,
               lambda rows, v: rows.filter(state__in=SAMPLE.open_states if v == "open" else [v])),
        Filter("breach", _("不合格类型"), lambda _u: BREACHES,
               lambda rows, v: rows.filter(pk__in=rows.filter(results__breach=v).values("pk"))),
        Filter("due", _("期限"), lambda _u: DUE, _by_due),
    ),
    search=_found,
    empty={
        "title": _("还没有抽检任务"), "url": "sampling-plans", "act": _("看年度计划"),
        "text": _("公布年度计划后抽取，抽中的单位就出现在这里；也可以在一户的档案页上列入抽检。"),
    },
    template="sampling/list.html",
)  # fmt: skip


def plans(user: Any) -> QuerySet[Plan]:
    """Plans with their lots: how many were meant, drawn, reported, failed."""
    rows = Plan.objects.seen_by(user)
    return rows.annotate(
        drawn_count=Count("samples", filter=~Q(samples__state__in=GIVEN_UP)),
        reported_count=Count("samples", filter=Q(samples__state__in=REPORTED)),
        failed_count=Count("samples", filter=Q(samples__state__in=FAILED)),
    )


PLANS = Listing(
    key="sampling-plans",
    title=_("年度抽检计划"),
    rows=plans,
    columns=(
        Column("title", _("名称"), lambda p: p.title, slot="title", width=30),
        Column("state", _("状态"), lambda p: p.state, slot="state", state=lambda p: p.state_row),
        Column("year", _("年度"), lambda p: p.year, slot="note", width=8),
        Column("drawn", _("已抽取"), lambda p: p.drawn_count, kind="int", width=10),
        Column("reported", _("已出报告"), lambda p: p.reported_count, kind="int", width=10),
        Column("failed", _("不合格"), lambda p: p.failed_count, kind="int", slot="end", width=10),
        Column(
            "published", _("公布日期"), lambda p: p.published_on if p.state != "draft" else None, kind="date", width=12
        ),
    ),
    filters=(
        Filter(
            "state", _("状态"), lambda _u: [(s.key, s.name) for s in PLAN.states], lambda rows, v: rows.filter(state=v)
        ),
    ),
    order="-year",
    empty={"title": _("还没有年度计划"), "text": _("先编制计划：哪类经营者、哪种食品、多少批次。")},
    template="sampling/list.html",
    actions=lambda request: (
        [{"name": gettext("编制计划"), "url": reverse("do", args=["sampling.plan", "new", "make"]), "primary": True}]
        if may(request.user, "sample.plan")
        else []
    ),
)


def quick_tests(user: Any) -> QuerySet[QuickTest]:
    """Quick tests that this person may see."""
    return QuickTest.objects.seen_by(user).select_related("file__kind").defer("file__facts", "file__search")


QUICKS = Listing(
    key="quick-tests",
    title=_("快速检测"),
    rows=quick_tests,
    columns=(
        Column("file", _("经营单位"), lambda q: q.file.called, slot="title", width=24),
        Column("state", _("结果"), lambda q: q.state, slot="state", state=lambda q: q.state_row),
        Column("food", _("样品"), lambda q: q.food_name, slot="note", width=16),
        Column("item", _("项目"), lambda q: say.item(q.item), slot="note", width=16),
        Column("area", _("村（社区）"), lambda q: q.area, kind="area", slot="note", width=16),
        Column("on", _("快检日期"), lambda q: q.tested_on, kind="date", slot="end", sort="tested_on", width=12),
    ),
    filters=(
        Filter("area", _("村（社区）"), _areas, lambda rows, v: rows.filter(area=v)),
        Filter(
            "state", _("结果"), lambda _u: [(s.key, s.name) for s in QUICK.states], lambda rows, v: rows.filter(state=v)
        ),
    ),
    order="-tested_on",
    search=lambda rows, text: rows.filter(
        Q(file__in=Establishment.objects.matching(text).values("pk")) | Q(food_name__icontains=text.strip())
    ),
    empty={"title": _("还没有快检记录"), "text": _("在一户的档案页上登记快检；阳性的转正式抽检。")},
    template="sampling/list.html",
)


def publications(user: Any) -> QuerySet[Publication]:
    """Publications, standing and taken down."""
    return Publication.objects.seen_by(user).select_related("sample__file").defer("sample__file__facts")


PUBLICATIONS = Listing(
    key="publications",
    title=_("抽检结果公示"),
    rows=publications,
    columns=(
        Column("file", _("被抽样单位"), lambda p: p.facts["unit"], slot="title", width=24),
        Column("state", _("状态"), lambda p: p.state, slot="state", state=lambda p: p.state_row),
        Column("food", _("样品"), lambda p: p.facts["food"], slot="note", width=16),
        Column("verdict", _("结论"), lambda p: gettext("不合格") if p.facts["verdict"] == "fail" else gettext("合格"),
               slot="note", width=8),
        Column("area", _("村（社区）"), lambda p: p.area, kind="area", slot="note", width=16),
        Column("on", _("公示日期"), lambda p: p.published_on, kind="date", slot="end", width=12),
    ),
    filters=(
        Filter("state", _("状态"), lambda _u: [(s.key, s.name) for s in PUBLICATION.states],
               lambda rows, v: rows.filter(state=v)),
        Filter("area", _("村（社区）"), _areas, lambda rows, v: rows.filter(area=v)),
    ),
    empty={"title": _("还没有公示"), "text": _("结果定了、异议和复检期满后，由组织抽检的监管部门公示。")},
    template="sampling/list.html",
    actions=lambda _request: [{"name": gettext("看公示页面"), "url": reverse("open-sampling")}],
)  # fmt: skip
