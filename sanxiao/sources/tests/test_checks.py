"""进货核查: a check with its result, and whose turn comes next."""

from datetime import timedelta

import pytest

from sanxiao.docket import flow
from sanxiao.docket.models import Deadline
from sanxiao.docket.refusal import Refused
from sanxiao.office.now import today
from sanxiao.sources.models import Buyer, Check
from sanxiao.sources.tests import steps
from sanxiao.survey.tests.paper import photo
from sanxiao.web import desk
from tests import cast
from tests.cast import HOUYANG

FOUND = {"second": "李四", "seen": "冷库", "problems": ["uncertified", "no_tickets"], "advice": "退货，换供货单位"}


def form(who: Buyer, move: str) -> str:
    return f"/do/sources.check/new/{move}?buyer={who.pk}"


def test_a_check_without_a_finding_puts_the_buyer_at_the_end_of_the_list(as_, town, school):
    said = {"checked_on": str(today()), "second": "李四", "seen": "票据", "note": "齐全", "photo": [photo()]}
    assert as_("zhang").post(form(school, "pass"), said).status_code == 302
    made = Check.objects.get()
    assert (made.state, made.by, made.note) == ("clean", town.zhang, "齐全")
    assert steps.again(school).checked_on == today()
    assert steps.again(school).check_by > today() + timedelta(days=80)


def test_a_finding_has_a_date_and_waits_on_the_desk_until_it_is_settled(as_, town, school):
    until = today() + timedelta(days=7)
    said = FOUND | {"checked_on": str(today()), "fix_by": str(until)}
    assert as_("zhang").post(form(school, "find"), said).status_code == 302
    made = Check.objects.get()
    assert (made.state, made.due_on) == ("found", Deadline.objects.get(subject=made.pk).due_on)
    assert made.get_absolute_url() in [todo.url for todo in desk.waiting(town.zhang)[0]]
    page = as_("zhang").get(made.get_absolute_url()).content.decode()
    assert "经营、使用无证小作坊食品" in page and "退货" in page
    flow.move(made, "settle", town.zhang, outcome="已退货，改从有证作坊进")
    assert steps.again(made).state == "settled"


@pytest.mark.parametrize(("field", "value"), [
    ("checked_on", str(today() + timedelta(days=1))), ("problems", []), ("problems", ["made_up"]), ("advice", ""),
    ("fix_by", ""), ("fix_by", str(today() - timedelta(days=3))),
])  # fmt: skip
def test_what_is_wrong_is_said_at_its_field(as_, town, school, field, value):
    said = FOUND | {"checked_on": str(today()), "fix_by": str(today()), field: value}
    answer = as_("zhang").post(form(school, "find"), said)
    assert answer.status_code == 422 and field in answer.context["form"].errors
    assert not Check.objects.exists() and steps.again(school).checked_on is None


def test_what_was_found_before_is_dealt_with_first(town, school):
    steps.check(town.zhang, school, "no_tickets")
    with pytest.raises(Refused, match="还没有处理完"):
        steps.check(town.zhou, steps.again(school))


def test_a_voided_check_does_not_count(town, school):
    was = school.check_by
    made = steps.check(town.zhang, school)
    flow.move(steps.again(made), "void", town.zhang, reason="登错了单位")
    now = steps.again(school)
    assert (now.checked_on, now.check_by) == (None, was)


@pytest.mark.parametrize("who", ["li", "sun", "qian"])
def test_who_has_not_the_duty_there_checks_nothing(as_, town, school, who):
    said = {"checked_on": str(today()), "seen": "票据"}
    assert as_(who).post(form(school, "pass"), said).status_code in (403, 404, 422)
    with pytest.raises(Refused):
        steps.check(getattr(town, who), school)
    assert not Check.objects.exists()


def test_a_closed_buyer_is_not_checked_and_the_button_says_so(as_, town, school):
    flow.move(school, "close", town.zhang, reason="并校")
    page = as_("zhang").get(school.get_absolute_url()).content.decode()
    assert "这个单位已停用，不再核查。" in page
    with pytest.raises(Refused, match="已停用"):
        steps.check(town.zhang, steps.again(school))


def test_a_finding_at_a_place_on_file_leads_to_an_order_there(as_, town):
    stall = cast.tofu_shop(town.zhang, kind_id="vendor", name="老街豆花摊", facts={})
    buyer = steps.buyer(town.zhang, stall.name, "stall", HOUYANG, file=stall)
    made = steps.check(town.zhang, buyer, "uncertified")
    page = as_("chen").get(made.get_absolute_url()).content.decode()
    assert f"/do/inspection.order/new/issue?file={stall.pk}" in page


def test_a_settled_check_is_not_settled_twice(town, school):
    made = steps.check(town.zhang, school, "no_tickets")
    flow.move(made, "settle", town.zhang, outcome="好了")
    with pytest.raises(Refused):
        flow.move(made, "settle", town.zhang, outcome="好了")
