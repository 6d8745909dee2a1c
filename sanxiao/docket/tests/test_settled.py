"""Within long work rules, calendar and posts are read once; outside of it a page shows what holds now."""

from datetime import date

from sanxiao.docket.models import Rule, the_calendar
from sanxiao.office.duties import scope_of
from sanxiao.office.models import User
from sanxiao.office.now import at
from sanxiao.office.settled import settled
from tests.cast import HOUYANG


def test_a_settled_answer_is_the_same_as_a_fresh_one_on_every_day(town):
    keys = ("workshop.may_prepack", "inspection.min_inspectors", "term.REG_SUPPLEMENT", "document.order", "no.such.key")
    days = (date(2018, 5, 1), date(2021, 5, 26), date(2021, 5, 27), date(2026, 1, 1))
    fresh = [Rule.objects.at(key, HOUYANG, day) for key in keys for day in days]
    with settled():
        assert [Rule.objects.at(key, HOUYANG, day) for key in keys for day in days] == fresh


def test_ten_questions_cost_one_query_each(town, django_assert_num_queries):
    with settled(), django_assert_num_queries(2):
        for _n in range(10):
            Rule.objects.value("order.max_days", HOUYANG)
            the_calendar()


def test_a_post_that_begins_later_gives_no_sight_before(town):
    with settled():
        zhang = User.objects.get(username="zhang")
        for day, seats in ((date(2018, 3, 31), 0), (date(2018, 4, 1), 1)):
            with at(day):
                assert len(scope_of(zhang).seats) == seats


def test_outside_nothing_is_kept(town):
    with settled():
        before = Rule.objects.value("order.max_days", HOUYANG)
    Rule.objects.filter(key="order.max_days").update(value=before + 1)
    assert Rule.objects.value("order.max_days", HOUYANG) == before + 1
