"""Each office closes its own part; the whole closes last, and once."""

import threading
from datetime import timedelta

import pytest
from django.db import connections

from sanxiao.docket import flow
from sanxiao.docket.models import Event
from sanxiao.docket.refusal import Refused
from sanxiao.docket.tests.test_race import patiently
from sanxiao.joint.models import Operation
from sanxiao.joint.tests import steps
from sanxiao.papers.models import Paper
from sanxiao.papers.word import report
from tests import cast
from tests.printed import read


@pytest.fixture
def over(town, june, tofu):
    """Everybody is home; four parts wait."""
    operation = steps.over(town, tofu)
    with steps.at(operation.held_on):
        yield operation


def test_the_whole_closes_with_the_last_part_and_never_before(town, over):
    for who in steps.FOUR:
        assert steps.again(over).state == "closing", who
        steps.close(over, getattr(town, who))
    assert steps.again(over).state == "closed"
    assert Event.objects.filter(kind="joint.operation", move="close").count() == 1


def test_nobody_closes_the_part_of_another_office(town, over):
    mine = steps.part(over, town.qian)
    for who in ("zhang", "chen", "ding", "zhou", "sun"):
        with pytest.raises(Refused) as refused:
            flow.move(mine, "close", getattr(town, who), came=[], cars=0, summary="代办")
        assert refused.value.code == "forbidden"


def test_a_part_is_not_closed_before_everybody_is_home(town, underway):
    with pytest.raises(Refused, match="收队以后再办结"):
        steps.close(underway, town.qian)


def test_own_items_at_a_place_that_was_met_come_first(town, underway, tofu):
    flow.move(steps.stop(underway, tofu), "tick", town.qian, answers={"road": {"a": "yes"}})
    flow.move(steps.again(underway), "finish", town.zhang)
    with pytest.raises(Refused, match="本单位的项目还没有填完"):
        steps.close(underway, town.qian)
    rest = {code: {"a": "yes"} for code in ("building", "clean", "fume")}
    flow.move(steps.stop(underway, tofu), "tick", town.qian, answers=rest)
    steps.close(underway, town.qian)
    assert steps.part(underway, town.qian).state == "closed"


def test_who_came_and_the_cars_are_figures_of_the_closing(town, over):
    steps.close(over, town.chen, came=[town.chen.pk], cars=2)
    event = Event.objects.get(kind="joint.part", move="close")
    assert (event.facts["persons"], event.facts["vehicles"]) == (1, 2)


def test_who_was_not_to_come_is_not_counted(town, over):
    steps.close(over, town.chen, came=[town.chen.pk, town.he.pk])
    assert steps.part(over, town.chen).came == [town.chen.pk]


def test_a_silent_office_is_reminded_and_the_days_are_counted(town, over):
    with pytest.raises(Refused, match="办结期限还没有过"):
        flow.move(steps.part(over, town.ding), "release", town.zhou, reason="催了不办")
    with steps.at(over.held_on + timedelta(days=6)):
        flow.move(steps.part(over, town.ding), "urge", town.zhang, note="请尽快")
        part = steps.part(over, town.ding)
        assert (part.urged, part.days_held) == (1, 6)
        with pytest.raises(Refused):
            flow.move(part, "urge", town.qian, note="我也催")


def test_the_food_safety_office_sets_a_silent_part_down_and_the_whole_can_close(town, over):
    for who in ("zhang", "chen", "qian"):
        steps.close(over, getattr(town, who))
    with steps.at(over.held_on + timedelta(days=12)):
        flow.move(steps.part(over, town.ding), "release", town.zhou, reason="两次催办没有回音")
        assert steps.again(over).state == "closed"
        assert steps.part(over, town.ding).state == "released"
        facts = Paper.objects.get(kind="joint.operation").facts
    assert "金城派出所：没有办结。" in facts["sections"][5]["paragraphs"]


def test_the_record_says_who_was_there_what_was_found_and_carries_a_number(town, underway, tofu):
    found = {"road": {"a": "no", "note": "摊位占了人行道"}, "building": {"a": "yes"}, "clean": {"a": "yes"}}
    flow.move(steps.stop(underway, tofu), "tick", town.qian, answers=found | {"fume": {"a": "na"}})
    for who, codes in {"zhang": ("papers", "file_true", "told", "sewage"), "ding": ("order",),
                       "chen": ("goods", "additives", "health", "apart")}.items():  # fmt: skip
        flow.move(
            steps.stop(underway, tofu), "tick", getattr(town, who), answers={code: {"a": "yes"} for code in codes}
        )
    flow.move(steps.again(underway), "finish", town.zhang)
    for who in steps.FOUR:
        steps.close(underway, getattr(town, who), summary=f"{who} 已办")
    operation, paper = steps.again(underway), Paper.objects.get(kind="joint.operation")
    assert operation.number == paper.number == "LH320413100-2018-00001"
    text = read(paper.pdf()).text
    for words in ("联合执法记录", "老街联合执法", "陈伟", "摊位占了人行道", "到场检查1处", "qian已办", "王家豆腐坊"):
        assert words.replace(" ", "") in text.replace(" ", "").replace("\n", ""), words
    assert report(paper.facts)[:2] == b"PK"


@pytest.mark.django_db(transaction=True)
def test_two_offices_that_close_the_last_parts_at_one_moment_close_the_whole_once(town):
    with steps.at(steps.JUNE):
        operation = steps.over(town, cast.tofu_shop(town.zhang))
    with steps.at(operation.held_on):
        steps.close(operation, town.zhang)
        steps.close(operation, town.chen)
    gate, closed = threading.Barrier(2), []

    def press(user):
        try:
            with steps.at(operation.held_on):
                gate.wait(timeout=20)
                patiently(lambda: steps.close(operation, user))
                closed.append(user.username)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=press, args=(user,)) for user in (town.qian, town.ding)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(closed) == ["ding", "qian"]
    assert Operation.objects.get().state == "closed"
    assert Event.objects.filter(kind="joint.operation", move="close").count() == 1
    assert Paper.objects.filter(kind="joint.operation").count() == 1
