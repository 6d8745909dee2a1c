"""Instalments with their days, what lateness adds, and what is still owed; the court at the end."""

from datetime import date
from decimal import Decimal

import pytest

from sanxiao.docket import flow
from sanxiao.docket.models import Deadline, Event
from sanxiao.docket.watch import night
from sanxiao.enforcement import paying
from sanxiao.enforcement.models import Instalment
from sanxiao.enforcement.tests import steps
from sanxiao.papers.models import Paper

PLAN = [(date(2026, 6, 10), 2000), (date(2026, 7, 10), 2000), (date(2026, 8, 10), 1000)]


def refused(case, move, by, why, **facts):
    with pytest.raises(flow.Refused, match=why):
        flow.move(case, move, by, **facts)


def plan(case, town, rows=PLAN):
    rates = [{"due_on": day, "amount": Decimal(sum_)} for day, sum_ in rows]
    flow.move(case, "instalments", town.lu, rates=rates, reason="家庭困难，申请分三期")
    return steps.again(case)


def pay(case, town, amount, slip, on=None):
    facts = {"amount": Decimal(amount), "paid_on": on or steps.days(0), "slip": slip}
    flow.move(steps.again(case), "pay", town.chen, **facts)
    return steps.again(case)


def term(case, key="pay"):
    return Deadline.objects.filter(subject=case.pk, term=key, done_on=None).first()


def test_three_rates_each_with_its_day_what_is_paid_and_what_is_late(bureau, as_, served):
    case = plan(served, bureau)
    assert term(case).due_on == date(2026, 6, 10)
    case = pay(case, bureau, 2000, "A1")
    assert term(case).due_on == date(2026, 7, 10), "the first is paid, the second runs"
    with steps.at(date(2026, 7, 20)):
        night()
        case = steps.again(case)
        assert Event.objects.of(case).filter(move="unpaid").count() == 1 and term(case).due_on == date(2026, 8, 10)
        assert [(r.no, r.paid, r.left, r.days_late) for r in paying.plan(case)] == [
            (1, 2000, 0, 0), (2, 0, 2000, 10), (3, 0, 1000, 0)
        ]  # fmt: skip
        page = as_("chen").get(case.get_absolute_url()).content.decode()
        assert "逾期 10 天" in page and "2026-08-10" in page and "600.00" in page


def test_what_lateness_has_added_does_not_vanish_when_the_fine_is_paid(bureau, served):
    with steps.at(date(2026, 6, 5)):  # due on 26 May
        case = pay(served, bureau, 5000, "A1")
        assert (case.left, paying.late_left(case)) == (0, Decimal("1500.00"))
        refused(case, "execute", bureau.chen, "加处罚款还没有缴清")
    with steps.at(date(2026, 7, 5)):
        assert paying.late_left(steps.again(case)) == Decimal("1500.00"), "it grows no more"
        case = pay(case, bureau, 1500, "A2")
        flow.move(case, "execute", bureau.chen)
    assert steps.again(case).state == "executed"


def test_it_may_be_waived_by_somebody_else_with_a_reason_and_the_fine_may_not(bureau, served):
    refused(served, "waive_late", bureau.lu, "没有加处罚款", reason="x")
    with steps.at(date(2026, 6, 5)):
        case = pay(served, bureau, 4000, "A1")
        refused(case, "waive_late", bureau.wu, "承办人|不归您", reason="已补救")
        flow.move(steps.again(case), "waive_late", bureau.lu, reason="已采取补救措施")
        refused(steps.again(case), "execute", bureau.chen, "还没有缴清")
        flow.move(pay(case, bureau, 1000, "A2"), "execute", bureau.chen)


@pytest.mark.parametrize(("rows", "why"), [
    ([(date(2026, 6, 10), 4000)], "合计须等于未缴的 5000"),
    ([(date(2026, 5, 1), 5000)], "不能早于今天"),
    ([(date(2026, 7, 10), 2000), (date(2026, 6, 10), 3000)], "一期比一期晚"),
    ([(date(2026, 7, 10), 2000), (date(2026, 7, 10), 3000)], "一期比一期晚"),
])  # fmt: skip
def test_a_plan_that_does_not_add_up_is_refused_in_words(bureau, served, rows, why):
    with pytest.raises(flow.Refused, match=why):
        plan(served, bureau, rows)
    assert not Instalment.objects.exists()


def test_a_new_plan_takes_the_place_of_the_old_one_which_stays_on_record(bureau, served):
    case = pay(plan(served, bureau), bureau, 2000, "A1")
    case = plan(case, bureau, [(date(2026, 9, 30), 3000)])
    assert [(r.no, r.amount) for r in paying.plan(case)] == [(1, 3000)] and Instalment.objects.count() == 4
    assert term(case).due_on == date(2026, 9, 30) and case.left == 3000


def test_the_clerk_types_a_line_a_rate_and_mistakes_are_named_by_line(bureau, as_, served):
    lu, path = as_("lu"), f"/do/enforcement.case/{served.pk}/instalments"
    form = lu.get(path).content.decode()
    assert "2026-06-10，1667" in form and "合计须等于未缴的 5000.00 元" in form
    wrong = lu.post(path, {"rates": "2026-06-10，2000\n下个月，3000", "reason": "困难"})
    assert wrong.status_code == 422 and "第 2 行" in wrong.content.decode()
    assert lu.post(path, {"rates": "2026-06-10，2000\n2026-07-10, 3000", "reason": "困难"}).status_code == 302
    assert [row.amount for row in Instalment.objects.all()] == [2000, 3000]
    said = "".join(Paper.objects.get(subject=served.pk, title="分期（延期）缴纳罚款通知书").facts["paragraphs"])
    assert "第2期：2026年7月10日前，缴纳3000元" in said


def test_who_has_paid_does_not_run_out_of_time_at_night(bureau, served):
    case = pay(served, bureau, 5000, "A1")
    with steps.at(date(2026, 6, 30)):
        night()
    assert not Event.objects.of(case).filter(move="unpaid").exists()


def test_a_late_rate_is_urged_and_after_ten_working_days_the_court_has_three_months(bureau, served):
    case = plan(served, bureau)
    refused(case, "urge", bureau.chen, "期限还没有过", urged_on=steps.MAY)
    with steps.at(date(2026, 6, 15)):
        night()
        flow.move(steps.again(case), "urge", bureau.chen, urged_on=date(2026, 6, 15))
        refused(steps.again(case), "to_court", bureau.lu, "须先催告")
    with steps.at(date(2026, 7, 6)):
        night()
        assert term(case, "apply").due_on == date(2026, 10, 6)
        flow.move(steps.again(case), "to_court", bureau.lu)
        refused(steps.again(case), "instalments", bureau.lu, "已经申请", rates=[{}], reason="x")
    titles = set(Paper.objects.filter(subject=case.pk).values_list("title", flat=True))
    assert {"行政处罚决定履行催告书", "强制执行申请书"} <= titles
