"""The lists of the room: acts, exposed cases, people with their credit records, requests on these."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sanxiao.archive.models import Establishment
from sanxiao.office.duties import may, may_read
from sanxiao.office.places import grounds
from sanxiao.papers.lists import Column, Filter, Listing
from sanxiao.papers.tabs import Tab, Tabs
from sanxiao.publicity import credit, say
from sanxiao.publicity.acts import units
from sanxiao.publicity.models import Act, Exposure, Person, Repair
from sanxiao.publicity.rules import ACT, EXPOSURE, REPAIR

tabs = Tabs(
    _("宣传曝光"),
    (
        Tab("publicity", _("宣传活动"), "publicity"),
        Tab("publicity-units", _("各单位"), "publicity"),
        Tab("publicity-texts", _("文稿"), "publicity"),
        Tab("exposures", _("典型案例"), "expose"),
        Tab("polls", _("满意度"), "poll"),
        Tab("credits", _("信用档案"), "credit"),
        Tab("credit-repairs", _("异议与修复"), "credit"),
    ),
)


def _areas(family: str) -> Any:
    def choices(user: Any) -> Sequence[tuple[str, Any]]:
        return [(area.code, area.label) for area in grounds(user, family=family)]

    return choices


def _states(flow: Any) -> Filter:
    return Filter("state", _("状态"), lambda _u: [(s.key, s.name) for s in flow.states],
                  lambda rows, v: rows.filter(state=v))  # fmt: skip


# --- acts --------------------------------------------------------------------------------------------------------


def acts(user: Any) -> QuerySet[Act]:
    """Acts of one's own ground and of the town."""
    return Act.objects.seen_by(user).select_related("office", "text")


def _new_act(request: HttpRequest) -> list[dict[str, Any]]:
    if not may(request.user, "publicity.do"):
        return []
    return [
        {"name": gettext("登记宣传"), "url": reverse("do", args=[ACT.key, "new", "record"]), "primary": True},
        {"name": gettext("安排宣传"), "url": reverse("do", args=[ACT.key, "new", "plan"])},
    ]  # fmt: skip


def _offices(user: Any) -> Sequence[tuple[str, Any]]:
    return [(str(office.pk), office.label) for office in units(user)]


ACTS = Listing(
    key="acts",
    title=_("宣传活动"),
    rows=acts,
    columns=(
        Column("title", _("宣传什么"), lambda a: a.title, slot="title", width=30),
        Column("state", _("状态"), lambda a: a.state, slot="state", state=lambda a: a.state_row),
        Column("channel", _("渠道"), lambda a: a.channel, slot="note", width=14),
        Column("office", _("单位"), lambda a: str(a.office), slot="note", width=18),
        Column("text", _("文稿（版本）"), lambda a: str(a.text or ""), width=24),
        Column("place", _("地点或媒体"), lambda a: a.place, width=20),
        Column("reach", _("覆盖人数"), lambda a: a.reach, kind="int", slot="note", width=10),
        Column("how", _("人数怎么来的"), lambda a: str(a.get_reach_how_display()) if a.reach is not None else "",
               width=10),
        Column("on", _("日期"), lambda a: a.done_on or a.planned_on, kind="date", slot="end", width=12),
    ),
    filters=(
        Filter("office", _("单位"), _offices, lambda rows, v: rows.filter(office=v)),
        Filter("channel", _("渠道"), lambda _u: say.channel_names(), lambda rows, v: rows.filter(channel=v)),
        _states(ACT),
    ),
    search=lambda rows, text: rows.filter(Q(title__icontains=text.strip()) | Q(place__icontains=text.strip())),
    actions=_new_act,
    template="publicity/list.html",
    empty={"title": _("还没有宣传活动"), "text": _("贴了告示、开了会、上了报纸，都登记在这里。")},
)  # fmt: skip


def acts_list() -> Listing:
    """Acts with their channels in words; they are read once for all."""
    names = dict(say.channel_names())
    columns = tuple(
        replace(column, value=lambda a: names.get(a.channel, a.channel)) if column.key == "channel" else column
        for column in ACTS.columns
    )
    return replace(ACTS, columns=columns)


# --- exposed cases -----------------------------------------------------------------------------------------------

