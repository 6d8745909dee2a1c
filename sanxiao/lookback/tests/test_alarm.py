"""Who closed and turns up again is on the desk at once, and only once."""

from datetime import date
from threading import Barrier, Thread

import pytest
from django.db import connections

from sanxiao.docket import flow, rooms
from sanxiao.docket.models import Event
from sanxiao.docket.refusal import Refused
from sanxiao.docket.rooms import Sighting
from sanxiao.docket.tests.test_race import patiently
from sanxiao.inspection.tests.steps import issue
from sanxiao.lookback import alarms
from sanxiao.lookback.models import Alarm, Trace
from sanxiao.lookback.tests import steps
from sanxiao.lookback.watching import watched
from sanxiao.sources.tests import steps as buying
from sanxiao.survey.models import Lead
from tests.cast import HOUYANG

NANYAO = "320413100204"


def raised() -> list[tuple[str, list]]:
    """Alarms after listening: where it was seen and why it may be the same."""
    alarms.listen()
    return [(alarm.called, alarm.reasons) for alarm in Alarm.objects.order_by("created_at", "pk")]


@pytest.fixture
def heard(cannery):
    """The watch has heard everything so far, and there was nothing."""
    assert raised() == []
    return cannery


def test_the_same_person_in_another_village_is_seen_by_number_or_telephone(town, heard):
    steps.place(town.li, "南瑶糖水铺", person="徐根宝", number=steps.XU, phone="13900000001", area=NANYAO)
    steps.place(town.li, "徐家果脯", person="徐小宝", number="", phone=steps.XU_PHONE, area=NANYAO)
    assert sorted(raised()) == [("南瑶糖水铺", ["id"]), ("徐家果脯", ["phone"])]
    assert {alarm.area for alarm in Alarm.objects.all()} == {NANYAO}


def test_the_same_door_under_another_name_is_seen(town, heard):
    steps.place(town.zhang, "新来糕点", address="后阳村桥头3", lat=31.7200, lng=119.57001)
    [(_name, reasons)] = raised()
    assert reasons[0] == "address"
    assert reasons[1][0] == "near"


def test_an_invoice_that_names_the_closed_place_is_a_sighting(town, heard):
    school = buying.buyer(town.zhang)
    buying.bought(town.zhang, school, heard, food="黄桃罐头")
    assert raised() == [("徐记罐头坊", ["self"])]
    assert Alarm.objects.get().area == HOUYANG


def test_an_invoice_that_names_somebody_else_is_none(town, heard):
    buying.bought(town.zhang, buying.buyer(town.zhang, "后阳农家店", "market"), "外地糕点厂")
    assert raised() == []


def test_a_like_name_counts_nearby_and_not_across_the_town(town, heard):
    steps.place(town.zhang, "徐记罐头厂", lat=31.7220, lng=119.57)
    steps.place(town.li, "徐记罐头房", area=NANYAO, lat=31.80, lng=119.57)
    assert raised() == [("徐记罐头厂", ["name"])]


def test_neighbours_and_the_other_shop_that_was_there_before_are_none(town, june):
    with steps.at(date(2018, 4, 9)):
        old = steps.place(town.zhang, "徐家面馆", person="徐根宝", number=steps.XU, phone=steps.XU_PHONE)
        near = steps.place(town.zhang, "隔壁烧饼", lat=31.72, lng=119.57)
    steps.cannery(town.zhang)
    for file in (old, near):
        issue(file, town.chen)
    assert raised() == []


def test_what_was_seen_before_the_closing_is_no_revival(town, june):
    with steps.at(date(2018, 4, 20)):
        steps.place(town.zhang, "徐记罐头铺", person="徐根宝", number=steps.XU, phone=steps.XU_PHONE)
    steps.cannery(town.zhang)
    assert raised() == []


def test_a_reopening_is_looked_at_too(town, heard):
    flow.move(heard, "reopen", town.zhang, on=date(2018, 6, 20), reason="又开了")
    assert raised() == [("徐记罐头坊", ["self"])]


def test_a_lead_at_the_address_is_a_sighting_before_there_is_a_file(town, heard):
    lead = Lead(origin="desk", area=steps.HOUYANG, name="夜里冒烟的院子", address="后阳村桥头3号")
    flow.move(lead, "send", town.zhou)
    assert raised() == [("夜里冒烟的院子", ["address"])]


def test_the_same_sighting_never_raises_twice_and_a_second_one_is_added(town, heard):
    file = steps.place(town.li, "南瑶糖水铺", person="徐根宝", number=steps.XU, area=NANYAO)
    assert len(raised()) == len(raised()) == 1
    issue(file, town.chen)
    assert len(raised()) == 1
    assert [trace.kind for trace in Trace.objects.all()] == ["archive.file", "inspection.order"]
    assert Event.objects.filter(kind="lookback.alarm", move="see").count() == 1


