"""Telling a history: what was done on which day, so that a past quarter has something to show."""

from datetime import date
from itertools import count
from typing import Any

from sanxiao.archive.models import Classification, Establishment, Merge
from sanxiao.docket import flow
from sanxiao.office.now import at
from sanxiao.reports.acts import open_quarter
from sanxiao.reports.models import Report
from sanxiao.reports.quarters import Quarter
from tests.cast import HOUYANG, JINCHENG, NANYAO, tofu_shop

Q2, Q3, Q4 = Quarter(2018, 2), Quarter(2018, 3), Quarter(2018, 4)
APRIL, JUNE_30, JULY_1 = date(2018, 4, 10), date(2018, 6, 30), date(2018, 7, 1)
_serial = count(1)


def shop(town: Any, day: date, kind: str = "workshop", area: str = HOUYANG, **changes: Any) -> Establishment:
    """A place filed on a day by the cadre of its village."""
    by = town.zhang if area == HOUYANG else town.li
    with at(day):
        return tofu_shop(by, kind_id=kind, area=area, name=f"第{next(_serial)}家", lat=None, lng=None, **changes)


def act(file: Any, move: str, by: Any, day: date, **facts: Any) -> Any:
    """One move of a matter on a day; the fresh object."""
    with at(day):
        fresh = type(file).objects.get(pk=file.pk)
        flow.move(fresh, move, by, within=True, **facts)
    return type(file).objects.get(pk=file.pk)


def close(town: Any, file: Establishment, day: date, how: str = "self") -> Establishment:
    """Closed for good, or banned."""
    return act(file, "close", town.chen, day, closing=how, reason="不再经营")


def transfer(town: Any, file: Establishment, day: date, area: str = NANYAO) -> Establishment:
    """Moved to another village."""
    return act(file, "transfer", town.zhou, day, new_area=area, address="新街1号", reason="搬家")


def classify(town: Any, file: Establishment, day: date, case: str, batch: str) -> Classification:
    """Proposed and decided on one day."""
    with at(day):
        row = Classification(file=file, area=file.area)
        flow.move(row, "propose", town.zhang, within=True, proposed_case=case, proposed_batch=batch)
        flow.move(row, "decide", town.chen, within=True, case=case, batch=batch)
    return row


def merge(town: Any, keep: Establishment, lose: Establishment, day: date) -> Merge:
    """Two files found to be one."""
    with at(day):
        two = Establishment.objects.in_bulk([keep.pk, lose.pk])
        row = Merge(survivor=two[keep.pk], absorbed=two[lose.pk], area=keep.area)
        flow.move(row, "merge", town.zhou, reason="同一户")
    return row


def opened(quarter: Quarter, area: str = HOUYANG, role: str = "village", scope: str = "unit") -> Report:
    """The quarter's reports are opened on its last day; this is one of them."""
    with at(quarter.until):
        open_quarter(quarter)
    return Report.objects.of(quarter).get(unit__area=area, unit__role=role, scope=scope)


def town_report(quarter: Quarter) -> Report:
    """That of the town."""
    return opened(quarter, JINCHENG, "bureau", "town")


def submitted(report: Report, by: Any, day: date) -> Report:
    """Words written and the report sent on a day."""
    with at(day):
        fresh = Report.objects.get(pk=report.pk)
        if fresh.progress != "已入户登记。":
            flow.amend(fresh, by, "report.write", progress="已入户登记。")
        flow.move(fresh, "submit", by)
    return Report.objects.get(pk=report.pk)
