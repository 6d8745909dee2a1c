"""The way of a visit: who may do what and when, and what its result leads to."""

from datetime import date, timedelta

import pytest

from sanxiao.docket import flow
from sanxiao.docket.models import Deadline
from sanxiao.inspection import visits
from sanxiao.inspection.tests import steps, visit_steps
from sanxiao.inspection.tests.test_order import refused
from sanxiao.inspection.tests.visit_steps import FLIES, JULY, PAPERS
from sanxiao.inspection.visit_models import Visit
from sanxiao.office.now import at


@pytest.fixture(autouse=True)
def july(town):
    with at(JULY):
        yield


@pytest.fixture
def shop(tofu):
    return tofu


@pytest.fixture
def begun(town, shop):
    return visit_steps.start(shop, town.chen, town.wu)


@pytest.fixture
def failed(town, begun):
    """Without a certificate: 不符合, told and published."""
    return visit_steps.publish(
        visit_steps.tell(visit_steps.judge(begun, town.chen, i01="slight"), town.chen), town.chen
    )


def test_a_planned_visit_has_its_last_day_as_its_date(town, shop):
    visit = visit_steps.plan(shop, town.zhou, team=[town.chen, town.wu])
    assert (visit.state, visit.due_on, visit.officer) == ("planned", date(2018, 7, 10), town.chen)
    assert visit.inspectors == "陈伟、吴昊"
    assert Deadline.objects.get(subject=visit.pk, term="visit").due_on == visit.due_on


@pytest.mark.parametrize("who", ["zhang", "li", "qian", "sun", "feng"])
def test_only_the_bureau_and_the_food_safety_office_plan_visits(town, shop, who):
    with pytest.raises(flow.Refused, match="不归您"):
        visit_steps.plan(shop, getattr(town, who))


@pytest.mark.parametrize("who", ["zhang", "zhou", "li", "sun"])
def test_only_the_bureau_inspects(town, shop, who):
    with pytest.raises(flow.Refused, match="不归您"):
        visit_steps.start(shop, getattr(town, who), town.wu)


def test_one_inspector_alone_is_not_enough(town, shop):
    with pytest.raises(flow.Refused, match="两名"):
        visit_steps.start(shop, town.chen)
    with pytest.raises(flow.Refused, match="两名"):
        visit_steps.start(shop, town.chen, town.chen)


def test_upper_rooms_find_their_own_visits_by_their_key(town, shop):
    mine = visits.plan(shop, "lookback", by=town.zhou, on=JULY, why="lookback:1", cause="回头看第一次")
    visit_steps.plan(shop, town.zhou)
    assert list(Visit.objects.because("lookback:1")) == [mine]
    assert Visit.objects.of(shop).count() == 2 and not Visit.objects.done().exists()


def test_the_same_visit_is_not_planned_twice(town, shop):
    visit_steps.plan(shop, town.zhou)
    with pytest.raises(flow.Refused, match="同样的检查"):
        visit_steps.plan(shop, town.chen)


def test_a_closed_place_is_only_looked_back_at(town, shop):
    flow.move(shop, "close", town.zhang, closing="self", reason="歇业")
    with pytest.raises(flow.Refused, match="回头看"):
        visit_steps.plan(shop, town.zhou)
    assert visit_steps.plan(shop, town.zhou, "lookback").state == "planned"


def test_a_lot_that_anybody_can_draw_again_chooses_two_inspectors(town, shop):
    pair = visits.random_pair(shop.area, "20180703")
    assert pair == visits.random_pair(shop.area, "20180703") and len({p.pk for p in pair}) == 2


def test_nobody_met_is_planned_anew_and_goes_no_further(town, begun):
    flow.move(begun, "miss", town.chen, reason="店门关闭", until=JULY + timedelta(3))
    visit = visit_steps.again(begun)
    assert (visit.state, visit.due_on, visit.done_on) == ("planned", date(2018, 7, 6), None)


def test_every_item_is_answered_on_a_visit_that_was_announced(town, begun):
    refused(begun, "judge", town.chen, "第 .*2.* 项：请选择", answers={"i01": {"a": "yes"}})
    assert visit_steps.again(begun).state == "underway"


