"""The same problem again: at the same place, or at another place of the same operator. Recognised and counted.

A problem is the same when its code is (the town's list of usual problems), or, written by hand, its very words. What
was taken back with its order does not count. Two files that were merged are one place.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from sanxiao.archive.models import Establishment
from sanxiao.inspection.models import Order, Problem


@dataclass(frozen=True)
class Before:
    """Once that the problem was found earlier: when, by which order, at which place, and what became of it."""

    on: date
    number: str
    order: UUID
    here: bool
    place: str
    state: str


@dataclass(frozen=True)
class Again:
    """A problem with its earlier times, oldest first; `times` counts this one too, at this place."""

    before: tuple[Before, ...]

    @property
    def here(self) -> tuple[Before, ...]:
        """Those at this very place."""
        return tuple(each for each in self.before if each.here)

    @property
    def times(self) -> int:
        """Which time it is at this place."""
        return len(self.here) + 1

    @property
    def words(self) -> str:
        """'第2次：2018-05-09 已责令改正（坛市监责改〔2018〕1号）'; the same operator elsewhere is told apart."""
        said = []
        if self.here:
            days = _("、").join(f"{each.on}{_('（')}{each.number}{_('）')}" for each in self.here)
            said.append(_("第%(n)d次：%(days)s 已责令改正") % {"n": self.times, "days": days})
        if other := [each for each in self.before if not each.here]:
            places = _("、").join(f"{each.place} {each.on}" for each in other)
            said.append(_("同一经营者在别处也有：%(places)s") % {"places": places})
        return _("；").join(said)


def key_of(problem: Any) -> str:
    """What makes a problem the same one."""
    return problem.code or f"={problem.text.strip()}"


def standing(rows: QuerySet[Problem] | None = None) -> QuerySet[Problem]:
    """Problems that count (of these rows, or of all)."""
    rows = Problem.objects.all() if rows is None else rows
    return rows.exclude(order__state="void").exclude(order__number="")


def _rows(file: Establishment, until: Order | None) -> list[Problem]:
    """Problems of a place and of the other places of its operator, oldest first, with their orders."""
    places, people = file.pks, [file.operator_id]
    rows = standing(Problem.objects.filter(Q(file__in=places) | Q(file__operator__in=people)))
    if until is not None:
        rows = rows.exclude(order=until.pk).filter(order__created_at__lt=until.created_at)
    return list(rows.select_related("order", "file").defer("file__facts", "file__search").order_by("order__created_at"))


def earlier(file: Establishment, until: Order | None = None) -> dict[str, Again]:
    """What was found before at a place and with its operator, by the key of the problem.

    `until`: only what was ordered before this order; None: everything until now.
    """
    found: dict[str, list[Before]] = defaultdict(list)
    places = set(file.pks)
    for row in _rows(file, until):
        order, here = row.order, row.file_id in places
        found[key_of(row)].append(
            Before(order.issued_on or order.found_on, order.number, order.pk, here, row.file.called, row.state)
        )
    return {key: Again(tuple(rows)) for key, rows in found.items()}


def lay_on(order: Order, problems: Iterable[Any]) -> None:
    """Every problem of an order with `repeat`: its earlier times, or None."""
    before = earlier(order.file, order)
    for problem in problems:
        problem.repeat = before.get(key_of(problem))


def of_file(file: Establishment) -> list[tuple[str, Again]]:
    """What was found at a place more than once, in words, with its times; the latest time is the last one."""
    names = {
        key_of(p): p.text for p in standing(Problem.objects.filter(file__in=file.pks)).order_by("order__created_at")
    }
    before = earlier(file)
    return [(names[key], again) for key, again in before.items() if len(again.here) > 1]


def counts(files: Iterable[Establishment]) -> dict[UUID, int]:
    """How often the same problem was found again at each of these places (0 is left out); for other rooms.

    Two orders that name the same problem count once, three twice. One query for any number of files.
    """
    wanted = {file.pk for file in files}
    rows = standing(Problem.objects.filter(Q(file__in=wanted) | Q(file__merged_into__in=wanted)))
    times: Counter[tuple[UUID, str]] = Counter()
    for place, code, text in rows.annotate(at=_place()).values_list("at", "code", "text"):
        times[place, code or f"={text.strip()}"] += 1
    again: Counter[UUID] = Counter()
    for (place, _key), n in times.items():
        if n > 1 and place in wanted:
            again[place] += n - 1
    return dict(again)


def _place() -> Coalesce:
    """The file that stands for a problem's place today."""
    return Coalesce("file__merged_into", "file")


def repeats(problems: QuerySet[Problem]) -> QuerySet[Problem]:
    """Those of the problems that were found at the same place before, with day and number of the time before."""
    same = standing().filter(order__created_at__lt=OuterRef("order__created_at"), code=OuterRef("code"))
    same = same.filter(~Q(code="") | Q(text=OuterRef("text")))
    # Each way to be the same place is asked by its own index: as one with "or" it would read all problems for each.
    ways = (
        same.filter(file=OuterRef("file")), same.filter(file=OuterRef("file__merged_into")),
        same.filter(file__merged_into=OuterRef("file")), same.filter(file__merged_into=OuterRef("file__merged_into")),
    )  # fmt: skip
    found = Q(pk__in=[])
    for way in ways:
        found |= Q(Exists(way))
    newest = [way.order_by("-order__created_at") for way in ways]
    return standing(problems).filter(found).annotate(
        before_on=Coalesce(*(Subquery(way.values("order__issued_on")[:1]) for way in newest)),
        before_no=Coalesce(*(Subquery(way.values("order__number")[:1]) for way in newest)),
    )  # fmt: skip


def figure(rows: QuerySet[Problem]) -> list[dict[str, Any]]:
    """How often each problem was found again, by village: lines of text, code, {area: n} and sum, the most first."""
    told: dict[str, dict[str, Any]] = {}
    for row in rows.order_by().values("code", "text", "area").annotate(n=Count("pk")):
        line = told.setdefault(row["code"] or f"={row['text']}", {"text": row["text"], "code": row["code"], "by": {}})
        line["by"][row["area"]] = line["by"].get(row["area"], 0) + row["n"]
    for line in told.values():
        line["sum"] = sum(line["by"].values())
    return sorted(told.values(), key=lambda line: (-line["sum"], line["text"]))
