"""The lists of zones: projects, steps at the offices, opinions, entrants; and the tabs between them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sanxiao.archive import lists as files
from sanxiao.archive.models import Establishment, Kind
from sanxiao.office.duties import may, scope_of
from sanxiao.office.models import Office
from sanxiao.office.now import today
from sanxiao.office.places import grounds
from sanxiao.papers.lists import Column, Filter, Listing
from sanxiao.papers.tabs import Tab, Tabs
from sanxiao.zones import night, show, timing
from sanxiao.zones.figures import STAGES, at_stage
from sanxiao.zones.models import Condition, Entrant, Opinion, Step, Zone
from sanxiao.zones.rules import CONDITION, ENTRANT, FUNNEL_OPEN, GOING, HERE, OPENED, OPINION, STEP, ZONE

DUE = [("late", _("已逾期")), ("week", _("七天内到期"))]
WITH_SOMEBODY = (*timing.BY_VILLAGE, *timing.BY_OFFICE, "consulting")


tabs = Tabs(
    _("集中区"),
    (
        Tab("zones", _("集中区")),
        Tab("zone-steps", _("手续")),
        Tab("zone-opinions", _("征求的意见")),
        Tab("zone-conditions", _("附加条件")),
        Tab("zone-entrants", _("入驻")),
        Tab("zone-offices", _("各单位用时")),
    ),
)


def _areas(user: Any) -> Sequence[tuple[str, Any]]:
    return [(area.code, area.label) for area in grounds(user, family="zone")]


def _kinds(_user: Any) -> Sequence[tuple[str, Any]]:
    return [(kind.code, str(kind)) for kind in Kind.objects.filter(active=True)]


def _zones(user: Any) -> Sequence[tuple[str, Any]]:
    return [(str(pk), name) for pk, name in Zone.objects.seen_by(user).values_list("pk", "called")]


def _roles(_user: Any) -> Sequence[tuple[str, Any]]:
    rows = Office.objects.on().filter(role__in=("planning", "environment", "land", "construction", "leading", "urban",
                                                "bureau"))  # fmt: skip
    return [(office.role, office.label) for office in rows] + [("village", gettext("村（社区）"))]


def _states(flow: Any, *extra: tuple[str, Any]) -> Any:
    return lambda _user: [*extra, *[(state.key, state.name) for state in flow.states]]


def _by_due(rows: QuerySet, value: str) -> QuerySet:
    if value == "late":
        return rows.filter(due_on__lt=today())
    return rows.filter(due_on__gte=today(), due_on__lte=today() + timedelta(days=7))


# --- zones -------------------------------------------------------------------------------------------------------


def zones(user: Any) -> QuerySet[Zone]:
    """Projects on one's ground."""
    return Zone.objects.seen_by(user).select_related("kind")


def _zone_state(rows: QuerySet[Zone], value: str) -> QuerySet[Zone]:
    groups = {"going": GOING, "running": OPENED}
    return rows.filter(state__in=groups[value]) if value in groups else rows.filter(state=value)


def _propose(request: HttpRequest) -> list[dict[str, Any]]:
    if not may(request.user, "zone.propose"):
        return []
    return [
        {"name": gettext("提出集中区项目"), "url": reverse("do", args=[ZONE.key, "new", "propose"]), "primary": True}
    ]


def _holders(zone: Any) -> str:
    said = (gettext("%(who)s %(n)d 天") % {"who": who, "n": days} for who, days in zone.holders)
    return gettext("、").join(said)


def _occupancy(zone: Any) -> str:
    return f"{zone.let_count} / {zone.unit_count}" if zone.unit_count else ""


