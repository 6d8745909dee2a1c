"""What is handed to the police and to other offices: clocks, answers, and what each side sees."""

from datetime import date

import pytest

from sanxiao.archive import prints
from sanxiao.archive.models import Establishment
from sanxiao.docket import flow
from sanxiao.docket.models import Deadline
from sanxiao.enforcement import clauses, crimes
from sanxiao.enforcement.models import Case, Referral, Transfer
from sanxiao.enforcement.tests import steps
from sanxiao.office.models import Office
from sanxiao.papers.models import Paper


def refused(obj, move, by, why, **facts):
    with pytest.raises(flow.Refused, match=why):
        flow.move(obj, move, by, **facts)


def now_as(matter):
    return type(matter).objects.select_related("file__operator").get(pk=matter.pk)


def term(obj, key):
    return Deadline.objects.filter(subject=obj.pk, term=key).order_by("-id").first()


def propose(case, town):
    transfer = Transfer(case=case, file=case.file, area=case.area, officer=town.chen)
    flow.move(transfer, "propose", town.chen, crime="144", second=town.wu, report="检出碱性嫩黄，供述明知不能添加。")
    return now_as(transfer)


@pytest.fixture
def proposed(bureau, filed):
    return propose(filed, bureau)


@pytest.fixture
def sent(bureau, proposed):
    flow.move(proposed, "approve", bureau.lu)
    flow.move(now_as(proposed), "send", bureau.chen, papers=["letter", "report", "test"], copied=True)
    return now_as(proposed)


def office(role, area="320413100000"):
    return Office.objects.on(date(2026, 5, 11)).get(role=role, area=area)


def refer(town, file, **changes):
    referral = Referral(file=file, area=file.area, sender=office("bureau"))
    facts = {"to": office("urban"), "matter": "占道经营", "wanted_on": steps.days(20), **changes}
    flow.move(referral, "send", town.chen, **facts)
    return now_as(referral)


def test_the_head_has_three_days_and_the_bureau_then_twenty_four_hours(bureau, proposed):
    assert term(proposed, "approve").due_on == date(2026, 5, 14)
    for who in (bureau.chen, bureau.wu):
        refused(now_as(proposed), "approve", who, "经办|承办人")
    flow.move(now_as(proposed), "approve", bureau.lu)
    assert term(proposed, "send").due_at.date() == date(2026, 5, 12)


def test_a_letter_and_a_report_go_with_it(bureau, proposed):
    flow.move(proposed, "approve", bureau.lu)
    refused(now_as(proposed), "send", bureau.chen, "必须随案", papers=["goods"], copied=True)


def test_the_police_see_what_was_sent_and_nothing_before(bureau, proposed):
    assert not Transfer.objects.seen_by(bureau.ding).exists()
    flow.move(proposed, "approve", bureau.lu)
    flow.move(now_as(proposed), "send", bureau.chen, papers=["letter", "report"], copied=True)
    assert Transfer.objects.seen_by(bureau.ding).get() == proposed
    assert not Case.objects.seen_by(bureau.ding).exists()
    for who in (bureau.zhang, bureau.qian):
        assert not Transfer.objects.seen_by(who).exists()


def on_the_file(client, file, user):
    """What the page of a place, its pictures, its timeline, its print and the API say about it to this person."""
    whole, _images = prints.whole(Establishment.objects.get(pk=file.pk), user)
    tabs = [f"{file.get_absolute_url()}{tab}" for tab in ("", "?tab=files", "?tab=history")]
    pages = [client.get(path).content.decode() for path in (*tabs, f"/api/v1/establishments/{file.pk}/events")]
    return "".join([*pages, str(whole)])


SECRETS = ("检出碱性嫩黄", "立案审批表", "行政处罚告知书", "evidence.jpg", "陈述、申辩、要求听证", "报请移送公安")


