"""Made-up places: a shop, its operator, its point inside the village, and what a survey would find there.

All words come from the town's `words.toml`; the same seed gives the same town. Telephones begin with 142,
which no network has; ID numbers have a right check sign and a birth in 1900: neither can be anybody's.
"""

import tomllib
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

from shapely.geometry import Point, shape
from shapely.geometry.base import BaseGeometry

from sanxiao.archive import numbers
from sanxiao.docket.models import Rule
from sanxiao.office.models import Area
from sanxiao.office.seal import ID_WEIGHTS
from sanxiao.web.practice.people import a_name

SHARES = {"eatery": 55, "vendor": 30, "workshop": 15}
CASES = {"0": 18, "1": 40, "2": 34, "3": 8}  # what the survey would find, in percent
SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"


@dataclass
class Place:
    """One made-up establishment before anybody has seen it. `case`: the disposal case it is made for."""

    kind: str
    area: str
    name: str
    person: str
    id_number: str
    phone: str
    address: str
    point: tuple[float, float] | None
    case: str
    opened: date
    foods: dict[str, Any] = field(default_factory=dict)
    nameless: bool = False


class Ground:
    """The villages with their outlines and streets; hands out places, numbers and names."""

    def __init__(self, town: str, folder: Path, rng: Random) -> None:
        self.rng = rng
        self.words = tomllib.loads((folder / "words.toml").read_text(encoding="utf-8"))
        self.areas = {
            area.code: area.name
            for area in Area.objects.on().filter(code__startswith=town[:9], level__in=("village", "community"))
        }
        drawn = Rule.objects.value("map.boundaries", town, default={"features": []})
        self.outlines = {f["properties"]["code"]: shape(f["geometry"]) for f in drawn["features"]}
        self._numbers = 0
        self._taken: set[str] = set()

    def place(self, kind: str, area: str, case: str, opened: date) -> Place:
        """A new place of a kind in a village."""
        foods = self.rng.choices(self.words[kind]["foods"], [f["share"] for f in self.words[kind]["foods"]])[0]
        person = a_name(self.words, self.rng)
        name = self._name(kind, person, foods["trade"], area)
        return Place(
            kind, area, name, person, self.an_id_number(), self.a_phone(), self._address(kind, area), self._point(area),
            case, opened, foods, nameless=name == self.words["shop"]["nameless"],
        )  # fmt: skip

    def _name(self, kind: str, person: str, trade: str, area: str) -> str:
        """A name that the village does not have yet; many vendors have none."""
        shop = self.words["shop"]
        if self.rng.random() < shop["nameless_share"][kind]:
            return str(shop["nameless"])
        for _try in range(40):
            own = person[0] + self.rng.choice(shop["nick"])
            head = self.rng.choice(shop["front"]) if self.rng.random() < 0.6 else own
            if f"{area}{head}{trade}" not in self._taken:
                break
        self._taken.add(f"{area}{head}{trade}")
        return f"{head}{trade}"

    def _address(self, kind: str, area: str) -> str:
        streets = self.words["places"].get(area[-3:], [self.areas[area]])
        if kind == "vendor":
            return f"{self.areas[area]}{self.rng.choice(self.words['vendor']['places'])}"
        return f"{self.areas[area]}{self.rng.choice(streets)}{self.rng.randint(1, 198)}号"

    def _point(self, area: str) -> tuple[float, float] | None:
        """Latitude and longitude inside the village, most of them near its middle."""
        outline = self.outlines.get(area)
        return _inside(outline, self.rng) if outline is not None else None

    def near(self, point: tuple[float, float], metres: float) -> tuple[float, float]:
        """A point close by, for places that stand twice in the books."""
        step = metres / 111_320
        return round(point[0] + self.rng.uniform(-step, step), 6), round(point[1] + self.rng.uniform(-step, step), 6)

    def an_id_number(self) -> str:
        """Right in its check sign and nobody's: born in 1900."""
        self._numbers += 1
        born = date(1900, 1, 1) + timedelta(days=self._numbers % 365)
        head = f"320413{born:%Y%m%d}{100 + self._numbers // 365:03d}"
        return head + "10X98765432"[sum(int(d) * w for d, w in zip(head, ID_WEIGHTS, strict=True)) % 11]

    def a_credit_code(self) -> str:
        """Right in both check signs and nobody's: its place of registration, 000000, does not exist."""
        self._numbers += 1
        head = f"92000000MA{self._numbers:06d}"
        signs = (a + b for a in SIGNS[:10] + "X" for b in SIGNS)
        return next(head + pair for pair in signs if numbers.is_credit_code(head + pair))

    def a_phone(self) -> str:
        """Eleven digits that ring nowhere."""
        return f"142{self.rng.randrange(10**7):07d}{self._numbers % 10}"


