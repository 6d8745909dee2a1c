"""The weight in a draw: each factor of the formula, in words."""

from datetime import date

import pytest

from sanxiao.docket.models import Rule
from sanxiao.risk.tests.conftest import JUNE
from sanxiao.risk.weights import weights
from tests import cast

pytestmark = pytest.mark.usefixtures("june")


def weight_of(file, on=JUNE):
    return weights([file], on)[file.pk]


@pytest.fixture
def good(tofu, told):
    """A tofu shop of grade A, whose sample of today was in order."""
    told(tofu, "visit", date(2018, 5, 2), 100)
    told(tofu, "sampled", JUNE)
    return tofu


def test_a_good_shop_sampled_today_weighs_its_base(good):
    assert weight_of(good).value == 1.5
    assert weight_of(good).reasons == ("基数 1.5：高风险品种",)


def test_an_ordinary_stall_weighs_one(town, told):
    stall = cast.tofu_shop(town.zhang, kind_id="vendor", name="水果摊", facts={"vendor_foods": ["loose"]})
    told(stall, "visit", JUNE, 100)
    told(stall, "sampled", JUNE)
    assert weight_of(stall).value == 1


def test_complaints_multiply_by_three_tenths_each(good, told):
    told(good, "complaint", date(2018, 5, 1))
    told(good, "complaint", date(2018, 5, 2))
    told(good, "complaint", date(2016, 5, 2))
    assert weight_of(good).value == pytest.approx(1.5 * 1.25 * 1.6)  # two complaints make it B as well
    assert "投诉举报 2 次：× 1.6" in weight_of(good).reasons


def test_a_failed_sample_multiplies_by_one_and_a_half_besides_the_grade(good, told):
    told(good, "sample_failed", date(2018, 5, 1))
    assert weight_of(good).value == pytest.approx(1.5 * 1.5 * 1.5)  # grade C, one failure
    assert "风险等级 C：× 1.5" in weight_of(good).reasons


def test_a_year_without_a_sample_doubles_and_never_sampled_says_so(tofu, told):
    told(tofu, "visit", date(2018, 5, 2), 100)
    assert weight_of(tofu).value == 4.5 and "从未抽检：× 3" in weight_of(tofu).reasons
    told(tofu, "sampled", date(2017, 6, 5))
    assert weight_of(tofu).value == pytest.approx(3, abs=0.01)


def test_the_cap_holds_and_is_said(tofu, told):
    for day in (1, 2, 3):
        told(tofu, "sample_failed", date(2016, 7, day))
        told(tofu, "complaint", date(2018, 5, day))
    assert weight_of(tofu).value == 12 and "封顶 12" in weight_of(tofu).reasons


def test_the_formula_is_a_setting(tofu):
    Rule.objects.filter(key="draw.weight").update(value={
        "grade": {}, "fails": 0, "complaints": 0, "months": 1, "interval": 12, "most_months": 1, "never_months": 0,
        "cap": 9,
    })  # fmt: skip
    assert weight_of(tofu).value == 1.5
    Rule.objects.filter(key="draw.weight").delete()
    assert weight_of(tofu).value == 1


def test_many_files_cost_the_queries_of_one(town, tofu, queries_of):
    one = queries_of(lambda: weights([tofu], JUNE))
    others = [cast.tofu_shop(town.zhang, name=f"豆腐坊{n}") for n in range(9)]
    assert queries_of(lambda: weights(others, JUNE)) == one
