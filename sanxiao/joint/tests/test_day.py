"""On the day: items are ticked by each office, the police are called, what follows is found by itself."""

import uuid

import pytest

from sanxiao.docket import files, flow, rooms
from sanxiao.docket.refusal import Refused
from sanxiao.docket.rooms import Filled
from sanxiao.enforcement.handing import REFERRAL
from sanxiao.enforcement.models import Incident
from sanxiao.field import offer
from sanxiao.joint import outcome, route, targets
from sanxiao.joint.models import Call, Finding
from sanxiao.joint.tests import steps
from sanxiao.survey.models import Form


def tick(operation, file, user, **answers):
    rows = {code: said if isinstance(said, dict) else {"a": said} for code, said in answers.items()}
    flow.move(steps.stop(operation, file), "tick", user, answers=rows)


def test_each_office_answers_its_own_items_and_no_others(town, underway, tofu):
    tick(underway, tofu, town.qian, road="yes", goods="yes")
    assert list(Finding.objects.values_list("code", "office__role")) == [("road", "urban")]


def test_an_item_of_two_offices_is_one_and_the_last_word_stands(town, underway, tofu):
    tick(underway, tofu, town.qian, road="yes")
    tick(underway, tofu, town.zhang, road={"a": "no", "note": "又摆出来了"})
    [finding] = Finding.objects.filter(code="road")
    assert (finding.a, finding.by) == ("no", town.zhang)


def test_what_is_wrong_is_said_in_words(town, underway, tofu):
    with pytest.raises(Refused, match="有问题的，请写一句是什么问题"):
        tick(underway, tofu, town.qian, road="no")
    with pytest.raises(Refused, match="请选择"):
        tick(underway, tofu, town.qian, road="maybe")
    assert steps.stop(underway, tofu).state == "listed"


def test_who_does_not_take_part_ticks_nothing(town, underway, tofu):
    with pytest.raises(Refused, match="没有参加这次行动"):
        tick(underway, tofu, town.zhou, road="yes")


def test_nothing_is_ticked_before_the_start_or_after_ones_own_part_is_closed(town, ready, tofu):
    with pytest.raises(Refused, match="行动还没有开始"):
        tick(ready, tofu, town.qian, road="yes")
    with steps.at(ready.held_on):
        flow.move(steps.again(ready), "start", town.zhang)
        flow.move(steps.stop(ready, tofu), "miss", town.zhang, note="")
        flow.move(steps.again(ready), "finish", town.zhang)
        steps.close(ready, town.qian)
        with pytest.raises(Refused, match="已办结"):
            tick(ready, tofu, town.qian, road="yes")


# -- the police


def test_a_call_is_on_the_desk_of_the_police_at_once(town, underway, tofu, as_):
    call = steps.call(underway, town.qian, stop=str(steps.stop(underway, tofu).pk))
    assert (call.spot, call.by, call.file_id_for_log) == ("后阳村老街12号", town.qian, tofu.pk)
    assert "推搡执法人员" in as_("ding").get("/").content.decode()
    for who, sees in (("ding", 1), ("zhang", 1), ("chen", 1), ("li", 0), ("feng", 0)):
        assert Call.objects.seen_by(getattr(town, who)).count() == sees, who


def test_the_police_answer_and_settle_it_and_nobody_else(town, underway, tofu):
    call = steps.call(underway, town.zhang)
    for who in ("zhang", "chen", "qian", "zhou"):
        with pytest.raises(Refused):
            flow.move(call, "answer", getattr(town, who))
    flow.move(call, "answer", town.ding)
    flow.move(steps.stop(underway, tofu), "miss", town.zhang)
    with pytest.raises(Refused, match="还有呼叫民警没有处置完"):
        flow.move(steps.again(underway), "finish", town.zhang)
    flow.move(Call.objects.get(pk=call.pk), "settle", town.ding, outcome="已劝离", police_no="J1")
    assert not Call.objects.waiting().exists()


