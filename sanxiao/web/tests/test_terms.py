"""Legal terms of domain.md 11, counted by hand on the yearly notices, and the page that shows their clauses."""

from datetime import date, datetime
from html import unescape

import pytest
from django.utils import timezone

from sanxiao.docket import rooms, terms
from sanxiao.docket.models import CalendarDay, Deadline, Rule
from sanxiao.office.now import at

DUE = [  # rule, day of receipt, day from which it counts, last day; each counted by hand
    ("REG_SUPPLEMENT", "2018-04-03", "2018-04-03", "2018-04-11"),  # 5 and 6 April rest, Sunday the 8th is worked
    ("REG_DECIDE", "2018-09-20", "2018-09-20", "2018-10-24"),  # 29 and 30 September are worked, 1 to 5 October rest
    ("REG_ISSUE", "2018-04-27", "2018-04-27", "2018-05-07"),  # Saturday the 28th is worked, 30 April and 1 May rest
    ("CARD_DECIDE", "2018-06-14", "2018-06-14", "2018-06-22"),  # 18 June rests (端午)
    ("INSP_PUBLISH", "2018-04-26", "2018-04-26", "2018-05-25"),
    ("SMP_DELIVER", "2018-02-09", "2018-02-09", "2018-02-22"),  # Sunday the 11th is worked, the New Year rests
    ("SMP_SERVE", "2018-09-26", "2018-09-26", "2018-10-08"),
    ("CASE_FILE", "2018-09-20", "2018-09-20", "2018-10-17"),
    ("CASE_SEIZE", "2018-06-05", "2018-06-05", "2018-07-05"),
    ("CASE_EVIDENCE", "2018-06-13", "2018-06-13", "2018-06-25"),
    ("CASE_DECIDE", "2018-07-03", "2018-07-03", "2018-10-08"),  # the ninetieth day is 1 October
    ("CASE_PAY", "2018-06-05", "2018-09-14", "2018-09-29"),  # a worked Saturday is no rest day
    ("CMP_MEDIATE", "2018-06-05", "2018-06-05", "2018-08-08"),  # the old rule: 45 working days
    ("TIP_TELL_FILING", "2018-12-20", "2018-12-26", "2019-01-03"),  # the old rule; Saturday the 29th is worked
    ("CASE_DEFEND", "2026-01-05", "2026-02-12", "2026-02-26"),  # Saturday the 14th is worked, 16 to 23 February rest
    ("CASE_FILE", "2026-05-06", "2026-05-06", "2026-05-26"),  # Saturday 9 May is worked
    ("CASE_DECIDE", "2026-04-03", "2026-04-03", "2026-07-02"),
    ("CASE_PUBLISH", "2026-01-05", "2026-04-20", "2026-05-20"),
    ("CASE_CLOSE", "2026-01-05", "2026-09-17", "2026-10-14"),  # 20 September and 10 October are worked
    ("CMP_ACCEPT", "2026-04-15", "2026-04-15", "2026-04-24"),
    ("CMP_MEDIATE", "2026-04-14", "2026-04-14", "2026-06-18"),  # received on the last day of the old rule
    ("CMP_MEDIATE", "2026-04-15", "2026-04-15", "2026-06-15"),  # the new rule: 60 days, the last a Sunday
    ("CMP_END_NOTICE", "2026-04-15", "2026-06-15", "2026-06-25"),  # 19 June rests
    ("SMP_RETEST_ASK", "2026-04-20", "2026-04-30", "2026-05-13"),
    ("SMP_DISPOSE", "2026-07-03", "2026-07-03", "2026-10-08"),  # the ninetieth day is 1 October
    ("CRIME_POLICE", "2026-04-20", "2026-04-30", "2026-05-06"),  # 3 May rests, so do 4 and 5
    ("REG_ISSUE", "2026-12-24", "2026-12-24", "2026-12-31"),
]
WITHOUT_NOTICE = [  # the year 2027 has no notice yet: counted by the week, and marked
    ("SMP_SERVE", "2026-12-30", "2027-01-06"),
    ("CASE_FILE", "2027-01-04", "2027-01-25"),
    ("CASE_SEIZE", "2026-12-10", "2027-01-11"),
    ("CARD_DECIDE", "2027-02-01", "2027-02-08"),
    ("CMP_ACCEPT", "2027-03-01", "2027-03-10"),
    ("SMP_SERVE", "2027-03-31", "2027-04-07"),
]
UNITS = {"wd": "个工作日", "d": "天", "h": "小时"}


def counted(tofu, rule, received, start):
    """The term of a rule as the table that names it starts it."""
    term = next(t for table in rooms.flows() for move in table.moves for t in move.starts if t.rule == rule)
    tofu.rule_on, day = date.fromisoformat(received), date.fromisoformat(start)
    Deadline.objects.filter(subject=tofu.pk).delete()
    with at(day):
        return terms.start(tofu, term, {}, day)


def test_deadlines_of_2018_and_2026_come_out_as_counted_by_hand(tofu):
    for rule, received, start, due in DUE:
        found = counted(tofu, rule, received, start)
        assert (str(found.due_on), found.provisional) == (due, False), (rule, start)
        assert found.law, rule


def test_a_year_without_its_notice_is_counted_marked_and_counted_anew(tofu):
    for rule, start, due in WITHOUT_NOTICE:
        found = counted(tofu, rule, start, start)
        assert (str(found.due_on), found.provisional) == (due, True), (rule, start)
    CalendarDay.objects.create(day=date(2027, 4, 5), working=False, name="清明节")
    assert terms.recount() == 1
    assert str(Deadline.objects.get(subject=tofu.pk).due_on) == "2027-04-08"


def test_twenty_four_hours_run_through_the_holiday(tofu):
    found = counted(tofu, "CRIME_SEND", "2026-09-30", "2026-09-30")
    assert found.due_at == timezone.make_aware(datetime(2026, 10, 1, 9))  # noqa: DTZ001  made aware at once


@pytest.mark.parametrize("who", ["chen", "zhang", "sun"])
def test_the_page_shows_every_term_of_every_table_with_its_clause(as_, town, who):
    page = unescape(as_(who).get("/settings/terms/").content.decode())
    named = {term.rule for table in rooms.flows() for move in table.moves for term in move.starts if term.rule}
    assert len(named) > 40
    for row in Rule.objects.filter(key__in=[f"term.{rule}" for rule in named]):
        assert row.law in page, row.key
    for table in rooms.flows():
        for term in (term for move in table.moves for term in move.starts):
            assert str(term.name) in page
            assert not term.law or str(term.law) in page or term.rule, term.key
    assert "45 个工作日" in page and "60 天" in page, "the old rule and the new"
