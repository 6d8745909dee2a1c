"""The pages of sampling. States change through the one view of the docket; here they are read, and results imported."""

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from sanxiao.archive.personal import masked
from sanxiao.docket import flow
from sanxiao.docket.models import Deadline, Event
from sanxiao.docket.refusal import Refused
from sanxiao.inspection.models import Order
from sanxiao.inspection.rules import ORDER
from sanxiao.office.duties import may
from sanxiao.office.settled import settled
from sanxiao.papers import excel, pdf
from sanxiao.papers.lists import XLSX
from sanxiao.papers.models import Paper
from sanxiao.papers.views import DOCX
from sanxiao.sampling import (  # noqa: F401  forms register
    beside,
    beside_forms,
    buyers,
    drawing,
    importing,
    lists,
    plan_forms,
    result_acts,
    result_forms,
    say,
    sheet,
)
from sanxiao.sampling.beside_models import Objection, Publication, QuickTest, Retest
from sanxiao.sampling.beside_rules import OBJECTION, PUBLICATION, RETEST
from sanxiao.sampling.lists import PLANS, PUBLICATIONS, QUICKS, SAMPLES
from sanxiao.sampling.models import Hand, Sample
from sanxiao.sampling.plan_models import Draw, Plan
from sanxiao.sampling.progress import lines_of
from sanxiao.sampling.rules import RETEST_ASK


@login_required
@require_GET
def samples(request: HttpRequest) -> HttpResponse:
    """All samples on one's ground; the names of foods are read once for all rows."""
    with settled():
        return SAMPLES.respond(request, tabs=lists.tabs(request))


@login_required
@require_GET
def plans(request: HttpRequest) -> HttpResponse:
    """The plans of the years."""
    return PLANS.respond(request, tabs=lists.tabs(request))


@login_required
@require_GET
def quick_tests(request: HttpRequest) -> HttpResponse:
    """Quick tests; the names of their items are read once for all rows."""
    with settled():
        return QUICKS.respond(request, tabs=lists.tabs(request))


@login_required
@require_GET
def publications(request: HttpRequest) -> HttpResponse:
    """What was published and taken down."""
    return PUBLICATIONS.respond(request, tabs=lists.tabs(request))


@login_required
@require_GET
def plan(request: HttpRequest, pk: Any) -> HttpResponse:
    """One plan at a glance: line by line what was meant and what came of it; its draws."""
    found = get_object_or_404(Plan.objects.seen_by(request.user), pk=pk)
    lines, total, aimed = lines_of(found)
    draws = found.draws.select_related("by").order_by("-at")
    context = {
        "plan": found, "lines": lines, "total": total, "aimed": aimed, "draws": draws,
        "events": Event.objects.of(found),
    }  # fmt: skip
    return render(request, "sampling/plan.html", context)


@login_required
@require_GET
def draw(request: HttpRequest, pk: Any) -> HttpResponse:
    """One draw: the pool with weights, reasons and keys, and what was drawn. `?as=xlsx`: all of it to reckon anew."""
    made = get_object_or_404(Draw.objects.select_related("plan", "by"), pk=pk)
    get_object_or_404(Plan.objects.seen_by(request.user), pk=made.plan_id)
    if request.GET.get("as") == "xlsx":
        return _book(made)
    own = {s.file.number: s for s in made.samples.select_related("file").defer("file__facts", "answers")}
    quotas = {q.no: lists.words_of(q) for q in made.plan.quotas.select_related("kind")}
    rows = [{**row, "sample": own.get(row["number"])} for row in made.record["pool"] if row["drawn"]]
    parts = [{**line, "words": quotas.get(line["no"], ""), "rows": [r for r in rows if r["quota"] == line["no"]]}
             for line in made.record["quotas"]]  # fmt: skip
    samplers = {row["number"]: row["samplers"] for row in made.record["drawn"]}
    context = {"draw": made, "plan": made.plan, "parts": parts, "again": drawing.again(made), "samplers": samplers,
               "heads": list(drawing.heads(made))}  # fmt: skip
    return render(request, "sampling/draw.html", context)


