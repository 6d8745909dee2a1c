"""What risk shows elsewhere: the tab of a file, the printed table, and the visits that have come due."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from typing import Any

from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from sanxiao.archive.models import Establishment
from sanxiao.archive.rules import GRADES
from sanxiao.docket.clock import add_months
from sanxiao.docket.rooms import Panel
from sanxiao.office.duties import may_read
from sanxiao.office.now import today
from sanxiao.risk import ranks
from sanxiao.risk.book import Book
from sanxiao.risk.grade import graded
from sanxiao.risk.keep import visit_by
from sanxiao.risk.known import Known, known
from sanxiao.risk.weights import weighed

QUARTERS_SHOWN = 8


def panels(file: Establishment, user: Any) -> Iterator[Panel]:
    """The tab 风险; worked out when it is open."""
    if may_read(user, "file"):
        yield Panel("risk", _("风险"), "risk/_grade.html", {"of": SimpleLazyObject(partial(shown, file))}, order=25)


def shown(file: Establishment) -> dict[str, Any]:
    """Grade, reasons, weight, next visit, and how the grade was at the ends of the quarters before."""
    on = today()
    one = next(known([file], on), None)
    grade = graded(one, Book(on), on) if one else None
    if one is None or grade is None:
        return {"grade": None}
    return {
        "grade": grade, "row": row_of(grade.letter), "weight": weighed(one, Book(on), on),
        "visit": one.last("visit"), "visit_by": visit_by(one.last("visit"), one.since, grade.per_year)
        if file.is_trading else None, "before": list(_before(one, on)),
        "rank": ranks.standing(on).filter(file=file).first(),
    }  # fmt: skip


def row_of(letter: str) -> Any:
    """Name and tone of a letter."""
    return next(row for row in GRADES if row.key == letter)


def _before(file: Known, on: date) -> Iterator[dict[str, Any]]:
    """The grade at the end of each quarter since the file was opened, by the settings of that day, newest first.

    The facts are there already: each day costs one query for its settings.
    """
    last = date(on.year, (on.month - 1) // 3 * 3 + 1, 1)
    for back in range(QUARTERS_SHOWN):
        day = add_months(last, -3 * back) - timedelta(days=1)
        if day < file.since:
            return
        facts = tuple(fact for fact in file.facts if fact.on <= day)
        then = replace(file, facts=facts)
        if grade := graded(then, Book(day), day):
            yield {"on": day, "grade": grade, "row": row_of(grade.letter)}


def print_tables(file: Establishment, user: Any) -> Iterator[dict[str, Any]]:
    """The grade on paper: each part with its reason and points."""
    on = today()
    one = next(known([file], on), None) if may_read(user, "file") else None
    grade = graded(one, Book(on), on) if one else None
    heads = ((_("项目"), "text"), (_("依据"), "text"), (_("得分"), "decimal"), (_("满分"), "decimal"))
    if grade:
        yield {
            "title": _("风险等级 %(letter)s（%(points)g 分）") % vars(grade),
            "columns": [{"label": label, "kind": kind} for label, kind in heads],
            "rows": [
                *([part.name, part.words, part.points, part.most] for part in grade.parts),
                *([_("说明"), words, None, None] for words in (*grade.raised, grade.visits)),
            ],
        }
