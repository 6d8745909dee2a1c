"""Closed places are visited again, at hours that the lot names, once for each step."""

from datetime import date, datetime, timedelta
from threading import Barrier, Thread

import pytest
from django.db import connections
from django.utils import timezone

from sanxiao.docket import flow, watch
from sanxiao.docket.models import Deadline, Event
from sanxiao.docket.refusal import Refused
from sanxiao.docket.tests.test_race import patiently
from sanxiao.lookback import revisits
from sanxiao.lookback.models import Alarm, Revisit
from sanxiao.lookback.tests import steps
from sanxiao.lookback.watching import closures


def test_the_night_watch_plans_the_revisit_once_with_an_hour_and_a_reason(town, cannery):
    watch.night()
    watch.night()
    row = Revisit.objects.get()
    assert (row.step, row.how, row.closed_on) == (2, "self", steps.MAY)
    assert row.visit_on <= row.until_on == date(2018, 6, 26)
    assert row.window["key"] in ("night", "dawn", "weekend", "market")
    assert Deadline.objects.get(subject=row.pk).due_on == row.until_on


def test_after_a_closing_the_first_revisit_lies_in_the_second_week(town, cannery):
    with steps.at(date(2018, 5, 9)):
        row = steps.planned(cannery)
    assert row.step == 1
    assert date(2018, 5, 15) <= row.visit_on <= date(2018, 5, 21)


def test_a_quarter_later_the_next_step_follows(town, cannery):
    steps.planned(cannery)
    for day in (date(2018, 8, 1), date(2018, 10, 25)):
        with steps.at(day):
            steps.planned(cannery)
    assert list(Revisit.objects.order_by("step").values_list("step", flat=True)) == [2, 3, 4]


def test_the_one_that_nobody_made_is_missed_when_the_next_one_comes(town, cannery):
    steps.planned(cannery)
    with steps.at(date(2018, 8, 1)):
        steps.planned(cannery)
    assert list(Revisit.objects.order_by("step").values_list("state", flat=True)) == ["missed", "planned"]
    assert Deadline.objects.running().filter(kind="lookback.revisit").count() == 1


def test_who_moved_away_is_not_revisited(town, june):
    file = steps.place(town.zhang, "搬走的")
    flow.move(file, "close", town.zhang, on=date(2018, 6, 20), closing="moved", reason="搬家")
    assert revisits.plan() == 0


@pytest.mark.parametrize("move", ["still", "other"])
def test_zhang_was_there_at_night_and_says_what_she_saw(town, cannery, move):
    row = steps.visit(steps.planned(cannery), town.zhang, move)
    assert row.state == move
    assert (row.visit.kind, row.visit.done_on, row.visit.state) == ("lookback", steps.JUNE, "closed")
    assert not Alarm.objects.exists()


def test_a_place_found_alight_is_on_the_bureaus_desk_at_once(town, cannery):
    row = steps.visit(steps.planned(cannery), town.zhang, "revived", found="灯亮着，有人封罐")
    alarm = Alarm.objects.get()
    assert (alarm.state, alarm.file_id, alarm.reasons) == ("raised", cannery.pk, ["found"])
    assert [trace.url for trace in alarm.traces.all()] == [row.get_absolute_url()]
    flow.move(alarm, "confirm", town.chen, note="照片为证")
    assert alarm.state == "confirmed"


def test_without_a_photo_alone_or_in_the_future_it_does_not_count(town, cannery):
    row = steps.planned(cannery)
    said = {"seen_at": timezone.now(), "companion": "吴昊", "found": "门锁着"}
    with pytest.raises(Refused, match="请拍一张现场照片"):
        flow.move(row, "still", town.zhang, **{**said, "seen_at": revisits.now()})
    with pytest.raises(Refused, match="须两个人到场"):
        steps.visit(row, town.zhang, companion=town.zhang.name)
    row = Revisit.objects.select_related("file").get()
    for moment in (
        revisits.now() + timedelta(hours=2),
        datetime(2018, 5, 1, 22, tzinfo=timezone.get_current_timezone()),
    ):
        with pytest.raises(Refused, match="不能早于关停"):
            flow.move(row, "still", town.zhang, **{**said, "seen_at": moment})


def test_the_next_village_another_office_and_a_finished_one_cannot(town, cannery):
    row = steps.planned(cannery)
    for who in (town.li, town.qian, town.zhou):
        with pytest.raises(Refused) as no:
            steps.visit(Revisit.objects.select_related("file").get(), who)
        assert no.value.code == "forbidden"
    steps.visit(Revisit.objects.select_related("file").get(pk=row.pk), town.zhang)
    with pytest.raises(Refused, match="当前状态"):
        steps.visit(Revisit.objects.select_related("file").get(), town.zhang)


def test_what_is_opened_again_by_the_book_is_not_revisited_any_more(town, cannery):
    steps.planned(cannery)
    flow.move(cannery, "reopen", town.zhang, on=date(2018, 6, 20), reason="办了证")
    revisits.plan()
    assert Revisit.objects.get().state == "dropped"
    assert not Deadline.objects.running().filter(kind="lookback.revisit").exists()


def test_a_watch_that_read_before_another_wrote_plans_nothing(town, cannery):
    [closure] = closures()
    assert revisits._plan(closure, set()) == 1
    assert revisits._plan(closure, set()) == 0
    assert Event.objects.filter(kind="lookback.revisit", move="plan").count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_night_watches_at_once_plan_one_visit(town, june):
    steps.cannery(town.zhang)
    start, made = Barrier(2), []

    def night():
        with steps.at(steps.JUNE):
            start.wait(timeout=20)
            made.append(patiently(revisits.plan))
        connections.close_all()

    threads = [Thread(target=night) for _n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(made) == [0, 1]
    assert Revisit.objects.count() == 1
