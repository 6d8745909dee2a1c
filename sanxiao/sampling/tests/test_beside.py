"""Re-tests, objections, publication, quick tests: what runs beside a sample and what it does to it."""

from datetime import date

import pytest

from sanxiao.docket import flow, watch
from sanxiao.docket.models import Deadline, Event, Rule
from sanxiao.papers.models import Paper
from sanxiao.sampling import drawing
from sanxiao.sampling.beside_models import Objection, Publication, QuickTest, Retest
from sanxiao.sampling.models import Sample
from sanxiao.sampling.tests import steps
from sanxiao.sampling.tests.test_sample import refused

ASKED = {"asked_on": steps.JUNE, "applicant": "王秀兰", "items": [steps.BAD["item"]], "plea": ""}


def term(subject, key):
    return Deadline.objects.get(subject=subject.pk, term=key)


@pytest.fixture
def lasting(town, waiting):
    """A served failed sample whose spare half has no shelf life."""
    sample = steps.accept(steps.send(steps.take(waiting, town.chen, shelf_days=None), town.chen), town.chen)
    return steps.serve(steps.receive(steps.conclude(sample, town.chen), town.chen), town.chen)


# --- re-test


def test_a_re_test_that_clears_the_sample_ends_everything(town, lasting):
    row = steps.through(steps.ask(lasting, town.chen), town.chen, "pass")
    assert row.state == "overturned"
    assert steps.again(lasting).state == "cleared"
    assert not Deadline.objects.filter(subject=lasting.pk, done_on__isnull=True).exists()
    assert not Sample.objects.failed().exists()


def test_a_re_test_that_confirms_lets_the_disposal_go_on(town, lasting):
    row = steps.through(steps.ask(lasting, town.chen), town.chen, "fail")
    assert row.state == "upheld"
    assert steps.again(lasting).state == "served"
    assert term(lasting, "dispose").paused_on is None
    assert "由申请人承担" in "".join(Paper.objects.get(subject=row.pk).facts["paragraphs"])


def test_the_disposal_rests_while_the_re_test_runs_and_is_never_late_then(town, lasting):
    row = steps.ask(lasting, town.chen)
    flow.move(row, "accept", town.chen, note="")
    held = term(lasting, "dispose")
    assert held.paused_on == steps.JUNE
    with steps.at(date(2019, 3, 1)):
        watch.night()
        assert not term(lasting, "dispose").is_late
        assert not Deadline.objects.past().filter(pk=held.pk).exists()
        assert steps.again(lasting).due_on is None
        flow.move(steps.retest(row), "withdraw", town.chen, reason="不再申请")
        assert term(lasting, "dispose").due_on == date(2019, 5, 30)  # ninety days are left, as on the day it paused


def test_a_town_whose_rule_does_not_pause_lets_the_term_run(town, lasting):
    Rule.objects.filter(key="sampling.pause_while").update(value=[])
    flow.move(steps.ask(lasting, town.chen), "accept", town.chen, note="")
    assert term(lasting, "dispose").paused_on is None


def test_every_term_of_a_re_test_is_counted(town, lasting):
    row = steps.ask(lasting, town.chen)
    assert term(row, "accept").due_on == date(2018, 6, 12)
    flow.move(row, "accept", town.chen, note="")
    assert term(row, "lab").due_on == date(2018, 6, 12)
    flow.move(steps.retest(row), "choose", town.chen, seed="1")
    assert term(row, "move").due_on == date(2018, 6, 8)
    flow.move(steps.retest(row), "hand_over", town.chen, handed_on=steps.JUNE, seal_whole=True)
    assert term(row, "result").due_on == date(2018, 6, 20)


def test_the_second_laboratory_is_drawn_among_all_but_the_first(town, lasting):
    row = steps.ask(lasting, town.chen)
    flow.move(row, "accept", town.chen, note="")
    flow.move(steps.retest(row), "choose", town.chen, seed="2018-0611")
    facts = Event.objects.filter(subject=row.pk, move="choose").get().facts
    assert facts["pool"] == ["js", "nj", "sz", "wx"]
    assert facts["lab"] == min(facts["pool"], key=lambda code: drawing.bits(f"2018-0611|{lasting.number}|{code}"))


def test_without_another_laboratory_none_is_chosen(town, lasting):
    row = steps.ask(lasting, town.chen)
    flow.move(row, "accept", town.chen, note="")
    Rule.objects.filter(key="sampling.labs").update(value=[{"code": "cz", "name": "常州", "retest": True}])
    refused(steps.retest(row), "choose", town.chen, "初检机构以外", seed="1")


def test_only_a_served_sample_is_tested_again_and_once(town, failed, tofu):
    refused(Retest(sample=failed, file=tofu, area=tofu.area), "ask", town.chen, "还没有送达", **ASKED)
    served = steps.serve(failed, town.chen)
    steps.ask(served, town.chen)
    refused(Retest(sample=served, file=tofu, area=tofu.area), "ask", town.chen, "最终结论", **ASKED)