@pytest.mark.parametrize("who", ["zhang", "ding", "qian"])
def test_the_place_s_own_page_tells_nobody_of_a_case_that_is_not_his(bureau, as_, filed, who):
    propose(steps.noticed(steps.finished(filed, bureau), bureau), bureau)
    told = on_the_file(as_(who), filed.file, getattr(bureau, who))
    assert not [words for words in SECRETS if words in told]
    assert not [words for words in SECRETS if words not in on_the_file(as_("chen"), filed.file, bureau.chen)]


def test_what_was_sent_stands_on_the_place_s_page_for_the_police_and_nothing_else_of_the_case(bureau, as_, filed, sent):
    told = on_the_file(as_("ding"), filed.file, bureau.ding)
    assert "涉嫌犯罪案件移送书" in told and "公安签收" in told
    assert "立案审批表" not in told and "evidence.jpg" not in told
    assert "涉嫌犯罪案件移送书" not in on_the_file(as_("zhang"), filed.file, bureau.zhang)


def test_while_the_police_have_it_the_clock_stands_and_no_penalty_takes_its_place(bureau, filed, sent):
    assert term(filed, "decide").paused_on
    noticed = steps.noticed(_finish(steps.again(filed), bureau), bureau)
    flow.move(noticed, "waive", bureau.chen)
    facts = {"penalties": noticed.penalties, "fine": noticed.fine, "decision": "x"}
    refused(steps.again(noticed), "decide", bureau.lu, "以罚代刑", **facts)


def _finish(case, town):
    Deadline.objects.filter(subject=case.pk).update(paused_on=None)
    return steps.finished(case, town)


def test_the_police_want_papers_and_get_them(bureau, sent):
    flow.move(sent, "receive", bureau.ding)
    assert term(sent, "police").due_on == date(2026, 5, 14)
    flow.move(now_as(sent), "want", bureau.ding, reason="缺鉴定意见")
    flow.move(now_as(sent), "supply", bureau.chen)
    assert now_as(sent).state == "received"


def test_the_police_file_and_get_the_goods(bureau, filed, sent):
    steps.take(steps.again(filed), bureau)
    flow.move(sent, "receive", bureau.ding)
    flow.move(now_as(sent), "file", bureau.ding, police_no="坛公（刑）立字〔2026〕8号")
    assert term(sent, "goods").due_on == date(2026, 5, 14)
    flow.move(now_as(sent), "hand_goods", bureau.chen)
    flow.move(now_as(sent), "close", bureau.ding, outcome="移送审查起诉")
    assert now_as(sent).state == "closed"


def test_a_refusal_goes_to_review_then_to_the_prosecutor_and_may_come_back(bureau, filed, sent):
    flow.move(sent, "receive", bureau.ding)
    flow.move(now_as(sent), "refuse", bureau.ding, reason="数额不足")
    flow.move(now_as(sent), "ask", bureau.chen, reason="第一百四十四条没有数额要求")
    flow.move(now_as(sent), "uphold", bureau.ding, reason="维持")
    flow.move(now_as(sent), "supervise", bureau.chen, reason="请求立案监督")
    flow.move(now_as(sent), "back", bureau.lu, reason="检察院不支持")
    assert term(filed, "decide").paused_on is None
    assert now_as(sent).state == "back"


@pytest.mark.parametrize("move", ["receive", "refuse", "file"])
@pytest.mark.parametrize("who", ["chen", "zhang", "zhou"])
def test_only_the_police_answer_for_the_police(bureau, sent, who, move):
    with pytest.raises(flow.Refused, match=r"不归您|当前状态"):
        flow.move(sent, move, getattr(bureau, who), reason="x", police_no="x")


@pytest.fixture
def poisoned(bureau, filed):
    """Investigated under the clause on non-edible substances, which is a crime at the same time."""
    clause = [row for row in clauses.on(filed.received_on, filed.area) if row["code"] == "fsl34_1"]
    return steps.noticed(steps.finished(filed, bureau, clauses=clause), bureau)


