"""The map: our own boundaries and the places on them; no tile comes from outside."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from sanxiao.archive.lists import FILES
from sanxiao.docket.models import Rule

MOST = 5000  # points in one answer; beyond that the viewport narrows them


@login_required
@require_GET
def boundaries(_request: HttpRequest) -> JsonResponse:
    """The town's boundaries as GeoJSON; they change seldom, so a browser may keep them for an hour."""
    answer = JsonResponse(Rule.objects.value("map.boundaries", default={"type": "FeatureCollection", "features": []}))
    answer["Cache-Control"] = "private, max-age=3600"
    return answer


@login_required
@require_GET
def points(request: HttpRequest) -> JsonResponse:
    """Places by the same filter as the list, within `bbox=south,west,north,east` when given."""
    rows = FILES.filtered(request.user, request.GET).filter(lat__isnull=False)
    if box := _box(request.GET.get("bbox", "")):
        south, west, north, east = box
        rows = rows.filter(lat__gte=south, lat__lte=north, lng__gte=west, lng__lte=east)
    values = rows.values_list("pk", "name", "lat", "lng", "state", "kind", "batch")[:MOST]
    states = {s.key: s for s in FILES.rows(request.user).model.flow.states}
    found: list[dict[str, Any]] = [
        {
            "lat": lat, "lng": lng, "name": name, "url": reverse("file", args=[pk]), "kind": kind, "batch": batch,
            "tone": states[state].tone, "state": str(states[state].name),
        }
        for pk, name, lat, lng, state, kind, batch in values
    ]  # fmt: skip
    return JsonResponse({"points": found, "cut": len(found) == MOST})


def _box(text: str) -> tuple[float, ...] | None:
    try:
        box = tuple(float(part) for part in text.split(","))
    except ValueError:
        return None
    return box if len(box) == 4 else None


@login_required
@require_GET
def map_page(request: HttpRequest) -> HttpResponse:
    """The list as a map; same filter, same address."""
    shown = FILES.shown_filters(request)
    return render(request, "archive/map.html", {"listing": FILES, "filters": shown, "q": request.GET.get("q", "")})
