"""A date that ran out counts for the risk grade of the place."""

from datetime import date

from sanxiao.docket import flow
from sanxiao.docket.rooms import Fact
from sanxiao.docket.watch import lapse_due
from sanxiao.inspection.late import late_facts
from sanxiao.inspection.tests import steps
from sanxiao.office.now import at
from sanxiao.risk.grade import grades


def night(day):
    with at(day):
        lapse_due()


def test_a_problem_past_its_date_is_a_fact_from_that_night_on(served, tofu):
    night(date(2018, 6, 13))
    assert late_facts([tofu.pk], date(2018, 6, 12)) == {}
    fact = Fact("late", date(2018, 6, 13), words=steps.FLIES)
    assert late_facts([tofu.pk], date(2018, 6, 13)) == {tofu.pk: [fact]}
    reasons = grades([tofu], date(2018, 6, 13))[tofu.pk].reasons
    assert f"逾期未改：2018-06-13 {steps.FLIES}（4 分）" in reasons


def test_an_order_that_was_voided_counts_for_nothing(served, tofu, town):
    night(date(2018, 6, 13))
    with at(date(2018, 6, 14)):
        flow.move(steps.again(served), "void", town.chen, reason="户主弄错了")
    assert late_facts([tofu.pk], date(2018, 6, 14)) == {}


def test_what_ran_out_at_one_place_is_no_fact_of_another(served, tofu):
    night(date(2018, 6, 13))
    assert late_facts([], date(2018, 6, 13)) == {}
