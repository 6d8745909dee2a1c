"""The way of a case: who may do what and when, and what stops the clock."""

from datetime import date
from decimal import Decimal

import pytest

from sanxiao.docket import flow
from sanxiao.docket.models import Deadline, Event
from sanxiao.docket.watch import night as watch
from sanxiao.enforcement import conditions, paying, risk
from sanxiao.enforcement.models import Case
from sanxiao.enforcement.tests import steps
from sanxiao.papers.models import Paper


def refused(obj, move, by, why, **facts):
    with pytest.raises(flow.Refused, match=why) as caught:
        flow.move(obj, move, by, **facts)
    return caught.value


def titles(case):
    """Of the papers of a case, as they were issued."""
    return list(Paper.objects.filter(subject=case.pk).order_by("at").values_list("title", flat=True))


def term(obj, key):
    return Deadline.objects.filter(subject=obj.pk, term=key).order_by("-starts_on").first()


def test_chen_registers_a_clue_and_fifteen_working_days_run(clue):
    assert (clue.state, clue.number) == ("clue", "坛市监案〔2026〕1号")
    assert term(clue, "file").due_on == date(2026, 6, 1)
    assert [party.name for party in clue.parties.all()] == ["王秀兰"]


@pytest.mark.parametrize("who", ["zhang", "zhou", "qian", "sun", "ding"])
def test_nobody_but_the_bureau_opens_a_case(bureau, may, tofu, who):
    case = Case(file=tofu, area=tofu.area, officer=bureau.chen)
    refused(case, "register", getattr(bureau, who), "不归您", origin="tip", received_on=steps.MAY,
            second=bureau.wu, conduct="x")  # fmt: skip


def test_one_officer_alone_is_not_enough(bureau, may, tofu):
    case = Case(file=tofu, area=tofu.area, officer=bureau.chen)
    refused(case, "register", bureau.chen, "两名", origin="tip", received_on=steps.MAY, second=bureau.chen, conduct="x")


def test_one_sample_gives_one_case(bureau, may, tofu):
    first = steps.register(tofu, bureau)
    Case.objects.filter(pk=first.pk).update(origin_kind="sampling.sample", origin_pk=tofu.pk)
    second = Case(file=tofu, area=tofu.area, officer=bureau.chen, origin_kind="sampling.sample", origin_pk=tofu.pk)
    refused(second, "register", bureau.chen, "已经登记过", origin="sample", received_on=steps.MAY,
            second=bureau.wu, conduct="x")  # fmt: skip


def test_who_handles_it_does_not_approve_it_and_the_second_neither(bureau, clue):
    steps.proof(clue, bureau)
    for who in (bureau.chen, bureau.wu):
        refused(steps.again(clue), "file", who, "经办和复核|承办人")
    flow.move(steps.again(clue), "file", bureau.lu)
    assert titles(clue) == ["案件来源登记表", "立案审批表"]


def test_the_button_is_grey_for_a_handler_and_says_why(bureau, clue):
    offers = {offer.move.key: offer.reason for offer in flow.open_moves(clue, bureau.wu)}
    assert "承办人" in offers["file"]


def test_nothing_is_filed_without_any_proof(bureau, clue):
    refused(clue, "file", bureau.lu, "还没有任何证据")


def test_what_is_slight_is_not_filed_and_says_which_ground(bureau, clue):
    refused(clue, "refuse", bureau.lu, "还缺", reason="")
    flow.move(clue, "refuse", bureau.lu, refusal="slight", reason="当场改正")
    assert steps.again(clue).state == "refused"
    assert term(clue, "file").outcome == "met"


def test_checking_may_be_lengthened_once_by_fifteen_working_days(bureau, clue):
    refused(clue, "extend_check", bureau.lu, "最多可延长", until=date(2026, 6, 30), reason="等检验")
    flow.move(steps.again(clue), "extend_check", bureau.lu, until=date(2026, 6, 22), reason="等检验")
    assert term(clue, "file").first_due_on == date(2026, 6, 1)


def test_ninety_days_run_from_filing(filed):
    assert term(filed, "decide").due_on == date(2026, 8, 10)  # the ninetieth day is a Sunday


def test_the_time_of_a_test_does_not_count_and_is_never_late(bureau, filed):
    flow.move(filed, "test", bureau.chen, reason="送检")
    with steps.at(date(2026, 9, 1)):
        case = steps.again(filed)
        assert not term(case, "decide").is_late
        refused(case, "finish", bureau.chen, "停止计算", conduct="x", clauses=[1], value=1, gains=1, degree="normal",
                degree_reasons="x", penalties=["warning"], opinion="x")  # fmt: skip
        flow.move(case, "tested", bureau.chen)
        assert term(case, "decide").due_on == date(2026, 11, 30)


