"""The scorecard: what came of a unit's work in a quarter, never how busy it was (no log-ins, no steps).

A measure is a share: of what there was (`whole`), how much came out well (`part`); both have their list. A share with
nothing to divide by does not count; the others are weighed by the town's rule.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from sanxiao.docket.models import Deadline, Event, Rule
from sanxiao.office.models import Office, prefix_of
from sanxiao.office.now import today
from sanxiao.oversight.models import Board, Check, Finding
from sanxiao.oversight.people import units
from sanxiao.oversight.proofs import credit
from sanxiao.reports import records
from sanxiao.reports.cockpit import FIX
from sanxiao.reports.concern_models import Concern
from sanxiao.reports.indicators import CASE, COLUMNS
from sanxiao.reports.models import Report
from sanxiao.reports.quarters import Period, Quarter, campaign_start
from sanxiao.reports.records import NOTHING, Items
from sanxiao.reports.sources import within
from sanxiao.reports.units import punctuality, with_first

VILLAGE, BUREAU, OFFICE = "village", "bureau", "office"
ITEMS, TERMS, REPORTS, CHECKS = "items", "terms", "reports", "checks"
SMALL, ENOUGH = 10, 0.5  # where the town's rules say nothing


@dataclass(frozen=True)
class Measure:
    """One line of the scorecard. `of`: to which sorts of units it applies; `words`: how it is counted."""

    key: str
    name: str
    words: str
    of: tuple[str, ...]
    sort: str


MEASURES = (
    Measure("coverage", _("摸底建档率"), _("季末在册的户，占在册加已摸底未建档的户。"), (VILLAGE,), ITEMS),
    Measure("certified", _("持证率"), _("季末在册的户里，证卡有效的。"), (VILLAGE, BUREAU), ITEMS),
    Measure("corrected", _("整改按期率"), _("本季到期的责令改正问题里，按期报改的。"), (VILLAGE, BUREAU), TERMS),
    Measure("samples", _("抽检合格率"), _("本季出结果的抽检里，合格的（含复检合格）。"), (VILLAGE, BUREAU), ITEMS),
    Measure("cases", _("结案率"), _("专项以来立的案里，季末已结案的。"), (BUREAU,), ITEMS),
    Measure("kept_closed", _("关停守住率"), _("本季回查的关停户里，没有死灰复燃的。"), (VILLAGE,), ITEMS),
    Measure("reports", _("季报按时"), _("本季的报告是否在应报日期前交来。"), (VILLAGE, BUREAU, OFFICE), REPORTS),
    Measure("findings", _("督查整改按期率"), _("本季到期的督查问题里，按期报改的。"), (VILLAGE, BUREAU, OFFICE), TERMS),
    Measure("answers", _("答复按期率"), _("本季到期的困难和需要里，按期答复的。"), (BUREAU, OFFICE), TERMS),
    Measure("proof", _("办结核验"), _("本季随机抽中、到场核验的办结事项里，属实的；部分属实计半件。"),
            (VILLAGE, BUREAU, OFFICE), CHECKS),
)  # fmt: skip
BY_KEY = {measure.key: measure for measure in MEASURES}


@dataclass(frozen=True)
class Score:
    """One number of one unit: `part` of `whole`, with the records of what came out well and of the rest."""

    part: float
    whole: int
    good: list[Any] = field(default_factory=list)
    rest: list[Any] = field(default_factory=list)

    @property
    def share(self) -> float | None:
        """Between 0 and 1; None where there is nothing to divide by."""
        return self.part / self.whole if self.whole else None


NONE = Score(0, 0)
Found = dict[str, Score]  # of a unit, by measure


def sort_of(unit: Office) -> str:
    """Which measures apply to a unit."""
    return unit.role if unit.role in (VILLAGE, BUREAU) else OFFICE


def applies(measure: Measure, unit: Office) -> bool:
    """Is the unit measured by it?"""
    return sort_of(unit) in measure.of


# --- measuring ---------------------------------------------------------------------------------------------------


class Gathering:
    """All units of a town in one quarter; what is asked once serves them all."""

    def __init__(self, area: str, quarter: Quarter) -> None:
        self.area, self.quarter = area, quarter
        self.ground = prefix_of(area)
        self.period: Period = quarter.period(campaign_start(area))
        self.units = units(area)
        self._shelf = records.Shelf(self.ground, self.period)
        self._lists: dict[str, dict[str, Items]] = {}

    def all(self) -> dict[int, Found]:
        """Every measure of every unit."""
        found: dict[int, Found] = {unit.pk: {} for unit in self.units}
        for measure in MEASURES:
            for unit, score in self.of(measure).items():
                found[unit.pk][measure.key] = score
        return found

    def of(self, measure: Measure) -> dict[Office, Score]:
        """One measure of every unit to which it applies."""
        act: Callable[[], Callable[[Office], Score]] = getattr(self, f"_{measure.key}")
        look = act()
        return {unit: look(unit) for unit in self.units if applies(measure, unit)}

    def _column(self, key: str, unit: Office) -> Items:
        """The records of a column of the quarterly report on the unit's ground."""
        if key not in self._lists:
            by_area: dict[str, Items] = defaultdict(lambda: NOTHING)
            for (area, _kind), items in records.lists(self.ground, self.period, COLUMNS[key], "q", self._shelf).items():
                by_area[area] = by_area[area].joined(items)
            self._lists[key] = by_area
        mine = prefix_of(unit.area)
        found = NOTHING
        for area, items in self._lists[key].items():
            if area.startswith(mine):
                found = found.joined(items)
        return found

    def _shares(self, good: tuple[str, ...], rest: tuple[str, ...]) -> Callable[[Office], Score]:
        def look(unit: Office) -> Score:
            well, not_so = NOTHING, NOTHING
            for key in good:
                well = well.joined(self._column(key, unit))
            for key in rest:
                not_so = not_so.joined(self._column(key, unit))
            return Score(well.total, well.total + not_so.total, well.packed(), not_so.packed())

        return look

    def _coverage(self) -> Callable[[Office], Score]:
        return self._shares(("end",), ("pending",))

    def _samples(self) -> Callable[[Office], Score]:
        return self._shares(("sample_passed",), ("sample_failed",))

    def _kept_closed(self) -> Callable[[Office], Score]:
        return self._shares(("still_closed", "other_use"), ("revived",))

    def _certified(self) -> Callable[[Office], Score]:
        def look(unit: Office) -> Score:
            had = set(self._column("certified", unit).files)
            stock = self._column("end", unit).files
            good, rest = [str(f) for f in stock if f in had], [str(f) for f in stock if f not in had]
            return Score(len(good), len(stock), good, rest)

        return look

    def _cases(self) -> Callable[[Office], Score]:
        rows = Event.objects.filter(within("area", self.ground), kind=CASE, on__lte=self.period.until)
        filed = rows.filter(move__in=("file", "summary"), on__gte=self.period.start)
        over = set(rows.filter(move="close").values_list("subject", flat=True))
        good: list[Any] = []
        rest: list[Any] = []
        for number, subject in filed.order_by("id").values_list("id", "subject"):
            (good if subject in over else rest).append([number, 1])
        return lambda _unit: Score(len(good), len(good) + len(rest), good, rest)

    def _terms(self, kind: str, term: str) -> Iterable[Deadline]:
        rows = Deadline.objects.filter(within("area", self.ground), kind=kind, term=term, paused_on__isnull=True)
        return rows.filter(due_on__range=(self.period.since, self.period.until)).exclude(outcome="dropped")

    def _kept(self, terms: Iterable[Deadline]) -> Score:
        good, rest = [], []
        for term in terms:
            if term.outcome == "met" and term.done_on and term.done_on <= term.due_on:
                good.append(term.pk)
            elif term.done_on or term.due_on < today():
                rest.append(term.pk)
        return Score(len(good), len(good) + len(rest), good, rest)

    def _corrected(self) -> Callable[[Office], Score]:
        terms = list(self._terms(*FIX))
        return lambda unit: self._kept(t for t in terms if t.area.startswith(prefix_of(unit.area)))

    def _owned(self, terms: list[Deadline], owners: dict[Any, int | None]) -> Callable[[Office], Score]:
        return lambda unit: self._kept(t for t in terms if owners.get(t.subject) == unit.pk)

    def _findings(self) -> Callable[[Office], Score]:
        terms = list(self._terms(Finding.flow.key, "correct"))
        return self._owned(terms, dict(Finding.objects.filter(pk__in=_subjects(terms)).values_list("pk", "unit")))

    def _answers(self) -> Callable[[Office], Score]:
        terms = list(self._terms(Concern.flow.key, "answer"))
        return self._owned(terms, dict(Concern.objects.filter(pk__in=_subjects(terms)).values_list("pk", "taker")))

    def _reports(self) -> Callable[[Office], Score]:
        rows = with_first(Report.objects.within((self.ground,)).of(self.quarter))
        sides: dict[int, tuple[list[str], list[str]]] = defaultdict(lambda: ([], []))
        for report in rows:
            state = punctuality(report, today()).key
            if state != "due":
                sides[report.unit_id][state != "on_time"].append(str(report.pk))

        def look(unit: Office) -> Score:
            good, rest = sides[unit.pk]
            return Score(len(good), len(good) + len(rest), good, rest)

        return look

    def _proof(self) -> Callable[[Office], Score]:
        worth = credit(self.area)
        rows = Check.objects.within((self.ground,)).filter(seen_on__range=(self.period.since, self.period.until))
        judged = list(rows.filter(state__in=list(worth)).order_by("seen_on", "id"))

        def look(unit: Office) -> Score:
            mine = [check for check in judged if check.unit_id == unit.pk]
            good = [str(check.pk) for check in mine if worth[check.state]]
            rest = [str(check.pk) for check in mine if not worth[check.state]]
            return Score(sum(float(worth[check.state]) for check in mine), len(mine), good, rest)

        return look


