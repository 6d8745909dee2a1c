"""Pages of the reports: who owes what, one report with its tables, and the list behind every number."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from sanxiao.archive.models import Kind
from sanxiao.docket import flow
from sanxiao.docket.models import Deadline, Event
from sanxiao.docket.refusal import Refused
from sanxiao.office.duties import DUTIES, LEADS, readers, scope_of
from sanxiao.office.models import Office
from sanxiao.office.now import today
from sanxiao.office.places import name_of
from sanxiao.reports import concerns, grids, papers
from sanxiao.reports.checks import checks, unkept
from sanxiao.reports.columns import Rate, Told
from sanxiao.reports.forms import WordsForm
from sanxiao.reports.lists import listing
from sanxiao.reports.models import Report, Version
from sanxiao.reports.quarters import Quarter, last_ended
from sanxiao.reports.rules import REPORT
from sanxiao.reports.subject import Subject, subject_of, words_of
from sanxiao.reports.units import EXEMPT, PUNCTUALITY, duties, villages, with_first

COLUMNS_SHOWN = 6  # quarters side by side


@login_required
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """All units of one quarter, with the quarters before beside it; who has one unit only goes straight to it."""
    if not scope_of(request.user).roles & readers("report"):
        raise Http404
    mine = Report.objects.seen_by(request.user)
    units = set(mine.values_list("unit", flat=True).distinct()[:2])
    if len(units) == 1:
        return redirect("report-unit", units.pop())
    quarters = _quarters(mine)
    chosen = _chosen(request, quarters)
    shown = [q for q in quarters if q <= chosen][-COLUMNS_SHOWN:]
    rows = with_first(mine).filter(year__gte=shown[0].year) if shown else mine.none()
    offices = list(Office.objects.filter(role__in=DUTIES["report.write"].roles(LEADS), since__lte=today()))
    matrix = duties(rows, offices, shown)
    here = matrix.get(chosen, [])
    wanted = request.GET.get("is", "")
    context = {
        "quarters": quarters, "chosen": chosen, "shown": shown, "wanted": wanted,
        "rows": _across(matrix, shown, wanted),
        "counts": [(state, sum(duty.state == state for duty in here)) for state in (*PUNCTUALITY.values(), EXEMPT)],
    }  # fmt: skip
    return render(request, "reports/index.html", context)


def _quarters(rows: Any) -> list[Quarter]:
    """Quarters that were opened, oldest first."""
    return sorted(Quarter(*pair) for pair in rows.values_list("year", "no").distinct())


def _chosen(request: HttpRequest, quarters: list[Quarter]) -> Quarter:
    try:
        return Quarter.parse(request.GET.get("q", ""))
    except ValueError:
        return quarters[-1] if quarters else last_ended(today())


def _across(matrix: dict[Quarter, list[Any]], shown: list[Quarter], wanted: str) -> list[dict[str, Any]]:
    """One row for each unit: its duty in the chosen quarter, and those of the quarters before."""
    past = {(d.unit.pk, d.name, q): d for q, rows in matrix.items() for d in rows}
    found = []
    for duty in matrix[shown[-1]] if shown else []:
        if wanted in ("", duty.state.key):
            found.append({"duty": duty, "past": [past.get((duty.unit.pk, duty.name, q)) for q in shown[:-1]]})
    return found


@login_required
@require_GET
def unit(request: HttpRequest, pk: int) -> HttpResponse:
    """The calendar of one unit: every quarter, whether it reported, and when."""
    rows = Report.objects.seen_by(request.user).filter(unit=pk)
    mine = pk in [seat.office_id for seat in scope_of(request.user).seats]
    if not (mine or rows.exists()):
        raise Http404
    office = get_object_or_404(Office, pk=pk)
    quarters = _quarters(Report.objects.within((office.area[:9],)))
    matrix = duties(with_first(rows), [office], quarters)
    years: dict[int, list[Any]] = {}
    for quarter in reversed(quarters):
        years.setdefault(quarter.year, []).extend(matrix[quarter])
    return render(request, "reports/unit.html", {"office": office, "years": years, "alone": not _sees_all(request)})


def _sees_all(request: HttpRequest) -> bool:
    return Report.objects.seen_by(request.user).values("unit").distinct()[:2].count() > 1


def the_report(request: HttpRequest, pk: Any) -> Report:
    """A report that this person may see, or 404."""
    return get_object_or_404(Report.objects.seen_by(request.user).select_related("unit"), pk=pk)


def the_version(request: HttpRequest, report: Report) -> Version | None:
    """The version asked for by `?v=`, or None for what stands now."""
    asked = request.GET.get("v", "")
    return get_object_or_404(report.versions, serial=asked) if asked.isdigit() else None


@login_required
@require_GET
def report(request: HttpRequest, pk: Any) -> HttpResponse:
    """One report: next act, words, checks, tables; every number a door."""
    return _page(request, the_report(request, pk))


def _page(request: HttpRequest, found: Report, form: WordsForm | None = None, status: int = 200) -> HttpResponse:
    version = the_version(request, found)
    subject = subject_of(found, version)
    told = unkept(subject.version.checks) if subject.version else checks(subject)
    versions = list(found.versions.select_related("by"))
    if form is None and version is None and may_write(found, request.user):
        form = WordsForm(None, report=found, wants_explanation=any(c.ok is False for c in told))
    context = {
        "report": found, "version": version, "frozen": subject.version, "versions": versions, "form": form,
        "checks": told, "words": _shown_words(found, version or (found.latest if found.is_frozen else None)),
        "changes": _changes(versions, subject.version), "events": Event.objects.of(found),
        "term": Deadline.objects.filter(subject=found.pk, done_on__isnull=True).first(),
        "concerns": concerns.told(found, subject.version), "this_quarter": str(found.quarter),
        "tables": _tables(request, subject), "area": request.GET.get("area", ""),
    }  # fmt: skip
    return render(request, "reports/report.html", context, status=status)


def _shown_words(found: Report, version: Version | None) -> list[tuple[str, str]]:
    words = words_of(found, version)
    return [(flow.label_of(found, name), text) for name, text in words.items() if text]


def may_write(found: Report, user: Any) -> bool:
    """May this person change the report's words now?"""
    row = REPORT.row("submit")
    return found.state in row.frm and flow.seat_for(row, found, user) is not None


