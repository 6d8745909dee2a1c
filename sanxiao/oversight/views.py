"""Pages of oversight: what goes on, rounds and findings, who is late, what was drawn for proof."""

from collections import defaultdict
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from sanxiao.archive.models import Establishment
from sanxiao.docket import rooms
from sanxiao.docket.models import Event
from sanxiao.office.duties import may, may_read
from sanxiao.office.models import Office
from sanxiao.office.now import today
from sanxiao.oversight import forms, lists, papers, proofs  # noqa: F401  forms are registered
from sanxiao.oversight.models import Board, Check, Finding, Practice, ProofDraw, Round, Urge
from sanxiao.oversight.models.sight import offices, oversees
from sanxiao.oversight.models.urging import RUNNING
from sanxiao.oversight.people import staff
from sanxiao.oversight.rules import COLOURS, FINDING, RED, ROUND
from sanxiao.oversight.urging import sentence
from sanxiao.papers.lists import XLSX, Listing

SHOWN = 8
PDF = "application/pdf"


def file_response(data: bytes, mime: str, name: str) -> HttpResponse:
    """A file to look at (PDF) or to keep."""
    response = HttpResponse(data, content_type=mime)
    response["Content-Disposition"] = content_disposition_header(mime != PDF, name) or "attachment"
    response["Cache-Control"] = "private, no-store"
    return response


def listed(request: HttpRequest, listing: Listing, family: str = "oversight") -> HttpResponse:
    """One of the lists, with the tabs."""
    if not may_read(request.user, family):
        raise Http404
    return listing.respond(request, tabs=lists.tabs(request))


@login_required
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """What goes on: figures that open their lists, who is late, rounds, what waits for this person or unit."""
    user = request.user
    if not may_read(user, "oversight"):
        raise Http404
    findings = Finding.objects.seen_by(user).filter(state__in=FINDING.open_states)
    mine = Finding.objects.seen_by(user).filter(unit__in=offices(user), state__in=("told", "returned"))
    checks, late = Check.objects.seen_by(user).mine(user), late_units(user)
    shown = Practice.objects.seen_by(user).filter(state="shown")
    context = {
        "tabs": lists.tabs(request), "figures": _figures(user, findings), "oversees": oversees(user),
        "late": late[:SHOWN], "late_count": len(late), "mine": mine.select_related("unit").order_by("due_on")[:SHOWN],
        "rounds": lists.counted(Round.objects.seen_by(user)).filter(state__in=ROUND.open_states)[:SHOWN],
        "checks": checks.select_related("file__kind", "unit").order_by("due_on")[:SHOWN],
        "practices": shown.select_related("unit").order_by("-updated_at")[:5],
        "may_plan": may(user, "oversight.lead"),
    }  # fmt: skip
    return render(request, "oversight/home.html", context)


def _figures(user: Any, findings: QuerySet[Finding]) -> list[dict[str, Any]]:
    late = findings.filter(due_on__lt=today()).count()
    sheets = Urge.objects.seen_by(user).filter(state__in=RUNNING)
    red = sheets.filter(colour=RED).count()
    checks = Check.objects.seen_by(user).filter(state="assigned")
    last = Board.objects.seen_by(user).defer("cells", "rule").order_by("-year", "-no").first()
    return [
        {"name": _("未销号的问题"), "value": findings.count(), "unit": _("项"), "tone": "red" if late else "",
         "trend": _("%(n)d 个已逾期") % {"n": late}, "url": reverse("oversight-findings") + "?state=open"},
        {"name": _("在催办"), "value": sheets.count(), "unit": _("张"), "tone": "red" if red else "",
         "trend": _("红色 %(n)d 张") % {"n": red}, "url": reverse("oversight-urges") + "?state=open"},
        {"name": _("待核验"), "value": checks.count(), "unit": _("件"), "trend": _("办结事项到场核验"),
         "url": reverse("oversight-checks") + "?state=open"},
        {"name": _("季度考核"), "value": last.quarter if last else "—", "unit": "",
         "trend": str(last.state_row.name) if last else _("还没有"),
         "url": last.get_absolute_url() if last else reverse("oversight-boards")},
    ]  # fmt: skip