ZONES = Listing(
    key="zones",
    title=_("集中区"),
    rows=zones,
    columns=(
        Column("called", _("名称"), lambda z: z.called, slot="title", width=28),
        Column("state", _("状态"), lambda z: z.state, slot="state", state=lambda z: z.state_row),
        Column("sort", _("类别"), lambda z: z.sort, slot="note", width=14),
        Column("area", _("村（社区）"), lambda z: z.area, kind="area", slot="note", width=16),
        Column("steps", _("手续"), lambda z: f"{z.step_done} / {z.step_count}", width=10),
        Column("holders", _("现在在谁手里"), _holders, slot="note", width=26),
        Column("expected", _("预计办完"), lambda z: z.expected, kind="date", slot="end", width=12),
        Column("units", _("已分配 / 可分配"), _occupancy, width=14),
        Column("invested", _("已投资（万元）"), lambda z: z.invested, kind="int", width=12),
        Column("updated", _("更新"), lambda z: z.updated_at.date(), kind="date", sort="updated_at", width=12),
    ),
    filters=(
        Filter("area", _("村（社区）"), _areas, lambda rows, v: rows.filter(area=v)),
        Filter("kind", _("类别"), _kinds, lambda rows, v: rows.filter(kind=v)),
        Filter("state", _("状态"), _states(ZONE, ("going", _("在办在建")), ("running", _("已开业的"))), _zone_state),
    ),
    search=lambda rows, text: rows.filter(Q(called__icontains=text.strip()) | Q(address__icontains=text.strip())),
    order="-updated_at",
    actions=_propose,
    lay=show.lay_on,
    template="zones/zones.html",
    empty={
        "title": _("还没有集中区项目"),
        "text": _("按“提出集中区项目”，写明类别、位置、面积和投资，要办哪些手续程序会列出来。"),
    },
)  # fmt: skip


# --- steps -------------------------------------------------------------------------------------------------------


def steps(user: Any) -> QuerySet[Step]:
    """Steps of the projects on one's ground that apply."""
    rows = Step.objects.seen_by(user).select_related("zone__kind")
    return rows.exclude(state__in=("skipped", "ended")).exclude(zone__state="dropped")


def lay_holders(rows: Sequence[Any]) -> None:
    """Write on each step who has it now and for how long."""
    names, now = show.Names(), timing.now_held(timing.held(rows))
    for step in rows:
        held = now.get(step.pk, [])
        step.holder = gettext("、").join(names.of(one.role, step.area) for one in held)
        step.held_days = max((one.days for one in held), default=None)


def _step_state(rows: QuerySet[Step], value: str) -> QuerySet[Step]:
    return rows.filter(state__in=WITH_SOMEBODY) if value == "open" else rows.filter(state=value)


def with_role(rows: QuerySet[Step], role: str) -> QuerySet[Step]:
    """Steps that lie with an office now: its own, and those that wait for its opinion."""
    asked = Opinion.objects.filter(office__role=role, state__in=("asked", "lapsed")).values("step")
    own = Q(role=role, state__in=timing.BY_OFFICE) if role != "village" else Q(state__in=timing.BY_VILLAGE)
    return rows.filter(own | Q(state="consulting", pk__in=asked))


STEPS = Listing(
    key="zone-steps",
    title=_("集中区手续"),
    rows=steps,
    columns=(
        Column("name", _("手续"), lambda s: s.title, slot="title", width=34),
        Column("state", _("状态"), lambda s: s.state, slot="state", state=lambda s: s.state_row),
        Column("holder", _("现在在谁手里"), lambda s: s.holder, slot="note", width=22),
        Column("days", _("已在手天数"), lambda s: s.held_days, kind="int", width=10),
        Column("area", _("村（社区）"), lambda s: s.area, kind="area", slot="note", width=16),
        Column("number", _("文号、证号"), lambda s: s.document_no, width=20),
        Column("valid", _("有效期至"), lambda s: s.valid_until, kind="date", width=12),
        Column("due", _("期限"), lambda s: s.due_on if s.state in WITH_SOMEBODY else None, kind="due", slot="end",
               width=12),
        Column("updated", _("更新"), lambda s: s.updated_at.date(), kind="date", sort="updated_at", width=12),
    ),
    filters=(
        Filter("zone", _("集中区"), _zones, lambda rows, v: rows.filter(zone=v)),
        Filter("area", _("村（社区）"), _areas, lambda rows, v: rows.filter(area=v)),
        Filter("with", _("在谁手里"), _roles, with_role),
        Filter("state", _("状态"), _states(STEP, ("open", _("在办"))), _step_state),
        Filter("due", _("期限"), lambda _u: DUE, lambda rows, v: _by_due(rows.filter(state__in=WITH_SOMEBODY), v)),
        Filter("paper", _("证件"), lambda _u: [("ending", _("快到期、已到期"))], lambda rows, _v: night.ending(rows)),
    ),
    search=lambda rows, text: rows.filter(
        Q(zone__called__icontains=text.strip())
        | Q(name__icontains=text.strip())
        | Q(document_no__icontains=text.strip())
    ),
    order="-updated_at",
    lay=lay_holders,
    template="zones/list.html",
    empty={"title": _("还没有手续"), "text": _("提出集中区项目以后，要办的手续都列在这里。")},
)  # fmt: skip


