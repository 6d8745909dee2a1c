"""What the moves of a report do: freezing at submission; and the opening of a quarter by the program."""

import hashlib
import json
from typing import Any

from django.utils.translation import gettext as _

from sanxiao.campaign.models import Phase
from sanxiao.docket import clock, flow
from sanxiao.docket.models import Event, Rule, the_calendar
from sanxiao.office.duties import DUTIES, LEADS
from sanxiao.office.models import Office, User
from sanxiao.office.now import now, today
from sanxiao.reports import concerns
from sanxiao.reports.checks import failing, kept
from sanxiao.reports.columns import Rate, Told
from sanxiao.reports.models import NARRATIVE, FrozenList, Report, Version
from sanxiao.reports.quarters import Quarter, last_ended
from sanxiao.reports.rules import REPORT, TOWN, UNIT
from sanxiao.reports.subject import counted_now, subject_of

TERM = "term.QTR_REPORT"
TOWN_WRITER = "bureau"  # 六（一）: the leading group's office sits in the bureau's branch


@REPORT.predicate("written")
def written(report: Report, _facts: dict[str, Any]) -> bool:
    """The one section that no report may lack."""
    return bool(report.progress.strip())


@REPORT.predicate("explained")
def explained(report: Report, _facts: dict[str, Any]) -> bool:
    """Numbers that contradict each other go with an explanation, or not at all."""
    return bool(report.explanation.strip()) or not failing(subject_of(report))


@REPORT.effect("submit")
def freeze(report: Report, by: User, _facts: dict[str, Any]) -> None:
    """Keep figures, lists, checks and words as they are now. Raises Refused when a list is not its number."""
    concerns.raise_from(report, by)
    subject = counted_now(report)
    held = {
        f"{column.key}.{span}|{area}|{kind}": items
        for column in subject.columns.values()
        if not isinstance(column.how, (Rate, Told))
        for span in column.spans
        for (area, kind), items in subject.lists(column, span).items()
        if items.events or items.files
    }
    cells = subject.figures.packed()
    told = tuple(f"{column.key}." for column in subject.columns.values() if isinstance(column.how, Told))
    listed = {cell for cell in cells if not told or not cell.startswith(told)}
    wrong = [cell for cell in {*listed, *held} if cells.get(cell, 0) != (held[cell].total if cell in held else 0)]
    if wrong:
        words = {"cells": "、".join(sorted(wrong)[:5])}
        raise flow.Refused(_("数字与名单不符，请联系系统管理员：%(cells)s") % words, code="guard")
    lists = {cell: items.packed() for cell, items in held.items()}
    version = Version.objects.create(
        report=report, serial=report.versions.count() + 1, cells=cells, words=_words(report),
        checks=kept(subject), reason=_reason(report), late=today() > report.due_by,
        digest=_digest(cells, lists), concerns=concerns.packed(report), by=by, on=today(), at=now(),
    )  # fmt: skip
    FrozenList.objects.bulk_create(
        [FrozenList(version=version, cell=cell, items=items) for cell, items in lists.items()], batch_size=200
    )
    report._latest = version


def _words(report: Report) -> dict[str, str]:
    return {name: getattr(report, name) for name in (*NARRATIVE, "explanation")}


def _reason(report: Report) -> str:
    """Why an accepted report is corrected; empty for a first submission and after a return."""
    last = Event.objects.of(report).filter(move__in=("accept", "correct")).first()
    return last.facts.get("reason", "") if last and last.move == "correct" else ""


def _digest(cells: dict[str, int], lists: dict[str, Any]) -> str:
    told = json.dumps([cells, lists], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(told.encode()).hexdigest()


def writers(quarter: Quarter) -> list[Office]:
    """Offices that owe a report: those that stand on the quarter's last day and write by the matrix."""
    return list(Office.objects.on(quarter.until).filter(role__in=DUTIES["report.write"].roles(LEADS)))


def due_by(area: str, quarter: Quarter) -> Any:
    """The day by which the report must be in: counted from the quarter's last day (one date only)."""
    row = Rule.objects.at(TERM, area, quarter.until)
    if row is None:
        raise LookupError(f"rules of the town: {TERM} is missing")
    return clock.due(quarter.until, row.value["length"], row.unit, the_calendar()).on


def open_quarter(quarter: Quarter) -> int:
    """Open the reports of all units on a quarter, and the town's; what is open already is left alone."""
    there = set(Report.objects.of(quarter).values_list("unit", "scope"))
    due = [
        (office, scope) for office in writers(quarter) for scope in _scopes(office) if (office.pk, scope) not in there
    ]
    for office, scope in due:
        _open(office, quarter, scope)
    return len(due)


def _scopes(office: Office) -> tuple[str, ...]:
    return (UNIT, TOWN) if office.role == TOWN_WRITER else (UNIT,)


def _open(office: Office, quarter: Quarter, scope: str) -> None:
    known = {"unit": office, "scope": scope, "year": quarter.year, "no": quarter.no}
    receives = DUTIES["report.accept"].roles(LEADS)
    gate = "adopt" if scope == TOWN or office.role in receives else "accept"
    report = Report(area=office.area, due_by=due_by(office.area, quarter), gate=gate, rule_on=quarter.until, **known)
    flow.move(report, "open", None)


def open_due() -> str:
    """The night watch's part: every quarter that has ended since the last one opened; safe to run twice.

    In a town where none was ever opened it begins with the quarter that ended last: nobody owes a
    report on years before the program came (`open_reports` can open one by name), and no report on a
    quarter that was over before the plan's first day.
    """
    first = Phase.objects.order_by("since").first()
    if first is None:
        return "no plan loaded"
    last = Report.objects.order_by("-year", "-no").values_list("year", "no").first()
    ended = last_ended(today())
    quarter = max(Quarter(*last) if last else ended, Quarter.of(first.since))
    opened = 0
    while quarter <= ended:
        opened += open_quarter(quarter)
        quarter = quarter.next
    return f"opened {opened} reports"
