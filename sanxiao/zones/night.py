"""The night watch of zones: who is silent is reminded before his days are over; papers and contracts that end soon."""

from datetime import timedelta
from typing import Any

from django.db.models import Q

from sanxiao.docket import clock, flow
from sanxiao.docket.models import Rule, the_calendar
from sanxiao.office.now import today
from sanxiao.zones.models import Entrant, Opinion, Step
from sanxiao.zones.rules import HERE

WARN = 60  # days, where the town's rules say nothing (zone.warn_days)


def warn_by() -> Any:
    """Papers that end by this day end soon."""
    return today() + timedelta(days=int(Rule.objects.value("zone.warn_days", on=today(), default=WARN)))


def ending(rows: Any) -> Any:
    """Steps whose paper ends soon, or has ended."""
    return rows.filter(Q(state="expired") | Q(state="done", valid_until__lte=warn_by()))


def ending_contracts(rows: Any) -> Any:
    """Entrants whose contract ends soon, or has ended."""
    return rows.filter(state__in=HERE, contract_to__lte=warn_by())


def night() -> str:
    """Returns words for the log. Safe to run twice."""
    tomorrow = clock.due(today(), 1, "wd", the_calendar()).on
    silent = Opinion.objects.filter(state="asked", due_on__lte=tomorrow, reminded_on__isnull=True)
    papers = ending(
        Step.objects.filter(warned_on__isnull=True, state="done").exclude(zone__state__in=("dropped", "shut"))
    )
    contracts = ending_contracts(Entrant.objects.filter(warned_on__isnull=True))
    counts = [_move(silent.select_related("step__zone"), "remind"), _move(papers.select_related("zone"), "warn"),
              _move(contracts.select_related("zone", "place"), "warn")]  # fmt: skip
    return f"reminded {counts[0]}, papers {counts[1]}, contracts {counts[2]}"


def _move(rows: Any, name: str) -> int:
    held = list(rows)
    for row in held:
        flow.move(row, name, None)
    return len(held)
