"""The lists of the room: who was told, leaflets, letters, training, who has still to pass, help."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sanxiao.archive import lists as files
from sanxiao.archive.models import Establishment
from sanxiao.guidance import say, telling, training
from sanxiao.guidance.models import Help, Mailing, Session
from sanxiao.guidance.rules import HELP, MAILING, SESSION
from sanxiao.office.duties import may
from sanxiao.office.places import grounds
from sanxiao.papers.lists import Column, Filter, Listing
from sanxiao.papers.tabs import Tab, Tabs

tabs = Tabs(
    _("引导帮扶"),
    (
        Tab("guidance", _("告知进度"), "guide"),
        Tab("telling", _("告知名册"), "guide"),
        Tab("leaflets", _("告知书"), "guide"),
        Tab("mailings", _("信件"), "guide"),
        Tab("sessions", _("培训"), "guide"),
        Tab("untrained", _("未合格名册"), "guide"),
        Tab("helps", _("帮扶"), "help"),
    ),
)


def places(user: Any) -> QuerySet[Establishment]:
    """Trading places on one's ground."""
    rows: Any = files.rows(user)
    return rows.trading()


def _areas(family: str) -> Any:
    def choices(user: Any) -> Sequence[tuple[str, Any]]:
        return [(area.code, area.label) for area in grounds(user, family=family)]

    return choices


def _acts(request: HttpRequest) -> list[dict[str, Any]]:
    if not may(request.user, "guide.tell"):
        return []
    here = request.GET.urlencode()
    return [{"name": gettext("集中告知"), "url": f"{reverse('tell-many')}?{here}", "primary": True}]


def telling_list(user: Any) -> Listing:
    """Every trading place with where it stands; the leaflets are read once for all."""
    leaflets = telling.in_use_for(user)
    stand = Column(
        "stand", _("告知"), lambda f: telling.standing(f, leaflets).key, slot="state",
        state=lambda f: telling.standing(f, leaflets),
    )  # fmt: skip
    by_stand = Filter(
        "stand", _("告知"), lambda _u: [(s.key, s.name) for s in telling.STANDS.values()],
        lambda rows, v: telling.narrowed(rows, v, leaflets),
    )  # fmt: skip
    columns = {column.key: column for column in files.FILES.columns}
    kept = [replace(columns[key], slot=slot) for key, slot in _KEPT if key in columns]
    return replace(
        files.FILES,
        key="telling", title=_("告知名册"), rows=lambda user: telling.marked(places(user), leaflets),
        columns=(kept[0], stand, *kept[1:]), filters=(*(f for f in files.FILES.filters if f.key in ("area", "kind")),
        by_stand), actions=_acts, map_url="", template="guidance/list.html",
        empty={"title": _("没有在营的单位"), "text": _("建了档、还在经营的单位，都出现在这里。")},
    )  # fmt: skip


_KEPT = (("name", "title"), ("kind", "note"), ("operator", "note"), ("area", "note"), ("address", ""), ("number", ""))

UNTRAINED = replace(
    files.FILES,
    key="untrained",
    title=_("还没有测试合格的"),
    rows=lambda user: training.untrained(places(user)),
    columns=tuple(column for column in files.FILES.columns if column.key not in ("state", "case", "batch", "updated")),
    filters=tuple(f for f in files.FILES.filters if f.key in ("area", "kind")),
    actions=None,
    map_url="",
    template="guidance/list.html",
    empty={"title": _("都测试合格了"), "text": _("在营单位里还没有人测试合格的，出现在这里。")},
)


# --- letters -----------------------------------------------------------------------------------------------------


def mailings(user: Any) -> QuerySet[Mailing]:
    """Letters that this person may see, with how many arrived on his ground."""
    arrived = Count("letters", filter=Q(letters__state="delivered"))
    back = Count("letters", filter=Q(letters__state="returned"))
    return Mailing.objects.seen_by(user).select_related("by").annotate(arrived=arrived, back=back)


def _write(request: HttpRequest) -> list[dict[str, Any]]:
    if not may(request.user, "guide.write"):
        return []
    return [{"name": gettext("写一封信"), "url": reverse("mailing-choose"), "primary": True}]


MAILINGS = Listing(
    key="mailings",
    title=_("信件"),
    rows=mailings,
    columns=(
        Column("title", _("标题"), lambda m: m.title, slot="title", width=30),
        Column("state", _("状态"), lambda m: m.state, slot="state", state=lambda m: m.state_row),
        Column("number", _("文号"), lambda m: m.number, width=24),
        Column("way", _("怎么送"), lambda m: m.get_way_display(), slot="note", width=12),
        Column("count", _("封数"), lambda m: m.count, kind="int", slot="note", width=8),
        Column("arrived", _("已送达"), lambda m: m.arrived, kind="int", width=8),
        Column("back", _("退信"), lambda m: m.back, kind="int", width=8),
        Column("by", _("起草人"), lambda m: str(m.by or ""), width=10),
        Column("issued", _("发出日期"), lambda m: m.issued_on, kind="date", slot="end", width=12),
    ),
    filters=(
        Filter("state", _("状态"), lambda _u: [(s.key, s.name) for s in MAILING.states],
               lambda rows, v: rows.filter(state=v)),
    ),
    search=lambda rows, text: rows.filter(Q(title__icontains=text) | Q(number__icontains=text)),
    order="-created_at",
    actions=_write,
    template="guidance/list.html",
    empty={"title": _("还没有发过信"), "text": _("先按村、类别筛出要发给谁，再写一封信，各家一份，各存一份进档案。")},
)  # fmt: skip