def _book(made: Draw) -> HttpResponse:
    pool = [
        excel.Column("quota", _("指标"), 6, "int"), excel.Column("number", _("档案编号"), 24),
        excel.Column("weight", _("权重"), 10), excel.Column("reasons", _("权重依据"), 60),
        excel.Column("key", "key", 20), excel.Column("rank", _("次序"), 6, "int"), excel.Column("drawn", _("抽中"), 6),
    ]  # fmt: skip
    lines = [
        [
            r["quota"],
            r["number"],
            str(r["weight"]),
            "；".join(r["reasons"]),
            r["key"],
            r["rank"],
            "是" if r["drawn"] else "",
        ]
        for r in made.record["pool"]
    ]
    quotas = [
        excel.Column(key, name, 12)
        for key, name in (
            ("no", _("指标")),
            ("kind", _("类别")),
            ("food", _("食品")),
            ("village", _("村（社区）")),
            ("wanted", _("应抽")),
            ("drawn", _("抽中")),
            ("pool", _("候选")),
        )
    ]
    won = [
        excel.Column("number", _("档案编号"), 24),
        excel.Column("quota", _("指标"), 6, "int"),
        excel.Column("samplers", _("抽样人员"), 24),
    ]
    notes = [f"{name}：{value}" for name, value in drawing.heads(made)]
    data = excel.book(
        [
            excel.Sheet(_("候选名单"), pool, lines, notes),
            excel.Sheet(_("指标"), quotas, [[str(line[c.key]) for c in quotas] for line in made.record["quotas"]]),
            excel.Sheet(
                _("抽中"), won, [[r["number"], r["quota"], "、".join(r["samplers"])] for r in made.record["drawn"]]
            ),
        ]
    )
    return _send(data, XLSX, f"{made.plan}-{made.seed}.xlsx", inline=False)


def _send(data: bytes, mime: str, name: str, *, inline: bool = True) -> HttpResponse:
    response = HttpResponse(data, content_type=mime)
    response["Content-Disposition"] = content_disposition_header(not inline, name) or "attachment"
    response["Cache-Control"] = "private, no-store"
    return response


def the_sample(request: HttpRequest, pk: Any) -> Sample:
    """A sample as this person may see it, or 404."""
    rows = Sample.objects.seen_by(request.user).select_related("file__operator", "file__kind", "plan", "order", "form")
    return get_object_or_404(rows.prefetch_related("parts", "results"), pk=pk)


@login_required
@require_GET
def sample(request: HttpRequest, pk: Any) -> HttpResponse:
    """One sample: where it stands, its halves and their chain, the result, and what runs beside it."""
    found = the_sample(request, pk)
    say.lay(found.results.all())
    beside_it = [
        row
        for model in (Retest, Objection, Publication)
        for row in model.objects.seen_by(request.user).filter(sample=found)
    ]
    keys = [found.pk, *(row.pk for row in beside_it)]
    context = {
        "sample": found,
        "groups": sheet.shown(found),
        "who": masked(found.file.operator, request.user, found.area),
        "hands": Hand.objects.filter(part__sample=found).select_related("part"),
        "terms": list(Deadline.objects.filter(subject__in=keys, done_on__isnull=True).order_by("due_on")),
        "papers": Paper.objects.filter(subject__in=keys).order_by("at", "id"),
        "retests": [row for row in beside_it if isinstance(row, Retest)],
        "objections": [row for row in beside_it if isinstance(row, Objection)],
        "publications": [row for row in beside_it if isinstance(row, Publication)],
        "begin": list(_beginnings(found, request.user)),
        "buyers": buyers.untold(found) if found.verdict == "fail" else [],
        "alerts": buyers.alerts(found),
        "quick": QuickTest.objects.seen_by(request.user).filter(sample=found).first(),
        "events": Event.objects.filter(subject__in=keys).order_by("-id"),
        "last_retest": beside.last_day(found, RETEST_ASK, found.served_on),
    }
    return render(request, "sampling/sample.html", context)


