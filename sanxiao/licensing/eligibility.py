"""May this place have its paper? Every condition with its answer, before anybody applies (E1).

Pure over one file and what was read for it beforehand, so that a list of many costs no more queries
than one. Levels: bar (no paper), warn (look at it), unknown (nobody has said), ok.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from math import asin, cos, radians, sin, sqrt
from typing import Any
from uuid import UUID

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from sanxiao.archive.models import Establishment
from sanxiao.docket import rooms
from sanxiao.docket.models import Rule
from sanxiao.docket.tables import State
from sanxiao.licensing.orders import has_open_order
from sanxiao.office.now import today
from sanxiao.office.settled import once

BAR, WARN, UNKNOWN, OK = "bar", "warn", "unknown", "ok"
LEVELS = {
    BAR: State(BAR, gettext_lazy("不符合"), "red"),
    WARN: State(WARN, gettext_lazy("须核实"), "amber"),
    UNKNOWN: State(UNKNOWN, gettext_lazy("不清楚"), "grey"),
    OK: State(OK, gettext_lazy("符合"), "green"),
}
SETTINGS = (
    "prohibited_foods", "small_eatery.max_area_m2", "school.distance_m", "schools", "workshop.may_prepack",
)  # fmt: skip
EARTH = 6_371_000  # metres


@dataclass(frozen=True)
class Finding:
    """One condition: what it is, how it stands, why."""

    code: str
    level: str
    text: str

    @property
    def state(self) -> State:
        """Word and tone for the page."""
        return LEVELS[self.level]


@dataclass(frozen=True)
class Ground:
    """What is read once for one or many files: the rules of the day and who has an open order."""

    on: date
    rules: Mapping[str, Any] = field(default_factory=dict)
    ordered: frozenset[UUID] = frozenset()


def ground_for(area: str, ordered: frozenset[UUID] = frozenset(), on: date | None = None) -> Ground:
    """The settings of the area's town on a day, in one query; `ordered` are the files with an open order."""
    on = on or today()
    above = {area[:w].ljust(12, "0") for w in (2, 4, 6, 9, 12)}
    rules = {row.key: row.value for row in once("eligibility", _settings) if row.area in above and row.holds_on(on)}
    return Ground(on, rules, ordered)


def _settings() -> list[Rule]:
    return list(Rule.objects.filter(key__in=SETTINGS).order_by("area", "since"))


def findings(file: Establishment, ground: Ground) -> list[Finding]:
    """All conditions of the file's kind, the worst first."""
    found: list[Finding | None] = [_trading(file), _class(file), *_foods(file, ground), _order(file, ground)]
    found += {"workshop": _workshop, "vendor": _vendor, "eatery": _eatery}.get(file.kind_id, _nothing)(file, ground)
    found += [_workers(file), _lease(file, ground), *_barred(file)]
    rank = list(LEVELS)
    return sorted((f for f in found if f), key=lambda f: rank.index(f.level))


def barred_now(file: Establishment) -> list[Finding]:
    """What stands in the way of a paper for one file today."""
    return [f for f in check(file) if f.level == BAR]


def check(file: Establishment, on: date | None = None) -> list[Finding]:
    """The conditions of one file, read and judged."""
    ordered = frozenset([file.pk]) if has_open_order(file) else frozenset()
    return findings(file, ground_for(file.area, ordered, on))


def _nothing(_file: Establishment, _ground: Ground) -> list[Finding]:
    return []


def _trading(file: Establishment) -> Finding:
    if file.state in ("normal", "seasonal"):
        return Finding("state", OK, _("正在经营"))
    if file.state in ("suspended", "lost"):
        return Finding("state", WARN, _("档案状态为“%(state)s”") % {"state": file.state_row.name})
    return Finding("state", BAR, _("档案状态为“%(state)s”，不能办证") % {"state": file.state_row.name})


def _barred(file: Establishment) -> list[Finding]:
    """What rooms above know of the person: barred from the trade."""
    return [Finding("barred", BAR, words) for words in rooms.gather("bars", file.operator)]


def _class(file: Establishment) -> Finding:
    if file.case == "3":
        return Finding("class", BAR, _("已审定为第3类（不具备条件）"))
    if file.case == "2":
        return Finding("class", WARN, _("第2类：有缺陷，整改合格后办证"))
    if file.case == "1":
        return Finding("class", OK, _("第1类：具备条件"))
    return Finding("class", UNKNOWN, _("还没有分类")) if not file.case else Finding("class", OK, _("第0类：已持证"))


def prohibited(kind: str, varieties: str, classes: Iterable[str], rows: Iterable[Mapping[str, Any]], on: date) -> list[
    tuple[str, str, str]
]:  # fmt: skip
    """Prohibited foods among varieties and classes on a day: (level, category, basis) of the town's table."""
    classes, hits = set(classes), []
    for row in rows:
        if row["kind"] not in ("all", kind) or row["since"] > str(on) or (row["until"] and row["until"] < str(on)):
            continue
        named = any(word and word in varieties for word in row["keywords"])
        if named or classes & {c for c in row["classes"].split("|") if c}:
            hits.append((row["level"], row["category"], row["basis"]))
    return hits


