"""Planning, notifying, going, coming home: who may, when, and what follows."""

from datetime import date, timedelta

import pytest

from sanxiao.docket import flow
from sanxiao.docket.models import Deadline, Event
from sanxiao.docket.refusal import Refused
from sanxiao.inspection.visit_models import Visit
from sanxiao.joint import checklist
from sanxiao.joint.models import Operation, Part, Stop
from sanxiao.joint.tests import steps


def test_a_village_leads_on_its_own_ground_and_its_part_is_there_at_once(town, planned):
    assert (planned.state, planned.area, planned.lead.role) == ("planned", "320413100206", "village")
    assert [(part.office_id, part.state) for part in planned.parts.all()] == [(planned.lead_id, "named")]


def test_the_next_village_sees_nothing_of_it_until_it_is_asked(town, planned):
    for who, sees in (("zhang", 1), ("li", 0), ("qian", 0), ("chen", 1), ("zhou", 1), ("sun", 1), ("he", 0)):
        assert Operation.objects.seen_by(getattr(town, who)).count() == sees, who


def test_an_office_sees_it_once_it_is_asked(town, ready):
    for who, sees in (("qian", 1), ("ding", 1), ("li", 0), ("feng", 0)):
        assert Operation.objects.seen_by(getattr(town, who)).count() == sees, who


def test_nobody_is_notified_of_a_day_that_is_past(town, planned, tofu):
    operation = steps.aimed(steps.asked(planned, town.zhang, town.chen), town.zhang, tofu)
    with steps.at(date(2018, 6, 9)), pytest.raises(Refused, match="行动日期已经过了"):
        flow.move(operation, "notify", town.zhang)


def test_one_office_alone_is_no_joint_operation(town, planned, tofu):
    operation = steps.aimed(planned, town.zhang, tofu)
    with pytest.raises(Refused, match="至少要有两个单位"):
        flow.move(operation, "notify", town.zhang)


def test_without_a_place_nobody_is_notified(town, planned):
    operation = steps.asked(planned, town.zhang, town.chen)
    with pytest.raises(Refused, match="还没有选定对象"):
        flow.move(operation, "notify", town.zhang)


def test_the_food_safety_office_signs_before_anybody_is_asked(town, planned, tofu):
    operation = steps.aimed(steps.asked(planned, town.zhang, town.chen, town.qian), town.zhang, tofu)
    flow.move(operation, "notify", town.zhang)
    assert steps.again(operation).state == "planned" and not Part.objects.asked().exists()
    flow.sign(steps.again(operation), town.zhou, agrees=True)
    assert steps.again(operation).state == "notified"
    assert set(operation.parts.values_list("state", flat=True)) == {"invited"}
    assert Deadline.objects.filter(kind="joint.part", term="answer").count() == 3


def test_what_the_food_safety_office_leads_needs_no_second_word(town, june, tofu):
    operation = steps.aimed(steps.asked(steps.plan(town.zhou), town.zhou, town.chen), town.zhou, tofu)
    flow.move(operation, "notify", town.zhou)
    assert steps.again(operation).state == "notified"


def test_the_food_safety_office_may_let_a_village_lead(town, june):
    operation = steps.plan(town.zhou, led_by=steps.office_of(town.zhang), where="320413100206")
    assert (operation.lead.area, operation.area) == ("320413100206", "320413100206")
    assert flow.seat_for(operation.flow.row("change"), operation, town.zhang)
    assert not flow.seat_for(operation.flow.row("change"), operation, town.zhou)


def test_an_office_says_no_with_its_reason_and_can_be_asked_again(town, planned, tofu):
    operation = steps.aimed(steps.asked(planned, town.zhang, town.chen, town.qian), town.zhang, tofu)
    operation = steps.notified(operation, town.zhang, town.zhou)
    flow.move(steps.part(operation, town.qian), "decline", town.qian, reason="当天全员执勤")
    assert steps.part(operation, town.qian).state == "declined"
    flow.move(steps.part(operation, town.qian), "ask_again", town.zhang, reason="请派一人")
    assert (steps.part(operation, town.qian).state, steps.part(operation, town.qian).urged) == ("invited", 1)


def test_who_leads_cannot_stay_at_home(town, planned, tofu):
    operation = steps.aimed(steps.asked(planned, town.zhang, town.chen), town.zhang, tofu)
    operation = steps.notified(operation, town.zhang, town.zhou)
    with pytest.raises(Refused, match="牵头单位不能不参加"):
        flow.move(steps.part(operation, town.zhang), "decline", town.zhang, reason="忙")


def test_the_bureau_that_comes_gets_a_real_visit_with_its_people(town, ready, tofu):
    visit = Visit.objects.get(why=ready.why)
    assert (visit.file_id, visit.kind, visit.planned_from) == (tofu.pk, "joint", ready.held_on)
    assert [row["name"] for row in visit.team] == ["陈伟", "吴昊"] and steps.stop(ready, tofu).visit_id == visit.pk


