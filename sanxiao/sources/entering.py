"""Entering purchases at the desk: the form with its check while one types, copy of the last line, workbooks."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from sanxiao.docket import files
from sanxiao.docket.models import Attachment, Event
from sanxiao.docket.refusal import Refused
from sanxiao.office.duties import may
from sanxiao.office.models import User
from sanxiao.office.places import name_of
from sanxiao.papers.lists import XLSX
from sanxiao.sources import acts, books, lists, standing
from sanxiao.sources.forms import UNITS, BookForm, PurchaseForm, copied
from sanxiao.sources.models import Batch, Buyer, Purchase, Supplier, plain
from sanxiao.sources.naming import ABROAD, likely, places_named, shown_name, town_of
from sanxiao.sources.shown import download, lines_of
from sanxiao.sources.views import the_buyer

LATEST = 5  # lines that are offered to be copied


def _mine(request: HttpRequest, pk: Any) -> Buyer:
    """A buyer for whom this person enters purchases, or 404."""
    found = the_buyer(request, pk)
    if not may(request.user, "source.enter", found):
        raise Http404
    return found


@login_required
@require_http_methods(["GET", "POST"])
def enter(request: HttpRequest, pk: Any) -> HttpResponse:
    """One line of an invoice; `copy` begins with an earlier line, `ticket` with another one of the same invoice."""
    buyer = _mine(request, pk)
    if request.method == "GET":
        return _form(request, buyer, PurchaseForm(buyer=buyer, initial=_begun(request, buyer)))
    form = PurchaseForm(request.POST, request.FILES, buyer=buyer)
    if not form.is_valid():
        return _form(request, buyer, form, 422)
    try:
        line = _entered(request, buyer, form)
    except Refused as refusal:
        for name, said in refusal.fields.items():
            form.add_error(name if name in form.fields else None, said)
        form.add_error(None, refusal.reason)
        return _form(request, buyer, form, 422)
    messages.success(request, _("已登记：%(line)s") % {"line": line})
    if "again" in request.POST:
        return redirect(f"{reverse('purchase-enter', args=[buyer.pk])}?ticket={line.pk}")
    return redirect(line)


def _begun(request: HttpRequest, buyer: Buyer) -> dict[str, Any]:
    for name in ("ticket", "copy"):
        if wanted := request.GET.get(name):
            line = _line_of(buyer, wanted)
            return copied(line, same_ticket=name == "ticket") if line else {}
    return {}


def _line_of(buyer: Buyer, pk: Any) -> Purchase | None:
    rows = Purchase.objects.filter(buyer=buyer).select_related("supplier__place", "supplier__lead__file")
    try:
        return rows.filter(pk=pk).first()
    except ValueError:
        return None
    except Exception as error:  # a key that is none
        raise Http404 from error


@transaction.atomic
def _entered(request: HttpRequest, buyer: Buyer, form: PurchaseForm) -> Purchase:
    told = form.cleaned_data
    line = acts.enter(
        request.user, buyer, form.named(), told["food"], told["bought_on"], quantity=told["quantity"],
        unit=told["unit"], invoice=told["invoice"], note=told["note"],
    )  # fmt: skip
    for upload in (uploads := told["photo"]):
        files.keep(line, upload, upload.name or "invoice", request.user, role="receipt")
    earlier = _line_of(buyer, told["ticket"]) if told["ticket"] else None
    if earlier is not None and not uploads:
        for kept in Attachment.objects.filter(subject=earlier.pk, voided_at=None).select_related("blob"):
            files.keep(line, kept.blob, kept.name, request.user, role=kept.role)
    return line


def _form(request: HttpRequest, buyer: Buyer, form: PurchaseForm, status: int = 200) -> HttpResponse:
    latest: list[Purchase] = []
    seen: set[tuple[Any, str]] = set()
    for line in lines_of(request.user, buyer=buyer):
        if (line.supplier_id, line.food) not in seen and len(latest) < LATEST:
            seen.add((line.supplier_id, line.food))
            latest.append(line)
    ticket = form["ticket"].value()
    held = Attachment.objects.filter(subject=ticket, voided_at=None).select_related("blob") if ticket else []
    shown = _look(buyer, str(form["supplier"].value() or ""), str(form["village"].value() or ""), form["place"].value())
    context = {"buyer": buyer, "form": form, "latest": latest, "units": UNITS, "held": held, **shown}
    return render(request, "sources/enter.html", context, status=status)


@login_required
@require_POST
def look(request: HttpRequest, pk: Any) -> HttpResponse:
    """How the supplier stands whose name is being typed, and which places bear a name like it. A fragment."""
    buyer = _mine(request, pk)
    name, village = request.POST.get("supplier", "")[:100], request.POST.get("village", "")[:12]
    return render(request, "sources/_look.html", _look(buyer, name, village, None))


def _look(buyer: Buyer, name: str, village: str, place: Any) -> dict[str, Any]:
    """The verdict on what stands in the form, and what may be meant."""
    if len(plain(name)) < 2:
        return {"typed": ""}
    exact = places_named(name, buyer.area, village)
    others = [] if village == ABROAD else [f for f in likely(name, buyer.area) if f not in exact]
    known = standing.of_files([*exact, *others])
    shown: list[dict[str, Any]] = [{"file": f, "name": shown_name(f), "area": name_of(f.area), "standing": known[f.pk]}
             for f in [*exact, *others][:8]]  # fmt: skip
    only = known[exact[0].pk] if len(exact) == 1 else None
    chosen = next((each["standing"] for each in shown if str(each["file"].pk) == str(place)), None)
    tied = _tied(name, buyer.area) if not exact else None
    fallback = standing.OUTSIDE if village == ABROAD else standing.UNKNOWN
    found = chosen or only or tied or (None if len(exact) > 1 else fallback)
    return {"typed": name, "found": found, "several": len(exact) > 1, "options": shown, "chosen": str(place or ""),
            "only": len(exact) == 1}  # fmt: skip


def _tied(name: str, area: str) -> standing.Standing | None:
    """A name that no file bears, but that somebody has said which place it is."""
    rows = Supplier.objects.within((town_of(area)[:9],)).with_place().filter(key=plain(name))
    held = list(rows[:2])
    return standing.of(held[0]) if len(held) == 1 else None


@login_required
@require_GET
def purchase(request: HttpRequest, pk: Any) -> HttpResponse:
    """One line: the invoice, the verdict of the day, and how the supplier stands today."""
    found = get_object_or_404(lists.purchases(request.user), pk=pk)
    lists.lay_lines([found])
    words = found.verdict_words
    then = standing.Standing(found.verdict, words.get("number", ""), words.get("paper", ""), words.get("until"))
    mine = Supplier.objects.seen_by(request.user).filter(pk=found.supplier_id).exists()
    context = {
        "line": found, "then": then, "events": Event.objects.of(found), "sees_supplier": mine,
        "may_enter": may(request.user, "source.enter", found),
    }  # fmt: skip
    return render(request, "sources/purchase.html", context)


# -- workbooks


def _buyer_of(request: HttpRequest) -> Buyer | None:
    wanted = request.GET.get("buyer")
    return _mine(request, wanted) if wanted else None


@login_required
@require_http_methods(["GET", "POST"])
def bring(request: HttpRequest) -> HttpResponse:
    """A workbook of purchases: what is right is taken, what is wrong comes back marked."""
    if not may(request.user, "source.enter"):
        raise Http404
    user: User = request.user
    buyer = _buyer_of(request)
    form = BookForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["book"]
        try:
            batch = books.take(files.bytes_of(upload, upload.name), upload.name, user, buyer)
        except Refused as refusal:
            form.add_error("book", refusal.reason)
        else:
            return redirect(batch)
    recent = Batch.objects.seen_by(user).filter(by=user)[:10]
    context = {"form": form, "buyer": buyer, "recent": recent}
    return render(request, "sources/import.html", context, status=422 if form.errors else 200)


@login_required
@require_GET
def batch(request: HttpRequest, pk: Any) -> HttpResponse:
    """What came of a workbook."""
    found = get_object_or_404(Batch.objects.seen_by(request.user).select_related("by", "buyer"), pk=pk)
    return render(request, "sources/batch.html", {"batch": found})


@login_required
@require_GET
def marked(request: HttpRequest, pk: Any) -> FileResponse:
    """The sender's workbook with every error marked."""
    found = get_object_or_404(Batch.objects.seen_by(request.user).exclude(marked=None), pk=pk)
    path = files.path_of(str(found.marked_id))
    name = _("标好错误-%(name)s") % {"name": found.name.rsplit(".", 1)[0]}
    return FileResponse(path.open("rb"), content_type=XLSX, as_attachment=True, filename=f"{name}.xlsx")


@login_required
@require_GET
def blank(_request: HttpRequest) -> HttpResponse:
    """An empty workbook with the heads."""
    return download(books.template(), XLSX, "进货登记模板.xlsx")
