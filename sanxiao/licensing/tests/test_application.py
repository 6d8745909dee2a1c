"""An application from the draft to the hand-over: who may do what, and what every step leaves behind."""

from datetime import date

import pytest

from sanxiao.docket import flow, watch
from sanxiao.docket.models import Deadline, Event
from sanxiao.inspection.tests import steps as orders
from sanxiao.licensing.models import Application, Snapshot
from sanxiao.licensing.rules import APPLICATION
from sanxiao.licensing.tests import steps
from sanxiao.licensing.tests.steps import GRANT, HANDED, SIGNED, again, begin, go, passing, proposed, submitted
from sanxiao.office.now import at
from sanxiao.papers.models import Paper


def test_the_tofu_shop_walks_from_application_to_certificate(town, tofu):
    app = proposed(tofu, town)
    assert app.number == "ZFSQ320413100-2018-00001" or app.number.startswith("ZFSQ320413100-")
    app = go(app, ("grant", town.wu), ("issue", town.wu), ("hand_over", town.chen, HANDED))
    assert app.state == "handed"
    assert [p.title for p in Paper.objects.filter(subject=app.pk).order_by("at")] == ["受理通知书", "领取回执"]
    paper = app.certificates.get()
    assert (paper.state, paper.document) == ("valid", "食品小作坊登记证")


def test_the_stall_walks_through_village_and_food_safety_office(town):
    app = proposed(steps.stall(town.zhang), town)
    assert app.route == "card"
    app = go(app, ("grant", town.zhou), ("issue", town.zhou))
    assert app.certificates.get().document == "食品摊贩登记卡"


def test_both_routes_stand_in_one_inbox(as_, town, tofu):
    submitted(tofu, town)
    submitted(steps.stall(town.zhang), town)
    page = as_("zhou").get("/licensing/").content.decode()
    assert "王家豆腐坊" in page and "老街早点摊" in page
    page = as_("zhou").get("/licensing/?route=card").content.decode()
    assert "王家豆腐坊" not in page and "老街早点摊" in page


def test_the_desk_says_whose_turn_it_is(as_, town, tofu):
    submitted(tofu, town)
    assert "受理" in as_("chen").get("/").content.decode()
    card = submitted(steps.stall(town.zhang), town)
    assert card.title not in as_("chen").get("/").content.decode()
    assert card.title in as_("zhang").get("/").content.decode()


# -- every move: right office, wrong office, wrong village, wrong state

WHO = {  # move: (state to begin from, facts, who may on the certificate's route, on the cards' route)
    "fill": ("draft", {"materials": {"identity": True}}, "zhang", "zhang"),
    "submit": ("draft", SIGNED, "zhang", "zhang"),
    "accept": ("received", {}, "chen", "zhang"),
    "return": ("received", {"defects": ["身份证明：材料不清"]}, "chen", "zhang"),
    "resubmit": ("returned", {"materials": {"identity": True}}, "zhang", "zhang"),
    "visit_pass": ("accepted", passing(), "chen", "zhang"),
    "visit_fail": ("accepted", passing(water=False), "chen", "zhang"),
    "propose": ("visited", GRANT, "chen", "zhang"),
    "send_back": ("proposed", {"reason": "面积未核"}, "wu", "zhou"),
    "grant": ("proposed", {}, "wu", "zhou"),
    "refuse": ("proposed", {"ground": "其他", "reason": "场所无合法使用权"}, "wu", "zhou"),
    "extend": ("proposed", {"until": date(2018, 7, 16), "reason": "情况复杂"}, "wu", "zhou"),
    "issue": ("approved", {}, "wu", "zhou"),
    "hand_over": ("issued", HANDED, "wu", "zhou"),
    "withdraw": ("received", {"reason": "经营者不办了"}, "zhang", "zhang"),
}
STRANGERS = ("li", "qian", "feng", "sun", "he")  # next village, other departments, leading group, administrator


def at_state(file, town, state) -> Application:
    """An application that has come as far as `state`."""
    handler = town.chen if file.kind_id == "workshop" else town.zhang
    decider = town.wu if file.kind_id == "workshop" else town.zhou
    way = [
        ("submit", town.zhang, SIGNED), ("accept", handler), ("visit_pass", handler, passing()),
        ("propose", handler, GRANT), ("grant", decider), ("issue", decider),
    ]  # fmt: skip
    reached = ["draft", "received", "accepted", "visited", "proposed", "approved", "issued"]
    app = begin(file, town.zhang)
    if state == "returned":
        return go(app, way[0], ("return", handler, {"defects": ["缺承诺书"]}))
    return go(app, *way[: reached.index(state)])


