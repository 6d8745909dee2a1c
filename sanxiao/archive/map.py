"""The map: our own boundaries and the places on them; no tile comes from outside."""

from math import isfinite
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from sanxiao.archive.lists import FILES
from sanxiao.archive.models import Pitch
from sanxiao.docket.models import Rule
from sanxiao.docket.tables import State
from sanxiao.office.now import today

UNGRADED = State("", _("未评级"), "grey")
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
    rows = FILES.filtered(request.user, request.GET)
    if only := request.GET.get("only"):
        rows = rows.filter(pk=_key(only))
    standing = Q(until__isnull=True) | Q(until__gte=today())
    pitches = Pitch.objects.filter(standing, file__in=rows.values("pk")).select_related("file", "file__kind")
    inside = _inside(request.GET.get("bbox", ""))
    # Who has a pitch is drawn where he stands, and there alone: nobody is counted twice.
    at_pitch = Exists(Pitch.objects.filter(standing, file=OuterRef("pk"), lat__isnull=False))
    by_grade = request.GET.get("by") == "grade"
    found = [_feature(file, by_grade) for file in rows.filter(inside, ~at_pitch)[:MOST]]
    found += [_pitch_feature(pitch, by_grade) for pitch in pitches.filter(inside)[: MOST - len(found)]]
    unplaced = rows.filter(~at_pitch, lat__isnull=True).count()
    answer = {"type": "FeatureCollection", "features": found, "cut": len(found) == MOST, "unplaced": unplaced}
    return JsonResponse(answer)


def _key(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _inside(box: str) -> Q:
    """Has a point, within the box when one is given."""
    placed = Q(lat__isnull=False)
    if sides := _box(box):
        south, west, north, east = sides
        placed &= Q(lat__gte=south, lat__lte=north, lng__gte=west, lng__lte=east)
    return placed


def _pitch_feature(pitch: Pitch, by_grade: bool) -> dict[str, Any]:
    """A vendor's pitch: the file's name, state and address in the program, the pitch's own point."""
    shown = _feature(pitch.file, by_grade)
    shown["geometry"]["coordinates"] = [pitch.lng, pitch.lat]
    shown["properties"]["note"] = f"{pitch.file.kind} · {pitch.name}"
    return shown


def _feature(file: Any, by_grade: bool = False) -> dict[str, Any]:
    """One point; tone (and so its shape) and words say the state, or the risk grade where that is asked for."""
    row = (file.grade_row or UNGRADED) if by_grade else file.state_row
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [file.lng, file.lat]},
        "properties": {
            "name": file.called, "url": reverse("file", args=[file.pk]), "tone": row.tone, "state": str(row.name),
            "note": f"{file.kind} {file.get_batch_display()}".strip(),
        },
    }  # fmt: skip


def _box(text: str) -> tuple[float, ...] | None:
    try:
        box = tuple(float(part) for part in text.split(","))
    except ValueError:
        return None
    return box if len(box) == 4 and all(isfinite(side) for side in box) else None


@login_required
@require_GET
def map_page(request: HttpRequest) -> HttpResponse:
    """The list as a map; same filter, same address."""
    shown = FILES.shown_filters(request)
    context = {"listing": FILES, "filters": shown, "q": request.GET.get("q", "")}
    return render(request, "archive/map.html", context | {"by_grade": request.GET.get("by") == "grade"})
