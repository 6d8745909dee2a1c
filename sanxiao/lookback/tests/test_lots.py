"""Lots that anybody can draw again, and hours that nobody can foresee."""

from collections import Counter
from datetime import date, timedelta

import pytest

from sanxiao.lookback import lots, windows

NIGHT = {"key": "night", "days": [1, 2, 3, 4, 5, 6, 7]}
WEEKEND = {"key": "weekend", "days": [6, 7]}
MARKET = {"key": "market", "month_days": [5, 10]}
TERMS = windows.Terms((7, 30, 90), 1, 6, (NIGHT,))
CLOSED = date(2018, 5, 8)


def test_the_same_seed_draws_the_same_and_another_seed_does_not():
    pool = [f"file {n}" for n in range(40)]
    assert lots.sample(pool, 5, "a") == lots.sample(pool, 5, "a") != lots.sample(pool, 5, "b")
    assert lots.sample(pool, None, "a") == lots.sample(pool, 99, "a") == pool


def test_nobody_goes_twice_before_everybody_went_once():
    made = lots.teams(["chen", "wu"], ["li", "zhou", "qian"], 4, "seed")
    assert Counter(first for first, _second in made) == {"chen": 2, "wu": 2}
    assert len({second for _first, second in made[:3]}) == 3
    assert lots.teams([], ["li"], 2, "seed") == []


def test_the_places_are_shared_evenly_and_nobody_goes_where_he_may_not():
    teams = [("chen", "li"), ("wu", "zhou")]
    found = lots.share(range(20), teams, lambda who, file: who == "li" and file < 4, "seed")
    assert all(found[file] == ("wu", "zhou") for file in range(4))
    assert Counter(found.values()) == {("chen", "li"): 10, ("wu", "zhou"): 10}


def test_where_nobody_may_go_nobody_is_sent():
    assert lots.share(["far"], [("chen", "li")], lambda _who, _file: True, "seed") == {"far": None}


def test_a_closed_place_is_visited_after_7_30_90_days_and_then_every_quarter():
    days = [due - CLOSED for _no, due in windows.steps(CLOSED, TERMS)]
    assert [d.days for d in days[:3]] == [7, 30, 90]
    assert [due for _no, due in windows.steps(CLOSED, TERMS)][3:] == [
        date(2018, 11, 6),
        date(2019, 2, 6),
        date(2019, 5, 6),
    ]


def test_only_the_latest_step_that_is_reached_is_planned():
    assert windows.step_due(CLOSED, TERMS, CLOSED, ahead=3) is None
    assert windows.step_due(CLOSED, TERMS, CLOSED + timedelta(4), ahead=3) == (1, CLOSED + timedelta(7))
    assert windows.step_due(CLOSED, TERMS, CLOSED + timedelta(60), ahead=3) == (2, CLOSED + timedelta(30))


def test_every_window_that_opens_has_a_chance_and_opens_on_the_day_drawn():
    span = (date(2018, 6, 4), date(2018, 6, 10))
    drawn = [windows.draw(str(n), *span, [NIGHT, WEEKEND, MARKET]) for n in range(200)]
    assert {window["key"] for _day, window in drawn} == {"night", "weekend", "market"}
    assert all(windows.fits(window, day) and span[0] <= day <= span[1] for day, window in drawn)


def test_named_days_open_a_window_and_no_open_window_is_said():
    assert windows.fits({"dates": ["2018-06-05"]}, date(2018, 6, 5))
    with pytest.raises(ValueError, match="no window"):
        windows.draw("x", date(2018, 6, 4), date(2018, 6, 4), [WEEKEND])
