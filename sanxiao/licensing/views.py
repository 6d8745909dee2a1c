"""The pages of the room: lists, one application, one paper, printing, the register of numbers."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Count, Max, Min, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from sanxiao.docket import flow
from sanxiao.docket.models import Event, Rule
from sanxiao.licensing import clash, eligibility, lists
from sanxiao.licensing.forms import materials_of
from sanxiao.licensing.lists import APPLICATIONS, CERTIFICATES, EXPIRING
from sanxiao.licensing.models import Application, Certificate, Snapshot, Visit
from sanxiao.licensing.rules import BEFORE_DECISION, CARD, CERTIFICATE
from sanxiao.office.duties import may, scope_of
from sanxiao.office.now import today
from sanxiao.papers import pdf
from sanxiao.papers.models import Number, Paper, Series

AT_ONCE = 200  # papers in one print
SHOWN_NUMBERS = 500


@login_required
@require_GET
def applications(request: HttpRequest) -> HttpResponse:
    """Both routes in one inbox."""
    return APPLICATIONS.respond(request, tabs=lists.tabs(request))


@login_required
@require_GET
def certificates(request: HttpRequest) -> HttpResponse:
    """All certificates and cards."""
    return CERTIFICATES.respond(request, tabs=lists.tabs(request))


@login_required
@require_GET
def expiring(request: HttpRequest) -> HttpResponse:
    """Papers that run out soon, without a renewal in hand."""
    return EXPIRING.respond(request, tabs=lists.tabs(request))


@login_required
@require_GET
def could(request: HttpRequest) -> HttpResponse:
    """Who could register and has not."""
    return lists.could(request.user).respond(request, tabs=lists.tabs(request))


@login_required
@require_GET
def application(request: HttpRequest, pk: Any) -> HttpResponse:
    """One application: where it stands, what is asked, what was found, what was issued."""
    rows = Application.objects.seen_by(request.user)
    app = get_object_or_404(rows.select_related("file__operator", "file__kind", "previous", "decided_by"), pk=pk)
    undecided = app.state in BEFORE_DECISION
    context = {
        "app": app, "file": app.file, "materials": materials_of(app), "visits": _visits(app),
        "papers": list(Paper.objects.filter(subject=app.pk)),
        "certificates": list(app.certificates.order_by("created_at")),
        "findings": eligibility.check(app.file) if undecided else [],
        "warnings": clash.warnings(app.file) if undecided else [],
        "events": Event.objects.of(app), "snapshots": list(Snapshot.objects.filter(subject=app.pk)),
    }  # fmt: skip
    return render(request, "licensing/application.html", context)


def _visits(app: Application) -> list[Visit]:
    """The site checks with their items in words."""
    rows = Rule.objects.value(f"site_check.{app.file.kind_id}", app.area, app.rule_on, [])
    words = {row["text"]: eligibility.words_of(row) for row in rows}
    found = list(app.visits.all())
    for visit in found:
        visit.shown_items = [(words.get(text, text), good) for text, good in visit.items.items()]
    return found


@login_required
@require_GET
def certificate(request: HttpRequest, pk: Any) -> HttpResponse:
    """One paper: its face, its code, what happened to it."""
    rows = Certificate.objects.seen_by(request.user)
    paper = get_object_or_404(rows.select_related("file__operator", "file__kind", "application", "follows"), pk=pk)
    context = {
        "paper": paper, "file": paper.file, "printed": Paper.objects.filter(subject=paper.pk).first(),
        "next": rows.filter(follows=paper).first(), "events": Event.objects.of(paper),
        "may_apply": may(request.user, f"{paper.route}.apply", paper),
        "snapshots": list(Snapshot.objects.filter(subject=paper.pk)),
    }  # fmt: skip
    return render(request, "licensing/certificate.html", context)


# -- printing


@login_required
@require_http_methods(["GET", "POST"])
def print_many(request: HttpRequest) -> HttpResponse:
    """Several papers as one PDF; what waits to be handed over stands here."""
    if not may(request.user, "paper.manage"):
        raise PermissionDenied
    waiting = lists.certificates(request.user).filter(state="valid", application__state="issued")
    if request.method == "POST":
        chosen = _chosen(request)
        if chosen:
            return _bundle(request, chosen)
        messages.warning(request, _("请先勾选要打印的证卡。"))
        return redirect("certificate-print")
    groups = [
        (_("登记证（每张一页）"), CERTIFICATE, [c for c in waiting if c.route == CERTIFICATE]),
        (_("登记卡（一页两张，沿虚线裁开）"), CARD, [c for c in waiting if c.route == CARD]),
    ]
    return render(request, "licensing/print.html", {"groups": [g for g in groups if g[2]], "tabs": lists.tabs(request)})


def _chosen(request: HttpRequest) -> list[Certificate]:
    wanted = request.POST.getlist("paper")[:AT_ONCE]
    try:
        rows = Certificate.objects.seen_by(request.user).filter(pk__in=wanted, route=request.POST.get("route"))
        return list(rows.order_by("number"))
    except ValidationError:  # not the name of a paper at all
        return []


def _bundle(request: HttpRequest, chosen: list[Certificate]) -> HttpResponse:
    """The frozen faces in one file; each print is told in the paper's own history."""
    facts = [paper.facts for paper in chosen]
    if chosen[0].route == CARD:
        data = pdf.render("cards", {"cards": facts, "practice": any(f.get("practice") for f in facts)})
    else:
        data = pdf.render_many("certificate", facts)
    with transaction.atomic():
        for paper in chosen:
            seat = next((s for s in scope_of(request.user).seats if s.covers(paper.area)), None)
            flow.log(paper, "print", request.user, seat)
    response = HttpResponse(data, content_type="application/pdf")
    response["Content-Disposition"] = content_disposition_header(False, f"证卡-{today()}.pdf") or "inline"
    response["Cache-Control"] = "private, no-store"
    return response


# -- the register of numbers


@login_required
@require_GET
def numbers(request: HttpRequest) -> HttpResponse:
    """Every series with the proof that it has neither gap nor double, and its void numbers (E6)."""
    if not may(request.user, "paper.manage"):
        raise PermissionDenied
    mine = Q(pk__in=[])
    for prefix in scope_of(request.user).prefixes(frozenset(("bureau", "fso"))):
        mine |= Q(area__startswith=prefix)
    series = list(Series.objects.filter(mine, key__startswith="certificate.").order_by("-year", "key"))
    told = [_proof(row) for row in series]
    chosen = next((t for t in told if str(t["series"].pk) == request.GET.get("series")), told[0] if told else None)
    rows = _of(chosen["series"]).order_by("-serial")[:SHOWN_NUMBERS] if chosen else []
    return render(
        request, "licensing/numbers.html", {"told": told, "chosen": chosen, "rows": rows, "tabs": lists.tabs(request)}
    )


def _of(series: Series) -> Any:
    return Number.objects.filter(key=series.key, area=series.area, year=series.year)


def _proof(series: Series) -> dict[str, Any]:
    """Counted from the register itself: as many serials as the last one says, from 1 on, none twice."""
    said = _of(series).aggregate(
        count=Count("pk"), distinct=Count("serial", distinct=True), first=Min("serial"), last=Max("serial"),
        void=Count("pk", filter=Q(voided_on__isnull=False)),
    )  # fmt: skip
    whole = said["count"] == said["distinct"] == said["last"] == series.last and said["first"] == 1
    return {"series": series, "whole": whole, "name": _series_name(series.key), **said}


def _series_name(key: str) -> str:
    row = Rule.objects.at(f"number.{key}")
    return row.name if row else key