def _foods(file: Establishment, ground: Ground) -> list[Finding]:
    varieties, classes = file.facts.get("food_varieties") or "", file.facts.get("food_classes") or []
    if not varieties and not classes:
        return [Finding("foods", UNKNOWN, _("没有填食品品种"))]
    hits = prohibited(file.kind_id, varieties, classes, ground.rules.get("prohibited_foods", []), ground.on)
    words = {"bar": _("属于禁止品种：%(food)s（%(basis)s）"), "warn": _("可能属于禁止品种：%(food)s（%(basis)s）")}
    found = [Finding("foods", lv, words[lv] % {"food": food, "basis": basis}) for lv, food, basis in hits]
    return found or [Finding("foods", OK, _("品种中没有发现禁止的食品"))]


def _order(file: Establishment, ground: Ground) -> Finding:
    if file.pk in ground.ordered:
        return Finding("order", WARN, _("整改通知还没有办结：可以申请，办结前不能发证"))
    return Finding("order", OK, _("没有未办结的整改通知"))


def _workshop(file: Establishment, ground: Ground) -> list[Finding]:
    packs = "prepacked" in (file.facts.get("packaging") or [])
    if packs and ground.rules.get("workshop.may_prepack") is False:
        return [Finding("prepack", BAR, _("小作坊不得生产预包装食品"))]
    return []


def _eatery(file: Establishment, ground: Ground) -> list[Finding]:
    area, most = _number(file, "usable_area_m2", "area_m2"), ground.rules.get("small_eatery.max_area_m2")
    if area is None or most is None:
        found = [Finding("area", UNKNOWN, _("没有填使用面积"))]
    elif area > most:
        words = _("使用面积 %(area)g 平方米，超过小餐饮上限 %(most)g 平方米，应办食品经营许可证")
        found = [Finding("area", BAR, words % {"area": area, "most": most})]
    else:
        words = _("使用面积 %(area)g 平方米，不超过 %(most)g 平方米")
        found = [Finding("area", OK, words % {"area": area, "most": most})]
    if file.facts.get("food_licence") != "held":
        found.append(Finding("licence", WARN, _("登记卡不代替食品经营许可证；这一户还没有许可证")))
    return found


def _vendor(file: Establishment, ground: Ground) -> list[Finding]:
    return [_school(file, ground), _zone(file)]


def _school(file: Establishment, ground: Ground) -> Finding:
    least = ground.rules.get("school.distance_m")
    away = _number(file, "school_distance_m")
    gates = ground.rules.get("schools", [])
    if gates and file.lat is not None and file.lng is not None:
        nearest = min(metres(file.lat, file.lng, g["latitude"], g["longitude"]) for g in gates)
        away = nearest if away is None else min(away, nearest)
    if away is None or least is None:
        return Finding("school", UNKNOWN, _("距学校出入口多远还不清楚"))
    words = {"away": round(away), "least": least}
    if away < least:
        return Finding("school", WARN, _("距学校出入口 %(away)d 米，不足 %(least)d 米") % words)
    return Finding("school", OK, _("距学校出入口 %(away)d 米，不少于 %(least)d 米") % words)


def _zone(file: Establishment) -> Finding:
    said = {
        "yes": (OK, _("在划定的经营区域内")),
        "no": (WARN, _("不在划定的经营区域内")),
        "undesignated": (UNKNOWN, _("当地还没有划定经营区域")),
    }
    return Finding("zone", *said.get(file.facts.get("in_area") or "", (UNKNOWN, _("是否在划定区域内还不清楚"))))


def _workers(file: Establishment) -> Finding | None:
    workers, certs = _number(file, "workers"), _number(file, "health_certs")
    if workers is None or certs is None:
        return Finding("health", UNKNOWN, _("没有填健康证人数"))
    if certs < workers:
        words = _("从业 %(workers)d 人，有健康证的只有 %(certs)d 人")
        return Finding("health", WARN, words % {"workers": workers, "certs": certs})
    return Finding("health", OK, _("从业人员都有健康证"))


def _lease(file: Establishment, ground: Ground) -> Finding | None:
    end = str(file.facts.get("lease_end") or "")
    if end and end < str(ground.on):
        return Finding("lease", WARN, _("场所租期已于 %(day)s 到期") % {"day": end})
    return None


def _number(file: Establishment, *names: str) -> float | None:
    for name in names:
        try:
            return float(file.facts[name])
        except (KeyError, TypeError, ValueError):
            continue
    return None


def metres(lat: float, lng: float, lat2: float, lng2: float) -> float:
    """Distance of two points (WGS-84) on the sphere; under 0.6 % off."""
    a, b, c, d = map(radians, (lat, lng, float(lat2), float(lng2)))
    return 2 * EARTH * asin(sqrt(sin((c - a) / 2) ** 2 + cos(a) * cos(c) * sin((d - b) / 2) ** 2))


def words_of(row: Mapping[str, str]) -> str:
    """A row of a dated list in the language of the screen."""
    english = (get_language() or "").startswith("en")
    return row.get("text_en" if english else "text") or row.get("name_en" if english else "name") or row.get("text", "")
