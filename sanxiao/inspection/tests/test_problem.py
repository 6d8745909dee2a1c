"""Each problem has its own term: it lapses alone, is extended alone, and passes only with its own proof."""

from datetime import date

import pytest

from sanxiao.docket import flow
from sanxiao.docket.models import Deadline, Event, Proposal
from sanxiao.docket.watch import lapse_due
from sanxiao.inspection.tests import steps


def problem(order, no):
    return order.problems.select_related("order", "file").get(no=no)


def night(day):
    with steps.at(day):
        return lapse_due()


def test_one_problem_lapses_and_the_other_runs_on(served):
    assert night(date(2018, 6, 13)) == (1, [])
    order = steps.again(served)
    assert (order.state, steps.states(order)) == ("lapsed", ["lapsed", "open"])
    assert Deadline.objects.get(subject=order.problem_pk(1)).outcome == "lapsed"
    assert Deadline.objects.get(subject=order.problem_pk(2)).done_on is None


def test_on_the_last_day_nothing_lapses_and_a_second_watch_changes_nothing(served):
    assert night(date(2018, 6, 12)) == (0, [])
    assert night(date(2018, 6, 13)) == (1, [])
    assert night(date(2018, 6, 13)) == (0, [])


def test_a_re_check_is_due_five_working_days_after_the_date_that_was_missed(served):
    night(date(2018, 6, 14))
    term = Deadline.objects.get(subject=served.pk, term="recheck")
    # 18 June 2018 was the Dragon Boat holiday.
    assert (term.starts_on, term.due_on) == (date(2018, 6, 12), date(2018, 6, 20))
    assert steps.again(served).due_on == date(2018, 6, 20)


def test_the_second_lapse_is_told_too_and_does_not_put_off_the_re_check(served):
    night(date(2018, 6, 13))
    night(date(2018, 6, 21))
    order = steps.again(served)
    assert steps.states(order) == ["lapsed", "lapsed"]
    assert list(Event.objects.of(order).values_list("move", flat=True)[:2]) == ["lapse_more", "lapse"]
    assert Deadline.objects.get(subject=order.pk, term="recheck").due_on == date(2018, 6, 20)


def test_a_late_correction_is_still_reported_and_passed(town, served):
    night(date(2018, 6, 13))
    with steps.at(date(2018, 6, 14)):
        order = steps.answer(steps.again(served), town.zhang, 1, 2)
        order = steps.review(order, town.chen, {1: "pass", 2: "pass"})
    assert order.state == "passed"


def test_the_officer_may_find_a_lapsed_problem_put_right_and_takes_the_photo_himself(town, served):
    night(date(2018, 6, 13))
    order = steps.again(served)
    with steps.at(date(2018, 6, 14)):
        with pytest.raises(flow.Refused, match="它自己的"):
            steps.review(order, town.chen, {1: "pass"})
        steps.prove(order, 1, town.chen)
        order = steps.review(steps.again(order), town.chen, {1: "pass"})
    assert (order.state, steps.states(order)) == ("served", ["passed", "open"])


def test_a_longer_term_needs_a_reason_and_the_food_safety_office(town, served):
    first = problem(served, 1)
    with pytest.raises(flow.Refused, match="理由"):
        flow.move(first, "extend", town.chen, until=date(2018, 6, 25))
    flow.move(first, "extend", town.chen, until=date(2018, 6, 25), reason="等纱窗到货")
    assert problem(served, 1).fix_on == date(2018, 6, 12)
    flow.sign(problem(served, 1), town.zhou, agrees=True)
    first = problem(served, 1)
    assert (first.first_on, first.fix_on, first.extended) == (date(2018, 6, 12), date(2018, 6, 25), True)


def test_an_extension_keeps_the_first_date_on_the_term_and_moves_the_orders(town, served):
    flow.move(problem(served, 1), "extend", town.chen, until=date(2018, 6, 25), reason="等纱窗到货")
    flow.sign(problem(served, 1), town.zhou, agrees=True)
    term = Deadline.objects.get(subject=served.problem_pk(1))
    assert (term.first_due_on, term.due_on) == (date(2018, 6, 12), date(2018, 6, 25))
    assert steps.again(served).due_on == date(2018, 6, 20)
    assert Event.objects.of(served).first().facts["reason"] == "等纱窗到货"
    assert night(date(2018, 6, 13)) == (0, [])


def test_a_refused_extension_leaves_the_date(town, served):
    flow.move(problem(served, 1), "extend", town.chen, until=date(2018, 6, 25), reason="等纱窗到货")
    flow.sign(problem(served, 1), town.zhou, agrees=False, note="不必")
    assert problem(served, 1).fix_on == date(2018, 6, 12)
    assert Proposal.objects.get().state == "refused"