def test_a_flying_visit_looks_at_some_items_but_at_one_at_least(town, shop):
    visit = visit_steps.start(shop, town.chen, town.wu, kind="flying")
    refused(visit, "judge", town.chen, "至少", answers={"i01": {"a": "na"}})
    flow.move(visit_steps.again(visit), "judge", town.chen, answers={"i09": {"a": "yes"}})
    assert visit_steps.again(visit).score == 100


def test_the_score_is_what_was_earned_of_what_applies(town, begun):
    visit = visit_steps.judge(begun, town.chen, **{FLIES: "slight", "i25": "na"})
    assert (visit.earned, visit.applicable, visit.score) == (95, 98, 96.9)
    assert (visit.result, visit.action, visit.done_on) == ("basic", "order", JULY)


def test_a_starred_failure_is_a_failed_visit(town, begun):
    assert visit_steps.judge(begun, town.chen, **{PAPERS: "slight"}).result == "fail"


def test_nine_general_failures_are_a_failed_visit_eight_are_not(town, shop, begun):
    general = ["i03", "i06", "i07", "i08", "i09", "i17", "i18", "i19", "i20"]
    eight = visit_steps.judge(begun, town.chen, **dict.fromkeys(general[:8], "slight"))
    assert eight.result == "basic"
    flow.move(eight, "reopen", town.chen, reason="还有一项")
    nine = visit_steps.judge(visit_steps.again(eight), town.chen, **dict.fromkeys(general, "slight"))
    assert (nine.result, nine.number) == ("fail", "JC320413100-2018-00002")


def test_a_failed_visit_never_moves_on_by_itself(town, failed):
    assert failed.state == "following"
    refused(failed, "conclude", town.chen, "还没有下达", reason="已处理")
    order = visit_steps.order_of(failed, town.chen)
    refused(visit_steps.again(failed), "conclude", town.chen, "还没有办结", reason="已处理")
    with at(JULY + timedelta(60)):
        assert visit_steps.again(failed).state == "following" and order.is_open


def test_a_good_visit_is_closed_with_its_publication(town, shop):
    visit = visit_steps.whole(shop, town.chen, town.wu)
    assert (visit.result, visit.action, visit.state, visit.score) == ("conform", "none", "closed", 100)


def test_the_term_for_publication_runs_from_the_telling(town, begun):
    visit = visit_steps.tell(visit_steps.judge(begun, town.chen), town.chen)
    assert (visit.state, visit.due_on) == ("told", date(2018, 7, 31))
    visit_steps.publish(visit, town.chen)
    assert Deadline.objects.get(subject=visit.pk, term="publish").outcome == "met"


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ({"told_how": "signed"}, "签字的检查结果"),
        ({"told_how": "refused"}, "写明原因"),
        ({"told_how": "refused", "refusal": "不认可"}, "见证人"),
        ({"told_how": "refused", "witness": "李四"}, "写明原因"),
    ],
)
def test_a_result_is_signed_or_its_refusal_is_proved(town, begun, facts, why):
    visit = visit_steps.judge(begun, town.chen)
    refused(visit, "tell", town.chen, why, told_on=JULY, **facts)


def test_a_refusal_before_a_witness_is_told(town, begun):
    visit = visit_steps.judge(begun, town.chen)
    flow.move(visit, "tell", town.chen, told_on=JULY, told_how="refused", refusal="不认可第1项", witness="李四")
    assert visit_steps.again(visit).state == "told"


def test_put_right_on_the_spot_needs_both_photos(town, begun):
    said = visit_steps.answers(begun, **{FLIES: "spot"})
    refused(begun, "judge", town.chen, "改正前后的照片", answers=said)
    for role in ("before", "after"):
        visit_steps.files.keep(begun, steps.picture(), f"{role}.jpg", town.chen, role=f"{role}:{FLIES}")
    visit = visit_steps.again(begun)
    flow.move(visit, "judge", town.chen, answers=said)
    assert visit_steps.again(visit).action == "spot"


def test_a_key_item_is_never_settled_on_the_spot(town, begun):
    said = visit_steps.answers(begun, **{PAPERS: "spot"})
    refused(begun, "judge", town.chen, "重点项", answers=said)
