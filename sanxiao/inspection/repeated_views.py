"""Two pages on many orders: what was found again, by problem and village; and pictures of before and after."""

from dataclasses import replace
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override
from django.views.decorators.http import require_GET

from sanxiao.docket import files
from sanxiao.docket.models import Attachment
from sanxiao.inspection import repeated
from sanxiao.inspection.lists import ORDERS
from sanxiao.inspection.models import Order, Problem
from sanxiao.inspection.show import with_photos
from sanxiao.office.places import grounds
from sanxiao.papers import cn, pdf
from sanxiao.papers.lists import Column, Filter, Listing

MOST_PAIRS = 24  # on one page


def rows(user: Any) -> QuerySet[Problem]:
    """Problems found again, on one's ground."""
    return repeated.repeats(Problem.objects.seen_by(user)).select_related("file__kind", "order").defer("file__facts")


def _codes(user: Any) -> list[tuple[str, str]]:
    found = rows(user).exclude(code="").order_by("code").values_list("code", "text")
    return list(dict(found).items())


REPEATED = Listing(
    key="repeated",
    title=_("重复出现的问题"),
    rows=rows,
    columns=(
        Column("file", _("经营单位"), lambda p: p.file.called, slot="title", width=24),
        Column("text", _("问题"), lambda p: p.text, slot="note", width=30),
        Column("state", _("状态"), lambda p: p.state, slot="state", state=lambda p: p.state_row),
        Column("area", _("村（社区）"), lambda p: p.area, kind="area", slot="note", width=16),
        Column("on", _("这一次"), lambda p: p.order.issued_on, kind="date", slot="end", width=12),
        Column("before", _("上一次"), lambda p: p.before_on, kind="date", width=12),
        Column("number", _("上一次的文号"), lambda p: p.before_no, width=22),
    ),
    filters=(
        ORDERS.filters[0],
        replace(ORDERS.filters[1], apply=lambda rows, v: rows.filter(file__kind=v)),
        Filter("code", _("问题"), _codes, lambda rows, v: rows.filter(code=v)),
    ),
    empty={"title": _("没有重复出现的问题"), "text": _("同一户再次因同一个问题被责令改正的，会出现在这里。")},
    template="inspection/repeated.html",
)  # fmt: skip


@login_required
@require_GET
def again(request: HttpRequest) -> HttpResponse:
    """Problems found again: a figure by problem and village, and the list behind every number."""
    if request.GET.get("as"):
        return REPEATED.respond(request)
    lines = repeated.figure(REPEATED.filtered(request.user, request.GET))
    held = {area for line in lines for area in line["by"]}
    areas = [area for area in grounds(request.user, family="order") if area.code in held]
    for line in lines:
        line["cells"] = [(area, line["by"].get(area.code, 0)) for area in areas]
    return REPEATED.respond(request, lines=lines, areas=areas)


# --- before and after --------------------------------------------------------------------------------------------


def paired(user: Any) -> QuerySet[Problem]:
    """Problems with a picture before and one after, newest order first."""
    photos = Attachment.objects.filter(subject=OuterRef("pk"), voided_at__isnull=True, blob__width__isnull=False)
    found = Problem.objects.seen_by(user).filter(
        Exists(photos.filter(role="before")), Exists(photos.filter(role="after"))
    )  # fmt: skip
    return found.select_related("file__kind", "order").defer("file__facts").order_by("-order__created_at", "no")


@login_required
@require_GET
def pairs(request: HttpRequest) -> HttpResponse:
    """整改前后: pictures side by side, of all orders of one's ground; by village."""
    here = grounds(request.user, family="order")
    wanted = request.GET.get("area", "")
    found = paired(request.user)
    if wanted in {area.code for area in here}:
        found = found.filter(area=wanted)
    page = max(int(request.GET["page"]), 1) if request.GET.get("page", "").isdigit() else 1
    count = found.count()
    shown = with_photos(found[(page - 1) * MOST_PAIRS : page * MOST_PAIRS])
    context = {
        "problems": shown, "count": count, "areas": here, "wanted": wanted,
        "next": page + 1 if page * MOST_PAIRS < count else 0, "page": page,
    }  # fmt: skip
    return render(request, "inspection/pairs.html", context)


@login_required
@require_GET
def pairs_of(request: HttpRequest, pk: Any) -> HttpResponse:
    """The pictures of one order on paper, before and after side by side, problem by problem."""
    orders = Order.objects.seen_by(request.user).select_related("file__operator")
    order = get_object_or_404(orders, pk=pk)
    problems = with_photos(order.problems.all())
    if not any(p.photos["before"] or p.photos["after"] for p in problems):
        raise Http404
    with override("zh-hans"):
        data = pdf.render("pairs", _facts(order, problems), _images(problems))
    response = HttpResponse(data, content_type="application/pdf")
    response["Cache-Control"] = "private, no-store"
    return response


def _facts(order: Order, problems: list[Problem]) -> dict[str, Any]:
    return {
        "title": "整改前后对照", "name": order.file.called, "number": order.number, "practice": not settings.REAL,
        "problems": [
            {
                "text": p.title, "demand": p.demand, "done": p.done, "state": str(p.state_row.name),
                "pairs": [[_shown(one), _shown(two)] for one, two in _side_by_side(p)],
            }
            for p in problems
        ],
    }  # fmt: skip


def _side_by_side(problem: Problem) -> list[tuple[Attachment | None, Attachment | None]]:
    """The pictures in pairs, the last of a side that has fewer standing alone."""
    before = [each for each in problem.photos["before"] if each.blob.width]
    after = [each for each in problem.photos["after"] if each.blob.width]
    most = max(len(before), len(after), 1)
    fill: list[None] = [None] * most
    return list(zip([*before, *fill][:most], [*after, *fill][:most], strict=True))


def _shown(photo: Attachment | None) -> dict[str, str]:
    if photo is None:
        return {}
    taken = photo.taken_at or photo.at
    return {"image": str(photo.pk), "at": cn.minute_table(taken)}


def _images(problems: list[Problem]) -> dict[str, bytes]:
    found = {}
    for problem in problems:
        for each in (*problem.photos["before"], *problem.photos["after"]):
            if each.blob.width:
                found[str(each.pk)] = files.path_of(each.blob_id, "view").read_bytes()
    return found
