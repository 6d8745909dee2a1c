"""The way from place to place: always to the nearest, then as people move it; how long it is, and how it lies."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sanxiao.archive.doubles import metres
from sanxiao.docket.models import Rule
from sanxiao.joint.models import Operation, Stop
from sanxiao.joint.rules import LIST
from sanxiao.office.places import names_of

WIDE, HIGH, EDGE = 640, 440, 36  # of the drawing, in its own units


@dataclass(frozen=True)
class Leg:
    """One stop with its number on the route and the way from the one before (None where a position is missing)."""

    no: int
    stop: Stop
    metres: int | None


def legs(stops: Sequence[Stop]) -> list[Leg]:
    """The stops in their order, each with its way."""
    found: list[Leg] = []
    here: Any = None
    for no, stop in enumerate(stops, 1):
        way = metres(here, stop.file) if here is not None else None
        found.append(Leg(no, stop, None if way is None else round(way)))
        here = stop.file if stop.file.lat is not None else here
    return found


def length(found: Sequence[Leg]) -> int:
    """Metres in all, as the crow flies."""
    return sum(leg.metres or 0 for leg in found)


def nearest(stops: Sequence[Stop]) -> list[Stop]:
    """From the outermost place always on to the nearest; what has no position comes last, as it was."""
    placed = [stop for stop in stops if stop.file.lat is not None]
    found: list[Stop] = []
    here: Any = None
    while placed:
        following = min(placed, key=lambda s: _reach(here, s)) if here is not None else _outermost(placed)
        found.append(following)
        placed.remove(following)
        here = following.file
    return found + [stop for stop in stops if stop.file.lat is None]


def _reach(here: Any, stop: Stop) -> float:
    return metres(here, stop.file) or 0.0


def _outermost(stops: Sequence[Stop]) -> Stop:
    """The one that lies farthest from all the others: begun in the middle, a route goes to and fro."""
    return max(stops, key=lambda one: sum(_reach(one.file, other) for other in stops))


def put_in_order(operation: Operation) -> None:
    """Number all stops by the nearest way."""
    _number(nearest(list(operation.stops.filter(state__in=LIST).select_related("file").order_by("order"))))


def shift(operation: Operation, stop: Stop, way: str) -> bool:
    """One place earlier or later; False when it stands at that end already."""
    rows = list(operation.stops.filter(state__in=LIST).order_by("order", "created_at", "id"))
    at = next(n for n, row in enumerate(rows) if row.pk == stop.pk)
    to = at - 1 if way == "up" else at + 1
    if not 0 <= to < len(rows):
        return False
    rows[at], rows[to] = rows[to], rows[at]
    _number(rows)
    return True


def _number(stops: Sequence[Stop]) -> None:
    for no, stop in enumerate(stops, 1):
        if stop.order != no:
            Stop.objects.filter(pk=stop.pk).update(order=no)


# --- the drawing ---------------------------------------------------------------------------------------------------


def sketch(found: Sequence[Leg]) -> dict[str, Any] | None:
    """The route on our own boundaries, as numbers for an SVG. None where nothing has a position."""
    placed = [leg for leg in found if leg.stop.file.lat is not None]
    if not placed:
        return None
    frame = _Frame([_spot(leg.stop) for leg in placed])
    points = [
        {"no": leg.no, "name": leg.stop.file.called, "tone": leg.stop.state_row.tone, "key": str(leg.stop.pk),
         **dict(zip(("x", "y"), frame.at(*_spot(leg.stop)), strict=True))}
        for leg in placed
    ]  # fmt: skip
    return {
        "wide": WIDE,
        "high": HIGH,
        "points": points,
        "areas": list(_areas(frame)),
        "line": " ".join(f"{point['x']},{point['y']}" for point in points),
    }


def _spot(stop: Stop) -> tuple[float, float]:
    """Longitude and latitude of a place that has them."""
    return float(stop.file.lng or 0), float(stop.file.lat or 0)


class _Frame:
    """Turns positions into places of the drawing; a degree of longitude is shorter than one of latitude."""

    def __init__(self, spots: Sequence[tuple[float, float]]) -> None:
        lngs, lats = zip(*spots, strict=True)
        self.west, self.north = min(lngs), max(lats)
        self.narrow = 0.85  # cosine of the latitude of the town, near enough for a sketch
        across, down = (max(lngs) - self.west) * self.narrow, self.north - min(lats)
        least = 0.006  # degrees: one place alone does not fill the sheet
        self.scale = min((WIDE - 2 * EDGE) / max(across, least), (HIGH - 2 * EDGE) / max(down, least))
        self.left = (WIDE - across * self.scale) / 2
        self.top = (HIGH - down * self.scale) / 2

    def at(self, lng: float, lat: float) -> tuple[float, float]:
        """Place of the drawing."""
        x = self.left + (lng - self.west) * self.narrow * self.scale
        return round(x, 1), round(self.top + (self.north - lat) * self.scale, 1)

    def shows(self, spots: Sequence[tuple[float, float]]) -> bool:
        """Does any part of a shape with these corners lie on the sheet?"""
        if not spots:
            return False
        xs, ys = zip(*spots, strict=True)
        return max(xs) >= 0 and min(xs) <= WIDE and max(ys) >= 0 and min(ys) <= HIGH


def _areas(frame: _Frame) -> Iterator[dict[str, Any]]:
    """Villages that lie on the sheet: their outlines, and where their name may stand."""
    features = Rule.objects.value("map.boundaries", default={}).get("features", ())
    shown = [
        (feature.get("properties", {}), spots)
        for feature in features
        for ring in _rings(feature["geometry"])
        if frame.shows(spots := [frame.at(lng, lat) for lng, lat, *_rest in ring])
    ]
    names = names_of(said["code"] for said, _spots in shown if said.get("code"))
    for said, spots in shown:
        x, y = _middle(spots)
        yield {
            "name": names.get(said.get("code", ""), said.get("name", "")) if x else "", "x": x, "y": y,
            "d": "M" + "L".join(f"{a} {b}" for a, b in spots) + "Z", "points": [list(spot) for spot in spots],
        }  # fmt: skip


def _middle(spots: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """Where the name of a shape may stand on the sheet; 0, 0 for one of which no corner and no middle is seen."""
    inside = [(x, y) for x, y in spots if 0 <= x <= WIDE and 0 <= y <= HIGH]
    if not inside and _holds(spots, WIDE / 2, HIGH / 2):
        inside = [(WIDE / 2, HIGH / 2)]
    if not inside:
        return 0, 0
    x, y = (sum(each) / len(inside) for each in zip(*inside, strict=True))
    return round(min(max(x, 40), WIDE - 40), 1), round(min(max(y, 16), HIGH - 10), 1)


def _holds(spots: Sequence[tuple[float, float]], x: float, y: float) -> bool:
    """Does a point lie within a ring? A line to the right crosses it an odd number of times."""
    odd = False
    for (ax, ay), (bx, by) in zip(spots, [*spots[1:], spots[0]], strict=True):
        if (ay > y) != (by > y) and x < (bx - ax) * (y - ay) / (by - ay) + ax:
            odd = not odd
    return odd


def _rings(geometry: dict[str, Any]) -> list[Any]:
    """The outer rings of a polygon or of several."""
    if geometry["type"] == "Polygon":
        return geometry["coordinates"][:1]
    return [part[0] for part in geometry["coordinates"]]
