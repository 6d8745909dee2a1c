"""The list of sheets, one sheet, the forms themselves, and the way out as a workbook."""

import csv
import io
import zipfile
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from sanxiao.archive import doubles
from sanxiao.archive.personal import note_reveal
from sanxiao.docket import flow
from sanxiao.docket.models import Event, Rule
from sanxiao.docket.refusal import Refused
from sanxiao.office.duties import may, may_read, scope_of
from sanxiao.office.models import Area
from sanxiao.office.now import today
from sanxiao.office.places import grounds
from sanxiao.papers.lists import XLSX
from sanxiao.survey import export, prints, words, xlsform
from sanxiao.survey.doubles import likeness
from sanxiao.survey.forms import FileSheetForm
from sanxiao.survey.lists import SHEETS
from sanxiao.survey.models import Form, Sheet
from sanxiao.survey.reading import label
from sanxiao.survey.rules import SHEET


@login_required
@require_GET
def sheets(request: HttpRequest) -> HttpResponse:
    """All sheets of one's ground."""
    return SHEETS.respond(request)


def the_sheet(request: HttpRequest, pk: Any) -> Sheet:
    """A sheet on this person's ground, or 404."""
    rows = Sheet.objects.seen_by(request.user).select_related("form", "kind", "file", "ledger")
    return get_object_or_404(rows, pk=pk)


@login_required
@require_GET
def sheet(request: HttpRequest, pk: Any) -> HttpResponse:
    """One sheet: what it says, what 建档 would do, what happened."""
    found = the_sheet(request, pk)
    row = SHEET.row("file")
    may_file = found.state == "received" and flow.seat_for(row, found, request.user) is not None
    context = {
        "sheet": found,
        "groups": words.groups_of(found, request.user),
        "lacking": words.lacking_labels(found),
        "doubts": words.doubts_of(found),
        "merge": words.merge_of(found),
        "events": Event.objects.of(found)[:40],
        "alike": _alike(found, request.user),
        "form": FileSheetForm(obj=found, row=row, user=request.user) if may_file else None,
    }
    return render(request, "survey/sheet.html", context)


def _alike(found: Sheet, user: Any) -> list[doubles.Double]:
    """What is like a sheet that waits to be compared with the whole town, for who compares it."""
    if found.state != "across" or not may(user, "sheet.across", found):
        return []
    return doubles.likely(likeness(found), user)


@login_required
@require_GET
def paper(request: HttpRequest, pk: Any) -> HttpResponse:
    """The sheet as the table of the annex, filled in."""
    found = the_sheet(request, pk)
    seat = next((s for s in scope_of(request.user).seats if s.covers(found.area)), None)
    flow.log(found, "print", request.user, seat)
    return sent(prints.filled(found, request.user), "application/pdf", f"{found.name}-{found.number}.pdf", inline=True)


@login_required
@require_POST
def show(request: HttpRequest, pk: Any) -> HttpResponse:
    """Reveal a personal answer, with a reason; logged without the value."""
    found = the_sheet(request, pk)
    name, reason = request.POST.get("field", ""), request.POST.get("reason", "").strip()
    question, hidden = found.form.questions().get(name), found.hidden()
    context: dict[str, Any] = {"file": found, "status": 200}
    try:
        if not question or name not in hidden or not reason:
            raise Refused(_("请写明查看理由。"), code="invalid")
        mark = f"person.{name if name in words.MASKS else 'id_number'}"
        note_reveal(found, mark, label(question), reason, request.user)
        context |= {"name": label(question), "value": words.said(found.form, question, hidden[name])}
    except Refused as refusal:
        context |= {"refused": refusal, "status": 422 if refusal.code == "invalid" else 403}
    fragment = request.headers.get("HX-Request")
    template = "archive/_revealed.html" if fragment else "archive/revealed.html"
    # htmx shows nothing of an answer that is no success: in the fragment the words themselves are the answer.
    answer = render(request, template, context, status=200 if fragment else context["status"])
    answer["Cache-Control"] = "private, no-store"
    return answer


def sent(data: bytes, mime: str, name: str, *, inline: bool = False) -> HttpResponse:
    """A file for the browser."""
    response = HttpResponse(data, content_type=mime)
    response["Content-Disposition"] = content_disposition_header(not inline, name) or "attachment"
    response["Cache-Control"] = "private, no-store"
    return response


# --- the forms -------------------------------------------------------------------------------------------------


@login_required
@require_GET
def forms(request: HttpRequest) -> HttpResponse:
    """The tables in use and their versions: to print empty, to download, to export by."""
    if not may_read(request.user, "sheet"):
        raise Http404
    versions = list(Form.objects.select_related("kind").defer("definition", "source"))
    used = Form.objects.in_use()
    rows = [{"form": form, "versions": [v for v in versions if v.kind_id == form.kind_id]} for form in used]
    return render(request, "survey/forms.html", {"rows": rows})


@login_required
@require_GET
def form(request: HttpRequest, pk: int, shape: str) -> HttpResponse:
    """A version of a form: the empty table (pdf), the XLSForm (xlsx), the source with our own columns (zip)."""
    if not may_read(request.user, "sheet"):
        raise Http404
    found = get_object_or_404(Form, pk=pk)
    name = f"{found.code}-{found.version}"
    if shape == "pdf":
        return sent(prints.empty(found), "application/pdf", f"{found.title}.pdf", inline=True)
    if shape == "xlsx":
        return sent(export.xlsform_book(xlsform_of(found), found), XLSX, f"{name}.xlsx")
    if shape == "zip":
        return sent(_source(found), "application/zip", f"{name}.zip")
    raise Http404


def xlsform_of(found: Form) -> dict[str, list[xlsform.Row]]:
    """The XLSForm of today: villages and prohibited foods as they hold now."""
    areas = [
        {"code": a.code, "name": a.name, "name_en": a.name_en}
        for a in Area.objects.on().filter(level__in=("village", "community"))
    ]
    foods = Rule.objects.value("prohibited_foods", default=[])
    return xlsform.workbook(found.source, areas, foods, today())


def _source(found: Form) -> bytes:
    """The three CSV files as a town's folder holds them, includes in their place."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, heads in xlsform.columns(found.source, ours=True).items():
            text = io.StringIO()
            writer = csv.DictWriter(text, heads, lineterminator="\n")
            writer.writeheader()
            writer.writerows(found.source[name])
            packed.writestr(f"{name}.csv", text.getvalue())
    return out.getvalue()


@login_required
@require_GET
def workbook(request: HttpRequest, kind: str, what: str) -> HttpResponse:
    """Sheets or files of a kind by the headings of its form, so that the list can be imported again."""
    found = Form.objects.latest_of(kind)
    if found is None or what not in export.WHAT or not may_read(request.user, "sheet"):
        raise Http404
    areas = {a.code: a.label for a in grounds(request.user, family="sheet")}
    data = export.WHAT[what](found, request.user, areas)
    return sent(data, XLSX, f"{found.kind}-{today()}.xlsx")
