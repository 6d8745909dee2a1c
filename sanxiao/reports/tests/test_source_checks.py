"""表4之二: what the quarter holds of source checks, each number with its list."""

from datetime import date

from sanxiao.docket import flow
from sanxiao.office.now import at
from sanxiao.reports.tests.history import Q2
from sanxiao.reports.tests.test_figures import TOWN, counted, every_number_has_its_list, line
from sanxiao.sources import downstream
from sanxiao.sources.tests import steps
from tests.cast import HOUYANG, NANYAO

KEYS = ("source_checks", "source_found", "source_settled", "purchases", "unknown_suppliers", "traced_suppliers",
        "warned_buyers")  # fmt: skip


def test_checks_lines_unknown_suppliers_and_warnings_are_counted_and_void_ones_are_not(town, tofu):
    with at(date(2018, 5, 10)):
        school = steps.buyer(town.zhang)
        steps.bought(town.zhang, school, tofu)
        wrong = steps.bought(town.zhang, school, tofu, "百叶")
        steps.bought(town.zhang, school, "老孙豆腐", village=NANYAO)
        void = steps.check(town.zhang, school)
        found = steps.check(town.zhang, steps.again(school), "no_tickets")
        flow.move(found, "settle", town.zhang, outcome="补齐了")
        flow.move(steps.again(void), "void", town.zhang, reason="登错")
        flow.move(wrong, "void", town.zhang, reason="录错")
        downstream.warn(town.chen, [tofu], "抽检不合格")
    assert line(counted(HOUYANG, Q2), *KEYS) == (1, 1, 1, 2, 0, 0, 1)
    assert line(counted(NANYAO, Q2), *KEYS) == (0, 0, 0, 0, 1, 1, 0)
    assert line(counted(TOWN, Q2), *KEYS) == (1, 1, 1, 2, 1, 1, 1)
    with at(date(2018, 12, 31)):
        every_number_has_its_list(TOWN, Q2)
