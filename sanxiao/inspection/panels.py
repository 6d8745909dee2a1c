"""What inspection hands down: the tab and the starter on a file's page, the places that wait for an order."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from sanxiao.archive.models import Establishment
from sanxiao.docket import flow
from sanxiao.docket.rooms import Candidate, Errand, Panel, Starter
from sanxiao.inspection import checklist, due, ladder, repeated, visit_acts
from sanxiao.inspection.models import Order, without_order
from sanxiao.inspection.rules import ORDER
from sanxiao.inspection.show import counted
from sanxiao.inspection.talk_models import Talk
from sanxiao.inspection.talk_rules import TALK
from sanxiao.inspection.visit_models import Due, Visit
from sanxiao.inspection.visit_rules import VISIT
from sanxiao.office.duties import may, may_read
from sanxiao.office.now import today

MOST = 300  # errands


def panels(file: Establishment, user: Any) -> Iterator[Panel]:
    """整改: the orders on this place, newest first."""
    if may_read(user, "order"):
        rows = list(counted(Order.objects.seen_by(user).of(file)).select_related("file"))
        talks = list(Talk.objects.seen_by(user).of(file).select_related("file"))
        part = {"rows": rows, "again": repeated.of_file(file), "talks": talks}
        yield Panel("order", _("整改"), "inspection/_panel.html", part, len(rows) + len(talks), order=30)
    if may_read(user, "visit"):
        made = list(Visit.objects.seen_by(user).of(file).exclude(state="void").select_related("file"))
        part = {"rows": made, "due": Due.objects.seen_by(user).filter(file=file).first()}
        yield Panel("visit", _("检查"), "inspection/_visits.html", part, len(made), order=28)


def starters(file: Establishment, user: Any) -> Iterator[Starter]:
    """What can be begun on a place: a visit, an order, a talk."""
    yield from visit_starters(file, user)
    yield from order_starters(file, user)
    yield from talk_starters(file, user)


def order_starters(file: Establishment, user: Any) -> Iterator[Starter]:
    """下达整改通知, for the bureau; the loudest act where the class asks for it and nothing was ordered yet."""
    if not may(user, "order.issue", file):
        return
    reason = flow.why_not(Order(file=file, area=file.area), ORDER.row("issue"), {})
    wanted = file.case == "2" and file.batch == "regulate"
    first = wanted and not Order.objects.of(file).exclude(state="void").exists()
    yield Starter("inspection.order", "issue", _("下达整改通知"), reason, primary=first and not reason)


def visit_starters(file: Establishment, user: Any) -> Iterator[Starter]:
    """现场检查 for the bureau, 安排检查 for who plans; both grey with their reason."""
    for name, duty in (("start", "visit.do"), ("plan", "visit.plan")):
        if may(user, duty, file):
            row = VISIT.row(name)
            yield Starter(VISIT.key, name, str(row.name), flow.why_not(Visit(file=file, area=file.area), row, {}))
    if may(user, "visit.plan", file):
        row = VISIT.row("higher")
        yield Starter(VISIT.key, "higher", str(row.name), flow.why_not(Visit(file=file, area=file.area), row, {}))


def talk_starters(file: Establishment, user: Any) -> Iterator[Starter]:
    """约谈, grey with its reason; and where nothing speaks against it, writing down one that has taken place."""
    if may(user, "talk.hold", file):
        call, record = TALK.row("call"), TALK.row("record")
        reason = flow.why_not(Talk(file=file, area=file.area), call, {})
        yield Starter(TALK.key, call.key, str(call.name), reason)
        if not reason:
            yield Starter(TALK.key, record.key, str(record.name))


def talk_about(obj: Order | Visit, user: Any) -> dict[str, Any]:
    """What a page shows of the talks about an order or a visit, and the button that begins one there."""
    begin = None
    if may(user, "talk.hold", obj):
        row = TALK.row("call")
        about = Talk(file=obj.file, area=obj.area)
        begin = Starter(TALK.key, row.key, str(row.name), flow.why_not(about, row, {}))
    talks = Talk.objects.seen_by(user).filter(**{obj.family: obj}).select_related("file").order_by("-created_at")
    return {"talks": list(talks), "begin_talk": begin, "about": f"{obj.family}={obj.pk}"}


def errands(user: Any) -> Iterator[Errand]:
    """What waits outside: visits for the bureau, orders for the village."""
    yield from visit_errands(user)
    yield from order_errands(user)


def order_errands(user: Any) -> Iterator[Errand]:
    """Orders that wait for the village: to be served, or to be answered once corrected."""
    if not (may(user, "order.serve") or may(user, "order.report")):
        return
    rows = Order.objects.seen_by(user).filter(state__in=ORDER.open_states).select_related("file")
    for order in rows.order_by("due_on", "created_at")[:MOST]:
        mine = [row for row in flow.rows_from(order) if row.todo and flow.seat_for(row, order, user)]
        if mine:
            file, late = order.file, order.due_on is not None and order.due_on < today()
            yield Errand(
                f"order:{order.pk}", "、".join(str(row.name) for row in mine), order.area, order.number, file.pk,
                file.called, file.lat, file.lng, order.due_on, url=order.get_absolute_url(),
                tone="red" if late else "amber",
            )  # fmt: skip


def visit_errands(user: Any) -> Iterator[Errand]:
    """Visits that are planned or begun, for who may make them: his own first, then by date."""
    if not may(user, "visit.do"):
        return
    rows = Visit.objects.seen_by(user).on_ground().select_related("file").defer("answers", "file__facts")
    held = sorted(rows.order_by("due_on", "created_at")[:MOST], key=lambda v: v.officer_id != user.pk)
    for visit in held:
        file, late = visit.file, visit.due_on is not None and visit.due_on < today()
        yield Errand(
            f"visit:{visit.pk}", str(visit.get_kind_display()), visit.area, visit.cause or visit.inspectors, file.pk,
            file.called, file.lat, file.lng, visit.due_on, form=f"{checklist.PREFIX}{file.kind_id}",
            url=visit.get_absolute_url(), tone="red" if late else "blue",
        )  # fmt: skip


def print_tables(file: Establishment, user: Any) -> Iterator[dict[str, Any]]:
    """The visits, orders and talks of the printed file, oldest first."""
    if may_read(user, "visit"):
        made = Visit.objects.seen_by(user).of(file).done().order_by("done_on", "created_at")
        yield {
            "title": _("检查"), "columns": _columns(_("检查日期"), _("检查类型"), _("结果"), _("得分"), _("检查人员")),
            "rows": [
                [v.done_on, str(v.get_kind_display()), str(v.get_result_display()), _score(v), v.higher or v.inspectors]
                for v in made
            ],
        }  # fmt: skip
    if may_read(user, "order"):
        orders: Any = counted(Order.objects.seen_by(user).of(file)).order_by("created_at")
        yield {
            "title": _("整改通知"), "columns": _columns(_("下达日期"), _("文号"), _("问题"), _("合格"), _("状态")),
            "rows": [[o.issued_on, o.number, o.problem_count, o.passed_count, str(o.state_row.name)] for o in orders],
        }  # fmt: skip
    if may_read(user, "talk"):
        talks = Talk.objects.seen_by(user).of(file).happened().order_by("held_on", "created_at")
        yield {
            "title": _("责任约谈"), "columns": _columns(_("约谈日期"), _("文号"), _("约谈事由"), _("承诺"), _("状态")),
            "rows": [[t.held_on, t.number, t.cause, t.promised, str(t.state_row.name)] for t in talks],
        }  # fmt: skip


def _columns(day: str, *others: str) -> list[dict[str, Any]]:
    return [{"label": day, "kind": "date"}, *({"label": name, "width": 1.6} for name in others)]


def _score(visit: Visit) -> str | None:
    return None if visit.score is None else f"{visit.score:.1f}"


def watch() -> str:
    """What inspection does by night: the ladder of orders, and the next dates of places."""
    gone, near = visit_acts.drop_gone(), visit_acts.bring_near()
    return f"visits dropped: {gone}, near: {near}, steps: {ladder.climb()}, next dates: {due.recount()}"


def candidates(user: Any) -> Iterator[Candidate]:
    """Places classed 规范 with defects, without an order."""
    if may(user, "order.issue"):
        count = without_order(Establishment.objects.seen_by(user)).count()
        name = _("列入规范、有缺陷，还没有整改通知")
        yield Candidate(name, count, reverse("orders-waiting"), _("下达整改通知"))
    if may(user, "visit.plan"):
        late = Due.objects.seen_by(user).unplanned().filter(due_on__lte=today()).count()
        yield Candidate(_("应查未查、还没有安排"), late, f"{reverse('visits-due')}?due=late&planned=no", _("安排检查"))
