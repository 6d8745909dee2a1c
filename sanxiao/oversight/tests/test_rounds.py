"""A round of inspection: planned in secret, told, corrected with proof, ticked off by somebody else."""

from datetime import date

import pytest

from sanxiao.docket import flow
from sanxiao.docket.refusal import Refused
from sanxiao.office.now import at
from sanxiao.oversight.models import Finding, Round
from sanxiao.oversight.rules import FINDING, ROUND
from sanxiao.oversight.tests import steps
from tests.cast import NANYAO


@pytest.fixture(autouse=True)
def june():
    """It is nine in the morning of 4 June 2018."""
    with at(steps.JUNE):
        yield


def test_a_unit_does_not_know_before_the_round_has_begun(town):
    round_ = steps.planned(town)
    assert not Round.objects.seen_by(town.zhang).exists()
    assert Round.objects.seen_by(town.chen).exists()
    steps.act(round_, "start", town.zhou)
    assert Round.objects.seen_by(town.zhang).exists()
    assert not Round.objects.seen_by(town.qian).exists()


def test_nothing_is_told_before_every_unit_was_visited(town):
    round_ = steps.act(steps.planned(town), "start", town.zhou)
    round_ = steps.act(round_, "visit", town.zhou, whom=steps.village().pk, seen_on=steps.JUNE, words="看了三户")
    with pytest.raises(Refused, match="没有登记走访"):
        steps.act(round_, "tell", town.zhou)
    with pytest.raises(Refused, match="没有这个单位"):
        steps.act(round_, "visit", town.zhou, whom=steps.unit("police").pk, seen_on=steps.JUNE, words="x")
    with pytest.raises(Refused, match="不能晚于今天"):
        steps.act(round_, "visit", town.zhou, whom=steps.village(NANYAO).pk, seen_on=date(2018, 6, 5), words="x")


def test_a_finding_is_hidden_until_it_is_told_and_then_has_its_date(town):
    round_ = steps.act(steps.planned(town), "start", town.zhou)
    finding = steps.noted(town, round_)
    assert not Finding.objects.seen_by(town.zhang).exists()
    for office in (steps.village(), steps.village(NANYAO)):
        round_ = steps.act(round_, "visit", town.zhou, whom=office.pk, seen_on=steps.JUNE, words="看了")
    steps.act(round_, "tell", town.zhou)
    finding.refresh_from_db()
    assert (finding.state, finding.due_on) == ("told", date(2018, 6, 22))
    assert Finding.objects.seen_by(town.zhang).get() == finding
    assert not Finding.objects.seen_by(town.li).exists()


def test_a_finding_belongs_to_a_round_that_goes_on_and_to_one_of_its_units(town):
    round_ = steps.act(steps.planned(town, steps.village()), "start", town.zhou)
    with pytest.raises(Refused, match="名单"):
        steps.noted(town, round_, steps.village(NANYAO))
    late = Finding(area=steps.village().area, round=round_)
    with pytest.raises(Refused, match="今天之后"):
        flow.move(
            late, "note", town.zhou, unit=steps.village(), gravity="minor", text="x", demand="y", due_by=steps.JUNE
        )


def test_the_unit_reports_with_proof_and_somebody_else_ticks_off(town):
    finding = steps.told(town)
    with pytest.raises(Refused, match="照片或材料"):
        steps.act(finding, "report", town.zhang, done="改了")
    finding = steps.corrected(town, finding)
    assert (finding.state, finding.due_on) == ("reported", None)
    assert finding.round and Round.objects.get().state == "correcting"
    finding = steps.act(finding, "return", town.zhou, reason="只补了一户", due_by=date(2018, 6, 29))
    assert finding.due_on == date(2018, 6, 29)
    with pytest.raises(Refused, match="没有销号"):
        steps.act(finding.round, "close", town.zhou, note="")
    finding = steps.act(steps.corrected(town, finding), "close", town.zhou, note="到户看过")
    assert steps.act(finding.round, "close", town.zhou, note="").state == "closed"


def test_nobody_ticks_off_the_correction_of_his_own_office(town):
    office = steps.unit("fso")
    round_ = steps.act(steps.planned(town, office), "start", town.sun)
    finding = steps.noted(town, round_, office)
    round_ = steps.act(round_, "visit", town.sun, whom=office.pk, seen_on=steps.JUNE, words="看了")
    steps.act(round_, "tell", town.sun)
    steps.photo(finding, town.zhou, "after")
    finding = steps.act(finding, "report", town.zhou, done="改了")
    with pytest.raises(Refused):
        steps.act(finding, "close", town.zhou, note="")
    assert steps.act(finding, "close", town.sun, note="").state == "closed"


def test_whose_duty_it_is_not_cannot_and_no_state_takes_a_move_that_is_not_its_own(town):
    round_, finding = steps.planned(town), steps.told(town)
    for obj, table in ((round_, ROUND), (finding, FINDING)):
        for row in table.moves:
            if "" in row.frm:
                continue
            for who in (town.li, town.he, town.feng):
                with pytest.raises(Refused):
                    steps.act(obj, row.key, who)
            if obj.state not in row.frm:
                with pytest.raises(Refused):
                    steps.act(obj, row.key, town.zhou if row.duty else None)


def test_a_cancelled_round_takes_what_nobody_was_told_with_it(town):
    round_ = steps.act(steps.planned(town), "start", town.zhou)
    finding = steps.noted(town, round_)
    steps.act(round_, "cancel", town.zhou, reason="改期")
    finding.refresh_from_db()
    assert finding.state == "void"
    assert not Round.objects.seen_by(town.zhang).exists()
