"""Urging by rule: one sheet a unit and colour, from blue to red, never doubled, and it ends by itself."""

from datetime import date

import pytest

from sanxiao.docket import rooms
from sanxiao.docket.models import Deadline, Event, Rule
from sanxiao.docket.refusal import Refused
from sanxiao.office.now import at
from sanxiao.oversight.models import Item, Urge
from sanxiao.oversight.tests import steps
from sanxiao.oversight.urging import colour_of, late, readable, urge
from tests.cast import HOUYANG, NANYAO


@pytest.fixture
def finding(town):
    """后阳村 has until 22 June 2018 (a Friday) to put something right."""
    with at(steps.JUNE):
        return steps.told(town)


def night(day):
    with at(day):
        return urge()


def test_the_colour_follows_the_working_days_that_the_town_has_set():
    said = {"blue": 1, "orange": 6, "red": 11}
    assert [colour_of(days, said) for days in (0, 1, 5, 6, 10, 11, 99)] == [
        "", "blue", "blue", "orange", "orange", "red", "red",
    ]  # fmt: skip


def test_what_is_late_goes_from_blue_over_orange_to_red_on_one_sheet_at_a_time(town, finding):
    night(date(2018, 6, 23))  # a Saturday: no working day has passed
    assert not Urge.objects.exists()
    for day, colour in ((date(2018, 6, 25), "blue"), (date(2018, 7, 2), "orange"), (date(2018, 7, 9), "red")):
        night(day)
        night(day)  # safe to run twice
        sheet = Urge.objects.get(state="open")
        assert (sheet.colour, sheet.unit) == (colour, steps.village())
        assert sheet.items.get(done_on=None, moved_on=None).subject == finding.pk
    assert sorted(Urge.objects.values_list("colour", "state")) == [
        ("blue", "raised"), ("orange", "raised"), ("red", "open"),
    ]  # fmt: skip
    assert Event.objects.filter(kind="oversight.urge", move="issue").count() == 3


def test_a_sheet_ends_by_itself_when_its_matter_is_done_and_nags_no_more(town, finding):
    night(date(2018, 6, 25))
    with at(date(2018, 6, 26)):
        steps.corrected(town, finding)
    night(date(2018, 6, 27))
    sheet = Urge.objects.get()
    assert (sheet.state, sheet.ended_on, sheet.items.get().done_on) == ("done", date(2018, 6, 27), date(2018, 6, 27))
    before = Event.objects.count()
    night(date(2018, 6, 28))
    assert Event.objects.count() == before


def test_more_late_matters_of_a_unit_come_onto_its_sheet_and_others_keep_theirs(town, finding):
    night(date(2018, 6, 25))
    with at(steps.JUNE):
        mine, theirs = steps.lead(town, 1, closed=False), steps.lead(town, 2, area=NANYAO, closed=False)
    night(date(2018, 6, 26))
    assert set(Item.objects.values_list("subject", "sheet__unit__area")) >= {
        (finding.pk, HOUYANG), (mine.pk, HOUYANG), (theirs.pk, NANYAO),
    }  # fmt: skip
    assert Urge.objects.filter(unit=steps.village(), colour="blue").count() == 1


def test_the_unit_answers_and_a_new_matter_asks_it_again(town, finding):
    night(date(2018, 6, 25))
    sheet = Urge.objects.get()
    with at(date(2018, 6, 25)):
        for who in (town.li, town.chen, town.sun):
            with pytest.raises(Refused):
                steps.act(sheet, "answer", who, answer="x")
        sheet = steps.act(sheet, "answer", town.zhang, answer="这周五办完")
    assert sheet.state == "answered"
    with at(steps.JUNE):
        steps.lead(town, 1, closed=False)
    for day in (date(2018, 6, 26),):
        night(day)
    lead = Item.objects.exclude(subject=finding.pk).get()
    assert lead.sheet.state == "open"
    assert Urge.objects.seen_by(town.zhang).count() == Urge.objects.seen_by(town.sun).count() >= 1
    assert not Urge.objects.seen_by(town.li).exists()


def test_a_late_report_is_urged_from_the_unit_that_owes_it(town):
    from sanxiao.reports.tests.history import Q2, opened

    report = opened(Q2)
    with at(date(2018, 7, 10)):
        row = next(row for row in late() if row.subject == report.pk)
    assert (row.unit, row.colour) == (steps.village(), "blue")


def test_a_kind_that_the_town_leaves_out_is_not_urged(town, finding):
    rule = Rule.objects.get(key="urging.colours")
    Rule.objects.filter(pk=rule.pk).update(value={**rule.value, "leave_out": ["oversight.finding"]})
    night(date(2018, 7, 9))
    assert not Urge.objects.exists()


def test_a_tip_never_stands_on_a_sheet(town):
    with at(steps.JUNE):
        lead = steps.lead(town, 1, closed=False)
        Deadline.objects.filter(subject=lead.pk).update(kind="tips.report")
    night(date(2018, 7, 9))
    assert not Item.objects.exists()


def test_every_kind_of_matter_with_terms_can_stand_on_a_sheet():
    for model in rooms.models():
        if any(move.starts for move in model.flow.moves):
            assert readable(model).query, model
            assert hasattr(model, "title"), model
            assert hasattr(model, "get_absolute_url"), model


def test_a_superior_sees_who_is_late_with_a_telephone_and_prints_the_sheet(as_, town, finding):
    type(town.zhang).objects.filter(pk=town.zhang.pk).update(phone="0519-82300001")
    night(date(2018, 6, 25))
    with at(date(2018, 6, 25)):
        for who in ("sun", "zhou", "chen"):
            page = as_(who).get("/oversight/urges/late/").content.decode()
            assert 'href="tel:0519-82300001"' in page, who
        assert "没有逾期的单位" in as_("li").get("/oversight/urges/late/").content.decode()
        sheet = Urge.objects.get()
        assert as_("li").get(sheet.get_absolute_url()).status_code == 404
        assert "两户没有建档" in as_("zhang").get(sheet.get_absolute_url()).content.decode()
        paper = as_("zhang").get(f"{sheet.get_absolute_url()}pdf")
        assert paper.content.startswith(b"%PDF")
