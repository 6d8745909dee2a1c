"""Legal time: hours, days, working days with 调休, months, years."""

from datetime import date, datetime, timedelta

import pytest

from sanxiao.docket import clock
from sanxiao.docket.load import rows_of
from tests.cast import TOWN


@pytest.fixture(scope="module")
def calendar() -> clock.Calendar:
    """The State Council's notices as the town's folder has them."""
    days = {date.fromisoformat(row["date"]): row["working"] == "1" for row in rows_of(TOWN / "calendar.csv")}
    return clock.Calendar(days, frozenset(day.year for day in days))


WORKING_DAYS = [  # start, working days, end: counted by hand on the yearly notices
    ("2018-06-05", 3, "2018-06-08"),  # no holiday in between
    ("2018-09-20", 15, "2018-10-17"),  # 中秋 and 国庆 rest, 29 and 30 September are worked
    ("2018-09-28", 1, "2018-09-29"),  # a worked Saturday counts
    ("2018-09-30", 1, "2018-10-08"),  # a worked Sunday, then the golden week
    ("2019-04-30", 2, "2019-05-06"),  # 1 to 4 May rest, Sunday the 5th is worked
    ("2020-01-23", 5, "2020-02-07"),  # the New Year that was prolonged to 2 February
    ("2021-02-10", 1, "2021-02-18"),
    ("2022-01-28", 2, "2022-01-30"),  # the last weekend before the New Year is worked
    ("2023-09-28", 1, "2023-10-07"),  # 中秋 and 国庆 in one
    ("2024-02-09", 1, "2024-02-18"),  # 9 February is a common Friday, the 18th a worked Sunday
    ("2025-01-26", 2, "2025-02-05"),
    ("2026-02-14", 1, "2026-02-24"),
]


@pytest.mark.parametrize(("start", "length", "end"), WORKING_DAYS)
def test_working_days_skip_holidays_and_count_worked_weekends(calendar, start, length, end):
    due = clock.due(date.fromisoformat(start), length, "wd", calendar)
    assert due == clock.Due(date.fromisoformat(end))


OTHER_UNITS = [  # start, length, unit, end
    ("2018-06-05", 10, "d", "2018-06-15"),
    ("2018-06-05", 11, "d", "2018-06-19"),  # the 16th to 18th rest (端午): the next working day
    ("2018-09-22", 7, "d", "2018-09-29"),  # a worked Saturday is no rest day
    ("2018-01-31", 1, "month", "2018-02-28"),
    ("2020-01-31", 1, "month", "2020-03-02"),  # 29 February 2020 was a Saturday
    ("2020-02-29", 1, "year", "2021-03-01"),  # 28 February 2021 was a Sunday
    ("2018-07-02", 3, "year", "2021-07-02"),
]


@pytest.mark.parametrize(("start", "length", "unit", "end"), OTHER_UNITS)
def test_a_term_that_ends_on_a_rest_day_ends_on_the_next_working_day(calendar, start, length, unit, end):
    assert clock.due(date.fromisoformat(start), length, unit, calendar).on == date.fromisoformat(end)


def test_validity_is_not_put_off_by_a_sunday(calendar):
    assert clock.due(date(2028, 2, 29), 3, "year", calendar, roll=False).on == date(2031, 2, 28)
    assert clock.due(date(2020, 2, 29), 1, "year", calendar, roll=False).on == date(2021, 2, 28)


def test_hours_run_through_the_night():
    assert clock.due_at(datetime(2018, 9, 30, 22), 24) == datetime(2018, 10, 1, 22)  # noqa: DTZ001 a pure sum
    with pytest.raises(ValueError, match="no last day"):
        clock.due(date(2018, 6, 5), 24, "h", clock.Calendar())


def test_a_year_without_its_notice_is_counted_and_marked(calendar):
    assert clock.due(date(2026, 12, 28), 5, "wd", calendar) == clock.Due(date(2027, 1, 4), provisional=True)
    assert not clock.due(date(2026, 12, 1), 5, "wd", calendar).provisional


def test_what_is_left_counts_on_as_it_was(calendar):
    start, end = date(2018, 9, 20), date(2018, 10, 17)
    for paused in (start + timedelta(days=n) for n in range(27)):
        left = clock.remaining(paused, end, "wd", calendar)
        assert clock.due(paused, left, "wd", calendar).on == end or not calendar.works(paused)


def test_days_past_are_negative(calendar):
    assert clock.remaining(date(2018, 6, 8), date(2018, 6, 5), "d", calendar) == -3
    assert clock.remaining(date(2018, 10, 8), date(2018, 9, 30), "wd", calendar) == -1
