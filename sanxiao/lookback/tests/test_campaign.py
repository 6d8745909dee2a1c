"""A list by rule, shared out by lot to teams of two, and what they find."""

from datetime import date

import pytest

from sanxiao.docket import flow
from sanxiao.docket.models import Event
from sanxiao.docket.refusal import Refused
from sanxiao.inspection.tests.steps import issue
from sanxiao.inspection.visit_models import Visit
from sanxiao.lookback import acts, lots, rule
from sanxiao.lookback.models import Campaign, Look
from sanxiao.lookback.tests import steps


def test_the_rule_gives_who_fits_and_the_list_is_frozen(town, shops):
    campaign = steps.frozen(town.chen)
    assert (campaign.pool, campaign.looks.count(), campaign.state) == (6, 6, "frozen")
    steps.place(town.zhang, "后来的")
    assert campaign.looks.count() == 6


def test_a_rule_narrows_by_village_kind_class_and_day(town, shops):
    said = {"basis": "filed", "since": "2018-06-01", "until": "2018-06-30"}
    assert rule.pool(town.chen, said).count() == 6
    assert rule.pool(town.chen, said | {"areas": [steps.HOUYANG]}).count() == 3
    assert rule.pool(town.chen, said | {"kinds": ["vendor"]}).count() == 0
    assert rule.pool(town.chen, said | {"cases": ["1"]}).count() == 0
    assert rule.pool(town.chen, said | {"since": "2018-06-21"}).count() == 0
    assert rule.pool(town.zhang, said).count() == 3


def test_the_closed_are_listed_only_by_their_own_rule(town, shops, cannery):
    said = {"since": "2018-01-01", "until": "2018-12-31"}
    assert cannery not in rule.pool(town.chen, said | {"basis": "filed"})
    assert list(rule.pool(town.chen, said | {"basis": "closed"})) == [cannery]


def test_a_number_draws_so_many_by_lot_and_logs_the_seed(town, shops):
    campaign = steps.frozen(town.chen, size=2)
    assert campaign.looks.count() == 2
    event = Event.objects.get(subject=campaign.pk, move="freeze")
    assert (event.facts["pool"], event.facts["list"]) == (6, 2)
    pool = list(rule.pool(town.chen, campaign.rule))
    assert {look.file for look in campaign.looks.all()} == set(lots.sample(pool, 2, event.facts["seed"]))


@pytest.mark.parametrize(
    ("said", "word"),
    [({"rule": {"since": "2019-01-01"}}, "没有一户"), ({"until_on": date(2018, 6, 20)}, "须在今天之后")],
)
def test_an_empty_list_and_a_day_that_has_passed_are_refused(town, shops, said, word):
    with pytest.raises(Refused, match=word):
        steps.frozen(town.chen, **said)
    assert not Campaign.objects.exists()


def test_every_team_is_one_of_the_bureau_and_one_of_another_office(town, shops):
    campaign = steps.shared(town.chen)
    teams = {(look.first, look.second) for look in campaign.looks.filter(state="assigned")}
    assert {first for first, _second in teams} <= {town.chen, town.wu}
    assert {second for _first, second in teams} <= {town.zhang, town.li, town.zhou, town.qian}
    event = Event.objects.get(subject=campaign.pk, move="share")
    assert event.facts["lot"] == campaign.lot
    assert [team["names"] for team in event.facts["teams"]] == [team["names"] for team in campaign.teams]


def test_nobody_goes_to_his_own_village_or_his_own_case(town, shops):
    for file in shops[:2]:
        issue(file, town.chen)
    for _n in range(6):
        campaign = steps.shared(town.chen, teams=6)
        for look in campaign.looks.filter(state="assigned").select_related("file"):
            assert look.second not in ({town.zhang} if look.area == steps.HOUYANG else {town.li})
            assert look.first != town.chen or look.file not in shops[:2]


def test_where_the_lot_finds_nobody_it_says_so_and_somebody_is_named(town, shops):
    for file in shops:
        issue(file, town.chen)
        issue(file, town.wu, second="陈伟")
    campaign = steps.shared(town.chen)
    assert campaign.looks.filter(state="listed").count() == 6
    look = campaign.looks.select_related("file", "campaign").first()
    with pytest.raises(Refused, match="自己经办"):
        flow.move(look, "hand", town.zhou, first=town.chen, second=town.zhou, reason="没有别人")
    assert Event.objects.get(subject=campaign.pk, move="share").facts["unassigned"] == 6


