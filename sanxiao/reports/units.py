"""Who owes a report, and whether it came in time (N1): one date only, the day by which it is due."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Min, QuerySet
from django.utils.translation import gettext_lazy as _

from sanxiao.docket.tables import State
from sanxiao.office.models import Area, Office
from sanxiao.office.now import today
from sanxiao.reports.models import Report
from sanxiao.reports.quarters import Quarter
from sanxiao.reports.rules import TOWN

EXEMPT = State("exempt", _("免报"), "grey")
UNOPENED = State("unopened", _("未开始"), "grey")
PUNCTUALITY = {
    "on_time": State("on_time", _("按时"), "green"),
    "late": State("late", _("迟报"), "amber"),
    "due": State("due", _("待报"), "blue"),
    "missing": State("missing", _("缺报"), "red"),
}


@dataclass(frozen=True)
class Duty:
    """One unit's duty to report on one quarter."""

    unit: Office
    quarter: Quarter
    report: Report | None
    state: State

    @property
    def name(self) -> str:
        """The unit, or the town."""
        return self.report.who if self.report else str(self.unit)


def with_first(rows: QuerySet[Report]) -> QuerySet[Report]:
    """Reports with `first_on`, the day on which the first version came."""
    return rows.select_related("unit").annotate(first_on=Min("versions__on"))


def punctuality(report: Any, day: date) -> State:
    """On time, late, due or missing; by the first version that came, whatever was returned or corrected since."""
    if report.first_on:
        return PUNCTUALITY["late" if report.first_on > report.due_by else "on_time"]
    return PUNCTUALITY["missing" if day > report.due_by else "due"]


def duties(
    reports: Iterable[Report], offices: Iterable[Office], quarters: Iterable[Quarter]
) -> dict[Quarter, list[Duty]]:
    """Every unit in every quarter: its report, or why there is none. The town's own stands first."""
    known: dict[tuple[int, Quarter], list[Report]] = {}
    for report in reports:
        known.setdefault((report.unit_id, report.quarter), []).append(report)
    day = today()
    found: dict[Quarter, list[Duty]] = {}
    for quarter in quarters:
        rows = []
        for office in offices:
            its = known.get((office.pk, quarter), [])
            rows += [Duty(office, quarter, report, punctuality(report, day)) for report in its]
            if not its:
                stands = office.since <= quarter.until and (office.until is None or office.until >= quarter.until)
                rows.append(Duty(office, quarter, None, UNOPENED if stands else EXEMPT))
        found[quarter] = sorted(rows, key=_place)
    return found


def _place(duty: Duty) -> tuple[bool, bool]:
    """The town's own report first, who owes none last."""
    return duty.state == EXEMPT, not (duty.report and duty.report.scope == TOWN)


def villages(report: Report) -> list[str]:
    """Codes of the villages and committees of the report's ground on the quarter's last day."""
    rows = Area.objects.on(report.quarter.until).filter(level__in=("village", "community"))
    return list(rows.filter(code__startswith=report.area[:9]).values_list("code", flat=True))
