"""Who bought from a place whose sample failed is warned one by one, and nobody is forgotten."""

from datetime import date, timedelta

import pytest

from sanxiao.docket import flow
from sanxiao.inspection.tests import steps as orders
from sanxiao.sampling import buyers
from sanxiao.sampling.tests import steps
from sanxiao.sampling.tests.test_sample import DONE, refused
from sanxiao.sources.tests.steps import bought, buyer


@pytest.fixture
def school(town, june, tofu):
    """The canteen of the village school buys tofu here."""
    found = buyer(town.zhang)
    bought(town.zhang, found, tofu, on=steps.JUNE - timedelta(days=3))
    return found


def keys(*found):
    return [str(one.pk) for one in found]


def test_the_school_is_warned_and_its_answer_stands_on_the_page(as_, town, school, served):
    assert [b.buyer for b in buyers.untold(served)] == [school]
    flow.move(served, "warn", town.chen, buyers=keys(school))
    (alert,) = buyers.alerts(served)
    assert "苯甲酸" in alert.why
    flow.move(alert, "answer", town.zhang, measure="used", quantity=None, unit="", answered_by="食堂王师傅", note="")
    page = as_("chen").get(served.get_absolute_url()).content.decode()
    assert "后阳小学食堂" in page
    assert "已经用完或售完" in page


def test_a_sample_is_not_closed_while_a_buyer_is_untold(town, school, served, tofu):
    stopped = steps.stop(served, town.chen)
    flow.move(stopped, "link", town.chen, order=orders.issue(tofu, town.chen))
    refused(steps.again(stopped), "dispose", town.chen, "采购方没有通知", **DONE)
    flow.move(steps.again(stopped), "warn", town.chen, buyers=keys(school))
    flow.move(steps.again(stopped), "dispose", town.chen, **DONE)


def test_who_bought_long_ago_or_elsewhere_is_not_bothered(town, june, tofu, served):
    old = buyer(town.zhang, name="旧食堂")
    bought(town.zhang, old, tofu, on=date(2018, 1, 5))
    assert buyers.untold(served) == []
    refused(served, "warn", town.chen, "没有登记过采购方", buyers=keys(old))


def test_nobody_is_warned_twice(town, school, served):
    flow.move(served, "warn", town.chen, buyers=keys(school))
    refused(steps.again(served), "warn", town.chen, "都已通知", buyers=keys(school))


def test_a_re_test_that_clears_the_sample_calls_the_warnings_off(town, school, waiting):
    sample = steps.accept(steps.send(steps.take(waiting, town.chen, shelf_days=None), town.chen), town.chen)
    sample = steps.serve(steps.receive(steps.conclude(sample, town.chen), town.chen), town.chen)
    flow.move(sample, "warn", town.chen, buyers=keys(school))
    steps.through(steps.ask(steps.again(sample), town.chen), town.chen, "pass")
    assert [alert.state for alert in buyers.alerts(sample)] == ["lifted"]


def test_the_form_offers_all_of_them_ticked(as_, town, school, served):
    page = as_("chen").get(f"/do/sampling.sample/{served.pk}/warn").content.decode()
    assert "后阳小学食堂 · 豆腐 · 2018-06-02" in page
    assert "checked" in page
    answer = as_("chen").post(f"/do/sampling.sample/{served.pk}/warn", {"buyers": keys(school)})
    assert answer.status_code == 302, answer.content.decode()
