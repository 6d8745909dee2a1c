"""The grade of a place: what it is made of, what raises it, and that it is never dearer than its files."""

import re
import tomllib
from datetime import date

import pytest

from sanxiao.archive.models import Establishment
from sanxiao.docket.models import Rule
from sanxiao.risk.grade import grades
from sanxiao.risk.tests.conftest import JUNE
from tests import cast

pytestmark = pytest.mark.usefixtures("june")


def grade_of(file, on=JUNE):
    return grades([file], on)[file.pk]


def test_a_tofu_shop_says_why_it_scores_what_it_scores(tofu):
    grade = grade_of(tofu)
    assert "食品类别：肉、豆、凉菜、酒类或特殊人群食品（高）（14 分）" in grade.reasons
    assert "从业人数：从业人员1—3人（1 分）" in grade.reasons
    assert "场所面积：没有登记，按中间值计（3 分）" in grade.reasons
    assert grade.static == sum(part.points for part in grade.parts if part.most < 20) == 27
    assert grade.points == grade.static + grade.dynamic


def test_before_the_first_visit_the_survey_speaks_and_then_the_checklist_does(tofu, told):
    tofu.facts["problems"] = ["dirty"]
    tofu.save()
    assert "还没有检查，按摸底情况估 70 分：摸底发现脏" in grade_of(tofu).parts[6].words
    assert grade_of(tofu).dynamic == 18
    told(tofu, "visit", date(2018, 5, 2), 95)
    told(tofu, "visit", date(2018, 4, 2), 40)
    assert grade_of(tofu).dynamic == 3
    assert "检查情况：2018-05-02 检查得 95 分（3 分）" in grade_of(tofu).reasons


def test_what_happened_later_does_not_count_for_an_earlier_day(tofu, told):
    told(tofu, "visit", date(2018, 5, 2), 95)
    told(tofu, "visit", date(2018, 6, 1), 20)
    assert grade_of(tofu, date(2018, 5, 31)).dynamic == 3
    assert grade_of(tofu).dynamic == 48


@pytest.mark.parametrize(("kind", "points"), [("complaint", 3), ("late", 4), ("penalty", 8), ("sample_failed", 10)])
def test_trouble_of_the_last_twelve_months_adds_points(tofu, told, kind, points):
    before = grade_of(tofu).dynamic
    told(tofu, kind, date(2017, 6, 4))
    assert grade_of(tofu).dynamic == before
    told(tofu, kind, date(2018, 3, 4), words="某事")
    assert grade_of(tofu).dynamic == before + points
    assert any("2018-03-04 某事" in reason for reason in grade_of(tofu).reasons)


@pytest.mark.parametrize("kind", ["penalty", "sample_failed"])
def test_a_penalty_or_a_failed_sample_raises_by_one_grade_and_says_so(tofu, told, kind):
    told(tofu, "visit", date(2018, 5, 2), 100)
    assert grade_of(tofu).letter == "A"
    told(tofu, kind, date(2018, 5, 3))
    grade = grade_of(tofu)
    assert grade.points <= 45 and grade.letter == "C" and "由B级升高一级" in grade.raised[0]


def test_two_failed_samples_in_a_year_are_d_and_two_in_two_years_are_not(tofu, told):
    told(tofu, "visit", date(2018, 5, 2), 100)
    told(tofu, "sample_failed", date(2018, 5, 3))
    told(tofu, "sample_failed", date(2017, 5, 3))
    assert grade_of(tofu).letter == "C"
    told(tofu, "sample_failed", date(2017, 12, 1))
    assert grade_of(tofu).letter == "D" and "直接定为D级：抽检不合格" in grade_of(tofu).raised[0]


def test_a_suspected_crime_is_d_at_once(tofu, told):
    told(tofu, "visit", date(2018, 5, 2), 100)
    told(tofu, "crime", date(2018, 5, 3))
    assert grade_of(tofu).letter == "D" and grade_of(tofu).per_year == 3


def test_dynamic_points_end_at_sixty(tofu, told):
    told(tofu, "visit", date(2018, 5, 2), 0)
    for day in range(1, 9):
        told(tofu, "complaint", date(2018, 5, day))
    assert grade_of(tofu).dynamic == 60


@pytest.mark.parametrize(("score", "letter"), [(95, "A"), (75, "B"), (50, "C"), (40, "D")])
def test_the_bands_make_the_letter(tofu, told, score, letter):
    told(tofu, "visit", date(2018, 5, 2), score)
    assert grade_of(tofu).letter == letter


def test_meat_and_liquor_are_visited_twice_a_year_however_good_they_are(town, told):
    butcher = cast.tofu_shop(town.zhang, name="老李卤肉", facts={"processing": ["cooked_meat"]})
    told(butcher, "visit", date(2018, 5, 2), 100)
    grade = grade_of(butcher)
    assert (grade.letter, grade.per_year) == ("A", 2)
    assert "肉制品、酒类小作坊每年至少2次" in grade.reasons


def test_the_limits_are_settings_of_their_day(tofu, told):
    told(tofu, "visit", date(2018, 5, 2), 95)
    Rule.objects.filter(key="grade.bands").update(until=date(2018, 6, 1))
    Rule.objects.create(
        key="grade.bands", area="320413100000", name="新等级", since=date(2018, 6, 2),
        value={"A": 20, "B": 25, "C": 60, "D": 100},
    )  # fmt: skip
    assert grade_of(tofu, date(2018, 6, 1)).letter == "A"
    assert grade_of(tofu).letter == "C"
    assert grades([tofu], date(2017, 12, 31)) == {}


def test_facts_of_a_file_merged_into_it_count_too(town, tofu, told):
    twin = cast.tofu_shop(town.zhang, name="王家豆腐")
    told(twin, "complaint", date(2018, 5, 2))
    Establishment.objects.filter(pk=twin.pk).update(merged_into=tofu.pk)
    assert any("投诉举报：2018-05-02" in reason for reason in grade_of(tofu).reasons)


def test_many_files_cost_the_queries_of_one(town, tofu, queries_of):
    one = queries_of(lambda: grades([tofu], JUNE))
    others = [cast.tofu_shop(town.zhang, name=f"豆腐坊{n}") for n in range(12)]
    assert queries_of(lambda: grades(others, JUNE)) == one
    assert queries_of(lambda: grades(Establishment.objects.all(), JUNE)) == one + 1  # the keys of the queryset


def test_reasons_are_told_in_english_too(tofu):
    from django.utils import translation

    with translation.override("en"):
        reasons = " ".join(grade_of(tofu).reasons)
    assert "Meat, soy, cold dishes" in reasons and "豆" not in reasons


def test_the_static_factors_of_the_town_make_forty():
    factors = tomllib.loads((cast.TOWN / "rules.toml").read_text(encoding="utf-8"))["rule"]
    most = [rule["value"] for rule in factors if rule["key"].startswith("grade.static.")]
    assert sum(value["most"] for value in most) == 40
    assert all(max(row["points"] for row in value["rows"]) == value["most"] for value in most)
    assert all(value["unknown"] <= value["most"] for value in most)


def test_every_question_that_a_condition_names_is_asked_by_a_form():
    rules = tomllib.loads((cast.TOWN / "rules.toml").read_text(encoding="utf-8"))["rule"]
    named = {
        field
        for rule in rules
        if rule["key"].startswith(("grade.", "draw."))
        for field in re.findall(r"\$\{(\w+)\}", str(rule["value"]))
    }
    forms = "".join(path.read_text(encoding="utf-8") for path in (cast.TOWN / "forms").glob("*/survey.csv"))
    assert named and not [field for field in named if f",{field}," not in forms]