def test_poison_in_food_is_proposed_for_the_police_before_any_penalty(bureau, as_, poisoned):
    chen = as_("chen")
    assert "须报请移送公安" in chen.get(poisoned.get_absolute_url()).content.decode()
    assert "还没有报请移送公安" in chen.get("/").content.decode()
    assert poisoned.number in chen.get("/cases/?crime=unasked").content.decode()
    flow.move(poisoned, "waive", bureau.chen)
    facts = {"penalties": poisoned.penalties, "fine": poisoned.fine, "decision": "x"}
    refused(steps.again(poisoned), "decide", bureau.lu, "须先报请移送公安", **facts)
    form = chen.get(f"/do/enforcement.transfer/new/propose?case={poisoned.pk}").content.decode()
    assert 'value="144" selected' in form
    transfer = propose(steps.again(poisoned), bureau)
    assert "还没有报请移送公安" not in chen.get("/").content.decode()
    flow.move(transfer, "decline", bureau.lu, reason="检验机构更正了报告")
    flow.move(steps.again(poisoned), "decide", bureau.lu, **facts)


def test_a_sample_with_poison_makes_its_case_a_suspected_crime(bureau, filed):
    assert crimes.suspected(filed) == ""
    filed.clauses = [{"law": "x", "crime": "143"}]
    assert crimes.suspected(filed) == "143"


def test_two_hand_overs_of_one_case_do_not_run_at_once(bureau, filed, proposed):
    transfer = Transfer(case=filed, file=filed.file, area=filed.area, officer=bureau.chen)
    refused(transfer, "propose", bureau.chen, "已经在移送", crime="144", second=bureau.wu, report="x")


def test_the_letter_names_the_crime_and_hides_the_number(bureau, sent):
    paper = Paper.objects.get(subject=sent.pk)
    assert "第一百四十四条" in str(paper.facts)
    assert "320413190001010015" not in str(paper.facts)
    assert paper.number == "坛市监罪移〔2026〕1号"


def test_another_office_takes_it_and_answers(bureau, may, tofu):
    referral = refer(bureau, tofu)
    assert term(referral, "take").due_on == date(2026, 5, 18)
    flow.move(referral, "take", bureau.qian)
    flow.move(now_as(referral), "answer", bureau.qian, result="已劝离")
    assert now_as(referral).state == "answered"


def test_who_refuses_names_the_right_office_and_is_not_asked_again(bureau, may, tofu):
    referral = refer(bureau, tofu)
    refused(referral, "refuse", bureau.qian, "还缺", reason="不归我管")
    flow.move(now_as(referral), "refuse", bureau.qian, better=office("construction"), reason="属于违建")
    assert office("urban") not in list(_offices(now_as(referral)))
    flow.move(now_as(referral), "assign", bureau.zhou, to=office("construction"), reason="按职责分工")
    referral = now_as(referral)
    assert (referral.assigned, referral.to) == (True, office("construction"))


def _offices(referral):
    from sanxiao.enforcement.transfers import offices_for

    return offices_for(referral)


def test_what_was_assigned_is_not_sent_back(bureau, may, tofu):
    referral = refer(bureau, tofu)
    flow.move(referral, "assign", bureau.zhou, to=office("urban"), reason="指定")
    refused(now_as(referral), "refuse", bureau.qian, "不能再退", better=office("land"), reason="x")


def test_an_office_sees_only_what_concerns_it(bureau, may, tofu):
    refer(bureau, tofu)
    assert Referral.objects.seen_by(bureau.qian).exists()
    assert not Referral.objects.seen_by(bureau.ding).exists()
    assert not Referral.objects.seen_by(bureau.li).exists()
    assert Referral.objects.seen_by(bureau.zhou).exists()


def test_another_office_cannot_take_what_was_sent_to_somebody_else(bureau, may, tofu):
    referral = refer(bureau, tofu)
    refused(referral, "take", bureau.ding, "不归您")
