"""Complaints and reports in the quarterly report: the town and the quarter alone, small numbers hidden, no list."""

from datetime import date

import pytest

from sanxiao.docket import flow
from sanxiao.office.models import Office
from sanxiao.office.now import at
from sanxiao.reports import papers, works
from sanxiao.reports.columns import HIDDEN
from sanxiao.reports.models import Report
from sanxiao.reports.subject import subject_of
from sanxiao.reports.tests.history import Q2, opened, submitted, town_report
from sanxiao.tips.tests import steps
from tests import cast

JUNE, JULY = date(2018, 6, 6), date(2018, 7, 4)


def told(count, **changes):
    with at(JUNE):
        for _n in range(count):
            steps.report(**changes)


def table(report):
    return next(t for t in papers.facts(report)["tables"] if "表8之三" in t["title"])


def test_the_town_tells_sums_and_hides_what_is_small(town, as_):
    told(6)
    with at(JUNE):
        steps.keys(town, "chen", "zhou")
        steps.complaint()
    report = town_report(Q2)
    with at(JULY):
        page = as_("chen").get(report.get_absolute_url()).content.decode()
        assert "投诉举报" in page and f"tip_reports.q?area={cast.JINCHENG}" not in page
        printed = table(report)
    assert printed["rows"] == [] and printed["total"] == ["全镇", "…", 0, 6, 0, 0, 0]
    assert [column["label"] for column in printed["columns"]][1:3] == ["收到", "办结"]


def test_what_is_told_of_a_unit_of_our_own_is_in_no_sum(town):
    told(5)
    told(2, problem="official", accused=str(Office.objects.on().get(role="bureau").pk))
    with at(JULY):
        assert subject_of(town_report(Q2)).figures["tip_reports", "q", "", ""] == 5


def test_the_frozen_report_holds_no_small_number_and_no_list(town, as_):
    told(3)
    report = submitted(town_report(Q2), town.chen, JULY)
    assert report.latest.cells[f"tip_reports.q|{cast.JINCHENG}|"] == HIDDEN
    with at(JULY):
        chen = as_("chen")
        assert chen.get(f"/reports/{report.pk}/cell/tip_reports.q").status_code == 404
        assert ">…<" in chen.get(report.get_absolute_url()).content.decode()


def test_no_village_has_the_table(town):
    told(6)
    report = opened(Q2)
    with at(JULY):
        assert not [t for t in papers.facts(report)["tables"] if "表8之三" in t["title"]]
        submitted(report, town.zhang, JULY)
    assert not [cell for cell in Report.objects.get(pk=report.pk).latest.cells if cell.startswith("tip_")]


@pytest.mark.parametrize("kind", ["tips.report", "tips.opening", "tips.reward"])
def test_no_department_tells_of_tips_in_its_own_table(town, kind):
    assert not [key for key in works.columns() if key.startswith(kind)]
    with at(JUNE):
        row = steps.report()
        flow.move(row, "accept", town.zhou, office=row.office, summary="请查")
    with at(JULY):
        found = works.count(Office.objects.on().get(role="fso"), Q2.period(date(2018, 4, 1)))
    assert not [key for key in found.leaves if key[0].startswith("tips.")]
