"""Units, the waiting list, the lot, contracts, and who is still there."""

from datetime import date

import pytest

from sanxiao.docket import flow
from sanxiao.docket.models import Deadline, Event
from sanxiao.docket.refusal import Refused, Stale
from sanxiao.licensing.tests import steps as licensing
from sanxiao.zones import acts, figures, night
from sanxiao.zones.models import Entrant, Unit
from sanxiao.zones.tests import steps
from sanxiao.zones.tests.steps import allot, invite, move, moved_in, vendor, waiting, zone
from tests.cast import NANYAO


@pytest.fixture
def stall(town, june):
    """A vendor of 后阳村."""
    return vendor(town.zhang, "老王煎饼")


def test_the_way_in_from_the_invitation_to_the_day_of_leaving(town, open_market, stall):
    entrant = moved_in(open_market, stall, town.zhang)
    assert (entrant.state, entrant.unit.number, entrant.queue_no) == ("moved_in", "A1", 1)
    assert Deadline.objects.get(subject=entrant.pk, term="contract").due_on == date(2019, 6, 30)
    assert {e.file for e in Event.objects.filter(subject=entrant.pk)} == {stall.pk}
    gone = move(entrant, "leave", town.zhang, left_on=steps.JUNE, reason="回老家")
    assert gone.state == "left"
    other = allot(waiting(open_market, vendor(town.zhang, "小李凉皮"), town.zhang), town.zhang)
    assert other.unit == entrant.unit


def test_a_unit_has_one_tenant_at_a_time(town, open_market, stall):
    moved_in(open_market, stall, town.zhang)
    second = waiting(open_market, vendor(town.zhang, "小李凉皮"), town.zhang)
    with pytest.raises(Stale, match="A1 已经分给别人"):
        allot(second, town.zhang)
    assert Entrant.objects.get(pk=second.pk).state == "waiting"


def test_by_the_number_or_with_a_reason(town, open_market, stall):
    waiting(open_market, stall, town.zhang)
    second = waiting(open_market, vendor(town.zhang, "小李凉皮"), town.zhang)
    with pytest.raises(Refused, match="前面还有人"):
        allot(second, town.zhang)
    assert allot(second, town.zhang, note="残疾人优先").state == "allocated"


def test_the_lot_gives_everybody_one_and_can_be_drawn_again_from_its_seed(town, open_market):
    people = [waiting(open_market, vendor(town.zhang, f"摊{n}"), town.zhang) for n in range(8)]
    units = list(acts.free_units(open_market))
    move(open_market, "draw", town.zhang, contract_from=steps.JUNE, contract_to=date(2019, 6, 4))
    event = Event.objects.get(subject=open_market.pk, move="draw")
    pairs = acts.lot(people, units, event.facts["seed"])
    assert {(e.pk, u.pk) for e, u in pairs} == set(Entrant.objects.filter(state="allocated").values_list("pk", "unit"))
    assert (len(event.facts["pool"]), len(event.facts["result"])) == (8, 6)
    assert Entrant.objects.filter(state="waiting").count() == 2
    with pytest.raises(Refused, match="没有空着"):
        move(open_market, "draw", town.zhang, contract_from=steps.JUNE, contract_to=date(2019, 6, 4))


def test_who_does_not_fit_is_not_invited(town, open_market, stall, tofu):
    with pytest.raises(Refused, match="类别与集中区不符"):
        invite(open_market, tofu, town.zhang)
    invite(open_market, stall, town.zhang)
    with pytest.raises(Refused, match="已经在这个集中区"):
        invite(open_market, stall, town.zhang)
    closed = vendor(town.zhang, "关了的")
    flow.move(closed, "close", town.zhang, closing="self", reason="不做了")
    with pytest.raises(Refused, match="已登记关停"):
        invite(open_market, closed, town.zhang)


def test_dates_that_cannot_be_are_refused(town, open_market, stall):
    entrant = waiting(open_market, stall, town.zhang)
    with pytest.raises(Refused, match="须晚于起始日"):
        allot(entrant, town.zhang, contract_to=steps.JUNE)
    entrant = allot(entrant, town.zhang, contract_from=date(2018, 6, 10))
    with pytest.raises(Refused, match="入驻日期不能早于"):
        move(entrant, "move_in", town.zhang, moved_on=steps.JUNE, note="")


def test_nobody_moves_into_a_zone_that_has_not_opened(town, market, stall):
    steps.through(market, town, "proposal")
    steps.divide(market, town.zhang)
    entrant = allot(waiting(market, stall, town.zhang), town.zhang)
    with pytest.raises(Refused, match="还没有开业"):
        move(entrant, "move_in", town.zhang, moved_on=steps.JUNE, note="")