@pytest.mark.parametrize("kind", ["workshop", "vendor"])
@pytest.mark.parametrize("name", WHO)
def test_each_move_is_made_by_its_office_alone_and_from_its_state(town, tofu, name, kind):
    state, facts, *who = WHO[name]
    with at(date(2018, 6, 11)):
        app = at_state(tofu if kind == "workshop" else steps.stall(town.zhang), town, state)
        right = getattr(town, who[kind == "vendor"])
        for stranger in STRANGERS:
            with pytest.raises(flow.Refused) as no:
                flow.move(again(app), name, getattr(town, stranger), **facts)
            assert no.value.code == "forbidden"
        app = again(app)
        if (name, kind) == ("extend", "vendor"):
            with pytest.raises(flow.Refused, match="不能延长"):
                flow.move(app, name, right, **facts)
            return
        flow.move(app, name, right, **facts)
        if APPLICATION.row(name).to != flow.STAYS:
            with pytest.raises(flow.Refused) as no:
                flow.move(again(app), name, right, **facts)
            assert no.value.code == "state"


def test_every_move_of_the_table_is_tried():
    by_people = {row.key for row in APPLICATION.moves if row.duty} - {"begin"}
    assert by_people == set(WHO)


def test_the_cadre_next_door_cannot_begin_one(as_, tofu):
    address = f"/do/licensing.application/new/begin?file={tofu.pk}"
    assert as_("zhang").get(address).status_code == 200
    assert as_("li").get(address).status_code == 404
    assert as_("zhang").get("/do/licensing.application/new/begin?file=nonsense").status_code == 404


def test_urban_management_sees_no_application(as_, town, tofu):
    app = submitted(tofu, town)
    assert as_("qian").get(app.get_absolute_url()).status_code == 404
    assert as_("li").get(app.get_absolute_url()).status_code == 404
    assert as_("sun").get(app.get_absolute_url()).status_code == 200


# -- the rules of the way


def test_an_application_is_returned_once_only_with_every_defect(town, tofu):
    app = go(submitted(tofu, town), ("return", town.chen, {"defects": ["身份证明：材料不清", "缺承诺书"]}))
    text = Paper.objects.get(subject=app.pk).facts
    assert [p["text"] for p in text["paragraphs"][1:3]] == ["身份证明：材料不清", "缺承诺书"]
    app = go(app, ("resubmit", town.zhang, {"materials": {"identity": True}}))
    with pytest.raises(flow.Refused, match="补正只能一次告知"):
        flow.move(app, "return", town.chen, defects=["还缺一张照片"])


def test_who_is_late_with_the_notice_has_accepted(town, tofu):
    with at(date(2018, 6, 4)):
        app = submitted(tofu, town)
        assert Deadline.objects.get(subject=app.pk, term="supplement").due_on == date(2018, 6, 11)
    with at(date(2018, 6, 12)):
        watch.lapse_due()
        watch.lapse_due()
    app = again(app)
    assert app.state == "accepted"
    event = Event.objects.of(app).first()
    assert (event.move, event.actor) == ("deem_accepted", None)
    assert Paper.objects.get(subject=app.pk).title == "受理通知书"


def test_a_reply_that_does_not_come_ends_the_application(town, tofu):
    with at(date(2018, 6, 4)):
        app = go(submitted(tofu, town), ("return", town.chen, {"defects": ["缺承诺书"]}))
    with at(date(2018, 6, 26)):
        watch.lapse_due()
    assert again(app).state == "lapsed"


def test_the_bureau_has_twenty_working_days_the_card_five(town, tofu):
    with at(date(2018, 6, 4)):
        app = go(submitted(tofu, town), ("accept", town.chen))
        card = proposed(steps.stall(town.zhang), town)
    decide = Deadline.objects.filter(term="decide")
    assert decide.get(subject=app.pk).due_on == date(2018, 7, 3)  # 18 June was a holiday
    assert decide.get(subject=card.pk).due_on == date(2018, 6, 11)


def test_a_decision_may_take_ten_working_days_more_and_no_longer(town, tofu):
    with at(date(2018, 6, 4)):
        app = proposed(tofu, town)
        with pytest.raises(flow.Refused, match="最多"):
            flow.move(app, "extend", town.wu, until=date(2018, 8, 1), reason="情况复杂")
        flow.move(again(app), "extend", town.wu, until=date(2018, 7, 17), reason="情况复杂")


def test_who_handled_it_does_not_review_it(town, tofu):
    app = proposed(tofu, town)
    offers = {o.move.key: o.reason for o in flow.open_moves(app, town.chen)}
    assert "不同的人" in offers["grant"]
    with pytest.raises(flow.Refused, match="不同的人"):
        flow.move(app, "grant", town.chen)
    assert go(app, ("grant", town.wu)).decided_by == town.wu


