"""What visits, orders and samples found waits for a case, once, and the case leads back to it."""

import pytest
from django.http import Http404

from sanxiao.docket import flow
from sanxiao.enforcement import acts, clues
from sanxiao.enforcement.models import Case
from sanxiao.enforcement.tests import steps
from sanxiao.inspection.models import Order
from sanxiao.inspection.tests import steps as orders
from sanxiao.sources.models import Supplier
from sanxiao.sources.tests import steps as buying
from tests import cast


@pytest.fixture
def left(bureau, may, tofu):
    """An order that was not obeyed and is by rule a matter for enforcement."""
    order = orders.issue(tofu, bureau.chen)
    Order.objects.filter(pk=order.pk).update(step="clue")
    return order


def asked(order):
    return {
        "file": str(order.file_id),
        "origin": "order",
        "origin_kind": "inspection.order",
        "origin_pk": str(order.pk),
    }


def test_it_stands_on_the_desk_and_the_case_leads_back_to_it(bureau, as_, left):
    chen = as_("chen")
    assert "立案线索" in chen.get("/").content.decode()
    page = chen.get("/cases/clues/").content.decode()
    assert "王家豆腐坊" in page and f"origin_pk={left.pk}" in page
    case = acts.begin_case(bureau.chen, asked(left))
    flow.move(
        case, "register", bureau.chen, origin="order", received_on=steps.MAY, second=bureau.wu, conduct="逾期未改"
    )
    assert left.get_absolute_url() in chen.get(case.get_absolute_url()).content.decode()
    assert clues.count(bureau.chen) == 0


def test_it_gives_one_case_and_no_more(bureau, left):
    for _n in range(2):
        case = acts.begin_case(bureau.chen, asked(left))
        facts = {"origin": "order", "received_on": steps.MAY, "second": bureau.wu, "conduct": "逾期未改"}
        if Case.objects.exists():
            with pytest.raises(flow.Refused, match="已经登记过"):
                flow.move(case, "register", bureau.chen, **facts)
        else:
            flow.move(case, "register", bureau.chen, **facts)
    assert Case.objects.count() == 1


def test_an_address_that_names_another_places_matter_or_none_begins_nothing(bureau, left):
    other = cast.tofu_shop(bureau.zhang, name="别家豆腐坊", address="后阳村西街1号")
    for changes in ({"file": str(other.pk)}, {"origin_kind": "nothing"}, {"origin_pk": "x"}, {"file": "x"}):
        with pytest.raises(Http404):
            acts.begin_case(bureau.chen, asked(left) | changes)


@pytest.mark.parametrize("who", ["zhang", "zhou", "ding"])
def test_nobody_but_the_bureau_sees_the_clues(bureau, as_, left, who):
    assert as_(who).get("/cases/clues/").status_code == 403


def test_the_page_costs_the_same_with_one_clue_and_with_many(bureau, as_, left, django_assert_max_num_queries):
    chen = as_("chen")
    chen.get("/cases/clues/")
    with django_assert_max_num_queries(14) as one:
        chen.get("/cases/clues/")
    for _n in range(4):
        Order.objects.filter(pk=orders.issue(left.file, bureau.chen).pk).update(step="clue")
    with django_assert_max_num_queries(14) as many:
        chen.get("/cases/clues/")
    assert len(many) == len(one)


# -- from what buyers bought


@pytest.fixture
def bought(bureau, may, tofu):
    """The primary school bought from the tofu workshop, which has no certificate."""
    return buying.bought(bureau.zhang, buying.buyer(bureau.zhang), tofu).supplier


def test_who_sells_without_a_paper_stands_on_the_desk_once_however_much_he_sold(bureau, as_, bought):
    buying.bought(bureau.zhang, buying.Buyer.objects.get(), bought.place, food="百叶")
    assert [clue.matter for clue in clues.waiting(bureau.chen)] == [bought]
    page = as_("chen").get("/cases/clues/").content.decode()
    assert "王家豆腐坊" in page and f"origin_pk={bought.pk}" in page


def test_the_loop_shows_its_case_and_the_case_the_loop(bureau, as_, bought):
    chen = as_("chen")
    asked = {"file": str(bought.place_id), "origin": "purchase", "origin_kind": "sources.supplier",
             "origin_pk": str(bought.pk)}  # fmt: skip
    assert "登记案源" in chen.get(bought.get_absolute_url()).content.decode()
    case = acts.begin_case(bureau.chen, asked)
    facts = {"origin": "purchase", "received_on": steps.MAY, "second": bureau.wu, "conduct": "无证供货"}
    flow.move(case, "register", bureau.chen, **facts)
    there = chen.get(bought.get_absolute_url()).content.decode()
    assert case.get_absolute_url() in there and "new/register" not in there
    assert bought.get_absolute_url() in chen.get(case.get_absolute_url()).content.decode()
    assert clues.count(bureau.chen) == 0
    assert case.number not in as_("zhang").get(bought.get_absolute_url()).content.decode(), "a village reads no case"


def test_who_was_registered_because_of_it_is_no_clue(bureau, bought):
    Supplier.objects.filter(pk=bought.pk).update(ended_on=steps.MAY)
    assert clues.count(bureau.chen) == 0


def test_what_an_order_came_to_is_shown_on_its_page(bureau, as_, left):
    case = acts.begin_case(bureau.chen, asked(left))
    facts = {"origin": "order", "received_on": steps.MAY, "second": bureau.wu, "conduct": "逾期未改"}
    flow.move(case, "register", bureau.chen, **facts)
    assert case.get_absolute_url() in as_("chen").get(left.get_absolute_url()).content.decode()
    assert case.get_absolute_url() not in as_("zhang").get(left.get_absolute_url()).content.decode()