def test_another_day_means_asking_again_and_no_visit_on_the_old_one(town, ready, tofu):
    old = Visit.objects.get(why=ready.why)
    flow.move(ready, "postpone", town.zhang, held_on=ready.held_on + timedelta(days=5), reason="下雨")
    assert set(ready.parts.values_list("state", flat=True)) == {"invited"}
    assert Visit.objects.get(pk=old.pk).state == "void" and steps.stop(ready, tofu).visit is None
    steps.accept(steps.again(ready), town.chen, town.wu)
    assert Visit.objects.get(why=ready.why, state__in=("planned", "later")).planned_from == ready.held_on


def test_a_cancelled_operation_takes_its_visits_back(town, ready, tofu):
    flow.move(ready, "cancel", town.zhang, reason="台风")
    assert (steps.again(ready).state, steps.stop(ready, tofu).state) == ("cancelled", "dropped")
    assert Visit.objects.get(why=ready.why).state == "void"
    assert set(ready.parts.values_list("state", flat=True)) == {"dropped"}


def test_it_does_not_start_before_its_day(town, ready):
    with pytest.raises(Refused, match="还没有到行动那一天"):
        flow.move(ready, "start", town.zhang)


def test_nobody_goes_home_before_every_place_has_its_word(town, underway, tofu):
    with pytest.raises(Refused, match="还有对象没有登记情况"):
        flow.move(underway, "finish", town.zhang)
    flow.move(steps.stop(underway, tofu), "shut", town.chen, note="卷帘门关着")
    flow.move(steps.again(underway), "finish", town.zhang)
    assert steps.again(underway).state == "closing"


def test_who_never_answered_is_set_down_as_such(town, planned, tofu):
    operation = steps.aimed(steps.asked(planned, town.zhang, town.chen, town.qian), town.zhang, tofu)
    operation = steps.notified(operation, town.zhang, town.zhou)
    steps.accept(operation, town.zhang)
    steps.accept(operation, town.chen, town.wu)
    with steps.at(operation.held_on):
        flow.move(steps.again(operation), "start", town.zhang)
        flow.move(steps.stop(operation, tofu), "miss", town.zhang)
        flow.move(steps.again(operation), "finish", town.zhang)
    assert steps.part(operation, town.qian).state == "absent"


def test_who_says_yes_on_the_day_itself_begins_at_once(town, planned, tofu):
    operation = steps.aimed(steps.asked(planned, town.zhang, town.chen, town.qian), town.zhang, tofu)
    operation = steps.notified(operation, town.zhang, town.zhou)
    steps.accept(operation, town.zhang)
    steps.accept(operation, town.chen, town.wu)
    with steps.at(operation.held_on):
        flow.move(steps.again(operation), "start", town.zhang)
        steps.accept(operation, town.qian)
    assert steps.part(operation, town.qian).state == "underway"


def test_only_the_right_office_makes_each_move(town, ready, tofu):
    """Every move of every table: what is not one's own is refused, whatever the state."""
    things = [ready, steps.part(ready, town.qian), steps.stop(ready, tofu)]
    mine = {"joint.operation": {"zhang"}, "joint.stop": {"zhang", "chen", "qian", "ding", "zhou"}}
    for thing in things:
        for row in thing.flow.moves:
            if row.duty is None or row.frm == ("",):
                continue
            for who in ("zhang", "li", "chen", "qian", "ding", "zhou", "sun", "feng", "he"):
                allowed = mine.get(thing.flow.key, set())
                if thing.flow.key == "joint.part":
                    allowed = {"zhou"} if row.key == "release" else {"zhang"} if row.own == "lead" else {"qian"}
                if row.own == "lead":
                    allowed = {"zhang"}
                assert bool(flow.seat_for(row, thing, getattr(town, who))) == (who in allowed), (row.key, who)


def test_no_move_starts_from_a_state_that_is_not_its_own(town, ready, tofu):
    for thing in (ready, steps.part(ready, town.qian), steps.stop(ready, tofu)):
        for row in thing.flow.moves:
            if thing.state in row.frm or row.duty is None:
                continue
            with pytest.raises(Refused) as refused:
                flow.move(thing, row.key, town.zhang)
            assert refused.value.code == "state", row.key


def test_the_list_is_that_of_its_own_day(town, ready):
    rows = {row.code: row for row in checklist.rows_of(ready)}
    assert set(rows["road"].roles) == {"urban", "village"} and rows["order"].roles == ("police",)
    from sanxiao.joint.models import Item

    Item.objects.filter(code="road").update(until=date(2018, 6, 1))
    assert "road" in {row.code for row in checklist.rows_of(steps.again(ready))}
    assert "road" not in {row["code"] for row in checklist.merged(ready.area, ready.held_on)}


def test_the_log_keeps_no_telephones(town, ready):
    said = str(list(Event.objects.filter(kind="joint.part", move="accept").values_list("facts", flat=True)))
    assert "陈伟" in said and "certificate" not in said


def test_a_place_stands_on_the_list_once(town, planned, tofu):
    steps.aimed(planned, town.zhang, tofu)
    with pytest.raises(Refused):
        flow.move(steps.again(planned), "take_in", town.zhang, targets=[{"file": tofu.pk}])
    assert Stop.objects.count() == 1
