"""What is sealed, seized or kept: its list, its clock, and what becomes of every piece."""

from datetime import date
from decimal import Decimal

import pytest

from sanxiao.docket import flow
from sanxiao.docket.models import Deadline
from sanxiao.docket.watch import night as watch
from sanxiao.enforcement.models import Measure
from sanxiao.enforcement.tests import steps
from sanxiao.papers.models import Paper


def refused(obj, move, by, why, **facts):
    with pytest.raises(flow.Refused, match=why):
        flow.move(obj, move, by, **facts)


def now_as(measure):
    return Measure.objects.select_related("case__file__operator").get(pk=measure.pk)


def test_what_is_seized_has_a_list_a_number_and_thirty_days(bureau, filed):
    measure = steps.take(filed, bureau)
    assert measure.number == "坛市监强〔2026〕1号"
    assert [(row.name, row.quantity) for row in measure.exhibits.all()] == [("豆腐皮", Decimal(20))]
    terms = dict(Deadline.objects.filter(subject=measure.pk).values_list("term", "due_on"))
    assert terms["hold"] == date(2026, 6, 10)
    assert set(terms) == {"hold", "report"}
    assert "豆腐皮" in str(Paper.objects.get(subject=measure.pk).facts)


def test_evidence_that_is_kept_lapses_after_seven_working_days(bureau, filed):
    measure = steps.take(filed, bureau, how="register")
    with steps.at(date(2026, 5, 21)):
        watch()
    measure = now_as(measure)
    assert measure.state == "lapsed"
    refused(measure, "settle", bureau.chen, "期满解除的只能退还", fates={"1": "destroyed"})
    flow.move(measure, "settle", bureau.chen, fates={"1": "returned"})
    assert now_as(measure).exhibits.get().fate == "returned"


def test_the_time_of_a_test_does_not_count(bureau, filed):
    measure = steps.take(filed, bureau)
    flow.move(measure, "test", bureau.chen, reason="送检")
    with steps.at(date(2026, 7, 1)):
        watch()
        measure = now_as(measure)
        assert measure.state == "in_force"
        flow.move(measure, "tested", bureau.chen)
        assert Deadline.objects.get(subject=measure.pk, term="hold").due_on == date(2026, 7, 31)


def test_a_seizure_may_be_lengthened_by_thirty_days_and_no_more(bureau, filed):
    measure = steps.take(filed, bureau)
    refused(measure, "extend", bureau.lu, "最多可延长", until=date(2026, 7, 20), reason="案情复杂")
    flow.move(now_as(measure), "extend", bureau.lu, until=date(2026, 7, 9), reason="案情复杂")


def test_nothing_is_confiscated_without_a_decision_and_destroyed_only_before_a_witness(bureau, noticed):
    measure = steps.take(noticed, bureau)
    refused(measure, "settle", bureau.chen, "须有处罚决定", fates={"1": "destroyed"})
    steps.decided(noticed, bureau)
    measure = now_as(measure)
    refused(measure, "settle", bureau.chen, "监销人", fates={"1": "destroyed"})
    flow.move(now_as(measure), "settle", bureau.chen, fates={"1": "destroyed"}, witness="张桂兰")
    assert now_as(measure).state == "settled"


def test_every_piece_needs_its_fate(bureau, filed):
    measure = steps.take(filed, bureau)
    refused(measure, "settle", bureau.chen, "第 1 项", fates={})


def test_a_case_does_not_end_while_goods_lie_in_store(bureau, served):
    steps.take(served, bureau)
    flow.move(steps.again(served), "pay", bureau.chen, amount=Decimal(5000), paid_on=steps.MAY, slip="A1")
    refused(steps.again(served), "execute", bureau.chen, "还没有处理完")


@pytest.mark.parametrize("who", ["zhang", "zhou", "qian", "ding"])
def test_only_the_bureau_seizes(bureau, filed, who):
    with pytest.raises(flow.Refused, match="不归您"):
        flow.move(Measure(case=filed, area=filed.area), "take", getattr(bureau, who), how="seal", place="x",
                  taken_on=steps.MAY, custodian="x", goods=[1])  # fmt: skip