def test_the_review_is_a_third_persons(bureau, filed):
    case = steps.finished(filed, bureau)
    for who, why in ((bureau.chen, "经办"), (bureau.wu, "承办人"), (bureau.lu, "经办")):
        refused(steps.again(case), "pass", who, why)
    flow.move(steps.again(case), "return", bureau.song, reason="证据链缺检验报告")
    assert steps.again(case).state == "filed"


def test_a_fine_needs_a_sum_and_a_sum_a_fine(bureau, filed):
    with pytest.raises(flow.Refused, match="选了罚款要填数额"):
        steps.finished(filed, bureau, penalties=["warning"])
    with pytest.raises(flow.Refused, match="选了罚款要填数额"):
        steps.finished(steps.again(filed), bureau, fine=Decimal(0))


def test_the_case_keeps_the_wording_of_its_day(bureau, filed):
    case = steps.finished(filed, bureau)
    assert case.clauses[0]["since"] and case.clauses[0]["text"]


def test_nothing_is_decided_before_the_party_could_answer(bureau, noticed):
    facts = {"penalties": noticed.penalties, "fine": noticed.fine, "decision": "x"}
    refused(noticed, "decide", bureau.lu, "陈述申辩的期限还没有过", **facts)
    with steps.at(date(2026, 5, 19)):
        flow.move(steps.again(noticed), "decide", bureau.lu, **facts)
    assert steps.again(noticed).state == "decided"


def test_the_night_watch_notes_that_nobody_answered(bureau, noticed):
    with steps.at(date(2026, 5, 19)):
        watch()
        assert Event.objects.of(noticed).filter(move="silent").count() == 1
        watch()
        assert Event.objects.of(noticed).filter(move="silent").count() == 1


def test_a_defence_never_makes_it_worse(bureau, noticed):
    flow.move(noticed, "defend", bureau.chen, defence="不知道那是什么粉")
    for facts in ({"fine": Decimal(6000)}, {"penalties": ["fine", "goods", "revoke"], "fine": noticed.fine}):
        said = {"penalties": noticed.penalties, "decision": "x", **facts}
        refused(steps.again(noticed), "decide", bureau.lu, "加重|集体讨论", **said)
    flow.move(steps.again(noticed), "decide", bureau.lu, penalties=["fine"], fine=Decimal(3000), decision="采纳申辩")
    assert steps.again(noticed).fine == 3000


def test_a_grave_penalty_is_discussed_and_may_be_heard(bureau, filed):
    case = steps.noticed(steps.finished(filed, bureau, fine=Decimal(20000)), bureau)
    flow.move(case, "ask_hearing", bureau.chen, note="当事人要求听证")
    assert term(case, "decide").paused_on
    facts = {"penalties": case.penalties, "fine": case.fine, "decision": "x"}
    refused(steps.again(case), "decide", bureau.lu, "还没有听", **facts)
    hearing = {"heard_on": steps.MAY, "presided_by": "宋岩", "hearing": "意见一致"}
    steps.called(steps.again(case), bureau)
    flow.move(steps.again(case), "hear", bureau.song, **hearing)
    refused(steps.again(case), "decide", bureau.lu, "集体讨论", **facts)
    flow.move(steps.again(case), "discuss", bureau.lu, discussed_on=steps.MAY, present="陆、宋、吴", outcome="同意")
    flow.move(steps.again(case), "decide", bureau.lu, **facts)
    assert steps.again(case).state == "decided"


def test_a_small_fine_is_not_heard(bureau, noticed):
    refused(noticed, "ask_hearing", bureau.chen, "不属于可以要求听证")


def test_the_decision_is_a_numbered_paper_that_names_what_to_pay(served):
    paper = Paper.objects.get(subject=served.pk, title="行政处罚决定书")
    text = "".join(paper.facts["paragraphs"])
    assert paper.number == served.number
    assert "罚款人民币5000元" in text and "复议" in text
    assert paper.pdf() == paper.pdf()
    assert "320413190001010015" not in str(paper.facts)


def test_fifteen_days_to_pay_and_three_per_cent_a_day_after_never_above_the_fine(bureau, served):
    assert term(served, "pay").due_on == date(2026, 5, 26)
    with steps.at(date(2026, 5, 28)):
        assert paying.surcharge(steps.again(served)) == Decimal("300.00")
    with steps.at(date(2026, 12, 1)):
        assert paying.surcharge(steps.again(served)) == Decimal("5000.00")


def test_a_fine_is_paid_in_parts_each_slip_once_and_never_too_much(bureau, served):
    flow.move(served, "pay", bureau.chen, amount=Decimal(2000), paid_on=steps.MAY, slip="A1")
    refused(steps.again(served), "pay", bureau.chen, "已经登记过", amount=Decimal(1), paid_on=steps.MAY, slip="A1")
    refused(steps.again(served), "pay", bureau.chen, "超过了应缴", amount=Decimal(3001), paid_on=steps.MAY, slip="A2")
    assert steps.again(served).left == 3000
    refused(steps.again(served), "execute", bureau.chen, "还没有缴清")


