"""A penalty and a crime count for the grade, from the day on which they became known."""

from datetime import timedelta

from sanxiao.docket import flow
from sanxiao.enforcement import risk
from sanxiao.enforcement.models import Transfer
from sanxiao.enforcement.tests import steps
from sanxiao.risk.grade import grades


def test_a_penalty_counts_from_its_decision_on(bureau, served):
    before, after = steps.MAY - timedelta(days=1), steps.MAY
    assert risk.facts([served.file_id], before) == {}
    fact = risk.facts([served.file_id], after)[served.file_id][0]
    assert (fact.kind, fact.value) == ("penalty", 5000)
    assert "罚款" in fact.words


def test_a_crime_handed_over_makes_the_grade_d(bureau, filed):
    transfer = Transfer(case=filed, file=filed.file, area=filed.area, officer=bureau.chen)
    flow.move(transfer, "propose", bureau.chen, crime="144", second=bureau.wu, report="x")
    assert risk.facts([filed.file_id], steps.MAY) == {}
    for name, by, facts in (
        ("approve", bureau.lu, {}),
        ("send", bureau.chen, {"papers": ["letter", "report"], "copied": True}),
        ("receive", bureau.ding, {}),
    ):
        flow.move(Transfer.objects.get(pk=transfer.pk), name, by, **facts)
    assert [fact.kind for fact in risk.facts([filed.file_id], steps.MAY)[filed.file_id]] == ["crime"]
    assert grades([filed.file], steps.MAY)[filed.file_id].letter == "D"


def test_the_facts_of_many_files_cost_two_queries(bureau, served, django_assert_num_queries):
    with django_assert_num_queries(2):
        risk.facts([served.file_id], steps.MAY)
