"""Lists of the room: tasks, meetings, targets, and the records behind a number."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.conf import settings
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.fields import CharField
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sanxiao.archive.models import Establishment
from sanxiao.campaign import targets
from sanxiao.campaign.models import Accident, Meeting, Phase, Proof, Record, Target, Task
from sanxiao.campaign.rules import ACCIDENT, LEVELS_OF_HARM, MEETING, MEETINGS, ORIGINS, TARGET, TASK
from sanxiao.docket import rooms
from sanxiao.office.duties import may
from sanxiao.office.models import Office
from sanxiao.office.now import now, today
from sanxiao.papers import excel, pdf
from sanxiao.papers.lists import XLSX, Column, Filter, Listing
from sanxiao.papers.tabs import Tab, Tabs

tabs = Tabs(
    _("方案与分工"),
    (
        Tab("plan", _("方案进度")),
        Tab("plan-units", _("按单位")),
        Tab("targets", _("阶段目标")),
        Tab("tasks", _("交办任务")),
        Tab("meetings", _("会议")),
        Tab("mobilised", _("动员部署")),
        Tab("plan-offices", _("各单位职责")),
    ),
)


def _states(flow: Any) -> Filter:
    return Filter(
        "state", _("状态"), lambda _u: [("open", _("未办结")), *[(s.key, s.name) for s in flow.states]],
        lambda rows, v: rows.filter(state__in=flow.open_states if v == "open" else [v]),
    )  # fmt: skip


def _units(model: Any, field: str = "unit") -> Filter:
    def choices(user: Any) -> Sequence[tuple[Any, Any]]:
        seen = model.objects.seen_by(user).order_by().values(field)
        return [(unit.pk, unit.label) for unit in Office.objects.filter(pk__in=seen).order_by("area", "id")]

    return Filter("unit", _("单位"), choices, lambda rows, v: rows.filter(**{field: v}))


# --- tasks -------------------------------------------------------------------------------------------------------


def _give(request: HttpRequest) -> list[dict[str, Any]]:
    if not may(request.user, "task.assign"):
        return []
    return [{"name": gettext("下达任务"), "url": reverse("do", args=[TASK.key, "new", "assign"]), "primary": True}]


def late(rows: QuerySet[Task]) -> QuerySet[Task]:
    """Past their day, and not yet reported."""
    return rows.filter(due_on__lt=today(), state__in=("assigned", "received", "returned", "declined"))


TASKS = Listing(
    key="tasks",
    title=_("交办任务"),
    rows=lambda user: Task.objects.seen_by(user).select_related("unit", "giver"),
    columns=(
        Column("title", _("任务"), lambda t: t.title, slot="title", width=36),
        Column("state", _("状态"), lambda t: t.state, slot="state", state=lambda t: t.state_row),
        Column("unit", _("承办单位"), lambda t: t.unit.label, slot="note", width=18),
        Column("giver", _("交办单位"), lambda t: t.giver.label, width=18),
        Column("clause", _("方案条款"), lambda t: t.clause, width=12),
        Column("wanted", _("要求办结日期"), lambda t: t.wanted_on, kind="date", width=12),
        Column("due", _("当前期限"), lambda t: t.due_on, kind="due", slot="end", width=12),
    ),
    filters=(
        _states(TASK),
        _units(Task),
        Filter("is", _("期限"), lambda _u: [("late", _("逾期")), ("urgent", _("急件"))],
               lambda rows, v: late(rows) if v == "late" else rows.filter(urgent=True)),
        Filter("clause", _("方案条款"),
               lambda u: [(c, c) for c in Task.objects.seen_by(u).exclude(clause="").order_by("clause")
                          .values_list("clause", flat=True).distinct()],
               lambda rows, v: rows.filter(clause=v)),
    ),
    search=lambda rows, text: rows.filter(Q(heading__icontains=text) | Q(demand__icontains=text)),
    order="-updated_at",
    actions=_give,
    template="campaign/list.html",
    empty={"title": _("没有交办的任务"), "text": _("领导小组、食安办或分局交给本单位的任务，会列在这里。")},
)  # fmt: skip


# --- meetings ----------------------------------------------------------------------------------------------------


def meetings(user: Any) -> QuerySet[Meeting]:
    """Meetings with how many units are invited and came."""
    return Meeting.objects.seen_by(user).select_related("host").annotate(
        asked=Count("invites"), came=Count("invites", filter=Q(invites__state="came"))
    )  # fmt: skip


def _call(request: HttpRequest) -> list[dict[str, Any]]:
    new, found = reverse("do", args=["campaign.meeting", "new", "plan"]), []
    if may(request.user, "meeting.town"):
        found.append({"name": gettext("召开全镇会议"), "url": f"{new}?level=town", "primary": True})
    if may(request.user, "meeting.own"):
        found.append({"name": gettext("本单位动员会"), "url": f"{new}?level=own", "primary": not found})
    return found


MEETINGS_LIST = Listing(
    key="meetings",
    title=_("会议"),
    rows=meetings,
    columns=(
        Column("topic", _("会议名称"), lambda m: m.topic, slot="title", width=36),
        Column("state", _("状态"), lambda m: m.state, slot="state", state=lambda m: m.state_row),
        Column("kind", _("会议类型"), lambda m: str(m.get_kind_display()), slot="note", width=12),
        Column("host", _("召集单位"), lambda m: m.host.label, slot="note", width=20),
        Column("place", _("地点"), lambda m: m.place, width=20),
        Column("asked", _("通知"), lambda m: m.asked, kind="int", width=8),
        Column("came", _("到会"), lambda m: m.came, kind="int", width=8),
        Column("on", _("日期"), lambda m: m.held_on, kind="date", sort="held_on", slot="end", width=12),
    ),
    filters=(
        _states(MEETING),
        Filter("kind", _("会议类型"), lambda _u: MEETINGS, lambda rows, v: rows.filter(kind=v)),
        _units(Meeting, "host"),
    ),
    search=lambda rows, text: rows.filter(Q(topic__icontains=text) | Q(place__icontains=text)),
    order="-held_on",
    actions=_call,
    template="campaign/list.html",
    empty={
        "title": _("还没有会议"),
        "text": _("动员部署会、联席会议在这里安排：发通知、扫码签到、出纪要、议定事项直接交办。"),
    },
)  # fmt: skip


# --- targets -----------------------------------------------------------------------------------------------------


def _set(request: HttpRequest) -> list[dict[str, Any]]:
    if not may(request.user, "target.set"):
        return []
    return [{"name": gettext("下达目标"), "url": reverse("do", args=[TARGET.key, "new", "set"]), "primary": True}]


def _lay(rows: Sequence[Target]) -> None:
    """Each row with its progress."""
    if rows:
        for target, told in zip(rows, targets.progress(rows, rows[0].area), strict=True):
            target.told = told  # type: ignore[attr-defined]


def _rules(user: Any) -> list[tuple[str, str]]:
    used = Target.objects.seen_by(user).order_by().values("rule")
    return [(row.key, f"{row.clause} {row}") for row in Proof.objects.filter(key__in=used)]


def _phases(user: Any) -> list[tuple[str, str]]:
    used = Target.objects.seen_by(user).order_by().values("phase")
    return list({row.code: str(row) for row in Phase.objects.filter(code__in=used)}.items())


TARGETS = Listing(
    key="targets",
    title=_("阶段目标"),
    rows=lambda user: Target.objects.seen_by(user).filter(state="set").select_related("unit"),
    columns=(
        Column("rule", _("考核指标"), lambda t: str(t.told.rule or t.rule), slot="title", width=24),
        Column("met", _("进度"), lambda t: t.told.state.key, slot="state", state=lambda t: t.told.state),
        Column("unit", _("承担单位"), lambda t: t.unit.label, slot="note", width=18),
        Column("phase", _("所属阶段"), lambda t: str(t.told.phase or t.phase), slot="note", width=18),
        Column("number", _("目标数"), lambda t: t.number, kind="int", width=10),
        Column("count", _("完成数"), lambda t: t.told.count, kind="int", width=10),
        Column("percent", _("完成率（%）"), lambda t: t.told.percent, kind="int", slot="note", width=10),
        Column("due", _("完成日期"), lambda t: t.wanted_on, kind="date", sort="wanted_on", slot="end", width=12),
    ),
    filters=(
        Filter("rule", _("考核指标"), _rules, lambda rows, v: rows.filter(rule=v)),
        Filter("phase", _("所属阶段"), _phases, lambda rows, v: rows.filter(phase=v)),
        _units(Target),
    ),
    order="wanted_on",
    actions=_set,
    lay=_lay,
    template="campaign/list.html",
    empty={
        "title": _("还没有下达目标"),
        "text": _("一项指标、一个数、一个日期，可以同时下达给全部村；完成数按工作记录自动统计。"),
    },
)  # fmt: skip


# --- accidents ---------------------------------------------------------------------------------------------------


def _enter(request: HttpRequest) -> list[dict[str, Any]]:
    if not may(request.user, "accident.enter"):
        return []
    return [{"name": gettext("登记事故"), "url": reverse("do", args=[ACCIDENT.key, "new", "enter"]), "primary": True}]


ACCIDENTS = Listing(
    key="accidents",
    title=_("食品安全事故"),
    rows=lambda user: Accident.objects.seen_by(user),
    columns=(
        Column("level", _("级别"), lambda a: str(a.get_level_display()), slot="title", width=10),
        Column("state", _("状态"), lambda a: a.state, slot="state", state=lambda a: a.state_row),
        Column("area", _("发生地"), lambda a: a.area, kind="area", slot="note", width=16),
        Column("people", _("涉及人数"), lambda a: a.people, kind="int", width=8),
        Column("origin", _("源头"), lambda a: str(a.get_origin_display()), slot="note", width=18),
        Column("on", _("发生日期"), lambda a: a.happened_on, kind="date", sort="happened_on", slot="end", width=12),
    ),
    filters=(
        _states(ACCIDENT),
        Filter("level", _("级别"), lambda _u: LEVELS_OF_HARM, lambda rows, v: rows.filter(level=v)),
        Filter("origin", _("源头"), lambda _u: ORIGINS, lambda rows, v: rows.filter(origin=v)),
    ),
    order="-happened_on",
    actions=_enter,
    template="campaign/list.html",
    empty={
        "title": _("没有发生食品安全事故"),
        "text": _("方案的目标是源头性重大事故得到杜绝；发生的在这里登记，统计就用它。"),
    },
)  # fmt: skip


# --- the records behind a number -----------------------------------------------------------------------------------


def act_name(event: Any) -> str:
    """What the move of an event is called in its flow."""
    verb, _colon, move = event.move.rpartition(":")
    try:
        flow = rooms.flow_of(event.kind)
    except KeyError:
        return str(event.move)
    name = str(flow.row(move).name) if flow.has(move) else gettext("更正")
    return gettext("会签：%s") % name if verb == "sign" else name


def record_list(title: str, rows: QuerySet[Record]) -> Listing:
    """Exactly the events that a number counts."""
    place = Establishment.objects.filter(pk=OuterRef("file"))
    named = rows.annotate(name=Subquery(place.values("name")[:1], output_field=CharField()))
    columns = (
        Column("name", _("名称"), lambda r: r.name or str(rooms.flow_of(r.kind)), slot="title", width=24),
        Column("act", _("事项"), act_name, slot="note", width=18),
        Column("on", _("发生日期"), lambda r: r.on, kind="date", slot="end", width=12),
        Column("area", _("村（社区）"), lambda r: r.area, kind="area", slot="note", width=16),
        Column("office", _("办理单位"), lambda r: str(r.office or ""), width=18),
    )
    empty = {"title": _("这里还没有记录"), "text": _("这一条在这个时段里没有工作记录。")}
    return Listing(
        "records", title, lambda _user: named, columns, order="-id", empty=empty, template="campaign/records.html"
    )


def download(
    title: str, heads: Sequence[tuple[str, str, int]], rows: list[list[Any]], how: str, by: Any, about: str = ""
) -> HttpResponse:
    """A table of a page as a workbook or on paper; `heads`: key, name, width; `about` stands above it on paper."""
    name = f"{title}-{today()}"
    if how == "xlsx":
        columns = [excel.Column(key, said, width, "text") for key, said, width in heads]
        return _file(excel.sheet(title, columns, iter(rows)), XLSX, f"{name}.xlsx")
    numbers = {n for n, cell in enumerate(rows[0] if rows else ()) if isinstance(cell, int)}
    columns_ = [
        {"key": key, "label": said, "width": width, "kind": "int" if n in numbers else "text"}
        for n, (key, said, width) in enumerate(heads)
    ]
    facts = {
        "title": title, "count": len(rows), "columns": columns_, "about": about or None, "by": by.name,
        "rows": [["" if cell is None else str(cell) for cell in row] for row in rows], "generated_at": now(),
        "practice": not settings.REAL,
    }  # fmt: skip
    return _file(pdf.render("list", facts), "application/pdf", f"{name}.pdf")


def _file(data: bytes, mime: str, name: str) -> HttpResponse:
    return HttpResponse(
        data, content_type=mime, headers={"Content-Disposition": content_disposition_header(True, name) or "attachment"}
    )


def day(text: str) -> date | None:
    """A day of an address; None for anything else."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
