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
    """Places as GeoJSON by the same filter as the list, within `bbox=south,west,north,east` when given."""
    rows = FILES.filtered(request.user, request.GET).filter(lat__isnull=False)
    if box := _box(request.GET.get("bbox", "")):
        south, west, north, east = box
        rows = rows.filter(lat__gte=south, lat__lte=north, lng__gte=west, lng__lte=east)
    if only := request.GET.get("only"):
        rows = rows.filter(pk=only)
    found = [_feature(file) for file in rows[:MOST]]
    return JsonResponse({"type": "FeatureCollection", "features": found, "cut": len(found) == MOST})


def _feature(file: Any) -> dict[str, Any]:
    row = file.state_row
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [file.lng, file.lat]},
        "properties": {
            "name": file.name, "url": reverse("file", args=[file.pk]), "tone": row.tone, "state": str(row.name),
            "note": f"{file.kind} {file.get_batch_display()}".strip(),
        },
    }  # fmt: skip


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