def test_who_does_not_pay_is_urged_and_only_then_the_court_is_asked(bureau, served):
    refused(served, "urge", bureau.chen, "期限还没有过", urged_on=steps.MAY)
    with steps.at(date(2026, 6, 1)):
        refused(steps.again(served), "to_court", bureau.lu, "须先催告")
        flow.move(steps.again(served), "urge", bureau.chen, urged_on=date(2026, 6, 1))
    with steps.at(date(2026, 7, 1)):
        flow.move(steps.again(served), "to_court", bureau.lu)
        flow.move(steps.again(served), "execute", bureau.chen)
    assert steps.again(served).state == "executed"


def test_a_case_closes_when_all_is_paid_settled_and_shown(bureau, served):
    flow.move(served, "pay", bureau.chen, amount=Decimal(5000), paid_on=steps.MAY, slip="A1")
    flow.move(steps.again(served), "execute", bureau.chen)
    refused(steps.again(served), "close", bureau.lu, "还没有公示", ending="paid")
    flow.move(steps.again(served), "publish", bureau.chen, published_on=steps.MAY)
    flow.move(steps.again(served), "close", bureau.lu, ending="paid")
    case = steps.again(served)
    assert case.state == "closed"
    assert case.public_until == date(2029, 5, 10)
    assert list(Case.objects.public()) == [case]


def test_a_decision_that_falls_is_taken_down(bureau, served):
    flow.move(served, "publish", bureau.chen, published_on=steps.MAY)
    flow.move(steps.again(served), "unpublish", bureau.chen, reason="提前停止公示")
    assert not Case.objects.public().exists()


def test_an_annulled_decision_is_down_at_once_and_within_three_days_elsewhere(bureau, served):
    flow.move(served, "publish", bureau.chen, published_on=steps.MAY)
    refused(steps.again(served), "annul", bureau.chen, "承办人", reason="复议撤销")
    flow.move(steps.again(served), "annul", bureau.lu, reason="复议决定撤销")
    case = steps.again(served)
    assert (case.state, case.unpublished_on) == ("annulled", steps.MAY) and not Case.objects.public().exists()
    assert term(case, "take_down").due_on == date(2026, 5, 14)
    refused(case, "close", bureau.lu, "还没有撤下", ending="dismissed")
    flow.move(steps.again(case), "withdrawn", bureau.chen)
    flow.move(steps.again(case), "close", bureau.lu, ending="dismissed")
    assert not risk.facts([case.file_id], steps.MAY)


def test_what_is_taken_up_anew_is_announced_discussed_and_shown_anew(bureau, served):
    flow.move(served, "publish", bureau.chen, published_on=steps.MAY)
    flow.move(steps.again(served), "annul", bureau.lu, reason="程序违法，重新作出")
    flow.move(steps.again(served), "withdrawn", bureau.chen)
    flow.move(steps.again(served), "reopen", bureau.lu, reason="重新调查")
    case = steps.again(served)
    assert (case.state, case.noticed_on, case.decided_on, case.published_on) == ("filed", None, None, None)
    case = steps.served(
        steps.decided(steps.noticed(steps.finished(case, bureau, fine=Decimal(3000)), bureau), bureau), bureau
    )
    flow.move(case, "publish", bureau.chen, published_on=steps.MAY)
    assert Case.objects.public().get().fine == 3000


def test_a_closed_case_is_not_taken_up_again_while_its_decision_is_shown(bureau, served):
    flow.move(served, "pay", bureau.chen, amount=Decimal(5000), paid_on=steps.MAY, slip="A1")
    flow.move(steps.again(served), "execute", bureau.chen)
    flow.move(steps.again(served), "publish", bureau.chen, published_on=steps.MAY)
    flow.move(steps.again(served), "close", bureau.lu, ending="paid")
    refused(steps.again(served), "reopen", bureau.lu, "还在公示", reason="新证据")


