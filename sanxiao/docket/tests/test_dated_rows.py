"""Changing a flow never breaks what is under way: rows, terms and states have dates."""

from dataclasses import replace
from datetime import date

import pytest

from sanxiao.archive.models import Classification
from sanxiao.docket import flow, terms
from sanxiao.docket.models import Rule
from sanxiao.docket.tables import State
from sanxiao.office.now import at
from tests.cast import JINCHENG

NEW_RULE = date(2019, 1, 1)


@pytest.fixture
def received_in_2018(town, tofu):
    with at(date(2018, 12, 20)):
        row = Classification(file=tofu, area=tofu.area)
        flow.move(row, "propose", town.zhang, proposed_case="1", proposed_batch="regulate")
    row.refresh_from_db()
    return row


def test_a_matter_received_under_the_old_rows_keeps_them(town, received_in_2018, monkeypatch):
    table = Classification.flow
    old = replace(table.row("decide"), until=date(2018, 12, 31))
    new = replace(table.row("decide"), since=NEW_RULE, duty="class.propose", name="村里自定")
    monkeypatch.setattr(table, "moves", (*[m for m in table.moves if m.key != "decide"], old, new))
    offers = [row.name for row in flow.rows_from(received_in_2018)]
    assert old.name in offers
    assert "村里自定" not in offers


def test_a_matter_received_later_follows_the_new_rows(town, tofu, monkeypatch):
    table = Classification.flow
    old = replace(table.row("decide"), until=date(2018, 12, 31))
    monkeypatch.setitem(table._move, "decide", old)
    monkeypatch.setattr(table, "moves", (*[m for m in table.moves if m.key != "decide"], old))
    row = Classification(file=tofu, area=tofu.area)
    flow.move(row, "propose", town.zhang, proposed_case="1", proposed_batch="regulate")
    row.refresh_from_db()
    with pytest.raises(flow.Refused):
        flow.move(row, "decide", town.chen, case="1", batch="regulate")


def test_a_term_keeps_the_length_of_the_day_of_receipt(received_in_2018):
    Rule.objects.filter(key="term.REG_DECIDE").update(until=date(2018, 12, 31))
    Rule.objects.create(
        key="term.REG_DECIDE", area=JINCHENG, name="新", value={"length": 7}, unit="wd", since=NEW_RULE, law="新法"
    )
    term = flow.Term("decide", "决定", 1, "wd", rule="REG_DECIDE")
    assert terms.length_of(received_in_2018, term)[0] == 20
    received_in_2018.rule_on = date(2019, 2, 1)
    assert terms.length_of(received_in_2018, term)[:3] == (7, "wd", "新法")


def test_a_state_that_a_newer_release_no_longer_knows_is_shown_and_crashes_nothing(as_, received_in_2018, tofu):
    Classification.objects.filter(pk=received_in_2018.pk).update(state="hearing")
    page = as_("chen").get(f"{tofu.get_absolute_url()}?tab=class")
    assert page.status_code == 200
    assert Classification.flow.state("hearing") == State("hearing", "hearing")