def test_who_calls_by_mistake_takes_it_back_and_a_stranger_cannot_call(town, underway):
    call = steps.call(underway, town.qian)
    flow.move(call, "recall", town.qian, reason="误按")
    assert Call.objects.get().state == "recalled"
    with pytest.raises(Refused, match="没有参加这次行动"):
        steps.call(underway, town.zhou)


def test_half_a_position_is_refused_with_words(town, underway):
    found = Call.flow.begun(town.qian, {"operation": str(underway.pk)})
    with pytest.raises(Refused, match="纬度和经度"):
        flow.move(found, "call", town.qian, said="打人", lat=31.7)


def test_nobody_calls_from_an_operation_that_is_not_on(town, planned):
    with pytest.raises(Refused):
        steps.call(planned, town.zhang)


def test_the_incident_note_begins_with_what_the_call_says_and_leads_back(town, underway, tofu, as_):
    call = steps.call(underway, town.qian, stop=str(steps.stop(underway, tofu).pk))
    qian = as_("qian")
    address = qian.get(call.get_absolute_url()).context["note"]
    page = qian.get(address).content.decode()
    assert "推搡执法人员" in page and 'name="police_called"' in page and "checked" in page
    said = {"on": str(underway.held_on), "harm": "hands", "said": "推搡执法人员", "police_called": "on"}
    assert qian.post(address, said).url == call.get_absolute_url()
    assert Incident.objects.get().file_id == tofu.pk
    assert qian.post(f"/incidents/new/{tofu.pk}/?next=https://evil.example/", said).url.startswith("/incidents/")


def test_what_was_begun_there_is_listed_by_itself(town, underway, tofu):
    referral = REFERRAL.begun(town.qian, {"file": str(tofu.pk)})
    to = steps.office_of(town.chen)
    flow.move(referral, "send", town.qian, to=to, matter="疑似无证加工", wanted_on=underway.held_on)
    kinds = [(row.kind, row.title) for row in outcome.of(underway).papers]
    assert kinds == [("检查", "王家豆腐坊"), ("移送其他单位", "王家豆腐坊")]
    assert [row.kind for row in outcome.of(underway, town.ding).papers] == ["检查"]


# -- places and people


def test_a_place_over_the_cap_goes_on_the_list_only_with_a_reason(town, planned, tofu, as_):
    from sanxiao.docket.models import Rule

    Rule.objects.filter(key="visit.cap").update(value={"most": 0, "kinds": ["joint"]})
    page = as_("zhang").post(f"/joint/{planned.pk}/places/", {"file": [str(tofu.pk)]})
    assert page.status_code == 422 and "已达到上限" in page.content.decode()
    said = {"file": [str(tofu.pk)], "override": "群众反复举报"}
    assert as_("zhang").post(f"/joint/{planned.pk}/places/", said).status_code == 302
    assert steps.stop(planned, tofu).override == "群众反复举报"


def test_who_is_on_leave_or_bound_elsewhere_is_shown(town, ready, bun):
    other = steps.plan(town.zhou, held_on=ready.held_on, topic="另一次")
    free = targets.people_of([steps.office_of(town.chen)], other.held_on, other)
    taken = free[steps.office_of(town.chen).pk].taken
    assert taken[town.wu.pk] == "参加联合执法：老街联合执法"
    own = targets.people_of([steps.office_of(town.chen)], ready.held_on, ready)[steps.office_of(town.chen).pk]
    assert own.free == len(own.people) == 2


def test_who_is_not_free_goes_only_for_a_reason(town, ready, tofu, bun, as_):
    other = steps.aimed(steps.asked(steps.plan(town.zhou, held_on=ready.held_on), town.zhou, town.chen), town.zhou, bun)
    flow.move(other, "notify", town.zhou)
    address = f"/do/joint.part/{steps.part(other, town.chen).pk}/accept"
    said = {f"go-{town.wu.pk}": "on", f"certificate-{town.wu.pk}": "苏1", "vehicles": "1"}
    page = as_("chen").post(address, said)
    assert page.status_code == 422 and "仍要派出的，请写明理由" in page.content.decode()
    assert as_("chen").post(address, said | {"note": "上午下午错开"}).status_code == 302