# --- training ----------------------------------------------------------------------------------------------------


def sessions(user: Any) -> QuerySet[Session]:
    """Trainings, with how many were invited, came and passed."""
    there = Q(people__state__in=("came", "passed", "failed"))
    return Session.objects.seen_by(user).select_related("kind").annotate(
        listed=Count("people"), came=Count("people", filter=there),
        passed=Count("people", filter=Q(people__state="passed")),
    )  # fmt: skip


def _plan(request: HttpRequest) -> list[dict[str, Any]]:
    if not may(request.user, "guide.train"):
        return []
    return [{"name": gettext("安排培训"), "url": reverse("do", args=[SESSION.key, "new", "plan"]), "primary": True}]


SESSIONS = Listing(
    key="sessions",
    title=_("培训"),
    rows=sessions,
    columns=(
        Column("topic", _("主题"), lambda s: s.topic, slot="title", width=30),
        Column("state", _("状态"), lambda s: s.state, slot="state", state=lambda s: s.state_row),
        Column("place", _("地点"), lambda s: s.place, slot="note", width=20),
        Column("kind", _("测试题（按类别）"), lambda s: str(s.kind or "—"), width=12),
        Column("listed", _("名单"), lambda s: s.listed, kind="int", width=8),
        Column("came", _("到场"), lambda s: s.came, kind="int", slot="note", width=8),
        Column("passed", _("测试合格"), lambda s: s.passed, kind="int", width=8),
        Column("on", _("日期"), lambda s: s.held_on, kind="date", sort="held_on", slot="end", width=12),
    ),
    filters=(
        Filter("state", _("状态"), lambda _u: [(s.key, s.name) for s in SESSION.states],
               lambda rows, v: rows.filter(state=v)),
    ),
    search=lambda rows, text: rows.filter(Q(topic__icontains=text) | Q(place__icontains=text)),
    order="-held_on",
    actions=_plan,
    template="guidance/list.html",
    empty={"title": _("还没有培训"), "text": _("安排一次，把人加入名单，到场点名，当场扫码答题。")},
)  # fmt: skip


# --- help --------------------------------------------------------------------------------------------------------


def helps(user: Any) -> QuerySet[Help]:
    """Help on one's ground."""
    return Help.objects.seen_by(user).select_related("file__operator", "by").defer("file__facts", "file__search")


def _by_place(rows: QuerySet[Help], text: str) -> QuerySet[Help]:
    return rows.filter(file__in=Establishment.objects.matching(text).values("pk"))


HELPS = Listing(
    key="helps",
    title=_("帮扶"),
    rows=helps,
    columns=(
        Column("file", _("经营单位"), lambda h: h.file.called, slot="title", width=24),
        Column("state", _("状态"), lambda h: h.state, slot="state", state=lambda h: h.state_row),
        Column("what", _("帮扶方式"), lambda h: h.what, slot="note", width=16),
        Column("area", _("村（社区）"), lambda h: h.area, kind="area", slot="note", width=16),
        Column("by", _("帮扶人"), lambda h: str(h.by or ""), width=10),
        Column("amount", _("补贴金额（元）"), lambda h: h.amount, kind="decimal", width=12),
        Column("given", _("帮扶日期"), lambda h: h.given_on, kind="date", slot="end", width=12),
        Column("effect", _("效果"), lambda h: h.effect, width=30),
    ),
    filters=(
        Filter("area", _("村（社区）"), _areas("help"), lambda rows, v: rows.filter(area=v)),
        Filter("kind", _("类别"), files.kinds, lambda rows, v: rows.filter(file__kind=v)),
        Filter("what", _("帮扶方式"), lambda u: _kinds_of(u), lambda rows, v: rows.filter(what=v)),
        Filter("state", _("状态"), lambda _u: [(s.key, s.name) for s in HELP.states],
               lambda rows, v: rows.filter(state=v)),
    ),
    search=_by_place,
    order="-updated_at",
    template="guidance/helps.html",
    empty={"title": _("还没有帮扶记录"), "text": _("在一户的档案页上按“登记帮扶”，帮了什么、有什么效果就记在这里。")},
)  # fmt: skip


def helps_list(user: Any) -> Listing:
    """Help with its kinds in words; they are read once for all."""
    names = dict(_kinds_of(user))
    what = next(column for column in HELPS.columns if column.key == "what")
    said = replace(what, value=lambda h: names.get(h.what, h.what))
    return replace(HELPS, columns=tuple(said if column is what else column for column in HELPS.columns))


def _kinds_of(user: Any) -> list[tuple[str, str]]:
    here = grounds(user, family="help")
    return say.kinds_of_help(here[0].code) if here else []