def test_who_asks_too_late_is_refused_with_the_reason_in_writing(town, lasting):
    with steps.at(date(2018, 6, 15)):
        row = steps.ask(lasting, town.chen)
        refused(row, "accept", town.chen, "七个工作日", note="")
        flow.move(row, "refuse", town.chen, ground="late", reason="六月十五日才提出")
    assert steps.retest(row).state == "refused"
    assert "六月十五日才提出" in "".join(Paper.objects.get(subject=row.pk).facts["paragraphs"])


def test_the_last_day_is_still_in_time(town, lasting):
    with steps.at(date(2018, 6, 14)):
        row = steps.ask(lasting, town.chen)
        flow.move(row, "accept", town.chen, note="")
    assert steps.retest(row).state == "accepted"


def test_microbes_are_not_tested_again(town, waiting):
    sample = steps.accept(steps.send(steps.take(waiting, town.chen, shelf_days=None), town.chen), town.chen)
    sample = steps.serve(steps.receive(steps.conclude(sample, town.chen, steps.MICROBE), town.chen), town.chen)
    refused(steps.ask(sample, town.chen), "accept", town.chen, "微生物", note="")


def test_a_spare_half_past_its_shelf_life_is_not_tested(town, served):
    with steps.at(date(2018, 6, 8)):  # the tofu of the fifth lasted two days
        refused(steps.ask(served, town.chen), "accept", town.chen, "超过保质期", note="")


def test_a_spare_half_with_a_broken_seal_is_not_tested(town, lasting):
    link = {"part": "spare", "on": steps.JUNE, "giver": "陈伟", "taker": "吴昊", "seal_whole": False, "note": "撕裂"}
    flow.move(lasting, "hand_on", town.chen, hand=link)
    refused(steps.ask(steps.again(lasting), town.chen), "accept", town.chen, "不可用", note="")


def test_only_items_that_failed_can_be_named(town, lasting, tofu):
    row = Retest(sample=lasting, file=tofu, area=tofu.area)
    refused(row, "ask", town.chen, "不合格的项目", **{**ASKED, "items": ["铅"]})


def test_an_accepted_re_test_keeps_the_sample_from_being_closed_or_published(town, lasting):
    stopped = steps.stop(lasting, town.chen)
    steps.ask(stopped, town.chen)
    facts = {"disposed_on": steps.JUNE, "cause": "称量", "measures": "停用"}
    refused(stopped, "dispose", town.chen, "没有办结", **facts)
    with pytest.raises(flow.Refused, match="没有办结"):
        steps.publish(stopped, town.chen)


@pytest.mark.parametrize("who", ["zhang", "zhou", "sun"])
def test_only_the_bureau_handles_re_tests_and_objections(town, lasting, tofu, who):
    row = Retest(sample=lasting, file=tofu, area=tofu.area)
    refused(row, "ask", getattr(town, who), "不归您", **ASKED)
    with pytest.raises(flow.Refused, match="不归您"):
        steps.objection(lasting, getattr(town, who))


# --- objection


def test_an_objection_to_the_sampling_can_be_raised_before_any_result(town, sampled):
    row = steps.objection(sampled, town.chen, "process")
    flow.move(row, "accept", town.chen, note="")
    assert term(row, "process").due_on == date(2018, 7, 4)
    flow.move(Objection.objects.get(), "reject", town.chen, reason="程序合法")
    assert steps.again(sampled).state == "sampled"


def test_an_objection_to_the_result_waits_for_its_service_and_has_thirty_days(town, failed):
    with pytest.raises(flow.Refused, match="结果送达以后"):
        steps.objection(failed, town.chen, "method")
    row = steps.objection(steps.serve(failed, town.chen), town.chen, "method")
    flow.move(row, "accept", town.chen, note="")
    assert term(row, "other").length == 30


def test_an_objection_that_stands_voids_the_sample(town, served):
    row = steps.objection(served, town.chen)
    flow.move(row, "accept", town.chen, note="")
    flow.move(Objection.objects.get(), "uphold", town.chen, reason="方法未认证")
    assert steps.again(served).state == "void"
    assert not Sample.objects.failed().exists()


def test_a_late_objection_is_not_accepted_and_one_at_a_time(town, served):
    with steps.at(date(2018, 6, 15)):
        row = steps.objection(served, town.chen)
        refused(row, "accept", town.chen, "已过", note="")
        with pytest.raises(flow.Refused, match="正在办理"):
            steps.objection(served, town.chen)
        flow.move(row, "refuse", town.chen, reason="逾期")
    assert steps.again(served).state == "served"


# --- publication


def test_nothing_is_published_before_the_terms_have_run(town, served):
    with steps.at(date(2018, 6, 14)), pytest.raises(flow.Refused, match="期限还没有满"):
        steps.publish(served, town.chen)
    with steps.at(date(2018, 6, 15)):
        assert steps.publish(served, town.chen).state == "published"


