"""When the facts of a case are a suspected crime by themselves, so that the police must be asked (行刑衔接).

Non-edible substances in food are a crime without any threshold (刑法 art. 144, domain.md 5): a failed sample of that
type, or a clause whose dated row names a crime.
"""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from sanxiao.enforcement.models import Case
from sanxiao.enforcement.rules import LIVE
from sanxiao.sampling.models import Sample

POISON = "144"


def suspected(case: Case) -> str:
    """The crime (key of CRIMES) that the facts of a case are by themselves; '' where none is."""
    return _crime(case, _poisoned([case]))


def unasked(user: Any) -> list[Case]:
    """Cases on one's ground that want a hand-over and have none. Two queries."""
    return unasked_of(Case.objects.seen_by(user))


def unasked_of(cases: QuerySet[Case]) -> list[Case]:
    """Those among these cases, the oldest first."""
    rows = list(cases.filter(state__in=LIVE, transfers__isnull=True).order_by("created_at"))
    poisoned = _poisoned(rows)
    return [case for case in rows if _crime(case, poisoned)]


def _crime(case: Case, poisoned: set[UUID]) -> str:
    named = next((str(row["crime"]) for row in case.clauses if row.get("crime")), "")
    return named or (POISON if case.origin_pk in poisoned else "")


def _poisoned(cases: Iterable[Case]) -> set[UUID]:
    """The samples among the sources of these cases in which something was found that is no food."""
    keys = [case.origin_pk for case in cases if case.origin_kind == Sample.flow.key]
    return set(Sample.objects.filter(pk__in=keys, illegal=True).values_list("pk", flat=True)) if keys else set()
