"""The boundary of a zone: read from GeoJSON, measured in metres, drawn. Pure.

An outline is a list of [lng, lat] in CGCS2000 / WGS-84, each corner once; an empty list where nobody has drawn one.
"""

import json
import math
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

MOST_CORNERS = 300
LARGEST_M2 = 5_000_000  # a town's zone is smaller; what is larger was drawn in other units
METRES = 6_371_008.8 * math.pi / 180  # of one degree of a great circle
Point = tuple[float, float]  # metres east and north of the first corner


def read(text: str) -> list[list[float]]:
    """The outline in a GeoJSON polygon (bare, as a feature, or the only one of a collection), or in a list of corners.

    ValueError with words for a person where it is none.
    """
    corners = corners_in(text)
    if len(corners) < 3:
        raise ValueError(_("边界至少要有三个点。"))
    if len(corners) > MOST_CORNERS:
        raise ValueError(_("边界最多 %(n)d 个点，请先简化。") % {"n": MOST_CORNERS})
    if crosses(corners):
        raise ValueError(_("边界自己交叉了，请按顺序一圈画下来。"))
    if not 1 <= area(corners) <= LARGEST_M2:
        raise ValueError(_("边界围成的面积不合理，请核对坐标（经度在前，WGS-84）。"))
    return corners


def corners_in(text: str) -> list[list[float]]:
    """The corners of a drawing, finished or not: a mere spot has one or two. ValueError as above."""
    try:
        said = json.loads(text)
    except ValueError:
        raise ValueError(_("这不是 GeoJSON，请重新画或换一个文件。")) from None
    corners = [_corner(each) for each in _ring(said)]
    if len(corners) > 1 and corners[0] == corners[-1]:
        corners.pop()
    return corners


def _ring(said: Any) -> Any:
    """The outer ring, wherever a file holds it."""
    if isinstance(said, list):
        return said
    kind = said.get("type") if isinstance(said, dict) else None
    if kind == "FeatureCollection":
        features = [each for each in said.get("features") or () if isinstance(each, dict)]
        if len(features) != 1:
            raise ValueError(_("文件里要正好有一个面，现在有 %(n)d 个。") % {"n": len(features)})
        return _ring(features[0])
    if kind == "Feature":
        return _ring(said.get("geometry") or {})
    if kind == "MultiPolygon" and len(said.get("coordinates") or ()) == 1:
        return _ring({"type": "Polygon", "coordinates": said["coordinates"][0]})
    if kind == "Polygon" and len(said.get("coordinates") or ()) == 1:
        return said["coordinates"][0]
    raise ValueError(_("文件里要有一个没有洞的面（Polygon）。"))


def _corner(each: Any) -> list[float]:
    try:
        lng, lat = float(each[0]), float(each[1])
    except (TypeError, ValueError, LookupError):
        raise ValueError(_("边界的点要写成 [经度, 纬度]。")) from None
    if not (math.isfinite(lng) and math.isfinite(lat) and abs(lng) <= 180 and abs(lat) <= 90):
        raise ValueError(_("边界的点要写成 [经度, 纬度]。"))
    return [round(lng, 6), round(lat, 6)]


def _flat(corners: Sequence[Sequence[float]], origin: Sequence[float]) -> list[Point]:
    """In metres from an origin; over the few hundred metres of a zone the ground is flat."""
    wide = METRES * math.cos(math.radians(origin[1]))
    return [((lng - origin[0]) * wide, (lat - origin[1]) * METRES) for lng, lat in corners]


def _sides(points: Sequence[Point]) -> list[tuple[Point, Point]]:
    return list(zip(points, [*points[1:], points[0]], strict=True))


def area(corners: Sequence[Sequence[float]]) -> int:
    """Square metres within."""
    sides = _sides(_flat(corners, corners[0])) if corners else []
    return round(abs(sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in sides)) / 2)


def centre(corners: Sequence[Sequence[float]]) -> tuple[float, float]:
    """(lat, lng) of the middle of the corners' box."""
    lngs, lats = [each[0] for each in corners], [each[1] for each in corners]
    return round((min(lats) + max(lats)) / 2, 6), round((min(lngs) + max(lngs)) / 2, 6)


def holds(corners: Sequence[Sequence[float]], lat: float, lng: float) -> bool:
    """Does a point lie within?"""
    inside = False
    for (x1, y1), (x2, y2) in _sides([(each[0], each[1]) for each in corners]):
        if (y1 > lat) != (y2 > lat) and lng < (x2 - x1) * (lat - y1) / (y2 - y1) + x1:
            inside = not inside
    return inside


def away(corners: Sequence[Sequence[float]], lat: float, lng: float) -> float:
    """Metres from a point to the nearest place of the zone; 0 within."""
    if holds(corners, lat, lng):
        return 0.0
    return min(_to_side(*side) for side in _sides(_flat(corners, (lng, lat))))


def _to_side(one: Point, other: Point) -> float:
    """From the origin to a stretch."""
    (x1, y1), (dx, dy) = one, (other[0] - one[0], other[1] - one[1])
    length = dx * dx + dy * dy
    along = max(0.0, min(1.0, -(x1 * dx + y1 * dy) / length)) if length else 0.0
    return math.hypot(x1 + along * dx, y1 + along * dy)


def crosses(corners: Sequence[Sequence[float]]) -> bool:
    """Do two sides cross each other?"""
    sides = _sides([(each[0], each[1]) for each in corners])
    last = len(sides) - 1
    return any(
        _cut(sides[i], sides[j])
        for i in range(len(sides))
        for j in range(i + 2, len(sides))
        if not (i == 0 and j == last)  # neighbours meet in a corner
    )


def _cut(one: tuple[Point, Point], other: tuple[Point, Point]) -> bool:
    return (
        _turn(*one, other[0]) * _turn(*one, other[1]) < 0 and _turn(*other, one[0]) * _turn(*other, one[1]) < 0
    )  # fmt: skip


def _turn(a: Point, b: Point, c: Point) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def geometry(corners: Sequence[Sequence[float]]) -> dict[str, Any]:
    """As GeoJSON, the ring closed."""
    return {"type": "Polygon", "coordinates": [[*corners, corners[0]]]}