def test_a_hand_made_team_is_two_of_two_offices(town, shops):
    campaign = steps.shared(town.chen)
    look = steps.assigned(campaign)
    for first, second in ((town.chen, town.wu), (town.zhou, town.qian), (town.chen, town.feng)):
        with pytest.raises(Refused, match="须是两个人"):
            flow.move(look, "hand", town.zhou, first=first, second=second, reason="调换")
    flow.move(look, "hand", town.zhou, first=town.wu, second=town.qian, reason="调换")
    assert steps.assigned(campaign).team == [town.wu, town.qian]


@pytest.mark.parametrize("move", ["good", "slipped", "shut", "gone"])
def test_the_team_says_what_it_found_and_a_visit_is_on_record(town, shops, move):
    look = steps.look(steps.assigned(steps.shared(town.chen)), move)
    assert (look.state, look.visit.kind, look.visit.state) == (move, "lookback", "closed")
    assert {row["user"] for row in look.visit.team} == {look.first_id, look.second_id}
    assert Visit.objects.because(f"lookback:{look.pk}").done().get() == look.visit


def test_who_is_not_of_the_team_the_village_and_a_photo_less_one_cannot(town, shops):
    look = steps.assigned(steps.shared(town.chen))
    other = town.wu if look.first == town.chen else town.chen
    with pytest.raises(Refused, match=r"由 .* 回头看"):
        steps.look(look, by=other)
    for who in (town.zhang, town.li, town.feng):
        with pytest.raises(Refused):
            steps.look(steps.assigned(look.campaign), by=who)
    bare = (
        Look.objects.select_related("file", "first", "second", "campaign")
        .exclude(pk=look.pk)
        .filter(state="assigned")[0]
    )
    with pytest.raises(Refused, match="请拍一张现场照片"):
        flow.move(bare, "good", bare.first, seen_on=steps.JUNE, found="好")
    with pytest.raises(Refused, match="不能晚于今天"):
        steps.look(bare, seen_on=date(2018, 6, 21))
    assert not Visit.objects.exists()


def test_a_finished_one_is_not_recorded_again(town, shops):
    look = steps.look(steps.assigned(steps.shared(town.chen)))
    with pytest.raises(Refused, match="当前状态"):
        steps.look(look)


def test_only_the_offices_that_plan_can_freeze_share_and_void(town, shops):
    for who in (town.zhang, town.qian, town.sun):
        with pytest.raises(Refused) as no:
            steps.frozen(who)
        assert no.value.code == "forbidden"
    campaign = steps.frozen(town.zhou)
    with pytest.raises(Refused):
        flow.move(campaign, "share", town.qian, teams=1)


def test_a_campaign_closes_when_everything_is_seen_or_excused(town, shops):
    campaign = steps.shared(town.chen, size=2)
    with pytest.raises(Refused, match="还有没看的户"):
        flow.move(campaign, "close", town.chen, note="")
    steps.look(steps.assigned(campaign))
    flow.move(steps.assigned(campaign), "drop", town.chen, reason="正在搬迁")
    flow.move(campaign, "close", town.chen, note="完")
    assert campaign.state == "closed"


def test_a_voided_campaign_keeps_what_was_found(town, shops):
    campaign = steps.shared(town.chen)
    steps.look(steps.assigned(campaign), "slipped", found="又没有纱窗")
    flow.move(campaign, "void", town.chen, reason="重来")
    assert sorted(set(campaign.looks.values_list("state", flat=True))) == ["dropped", "slipped"]


def test_the_cadre_of_another_village_sees_the_place_to_which_she_goes(town, shops):
    campaign = steps.shared(town.chen)
    look = campaign.looks.select_related("file", "campaign").get(file=shops[0])
    flow.move(look, "hand", town.chen, first=town.wu, second=town.li, reason="调换")
    assert look in Look.objects.seen_by(town.li)
    assert town.li not in (acts.officers(look.area))
