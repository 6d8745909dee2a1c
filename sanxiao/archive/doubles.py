"""Likely doubles: files that may be the same place under another name, number or spelling.

By credit code, ID number, telephone; or by a like name where the points lie close together or, while a
point is wanting, in the same village. The lengths are the town's rules `duplicate.*`. Whoever asks sees
only files of his own ground; of the rest of the town he learns at most that there may be one.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.db.models import Count, Max, Q, QuerySet
from django.utils.translation import gettext as _
from rapidfuzz import fuzz

from sanxiao.archive.find import NAMELESS
from sanxiao.archive.models import Establishment
from sanxiao.docket.models import Rule

DEGREE = 111_320.0  # metres of one degree of latitude
ASKS_AN_HOUR = 30  # how often one person is told that there is something outside his ground
SHOWN = 8
KEPT = 400  # pairs in the list of likely doubles


@dataclass(frozen=True)
class Likeness:
    """A place as it is compared. Numbers are keyed indices, never the numbers."""

    kind: str
    area: str
    name: str
    operator: str = ""
    id_index: str = ""
    phone_index: str = ""
    credit_code: str = ""
    lat: float | None = None
    lng: float | None = None


@dataclass(frozen=True)
class Double:
    """A file that may be the same place, and why. `sure`: a number or a point speaks for it, not a name alone."""

    file: Establishment
    reasons: tuple[str, ...]
    sure: bool


@dataclass(frozen=True)
class Measure:
    """The town's rules: how near, how like (0-100), and by what."""

    metres: float = 20.0
    score: float = 75.0
    by: tuple[str, ...] = ("uscc", "id_number", "phone", "distance_and_name")


def measure_of(area: str) -> Measure:
    """The rules `duplicate.*` of a place."""
    plain = Measure()
    return Measure(
        Rule.objects.value("duplicate.distance_m", area, default=plain.metres),
        Rule.objects.value("duplicate.name_score", area, default=plain.score),
        tuple(Rule.objects.value("duplicate.by", area, default=plain.by)),
    )


def likeness_of(file: Establishment) -> Likeness:
    """A file as it is compared; its operator must be at hand."""
    person = file.operator
    return Likeness(
        file.kind_id, file.area, file.name, person.name, person.id_number_index, person.phone_index,
        person.credit_code, file.lat, file.lng,
    )  # fmt: skip


def metres(one: Any, other: Any) -> float | None:
    """The distance of two places, None where a point is wanting. Flat earth: good for a town."""
    if None in (one.lat, one.lng, other.lat, other.lng):
        return None
    east = (one.lng - other.lng) * math.cos(math.radians((one.lat + other.lat) / 2))
    return DEGREE * math.hypot(one.lat - other.lat, east)


def alike(one: str, other: str) -> float:
    """How like two shop names are, 0 to 100; nameless ones are like nothing."""
    if one in NAMELESS or other in NAMELESS:
        return 0.0
    return fuzz.ratio(one, other)


def compare(one: Likeness, other: Likeness, by: Measure) -> tuple[tuple[str, ...], bool]:
    """Why two places may be the same, in words, and whether more than a name speaks for it."""
    reasons = []
    same = one.kind == other.kind or not one.kind
    if "uscc" in by.by and one.credit_code and one.credit_code == other.credit_code:
        reasons.append(_("信用代码相同"))
    if "id_number" in by.by and one.id_index and one.id_index == other.id_index:
        reasons.append(_("证件号码相同"))
    if "phone" in by.by and one.phone_index and one.phone_index == other.phone_index:
        reasons.append(_("联系电话相同"))
    sure = bool(reasons) and same
    score, away = alike(one.name, other.name), metres(one, other)
    person = bool(one.operator) and one.operator == other.operator
    if "distance_and_name" in by.by:
        if away is not None and away <= by.metres and (score >= by.score or person):
            reasons.append(_("相距 %(m)d 米，名称相近") % {"m": round(away)})
            sure = sure or same
        elif away is None and one.area == other.area and score >= by.score:
            reasons.append(_("同村，名称相近"))
            sure = sure or (same and score >= 100 and (person or not one.operator))
        elif one.area == other.area and person and same:
            reasons.append(_("同村，经营者同名"))
            sure = sure or (one.name in NAMELESS and other.name in NAMELESS)
    return tuple(reasons), sure


def near(place: Likeness, rows: QuerySet, by: Measure) -> QuerySet:
    """Rows that could be like the place at all: same numbers, same village, or close by."""
    found = Q(pk__in=[])
    if place.id_index:
        found |= Q(operator__id_number_index=place.id_index)
    if place.phone_index:
        found |= Q(operator__phone_index=place.phone_index)
    if place.credit_code:
        found |= Q(operator__credit_code=place.credit_code)
    if place.area and (place.name not in NAMELESS or place.operator):
        found |= Q(area=place.area)
    if place.lat is not None and place.lng is not None:
        high = by.metres / DEGREE
        wide = high / max(math.cos(math.radians(place.lat)), 0.1)
        found |= Q(lat__range=(place.lat - high, place.lat + high), lng__range=(place.lng - wide, place.lng + wide))
    return rows.filter(found)


def among(place: Likeness, rows: Iterable[Establishment], by: Measure) -> list[Double]:
    """The rows that may be the place, the likeliest first."""
    found = []
    for file in rows:
        reasons, sure = compare(place, likeness_of(file), by)
        if reasons:
            found.append(Double(file, reasons, sure))
    return sorted(found, key=lambda d: (not d.sure, -len(d.reasons), -alike(place.name, d.file.name)))


