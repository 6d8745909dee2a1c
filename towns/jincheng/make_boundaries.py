"""Draw the schematic village boundaries: python make_boundaries.py (needs shapely).

No open boundaries of the villages are known. Each area gets a Voronoi cell round a
made-up seed inside a made-up outline; every shared edge is roughened once, from its own
two ends, so that neighbours keep the same border without gap or overlap. The same seeds
give the same file. A town puts its surveyed boundaries in the place of the result.
"""

import csv
import itertools
import json
import math
import random
from pathlib import Path

from shapely import voronoi_polygons
from shapely.geometry import LineString, MultiPoint, Point, Polygon
from shapely.ops import polygonize, unary_union

HERE = Path(__file__).parent
CENTRE = (119.57, 31.72)
KM_X = 1 / (111.32 * math.cos(math.radians(CENTRE[1])))  # degrees of longitude in a kilometre
KM_Y = 1 / 110.9

# Outline and seeds in kilometres east and north of the centre.
OUTLINE = [
    (-5.6, 4.4),
    (-4.1, 6.3),
    (-1.2, 6.9),
    (1.9, 6.6),
    (4.3, 6.9),
    (5.8, 4.9),
    (5.5, 2.1),
    (6.1, -0.8),
    (5.2, -3.4),
    (4.6, -5.8),
    (1.6, -6.6),
    (-1.4, -7.0),
    (-4.2, -6.1),
    (-5.1, -3.6),
    (-6.0, -1.3),
    (-5.4, 1.5),
]
SEEDS = {
    "001": (-0.75, 0.75),
    "002": (0.35, 0.95),
    "003": (1.05, 0.1),
    "004": (0.15, -0.15),
    "005": (-1.05, -0.35),
    "006": (-0.15, -1.15),
    "014": (2.3, 1.5),
    "015": (-2.1, 1.7),
    "016": (1.4, -1.9),
    "017": (-2.3, -1.5),
    "204": (-3.3, 4.9),
    "205": (0.2, 5.0),
    "206": (-4.2, 2.0),
    "207": (3.5, 4.9),
    "209": (4.3, 1.5),
    "211": (-4.4, -1.0),
    "214": (0.5, 2.7),
    "215": (3.8, -1.8),
    "218": (-3.2, -4.4),
    "219": (0.0, -4.2),
    "221": (3.0, -4.7),
}


def degrees(point: tuple[float, float]) -> tuple[float, float]:
    """Kilometres from the centre -> longitude and latitude, five decimals."""
    return round(CENTRE[0] + point[0] * KM_X, 5), round(CENTRE[1] + point[1] * KM_Y, 5)


def rough(a: tuple[float, float], b: tuple[float, float], depth: int = 4) -> list[tuple[float, float]]:
    """The points from a to b, moved sideways by midpoint noise that depends on a and b alone."""
    if a > b:
        return rough(b, a, depth)[::-1]
    length = math.dist(a, b)
    if depth == 0 or length < 0.12:
        return [a, b]
    noise = random.Random(f"{a[0]:.3f} {a[1]:.3f} {b[0]:.3f} {b[1]:.3f}").uniform(-0.13, 0.13)
    mid = ((a[0] + b[0]) / 2 - (b[1] - a[1]) * noise, (a[1] + b[1]) / 2 + (b[0] - a[0]) * noise)
    return rough(a, mid, depth - 1)[:-1] + rough(mid, b, depth - 1)


def edges(cells: list[Polygon]) -> set[tuple[tuple[float, float], tuple[float, float]]]:
    """Every border between two corners, once, corners to the metre."""
    found = set()
    for cell in cells:
        ring = [(round(x, 3), round(y, 3)) for x, y in cell.exterior.coords]
        found |= {tuple(sorted(pair)) for pair in itertools.pairwise(ring) if pair[0] != pair[1]}
    return found


def main() -> None:
    """Write boundaries.geojson next to this script."""
    with (HERE / "areas.csv").open(encoding="utf-8") as lines:
        rows = csv.DictReader(line for line in lines if not line.startswith("#"))
        names = {row["code"][9:]: row for row in rows if row["level"] in ("village", "community")}
    assert set(names) == set(SEEDS), set(names) ^ set(SEEDS)
    outline = Polygon(OUTLINE)
    cells = [cell.intersection(outline) for cell in voronoi_polygons(MultiPoint(list(SEEDS.values()))).geoms]
    # A corner of one cell may lie on the side of its neighbour: noding breaks the side there.
    noded = unary_union([LineString(edge) for edge in edges(cells)])
    borders = [
        LineString([degrees(p) for p in rough(tuple(a), tuple(b))])
        for line in noded.geoms
        for a, b in zip(line.coords, line.coords[1:], strict=False)
    ]
    areas = list(polygonize(unary_union(borders)))
    features = []
    for serial, seed in sorted(SEEDS.items()):
        (area,) = [area for area in areas if area.contains(Point(degrees(seed)))]
        ring = [[round(x, 5), round(y, 5)] for x, y in area.normalize().exterior.coords[::-1]]
        features.append(
            {
                "type": "Feature",
                "properties": {"code": names[serial]["code"], "name": names[serial]["name"], "schematic": True},
                "geometry": {"type": "Polygon", "coordinates": [ring]},
            }
        )
    head = {
        "type": "FeatureCollection",
        "schematic": True,
        "notice": "示意图：未见公开的村（社区）界线，本文件为示意，不作划界依据。",
        "notice_en": "Schematic: no open village boundaries are known; no evidence of any border.",
        "made_by": "make_boundaries.py",
    }
    body = ",\n".join(json.dumps(feature, ensure_ascii=False, separators=(",", ":")) for feature in features)
    text = json.dumps(head, ensure_ascii=False, indent=1)[:-2] + ',\n "features": [\n' + body + "\n]}\n"
    (HERE / "boundaries.geojson").write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