# --- opinions and conditions -------------------------------------------------------------------------------------


def opinions(user: Any) -> QuerySet[Opinion]:
    """What offices were asked on one's ground."""
    return Opinion.objects.seen_by(user).exclude(state="queued").select_related("step__zone", "office")


def mine(rows: QuerySet[Opinion], user: Any) -> QuerySet[Opinion]:
    """Those that wait for this person's own office."""
    offices = [seat.office_id for seat in scope_of(user).seats]
    return rows.filter(office__in=offices, state__in=("asked", "lapsed"))


OPINIONS = Listing(
    key="zone-opinions",
    title=_("征求的意见"),
    rows=opinions,
    columns=(
        Column("step", _("手续"), lambda o: o.step.title, slot="title", width=34),
        Column("state", _("状态"), lambda o: o.state, slot="state", state=lambda o: o.state_row),
        Column("office", _("单位"), lambda o: o.office.label, slot="note", width=16),
        Column("asked", _("征求日期"), lambda o: o.asked_on, kind="date", width=12),
        Column("answered", _("回复日期"), lambda o: o.answered_on, kind="date", width=12),
        Column("urged", _("催办次数"), lambda o: o.urged, kind="int", width=8),
        Column("words", _("意见"), lambda o: o.words, width=30),
        Column("due", _("期限"), lambda o: None if o.is_in else o.due_on, kind="due", slot="end", width=12),
    ),
    filters=(
        Filter("zone", _("集中区"), _zones, lambda rows, v: rows.filter(step__zone=v)),
        Filter("office", _("单位"), _roles, lambda rows, v: rows.filter(office__role=v)),
        Filter("state", _("状态"), _states(OPINION, ("silent", _("没有回复的"))),
               lambda rows, v: rows.filter(state__in=("asked", "lapsed")) if v == "silent" else rows.filter(state=v)),
        Filter("urged", _("催办情况"), lambda _u: [("yes", _("催过的"))], lambda rows, _v: rows.filter(urged__gt=0)),
    ),
    order="-updated_at",
    template="zones/list.html",
    empty={"title": _("还没有征求过意见"), "text": _("主办单位受理以后按“征求意见”，各单位的回复列在这里。")},
)  # fmt: skip

CONDITIONS = Listing(
    key="zone-conditions",
    title=_("附加条件"),
    rows=lambda user: Condition.objects.seen_by(user).select_related("step__zone"),
    columns=(
        Column("text", _("条件内容"), lambda c: c.text, slot="title", width=40),
        Column("state", _("状态"), lambda c: c.state, slot="state", state=lambda c: c.state_row),
        Column("step", _("手续"), lambda c: c.step.title, slot="note", width=34),
        Column("area", _("村（社区）"), lambda c: c.area, kind="area", slot="note", width=16),
        Column("met", _("落实日期"), lambda c: c.met_on, kind="date", width=12),
        Column("due", _("期限"), lambda c: c.until_on if c.is_open else None, kind="due", slot="end", width=12),
    ),
    filters=(
        Filter("zone", _("集中区"), _zones, lambda rows, v: rows.filter(step__zone=v)),
        Filter("state", _("状态"), _states(CONDITION, ("unmet", _("没有落实的"))),
               lambda rows, v: rows.filter(state__in=("open", "proved")) if v == "unmet" else rows.filter(state=v)),
        Filter("due", _("期限"), lambda _u: DUE, lambda rows, v: _by_due(rows.filter(state="open"), v)),
    ),
    order="-updated_at",
    template="zones/list.html",
    empty={"title": _("没有附加条件"), "text": _("附条件同意的手续，条件一条一条列在这里，直到落实。")},
)  # fmt: skip


