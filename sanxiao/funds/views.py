"""The pages of money: lines with what is left, spending, and every activity with its cost and its result."""

from decimal import Decimal
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from sanxiao.docket.models import Event
from sanxiao.funds import activities, say
from sanxiao.funds.lists import SPENDINGS, claim_act, tabs
from sanxiao.funds.models import Line, Spending, paid_of
from sanxiao.funds.rules import LINE
from sanxiao.office.duties import may, may_read
from sanxiao.office.now import today
from sanxiao.papers import excel, pdf
from sanxiao.papers.lists import XLSX


@login_required
@require_GET
def lines(request: HttpRequest) -> HttpResponse:
    """All lines of a year, each with its bar."""
    if not (may_read(request.user, "budget") or may_read(request.user, "spend")):
        raise PermissionDenied
    rows = list(Line.objects.seen_by(request.user))
    years = sorted({row.year for row in rows}, reverse=True)
    said = request.GET.get("year", "")
    year = int(said) if said.isdecimal() and int(said) in years else (years[0] if years else today().year)
    shown = [row for row in rows if row.year == year]
    live = [row for row in shown if row.state in ("approved", "closed")]
    context = {
        "tabs": tabs(request), "rows": [(row, say.source(row.source)) for row in shown], "years": years, "year": year,
        "whole": sum((row.amount or Decimal(0) for row in live), Decimal(0)),
        "promised": sum((row.promised for row in live), Decimal(0)),
        "paid": paid_of(live), "left": sum((row.left for row in live), Decimal(0)),
        "new": f"/do/{LINE.key}/new/draft" if may(request.user, "budget.draft") else "",
        "actions": claim_act(request) if any(row.state == "approved" for row in rows) else [],
    }  # fmt: skip
    return render(request, "funds/lines.html", context)


@login_required
@require_GET
def line(request: HttpRequest, pk: Any) -> HttpResponse:
    """One line: what is left, and the spending of it that this person may see."""
    found = get_object_or_404(Line.objects.seen_by(request.user), pk=pk)
    rows = Spending.objects.seen_by(request.user).filter(line=found).select_related("office")
    context = {
        "line": found, "source": say.source(found.source), "paid": paid_of([found]), "spendings": rows[:200],
        "manages": may(request.user, "budget.draft", found) or may(request.user, "budget.approve", found),
        "may_claim": found.state == "approved" and may(request.user, "spend.claim"),
        "events": Event.objects.of(found),
    }  # fmt: skip
    return render(request, "funds/line.html", context)


@login_required
@require_GET
def spendings(request: HttpRequest) -> HttpResponse:
    """All spending that this person may see."""
    return SPENDINGS.respond(request, tabs=tabs(request))


@login_required
@require_GET
def spending(request: HttpRequest, pk: Any) -> HttpResponse:
    """One spending: line, activity, receipt, who agreed, what came of it."""
    rows = Spending.objects.seen_by(request.user).select_related("line", "office", "by")
    found = get_object_or_404(rows, pk=pk)
    [cost] = activities.costs([found], request.user)
    context = {"spending": found, "cost": cost, "events": Event.objects.of(found)}
    return render(request, "funds/spending.html", context)


@login_required
@require_GET
def by_activity(request: HttpRequest) -> HttpResponse:
    """Every activity with its cost and what came of it; as workbook and on paper with `?as=`."""
    if not may_read(request.user, "spend"):
        raise PermissionDenied
    rows = Spending.objects.seen_by(request.user).live().select_related("line")
    years = sorted(set(rows.values_list("line__year", flat=True)), reverse=True)
    year = next((each for each in years if str(each) == request.GET.get("year", "")), years[0] if years else None)
    costs = activities.costs(rows.filter(line__year=year), request.user) if year else []
    if request.GET.get("as") in ("xlsx", "pdf"):
        return _export(request, costs, str(year or ""))
    context = {
        "tabs": tabs(request), "costs": costs, "years": years, "year": year,
        "promised": sum((row.promised for row in costs), Decimal(0)),
        "paid": sum((row.paid for row in costs), Decimal(0)),
    }  # fmt: skip
    return render(request, "funds/activities.html", context)


def _export(request: HttpRequest, costs: list[activities.Cost], year: str) -> HttpResponse:
    title = _("专项经费按工作 %(year)s") % {"year": year}
    heads = [
        excel.Column("kind", _("工作种类"), 14), excel.Column("name", _("工作"), 34),
        excel.Column("count", _("笔数"), 8, "int"), excel.Column("promised", _("列支（元）"), 14, "decimal"),
        excel.Column("paid", _("已支付（元）"), 14, "decimal"), excel.Column("result", _("办成了什么"), 40),
    ]  # fmt: skip
    lines_ = [
        [
            row.kind_name,
            row.name,
            row.count,
            row.promised,
            row.paid,
            _("；").join([*filter(None, [row.result]), *row.effects]),
        ]
        for row in costs
    ]
    if request.GET["as"] == "xlsx":
        data, mime = excel.sheet(title, heads, lines_), XLSX
    else:
        facts = {
            "title": title, "count": len(lines_), "by": request.user.name,
            "columns": [{"key": h.key, "label": h.heading, "kind": h.kind, "width": h.width} for h in heads],
            "rows": lines_,
        }  # fmt: skip
        data, mime = pdf.render("list", facts), "application/pdf"
    response = HttpResponse(data, content_type=mime)
    name = f"{title}.{request.GET['as']}"
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response
