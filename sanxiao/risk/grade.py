"""The risk grade A to D: static 40 + dynamic 60, raises, direct D, with every point in words.

All numbers are dated settings of the town (`grade.*` of rules.toml). An answer that is missing is neither good
nor bad: its factor counts the setting's middle value and says so. As of any day: what became known later does
not count, so that a past grade can be told again; answers of the survey count as they stand.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sanxiao.docket.clock import add_months
from sanxiao.office.now import today
from sanxiao.risk.book import Book, first, holds
from sanxiao.risk.known import Known, counted, known

LETTERS = ("A", "B", "C", "D")
ADDED = (
    ("sample_failed", gettext_lazy("抽检不合格")),
    ("penalty", gettext_lazy("行政处罚")),
    ("complaint", gettext_lazy("投诉举报")),
    ("late", gettext_lazy("逾期未改")),
)


@dataclass(frozen=True)
class Part:
    """One part of the points: what it is, why it is so, how many of how many."""

    name: str
    words: str
    points: float
    most: float

    def __str__(self) -> str:
        return _("%(name)s：%(words)s（%(points)g 分）") % vars(self)


@dataclass(frozen=True)
class Grade:
    """A grade with its reasons. `points` = static + dynamic, 0–100, higher is worse; `per_year` visits at least.

    `raised`: why the letter is worse than the points alone would make it.
    """

    letter: str
    points: float
    static: float
    dynamic: float
    per_year: float
    parts: tuple[Part, ...]
    raised: tuple[str, ...]
    visits: str  # why so many visits a year

    @property
    def reasons(self) -> tuple[str, ...]:
        """Every reason in words; made when asked for, for a night that keeps ten thousand grades asks for none."""
        return (*map(str, self.parts), *self.raised, self.visits)


def grades(files: Any, on: date | None = None) -> dict[UUID, Grade]:
    """Grades of files (a queryset, files or keys) as of a day, by key; none where the town has no bands then."""
    on = on or today()
    book = Book(on)
    found = {each.pk: graded(each, book, on) for each in known(files, on)}
    return {key: grade for key, grade in found.items() if grade}


def graded(file: Known, book: Book, on: date) -> Grade | None:
    """The grade of one file as it is known."""
    bands = book.of("grade.bands", file.area)
    if not bands:
        return None
    static, dynamic = list(_static(file, book)), list(_dynamic(file, book, on))
    sums = [round(sum(part.points for part in parts), 1) for parts in (static, dynamic)]
    sums[1] = min(sums[1], _of(book, file).get("most", 60))
    points = round(min(sum(sums), 100), 1)
    letter, raised = _raised(_letter(points, bands), file, book, on)
    per_year, why = _visits(letter, file, book)
    return Grade(letter, points, sums[0], sums[1], per_year, (*static, *dynamic), tuple(raised), why)


def _letter(points: float, bands: dict[str, float]) -> str:
    """The best grade whose upper limit is not passed."""
    return next((letter for letter in LETTERS if points <= bands.get(letter, 100)), LETTERS[-1])


def _static(file: Known, book: Book) -> Iterator[Part]:
    """Points of the kind of business: one part for each factor of the settings."""
    for key in book.factors:
        factor = book.of(key, file.area)
        if factor is None:
            continue
        row = first(factor["rows"], file.kind, file.answers)
        words, points = (book.said(row), row["points"]) if row else (_("没有登记，按中间值计"), factor["unknown"])
        yield Part(book.said(factor, "name"), words, points, factor["most"])


def _of(book: Book, file: Known) -> dict[str, Any]:
    return book.of("grade.dynamic", file.area, {})


def _dynamic(file: Known, book: Book, on: date) -> Iterator[Part]:
    """Points of how it is run: the last checklist (or what the survey saw), then what happened in the last months."""
    how = _of(book, file)
    if not how:
        return
    score, words = _score(file, book)
    yield Part(_("检查情况"), words, round(how["share"] * (100 - score), 1), round(how["share"] * 100, 1))
    since = add_months(on, -how["months"])
    for kind, name in ADDED:
        each = how["adds"].get(kind, 0)
        if each and (facts := file.of(kind, since)):
            yield Part(str(name), counted(facts), each * len(facts), how["most"])


def _score(file: Known, book: Book) -> tuple[float, str]:
    """The last checklist's score; before the first visit what the survey saw makes one."""
    if visit := file.last("visit"):
        words = _("%(day)s 检查得 %(score)g 分") % {"day": visit.on, "score": visit.value}
        return visit.value, words
    assumed = book.of("grade.unvisited", file.area, {"score": 50, "rows": []})
    seen = [row for row in assumed["rows"] if holds(row["when"], file.answers)]
    score = max(0, assumed["score"] - sum(row["points"] for row in seen))
    if not seen:
        return score, _("还没有检查，按摸底情况估 %(score)g 分") % {"score": score}
    why = _("、").join(map(book.said, seen))
    return score, _("还没有检查，按摸底情况估 %(score)g 分：%(why)s") % {"score": score, "why": why}


def _raised(letter: str, file: Known, book: Book, on: date) -> tuple[str, list[str]]:
    """The letter after raises, and why."""
    direct = book.of("grade.direct_d", file.area, {"months": 12, "counts": {}})
    since = add_months(on, -direct["months"])
    for kind, least in direct["counts"].items():
        facts = file.of(kind, since)
        if len(facts) >= least:
            return "D", [_("直接定为D级：%(why)s") % {"why": f"{_name(kind)} {counted(facts)}"}]
    rule = book.of("grade.raise", file.area, {"months": 12, "kinds": []})
    since = add_months(on, -rule["months"])
    facts = [fact for kind in rule["kinds"] for fact in file.of(kind, since)]
    if facts and letter != "D":
        why = _("、").join(f"{_name(fact.kind)} {counted([fact])}" for fact in facts)
        return LETTERS[LETTERS.index(letter) + 1], [
            _("由%(letter)s级升高一级：%(why)s") % {"letter": letter, "why": why}
        ]
    return letter, []


def _name(kind: str) -> str:
    return str({**dict(ADDED), "crime": _("涉嫌犯罪")}.get(kind, kind))


def _visits(letter: str, file: Known, book: Book) -> tuple[float, str]:
    """How often it is to be visited in a year, at least, and by what."""
    times = book.of("grade.visits", file.area, {}).get(letter, 1)
    row = first(book.of("grade.visits_min", file.area, []), file.kind, file.answers)
    if row and row["times"] > times:
        return row["times"], book.said(row)
    return times, _("%(letter)s级，每年至少检查%(times)g次") % {"letter": letter, "times": times}
