"""What was seen in a quarter counts for it, whenever the phone found a network; and one sees that it came late."""

import uuid
from datetime import date

from sanxiao.office.now import at
from sanxiao.reports.figures import count
from sanxiao.reports.tests.history import Q2, Q3
from sanxiao.survey import phone
from sanxiao.survey.models import Sheet
from sanxiao.survey.tests import steps
from tests.cast import HOUYANG

START = date(2018, 4, 1)
LAST, FIRST, SENT = date(2018, 6, 30), date(2018, 7, 1), date(2018, 7, 3)


def sent(town, seen: date, **said):
    """Surveyed without a network on a day, sent on the third of July."""
    with at(SENT):
        return phone.take(steps.filled(town.zhang, place=uuid.uuid4(), creates=True, observed_on=seen,
                                       surveyed_on=seen.isoformat(), **said))  # fmt: skip


def line(quarter, *keys):
    found = count(HOUYANG, quarter.period(START))
    return tuple(found[key, "q", "", ""] for key in keys)


def test_a_place_seen_on_the_last_day_of_june_is_junes_though_it_came_in_july(town):
    sent(town, LAST)
    assert line(Q2, "new", "end", "pending") == (1, 1, 0)
    assert line(Q3, "start", "new", "end") == (1, 0, 1)


def test_one_seen_a_day_later_is_julys(town):
    sent(town, FIRST)
    assert line(Q2, "new", "end", "pending") == (0, 0, 0)
    assert line(Q3, "start", "new", "end") == (0, 1, 1)


def test_one_that_waits_for_a_person_was_surveyed_in_june_and_not_yet_filed(town, tofu):
    sent(town, LAST, shop_name="王家豆腐坊")
    assert Sheet.objects.get().state == "received"
    assert line(Q2, "pending") == (1,)


def test_the_list_behind_the_number_says_when_it_came_in(as_, town):
    from sanxiao.reports import lists, records
    from sanxiao.reports.indicators import COLUMNS

    sent(town, LAST)
    (items,) = records.lists(HOUYANG, Q2.period(START), COLUMNS["new"], "q").values()
    heads, rows = lists.listing("new", "新增", items).table(lists.hits(items), "")
    told = dict(zip([head.key for head in heads], next(rows), strict=True))
    assert (told["on"], told["entered"], told["late"]) == (LAST, SENT, "补录")