def _subjects(terms: Iterable[Deadline]) -> set[Any]:
    return {term.subject for term in terms}


# --- weighing ----------------------------------------------------------------------------------------------------


def rule(area: str, quarter: Quarter) -> dict[str, Any]:
    """Weights, bands and limits as they held on the quarter's last day."""

    def said(key: str, usual: Any) -> Any:
        return Rule.objects.value(f"score.{key}", area, quarter.until, usual)

    return {
        "weights": said("weights", {measure.key: 1 for measure in MEASURES}), "bands": said("bands", []),
        "small": said("small", SMALL), "enough": said("enough", ENOUGH),
    }  # fmt: skip


@dataclass(frozen=True)
class Line:
    """One unit's line: its scores in the order of MEASURES (None: does not apply), what they come to, and its band."""

    unit: Office
    scores: list[tuple[Measure, Score | None]]
    total: float | None
    band: dict[str, Any] | None
    known: float  # the share of its weights that could be measured

    @property
    def band_name(self) -> str:
        """The band in the language of the screen."""
        if self.band is None:
            return ""
        english = (get_language() or "").startswith("en")
        return str(self.band.get("name_en" if english else "name") or self.band["name"])


def weighed(unit: Office, found: Found, said: dict[str, Any]) -> Line:
    """What the measures of a unit come to, out of 100; no total where too little could be measured."""
    weights = {m.key: float(said["weights"].get(m.key, 0)) for m in MEASURES if applies(m, unit)}
    shares = {key: share for key in weights if (share := found.get(key, NONE).share) is not None}
    whole, known = sum(weights.values()), sum(weights[key] for key in shares)
    total = None
    if whole and known and known / whole >= float(said["enough"]):
        total = round(100 * sum(weights[key] * share for key, share in shares.items()) / known, 1)
    band = next((b for b in said["bands"] if total is not None and total >= b["from"]), None)
    scores = [(m, found.get(m.key, NONE) if applies(m, unit) else None) for m in MEASURES]
    return Line(unit, scores, total, band, known / whole if whole else 0)


def found_of(board: Board) -> dict[int, Found]:
    """The scores that stand for a board: frozen, or measured now."""
    if not board.is_frozen:
        return Gathering(board.area, board.quarter).all()
    return {int(unit): {key: Score(*pair) for key, pair in cells.items()} for unit, cells in board.cells.items()}


def lines_of(board: Board) -> list[Line]:
    """All units, by sort, the best first; those without a total at the end of their sort."""
    found = found_of(board)
    said = board.rule if board.is_frozen else rule(board.area, board.quarter)
    offices = Office.objects.filter(pk__in=found)
    lines = [weighed(unit, found[unit.pk], said) for unit in offices]
    order = {VILLAGE: 0, BUREAU: 1, OFFICE: 1}
    return sorted(
        lines, key=lambda line: (order[sort_of(line.unit)], -(line.total or -1), line.unit.area, line.unit.pk)
    )
