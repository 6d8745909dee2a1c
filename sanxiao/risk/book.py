"""The settings of grade and draw as they hold on a day, read in one query for any number of files."""

from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from django.db.models import Q

from sanxiao.archive import expressions
from sanxiao.archive.answers import is_english
from sanxiao.docket.models import Rule
from sanxiao.office.models import prefix_of

WIDTHS = (12, 9, 6, 4, 2)  # of the prefixes of an area, the nearest first


class Book:
    """Rules `grade.*` and `draw.*` of one day; `of(key, area)` gives the nearest row's value."""

    def __init__(self, on: date) -> None:
        rows = Rule.objects.on(on).filter(Q(key__startswith="grade.") | Q(key__startswith="draw.")).order_by("since")
        self.rows = {(row.key, row.area): row.value for row in rows}
        self.english = is_english()
        self.factors = sorted({key for key, _area in self.rows if key.startswith("grade.static.")}, key=_place)

    def of(self, key: str, area: str, default: Any = None) -> Any:
        """The value for an area; `default` where no row says anything."""
        above = prefix_of(area)
        for width in WIDTHS:
            if (found := self.rows.get((key, above[:width].ljust(12, "0")))) is not None:
                return found
        return default

    def said(self, row: Mapping[str, Any], name: str = "text") -> str:
        """A row's words in the language in which the book was opened."""
        english = row.get(f"{name}_en") if self.english else ""
        return str(english or row[name])


def _place(key: str) -> tuple[int, str]:
    """The order in which the domain names the factors; those that a town adds come last."""
    named = ("food", "area", "workers", "buyers", "shelf", "additives")
    last = key.rsplit(".", 1)[-1]
    return (named.index(last) if last in named else len(named), last)


def first(rows: Iterable[Mapping[str, Any]], kind: str, answers: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The first row of this kind whose condition holds."""
    return next((row for row in rows if row.get("kind", "*") in ("*", kind) and holds(row["when"], answers)), None)


def holds(when: str, answers: Mapping[str, Any]) -> bool:
    """Does a condition hold? Few answers differ in what it asks, so each combination is worked out once."""
    return _holds(when, tuple([expressions.as_text(answers.get(name)) for name in _asked(when)]))


@lru_cache(maxsize=2000)
def _asked(when: str) -> tuple[str, ...]:
    return tuple(sorted(expressions.compiled(when)[1]))


@lru_cache(maxsize=50_000)
def _holds(when: str, said: tuple[str, ...]) -> bool:
    return expressions.is_true(when, dict(zip(_asked(when), said, strict=True)))
