"""Which steps a project takes, in which order, and at which office it lies."""

from datetime import date

import pytest

from sanxiao.docket import flow, watch
from sanxiao.docket.models import Deadline, Event, Rule
from sanxiao.docket.refusal import Refused
from sanxiao.zones import night, timing
from sanxiao.zones.models import Condition, Opinion, Step, Zone
from sanxiao.zones.tests import steps
from sanxiao.zones.tests.steps import grant, move, propose, step, through, zone
from tests.cast import NANYAO

OFFICES = ("feng", "shen", "cao", "han", "pan")


def wanted(found):
    return {s.key for s in found.steps.all() if s.state != "skipped"}


def test_a_marked_market_needs_three_steps_and_a_works_nearly_all(town, june):
    assert wanted(propose(town.zhang)) == {"proposal", "designate", "opening"}
    found = wanted(propose(town.zhang, steps.WORKS))
    assert {"siting", "land_review", "land_permit", "eia_table", "build_permit", "building", "env_accept"} <= found
    assert not {"eia_report", "eia_form", "designate"} & found


@pytest.mark.parametrize(
    ("said", "key"),
    [({"build_m2": 6000}, "eia_report"), ({"kind": "eatery"}, "eia_form"), ({"cost": 20}, "project_permit")],
)
def test_size_kind_and_money_say_which_permits_apply(town, june, said, key):
    found = wanted(propose(town.zhang, steps.WORKS, called="甲", **said))
    assert key in found
    assert ("build_permit" in found) == ("cost" not in said)


def test_a_project_keeps_the_chain_of_its_day(town):
    with steps.at(date(2018, 6, 5)):
        old = propose(town.zhang, steps.WORKS)
    with steps.at(date(2026, 3, 2)):
        new = propose(town.zhang, steps.WORKS, called="新区", open_by=date(2027, 1, 1))
        said = {k: getattr(old, k) for k in steps.WORKS} | {"cost": 310, "open_by": date(2027, 1, 1)}
        move(old, "revise", town.zhang, **said)
    assert (zone(old).chain, new.chain) == ("plan2018", "current")
    assert "land_review" in wanted(old) and not new.steps.filter(key="land_review").exists()
    assert step(new, "siting").name == "建设项目用地预审与选址意见书"


def test_the_next_step_opens_only_when_the_ones_before_are_done(town, works):
    assert {s.key for s in works.steps.all() if s.state in ("ready", "requested")} == {"proposal"}
    through(works, town, "proposal")
    assert zone(works).state == "approved"
    assert {s.key for s in works.steps.filter(state="ready")} == {"siting"}
    through(works, town, "siting")
    assert {s.key for s in works.steps.filter(state="ready")} == {"land_review", "eia_table"}


def test_a_step_that_is_left_out_hands_its_place_on(town, june):
    found = propose(town.zhang, steps.WORKS, called="旧厂房改造", new_land=False)
    through(found, town, "proposal")
    through(found, town, "siting")
    through(found, town, "eia_table")
    assert {s.key for s in found.steps.filter(state="ready")} == {"build_permit"}


def test_the_whole_chain_of_a_works_goes_through_seven_offices(town, works):
    for key in ("proposal", "siting", "land_review", "land_permit", "eia_table", "project_permit", "build_permit",
                "building", "quality", "env_accept", "fire", "drainage", "opening"):  # fmt: skip
        assert through(works, town, key).state == "done", key
    steps.divide(works, town.zhang)
    assert move(works, "open", town.zhang, note="").state == "opened"
    assert step(works, "env_accept").form == "self"
    roles = Event.objects.filter(kind="zones.step", move__in=("grant", "file", "finish")).values_list("office__role")
    assert {r for (r,) in roles} == {"leading", "planning", "land", "environment", "construction", "village", "bureau"}


def test_who_accepts_what_was_built_says_the_rule_of_the_day(town, works):
    Rule.objects.filter(key="zone.acceptance").update(value="approval")
    for key in ("proposal", "siting", "land_review", "land_permit", "eia_table", "project_permit", "build_permit"):
        through(works, town, key)
    through(works, town, "building")
    row = step(works, "env_accept")
    assert (row.form, row.role) == ("approval", "environment")


# --- opinions ----------------------------------------------------------------------------------------------------


def asked(town, found, **said):
    row = move(step(found, "proposal"), "accept", town.sun, note="")
    return steps.ask(row, town.sun, "finance", "planning", "land", "environment", "construction", **said)


def test_three_of_five_are_in_and_the_clock_of_the_leader_stands(town, market):
    opinions = asked(town, market)
    row = step(market, "proposal")
    assert row.state == "consulting"
    assert Deadline.objects.get(subject=row.pk, term="decide").paused_on == steps.JUNE
    for opinion, who in list(zip(opinions, OFFICES, strict=True))[:3]:
        move(opinion, "agree", getattr(town, who), note="同意")
    assert sum(o.is_in for o in row.opinions.all()) == 3
    with pytest.raises(Refused, match="当前状态为“征求意见”"):
        grant(row, town.sun)