def test_a_notice_that_hangs_out_counts_after_thirty_days_and_stops_the_clock(bureau, filed):
    case = steps.finished(filed, bureau)
    flow.move(case, "pass", bureau.song)
    refused(steps.again(case), "notice", bureau.chen, "公告送达", noticed_on=steps.MAY, service="public")
    flow.move(steps.again(case), "post_notice", bureau.chen, noticed_on=steps.MAY, reason="邮寄退回，住所无人")
    assert term(case, "posted").due_on == date(2026, 6, 10) and term(case, "decide").paused_on == steps.MAY
    facts = {"penalties": case.penalties, "fine": case.fine, "decision": "清楚"}
    refused(steps.again(case), "decide", bureau.lu, "陈述申辩的期限还没有过", **facts)
    with steps.at(date(2026, 6, 11)):
        watch()
        assert term(case, "defend").due_on == date(2026, 6, 18) and term(case, "decide").paused_on is None
    with steps.at(date(2026, 6, 19)):
        watch()
        flow.move(steps.again(case), "decide", bureau.lu, **facts)
        flow.move(steps.again(case), "post_decision", bureau.chen, reason="住所无人")
        assert steps.again(case).state == "decided"
    with steps.at(date(2026, 7, 21)):
        watch()
        case = steps.again(case)
        assert (case.state, case.served_on, case.service) == ("served", date(2026, 7, 21), "public")
        assert term(case, "pay").due_on == date(2026, 8, 5)
    assert titles(case).count("送达公告") == 2


def test_who_comes_while_it_hangs_out_is_given_the_notice(bureau, filed):
    case = steps.finished(filed, bureau)
    flow.move(case, "pass", bureau.song)
    flow.move(steps.again(case), "post_notice", bureau.chen, noticed_on=steps.MAY, reason="住所无人")
    with steps.at(date(2026, 5, 13)):
        flow.move(steps.again(case), "appeared", bureau.chen, noticed_on=date(2026, 5, 13))
        assert term(case, "defend").due_on == date(2026, 5, 20) and term(case, "decide").paused_on is None


def test_after_the_ordinary_extension_the_heads_together_set_another_day(bureau, filed):
    said = {"until": date(2026, 10, 30), "reason": "案情特别复杂", "note": "陆军、宋岩"}
    refused(filed, "prolong", bureau.lu, "先按规定延长一次", **said)
    flow.move(steps.again(filed), "extend", bureau.lu, until=date(2026, 9, 8), reason="案情复杂")
    flow.move(steps.again(filed), "prolong", bureau.lu, **said)
    row = term(filed, "decide")
    assert (row.due_on, row.first_due_on) == (date(2026, 10, 30), date(2026, 8, 10))
    assert steps.again(filed).due_on == date(2026, 10, 30)
    assert titles(filed).count("行政处罚案件有关事项审批表") == 2


@pytest.mark.parametrize(("move", "field", "facts"), [
    ("serve", "served_on", {"service": "left"}), ("publish", "published_on", {}),
])  # fmt: skip
def test_no_step_is_dated_before_the_one_that_it_comes_of(bureau, noticed, move, field, facts):
    case = steps.decided(noticed, bureau)
    case = case if move == "serve" else steps.served(case, bureau)
    no = refused(case, move, bureau.chen, "不能早于上一步", **{field: date(2026, 5, 8)}, **facts)
    assert field in no.fields


def test_no_penalty_after_all_ends_in_a_paper_and_a_closing(bureau, noticed):
    flow.move(noticed, "dismiss", bureau.lu, reason="违法行为轻微并及时改正")
    case = steps.again(noticed)
    assert (case.state, case.penalties, case.owed) == ("dismissed", [], 0)
    assert Paper.objects.filter(subject=case.pk, title="不予行政处罚决定书").exists()


def test_a_penalty_on_the_spot_has_its_limit_and_is_put_on_record(bureau, may, tofu):
    clause = {"clauses": [{"law": "x", "text": "y", "code": "z"}]}
    facts = {"origin": "visit", "received_on": steps.MAY, "second": bureau.wu, "conduct": "无健康证", "service": "left"}
    case = Case(file=tofu, area=tofu.area, officer=bureau.chen)
    too_much = {**facts, **clause, "penalties": ["fine"], "fine": Decimal(201)}
    refused(case, "summary", bureau.chen, "限额", **too_much)
    case = Case(file=tofu, area=tofu.area, officer=bureau.chen)
    flow.move(case, "summary", bureau.chen, **{**too_much, "fine": Decimal(200)})
    assert (case.state, case.summary) == ("served", True)
    assert term(case, "report").due_on == date(2026, 5, 20)
    flow.move(steps.again(case), "reported", bureau.lu)


def test_the_limit_of_2018_was_the_old_one(bureau, tofu):
    with steps.at(date(2018, 6, 5)):
        assert conditions.summary_limit(Case(file=tofu, area=tofu.area, rule_on=date(2018, 6, 5))) == 50


def test_all_cases_of_a_person_are_found_over_all_places(bureau, may, tofu):
    from tests import cast

    first = steps.register(tofu, bureau)
    other = cast.tofu_shop(bureau.zhang, name="王家豆制品", address="后阳村东街3号")
    assert list(Case.objects.of_person(other.operator)) == [first]


def test_the_village_next_door_and_the_police_see_no_case(bureau, clue):
    for who in (bureau.li, bureau.zhang, bureau.ding):
        assert not Case.objects.seen_by(who).exists()
    assert Case.objects.seen_by(bureau.zhou).exists()