# --- rounds and findings -----------------------------------------------------------------------------------------


@login_required
@require_GET
def rounds(request: HttpRequest) -> HttpResponse:
    """All rounds that this person may see."""
    return listed(request, lists.ROUNDS)


@login_required
@require_GET
def findings(request: HttpRequest) -> HttpResponse:
    """整改清单: on the screen, as a workbook, on paper."""
    return listed(request, lists.FINDINGS)


@login_required
@require_GET
def round_page(request: HttpRequest, pk: Any) -> HttpResponse:
    """One round: its units, what was found at each, how far it has been put right."""
    found = get_object_or_404(lists.counted(Round.objects.seen_by(request.user)), pk=pk)
    rows = Finding.objects.seen_by(request.user).filter(round=found).select_related("unit", "file")
    by_unit: dict[int, list[Finding]] = defaultdict(list)
    for row in rows.order_by("created_at"):
        by_unit[row.unit_id].append(row)
    visits = list(found.visits.select_related("unit"))
    if not oversees(request.user):
        visits = [visit for visit in visits if visit.unit_id in offices(request.user)]
    context = {
        "round": found, "units": [(visit, by_unit[visit.unit_id]) for visit in visits],
        "states": [(s, n) for s in FINDING.states if (n := sum(row.state == s.key for row in rows))],
        "may_note": found.state == "underway" and may(request.user, "oversight.lead", found),
        "may_draft": found.state not in ("planned", "void") and may(request.user, "bulletin.write", found),
        "bulletins": found.bulletins.exclude(state="void") if oversees(request.user) else [],
        "events": Event.objects.of(found)[:40],
    }  # fmt: skip
    return render(request, "oversight/round.html", context)


@login_required
@require_GET
def finding(request: HttpRequest, pk: Any) -> HttpResponse:
    """One finding: what is wrong, what is asked, what the unit says and shows."""
    rows = Finding.objects.seen_by(request.user).select_related("unit", "round", "file__kind")
    found = get_object_or_404(rows, pk=pk)
    may_open = found.file and Establishment.objects.seen_by(request.user).filter(pk=found.file_id).exists()
    context = {
        "finding": found, "may_open": may_open, "about": _matter(request.user, found.about_kind, found.about),
        "round_url": found.round and Round.objects.seen_by(request.user).filter(pk=found.round_id).exists(),
        "events": Event.objects.of(found)[:40],
    }  # fmt: skip
    return render(request, "oversight/finding.html", context)


def _matter(user: Any, kind: str, pk: Any) -> Any:
    """The matter that something is about, where this person may open it."""
    return rooms.model_of(kind).objects.seen_by(user).filter(pk=pk).first() if kind else None


# --- urging ------------------------------------------------------------------------------------------------------


@login_required
@require_GET
def urges(request: HttpRequest) -> HttpResponse:
    """All sheets that this person may see."""
    return listed(request, lists.URGES)


def late_units(user: Any) -> list[dict[str, Any]]:
    """Units with open sheets, the worst first: their colours, how many matters, since when, whom to telephone."""
    sheets = lists.sheets(Urge.objects.seen_by(user)).filter(state__in=RUNNING).order_by("issued_on")
    by_unit: dict[Office, list[Urge]] = defaultdict(list)
    for sheet in sheets:
        by_unit[sheet.unit].append(sheet)
    people = staff(unit.pk for unit in by_unit)
    rank, names = {key: n for n, (key, _name) in enumerate(COLOURS)}, dict(COLOURS)
    rows = [
        {
            "unit": unit, "sheets": sorted(its, key=lambda s: -rank[s.colour]), "people": people[unit.pk],
            "worst": (worst := max((s.colour for s in its), key=lambda c: rank[c])), "worst_name": names[worst],
            "left": sum(s.left for s in its), "answered": all(s.state == "answered" for s in its),  # type: ignore[attr-defined]
        }
        for unit, its in by_unit.items()
    ]  # fmt: skip
    return sorted(rows, key=lambda row: (-rank[row["worst"]], -row["left"]))


