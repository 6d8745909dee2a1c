"""The way of an order: who may do what, and when."""

from datetime import date

import pytest

from sanxiao.docket import flow
from sanxiao.docket.models import Deadline, Event
from sanxiao.inspection.models import Order, without_order
from sanxiao.inspection.tests import steps
from sanxiao.papers import word
from sanxiao.papers.models import Number, Paper


def refused(obj, move, by, why, **facts):
    with pytest.raises(flow.Refused, match=why) as caught:
        flow.move(obj, move, by, **facts)
    return caught.value


def test_chen_orders_two_problems_and_gets_the_next_number_of_the_bureau(issued):
    assert (issued.state, issued.number) == ("issued", "坛市监责改〔2018〕1号")
    assert steps.states(issued) == ["named", "named"]
    assert [p.fix_on for p in issued.problems.all()] == [date(2018, 6, 12), date(2018, 6, 20)]


def test_numbers_follow_each_other_without_a_gap_when_one_order_is_refused(town, june, tofu):
    steps.issue(tofu, town.chen)
    refused(Order(file=tofu, area=tofu.area), "issue", town.chen, "依据", found_on=steps.JUNE, second="吴昊",
            items=[steps.item(law="")])  # fmt: skip
    assert steps.issue(tofu, town.chen).number == "坛市监责改〔2018〕2号"


@pytest.mark.parametrize("who", ["zhang", "zhou", "qian", "sun"])
def test_only_the_bureau_orders(town, june, tofu, who):
    order = Order(file=tofu, area=tofu.area)
    refused(order, "issue", getattr(town, who), "不归您", found_on=steps.JUNE, second="吴昊", items=[steps.item()])


def test_one_officer_alone_is_not_enough(town, june, tofu):
    order = Order(file=tofu, area=tofu.area)
    refused(order, "issue", town.chen, "两名", found_on=steps.JUNE, second="陈伟", items=[steps.item()])


@pytest.mark.parametrize(
    ("item", "why"),
    [
        ({"days": 91}, "改正期限须在"),
        ({"days": -1}, "改正期限须在"),
        ({"demand": ""}, "改正要求"),
        ({"text": ""}, "问题"),
        ({"law": ""}, "依据"),
    ],
)
def test_a_problem_needs_words_a_basis_a_demand_and_a_date_that_the_rule_allows(town, june, tofu, item, why):
    order = Order(file=tofu, area=tofu.area)
    refused(order, "issue", town.chen, why, found_on=steps.JUNE, second="吴昊", items=[steps.item(**item)])
    assert not Order.objects.exists()


def test_no_order_without_a_problem(town, june, tofu):
    order = Order(file=tofu, area=tofu.area)
    refused(order, "issue", town.chen, "还缺：问题", found_on=steps.JUNE, second="吴昊", items=[])


def test_no_order_on_a_closed_place(town, june, tofu):
    flow.move(tofu, "close", town.zhang, closing="self", reason="歇业")
    refused(Order(file=tofu, area=tofu.area), "issue", town.chen, "关停", found_on=steps.JUNE, second="吴昊",
            items=[steps.item()])  # fmt: skip


def test_no_order_on_a_merged_file(town, june, tofu):
    tofu.merged_into = tofu
    refused(Order(file=tofu, area=tofu.area), "issue", town.chen, "合并", found_on=steps.JUNE, second="吴昊",
            items=[steps.item()])  # fmt: skip


def test_service_starts_the_term_of_each_problem_by_itself(served):
    terms = Deadline.objects.filter(kind="inspection.problem").order_by("due_on")
    assert [t.due_on for t in terms] == [date(2018, 6, 12), date(2018, 6, 20)]
    assert (served.state, served.due_on) == ("served", date(2018, 6, 12))
    assert steps.states(served) == ["open", "open"]


def test_at_once_means_on_the_day_of_service(town, june, tofu):
    order = steps.issue(tofu, town.chen, steps.item(days=0))
    with steps.at(date(2018, 6, 8)):
        order = steps.serve(order, town.zhang)
    assert order.problems.get().fix_on == order.due_on == date(2018, 6, 8)


def test_service_entered_later_counts_from_the_day_it_happened(town, issued):
    with steps.at(date(2018, 6, 8)):
        order = steps.serve(issued, town.zhang, served_on=date(2018, 6, 6))
    assert {t.starts_on for t in Deadline.objects.filter(kind="inspection.problem")} == {date(2018, 6, 6)}
    assert Event.objects.of(order).first().on == date(2018, 6, 6)


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ({"service": "left"}, "见证人"),
        ({"service": "direct"}, "回证"),
        ({"service": "left", "witness": "李四", "served_on": date(2018, 6, 4)}, "下达日期"),
    ],
)
def test_service_needs_its_proof_and_its_day(town, issued, facts, why):
    refused(issued, "serve", town.zhang, why, **{"served_on": steps.JUNE, **facts})


