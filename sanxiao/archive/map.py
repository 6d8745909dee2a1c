"""The map: our own boundaries and the places on them; no tile comes from outside."""

from collections.abc import Callable, Sequence
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
from sanxiao.docket import rooms
from sanxiao.docket.models import Rule
from sanxiao.docket.tables import State
from sanxiao.office.now import today

UNGRADED, UNRANKED = State("", _("未评级"), "grey"), State("", _("没有排序"), "grey")
WAYS = [("", _("按经营状态看")), ("grade", _("按风险等级看")), ("rank", _("按预测排序看"))]
Told = Callable[[Any], tuple[State, str]]  # a file -> what its tone and shape say, and a word more
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
    files = list(rows.filter(inside, ~at_pitch)[:MOST])
    stands = list(pitches.filter(inside)[: MOST - len(files)])
    told = _told(request.GET.get("by", ""), [*files, *(pitch.file for pitch in stands)])
    found = [_feature(file, told) for file in files] + [_pitch_feature(pitch, told) for pitch in stands]
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


def _told(way: str, files: Sequence[Any]) -> Told:
    """How places are coloured: by state, by risk grade, or by their place in the order of visits."""
    if way == "grade":
        return lambda file: (file.grade_row or UNGRADED, "")
    if way == "rank":
        order = rooms.ordering()
        held = order.of([file.pk for file in files]) if order else {}
        return lambda file: held.get(file.pk, (UNRANKED, ""))
    return lambda file: (file.state_row, "")


def _pitch_feature(pitch: Pitch, told: Told) -> dict[str, Any]:
    """A vendor's pitch: the file's name, state and address in the program, the pitch's own point."""
    shown = _feature(pitch.file, told, f"{pitch.file.kind} · {pitch.name}")
    shown["geometry"]["coordinates"] = [pitch.lng, pitch.lat]
    return shown


def _feature(file: Any, told: Told, note: str = "") -> dict[str, Any]:
    """One point; tone (and so its shape) and words say what was asked for."""
    row, more = told(file)
    notes = (more, note or f"{file.kind} {file.get_batch_display()}".strip())
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [file.lng, file.lat]},
        "properties": {
            "name": file.called, "url": reverse("file", args=[file.pk]), "tone": row.tone, "state": str(row.name),
            "note": " · ".join(filter(None, notes)),
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
    way, order = request.GET.get("by", ""), rooms.ordering()
    context = {
        "listing": FILES, "filters": FILES.shown_filters(request), "q": request.GET.get("q", ""), "ways": WAYS,
        "way": way, "about": order.about() if order and way == "rank" else "",
    }  # fmt: skip
    return render(request, "archive/map.html", context)
