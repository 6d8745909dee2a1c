"""The critical path: hand-made projects whose dates can be counted on the fingers."""

from datetime import date

import pytest

from sanxiao.docket.clock import Calendar
from sanxiao.zones import path
from sanxiao.zones.path import Task, schedule
from tests.cast import HOUYANG

MONDAY = date(2018, 6, 4)
NO_HOLIDAYS = Calendar({}, frozenset({2018}))


def bars(*tasks, begun=MONDAY, today=MONDAY):
    return schedule(tasks, begun, today, NO_HOLIDAYS)


A = Task("a", (), ((5, "wd"),))
B = Task("b", ("a",), ((10, "wd"),))
C = Task("c", ("a",), ((3, "wd"),))
D = Task("d", ("b", "c"), ((2, "wd"),))


def test_the_longest_way_is_critical_and_the_short_one_has_slack():
    found = bars(A, B, C, D)
    assert [found[k].end for k in "abcd"] == [
        date(2018, 6, 11),
        date(2018, 6, 25),
        date(2018, 6, 14),
        date(2018, 6, 27),
    ]
    assert [k for k in "abcd" if found[k].critical] == ["a", "b", "d"]
    assert found["c"].slack == 11
    assert path.finish(found) == date(2018, 6, 27)


def test_what_has_ended_stands_as_it_was_and_is_never_critical():
    late = Task("a", (), A.spans, MONDAY, date(2018, 6, 20))
    found = bars(late, B, C, D, today=date(2018, 6, 20))
    assert (found["a"].end, found["a"].critical) == (date(2018, 6, 20), False)
    assert found["d"].end == date(2018, 7, 6)


def test_what_is_late_ends_today_at_the_earliest():
    found = bars(Task("a", (), A.spans, MONDAY), B, today=date(2018, 6, 29))
    assert found["a"].end == date(2018, 6, 29)
    assert found["b"].start == date(2018, 6, 29)


def test_nothing_begins_before_today():
    assert bars(A, today=date(2018, 6, 18))["a"].start == date(2018, 6, 18)


def test_spans_follow_each_other_in_their_own_units():
    assert path.lasting(MONDAY, ((5, "d"), (5, "wd"), (0, "d")), NO_HOLIDAYS) == date(2018, 6, 18)


def test_two_ways_of_the_same_length_are_both_critical():
    found = bars(A, B, Task("c", ("a",), B.spans), D)
    assert all(found[k].critical for k in "abcd")


def test_steps_in_a_ring_are_no_plan():
    with pytest.raises(ValueError, match="ring"):
        bars(Task("a", ("b",)), Task("b", ("a",)))


def test_the_longest_way_of_the_chains_of_the_town_is_never_a_ring(town):
    from sanxiao.zones import chain

    for day in (date(2018, 6, 4), date(2026, 9, 1)):
        _code, rows = chain.chain_on(HOUYANG, day)
        tasks = [Task(row["step"], tuple(row["after"]), ((1, "d"),)) for row in rows]
        assert len(schedule(tasks, day, day, NO_HOLIDAYS)) == len(rows)
