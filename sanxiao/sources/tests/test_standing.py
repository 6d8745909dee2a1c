"""The supplier checked against our register: valid, run out, none, closed, unknown, elsewhere."""

from datetime import date, timedelta

import pytest

from sanxiao.docket import flow
from sanxiao.office.now import at, today
from sanxiao.sources import standing
from sanxiao.sources.models import Purchase, Supplier
from sanxiao.sources.tests import steps
from tests.cast import NANYAO


def verdict(line: Purchase) -> tuple[str, str]:
    """As stored on the day, and as it is now."""
    now = standing.of(Supplier.objects.with_place().get(pk=line.supplier_id))
    return steps.again(line).verdict, now.key


def test_a_workshop_without_a_certificate_may_not_supply(town, school, tofu):
    assert verdict(steps.bought(town.zhang, school, "王家豆腐坊")) == ("none", "none")


def test_one_with_a_certificate_may_and_the_line_keeps_its_number(town, school, tofu):
    made = steps.paper(tofu, town.chen)
    line = steps.bought(town.zhang, school, "王家豆腐坊")
    assert verdict(line) == ("valid", "valid")
    assert line.verdict_words["number"] == made.number


def test_the_verdict_is_that_of_the_day_and_the_present_one_stands_beside_it(town, school, tofu):
    with at(date(2018, 6, 1)):
        tofu_paper = steps.paper(tofu, town.chen, days=100)
        line = steps.bought(town.zhang, school, tofu)
    assert today() > tofu_paper.valid_to
    assert verdict(line) == ("valid", "expired")
    late = steps.bought(town.zhang, school, tofu, on=date(2018, 5, 20))
    assert verdict(late)[0] == "none"


@pytest.mark.parametrize(("state", "key"), [("suspend", "suspended"), ("revoke", "none"), ("cancel", "none")])
def test_a_paper_that_was_taken_away_is_none(town, school, tofu, state, key):
    steps.paper(tofu, town.chen, state=state)
    assert verdict(steps.bought(town.zhang, school, tofu)) == (key, key)


def test_a_paper_shown_at_the_survey_is_told_not_proved(town, school):
    from tests.cast import tofu_shop

    facts = {"certificate": "held", "certificate_no": "ZF-1", "certificate_until": str(today() + timedelta(days=9))}
    file = tofu_shop(town.zhang, name="徐记油坊", facts=facts)
    assert verdict(steps.bought(town.zhang, school, file)) == ("told", "told")
    with at(today() + timedelta(days=30)):
        assert verdict(steps.bought(town.zhang, school, file))[0] == "expired"


def test_a_closed_place_may_not_supply_whatever_paper_it_has(town, school, tofu):
    steps.paper(tofu, town.chen)
    line = steps.bought(town.zhang, school, tofu)
    flow.move(tofu, "close", town.zhang, closing="self", reason="停业", on=today())
    assert verdict(line) == ("valid", "closed")


def test_a_card_of_an_eatery_counts_only_where_the_town_says_so(town, school):
    from sanxiao.docket.models import Rule
    from tests.cast import tofu_shop

    file = tofu_shop(town.zhang, name="小食堂", kind_id="eatery", facts={"food_licence": "none"})
    steps.paper(file, town.chen)
    assert standing.of_files([file])[file.pk].key == "none"
    Rule.objects.filter(key=standing.CARD_COUNTS).update(value=True)
    assert standing.of_files([file])[file.pk].key == "valid"


def test_who_is_nowhere_is_unknown_and_who_is_from_elsewhere_is_said_to_be(town, school):
    assert verdict(steps.bought(town.zhang, school, "无名豆腐")) == ("unknown", "unknown")
    assert verdict(steps.bought(town.zhang, school, "溧阳豆制品厂", village="outside", town="溧阳")) == (
        "outside",
        "outside",
    )


def test_a_supplier_of_another_village_is_found_and_its_operator_is_not_told(town, school, far):
    line = steps.bought(town.zhang, school, "南瑶豆制品")
    assert line.supplier.place == far and line.supplier.area == NANYAO
    assert "王秀兰" not in line.supplier.name


def test_a_nameless_place_is_called_by_a_masked_name(town, school):
    from tests.cast import tofu_shop

    file = tofu_shop(town.zhou, name="无字号", area=NANYAO)
    assert "王秀兰" not in steps.bought(town.zhang, school, file).supplier.name


def test_many_suppliers_cost_no_more_queries_than_one(town, school, tofu, far, django_assert_max_num_queries):
    steps.bought(town.zhang, school, tofu)
    steps.bought(town.zhang, school, far)
    steps.bought(town.zhang, school, "无名豆腐")
    rows = list(Supplier.objects.with_place())
    with django_assert_max_num_queries(2):
        standing.lay(rows)
