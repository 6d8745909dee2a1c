"""出动: how many people and vehicles the quarter counts for the visits of the bureau."""

from datetime import date

import pytest

from sanxiao.docket import flow
from sanxiao.docket.models import Event
from sanxiao.inspection import visits
from sanxiao.inspection.tests import steps, visit_steps
from sanxiao.office.now import at, today
from sanxiao.reports import figures, records
from sanxiao.reports.indicators import COLUMNS
from sanxiao.reports.quarters import Quarter


@pytest.fixture(autouse=True)
def july(town):
    with at(visit_steps.JULY):
        yield


def counted(file, *keys) -> list:
    period = Quarter.of(today()).period(date(2018, 4, 1))
    found = figures.count(file.area, period)
    return [found.value(COLUMNS[key]) for key in keys]


def test_two_inspectors_and_their_car_are_counted_and_the_figure_has_its_list(town, tofu):
    visit = visit_steps.start(tofu, town.chen, town.wu, vehicles=1)
    visit_steps.judge(visit, town.chen)
    assert counted(tofu, "visits", "people_out", "cars_out") == [1, 2, 1]
    period = Quarter.of(today()).period(date(2018, 4, 1))
    listed = records.lists(tofu.area, period, COLUMNS["people_out"], "q")
    assert sum(items.total for items in listed.values()) == 2


def test_who_went_on_foot_counts_no_car(town, tofu):
    visit_steps.judge(visit_steps.start(tofu, town.chen, town.wu), town.chen)
    assert counted(tofu, "people_out", "cars_out") == [2, 0]
    assert "vehicles" not in Event.objects.get(move="judge").facts


def test_a_result_that_is_corrected_sends_nobody_out_twice(town, tofu):
    visit = visit_steps.judge(visit_steps.start(tofu, town.chen, town.wu, vehicles=1), town.chen)
    flow.move(visit, "reopen", town.chen, reason="第9项记错")
    assert counted(tofu, "visits", "people_out", "cars_out") == [0, 0, 0]
    visit_steps.judge(visit_steps.again(visit), town.chen)
    assert counted(tofu, "visits", "people_out", "cars_out") == [1, 2, 1]


def test_a_re_check_sends_two_officers_out_as_well(town, tofu):
    order = steps.serve(steps.issue(tofu, town.chen, steps.item()), town.zhang)
    steps.review(steps.answer(order, town.zhang, 1), town.chen, {1: "pass"})
    assert counted(tofu, "visit_recheck", "people_out") == [1, 2]


def test_a_look_back_in_its_short_form_is_a_visit_of_its_kind(town, tofu):
    team = [town.chen, town.zhang]
    visits.note(tofu, by=town.chen, on=today(), team=team, why="look:1", cause="回头看", result="conform")
    assert counted(tofu, "visits", "visit_lookback", "people_out") == [1, 1, 2]


def test_who_goes_out_in_an_operation_is_counted_there(town, tofu):
    visit = visits.plan(tofu, "joint", by=town.chen, team=[town.chen, town.wu], why="joint:1")
    visit_steps.judge(visit_steps.begin(visit, town.chen, town.wu), town.chen)
    assert counted(tofu, "visit_joint", "people_out") == [1, 0]


def test_the_car_is_asked_for_at_the_door_and_may_be_left_out(as_, town, tofu):
    chen, url = as_("chen"), f"/do/inspection.visit/new/start?file={tofu.pk}"
    assert "出动车辆" in chen.get(url).content.decode()
    said = {
        "kind": "routine",
        "begun_on": str(today()),
        "team": [town.chen.pk, town.wu.pk],
        "credentials": "行政执法证",
    }
    assert chen.post(url, {**said, "vehicles": ""}).status_code == 302
