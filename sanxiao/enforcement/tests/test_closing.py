"""Closing a place down, violence against officers, and who may not work in the trade."""

from datetime import date, timedelta

import pytest

from sanxiao.archive.models import Establishment
from sanxiao.docket import files, flow, rooms
from sanxiao.enforcement.models import Barred, Closure, Incident
from sanxiao.enforcement.tests import steps
from sanxiao.inspection import visits
from sanxiao.licensing import eligibility


def refused(obj, move, by, why, **facts):
    with pytest.raises(flow.Refused, match=why):
        flow.move(obj, move, by, **facts)


def now_as(closure):
    return Closure.objects.select_related("file__operator").get(pk=closure.pk)


def photo(closure, by, role, colour):
    files.keep(closure, steps.picture(colour), f"{role}.jpg", by, role=role)


@pytest.fixture
def noticed(bureau, may, tofu):
    closure = Closure(file=tofu, area=tofu.area)
    flow.move(
        closure, "notice", bureau.zhang, ground="phase_out", reason="前店后居，不能改造", guided_until=steps.days(30)
    )
    return now_as(closure)


@pytest.fixture
def planned(bureau, noticed):
    flow.move(noticed, "order", bureau.chen, stop_on=steps.MAY)
    flow.move(now_as(noticed), "plan", bureau.chen, act_on=steps.days(3), team="分局、城管、派出所", steps="各负其责")
    flow.sign(now_as(noticed), bureau.zhou, agrees=True)
    return now_as(noticed)


def test_the_village_tells_the_reason_and_gives_time(noticed):
    assert noticed.number == "金城关〔2026〕1号"
    assert noticed.due_on == date(2026, 6, 10)


def test_the_plan_waits_for_the_food_safety_office(bureau, noticed):
    flow.move(noticed, "order", bureau.chen, stop_on=steps.MAY)
    flow.move(now_as(noticed), "plan", bureau.chen, act_on=steps.days(3), team="x", steps="x")
    assert now_as(noticed).state == "ordered"
    flow.sign(now_as(noticed), bureau.zhou, agrees=True)
    assert now_as(noticed).state == "planned"


def test_no_operation_without_photos_of_before_and_after(bureau, planned):
    with steps.at(date(2026, 5, 14)):
        facts = {"acted_on": date(2026, 5, 14), "way": "banned"}
        refused(planned, "carry_out", bureau.chen, "执行前、执行后", **facts)
        photo(planned, bureau.chen, "before", "red")
        photo(planned, bureau.chen, "after", "blue")
        flow.move(now_as(planned), "carry_out", bureau.chen, **facts)
    file = Establishment.objects.get(pk=planned.file_id)
    assert (file.state, file.closing) == ("closed", "banned")


def test_who_gives_up_needs_no_operation(bureau, noticed):
    refused(noticed, "gave_up", bureau.zhang, "拍一张", note="自己关了")
    photo(noticed, bureau.zhang, "after", "blue")
    flow.move(now_as(noticed), "gave_up", bureau.zhang, note="自己关了")
    assert Establishment.objects.get(pk=noticed.file_id).closing == "self"


def test_a_place_is_not_closed_twice_at_once(bureau, noticed, tofu):
    second = Closure(file=tofu, area=tofu.area)
    refused(second, "notice", bureau.zhang, "已经在办理", ground="illegal", reason="x", guided_until=steps.days(1))


def test_the_next_village_cannot_close_it(bureau, may, tofu):
    closure = Closure(file=tofu, area=tofu.area)
    refused(closure, "notice", bureau.li, "不归您", ground="illegal", reason="x", guided_until=steps.days(1))


def test_only_the_bureau_orders_to_stop(bureau, noticed):
    for who in (bureau.zhang, bureau.zhou, bureau.qian):
        refused(noticed, "order", who, "不归您", stop_on=steps.MAY)


