"""Pages of the scorecard, of bulletins and of good practice."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_GET, require_POST

from sanxiao.campaign.models import Task
from sanxiao.docket.models import Event
from sanxiao.docket.refusal import Refused
from sanxiao.office.duties import may, may_read
from sanxiao.office.models import Office
from sanxiao.office.now import today
from sanxiao.oversight import drafts, lists, papers, practices
from sanxiao.oversight.forms import CommentForm, CopyForm, WordsForm
from sanxiao.oversight.models import Board, BoardList, Bulletin, Check, Practice
from sanxiao.oversight.models.sight import offices, oversees
from sanxiao.oversight.scoring import (
    BY_KEY,
    CHECKS,
    ITEMS,
    MEASURES,
    REPORTS,
    TERMS,
    Gathering,
    applies,
    lines_of,
    rule,
)
from sanxiao.oversight.views import PDF, file_response, listed
from sanxiao.papers import pdf
from sanxiao.papers.lists import XLSX, Column, Listing
from sanxiao.reports.lists import due_listing, listing
from sanxiao.reports.models import Due, Report
from sanxiao.reports.papers import DOCX
from sanxiao.reports.records import Items

# --- scorecards --------------------------------------------------------------------------------------------------


@login_required
@require_GET
def boards(request: HttpRequest) -> HttpResponse:
    """All quarters that this person may see."""
    return listed(request, lists.BOARDS)


def the_board(request: HttpRequest, pk: Any) -> Board:
    """A board that this person may see, or 404."""
    return get_object_or_404(Board.objects.seen_by(request.user), pk=pk)


@login_required
@require_GET
def board(request: HttpRequest, pk: Any) -> HttpResponse:
    """One quarter: villages and departments, each number a door, how it is counted below."""
    found = the_board(request, pk)
    said = found.rule if found.is_frozen else rule(found.area, found.quarter)
    lines = lines_of(found)
    mine = set(offices(request.user))
    groups = []
    for name, rows in (
        (_("村（社区）"), [line for line in lines if line.unit.role == "village"]),
        (_("各部门"), [line for line in lines if line.unit.role != "village"]),
    ):
        used = [m for m in MEASURES if any(dict(line.scores)[m] is not None for line in rows)]
        doors = [(line, [(m, dict(line.scores)[m]) for m in used], line.unit.pk in mine) for line in rows]
        groups.append({"name": name, "measures": used, "lines": doors})
    context = {
        "board": found, "groups": [group for group in groups if group["lines"]], "small": int(said["small"]),
        "how": [(m, said["weights"].get(m.key, 0)) for m in MEASURES], "bands": said["bands"],
        "oversees": oversees(request.user), "events": Event.objects.of(found)[:40],
    }  # fmt: skip
    return render(request, "oversight/board.html", context)


@login_required
@require_GET
def cell(request: HttpRequest, pk: Any, unit: int, measure: str) -> HttpResponse:
    """The list behind one number, `?rest=1` what did not come out well; of other units only who oversees sees it."""
    found = the_board(request, pk)
    office = get_object_or_404(Office, pk=unit)
    row = BY_KEY.get(measure)
    if row is None or not (oversees(request.user) or unit in offices(request.user)) or not applies(row, office):
        raise Http404
    rest = bool(request.GET.get("rest"))
    good, others = _lists(found, office, measure)
    page = _listing(row.sort, f"{office} · {row.name}", others if rest else good)
    context = {"back": found.get_absolute_url(), "has_rest": True, "rest": rest, "name": _("算好的"), "note": row.words}
    return page.respond(request, **context)


def _lists(board: Board, unit: Office, measure: str) -> tuple[list[Any], list[Any]]:
    if board.is_frozen:
        row = BoardList.objects.filter(board=board, cell=f"{unit.pk}.{measure}").first()
        return (row.good, row.rest) if row else ([], [])
    score = Gathering(board.area, board.quarter).of(BY_KEY[measure]).get(unit)
    return (score.good, score.rest) if score else ([], [])


def _listing(sort: str, title: str, keys: list[Any]) -> Listing:
    """A list of records as their own room shows them."""
    if sort == TERMS:
        return due_listing(title, Due.objects.filter(pk__in=keys))
    if sort == REPORTS:
        reports = Report.objects.within(("",)).filter(pk__in=keys).select_related("unit")
        return Listing("score-reports", title, lambda _user: reports, REPORT_COLUMNS, order="due_by",
                       empty=EMPTY, template="reports/cell.html")  # fmt: skip
    if sort == CHECKS:
        checks = Check.objects.within(("",)).filter(pk__in=keys).select_related("file__kind", "unit", "first", "second")
        return Listing("score-checks", title, lambda _user: checks, lists.CHECKS.columns, order="done_on",
                       empty=EMPTY, template="reports/cell.html")  # fmt: skip
    assert sort == ITEMS
    return listing("score-items", title, Items.unpacked(keys))


A_MONTH = timedelta(days=30)  # the day that is proposed for a task of one's own
EMPTY = {"title": _lazy("没有这样的记录"), "text": _lazy("这一边计数为零。")}
REPORT_COLUMNS = (
    Column("who", _lazy("单位"), lambda r: r.who, slot="title", width=24),
    Column("state", _lazy("状态"), lambda r: r.state, slot="state", state=lambda r: r.state_row),
    Column("due", _lazy("应报日期"), lambda r: r.due_by, kind="date", slot="end", sort="due_by", width=12),
)


@login_required
@require_GET
def board_paper(request: HttpRequest, pk: Any, form: str) -> HttpResponse:
    """The scorecard as pdf or xlsx."""
    found = the_board(request, pk)
    if form == "pdf":
        return file_response(papers.board_pdf(found), PDF, f"{found.title}.pdf")
    if form == "xlsx":
        return file_response(papers.board_xlsx(found), XLSX, f"{found.title}.xlsx")
    raise Http404


# --- bulletins ---------------------------------------------------------------------------------------------------


@login_required
@require_GET
def bulletins(request: HttpRequest) -> HttpResponse:
    """All bulletins that this person may see."""
    return listed(request, lists.BULLETINS, "oversight")


def the_bulletin(request: HttpRequest, pk: Any) -> Bulletin:
    """A bulletin that this person may see, or 404."""
    return get_object_or_404(Bulletin.objects.seen_by(request.user).select_related("paper", "round"), pk=pk)


def _bulletin_page(request: HttpRequest, found: Bulletin, form: WordsForm | None, status: int = 200) -> HttpResponse:
    if form is None and found.state == "draft" and may(request.user, "bulletin.write", found):
        form = WordsForm(None, bulletin=found)
    context = {
        "bulletin": found, "form": form, "paragraphs": drafts.paragraphs(found.body),
        "events": Event.objects.of(found)[:40],
    }  # fmt: skip
    return render(request, "oversight/bulletin.html", context, status=status)


@login_required
@require_GET
def bulletin(request: HttpRequest, pk: Any) -> HttpResponse:
    """One bulletin: its text, to be edited while it is a draft."""
    return _bulletin_page(request, the_bulletin(request, pk), None)


@login_required
@require_POST
def bulletin_save(request: HttpRequest, pk: Any) -> HttpResponse:
    """Keep the edited words."""
    found = the_bulletin(request, pk)
    form = WordsForm(request.POST, bulletin=found)
    if not form.is_valid():
        return _bulletin_page(request, found, form, 422)
    told = form.cleaned_data
    try:
        drafts.edit(found, request.user, told.pop("version"), **told)
    except Refused as refusal:
        form.add_error(None, refusal.reason)
        found.refresh_from_db()
        form.data = {**request.POST.dict(), "version": found.version}
        return _bulletin_page(request, found, form, 409)
    messages.success(request, _("已保存。"))
    return redirect(found)


@login_required
@require_GET
def bulletin_paper(request: HttpRequest, pk: Any, form: str) -> HttpResponse:
    """The bulletin in the official layout: frozen once it was issued."""
    found = the_bulletin(request, pk)
    if form == "pdf":
        data = found.paper.pdf() if found.paper else pdf.render("notice", drafts.facts(found))
        return file_response(data, PDF, f"{found.title}.pdf")
    if form == "docx":
        from sanxiao.papers import word  # python-docx is loaded when somebody wants a Word file

        told = found.paper.facts if found.paper else drafts.facts(found)
        return file_response(word.notice(told), DOCX, f"{found.title}.docx")
    raise Http404


# --- good practice -----------------------------------------------------------------------------------------------


@login_required
@require_GET
def practice_list(request: HttpRequest) -> HttpResponse:
    """All good practice that this person may see."""
    return listed(request, lists.PRACTICES, "practice")


def the_practice(request: HttpRequest, pk: Any) -> Practice:
    """A practice that this person may see, or 404."""
    if not may_read(request.user, "practice"):
        raise Http404
    return get_object_or_404(Practice.objects.seen_by(request.user).select_related("unit"), pk=pk)


def _practice_page(request: HttpRequest, found: Practice, status: int = 200, **forms: Any) -> HttpResponse:
    uses = list(found.uses.select_related("unit", "by", "task"))
    mine, keys = offices(request.user), [use.task_id for use in uses]
    may_copy = (
        found.state == "shown" and may(request.user, "practice.write")
        and found.unit_id not in mine and not any(use.unit_id in mine for use in uses)
    )  # fmt: skip
    context = {
        "practice": found, "comments": found.comments.select_related("by", "office"), "uses": uses,
        "may_copy": may_copy, "may_comment": found.state == "shown", "events": Event.objects.of(found)[:40],
        "comment_form": CommentForm(), "copy_form": CopyForm(initial={"wanted_on": today() + A_MONTH}),
        "tasks": set(Task.objects.seen_by(request.user).filter(pk__in=keys).values_list("pk", flat=True)), **forms,
    }  # fmt: skip
    return render(request, "oversight/practice.html", context, status=status)


@login_required
@require_GET
def practice(request: HttpRequest, pk: Any) -> HttpResponse:
    """One practice: the trouble, the way, the effect, what others say, who does it too."""
    return _practice_page(request, the_practice(request, pk))


@login_required
@require_POST
def practice_comment(request: HttpRequest, pk: Any) -> HttpResponse:
    """Say something of it."""
    found = the_practice(request, pk)
    return _taken_part(request, found, "comment_form", CommentForm(request.POST), practices.comment, _("已评论。"))


@login_required
@require_POST
def practice_copy(request: HttpRequest, pk: Any) -> HttpResponse:
    """照着做: into the tasks of one's own unit."""
    found = the_practice(request, pk)
    return _taken_part(
        request, found, "copy_form", CopyForm(request.POST), practices.copy, _("已列为您单位的任务，办完后反馈。")
    )


def _taken_part(request: HttpRequest, found: Practice, name: str, form: Any, act: Any, said: str) -> HttpResponse:
    """A form with one field of words; what was typed stays when it is refused."""
    forms: dict[str, Any] = {name: form}
    if form.is_valid():
        try:
            act(found, request.user, *form.cleaned_data.values())
        except Refused as refusal:
            forms["refused"] = refusal
        else:
            messages.success(request, said)
            return redirect(found)
    return _practice_page(request, found, 422, **forms)