def _tables(request: HttpRequest, subject: Subject) -> dict[str, Any]:
    """Grids for a village or the town (or one village of it), lines of acts for a department."""
    if subject.of_office:
        (table,) = subject.tables
        return {"works": grids.work_lines(subject, _link(subject)), "title": table.title, "note": table.note}
    area = request.GET.get("area", "")
    if subject.report.is_town and not area:
        lines = grids.village_lines(subject.figures, villages(subject.report), lambda a: f"?{_query(subject, area=a)}")
    else:
        lines = grids.kind_lines(subject.figures, area)
    shown = [table for table in subject.tables if not (table.town and area)]
    return {"grids": [grids.grid(t, subject.figures, grids.lines_of(t, lines), _link(subject)) for t in shown]}


def _query(subject: Subject, **params: str) -> str:
    """Parameters of an address, with the version that is being looked at."""
    shown = subject.version
    if shown and shown != (subject.report.latest if subject.report.is_frozen else None):
        params["v"] = str(shown.serial)
    return urlencode({name: value for name, value in params.items() if value})


def _link(subject: Subject) -> grids.Link:
    def link(column: str, span: str, area: str, kind: str) -> str:
        address = reverse("report-cell", args=[subject.report.pk, f"{column}.{span}"])
        return f"{address}?{_query(subject, area=area, kind=kind)}".rstrip("?")

    return link


def _changes(versions: list[Version], shown: Version | None) -> list[dict[str, Any]]:
    """What a correction changed against the version before it, number by number."""
    if shown is None or shown.serial < 2 or len(versions) < 2:
        return []
    earlier = versions[shown.serial - 2]
    columns = subject_of(shown.report, shown).columns
    kinds = {kind.code: str(kind) for kind in Kind.objects.all()}
    found = []
    for cell in sorted({*earlier.cells, *shown.cells}):
        old, new = earlier.cells.get(cell, 0), shown.cells.get(cell, 0)
        if old != new:
            head, area, kind = cell.split("|")
            key, _dot, span = head.rpartition(".")
            name = f"{columns[key].group}{columns[key].name} · {grids.span_name(span)}"
            told = {"old": grids.as_text(columns[key], old), "new": grids.as_text(columns[key], new)}
            found.append({"name": name, "area": area, "kind": kinds.get(kind, kind), **told})
    return found


@login_required
@require_POST
def save(request: HttpRequest, pk: Any) -> HttpResponse:
    """Keep the words; the numbers are nobody's to type."""
    found = the_report(request, pk)
    if not may_write(found, request.user):
        messages.error(request, _("这份报告现在不能修改。"))
        return redirect(found)
    form = WordsForm(request.POST, report=found, wants_explanation=True)
    try:
        if form.is_valid():
            form.save_words(request.user)
            messages.success(request, _("已保存。写好后请提交。"))
            return redirect(found)
        status = 422
    except Refused as refusal:
        form.add_error(None, refusal.reason)
        found.refresh_from_db()
        form.data = {**request.POST.dict(), "version": found.version}
        status = 409
    return _page(request, found, form, status)


@login_required
@require_GET
def cell(request: HttpRequest, pk: Any, cell: str) -> HttpResponse:
    """The list behind one number, live while the report is open, frozen afterwards."""
    found = the_report(request, pk)
    subject = subject_of(found, the_version(request, found))
    key, _dot, span = cell.rpartition(".")
    column = subject.columns.get(key)
    if column is None or isinstance(column.how, (Rate, Told)) or span not in column.spans:
        raise Http404
    area, kind = request.GET.get("area", ""), request.GET.get("kind", "")
    items = subject.items(column, span, area, kind)
    words = [found.title, name_of(area) if area else "", f"{column.group}{column.name}"]
    if len(column.spans) > 1:
        words.append(grids.span_name(span))
    page = listing(f"cell-{cell}", " · ".join(filter(None, words)), items)
    context = {
        "report": found, "frozen": subject.version, "note": column.note, "total": items.total,
        "signed": any(sign < 0 for sign in items.events.values()),
        "back": f"{found.get_absolute_url()}?{_query(subject)}",
    }  # fmt: skip
    return page.respond(request, **context)


@login_required
@require_GET
def export(request: HttpRequest, pk: Any, form: str) -> HttpResponse:
    """The report as pdf, docx or xlsx in the official layout."""
    found = the_report(request, pk)
    if form not in papers.FORMS:
        raise Http404
    data, mime = papers.make(found, form, the_version(request, found))
    response = HttpResponse(data, content_type=mime)
    response["Content-Disposition"] = content_disposition_header(form != "pdf", f"{found.title}.{form}") or "attachment"
    response["Cache-Control"] = "private, no-store"
    return response