def test_violence_warns_whoever_goes_there_next(bureau, as_, may, tofu):
    client = as_("qian")
    said = {"on": "2026-05-11", "harm": "hands", "said": "推搡两名队员", "police_called": "on"}
    assert client.post(f"/incidents/new/{tofu.pk}", {}).status_code in (301, 404)
    assert client.post(f"/incidents/new/{tofu.pk}/", said).status_code == 302
    assert "阻碍执法" in rooms.gather("warnings", tofu, bureau.chen)[0]
    assert "请结伴前往" in as_("zhang").get(tofu.get_absolute_url()).content.decode()


def test_the_village_next_door_writes_no_incident(bureau, as_, may, tofu):
    assert as_("li").get(f"/incidents/new/{tofu.pk}/").status_code == 404


def test_who_is_barred_gets_no_certificate(bureau, as_, may, tofu):
    said = {"name": "王秀兰", "id_number": tofu.operator.id_number, "since": "2026-01-01", "basis": "刑事判决"}
    assert as_("chen").post("/barred/new/", said).status_code == 302
    found = [f for f in eligibility.barred_now(tofu) if f.code == "barred"]
    assert "限制从事" in found[0].text
    row = Barred.objects.get()
    assert tofu.operator.id_number not in row.id_number_sealed
    as_("chen").post(f"/barred/{row.pk}/lift/")
    assert not [f for f in eligibility.barred_now(tofu) if f.code == "barred"]


def test_chen_finds_the_list_behind_the_cases_and_takes_a_person_off_it(bureau, as_, may, tofu):
    chen = as_("chen")
    assert "/barred/" in chen.get("/cases/").content.decode()
    said = {"name": "王秀兰", "id_number": tofu.operator.id_number, "since": "2026-01-01", "basis": "刑事判决"}
    assert "/barred/new/" in chen.get("/barred/").content.decode()
    chen.post("/barred/new/", said)
    listed = chen.get("/barred/").content.decode()
    assert "王秀兰" in listed and tofu.operator.id_number not in listed
    page = chen.get(Barred.objects.get().get_absolute_url()).content.decode()
    assert "解除限制" in page and "****0015" in page
    zhou = as_("zhou").get(Barred.objects.get().get_absolute_url()).content.decode()
    assert "解除限制" not in zhou
    assert as_("zhang").get(Barred.objects.get().get_absolute_url()).status_code == 404


def test_the_next_visit_is_warned(bureau, as_, may, tofu):
    Incident.objects.create(file=tofu, area=tofu.area, harm="hands", said="推搡两名队员")
    visit = visits.plan(tofu, "routine", by=bureau.chen, team=[bureau.chen, bureau.wu], cause="应查")
    assert "请结伴前往" in as_("chen").get(visit.get_absolute_url()).content.decode()


def test_a_bar_that_has_run_out_bars_nobody(bureau, may, tofu):
    row = Barred(name="王秀兰", area=tofu.area, since=date(2020, 1, 1), until=date(2025, 1, 1), basis="x")
    row.id_number = tofu.operator.id_number
    row.save()
    assert not rooms.gather("bars", tofu.operator)
    Barred.objects.update(until=steps.MAY + timedelta(days=1))
    assert rooms.gather("bars", tofu.operator)


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"id_number": "320413190001010016"}, "校验"),
        ({"until": "2025-01-01"}, "止日"),
        ({"basis": ""}, "必填|不能为空|请"),
    ],
)
def test_a_wrong_entry_says_what_is_wrong_and_keeps_what_was_typed(bureau, as_, may, said, why):
    whole = {"name": "王秀兰", "id_number": "320413190001010015", "since": "2026-01-01", "basis": "判决"}
    page = as_("chen").post("/barred/new/", {**whole, **said}).content.decode()
    assert not Barred.objects.exists()
    assert "王秀兰" in page


@pytest.mark.parametrize("who", ["zhang", "zhou", "ding"])
def test_only_the_bureau_keeps_the_list(bureau, as_, may, who):
    assert as_(who).post("/barred/new/", {"name": "x"}).status_code == 403