def test_a_refused_notice_is_left_before_a_witness(town, issued):
    flow.move(issued, "serve", town.chen, served_on=steps.JUNE, service="left", witness="李四")
    assert steps.again(issued).state == "served"


def test_a_notice_whose_term_is_over_is_not_served_any_more(town, issued):
    late = date(2018, 6, 13)
    with steps.at(late):
        refused(issued, "serve", town.zhang, "撤销后重新下达", served_on=late, service="left", witness="李四")


@pytest.mark.parametrize("who", ["li", "zhou", "qian"])
def test_the_cadre_next_door_and_other_offices_neither_serve_nor_report(town, issued, who):
    other = getattr(town, who)
    refused(issued, "serve", other, "不归您", served_on=steps.JUNE, service="direct")
    order = steps.serve(issued, town.zhang)
    refused(order, "report", other, "不归您", answers=[{"no": 1, "done": "改好"}])


def test_zhang_reports_one_problem_and_the_other_keeps_its_date(town, served):
    order = steps.answer(served, town.zhang, 1)
    assert (order.state, steps.states(order)) == ("answered", ["answered", "open"])
    assert order.due_on == date(2018, 6, 12)  # the re-check: five working days
    assert Deadline.objects.get(subject=order.pk, term="recheck").due_on == date(2018, 6, 12)


def test_a_problem_is_answered_only_with_its_own_photo(town, served):
    steps.prove(served, 1, town.zhang)
    refused(served, "report", town.zhang, "它自己的", answers=[{"no": 2, "done": "改好"}])
    assert steps.states(served) == ["open", "open"]


def test_a_report_in_time_is_met_not_lapsed(town, served):
    steps.answer(served, town.zhang, 1)
    assert Deadline.objects.get(subject=served.problem_pk(1)).outcome == "met"


def test_the_bureau_reports_for_an_operator_who_comes_to_the_counter(town, served):
    refused(served, "report", town.chen, "不归您", answers=[{"no": 1, "done": "改好"}])
    refused(served, "report_for", town.zhang, "不归您", answers=[{"no": 1, "done": "改好"}])
    steps.prove(served, 1, town.chen)
    flow.move(served, "report_for", town.chen, answers=[{"no": 1, "done": "改好"}])
    assert steps.states(served) == ["answered", "open"]


def test_nothing_is_reported_twice(town, served):
    order = steps.answer(served, town.zhang, 1, 2)
    refused(order, "report", town.zhang, "都已申请", answers=[{"no": 1, "done": "又改"}])


def test_all_problems_passed_make_the_order_pass(town, served):
    order = steps.review(steps.answer(served, town.zhang, 1, 2), town.chen, {1: "pass", 2: "pass"})
    assert (order.state, order.due_on, order.is_open) == ("passed", None, False)
    assert Deadline.objects.get(subject=order.pk, term="recheck").outcome == "met"


def test_what_is_not_yet_due_goes_on_after_the_re_check(town, served):
    order = steps.review(steps.answer(served, town.zhang, 1), town.chen, {1: "pass"})
    assert (order.state, steps.states(order)) == ("served", ["passed", "open"])
    assert order.due_on == date(2018, 6, 20)


def test_one_failed_problem_fails_the_order_with_its_reason(town, served):
    order = steps.review(steps.answer(served, town.zhang, 1, 2), town.chen, {1: "pass", 2: "fail"})
    assert (order.state, order.problems.get(no=2).verdict) == ("failed", "仍有苍蝇")


def test_a_new_date_is_given_once_with_its_reason(town, served):
    order = steps.review(steps.answer(served, town.zhang, 1, 2), town.chen, {1: "pass", 2: "again"})
    second = order.problems.get(no=2)
    assert (order.state, second.again, second.first_on, second.fix_on) == (
        "served", True, date(2018, 6, 20), date(2018, 6, 12),
    )  # fmt: skip
    order = steps.answer(order, town.zhang, 2)
    with pytest.raises(flow.Refused, match="已经再次责令过"):
        steps.review(order, town.chen, {2: "again"})


