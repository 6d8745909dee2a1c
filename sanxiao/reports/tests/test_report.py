"""A report from its opening by the program to its acceptance, return and correction."""

from datetime import date

import pytest
from django.core.management import call_command

from sanxiao.docket import flow
from sanxiao.docket.models import Deadline
from sanxiao.docket.watch import night
from sanxiao.office.models import Office, Post
from sanxiao.office.now import at
from sanxiao.reports.acts import open_due, open_quarter
from sanxiao.reports.checks import failing
from sanxiao.reports.indicators import COLUMNS
from sanxiao.reports.models import Report
from sanxiao.reports.subject import subject_of
from sanxiao.reports.tests.history import (
    APRIL,
    JULY_1,
    Q2,
    Q3,
    close,
    opened,
    shop,
    submitted,
    town_report,
)
from tests.cast import HOUYANG, JINCHENG, NANYAO

JULY_3, LATE = date(2018, 7, 3), date(2018, 7, 20)


def accepted(report, by, day=JULY_3):
    with at(day):
        flow.move(report, "accept", by)
    return Report.objects.get(pk=report.pk)


def test_the_night_of_the_last_day_opens_the_reports_once(town):
    with at(date(2018, 6, 29)):
        night()
    assert not Report.objects.filter(year=2018, no=2).exists()
    for day in (date(2018, 6, 30), JULY_1):
        with at(day):
            night()
    assert Report.objects.of(Q2).count() == 25  # 14 villages and committees, 10 offices, the town
    assert Report.objects.of(Q2).filter(scope="town").get().unit.role == "bureau"


def test_a_watch_that_missed_the_night_opens_it_later_with_the_same_date(town):
    with at(date(2018, 6, 30)):
        night()
    with at(date(2018, 10, 4)):
        night()
    report = Report.objects.of(Q3).get(unit__area=HOUYANG)
    assert report.due_by == date(2018, 10, 12)  # five working days after 30 September, National Day in between


def test_nobody_owes_a_report_on_a_quarter_that_was_over_before_the_plan_began(town):
    with at(date(2018, 4, 2)):
        assert open_due() == "opened 0 reports"
    assert not Report.objects.exists()


def test_the_term_is_five_working_days_from_the_quarters_end(town):
    report = opened(Q2)
    assert report.due_by == date(2018, 7, 6)
    term = Deadline.objects.get(subject=report.pk)
    assert (term.due_on, "六（四）" in term.law) == (report.due_by, True)


def test_a_unit_that_did_not_stand_yet_owes_nothing(town):
    opened(Q2)
    assert not Report.objects.filter(unit__area="320413100001").exists()


def test_zhang_finds_the_report_on_her_desk_and_nobody_else_does(town, as_):
    opened(Q2)
    people = ("zhang", "zhou", "chen", "sun")
    waiting = {name: [todo.title for todo in as_(name).get("/").context["todo"]] for name in people}
    assert waiting["zhang"] == ["2018年第二季度 后阳村"]
    assert waiting["zhou"] == ["2018年第二季度 食安办"]
    assert sorted(waiting["chen"]) == ["2018年第二季度 全镇汇总", "2018年第二季度 市场监督管理局金城分局"]
    assert waiting["sun"] == []


def test_a_unit_sees_its_own_the_three_leading_offices_see_all(town):
    opened(Q2)
    seen = {name: Report.objects.seen_by(getattr(town, name)).count() for name in town.__dict__}
    assert (seen["zhang"], seen["li"], seen["feng"], seen["qian"]) == (1, 1, 1, 1)
    assert (seen["zhou"], seen["chen"], seen["sun"]) == (25, 25, 25)
    assert seen["he"] == 0


def test_zhang_submits_and_everything_is_frozen(town):
    file = shop(town, APRIL)
    report = submitted(opened(Q2), town.zhang, JULY_3)
    close(town, file, date(2018, 7, 10))
    with at(date(2018, 7, 12)):
        flow.amend(file.__class__.objects.get(pk=file.pk), town.zhang, "file.edit", name="改了名")
    subject = subject_of(Report.objects.get(pk=report.pk))
    assert (subject.figures["end", "q", "", ""], subject.figures["closed", "q", "", ""]) == (1, 0)
    assert subject.items(COLUMNS["end"], "q").files == [file.pk]
    assert report.latest.late is False
    assert len(report.latest.digest) == 64


def test_a_late_entry_about_june_changes_the_log_but_not_the_frozen_report(town):
    report = submitted(opened(Q2), town.zhang, JULY_3)
    with at(JUNE := date(2018, 6, 20)):
        assert JUNE
        late = shop(town, JUNE)
    fresh = Report.objects.get(pk=report.pk)
    assert subject_of(fresh).figures["new", "q", "", ""] == 0
    assert late.pk not in subject_of(fresh).items(COLUMNS["end"], "q").files
    third = opened(Q3)
    with at(date(2018, 10, 8)):
        assert [check.key for check in failing(subject_of(third))] == ["carried"]


def test_a_contradiction_goes_with_an_explanation_or_not_at_all(town):
    submitted(opened(Q2), town.zhang, JULY_3)
    shop(town, date(2018, 6, 20))
    third = opened(Q3)
    with pytest.raises(flow.Refused, match="核对说明"):
        submitted(third, town.zhang, date(2018, 10, 8))
    with at(date(2018, 10, 8)):
        third = Report.objects.get(pk=third.pk)
        flow.amend(third, town.zhang, "report.write", explanation="6月有一户补录。", progress="已入户登记。")
    assert submitted(third, town.zhang, date(2018, 10, 8)).state == "submitted"