def test_no_extension_beyond_the_longest_term_nor_back_in_time(town, served):
    with pytest.raises(flow.Refused, match="上限"):
        flow.move(problem(served, 1), "extend", town.chen, until=date(2018, 9, 4), reason="等纱窗到货")
    flow.move(problem(served, 1), "extend", town.chen, until=date(2018, 6, 11), reason="早点改")
    with pytest.raises(flow.Refused, match="晚于"):
        flow.sign(problem(served, 1), town.zhou, agrees=True)


@pytest.mark.parametrize("who", ["zhang", "li", "zhou", "qian"])
def test_nobody_but_the_bureau_asks_for_more_time(town, served, who):
    with pytest.raises(flow.Refused, match="不归您"):
        flow.move(problem(served, 1), "extend", getattr(town, who), until=date(2018, 6, 25), reason="忙")


def test_a_lapsed_term_is_not_extended(town, served):
    night(date(2018, 6, 13))
    with pytest.raises(flow.Refused, match="逾期未改"):
        flow.move(problem(served, 1), "extend", town.chen, until=date(2018, 6, 25), reason="忙")


def test_an_answer_ends_a_pending_extension(town, served):
    flow.move(problem(served, 1), "extend", town.chen, until=date(2018, 6, 25), reason="等纱窗到货")
    steps.answer(served, town.zhang, 1)
    assert Proposal.objects.get().state == "dropped"


def test_the_photo_of_before_can_still_be_taken_when_the_notice_is_handed_over(town, issued):
    first = problem(issued, 1)
    with pytest.raises(flow.Refused, match="先拍"):
        flow.move(first, "picture", town.zhang)
    steps.files.keep(first, steps.picture(), "前.jpg", town.zhang, role="before")
    flow.move(problem(issued, 1), "picture", town.zhang)
    with pytest.raises(flow.Refused, match="不归您"):
        flow.move(problem(issued, 1), "picture", town.li)


@pytest.mark.parametrize("move", ["run", "answer", "pass", "again", "fail", "lapse", "drop"])
def test_a_problem_moves_with_its_order_and_by_no_button(town, served, move):
    states = {"run": "named", "pass": "answered", "again": "answered", "fail": "answered"}
    served.problems.update(state=states.get(move, "open"))
    with pytest.raises(flow.Refused, match="系统自动"):
        flow.move(problem(served, 1), move, town.chen)


def test_the_file_tells_the_steps_of_the_order_and_not_each_problems(as_, served, tofu):
    told = Event.objects.filter(file=tofu.pk).told().order_by("id").values_list("move", flat=True)
    assert list(told) == ["open", "issue", "serve"]


def passed(order, by, note=""):
    rows = [{"no": 1, "result": "pass", "note": note}]
    facts = {"reviewed_on": steps.JUNE, "review_second": "吴昊", "results": rows}
    flow.move(steps.again(order), "review", by, on=steps.JUNE, **facts)
    return steps.again(order)


def test_an_item_closes_only_with_the_pair_or_with_the_reason_why_there_is_none(town, june, tofu):
    order = steps.serve(steps.issue(tofu, town.chen, steps.item()), town.zhang)
    order = steps.answer(order, town.zhang, 1)
    with pytest.raises(flow.Refused, match="前后两张照片"):
        passed(order, town.chen)
    assert passed(order, town.chen, "下达时在夜间，没有拍清").state == "passed"
    assert problem(order, 1).verdict == "下达时在夜间，没有拍清"


def test_with_both_pictures_nothing_need_be_said(town, june, tofu):
    order = steps.serve(steps.issue(tofu, town.chen, steps.item(), shot=True), town.zhang)
    assert passed(steps.answer(order, town.zhang, 1), town.chen).state == "passed"


def test_the_desk_asks_for_the_missing_picture_before_and_at_the_end(town, june, tofu, as_):
    order = steps.serve(steps.issue(tofu, town.chen, steps.item()), town.zhang)
    assert "还没有整改前照片" in as_("zhang").get(order.get_absolute_url()).content.decode()
    order = steps.answer(order, town.zhang, 1)
    said = {"reviewed_on": "2018-06-05", "review_second": "吴昊", "items-1-result": "pass"}
    answer = as_("chen").post(f"/do/inspection.order/{order.pk}/review", said)
    assert answer.status_code == 422 and "没有整改前照片可以对照" in answer.content.decode()
