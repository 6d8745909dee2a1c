"""The way of a sample: who may do what, when, and what is refused in which words."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from sanxiao.docket import flow, watch
from sanxiao.docket.models import Deadline, Event
from sanxiao.inspection.tests import steps as orders
from sanxiao.papers.models import Number, Paper
from sanxiao.sampling.models import Hand, Part, Result, Sample
from sanxiao.sampling.tests import steps


def refused(obj, move, by, words, /, **facts):
    with pytest.raises(flow.Refused, match=words) as caught:
        flow.move(obj, move, by, **facts)
    return caught.value


def due(subject, term):
    return Deadline.objects.get(subject=subject.pk, term=term).due_on


def test_chen_lists_the_tofu_shop_and_two_samplers_are_drawn(waiting):
    assert (waiting.state, waiting.origin, waiting.food) == ("drawn", "target", "soy")
    assert sorted(waiting.samplers) == ["吴昊", "陈伟"]


@pytest.mark.parametrize("who", ["zhang", "zhou", "qian", "sun"])
def test_only_the_bureau_lists_a_place(town, june, tofu, who):
    sample = Sample(file=tofu, area=tofu.area, origin="target", food="soy")
    refused(sample, "target", getattr(town, who), "不归您", why="试", food="soy")


def test_a_closed_place_is_not_listed_and_one_that_waits_not_twice(town, waiting, tofu):
    sample = Sample(file=tofu, area=tofu.area, origin="target", food="soy")
    refused(sample, "target", town.chen, "等待抽样", why="试", food="soy")
    flow.move(waiting, "skip", town.chen, reason="关门")
    flow.move(tofu, "close", town.zhang, closing="self", reason="歇业")
    refused(sample, "target", town.chen, "关停", why="试", food="soy")


def test_the_form_gives_a_number_two_sealed_halves_and_their_chain(sampled):
    assert sampled.number == "320413201810000001"
    assert (sampled.food_name, sampled.paid, sampled.taken_on) == ("豆腐", Decimal("18.0"), steps.JUNE)
    halves = {part.kind: part for part in sampled.parts.all()}
    assert (halves["test"].seal, halves["spare"].seal, halves["spare"].kept_by) == ("F0001", "F0002", "分局样品室")
    assert Hand.objects.filter(part__sample=sampled).count() == 2
    assert due(sampled, "deliver") == date(2018, 6, 12)


def test_the_village_and_the_food_safety_office_take_no_samples(town, waiting):
    for who in (town.zhang, town.zhou):
        refused(waiting, "take", who, "不归您", sheet={"answers": steps.answers()})


def test_a_sample_of_one_officer_alone_is_refused(town, waiting):
    with pytest.raises(flow.Refused, match="两人以上"):
        steps.take(waiting, town.chen, second="陈伟")
    assert not Part.objects.exists()


def test_a_number_that_is_on_another_form_is_refused_with_whose_it_is(town, june, tofu, sampled):
    flow.move(sampled, "void", town.chen, reason="样品破损")
    second = steps.target(tofu, town.chen)
    wrong = {"paper_number": sampled.number, "seal_test": "F3", "seal_spare": "F4"}
    with pytest.raises(flow.Refused, match="已用于另一批样品（2018-06-05）") as caught:
        steps.take(second, town.chen, **wrong)
    assert "paper_number" in caught.value.fields


def test_a_printed_form_keeps_its_own_number(town, waiting):
    assert steps.take(waiting, town.chen, paper_number="GC18320413001").number == "GC18320413001"
    assert not Number.objects.filter(key="sample").exists()


def test_a_seal_that_is_on_another_sample_is_refused(town, tofu, sampled):
    flow.move(sampled, "void", town.chen, reason="样品破损")
    second = steps.target(tofu, town.chen)
    with pytest.raises(flow.Refused, match="封签号 F0002 已用"):
        steps.take(second, town.chen, seal_test="F9")


def test_a_place_that_was_shut_gives_its_quota_back(town, waiting):
    flow.move(waiting, "skip", town.chen, reason="铁将军把门")
    assert steps.again(waiting).state == "dropped"
    assert not Sample.objects.counted().exists()


def test_the_chain_tells_every_hand_and_a_broken_seal_spoils_the_half(town, sampled):
    link = {
        "part": "spare",
        "on": steps.JUNE,
        "giver": "陈伟",
        "taker": "吴昊",
        "seal_whole": False,
        "note": "封条撕裂",
    }
    flow.move(sampled, "hand_on", town.chen, hand=link)
    spare = sampled.parts.get(kind="spare")
    assert (spare.state, spare.kept_by) == ("unfit", "吴昊")


def test_the_laboratory_is_chosen_from_the_list(town, sampled):
    refused(sampled, "send", town.chen, "名录", lab="nowhere", sent_on=steps.JUNE)
    refused(steps.again(sampled), "send", town.chen, "早于抽样", lab="cz", sent_on=date(2018, 6, 4))
    sent = steps.send(steps.again(sampled), town.chen)
    assert (sent.state, sent.lab_label) == ("sent", "常州市食品药品纤维质量监督检验中心")


def test_a_broken_seal_is_no_arrival_and_the_laboratory_may_refuse(town, sampled):
    sent = steps.send(sampled, town.chen)
    refused(sent, "accept", town.chen, "检验机构拒收", accepted_on=steps.JUNE, seal_whole=False)
    flow.move(sent, "reject", town.chen, reason="封签破损")
    assert steps.again(sent).state == "void"
    assert Number.objects.get(text=sent.number).voided_on == steps.JUNE


def test_twenty_working_days_run_from_the_laboratorys_receipt(testing):
    assert due(testing, "report") == date(2018, 7, 4)  # the dragon-boat holiday lies between
    assert testing.due_on == date(2018, 7, 4)
    assert Deadline.objects.get(subject=testing.pk, term="deliver").outcome == "met"


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ({"limit": ""}, "没有限量"),
        ({"item": ""}, "检验项目"),
        ({"result": ""}, "实测值"),
        ({"verdict": ""}, "单项结论"),
        ({"breach": ""}, "超范围、超限量、非法添加或其他"),
        ({"limit_kind": "?"}, "限量类型"),
    ],
)
def test_a_result_is_refused_by_what_it_lacks(town, testing, row, why):
    with pytest.raises(flow.Refused, match=why):
        steps.conclude(testing, town.chen, {**steps.BAD, **row})
    assert not Result.objects.exists()


def test_what_must_not_be_there_at_all_needs_no_limit(town, testing):
    sample = steps.conclude(testing, town.chen, steps.ILLEGAL)
    assert (sample.verdict, sample.illegal) == ("fail", True)
    assert sample.results.get().limit_words == "不得检出"


def test_an_item_told_twice_or_none_at_all_is_refused(town, testing):
    with pytest.raises(flow.Refused, match="填了两次"):
        steps.conclude(testing, town.chen, steps.GOOD, steps.GOOD)
    refused(steps.again(testing), "conclude", town.chen, "还缺", concluded_on=steps.JUNE, report_no="J1", rows=[])


def test_a_passed_report_ends_the_sample_and_keeps_the_spare_three_months(town, testing):
    concluded = steps.conclude(testing, town.chen, steps.GOOD)
    assert due(concluded, "lab_pass") == date(2018, 6, 14)
    passed = steps.receive(concluded, town.chen)
    assert (passed.state, passed.is_open) == ("passed", False)
    assert passed.spare.kept_until == date(2018, 6, 7)  # tofu lasts two days


def test_a_spare_without_a_shelf_life_is_kept_three_or_six_months(town, waiting, tofu):
    sample = steps.accept(steps.send(steps.take(waiting, town.chen, shelf_days=None), town.chen), town.chen)
    assert steps.conclude(sample, town.chen, steps.BAD).spare.kept_until == date(2018, 12, 5)


def test_a_failed_report_runs_five_days_to_serve_and_ninety_to_dispose(failed):
    assert failed.state == "failed"
    assert (due(failed, "serve"), due(failed, "dispose")) == (date(2018, 6, 12), date(2018, 9, 3))
    assert Paper.objects.get(subject=failed.pk).title == "食品安全抽样检验结果通知书"


def test_a_report_without_its_pdf_is_asked_for(town, testing):
    concluded = steps.conclude(testing, town.chen)
    refused(concluded, "receive", town.chen, "PDF", received_on=steps.JUNE)
    steps.files.keep(concluded, steps.picture(), "报告.jpg", town.chen, role="lab_report")
    refused(concluded, "receive", town.chen, "PDF", received_on=steps.JUNE)


@pytest.mark.parametrize(
    ("facts", "why"),
    [({"service": "left"}, "见证人"), ({"service": "direct"}, "回证"),
     ({"service": "left", "witness": "李四", "served_on": date(2018, 6, 4)}, "收到报告")],
)  # fmt: skip
def test_service_needs_its_proof_and_its_day(town, failed, facts, why):
    refused(failed, "serve", town.chen, why, **{"served_on": steps.JUNE, **facts})


def test_the_operators_own_terms_are_no_term_of_the_office(served):
    assert (due(served, "retest_ask"), due(served, "object_ask")) == (date(2018, 6, 14), date(2018, 6, 14))
    assert served.due_on == date(2018, 9, 3)


def test_a_failed_sample_never_moves_on_by_itself(town, served):
    for days in (15, 60, 120, 400):
        with steps.at(steps.JUNE + timedelta(days)):
            watch.night()
    assert steps.again(served).state == "served"
    assert not Deadline.objects.filter(subject=served.pk, term="retest_ask", done_on__isnull=True).exists()
    assert Event.objects.filter(subject=served.pk, move="retest_over").count() == 1


def test_a_failed_sample_that_nobody_serves_stays_failed_and_late(town, failed):
    with steps.at(date(2018, 7, 20)):
        watch.night()
        assert steps.again(failed).state == "failed"
        assert Deadline.objects.past().filter(subject=failed.pk, term="serve").exists()


def test_the_sale_is_stopped_once_by_a_numbered_paper(town, served):
    stopped = steps.stop(served, town.chen)
    assert stopped.stop_number == "坛市监停〔2018〕1号"
    paper = Paper.objects.get(subject=served.pk, number=stopped.stop_number)
    assert "苯甲酸" in "".join(paper.facts["paragraphs"])
    refused(stopped, "stop", town.chen, "已经责令", stop_scope="豆腐")


DONE = {"disposed_on": steps.JUNE, "cause": "防腐剂称量不准", "measures": "停用，重新培训", "quantities": "封存12千克"}


def test_the_disposal_waits_for_the_stop_the_order_and_its_day(town, served, tofu):
    refused(served, "dispose", town.chen, "停止销售", **DONE)
    stopped = steps.stop(served, town.chen)
    refused(stopped, "dispose", town.chen, "整改通知", **DONE)
    order = orders.issue(tofu, town.chen)
    flow.move(stopped, "link", town.chen, order=order)
    linked = steps.again(stopped)
    refused(linked, "dispose", town.chen, "早于送达", **{**DONE, "disposed_on": date(2018, 6, 4)})
    flow.move(linked, "dispose", town.chen, **DONE)
    assert (steps.again(linked).state, linked.is_open) == ("disposed", False)


def test_an_order_on_another_place_cannot_be_linked(town, served, tofu):
    from tests import cast

    other = cast.tofu_shop(town.zhang, name="李家豆腐坊")
    orders.issue(tofu, town.chen)
    refused(served, "link", town.chen, "这一户的整改通知", order=orders.issue(other, town.chen))


def test_the_disposal_is_lengthened_in_writing(town, served):
    until = date(2018, 10, 8)
    flow.move(served, "extend_dispose", town.chen, until=until, reason="上游尚在追查")
    assert due(served, "dispose") == until
    assert Deadline.objects.get(subject=served.pk, term="dispose").first_due_on == date(2018, 9, 3)


def test_danger_is_reported_at_once_and_told(town, testing):
    flow.move(testing, "alarm", town.chen, reported_to="区局食品科", reason="检出致病菌")
    assert steps.again(testing).alarmed
    assert Event.objects.of(testing).first().facts["reported_to"] == "区局食品科"


def test_illegal_addition_is_flagged_and_waits_for_a_case(town, testing):
    sample = steps.receive(steps.conclude(testing, town.chen, steps.ILLEGAL), town.chen)
    assert list(Sample.objects.illegal()) == [sample]
    assert list(Sample.objects.failed_without_case()) == [sample]
    assert not Sample.objects.failed_without_case([sample.pk]).exists()


def test_a_drawn_sample_of_the_next_village_is_not_seen(town, waiting):
    assert not Sample.objects.seen_by(town.li).exists()
    assert list(Sample.objects.seen_by(town.zhang)) == [waiting]