def test_the_route_begins_outside_and_goes_on_to_the_nearest(town, planned, tofu, bun):
    far = steps.cast.tofu_shop(town.zhang, name="桥头豆腐", lat=31.70, lng=119.55)
    nowhere = steps.cast.tofu_shop(town.zhang, name="流动豆腐", lat=None, lng=None, point_source="")
    operation = steps.aimed(planned, town.zhang, bun, nowhere, far, tofu)
    names = [stop.file.name for stop in operation.stops.standing()]
    assert names == ["桥头豆腐", "王家豆腐坊", "老街包子铺", "流动豆腐"]
    drawn = route.sketch(route.legs(list(operation.stops.standing().select_related("file"))))
    assert [point["no"] for point in drawn["points"]] == [1, 2, 3] and drawn["areas"]


def test_a_place_is_moved_up_and_down_by_hand(town, planned, tofu, bun, as_):
    operation = steps.aimed(planned, town.zhang, tofu, bun)
    last = list(operation.stops.standing())[-1]
    address = f"/do/joint.operation/{operation.pk}/arrange"
    assert as_("zhang").post(address, {"to": "up", "stop": str(last.pk)}).status_code == 302
    assert next(iter(operation.stops.standing())).pk == last.pk
    assert "已经在这一头了" in as_("zhang").post(address, {"to": "up", "stop": str(last.pk)}).content.decode()


# -- without a network


def filled(by, file, on, pictures=(), **said) -> Filled:
    """The joint list as a phone sends it."""
    form = Form.objects.filter(code="joint").latest("id")
    held = {f"{name}.jpg": files.put(steps.picture().getvalue()).pk for name in pictures}
    answers = {"role": "urban", "kind": file.kind_id, "seen": "visited"} | {n: f"{n}.jpg" for n in pictures} | said
    return Filled(uuid.uuid4(), form, file.area, by, answers, held, {}, on, place=file.pk)


def test_every_place_is_an_errand_whose_form_knows_the_office(town, underway, tofu):
    found = {e.key.split(":")[0]: e for e in rooms.gather("errands", town.qian) if e.key.startswith(("joint", "stop"))}
    assert found["joint"].url == f"/joint/{underway.pk}/day/"
    assert (found["stop"].form, found["stop"].known) == ("joint", {"role": "urban", "kind": "workshop"})
    assert not [e for e in rooms.gather("errands", town.zhou) if e.key.startswith("joint")]
    assert "joint" in {o.form.code for o in offer.offers(town.qian)}


def test_the_form_asks_each_office_for_its_own(town):
    form = Form.objects.filter(code="joint").latest("id")
    rows = {row["name"]: row for row in form.source["survey"]}
    assert rows["j_road"]["relevant"] == "${role} = 'urban' or ${role} = 'village'"
    assert "${kind} = 'vendor'" in rows["j_pitch"]["relevant"] and rows["j_road_note"]["required"] == "yes"


def test_a_list_filled_without_a_network_arrives_once(town, underway, tofu):
    said = filled(town.qian, tofu, underway.held_on, ["j_road_photo"], j_road="no", j_road_note="占道", j_clean="yes")
    take = rooms.fill_for("joint").take
    assert take(said).subject.pk == take(said).subject.pk
    assert dict(Finding.objects.values_list("code", "a")) == {"road": "no", "clean": "yes"}
    from sanxiao.docket.models import Attachment, Event

    assert Attachment.objects.filter(role="item:road").count() == 1
    assert Event.objects.filter(kind="joint.stop", move="tick").count() == 1


def test_a_list_that_comes_after_everybody_is_home_is_taken(town, underway, tofu):
    tick(underway, tofu, town.zhang, road="yes")
    flow.move(steps.again(underway), "finish", town.zhang)
    rooms.fill_for("joint").take(filled(town.qian, tofu, underway.held_on, j_clean="yes"))
    assert Finding.objects.filter(code="clean", by=town.qian).exists()


def test_a_list_about_a_place_that_nobody_went_to_goes_to_a_desk(town, underway, bun):
    with pytest.raises(Refused, match="不在您单位参加的"):
        rooms.fill_for("joint").take(filled(town.qian, bun, underway.held_on))