# --- entrants ----------------------------------------------------------------------------------------------------


def entrants(user: Any) -> QuerySet[Entrant]:
    """Entrants of zones on one's ground, and one's own places that go elsewhere."""
    rows = Entrant.objects.seen_by(user).select_related("place__kind", "place__operator", "zone", "unit")
    return rows.defer("place__facts", "place__search")


def _entrant_state(rows: QuerySet[Entrant], value: str) -> QuerySet[Entrant]:
    return rows.filter(state__in=HERE) if value == "here" else rows.filter(state=value)


def _stage(rows: QuerySet[Entrant], value: str) -> QuerySet[Entrant]:
    return at_stage(rows.defer(None), value)


def _special(rows: QuerySet[Entrant], value: str) -> QuerySet[Entrant]:
    if value == "contract":
        return night.ending_contracts(rows)
    return rows.filter(state__in=HERE).exclude(place__in=Establishment.objects.trading())


ENTRANTS = Listing(
    key="zone-entrants",
    title=_("集中区入驻"),
    rows=entrants,
    columns=(
        Column("place", _("经营单位"), lambda e: e.place.called, slot="title", width=24),
        Column("state", _("状态"), lambda e: e.state, slot="state", state=lambda e: e.state_row),
        Column("zone", _("集中区"), lambda e: e.zone.called, slot="note", width=24),
        Column("unit", _("摊位（单元）"), lambda e: e.unit.number if e.unit else "", slot="note", width=10),
        Column("queue", _("轮候号"), lambda e: e.queue_no, kind="int", width=8),
        Column("from", _("原在村（社区）"), lambda e: e.place.area, kind="area", width=16),
        Column("contract", _("合同号"), lambda e: e.contract_no, width=16),
        Column("moved", _("入驻日期"), lambda e: e.moved_on, kind="date", width=12),
        Column("until", _("合同到期"), lambda e: e.contract_to if e.is_here else None, kind="due", slot="end"),
        Column("updated", _("更新"), lambda e: e.updated_at.date(), kind="date", sort="updated_at", width=12),
    ),
    filters=(
        Filter("zone", _("集中区"), _zones, lambda rows, v: rows.filter(zone=v)),
        Filter("stage", _("走到哪一步"), lambda _u: STAGES, _stage),
        Filter("state", _("状态"), _states(ENTRANT, ("here", _("占着摊位的"))), _entrant_state),
        Filter("kind", _("类别"), _kinds, lambda rows, v: rows.filter(zone__kind=v)),
        Filter("look", _("要看一看的"),
               lambda _u: [("contract", _("合同快到期、已到期")), ("gone", _("已不经营还占着摊位"))], _special),
    ),
    search=lambda rows, text: rows.filter(place__in=Establishment.objects.matching(text).values("pk")),
    order="-updated_at",
    template="zones/list.html",
    empty={"title": _("还没有邀请谁入驻"), "text": _("在一户的档案页上按“邀请入驻集中区”，就出现在这里。")},
)  # fmt: skip


def willing(user: Any) -> QuerySet[Establishment]:
    """Places that said in the survey that they would move into a zone, and that nobody has invited."""
    asked = Entrant.objects.filter(place=OuterRef("pk"), state__in=FUNNEL_OPEN)
    taking = Zone.objects.exclude(state__in=("dropped", "shut")).values("kind")
    rows: Any = files.rows(user)
    found: QuerySet[Establishment] = rows.trading().filter(~Exists(asked), facts__zone_willing="yes", kind__in=taking)
    return found


WILLING = replace(
    files.FILES,
    key="zone-willing",
    title=_("愿意进集中区、还没有邀请"),
    rows=willing,
    filters=tuple(f for f in files.FILES.filters if f.key in ("area", "kind")),
    actions=None,
    map_url="",
    template="zones/list.html",
    empty={"title": _("都邀请过了"), "text": _("调查时说愿意进集中区、还没有邀请的，出现在这里。")},
)
