"""What the rows of a table do to the terms of a matter."""

from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone

from sanxiao.archive.models import Classification, Establishment
from sanxiao.docket import flow, terms
from sanxiao.docket.models import CalendarDay, Deadline, Event, Rule
from sanxiao.docket.refusal import Refused
from sanxiao.docket.tables import Move, Term
from sanxiao.docket.watch import lapse_due, night
from sanxiao.office.now import at, today

FIX = Term("fix", "整改期限", 10, "d", law="条例第九条", extend=15)
JUNE = date(2018, 6, 4)


def row(**columns) -> Move:
    return Move("step", "一步", ("normal",), "=", "file.life", **columns)


def carry_out(tofu, step: Move, facts: dict) -> None:
    """The term columns of a row, on the day that it is told to be."""
    terms.apply(tofu, step, facts, today())


@pytest.fixture
def running(tofu) -> Deadline:
    """Ten days from 4 June 2018, so until the 14th."""
    with at(JUNE):
        return terms.start(tofu, FIX, {})


def test_a_term_stands_with_its_date_clause_and_file(tofu, running):
    assert (running.starts_on, running.due_on, running.first_due_on) == (JUNE, date(2018, 6, 14), date(2018, 6, 14))
    assert (running.law, running.file, running.area, running.provisional) == ("条例第九条", tofu.pk, tofu.area, False)


def test_a_paused_term_does_not_run_and_keeps_its_first_date(tofu, running):
    with at(date(2018, 6, 8)):
        carry_out(tofu, row(pauses=("fix",)), {"reason": "停电"})
    assert terms.next_due(tofu) is None
    with at(date(2018, 6, 28)):
        carry_out(tofu, row(resumes=("fix",)), {})
    running.refresh_from_db()
    assert (running.due_on, running.first_due_on) == (date(2018, 7, 4), date(2018, 6, 14))
    assert running.pauses.get().reason == "停电"


def test_an_extension_keeps_the_first_date_and_has_an_end(tofu, running):
    longer = row(extends="fix")
    Establishment.flow.moves += (row(starts=(FIX,)),)  # the term is found by the row that starts it
    try:
        with at(date(2018, 6, 8)), pytest.raises(Refused, match="2018-06-29"):
            carry_out(tofu, longer, {"until": date(2018, 6, 30)})
        with pytest.raises(Refused, match="晚于原期限"):
            carry_out(tofu, longer, {"until": date(2018, 6, 14)})
        carry_out(tofu, longer, {"until": date(2018, 6, 29)})
    finally:
        Establishment.flow.moves = Establishment.flow.moves[:-1]
    running.refresh_from_db()
    assert (running.due_on, running.first_due_on) == (date(2018, 6, 29), date(2018, 6, 14))


def test_a_stopped_term_is_met_and_the_same_one_may_begin_again(tofu, running):
    with at(date(2018, 6, 10)):
        carry_out(tofu, row(stops=("fix",), starts=(FIX,)), {})
    assert [(d.outcome, d.due_on) for d in Deadline.objects.order_by("id")] == [
        ("met", date(2018, 6, 14)), ("", date(2018, 6, 20)),
    ]  # fmt: skip


def test_a_final_state_drops_what_still_runs(tofu, running):
    tofu.state = "void"
    carry_out(tofu, row(), {})
    running.refresh_from_db()
    assert running.outcome == "dropped"


def test_the_length_may_be_a_fact_or_the_date_itself(tofu):
    with at(JUNE):
        assert terms.start(tofu, Term("a", "甲", "days", "d"), {"days": 3}).due_on == date(2018, 6, 7)
        assert terms.start(tofu, Term("b", "乙", "until", "d"), {"until": date(2018, 9, 1)}).due_on == date(2018, 9, 1)
        by_hours = terms.start(tofu, Term("c", "丙", 24, "h"), {})
        late = by_hours.due_at - at_nine() - timedelta(hours=24)
        assert by_hours.due_on == date(2018, 6, 5) and timedelta(0) <= late < timedelta(seconds=1)


def at_nine() -> datetime:
    return timezone.make_aware(datetime(2018, 6, 4, 9))  # noqa: DTZ001  made aware at once


def test_who_was_received_under_the_old_rule_keeps_the_old_rule(tofu):
    area = tofu.area[:9] + "000"
    Rule.objects.create(key="term.X", area=area, name="旧", value={"length": 20}, unit="wd", law="旧规",
                        until=date(2018, 12, 31))  # fmt: skip
    Rule.objects.create(key="term.X", area=area, name="新", value={"length": 5}, unit="wd", law="新规",
                        since=date(2019, 1, 1))  # fmt: skip
    term = Term("x", "办理期限", 1, "d", rule="X")
    tofu.rule_on = date(2018, 12, 31)
    assert terms.length_of(tofu, term) == (20, "wd", "旧规", 0)
    tofu.rule_on = date(2019, 1, 1)
    assert terms.length_of(tofu, term) == (5, "wd", "新规", 0)


def test_a_provisional_term_is_counted_anew_when_the_calendar_comes(tofu):
    with at(date(2026, 12, 28)):
        deadline = terms.start(tofu, Term("x", "办理期限", 5, "wd"), {})
        assert (deadline.due_on, deadline.provisional) == (date(2027, 1, 4), True)
        CalendarDay.objects.create(day=date(2027, 1, 1), working=False, name="元旦")
        assert terms.recount() == 1
        assert terms.recount() == 0
    deadline.refresh_from_db()
    tofu.refresh_from_db()
    assert (deadline.due_on, deadline.provisional, tofu.due_on) == (date(2027, 1, 5), False, date(2027, 1, 5))


def test_recounting_one_term_does_not_hide_an_earlier_one(tofu):
    with at(date(2026, 12, 28)):
        terms.start(tofu, Term("x", "办理期限", 5, "wd"), {})
        terms.start(tofu, Term("y", "答复期限", 2, "d"), {})
        CalendarDay.objects.create(day=date(2027, 1, 1), working=False, name="元旦")
        terms.recount()
    tofu.refresh_from_db()
    assert tofu.due_on == date(2026, 12, 30)


def test_the_night_watch_lapses_once_even_when_it_runs_twice(town, tofu, monkeypatch):
    opinion = decided(town, tofu)
    Deadline.objects.filter(subject=opinion.pk).update(lapse="settle")
    due = opinion.due_on
    with at(due):
        assert lapse_due() == (0, [])  # the last day is still in time
    with at(date(due.year + 1, 1, 1)):
        assert lapse_due() == (1, [])
        assert lapse_due() == (0, [])
    assert Event.objects.of(opinion).filter(move="settle", actor=None).count() == 1
    assert Deadline.objects.get(subject=opinion.pk).outcome == "lapsed"


def test_one_sick_matter_does_not_stop_the_night(town, tofu, caplog):
    opinion = decided(town, tofu)
    other = terms.start(tofu, Term("z", "其他", 1, "d", lapse="no such move"), {})
    Deadline.objects.filter(subject=opinion.pk).update(lapse="settle")
    Deadline.objects.filter(pk=other.pk).update(kind="nobody.knows")
    with at(date(2030, 1, 1)):
        words = night()
    assert words[0] == "lapsed: 1"
    assert "nobody.knows" in words[1]
    assert "the lapse failed" in caplog.text


def decided(town, tofu) -> Classification:
    opinion = Classification(file=tofu, area=tofu.area)
    flow.move(opinion, "propose", town.zhang, proposed_case="1", proposed_batch="regulate")
    flow.move(opinion, "decide", town.chen, case="1", batch="regulate")
    return opinion