EXPOSURES = Listing(
    key="exposures",
    title=_("典型案例"),
    rows=lambda user: Exposure.objects.seen_by(user),
    columns=(
        Column("title", _("标题"), lambda e: e.title, slot="title", width=34),
        Column("state", _("状态"), lambda e: e.state, slot="state", state=lambda e: e.state_row),
        Column("number", _("编号"), lambda e: e.number, width=18),
        Column("area", _("村（社区）"), lambda e: e.area, kind="area", slot="note", width=16),
        Column("since", _("公开日期"), lambda e: e.published_on, kind="date", width=12),
        Column("until", _("公开至"), lambda e: e.public_until, kind="date", slot="end", width=12),
        Column("ended", _("撤下日期"), lambda e: e.ended_on, kind="date", width=12),
    ),
    filters=(
        _states(EXPOSURE),
        Filter("area", _("村（社区）"), _areas("expose"), lambda rows, v: rows.filter(area=v)),
    ),
    search=lambda rows, text: rows.filter(Q(title__icontains=text.strip()) | Q(number__icontains=text.strip())),
    actions=lambda _request: [{"name": gettext("看公开页面"), "url": reverse("open-cases")}],
    template="publicity/exposures.html",
    empty={"title": _("还没有曝光的案例"), "text": _("已结案、处罚决定正在公示的案件，可以从下面提出。")},
)


# --- credit ------------------------------------------------------------------------------------------------------


def operators(user: Any) -> QuerySet[Person]:
    """People who run a place on one's own ground."""
    if not may_read(user, "credit"):
        return Person.objects.none()
    places = Establishment.objects.seen_by(user).exclude(state="void")
    return Person.objects.filter(pk__in=places.values("operator"))


def _lay(found: Sequence[Any]) -> None:
    records = credit.records(list(found)) if found else {}
    places: dict[Any, list[str]] = {}
    for file in Establishment.objects.filter(operator__in=[o.pk for o in found]).exclude(state="void").order_by("id"):
        places.setdefault(file.operator_id, []).append(file.called)
    for operator in found:
        operator.record = records[operator.pk]
        operator.called_places = places.get(operator.pk, [])


def _banded(rows: QuerySet, value: str) -> QuerySet:
    """By band: worked out for everybody on the ground, in a fixed number of queries."""
    people = list(rows)
    records = credit.records(people) if people else {}
    return rows.filter(pk__in=[pk for pk, record in records.items() if record.band.key == value])


def _by_name(rows: QuerySet, text: str) -> QuerySet:
    return rows.filter(pk__in=Establishment.objects.matching(text).values("operator"))


CREDITS = Listing(
    key="credits",
    title=_("信用档案"),
    rows=operators,
    columns=(
        Column("name", _("经营者"), lambda o: o.name, slot="title", width=12),
        Column("band", _("信用"), lambda o: o.record.band.key, slot="state", state=lambda o: o.record.band),
        Column("points", _("分数"), lambda o: o.record.points, kind="int", slot="end", width=8),
        Column("bad", _("正在扣分"), lambda o: sum(e.is_bad and e.counts for e in o.record.entries), kind="int",
               width=10),
        Column("good", _("正在加分"), lambda o: sum(e.points > 0 and e.counts for e in o.record.entries), kind="int",
               width=10),
        Column("places", _("经营单位"), lambda o: "、".join(o.called_places), slot="note", width=40),
    ),
    filters=(
        Filter("area", _("村（社区）"), _areas("credit"),
               lambda rows, v: rows.filter(pk__in=Establishment.objects.filter(area=v).values("operator"))),
        Filter("band", _("信用"), lambda _u: [(s.key, s.name) for s in credit.band_states()], _banded),
    ),
    order="name",
    search=_by_name,
    lay=_lay,
    template="publicity/list.html",
    empty={"title": _("还没有经营者"), "text": _("建了档的经营者都有一份信用档案，随发生的事自动增减。")},
)  # fmt: skip

REPAIRS = Listing(
    key="repairs",
    title=_("异议与修复"),
    rows=lambda user: Repair.objects.seen_by(user).select_related("operator"),
    columns=(
        Column("who", _("经营者"), lambda r: r.operator.name, slot="title", width=12),
        Column("state", _("状态"), lambda r: r.state, slot="state", state=lambda r: r.state_row),
        Column("request", _("要求"), lambda r: str(r.get_request_display()), slot="note", width=18),
        Column("words", _("记录"), lambda r: r.words, slot="note", width=40),
        Column("area", _("村（社区）"), lambda r: r.area, kind="area", width=16),
        Column("due", _("期限"), lambda r: r.due_on, kind="due", slot="end", width=12),
    ),
    filters=(_states(REPAIR),),
    template="publicity/list.html",
    empty={"title": _("没有异议和修复申请"), "text": _("经营者认为记录不对，或者已经改正的，在他的信用档案页上登记。")},
)


def place_of(person: Person, user: Any) -> Establishment | None:
    """A place of this person on the officer's own ground, the newest that trades first."""
    rows = Establishment.objects.seen_by(user).filter(operator=person.pk, merged_into__isnull=True)
    found = list(rows.exclude(state="void").order_by("-created_at"))
    return next((file for file in found if file.is_trading), found[0] if found else None)