def _inside(outline: BaseGeometry, rng: Random) -> tuple[float, float]:
    west, south, east, north = outline.bounds
    middle = outline.representative_point()
    for _try in range(200):
        lng = middle.x + rng.gauss(0, (east - west) / 5)
        lat = middle.y + rng.gauss(0, (north - south) / 5)
        if outline.contains(Point(lng, lat)):
            return round(lat, 6), round(lng, 6)
    return round(middle.y, 6), round(middle.x, 6)


# --- what the survey finds -------------------------------------------------------------------------------------


def answers(place: Place, ground: Ground, seen_on: date, surveyors: tuple[str, str]) -> dict[str, Any]:
    """The filled survey table of a place, as a person would type it, question by question."""
    rng = ground.rng
    workers = rng.choice((1, 1, 2, 2, 3, 4) if place.kind != "vendor" else (1, 1, 1, 2))
    held = place.kind != "vendor" and rng.random() < (0.95 if place.case == "0" else 0.55)
    told = {
        "village": place.area, "shop_name": place.name, "operator_name": place.person, "id_type": "id_card",
        "id_number": place.id_number, "home_address": f"{ground.areas[place.area]}{rng.randint(1, 18)}组",
        "phone": place.phone, "address": place.address, "location": list(place.point) if place.point else None,
        "operating_state": "normal", "opened_on": place.opened.replace(day=1).isoformat(), "workers": workers,
        "health_certs": workers,
        "business_licence": rng.choice(("held", "held", "pending")) if held else "none",
        "premises_tenure": rng.choice(("own", "rented", "rented", "collective")),
        "area_m2": rng.randint(2, 9) if place.kind == "vendor" else rng.randint(14, 90),
        "food_classes": place.foods["classes"],
        "food_varieties": "、".join(rng.sample(place.foods["varieties"], min(3, len(place.foods["varieties"])))),
        "water": rng.choice(("tap", "tap", "tap", "well")) if place.kind != "vendor" else "barrel",
        "pest_protection": ["dust", "fly", "rat"] if place.kind != "vendor" else ["dust", "fly"],
        "purchase_tickets": rng.choice(("complete", "complete", "partial")), "additives": "no",
        "illegal_building": "no", "road_occupation": "no", "willing": "yes", "surveyor_1": surveyors[0],
        "surveyor_2": surveyors[1], "surveyed_on": seen_on.isoformat(), "signature_refused": "no",
    }  # fmt: skip
    if told["business_licence"] == "held":
        told["uscc"] = ground.a_credit_code()
    told |= {"workshop": _workshop, "vendor": _vendor, "eatery": _eatery}[place.kind](place, ground)
    told |= _papers(place, seen_on, rng)
    if place.case in ("2", "3"):
        told |= _defects(place, told, rng)
    if place.case == "3":
        told |= _bars(place, rng)
    told["problems"] = _problems(place, told, rng)
    return told | _opinion(place, rng)


def _workshop(place: Place, ground: Ground) -> dict[str, Any]:
    rng, words = ground.rng, ground.words["workshop"]
    more = {"additives": "yes", "additive_names": rng.choice(words["additives"]), "additive_records": "yes"}
    return {
        "processing": [place.foods["processing"]], "living_separate": "yes",
        "equipment": "、".join(rng.sample(words["equipment"], 3)), "daily_output_kg": rng.choice((20, 40, 60, 80, 150)),
        "annual_sales": rng.choice(("under_5", "5_20", "5_20", "20_50")), "packaging": [rng.choice(("bulk", "simple"))],
        "workshop_label": "yes", "sales_to": rng.sample(("self", "market", "catering", "vendor", "canteen"), 2),
        "cold_storage": rng.choice(("yes", "no")), "waste_outlet": rng.choice(("sewer", "septic")),
        "testing": rng.choice(("none", "none", "contract")), **(more if rng.random() < 0.4 else {}),
    }  # fmt: skip


def _vendor(place: Place, ground: Ground) -> dict[str, Any]:
    rng, words = ground.rng, ground.words["vendor"]
    first, last = rng.choice(words["windows"])
    return {
        "premises_tenure": "public", "trade": rng.choice(("made_on_spot", "made_on_spot", "both", "sale")),
        "stall_form": rng.choice(("fixed", "half_fixed", "mobile", "mobile")), "pitch": place.address,
        "pitch_location": list(place.point) if place.point else None,
        "windows": [{"weekdays": ["1", "2", "3", "4", "5", "6", "7"], "window_from": first, "window_to": last}],
        "market_days": rng.choice(words["market_days"]) if rng.random() < 0.3 else "", "in_area": "yes",
        "vendor_foods": place.foods["vendor_foods"], "covered": "yes", "tableware": rng.choice(("disposable", "na")),
        "fuel": rng.choice(("gas", "gas", "electric", "charcoal")), "waste_bin": "yes",
        "zone_willing": rng.choice(("yes", "no", "undecided")),
    }  # fmt: skip


