"""A column may be a sum of money: its list is the events, and their parts make the sum."""

from datetime import date
from decimal import Decimal

from sanxiao.docket import flow
from sanxiao.enforcement.models import Case
from sanxiao.office.now import at
from sanxiao.reports import figures, records
from sanxiao.reports.indicators import COLUMNS
from sanxiao.reports.quarters import Quarter


def fined(town, file, fine):
    case = Case(file=file, area=file.area, officer=town.chen)
    clause = [{"law": "x", "text": "y", "code": "z"}]
    facts = {"origin": "visit", "received_on": date(2026, 5, 11), "second": town.wu, "conduct": "无健康证"}
    penalties = {"clauses": clause, "penalties": ["fine"], "fine": Decimal(fine), "service": "left"}
    flow.move(case, "summary", town.chen, **facts, **penalties)


def test_the_fines_of_a_quarter_are_the_sum_of_what_stands_in_the_list(town, tofu):
    with at(date(2026, 5, 11)):
        fined(town, tofu, "150.00")
        fined(town, tofu, "200.00")
    period = Quarter.of(date(2026, 5, 11)).period(date(2018, 4, 1))
    counted = figures.count(tofu.area, period)
    column = COLUMNS["fine"]
    listed = records.lists(tofu.area, period, column, "q")[tofu.area, tofu.kind_id]
    assert counted.value(column) == listed.total == 350
    assert len(listed.events) == 2
    assert counted.value(COLUMNS["decided"]) == 2