def test_when_all_are_in_the_clock_goes_on_where_it_stood(town, market):
    opinions = asked(town, market)
    first = Deadline.objects.get(term="decide").due_on
    with steps.at(date(2018, 6, 11)):
        for opinion, who in zip(opinions, OFFICES, strict=True):
            move(opinion, "agree", getattr(town, who), note="")
        row = step(market, "proposal")
        assert row.state == "accepted"
        assert (Deadline.objects.get(term="decide").due_on - first).days == 6


def test_only_the_office_that_was_asked_answers(town, market):
    opinions = asked(town, market)
    for who in ("feng", "zhang", "sun", "li"):
        with pytest.raises(Refused):
            move(opinions[1], "agree", getattr(town, who), note="")
    assert move(opinions[1], "object", town.shen, reason="不符合规划").state == "objected"


def test_the_silent_one_is_urged_and_sees_it_and_holds_nobody_up(town, market, as_):
    opinions = asked(town, market)
    for opinion, who in list(zip(opinions, OFFICES, strict=True))[:4]:
        move(opinion, "agree", getattr(town, who), note="")
    silent = move(opinions[4], "urge", town.zhang, note="请尽快")
    assert silent.urged == 1
    assert "别的单位在催您的意见" in as_("pan").get("/").content.decode()
    with pytest.raises(Refused, match="今天已经催过"):
        move(silent, "urge", town.sun, note="")
    with steps.at(date(2018, 6, 20)):
        watch.night()
    assert (Opinion.objects.get(pk=silent.pk).state, step(market, "proposal").state) == ("lapsed", "accepted")


def test_the_night_watch_reminds_the_day_before_once(town, market):
    opinions = asked(town, market)
    with steps.at(date(2018, 6, 11)):
        assert night.night().startswith("reminded 5")
        assert night.night().startswith("reminded 0")
    assert Event.objects.filter(subject=opinions[0].pk, move="remind").count() == 1


def test_in_sequence_the_next_is_asked_when_the_one_before_has_answered(town, market):
    row = move(step(market, "proposal"), "accept", town.sun, note="")
    first, second = steps.ask(row, town.sun, "planning", "land", order="in_turn")
    assert (first.state, second.state) == ("asked", "queued")
    move(first, "agree", town.shen, note="")
    assert Opinion.objects.get(pk=second.pk).state == "asked"
    move(second, "agree", town.cao, note="")
    assert step(market, "proposal").state == "accepted"


def test_who_has_to_be_asked_is_and_an_objection_is_answered(town, market):
    row = move(step(market, "proposal"), "accept", town.sun, note="")
    with pytest.raises(Refused, match="还要先征求"):
        grant(row, town.sun)
    opinions = steps.ask(row, town.sun, "finance", "planning", "land", "environment", "construction")
    for opinion, who in zip(opinions, OFFICES, strict=True):
        name, said = ("object", {"reason": "没有钱"}) if who == "feng" else ("agree", {"note": ""})
        move(opinion, name, getattr(town, who), **said)
    with pytest.raises(Refused, match="写明怎样处理"):
        grant(step(market, "proposal"), town.sun, note="")
    assert grant(step(market, "proposal"), town.sun, note="由村里自筹").state == "done"


# --- conditions, papers, rechecks ---------------------------------------------------------------------------------


def test_a_condition_is_followed_until_met_and_keeps_the_zone_shut(town, market):
    through(market, town, "proposal")
    through(market, town, "designate", conditions=[{"text": "增设公厕", "until": date(2018, 8, 1)}])
    through(market, town, "opening")
    steps.divide(market, town.zhang)
    row = Condition.objects.get()
    assert (row.state, row.due_on) == ("open", date(2018, 8, 1))
    with pytest.raises(Refused, match="条件还没有全部落实"):
        move(market, "open", town.zhang, note="")
    with pytest.raises(Refused, match="请附上落实"):
        move(row, "prove", town.zhang, note="已建好")
    steps.attach(row, town.zhang, "proof")
    move(row, "prove", town.zhang, note="已建好")
    with pytest.raises(Refused):
        move(row, "meet", town.shen, note="")
    move(row, "reject", town.qian, reason="还没通水")
    move(row, "prove", town.zhang, note="通水了")
    move(row, "meet", town.qian, note="")
    assert move(market, "open", town.zhang, note="").state == "opened"


def test_a_paper_that_runs_out_is_warned_of_and_keeps_the_zone_shut(town, market):
    through(market, town, "proposal")
    through(market, town, "designate", valid_until=date(2018, 7, 20))
    watch.night()
    row = step(market, "designate")
    assert Event.objects.filter(subject=row.pk, move="warn").count() == 1
    with steps.at(date(2018, 7, 21)):
        watch.night()
        watch.night()
        assert step(market, "designate").state == "expired"
        through(market, town, "opening") if step(market, "opening").state != "ready" else None
        with pytest.raises(Refused, match="前面的手续"):
            move(step(market, "opening"), "request", town.zhang, note="")