def _beginnings(found: Sample, user: Any) -> list[dict[str, str]]:
    """What can begin beside the sample, each with the reason why not yet; nothing where it can never be."""
    served = found.state == "served"
    settled = found.state in ("passed", "cleared", "failed", "served", "disposed")
    rows = (
        (RETEST, "ask", Retest, served), (OBJECTION, "raise", Objection, found.is_open and found.state != "drawn"),
        (PUBLICATION, "publish", Publication, settled),
    )  # fmt: skip
    made = []
    for table, move, model, shown in rows:
        row = table.row(move)
        obj = model(sample=found, file=found.file, area=found.area)
        if shown and row.duty and may(user, row.duty, found):
            reason = flow.why_not(obj, row, {}, user)
            url = f"{reverse('do', args=[table.key, 'new', move])}?sample={found.pk}"
            made.append({"url": url, "name": str(row.name), "reason": reason})
    return [*_order(found, user), *made]


def _order(found: Sample, user: Any) -> list[dict[str, str]]:
    """The order that a failed sample calls for, while the place has none that could be linked."""
    if found.state != "served" or not may(user, "order.issue", found) or result_acts.has_order(found, {}):
        return []
    url = f"{reverse('do', args=[ORDER.key, 'new', 'issue'])}?file={found.file_id}"
    reason = flow.why_not(Order(file=found.file, area=found.area), ORDER.row("issue"), {}, user)
    return [{"url": url, "name": _("下达整改通知"), "reason": reason}]


@login_required
@require_GET
def sampling_form(request: HttpRequest, pk: Any, form: str) -> HttpResponse:
    """抽样单 as PDF or Word."""
    found = the_sample(request, pk)
    facts, images = sheet.facts_of(found, request.user)
    name = f"{facts['title']}-{found.number or found.file.called}"
    if form == "pdf":
        return _send(pdf.render("form", facts, images), "application/pdf", f"{name}.pdf")
    if form == "docx":
        from sanxiao.papers import word  # python-docx is loaded when somebody wants a Word file

        return _send(word.form(facts), DOCX, f"{name}.docx", inline=False)
    raise Http404


@login_required
@require_GET
def quick_test(request: HttpRequest, pk: Any) -> HttpResponse:
    """One quick test, and the formal sample it led to."""
    rows = QuickTest.objects.seen_by(request.user).select_related("file", "sample")
    found = get_object_or_404(rows, pk=pk)
    say.lay([found])
    return render(request, "sampling/quick.html", {"quick": found, "events": Event.objects.of(found)})


# --- results from a laboratory -----------------------------------------------------------------------------------


class ResultsForm(forms.Form):
    """A workbook of results."""

    workbook = forms.FileField(
        label=gettext_lazy("检验结果（Excel）"), widget=forms.FileInput({"accept": ".xlsx,.xls"}),
        help_text=gettext_lazy("每行一个检验项目；同一批的各行写同一个抽样单编号。有错的批次不导入，其余照常导入。"),
    )  # fmt: skip


@login_required
@require_http_methods(["GET", "POST"])
def results(request: HttpRequest) -> HttpResponse:
    """Import a laboratory's results: every error of every row at once; good samples beside a bad one are kept."""
    if not may(request.user, "sample.record"):
        raise PermissionDenied
    if request.GET.get("as") == "xlsx":
        return _send(importing.template(request.user), XLSX, _("检验结果模板.xlsx"), inline=False)
    form = ResultsForm(request.POST or None, request.FILES or None)
    context: dict[str, Any] = {
        "form": form,
        "tabs": lists.tabs(request),
        "waiting": importing.waiting(request.user).count(),
    }
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            raw = form.cleaned_data["workbook"].read()
            outcome = importing.take_in(raw, request.user)
        except (Refused, excel.NotExcel) as refusal:
            form.add_error("workbook", getattr(refusal, "reason", str(refusal)))
        else:
            if request.POST.get("marked"):
                return _send(excel.marked_copy(raw, outcome.errors), XLSX, _("标注错误的检验结果.xlsx"), inline=False)
            context["outcome"] = outcome
            status = 422 if outcome.errors else 200
    if form.errors:
        status = 422
    return render(request, "sampling/results.html", context, status=status)