@pytest.mark.parametrize("who", ["zhang", "zhou", "sun", "qian"])
def test_the_town_sees_results_and_cannot_publish_them(as_, town, served, who):
    with steps.at(date(2018, 6, 20)):
        with pytest.raises(flow.Refused, match="不归您"):
            steps.publish(served, getattr(town, who))
        page = as_(who).get(served.get_absolute_url())
        assert (page.status_code == 200) == (who != "qian")
        assert "sampling.publication" not in page.content.decode()


def test_in_danger_the_public_is_told_at_once(town, failed):
    flow.move(failed, "alarm", town.chen, reported_to="区局", reason="致病菌")
    assert steps.publish(steps.again(failed), town.chen).state == "published"


def test_a_town_may_publish_without_waiting_where_its_rule_says_so(town, served):
    Rule.objects.filter(key="sampling.publish_after").update(value={"fail": "report"})
    assert steps.publish(served, town.chen).state == "published"


def test_a_passed_result_is_published_as_passed_without_items(town, testing):
    passed = steps.receive(steps.conclude(testing, town.chen, steps.GOOD), town.chen)
    facts = steps.publish(passed, town.chen).facts
    assert (facts["verdict"], facts["items"]) == ("pass", [])


def test_a_result_stands_published_once_and_can_come_again_after_it_was_taken_down(town, served):
    with steps.at(date(2018, 6, 20)):
        row = steps.publish(served, town.chen)
        with pytest.raises(flow.Refused, match="已在公示"):
            steps.publish(served, town.chen)
        flow.move(row, "take_down", town.chen, reason="地址有误")
        assert steps.publish(served, town.chen).state == "published"
    assert Publication.objects.filter(state="withdrawn").get().ended_on == date(2018, 6, 20)


def test_a_cleared_sample_is_taken_down_with_its_result(town, lasting):
    flow.move(lasting, "alarm", town.chen, reported_to="区局", reason="防腐剂")
    steps.publish(steps.again(lasting), town.chen)
    steps.through(steps.ask(steps.again(lasting), town.chen), town.chen, "pass")
    assert Publication.objects.get().state == "withdrawn"


def test_the_public_reads_the_result_and_nothing_of_a_person(client, town, served):
    with steps.at(date(2018, 6, 20)):
        row = steps.publish(served, town.chen)
        flow.move(row, "reply", town.chen, reply="已更换配料秤")
        page = client.get(f"/open/sampling/{row.pk}/").content.decode()
        listed = client.get("/open/sampling/").content.decode()
    assert all(
        word in page for word in ("豆腐", "苯甲酸", "1.4 g/kg", "≤ 1.0", "王家豆腐坊", "后阳村老街12号", "已更换配料秤")
    )
    assert "王家豆腐坊" in listed
    for secret in ("王秀兰", "13861234567", "320413190001010015", "陈伟", "F0002"):
        assert secret not in page + listed


def test_what_is_taken_down_is_not_found_any_more(client, town, served):
    with steps.at(date(2018, 6, 20)):
        row = steps.publish(served, town.chen)
        flow.move(row, "take_down", town.chen, reason="复核有误")
    assert client.get(f"/open/sampling/{row.pk}/").status_code == 404
    assert "现在没有公示的结果" in client.get("/open/sampling/").content.decode()
    assert "No results are published" in client.get("/open/sampling/?lang=en").content.decode()


# --- quick tests


def quick(file, by, move="positive", **more):
    row = QuickTest(file=file, area=file.area)
    facts = {"tested_on": steps.JUNE, "food_name": "豆腐", "item": "吊白块", "kit": "试纸", "farm": False, **more}
    flow.move(row, move, by, **facts)
    return QuickTest.objects.select_related("file").get(pk=row.pk)


def test_a_positive_quick_test_leads_to_a_formal_sample_and_to_nothing_else(town, june, tofu):
    row = quick(tofu, town.zhou)
    flow.move(row, "steer", town.chen, note="")
    sample = Sample.objects.get()
    assert (row.state, row.sample, sample.state, sample.origin) == ("formal", sample, "drawn", "quick")
    assert "吊白块" in sample.why
    assert not Sample.objects.failed().exists()


def test_farm_produce_has_four_hours_and_the_night_does_not_decide(town, june, tofu):
    row = quick(tofu, town.chen, farm=True)
    assert term(row, "quick_retest").unit == "h"
    with steps.at(date(2018, 6, 7)):
        watch.night()
    assert QuickTest.objects.get().state == "positive"


def test_a_negative_quick_test_is_done_and_a_positive_one_is_let_go_with_a_reason(town, june, tofu):
    assert not quick(tofu, town.chen, "negative").is_open
    row = quick(tofu, town.chen)
    flow.move(row, "let_go", town.zhou, reason="试纸过期，重测阴性")
    assert row.state == "let_go"
