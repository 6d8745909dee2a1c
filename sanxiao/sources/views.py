"""Pages of buyers, suppliers, checks and warnings. States change through the one view of the docket."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from sanxiao.archive.models import Establishment
from sanxiao.docket import flow, rooms
from sanxiao.docket.models import Event
from sanxiao.docket.refusal import Refused
from sanxiao.office.duties import may, sight
from sanxiao.papers import cn
from sanxiao.sources import acts, lists, loops, say
from sanxiao.sources.downstream import buyers_of, warn
from sanxiao.sources.forms import UNITS, BuyerForm, WarnForm
from sanxiao.sources.models import Alert, Buyer, Check, Supplier, quarter_of
from sanxiao.sources.shown import buyers_paper, lines_of

RECENT = 30


def _listed(listing: Any, request: HttpRequest, **context: Any) -> HttpResponse:
    return listing.respond(request, tabs=lists.tabs(request), **context)


@login_required
@require_GET
def buyers(request: HttpRequest) -> HttpResponse:
    """The register of buyers, who is due next first: the work list of checks."""
    return _listed(lists.BUYERS, request)


@login_required
@require_GET
def purchases(request: HttpRequest) -> HttpResponse:
    """All lines of one's ground, with the verdict of the day and that of today."""
    return _listed(lists.PURCHASES, request)


@login_required
@require_GET
def suppliers(request: HttpRequest) -> HttpResponse:
    """Suppliers on one's ground."""
    return _listed(lists.SUPPLIERS, request)


@login_required
@require_GET
def loop_list(request: HttpRequest) -> HttpResponse:
    """来源闭环: names nobody had on file, how far each has come; open ones by village."""
    return _listed(lists.LOOPS, request, villages=loops.by_village(lists.open_loops(request.user)))


@login_required
@require_GET
def check_list(request: HttpRequest) -> HttpResponse:
    """Checks."""
    return _listed(lists.CHECKS, request)


@login_required
@require_GET
def alert_list(request: HttpRequest) -> HttpResponse:
    """Warnings."""
    return _listed(lists.ALERTS, request)


def the_buyer(request: HttpRequest, pk: Any) -> Buyer:
    """A buyer on this person's ground, or 404."""
    return get_object_or_404(Buyer.objects.seen_by(request.user).select_related("kind", "officer", "file"), pk=pk)


@login_required
@require_GET
def buyer(request: HttpRequest, pk: Any) -> HttpResponse:
    """One buyer: what it buys from whom, its checks, its warnings."""
    found = the_buyer(request, pk)
    seen = sight(request.user, "person.phone", found.area)
    lines = lines_of(request.user, buyer=found)
    context = {
        "buyer": found, "lines": lines[:RECENT], "more": len(lines) > RECENT,
        "phone": cn.mask_phone(found.phone) if found.phone_sealed and seen != "none" else "",
        "checks": lists.checks(request.user).filter(buyer=found).order_by("-checked_on", "-id")[:RECENT],
        "alerts": lists.alerts(request.user).filter(buyer=found).order_by("-sent_on")[:RECENT],
        "events": Event.objects.of(found)[:RECENT], "checked": lists.checked_state(found),
        "may_enter": found.state == "active" and may(request.user, "source.enter", found),
        "may_edit": may(request.user, "source.buyer", found), "check": _check_offer(found, request.user),
        "quarter": quarter_of(lists.today()),
    }  # fmt: skip
    return render(request, "sources/buyer.html", context)


def _check_offer(buyer: Buyer, user: Any) -> dict[str, Any] | None:
    """The two buttons of a check, grey with their reason."""
    if not may(user, "source.check", buyer):
        return None
    draft = Check(buyer=buyer, file=buyer.file, area=buyer.area, by=user)
    rows = [draft.flow.row(name) for name in ("pass", "find")]
    return {"rows": rows, "kind": draft.flow.key, "reason": flow.why_not(draft, rows[0], {})}