def test_to_order_again_is_a_second_notice_that_names_the_first(town, served):
    order = steps.review(steps.answer(served, town.zhang, 1, 2), town.chen, {1: "pass", 2: "again"})
    papers = Paper.objects.filter(subject=order.pk)
    first, second = papers.get(number=order.number), papers.exclude(number=order.number).get()
    assert second.title == "责令改正通知书" and second.number
    assert [p["text"] for p in second.facts["problems"]] == [steps.PAPERS]
    assert second.facts["problems"][0]["due"] == "2018-06-12"
    assert first.number in second.facts["found"] and "再次责令" in second.facts["demand_lead"]
    assert second.pdf().startswith(b"%PDF-") and word.order(second.facts)
    assert Event.objects.get(move="review").facts["notice"] == second.number


def test_a_re_check_without_a_new_date_makes_no_paper(town, served):
    order = steps.review(steps.answer(served, town.zhang, 1, 2), town.chen, {1: "pass", 2: "fail"})
    assert Paper.objects.filter(subject=order.pk).count() == 1


def test_an_order_that_is_withdrawn_spends_the_numbers_of_both_notices(town, served):
    order = steps.review(steps.answer(served, town.zhang, 1, 2), town.chen, {1: "pass", 2: "again"})
    flow.move(order, "void", town.chen, reason="文书有误")
    assert Number.objects.filter(key="order", voided_on__isnull=False).count() == 2


def test_a_verdict_against_somebody_has_a_reason(town, served):
    order = steps.answer(served, town.zhang, 1)
    refused(order, "review", town.chen, "写明情况", reviewed_on=steps.JUNE, review_second="吴昊",
            results=[{"no": 1, "result": "fail"}])  # fmt: skip


def test_every_reported_problem_is_judged(town, served):
    order = steps.answer(served, town.zhang, 1, 2)
    refused(order, "review", town.chen, "第 2 项", reviewed_on=steps.JUNE, review_second="吴昊",
            results=[{"no": 1, "result": "pass"}])  # fmt: skip


@pytest.mark.parametrize("who", ["zhang", "zhou", "qian"])
def test_only_the_bureau_re_checks(town, served, who):
    order = steps.answer(served, town.zhang, 1)
    with pytest.raises(flow.Refused, match="不归您"):
        steps.review(order, getattr(town, who), {1: "pass"})


def test_nobody_re_checks_alone_or_before_service(town, served):
    order = steps.answer(served, town.zhang, 1)
    with pytest.raises(flow.Refused, match="两名"):
        steps.review(order, town.chen, {1: "pass"}, review_second="陈伟")
    with pytest.raises(flow.Refused, match="送达日期"):
        steps.review(order, town.chen, {1: "pass"}, reviewed_on=date(2018, 6, 4))


@pytest.mark.parametrize("move", ["serve", "report", "review"])
def test_a_step_out_of_its_turn_says_where_the_order_stands(town, served, move):
    order = steps.review(steps.answer(served, town.zhang, 1, 2), town.chen, {1: "pass", 2: "pass"})
    refused(order, move, town.chen, "当前状态为“整改合格”")


@pytest.mark.parametrize("move", ["resume", "pass", "fail", "lapse", "lapse_more", "extended"])
def test_what_follows_from_the_problems_is_nobodys_button(town, served, move):
    order = steps.answer(served, town.zhang, 1) if move in ("resume", "pass", "fail", "lapse_more") else served
    refused(order, move, town.chen, "系统自动")


def test_a_wrong_order_is_voided_with_its_number_and_stays_to_be_read(town, served):
    refused(served, "void", town.zhang, "不归您", reason="写错")
    refused(served, "void", town.chen, "理由")
    flow.move(served, "void", town.chen, reason="单位写错")
    order = steps.again(served)
    assert (order.state, steps.states(order)) == ("void", ["dropped", "dropped"])
    assert Number.objects.get(text=order.number).void_reason == "单位写错"
    assert not Deadline.objects.filter(done_on__isnull=True, kind__startswith="inspection").exists()


def test_an_order_ends_with_the_place(town, served):
    refused(served, "close", town.chen, "没有登记关停", reason="歇业")
    flow.move(served.file, "close", town.zhang, closing="self", reason="歇业")
    order = steps.again(served)
    flow.move(order, "close", town.chen, reason="歇业")
    assert (order.state, steps.states(order)) == ("closed", ["dropped", "dropped"])


def test_rooms_above_ask_what_is_open_also_across_merged_files(town, served, tofu):
    assert list(Order.objects.open_for(tofu)) == [served]
    flow.move(served, "void", town.chen, reason="单位写错")
    assert not Order.objects.open_for(tofu).exists()


def test_a_place_with_defects_waits_for_its_order(town, june, tofu):
    files = type(tofu).objects.all()
    assert not without_order(files).exists()
    files.update(case="2", batch="regulate")
    assert list(without_order(files)) == [tofu]
    assert not without_order(files.filter(state="closed")).exists()
    steps.issue(tofu, town.chen)
    assert not without_order(files).exists()