@login_required
@require_GET
def late(request: HttpRequest) -> HttpResponse:
    """谁逾期: every superior sees who is late, and telephones."""
    if not may_read(request.user, "oversight"):
        raise Http404
    context = {
        "tabs": lists.tabs(request),
        "rows": late_units(request.user),
        "may_draft": may(request.user, "bulletin.write"),
    }
    return render(request, "oversight/late.html", context)


def the_sheet(request: HttpRequest, pk: Any) -> Urge:
    """A sheet that this person may see, or 404."""
    return get_object_or_404(lists.sheets(Urge.objects.seen_by(request.user)), pk=pk)


@login_required
@require_GET
def urge(request: HttpRequest, pk: Any) -> HttpResponse:
    """One sheet: what is late, what the unit says, whom to telephone."""
    found = the_sheet(request, pk)
    items = list(found.items.all())
    context = {
        "sheet": found, "sentence": sentence(found, len(items)), "people": staff([found.unit_id])[found.unit_id],
        "items": [(item, papers.item_state(item)) for item in items], "events": Event.objects.of(found)[:40],
    }  # fmt: skip
    return render(request, "oversight/urge.html", context)


@login_required
@require_GET
def urge_paper(request: HttpRequest, pk: Any) -> HttpResponse:
    """The sheet on paper."""
    found = the_sheet(request, pk)
    return file_response(papers.urge_pdf(found), PDF, f"{found.number}.pdf")


# --- proof -------------------------------------------------------------------------------------------------------


@login_required
@require_GET
def draws(request: HttpRequest) -> HttpResponse:
    """All draws that this person may see."""
    return listed(request, lists.DRAWS)


@login_required
@require_GET
def checks(request: HttpRequest) -> HttpResponse:
    """All matters that were drawn."""
    return listed(request, lists.CHECKS)


@login_required
@require_GET
def draw(request: HttpRequest, pk: Any) -> HttpResponse:
    """One draw: seed, pool, what was drawn, what was found, and the score with its honest interval."""
    found = get_object_or_404(ProofDraw.objects.seen_by(request.user).select_related("unit"), pk=pk)
    rows = list(
        Check.objects.seen_by(request.user).filter(draw=found).order_by("no")
        .select_related("file__kind", "unit", "first", "second")
    )  # fmt: skip
    seen_all = oversees(request.user)
    context = {
        "draw": found, "rows": rows, "pool": len(found.pool), "oversees": seen_all,
        "again": proofs.repeats(found) if request.GET.get("again") and seen_all else None,
        "scores": proofs.by_unit(rows, found.area), "events": Event.objects.of(found)[:40],
    }  # fmt: skip
    return render(request, "oversight/draw.html", context)


@login_required
@require_GET
def pool(request: HttpRequest, pk: Any) -> HttpResponse:
    """The pool with its keys, so that a stranger can draw again."""
    if not oversees(request.user):
        raise Http404
    found = get_object_or_404(ProofDraw.objects.seen_by(request.user), pk=pk)
    return file_response(papers.pool_xlsx(found), XLSX, f"{found.called}.xlsx")


@login_required
@require_GET
def check(request: HttpRequest, pk: Any) -> HttpResponse:
    """One matter that was drawn: what the office says, who looks, what they found."""
    rows = Check.objects.seen_by(request.user)
    found = get_object_or_404(rows.select_related("file__kind", "unit", "draw", "first", "second", "finding"), pk=pk)
    may_open = found.file and Establishment.objects.seen_by(request.user).filter(pk=found.file_id).exists()
    context = {
        "check": found, "ours": request.user in found.team, "may_open": may_open,
        "team": _("、").join(who.name for who in found.team),
        "about": _matter(request.user, found.about_kind, found.about), "events": Event.objects.of(found)[:40],
    }  # fmt: skip
    return render(request, "oversight/check.html", context)
