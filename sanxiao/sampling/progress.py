"""How far a plan is, line by line: drawn, sampled, reported, failed; each number with the list behind it."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count
from django.urls import reverse
from django.utils.http import urlencode

from sanxiao.office.places import names_of
from sanxiao.sampling.lists import GIVEN_UP, REPORTED, words_of
from sanxiao.sampling.plan_models import Plan, Quota
from sanxiao.sampling.rules import FAILED

SHOWN = ("drawn", "taken", "reported", "failed")


@dataclass(frozen=True)
class Line:
    """One quota, or the whole plan: what was meant and what came of it."""

    label: str
    where: str
    wanted: int
    counts: dict[str, int]
    urls: dict[str, str]

    @property
    def share(self) -> int:
        """Lots taken of those meant, in per cent, at most a hundred."""
        return min(100, round(100 * self.counts["taken"] / self.wanted)) if self.wanted else 0

    @property
    def rate(self) -> float | None:
        """Share of the reported lots that passed, in per cent; None before the first report."""
        done = self.counts["reported"]
        return round(100 * (done - self.counts["failed"]) / done, 1) if done else None

    @property
    def cells(self) -> list[dict[str, Any]]:
        """The numbers in their order, each with its address."""
        return [{"n": self.counts[key], "url": self.urls[key]} for key in SHOWN]


def stages(states: dict[str, int]) -> dict[str, int]:
    """Lots by stage out of lots by state."""
    held = Counter(states)
    drawn = sum(n for state, n in held.items() if state not in GIVEN_UP)
    return {
        "drawn": drawn, "taken": drawn - held["drawn"], "reported": sum(held[state] for state in REPORTED),
        "failed": sum(held[state] for state in FAILED),
    }  # fmt: skip


def lines_of(plan: Plan) -> tuple[list[Line], Line, int]:
    """The lines of a plan, their sum, and how many lots were aimed beside them; three queries."""
    quotas: Iterable[Quota] = list(plan.quotas.select_related("kind"))
    counted: dict[Any, Counter[str]] = {}
    aimed: Counter[str] = Counter()
    for row in plan.samples.order_by().values("quota", "origin", "state").annotate(n=Count("pk")):
        held = counted.setdefault(row["quota"], Counter()) if row["quota"] else aimed
        held[row["state"]] += row["n"] if row["quota"] or row["origin"] == "target" else 0
    names = names_of({q.village for q in quotas if q.village})
    lines = [
        Line(words_of(q), names.get(q.village, ""), q.count, stages(counted.get(q.pk, Counter())), _urls(plan, q))
        for q in quotas
    ]
    whole: Counter[str] = sum(counted.values(), Counter())
    total = Line("", "", sum(q.count for q in quotas), stages(whole), _urls(plan))
    return lines, total, stages(aimed)["drawn"]


def _urls(plan: Plan, quota: Quota | None = None) -> dict[str, str]:
    base = {"plan": str(plan.pk), **({"quota": str(quota.pk)} if quota else {"origin": "draw"})}
    return {key: f"{reverse('samples')}?{urlencode({**base, 'stage': key})}" for key in SHOWN}
