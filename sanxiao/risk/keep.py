"""The grade as lists and the map need it: letter, points and the day of the next visit, kept in the file.

They are worked out anew every night, and at once by an act that changes what they rest on: an upper room calls
`refresh` in the effect of such a move. They are no fact of the file, so neither its version nor the log speaks
of them; what the page of a file shows is worked out as it is opened.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sanxiao.archive.models import Establishment
from sanxiao.office.now import today
from sanxiao.risk.book import Book
from sanxiao.risk.grade import graded
from sanxiao.risk.known import keys_of, known

CHUNK = 1000
KEPT = ("grade", "grade_points", "visit_by")


def refresh(files: Any, on: date | None = None) -> int:
    """Keep the grades of these files (a queryset, files or keys) as they are today; returns how many changed."""
    on = on or today()
    book, keys = Book(on), keys_of(files)
    given = {file.pk: file for file in files if isinstance(file, Establishment)} if isinstance(files, list) else {}
    return sum(_refresh(keys[n : n + CHUNK], given, book, on) for n in range(0, len(keys), CHUNK))


def _refresh(keys: list[UUID], given: dict[UUID, Establishment], book: Book, on: date) -> int:
    changed = list(_changed(keys, book, on))
    Establishment.objects.bulk_update(changed, KEPT, batch_size=250)
    for file in changed:  # who holds the file may save it again as a whole: the old grade must not come back
        if file.pk in given:
            given[file.pk].__dict__.update({name: getattr(file, name) for name in KEPT})
    return len(changed)


def _changed(keys: list[UUID], book: Book, on: date) -> Iterator[Establishment]:
    """The files whose grade is another than was kept, with the new one set."""
    for file in known(keys, on):
        grade, kept = graded(file, book, on), file.file
        due = visit_by(file.last("visit"), file.since, grade.per_year) if grade and kept.is_trading else None
        found = (grade.letter, grade.points, due) if grade else ("", 0, None)
        if found != tuple(getattr(kept, name) for name in KEPT):
            for name, value in zip(KEPT, found, strict=True):
                setattr(kept, name, value)
            yield kept


def visit_by(visit: Any, since: date, per_year: float) -> date:
    """The day by which a place is to be visited again: so many times a year, from its last visit or its file on."""
    return (visit.on if visit else since) + timedelta(days=round(365 / max(per_year, 0.1)))


def night() -> str:
    """All current files, whether trading or not; words for the log."""
    current = Establishment.objects.current()
    return f"grades changed: {refresh(current)}"