def test_an_eia_older_than_five_years_is_looked_at_again_before_building(town, works):
    for key in ("proposal", "siting", "land_review", "land_permit", "eia_table", "project_permit", "build_permit"):
        through(works, town, key)
    with steps.at(date(2023, 6, 6)), pytest.raises(Refused, match="环评批准已满"):
        move(step(works, "building"), "start", town.zhang, decided_on=date(2023, 6, 6))
    Step.objects.filter(zone=works, key="build_permit").update(state="ready")
    move(step(works, "eia_table"), "recheck", town.han, reason="五年没有开工")
    assert step(works, "eia_table").state == "ready"


def test_returned_and_held_steps_lie_with_the_village_and_no_clock_runs(town, market):
    row = move(step(market, "proposal"), "give_back", town.sun, reason="缺地形图")
    assert not Deadline.objects.running().filter(subject=row.pk).exists()
    row = move(row, "resubmit", town.zhang, note="补上了")
    row = move(row, "accept", town.sun, note="")
    with steps.at(date(2018, 6, 8)):
        move(row, "hold", town.sun, reason="等资金证明")
    with steps.at(date(2018, 6, 15)):
        held = timing.held([step(market, "proposal")])
        assert [(h.role, h.days) for h in held if h.until is None] == [("village", 7)]
        move(step(market, "proposal"), "supply", town.zhang, note="")
        days = {load.role: load.days for load in timing.loads(timing.held([step(market, "proposal")]))}
    assert days == {"leading": 3, "village": 7}


def test_an_office_leaves_out_its_own_step_with_a_reason_and_takes_it_back(town, works):
    through(works, town, "proposal")
    through(works, town, "siting")
    with pytest.raises(Refused):
        move(step(works, "land_review"), "skip", town.shen, reason="不用")
    move(step(works, "land_review"), "skip", town.cao, reason="存量建设用地")
    assert step(works, "land_permit").state == "ready"
    move(step(works, "land_review"), "restore", town.cao, reason="弄错了")
    with pytest.raises(Refused, match="前面的手续"):
        move(step(works, "land_permit"), "request", town.zhang, note="")
    with pytest.raises(Refused, match="立项不能略过"):
        found = propose(town.zhang, called="另一个")
        row = move(move(step(found, "proposal"), "accept", town.sun, note=""), "refuse", town.sun, reason="不成熟")
        move(row, "skip", town.sun, reason="略过")


def test_another_size_takes_other_steps_in_and_leaves_others_out(town, works):
    through(works, town, "proposal")
    said = {k: getattr(zone(works), k) for k in steps.WORKS} | {"build_m2": 8000}
    move(works, "revise", town.zhang, **said)
    assert (step(works, "eia_table").state, step(works, "eia_report").state) == ("skipped", "waiting")
    event = Event.objects.filter(subject=works.pk, move="revise").get()
    assert event.facts["steps"] == ["+ 环境影响报告书审批", "− 环境影响报告表审批"]


def test_a_project_that_is_given_up_ends_all_that_was_open(town, market):
    asked(town, market)
    move(market, "drop", town.zhang, reason="没有合适的地")
    assert not Step.objects.filter(zone=market).exclude(state="ended").exists()
    assert set(Opinion.objects.values_list("state", flat=True)) == {"ended"}
    assert not Deadline.objects.running().exists()


def test_li_of_the_next_village_neither_sees_nor_moves_it(town, market):
    assert not Zone.objects.seen_by(town.li).exists()
    with pytest.raises(Refused):
        move(step(market, "proposal"), "request", town.li, note="")
    assert propose(town.li, area=NANYAO).area == NANYAO


@pytest.mark.parametrize(
    ("said", "word"),
    [({"builds": True}, "施工天数"), ({"open_by": date(2018, 6, 5)}, "今天之后"), ({"lng": None}, "经度和纬度")],
)
def test_a_project_that_cannot_be_is_refused_in_words(town, june, said, word):
    with pytest.raises(Refused, match=word):
        propose(town.zhang, **said)
    assert not Zone.objects.exists()


def test_a_name_is_given_once_in_a_village(town, market):
    with pytest.raises(Refused, match="已有同名"):
        propose(town.zhang)


def test_no_move_is_open_to_the_wrong_office(town, works):
    through(works, town, "proposal")
    row = move(step(works, "siting"), "request", town.zhang, note="")
    for name in ("accept", "give_back", "skip"):
        for who in ("zhang", "li", "cao", "han", "pan", "chen", "sun", "feng", "he"):
            with pytest.raises(Refused):
                move(row, name, getattr(town, who), reason="x", note="x")
    assert step(works, "siting").state == "requested"


def test_every_move_is_refused_from_every_state_it_does_not_start_from(town, market):
    row = step(market, "proposal")
    for state in Step.flow.states:
        row.state = state.key
        for each in Step.flow.moves:
            if state.key not in each.frm and each.duty:
                with pytest.raises(Refused):
                    flow.move(row, each.key, town.sun)
