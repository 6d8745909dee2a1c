"""`/open/inspections/`: published results of inspections, for anybody. No sign-in, no script, nothing of a person.

What may be read is an allow-list: the shop's name, village, category, day and kind of the inspection, its result.
"""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from sanxiao.inspection.visit_models import Visit
from sanxiao.inspection.visit_rules import RESULTS
from sanxiao.office.places import names_of
from sanxiao.survey.models import NAMELESS

PAGE = 30


def shop_name(file: Any) -> str:
    """The shop's name; a place without one is not called by who runs it."""
    name = file.name.strip()
    return _("（无字号）") if name in ("", NAMELESS, file.operator.name) else name


@require_safe
def published(request: HttpRequest) -> HttpResponse:
    """All published results, newest first; those of one kind with `?result=`; English with `?lang=en`."""
    wanted = request.GET.get("lang") or translation.get_language() or ""
    with translation.override("en" if wanted.startswith("en") else "zh-hans"):
        rows = Visit.objects.filter(published_on__isnull=False).exclude(state="void")
        shown = request.GET.get("result", "")
        if shown in dict(RESULTS):
            rows = rows.filter(result=shown)
        rows = rows.select_related("file__kind", "file__operator").order_by("-published_on", "-created_at", "id")
        page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
        names = names_of(visit.area for visit in page)
        lines = [
            {"name": shop_name(v.file), "village": names.get(v.area, ""), "kind": str(v.file.kind), "visit": v}
            for v in page
        ]
        context = {"page": page, "lines": lines, "shown": shown, "results": RESULTS}
        response = render(request, "inspection/open.html", context)
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex"  # a corrected result shall not live on in a search engine
    return response
