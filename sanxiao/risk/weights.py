"""The weight of a file in a risk-weighted draw, each factor in words: who asks why he was drawn is told.

weight = base(kind, food) × (1 + grade) × (1 + 0.5·failed samples) × (1 + 0.3·complaints) × (1 + months since the last
sample ÷ 12), capped. The numbers are dated settings (`draw.base`, `draw.weight`). Where a model has ranked the places
there is one more factor: up to half more for the first of the order, hardly anything for the last.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from sanxiao.docket.clock import add_months
from sanxiao.office.now import today
from sanxiao.risk.book import Book, first
from sanxiao.risk.grade import graded
from sanxiao.risk.known import Known, known
from sanxiao.risk.ranks import KIND

MONTH = 365.25 / 12


@dataclass(frozen=True)
class Weight:
    """A weight above zero, rounded so that a draw can be repeated anywhere, and its factors in words."""

    value: float
    reasons: tuple[str, ...]


def weights(files: Any, on: date | None = None) -> dict[UUID, Weight]:
    """Weights of files (a queryset, files or keys) as of a day, by key; a fixed number of queries."""
    on = on or today()
    book = Book(on)
    return {file.pk: weighed(file, book, on) for file in known(files, on)}


def weighed(file: Known, book: Book, on: date) -> Weight:
    """The weight of one file as it is known. Where the town has no formula, all weigh alike."""
    how = book.of("draw.weight", file.area)
    if not how:
        return Weight(1.0, (_("没有设定权重，一律为1"),))
    factors = [_base(file, book), _grade(file, book, how, on), *_counts(file, how, on), _months(file, how, on),
               _rank(file, how)]  # fmt: skip
    value = 1.0
    for factor, _words in factors:
        value *= factor
    reasons = [words for factor, words in factors if factor != 1]
    if value > how["cap"]:
        value = how["cap"]
        reasons.append(_("封顶 %(cap)g") % {"cap": value})
    return Weight(round(value, 4), tuple(reasons) or (factors[0][1],))


def _base(file: Known, book: Book) -> tuple[float, str]:
    row = first(book.of("draw.base", file.area, []), file.kind, file.answers)
    if row is None:
        return 1.0, _("基数 1")
    return row["value"], _("基数 %(value)g：%(why)s") % {"value": row["value"], "why": book.said(row)}


def _grade(file: Known, book: Book, how: dict[str, Any], on: date) -> tuple[float, str]:
    grade = graded(file, book, on)
    if grade is None:
        return 1.0, ""
    factor = 1 + how["grade"].get(grade.letter, 0)
    return factor, _("风险等级 %(letter)s：× %(factor)g") % {"letter": grade.letter, "factor": factor}


def _counts(file: Known, how: dict[str, Any], on: date) -> list[tuple[float, str]]:
    since = add_months(on, -how["months"])
    fails, complaints = len(file.of("sample_failed", since)), len(file.of("complaint", since))
    said_of = ((how["fails"], fails, _("抽检不合格 %(n)d 次：× %(factor)g")),
               (how["complaints"], complaints, _("投诉举报 %(n)d 次：× %(factor)g")))  # fmt: skip
    return [(1 + each * n, words % {"n": n, "factor": 1 + each * n}) for each, n, words in said_of]


def _rank(file: Known, how: dict[str, Any]) -> tuple[float, str]:
    """The place in the order that the model made; a factor of one where there is none."""
    fact = file.last(KIND)
    if fact is None:
        return 1.0, ""
    factor = round(1 + how.get("rank", 0) * fact.value, 4)
    return factor, _("预测排序%(place)s：× %(factor)g") % {"place": fact.words, "factor": factor}


def _months(file: Known, how: dict[str, Any], on: date) -> tuple[float, str]:
    taken = file.last("sampled", "sample_failed")
    if taken is None:
        factor = 1 + how["never_months"] / how["interval"]
        return factor, _("从未抽检：× %(factor)g") % {"factor": factor}
    months = min(round((on - taken.on).days / MONTH, 1), how["most_months"])
    factor = round(1 + months / how["interval"], 4)
    return factor, _("距上次抽检 %(months)g 个月：× %(factor)g") % {"months": months, "factor": factor}
