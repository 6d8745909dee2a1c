"""应查: when a place is to be inspected next, by its risk grade, with the reasons. Counted anew every night.

It needs no campaign: as long as the night watch runs, every trading place has its next date.
"""

from collections.abc import Iterable
from datetime import date, datetime, time
from uuid import UUID

from django.db.models import Max, QuerySet
from django.utils import timezone
from django.utils.translation import override

from sanxiao.archive.models import Establishment
from sanxiao.docket.clock import add_months
from sanxiao.docket.models import Event, Rule
from sanxiao.docket.rooms import Fact
from sanxiao.inspection.late import late_facts
from sanxiao.inspection.visit_models import Due, Visit
from sanxiao.office.now import today
from sanxiao.risk import grade as risk

LONGEST = 24  # months between two full visits, where the town's rules say nothing (visit.full_months)
CHUNK = 1000


def next_on(last: date, per_year: float, longest: int) -> date:
    """The next date: the year divided by how often, and never longer than the law's two years."""
    months = min(round(12 / per_year) if per_year else longest, longest)
    return add_months(last, months)


def recount(on: date | None = None) -> int:
    """Count the next date of every trading place whose facts may have changed; returns how many were counted.

    Those are: places without one, places with something in the log since the last count, and places last counted a
    month ago, for what counts against them grows old by itself.
    """
    on = on or today()
    files = Establishment.objects.trading()
    Due.objects.exclude(file__in=files.values("pk")).delete()
    held = dict(Due.objects.values_list("file", "counted_on"))
    moved, stale = _moved(max(held.values(), default=None)), add_months(on, -1)
    trading = files.order_by("pk").values_list("pk", flat=True)
    keys = [key for key in trading if key in moved or held.get(key, date.min) <= stale]
    for at in range(0, len(keys), CHUNK):
        _recount(keys[at : at + CHUNK], on)
    return len(keys)


def _moved(since: date | None) -> set[UUID]:
    """Files with something entered in the log from a day on; none are asked for before the first count."""
    if since is None:
        return set()
    rows = Event.objects.filter(at__gte=timezone.make_aware(datetime.combine(since, time.min)), file__isnull=False)
    return set(rows.order_by().values_list("file", flat=True).distinct())


def _recount(keys: list[UUID], on: date) -> None:
    rows = Establishment.objects.filter(pk__in=keys).only("pk", "area", "officer", "created_at", "rule_on")
    last = last_full(keys)
    told: dict[str, dict[UUID, list[str]]] = {}
    for language in ("en", "zh-hans"):
        with override(language):  # a reason gets its words when it is said, so it is said in here
            grades = risk.grades(keys, on)
            told[language] = {key: _reasons(grade) for key, grade in grades.items()}
    longest = Rule.objects.value("visit.full_months", "", on, LONGEST)
    made = []
    for file in rows:
        grade = grades.get(file.pk)
        if grade is None:
            continue
        began = last.get(file.pk) or file.rule_on
        made.append(
            Due(
                file=file, area=file.area, officer_id=file.officer_id, last_on=last.get(file.pk), letter=grade.letter,
                points=grade.points, per_year=grade.per_year, due_on=next_on(began, grade.per_year, longest),
                counted_on=on, reasons={language: found[file.pk] for language, found in told.items()},
            )
        )  # fmt: skip
    columns = ("area", "officer", "last_on", "letter", "points", "per_year", "due_on", "reasons", "counted_on")
    Due.objects.bulk_create(made, update_conflicts=True, unique_fields=("file",), update_fields=columns)


def _reasons(grade: risk.Grade) -> list[str]:
    """Why it is so, what weighs most first; last how often it is to be visited."""
    parts = sorted(grade.parts, key=lambda part: -part.points)
    return [*map(str, parts), *grade.raised, grade.visits]


def last_full(keys: Iterable[UUID]) -> dict[UUID, date]:
    """The day of the last visit by the whole checklist, of files and those merged into them; two queries."""
    merged = dict(Establishment.objects.filter(merged_into__in=list(keys)).values_list("pk", "merged_into"))
    rows = full().filter(file__in=[*keys, *merged]).order_by().values_list("file").annotate(Max("done_on"))
    found: dict[UUID, date] = {}
    for key, day in rows:
        whole = merged.get(key, key)
        found[whole] = max(day, found.get(whole, day))
    return found


def full() -> QuerySet[Visit]:
    """Visits by the whole checklist: a flying one looks at some items only."""
    return Visit.objects.judged().exclude(kind="flying")


def visited(visit: Visit) -> None:
    """A full visit was made: its place's next date moves on at once, by the grade of last night."""
    if visit.kind == "flying" or visit.done_on is None:
        return
    if due := Due.objects.filter(file=visit.file.standing).first():
        due.last_on = max(visit.done_on, due.last_on or visit.done_on)
        longest = Rule.objects.value("visit.full_months", visit.area, today(), LONGEST)
        due.due_on = next_on(due.last_on, due.per_year, longest)
        due.save(update_fields=["last_on", "due_on"])


def risk_facts(files: list[UUID], on: date) -> dict[UUID, list[Fact]]:
    """What counts for the grade: demands that were not met in time, and scores of full visits."""
    found = late_facts(files, on)
    scores = full().filter(file__in=files, done_on__lte=on).values_list("file", "done_on", "score")
    for key, day, score in scores:
        assert day is not None and score is not None  # by the filters of `full`
        found.setdefault(key, []).append(Fact("visit", day, score))
    return found