def _eatery(place: Place, ground: Ground) -> dict[str, Any]:
    rng, area = ground.rng, ground.rng.choice((18, 24, 28, 32, 36, 40, 45, 48))
    return {
        "area_m2": area + rng.randint(0, 12), "usable_area_m2": area, "kitchen_area_m2": max(6, area // 3),
        "eatery_form": place.foods["eatery_form"], "seats": rng.choice((0, 8, 12, 16, 20, 24)),
        "made_items": place.foods["made_items"],
        "special_room": "area" if "cold" in place.foods["made_items"] else "na",
        "kitchen_zones": ["prep", "cook", "wash", "store"], "disinfection": rng.choice(("heat", "heat", "central")),
        "fume_cleaner": "yes", "kitchen_waste": rng.choice(("trap_contract", "contract")),
        "open_kitchen": rng.choice(("yes", "no", "no")), "toilet_separate": "yes",
        "delivery": rng.choice((["none"], ["none"], ["meituan"], ["meituan", "eleme"])),
        "zone_willing": rng.choice(("yes", "no", "undecided")),
    }  # fmt: skip


def _papers(place: Place, seen_on: date, rng: Random) -> dict[str, Any]:
    """Which papers of the time before are there."""
    held, until = place.case == "0", (seen_on + timedelta(days=rng.randint(200, 1200))).isoformat()
    if place.kind == "workshop":
        known = {"certificate_no": f"旧ZF{rng.randrange(1000):04d}", "certificate_until": until}
        return {"certificate": "held", **known} if held else {"certificate": "none"}
    if place.kind == "vendor":
        return {"card": "held", "card_no": f"旧TF{rng.randrange(1000):04d}"} if held else {"card": "none"}
    licence = {"food_licence_no": f"JY2000000{rng.randrange(10**7):07d}", "food_licence_until": until}
    return {"food_licence": "held", **licence, "card": "none"} if held else {"food_licence": "none", "card": "none"}


# One answer for each defect that a survey finds, by kind; a place of case 2 has one to three of them.
DEFECTS: dict[str, list[dict[str, Any]]] = {
    "workshop": [
        {"living_separate": "no"}, {"waste_outlet": "direct"}, {"workshop_label": "no"}, {"pest_protection": ["none"]},
        {"purchase_tickets": "none"}, {"health_certs": 0}, {"dirty": 1},
        {"additives": "yes", "additive_names": "食用碱", "additive_records": "no"},
    ],
    "vendor": [
        {"covered": "no"}, {"waste_bin": "no"}, {"pest_protection": ["none"]}, {"purchase_tickets": "none"},
        {"health_certs": 0}, {"in_area": "no"}, {"dirty": 1},
    ],
    "eatery": [
        {"disinfection": "none"}, {"fume_cleaner": "no"}, {"kitchen_waste": "direct"}, {"kitchen_zones": ["cook"]},
        {"pest_protection": ["none"]}, {"purchase_tickets": "none"}, {"health_certs": 0}, {"toilet_separate": "no"},
        {"dirty": 1},
    ],
}  # fmt: skip


def _defects(place: Place, told: dict[str, Any], rng: Random) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for defect in rng.sample(DEFECTS[place.kind], rng.choice((1, 2, 2, 3))):
        found |= defect
    return found


def _bars(place: Place, rng: Random) -> dict[str, Any]:
    """Why a place cannot stay."""
    if place.kind == "vendor":
        return rng.choice(({"in_area": "no", "road_occupation": "yes"}, {"willing": "no"}))
    return rng.choice(({"illegal_building": "yes", "illegal_building_main": "yes"}, {"willing": "no"}))


def _problems(place: Place, told: dict[str, Any], rng: Random) -> list[str]:
    found = [] if place.case == "0" else ["no_papers"]
    if told.pop("dirty", 0):
        found.append(rng.choice(("dirty", "messy", "poor")))
    return found or ["none"]


def _opinion(place: Place, rng: Random) -> dict[str, Any]:
    """The surveyor's own opinion, which now and then is another."""
    case = place.case if rng.random() < 0.93 else rng.choice(("1", "2"))
    return {"disposal_case": case, "batch": {"0": "upgrade", "1": "regulate", "2": "regulate", "3": "phase_out"}[case]}