@login_required
@require_http_methods(["GET", "POST"])
def buyer_edit(request: HttpRequest, pk: Any) -> HttpResponse:
    """Correct what is known of a buyer; the log keeps from and to."""
    found = the_buyer(request, pk)
    if not may(request.user, "source.buyer", found):
        raise Http404
    form = BuyerForm(request.POST or None, buyer=found, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            acts.amend_buyer(found, request.user, form.cleaned_data["version"], form.changes())
        except Refused as refusal:
            if refusal.code != "same":
                form.add_error(None, refusal.reason)
                return render(request, "sources/edit.html", {"buyer": found, "form": form}, status=409)
            messages.info(request, refusal.reason)
        else:
            messages.success(request, _("已更正，时间线上可查。"))
        return redirect(found)
    return render(request, "sources/edit.html", {"buyer": found, "form": form}, status=422 if form.errors else 200)


@login_required
@require_GET
def supplier(request: HttpRequest, pk: Any) -> HttpResponse:
    """One supplier: how it stands, the loop step by step, and who buys there."""
    rows = loops.with_steps(Supplier.objects.seen_by(request.user).with_place())
    found: Any = get_object_or_404(rows, pk=pk)
    loops.lay([found])
    place = found.found_place
    context = {
        "supplier": found, "steps": loops.steps(found, request.user), "days": loops.days(found),
        "lines": lines_of(request.user, supplier=found)[:RECENT], "events": Event.objects.of(found)[:RECENT],
        "place": place if place is not None and loops.sees(request.user, place) else None,
        "stands": place, "others": acts.buyers_elsewhere(found, request.user),
    }  # fmt: skip
    return render(request, "sources/supplier.html", context)


@login_required
@require_GET
def check(request: HttpRequest, pk: Any) -> HttpResponse:
    """One check: who, when, what was found, what became of it."""
    rows = Check.objects.seen_by(request.user).select_related("buyer__kind", "by", "file__kind", "file__operator")
    found = get_object_or_404(rows, pk=pk)
    context = {
        "check": found, "problems": say.problems(found.problems), "events": Event.objects.of(found),
        "starters": rooms.gather("starters", found.file, request.user) if found.file and found.problems else [],
        "bad": [line for line in lines_of(request.user, buyer=found.buyer) if line.supplier.standing.bad][:RECENT],
    }  # fmt: skip
    return render(request, "sources/check.html", context)


@login_required
@require_GET
def alert(request: HttpRequest, pk: Any) -> HttpResponse:
    """One warning, and the buyer's answer."""
    rows = Alert.objects.seen_by(request.user).select_related("buyer__kind", "place__operator", "place__kind")
    found = get_object_or_404(rows, pk=pk)
    context = {
        "alert": found, "events": Event.objects.of(found), "said": lists.answer_words(found), "units": UNITS,
        "place": found.place if loops.sees(request.user, found.place) else None, "origin": _origin(found, request.user),
    }  # fmt: skip
    return render(request, "sources/alert.html", context)


def _origin(alert: Alert, user: Any) -> Any:
    """The matter that the warning came out of, as far as this person may see it."""
    if not alert.source_kind:
        return None
    return rooms.model_of(alert.source_kind).objects.seen_by(user).filter(pk=alert.source).first()


# -- from a place to its buyers


def _the_place(request: HttpRequest, pk: Any) -> Establishment:
    rows = Establishment.objects.seen_by(request.user).select_related("operator", "kind")
    return get_object_or_404(rows, pk=pk)


@login_required
@require_GET
def buyers_of_place(request: HttpRequest, pk: Any, form: str) -> HttpResponse:
    """The buyers of a place, to be told one by one: on paper or as a workbook."""
    found = _the_place(request, pk)
    mine = set(Buyer.objects.seen_by(request.user).values_list("pk", flat=True))
    rows = [bought for bought in buyers_of([found]) if bought.buyer.pk in mine]
    return buyers_paper(found, rows, form, request.user)


@login_required
@require_http_methods(["GET", "POST"])
def warn_buyers(request: HttpRequest, pk: Any) -> HttpResponse:
    """Tell all buyers of a place to stop; each has to answer."""
    found = _the_place(request, pk)
    if not may(request.user, "source.warn", found):
        raise Http404
    form = WarnForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        made = warn(request.user, [found], told["why"], food=told["food"], since=told["since"])
        if made:
            messages.success(request, _("已通知 %(n)d 个进货单位，等它们回执。") % {"n": len(made)})
            return redirect("alerts")
        form.add_error(None, _("没有要通知的进货单位：没有人进过它的货，或都已经通知、还没有回执。"))
    context = {"file": found, "form": form, "rows": buyers_of([found])}
    return render(request, "sources/warn.html", context, status=422 if form.errors else 200)