def likely(place: Likeness, user: Any, *, but: Any = None) -> list[Double]:
    """Likely doubles on this person's own ground, at most SHOWN."""
    by = measure_of(place.area)
    rows = near(place, Establishment.objects.seen_by(user).current(), by).exclude(pk=but)
    return among(place, rows.select_related("operator", "kind").defer("facts", "search"), by)[:SHOWN]


def elsewhere(place: Likeness, user: Any) -> bool:
    """Is there surely a like one in the town outside this person's ground? Whoever asks is told no more than that,
    and asks by handing in a whole table under his name."""
    by = measure_of(place.area)
    mine = Establishment.objects.seen_by(user).values("pk")
    town = Establishment.objects.current().within((place.area[:9],)).exclude(pk__in=mine)
    rows = near(place, town, by).select_related("operator", "kind").defer("facts", "search")
    return any(double.sure for double in among(place, rows, by))


def outside(place: Likeness, user: Any) -> bool:
    """May there be one elsewhere in the town? By numbers alone, and told a limited number of times an hour.

    Otherwise the warning would answer whether any given person trades anywhere (a count oracle).
    """
    numbers = Likeness("", "", "", "", place.id_index, place.phone_index, place.credit_code)
    if not (numbers.id_index or numbers.phone_index or numbers.credit_code):
        return False
    key = f"doubles.asked.{user.pk}"
    cache.add(key, 0, 3600)
    if cache.incr(key) > ASKS_AN_HOUR:
        return False
    mine = Establishment.objects.seen_by(user).current()
    town = Establishment.objects.current().within((place.area[:9],)) if place.area else Establishment.objects.none()
    return near(numbers, town, measure_of(place.area)).exclude(pk__in=mine.values("pk")).exists()


class Shelves:
    """Places on shelves (a number, a name in a village, a square of ground): only neighbours are compared."""

    def __init__(self, by: Measure) -> None:
        self.by = by
        self.places: list[Likeness] = []
        self._held: dict[tuple[str, Any], list[int]] = {}

    def put(self, place: Likeness) -> int:
        """Add a place; returns its number."""
        self.places.append(place)
        for shelf in _shelves(place, self.by):
            self._held.setdefault(shelf, []).append(len(self.places) - 1)
        return len(self.places) - 1

    def near(self, place: Likeness) -> set[int]:
        """Numbers of the places that share a shelf with this one."""
        return {number for shelf in _shelves(place, self.by) for number in self._held.get(shelf, ())}

    def sure_double(self, place: Likeness) -> tuple[str, ...]:
        """Why one of the places is surely alike (see Double.sure), or nothing."""
        for number in self.near(place):
            reasons, sure = compare(place, self.places[number], self.by)
            if sure:
                return reasons
        return ()


def pairs(rows: Sequence[Establishment], by: Measure) -> list[tuple[Establishment, Double]]:
    """Likely doubles within a list of files, each pair once, the surest first."""
    shelves, found = Shelves(by), []
    for file in rows:
        place = likeness_of(file)
        for number in shelves.near(place):
            reasons, sure = compare(place, shelves.places[number], by)
            if sure or len(reasons) > 1:
                found.append((file, Double(rows[number], reasons, sure)))
        shelves.put(place)
    return sorted(found, key=lambda pair: (not pair[1].sure, -len(pair[1].reasons)))


def pairs_for(user: Any) -> list[tuple[Establishment, Double]]:
    """Likely doubles on this person's ground; counted anew only when a file has changed."""
    mine = Establishment.objects.seen_by(user).current()
    told = mine.aggregate(count=Count("pk"), last=Max("updated_at"))
    key = f"doubles.{user.pk}.{told['count']}.{told['last'] and told['last'].timestamp()}"
    found = cache.get(key)
    if found is None:
        rows = list(mine.select_related("operator").defer("facts", "search"))
        by = measure_of(rows[0].area) if rows else Measure()
        found = [(one.pk, two.file.pk, two.sure) for one, two in pairs(rows, by)][:KEPT]
        cache.set(key, found, 3600)
    return _with_reasons(mine, found)


def _with_reasons(mine: QuerySet, found: Sequence[tuple[Any, Any, bool]]) -> list[tuple[Establishment, Double]]:
    """The pairs that are kept as keys, as files again, with their reasons in the language of the screen."""
    wanted = {pk for pair in found for pk in pair[:2]}
    rows = mine.select_related("operator", "kind").defer("facts", "search").in_bulk(wanted)
    by = Measure()
    said: list[tuple[Establishment, Double]] = []
    for one, two, sure in found:
        if one in rows and two in rows:
            by = by if said else measure_of(rows[one].area)
            reasons, _sure = compare(likeness_of(rows[one]), likeness_of(rows[two]), by)
            said.append((rows[one], Double(rows[two], reasons, sure)))
    return said


def _shelves(place: Likeness, by: Measure) -> Iterable[tuple[str, Any]]:
    """Where a place is put so that only those on one shelf need comparing."""
    for name in ("id_index", "phone_index", "credit_code"):
        if value := getattr(place, name):
            yield name, value
    yield "name", (place.area, place.operator if place.name in NAMELESS else place.name)
    if place.lat is not None and place.lng is not None:
        # Squares of the rule's length and their neighbours on two sides: near pairs share at least one.
        side = by.metres / DEGREE * 2
        shrink = math.cos(math.radians(math.floor(place.lat) + 1))  # the same for a whole degree, so that squares meet
        row, column = place.lat / side, place.lng * shrink / side
        for down in (math.floor(row), math.floor(row + 0.5) + 0.5):
            for right in (math.floor(column), math.floor(column + 0.5) + 0.5):
                yield "square", (down, right)