def test_a_wrong_match_dismissed_stays_dismissed(town, heard):
    file = steps.place(town.li, "南瑶糖水铺", person="徐根宝", phone=steps.XU_PHONE, area=NANYAO)
    raised()
    flow.move(Alarm.objects.select_related("file").get(), "dismiss", town.chen, reason="同号，是侄子")
    issue(file, town.chen)
    raised()
    assert [alarm.state for alarm in Alarm.objects.all()] == ["dismissed"]


def test_what_was_dismissed_before_it_had_a_file_stays_dismissed_with_one(town, heard):
    lead = Lead(origin="desk", area=steps.HOUYANG, name="桥头烟囱", address="后阳村桥头3号")
    flow.move(lead, "send", town.zhou)
    raised()
    flow.move(Alarm.objects.select_related("file").get(), "dismiss", town.chen, reason="是隔壁澡堂")
    bath = steps.place(town.zhang, "桥头澡堂饭铺", address="后阳村桥头3号")
    flow.move(lead, "known", town.zhang, file=bath, note="")
    raised()
    assert [alarm.state for alarm in Alarm.objects.all()] == ["dismissed"]
    assert Alarm.objects.get().seen_id == bath.pk


def test_an_alarm_goes_from_the_village_to_the_bureau(town, heard, as_):
    steps.place(town.li, "南瑶糖水铺", person="徐根宝", number=steps.XU, area=NANYAO)
    raised()
    alarm = Alarm.objects.select_related("file").get()
    with pytest.raises(Refused, match="还没有人到现场看过"):
        flow.move(alarm, "confirm", town.chen, note="一看就是")
    flow.move(alarm, "look", town.li, looked_on=date(2018, 6, 20), found="徐根宝在熬糖水")
    with pytest.raises(Refused) as no:
        flow.move(alarm, "confirm", town.li, note="就是他")
    assert no.value.code == "forbidden"
    flow.move(alarm, "confirm", town.chen, note="同一人，同样的设备")
    assert alarm.state == "confirmed"


def test_the_village_next_door_and_another_office_cannot(town, heard):
    steps.place(town.li, "南瑶糖水铺", person="徐根宝", number=steps.XU, area=NANYAO)
    raised()
    alarm = Alarm.objects.select_related("file").get()
    looked = {"looked_on": steps.JUNE, "found": "看过"}
    for who, move, said in (
        (town.zhang, "look", looked), (town.qian, "look", looked), (town.zhou, "dismiss", {"reason": "不像"}),
    ):  # fmt: skip
        with pytest.raises(Refused) as no:
            flow.move(alarm, move, who, **said)
        assert no.value.code == "forbidden"
    assert not Alarm.objects.seen_by(town.zhang).exists()


def test_a_desk_has_it_after_one_listening_without_waiting_for_the_night(town, heard, as_):
    steps.place(town.li, "南瑶糖水铺", person="徐根宝", number=steps.XU, area=NANYAO)
    alarms.listen()
    for who in ("li", "chen"):
        assert "死灰复燃线索" in as_(who).get("/").content.decode()
    assert "死灰复燃线索" not in as_("feng").get("/").content.decode()


def test_nothing_new_asks_no_room(town, heard, django_assert_num_queries):
    alarms.listen()
    with django_assert_num_queries(2):
        assert alarms.listen() == 0


def test_a_closing_entered_late_hears_what_was_seen_since(town, june):
    file = steps.place(town.zhang, "徐记罐头坊", person="徐根宝", number=steps.XU, phone=steps.XU_PHONE)
    with steps.at(date(2018, 6, 10)):
        lead = Lead(origin="desk", area=file.area, name="徐记罐头坊")
        flow.move(lead, "send", town.zhou)
    alarms.listen()
    flow.move(file, "close", town.zhang, on=date(2018, 6, 1), closing="self", reason="补录")
    assert raised() == [("徐记罐头坊", ["name"])]


def test_who_is_about_to_register_can_be_asked_about(town, cannery):
    asked = Sighting("x", "x", "x", steps.JUNE, NANYAO, "", "随便", id_index=cannery.operator.id_number_index)
    assert [match.closure.file for match in watched(asked)] == [cannery]
    assert watched(Sighting("x", "x", "x", steps.JUNE, NANYAO, "", "徐记罐头坊")) == []


def test_every_room_that_sees_people_hands_its_sightings_down():
    rooms_ = {room.key for room in rooms.all_rooms() if room.sightings}
    assert rooms_ >= {"archive", "survey", "inspection", "licensing"}


@pytest.mark.django_db(transaction=True)
def test_two_watches_that_listen_at_once_raise_one_alarm(town, june):
    steps.cannery(town.zhang)
    alarms.listen()
    steps.place(town.li, "南瑶糖水铺", person="徐根宝", number=steps.XU, area=NANYAO)
    start = Barrier(2)

    def watch():
        with steps.at(steps.JUNE):
            start.wait(timeout=20)
            patiently(alarms.listen)
        connections.close_all()

    threads = [Thread(target=watch) for _n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Alarm.objects.count() == Trace.objects.count() == 1