def test_a_place_of_the_next_village_comes_by_the_food_safety_office_and_li_sees_it(town, open_market):
    other = vendor(town.li, "南瑶炸串", area=NANYAO)
    with pytest.raises(Refused):
        invite(open_market, other, town.li)
    entrant = invite(open_market, other, town.zhou)
    assert entrant.area == open_market.area
    assert list(Entrant.objects.seen_by(town.li)) == [entrant]
    with pytest.raises(Refused):
        move(entrant, "agree", town.li, agreed_on=steps.JUNE, note="")


def test_the_wrong_office_can_do_nothing_with_an_entrant(town, open_market, stall):
    entrant = waiting(open_market, stall, town.zhang)
    for who in ("li", "feng", "shen", "sun", "qian", "he"):
        with pytest.raises(Refused):
            allot(entrant, getattr(town, who))
        with pytest.raises(Refused):
            move(entrant, "decline", getattr(town, who), reason="x")


def test_the_funnel_counts_invited_agreed_moved_in_registered_and_still_there(town, open_market, stall):
    there = moved_in(open_market, stall, town.zhang)
    licensing.certified(stall, town)
    gone = moved_in(open_market, vendor(town.zhang, "小李凉皮"), town.zhang, "A2")
    place = gone.place
    flow.move(place, "close", town.zhang, closing="self", reason="不做了")
    invite(open_market, vendor(town.zhang, "小张"), town.zhang)
    move(
        invite(open_market, vendor(town.zhang, "小赵"), town.zhang), "agree", town.zhang, agreed_on=steps.JUNE, note=""
    )
    rows = Entrant.objects.filter(zone=open_market).select_related("place__operator", "place__kind")
    found = figures.funnel(rows)
    assert [n for _key, _name, n in found.rows] == [4, 3, 2, 1, 1]
    assert set(figures.at_stage(Entrant.objects.all(), "registered")) == {there}


def test_who_closed_and_still_holds_a_stall_is_on_the_desk(town, open_market, stall, as_):
    moved_in(open_market, stall, town.zhang)
    flow.move(type(stall).objects.get(pk=stall.pk), "close", town.zhang, closing="self", reason="不做了")
    page = as_("zhang").get("/").content.decode()
    assert "已不经营还占着摊位" in page


def test_a_contract_that_ends_is_warned_of_once(town, open_market, stall):
    entrant = moved_in(open_market, stall, town.zhang)
    with steps.at(date(2019, 5, 10)):
        assert night.night().endswith("contracts 1")
        assert night.night().endswith("contracts 0")
        renewed = move(entrant, "sign", town.zhang, contract_no="HT-2", contract_from=date(2019, 7, 1),
                       contract_to=date(2020, 6, 30), note="")  # fmt: skip
        assert night.night().endswith("contracts 0")
    assert Deadline.objects.running().get(subject=renewed.pk).due_on == date(2020, 6, 30)


def test_units_are_many_at_once_and_never_twice(town, market):
    steps.through(market, town, "proposal")
    steps.divide(market, town.zhang, 24, 6)
    assert [(u.number, u.row, u.col) for u in Unit.objects.all()][6:8] == [("A7", 2, 1), ("A8", 2, 2)]
    with pytest.raises(Refused, match="已经有了：A1"):
        steps.divide(market, town.zhang, 2)
    with pytest.raises(Refused, match="一次划 1 到"):
        steps.divide(market, town.zhang, 401, 40)


def test_money_is_the_finance_office_s_and_adds_up(town, market):
    steps.through(market, town, "proposal")
    for amount in (5, 7):
        move(market, "invest", town.feng, amount=amount, paid_on=steps.JUNE, source="镇财政", note="")
    assert zone(market).invested == 12
    with pytest.raises(Refused):
        move(market, "invest", town.zhang, amount=5, paid_on=steps.JUNE, source="镇财政", note="")
    with pytest.raises(Refused, match="不能晚于今天"):
        move(market, "invest", town.feng, amount=5, paid_on=date(2018, 6, 6), source="镇财政", note="")


def test_a_zone_with_tenants_is_not_shut(town, open_market, stall):
    entrant = moved_in(open_market, stall, town.zhang)
    with pytest.raises(Refused, match="还有入驻户"):
        move(open_market, "shut", town.zhang, reason="拆迁")
    move(entrant, "leave", town.zhang, left_on=steps.JUNE, reason="拆迁")
    assert move(open_market, "shut", town.zhang, reason="拆迁").state == "shut"