def test_nothing_is_issued_after_a_failed_site_check(town, tofu):
    app = go(submitted(tofu, town), ("accept", town.chen), ("visit_fail", town.chen, passing(water=False)))
    with pytest.raises(flow.Refused, match="核查还没有合格"):
        flow.move(app, "propose", town.chen, opinion="grant")
    app = go(app, ("propose", town.chen, {"opinion": "refuse"}))
    with pytest.raises(flow.Refused, match="核查还没有合格"):
        flow.move(app, "grant", town.wu)
    app = go(app, ("send_back", town.wu, {"reason": "再查一次"}), ("visit_pass", town.chen, passing()))
    assert go(app, ("propose", town.chen, GRANT), ("grant", town.wu)).state == "approved"


def test_a_workshop_needs_a_site_check_a_stall_does_not(town, tofu):
    app = go(submitted(tofu, town), ("accept", town.chen))
    with pytest.raises(flow.Refused, match="核查还没有合格"):
        flow.move(app, "propose", town.chen, opinion="grant")
    assert proposed(steps.stall(town.zhang), town).state == "proposed"


def test_a_site_check_wants_two_people_and_an_honest_result(town, tofu):
    app = go(submitted(tofu, town), ("accept", town.chen))
    with pytest.raises(flow.Refused, match="2 名以上"):
        flow.move(app, "visit_pass", town.chen, **passing() | {"officers": ["陈伟", "陈伟"]})
    with pytest.raises(flow.Refused, match="不合格的"):
        flow.move(again(app), "visit_pass", town.chen, **passing(water=False))
    assert again(app).state == "accepted"


def test_a_refusal_gives_its_reason_and_the_way_to_review(town, tofu):
    app = go(proposed(tofu, town), ("refuse", town.wu, {"ground": "其他", "reason": "场所使用权不明"}))
    facts = Paper.objects.get(subject=app.pk, title="不予登记决定书").facts
    assert "其他：场所使用权不明" in facts["paragraphs"][0]
    assert "行政复议" in facts["paragraphs"][1]


def test_the_file_is_frozen_at_the_decision(town, tofu):
    app = go(proposed(tofu, town), ("grant", town.wu))
    tofu.refresh_from_db()
    flow.amend(tofu, town.chen, "file.edit", address="搬走了")
    shot = Snapshot.objects.get(subject=app.pk)
    assert shot.facts["address"] == "后阳村老街12号"
    assert shot.facts["operator"]["id_number"] == "320413********0015"
    assert "13861234567" not in str(shot.facts)


def test_a_place_in_the_third_class_gets_no_certificate(town, tofu):
    app = proposed(tofu, town)
    type(tofu).objects.filter(pk=tofu.pk).update(case="3")
    with pytest.raises(flow.Refused, match="不符合登记条件"):
        flow.move(again(app), "grant", town.wu)


def test_one_application_at_a_time_and_only_for_what_fits(town, tofu):
    begin(tofu, town.zhang)
    with pytest.raises(flow.Refused, match="已有一件申请"):
        begin(tofu, town.zhang)
    with pytest.raises(flow.Refused, match="不符"):
        begin(steps.stall(town.zhang), town.zhang, purpose="renew")


def test_two_who_begin_at_once_are_not_both_told_yes(town, tofu):
    """Both read the page before either pressed: the second passes the guard and meets the constraint."""
    begin(tofu, town.zhang)
    second = Application(file=tofu, area=tofu.area, route="certificate")
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(APPLICATION.predicates, "none_open", lambda _app, _facts: True)
        with pytest.raises(flow.Stale, match="刚刚有人办了"):
            flow.move(second, "begin", town.zhang, purpose="new", materials={"identity": True})
    assert (second.state, second.version) == ("", 0)


def test_the_letter_of_commitment_is_signed_first(as_, town, tofu):
    app = begin(tofu, town.zhang)
    with pytest.raises(flow.Refused, match="签字"):
        flow.move(app, "submit", town.zhang, committed=False)
    page = as_("zhang").post(f"/do/licensing.application/{app.pk}/submit", {"version": app.version})
    assert page.status_code == 422


def test_no_card_while_an_order_is_open(town, tofu):
    with at(date(2018, 6, 5)):
        app = proposed(tofu, town)
        orders.issue(tofu, town.chen)
        with pytest.raises(flow.Refused, match="整改通知还没有办结"):
            flow.move(app, "grant", town.wu)
