"""From a report of the public to a case: the case knows the place and the officer's own words, and nothing else."""

import pytest

from sanxiao.docket import flow
from sanxiao.docket.models import Attachment, Event
from sanxiao.docket.refusal import Refused
from sanxiao.enforcement.models import Case
from sanxiao.office.models import Office
from sanxiao.office.now import today
from sanxiao.tips import retention
from sanxiao.tips.models import Letter
from sanxiao.tips.tests import steps

SECRET = "我就住在他家对面三楼"


@pytest.fixture
def row(town, tofu):
    """A report that the bureau checks, on the tofu workshop."""
    report = steps.accepted(town, text=SECRET)
    flow.move(report, "tie", town.chen, file=tofu)
    return report


def test_the_case_holds_no_word_of_the_letter_and_no_key_of_it(town, row):
    case = steps.case_of(row, town)
    held = "\n".join(str(vars(each)) for each in (case, *Event.objects.filter(subject=case.pk), *case.parties.all()))
    for secret in (SECRET, str(row.pk), str(row.letter.pk), "老街豆腐坊门口"):
        assert secret not in held
    assert (case.origin, case.origin_pk, case.origin_url) == ("tip", None, "")
    assert not Attachment.objects.filter(subject=case.pk).exists()


def test_the_clock_of_the_case_runs_from_the_day_on_which_the_letter_came(town, row):
    case = steps.case_of(row, town)
    assert case.received_on == case.rule_on == row.rule_on < today()


def test_the_link_is_kept_both_ways_for_who_may_see_both(as_, town, row):
    case = steps.case_of(row, town)
    chen = as_("chen")
    assert case.get_absolute_url() in chen.get(row.get_absolute_url()).content.decode()
    assert row.get_absolute_url() in chen.get(case.get_absolute_url()).content.decode()
    sun = as_("sun").get(case.get_absolute_url())
    assert sun.status_code == 200 and row.get_absolute_url() not in sun.content.decode(), "he may not see tips"


def test_the_button_stands_on_the_reports_page_and_makes_the_case(as_, town, row):
    chen, path = as_("chen"), f"/do/tips.report/{row.pk}/case"
    assert path in chen.get(row.get_absolute_url()).content.decode()
    page = chen.get(path).content.decode()
    assert SECRET not in page and "不要写是谁" in page
    assert chen.post(path, {"second": town.wu.pk, "conduct": "没有登记证"}).status_code == 302
    assert Case.objects.get().conduct == "没有登记证"
    no = chen.post(path, {"second": town.wu.pk, "conduct": "再来一次"})
    assert no.status_code == 409 and "已经登记过案源" in no.content.decode()


def test_a_place_without_a_file_gets_none_first(town):
    report = steps.accepted(town)
    with pytest.raises(Refused, match="先对应到档案"):
        flow.move(report, "case", town.chen, second=town.wu, conduct="x")


def test_another_office_hands_it_to_the_branch(town, row):
    urban = Office.objects.on().get(role="urban")
    flow.move(row, "reassign", town.zhou, office=urban, summary="占道", reason="占道为主")
    with pytest.raises(Refused, match="案件由市场监管分局办理"):
        flow.move(row, "case", town.qian, second=town.wu, conduct="x")
    flow.move(row, "file_case", town.qian, finding="城管自己立案")


def test_the_report_is_filed_only_after_the_case_was_approved(town, row):
    with pytest.raises(Refused, match="先登记案源"):
        flow.move(row, "file_case", town.chen, finding="无证")
    case = steps.case_of(row, town)
    for move, why in (("file_case", "先登记案源"), ("no_case", "案源还在核查")):
        with pytest.raises(Refused, match=why):
            flow.move(row, move, town.chen, finding="x")
    flow.move(case, "refuse", steps.boss(town), refusal="slight", reason="已改")
    row.refresh_from_db()
    flow.move(row, "no_case", town.chen, finding="已改")


def test_nothing_of_the_letter_is_destroyed_while_its_case_is_open(town, row):
    steps.approved(row, town)
    flow.move(row, "file_case", town.chen, finding="无证")
    flow.move(row, "close", town.chen, outcome="verified", answer="已立案")
    Letter.objects.filter(pk=row.letter.pk).update(closed_on="2019-01-01")
    assert not retention.identities_due().exists()
    Case.objects.update(state="closed")
    assert retention.identities_due().get() == row.letter