def test_without_a_word_it_does_not_go(town):
    report = opened(Q2)
    with pytest.raises(flow.Refused, match="整治进展"), at(JULY_3):
        flow.move(report, "submit", town.zhang)


def test_after_the_date_it_is_late_and_stays_so(town):
    report = submitted(opened(Q2), town.zhang, LATE)
    assert report.latest.late


@pytest.mark.parametrize("name", ["li", "zhou", "chen", "feng", "sun"])
def test_nobody_writes_for_houyang_but_houyang(town, name):
    report = opened(Q2)
    report.progress = "代写"
    with pytest.raises(flow.Refused, match="不归您办理"), at(JULY_3):
        flow.move(report, "submit", getattr(town, name))


@pytest.mark.parametrize("name", ["zhang", "li", "feng", "qian", "sun"])
def test_only_the_two_offices_accept_a_villages_report(town, name):
    report = submitted(opened(Q2), town.zhang, JULY_3)
    with pytest.raises(flow.Refused, match="不归您办理"), at(JULY_3):
        flow.move(report, "accept", getattr(town, name))
    assert accepted(report, town.zhou).state == "accepted"


def test_the_towns_report_and_those_of_the_two_offices_go_to_the_leading_group(town):
    whole = submitted(town_report(Q2), town.chen, JULY_3)
    with pytest.raises(flow.Refused, match="不归您办理"), at(JULY_3):
        flow.move(whole, "accept", town.zhou)
    assert accepted(whole, town.sun).state == "accepted"
    assert opened(Q2, JINCHENG, "fso").gate == "adopt"
    assert opened(Q2, JINCHENG, "finance").gate == "accept"


def test_who_submitted_does_not_accept_even_with_both_seats(town):
    office = Office.objects.on().get(role="village", area=HOUYANG)
    Post.objects.create(user=town.zhou, office=office, title="代管", since=date(2018, 4, 1))
    report = submitted(opened(Q2), town.zhou, JULY_3)
    with pytest.raises(flow.Refused, match="不同的人"), at(JULY_3):
        flow.move(report, "accept", town.zhou)


def test_a_returned_report_comes_again_and_both_drafts_stay(town):
    report = submitted(opened(Q2), town.zhang, JULY_3)
    with pytest.raises(flow.Refused, match="理由"), at(JULY_3):
        flow.move(Report.objects.get(pk=report.pk), "return", town.zhou)
    with at(JULY_3):
        flow.move(report, "return", town.zhou, reason="请写明停业的两户")
    shop(town, date(2018, 6, 28))
    again = submitted(Report.objects.get(pk=report.pk), town.zhang, date(2018, 7, 5))
    first, second = again.versions.all()
    assert (first.cells, second.cells["end.q|320413100206|workshop"]) == ({}, 1)
    assert second.reason == ""


def test_a_correction_after_acceptance_is_a_new_version_with_its_reason(town, as_):
    report = accepted(submitted(opened(Q2), town.zhang, JULY_3), town.zhou)
    shop(town, date(2018, 6, 28))
    with at(LATE):
        flow.move(report, "correct", town.zhang, reason="漏登一户")
    again = submitted(Report.objects.get(pk=report.pk), town.zhang, LATE)
    first, second = again.versions.all()
    assert (first.late, second.reason) == (False, "漏登一户")
    page = as_("zhou").get(again.get_absolute_url()).content.decode()
    assert "更正理由：漏登一户" in page
    assert "<del>0</del>" in page


def test_an_accepted_report_can_only_be_corrected_by_its_unit(town):
    report = accepted(submitted(opened(Q2), town.zhang, JULY_3), town.zhou)
    for name, move in (("zhou", "correct"), ("zhang", "submit"), ("zhou", "return")):
        with pytest.raises(flow.Refused), at(LATE):
            flow.move(Report.objects.get(pk=report.pk), move, getattr(town, name), reason="改")


def test_the_town_says_which_village_reported_otherwise(town):
    shop(town, APRIL)
    submitted(opened(Q2), town.zhang, JULY_3)
    shop(town, date(2018, 6, 25)), shop(town, date(2018, 6, 25), area=NANYAO)
    found = failing(subject_of(town_report(Q2)))
    assert [check.key for check in found] == ["villages"]
    assert "后阳村" in found[0].text
    assert "南瑶村" not in found[0].text


def test_a_department_reports_what_it_did(town):
    report = opened(Q2, JINCHENG, "fso")
    file = shop(town, APRIL)
    with at(date(2018, 5, 1)):
        flow.move(file.__class__.objects.get(pk=file.pk), "rest", town.zhou, on=date(2018, 5, 1), reason="停业")
    found = subject_of(Report.objects.get(pk=report.pk))
    assert found.figures["archive.file.rest", "q", "", ""] == 1
    assert len(found.items(found.columns["archive.file.rest"], "q").events) == 1
    assert submitted(report, town.zhou, JULY_3).latest.cells["archive.file.rest.q|320413100206|"] == 1


def test_a_quarter_is_opened_by_hand_only_when_it_is_over(town):
    with at(LATE):
        call_command("open_reports", "2018Q2", verbosity=0)
        with pytest.raises(Exception, match="2018Q3"):
            call_command("open_reports", "2018Q3", verbosity=0)
        with pytest.raises(Exception, match="2018Q2"):
            call_command("open_reports", "nächstes", verbosity=0)
        assert open_quarter(Q2) == 0
