"""The same problem again is recognised: at issuing, on the order, on the file, in the list; and pictures in pairs."""

from datetime import date

import pytest

from sanxiao.archive.models import Establishment
from sanxiao.docket import flow
from sanxiao.inspection import repeated
from sanxiao.inspection.tests import steps

MAY, JULY = date(2018, 5, 9), date(2018, 7, 2)
FLIES = "pest_protection"


@pytest.fixture
def in_may(town, tofu):
    """On 9 May the tofu shop was ordered to mend its fly screens."""
    with steps.at(MAY):
        return steps.issue(tofu, town.chen, steps.item())


@pytest.fixture
def in_july(town, tofu, in_may):
    """In July the flies were there again, and papers were missing for the first time."""
    with steps.at(JULY):
        return steps.issue(tofu, town.chen, steps.item(), steps.item(steps.PAPERS, code="health_certificate"))


def other_shop(town, tofu, **changes):
    said = {
        "kind": tofu.kind,
        "name": "王家二店",
        "operator": tofu.operator,
        "area": tofu.area,
        "address": "新街",
        **changes,
    }
    file = Establishment(**said)
    flow.move(file, "open", town.zhang)
    return file


def test_at_issuing_the_second_time_stands_beside_the_item(as_, in_may, tofu):
    with steps.at(JULY):
        page = as_("chen").get("/do/inspection.order/new/issue", {"file": tofu.pk}).content.decode()
    assert "第2次：2018-05-09（坛市监责改〔2018〕1号） 已责令改正" in page
    assert page.count("第2次") == 1


def test_the_order_says_which_of_its_problems_came_back_and_the_first_one_does_not(as_, in_may, in_july):
    assert "第2次" in as_("chen").get(in_july.get_absolute_url()).content.decode()
    assert "第2次" not in as_("chen").get(in_may.get_absolute_url()).content.decode()


def test_the_file_shows_what_came_back_and_when(as_, in_july, tofu):
    page = as_("zhang").get(tofu.get_absolute_url(), {"tab": "order"}).content.decode()
    assert "已发现 2 次" in page and "2018-07-02" in page


def test_an_order_that_was_taken_back_counts_for_nothing(town, in_may, tofu):
    flow.move(in_may, "void", town.chen, reason="写错")
    assert repeated.earlier(tofu) == {}
    assert repeated.counts([tofu]) == {}


def test_another_place_of_the_same_operator_is_told_apart(town, in_may, tofu):
    second = other_shop(town, tofu)
    again = repeated.earlier(second)[FLIES]
    assert (again.times, again.here) == (1, ())
    assert "别处也有：王家豆腐坊 2018-05-09" in again.words
    assert repeated.counts([tofu, second]) == {}


def test_words_written_by_hand_are_the_same_problem_when_they_are_the_same_words(town, tofu):
    for day in (MAY, JULY):
        with steps.at(day):
            steps.issue(tofu, town.chen, steps.item("地面破损", code=""), steps.item("门坏了" + str(day), code=""))
    assert repeated.counts([tofu]) == {tofu.pk: 1}


def test_counts_are_one_query_for_any_number_of_files(town, in_july, tofu, django_assert_num_queries):
    files = [tofu, other_shop(town, tofu)]
    with django_assert_num_queries(1):
        assert repeated.counts(files) == {tofu.pk: 1}


def test_a_file_that_was_merged_brings_its_past_along(town, in_may, tofu):
    second = other_shop(town, tofu)
    with steps.at(JULY):
        steps.issue(second, town.chen, steps.item())
    Establishment.objects.filter(pk=tofu.pk).update(merged_into=second)
    second = Establishment.objects.get(pk=second.pk)
    assert repeated.counts([second]) == {second.pk: 1}
    assert repeated.earlier(second)[FLIES].times == 3


def test_the_list_counts_by_problem_and_village_and_opens_each_number(as_, in_july):
    page = as_("chen").get("/inspection/repeated/").content.decode()
    assert page.count("王家豆腐坊") == 1 and "2018-05-09" in page
    assert f"code={FLIES}&amp;area=320413100206" in page
    assert as_("chen").get("/inspection/repeated/", {"as": "xlsx"}).status_code == 200


def test_the_next_village_sees_nothing_of_it(as_, in_july):
    page = as_("li").get("/inspection/repeated/").content.decode()
    assert "王家豆腐坊" not in page and "没有重复出现的问题" in page


def test_the_list_asks_a_fixed_number_of_queries(as_, town, in_july, tofu, django_assert_max_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = as_("chen")
    client.get("/inspection/repeated/")
    with CaptureQueriesContext(connection) as one:
        client.get("/inspection/repeated/")
    for month in (8, 9, 10):
        with steps.at(date(2018, month, 1)):
            steps.issue(tofu, town.chen, steps.item(), steps.item(steps.PAPERS, code="health_certificate"))
    with CaptureQueriesContext(connection) as many:
        client.get("/inspection/repeated/")
    assert len(one) == len(many)


# --- before and after --------------------------------------------------------------------------------------------


@pytest.fixture
def pictured(town, served):
    """The first problem has a picture before and one after."""
    steps.files.keep(served.problems.get(no=1), steps.picture("red"), "前.jpg", town.chen, role="before")
    return steps.answer(served, town.zhang, 1)


def test_before_and_after_of_an_order_come_on_paper_side_by_side(as_, pictured):
    page = as_("zhang").get(pictured.get_absolute_url()).content.decode()
    assert f"{pictured.get_absolute_url()}pairs" in page
    assert as_("zhang").get(f"{pictured.get_absolute_url()}pairs").content.startswith(b"%PDF-")
    assert as_("li").get(f"{pictured.get_absolute_url()}pairs").status_code == 404


def test_an_order_without_pictures_has_no_such_paper(as_, served):
    assert as_("zhang").get(f"{served.get_absolute_url()}pairs").status_code == 404


def test_pairs_of_the_whole_ground_stand_on_one_page_by_village(as_, pictured):
    page = as_("chen").get("/inspection/pairs/").content.decode()
    assert page.count('alt="整改前') == 1 and page.count('alt="整改后') == 1
    assert "还没有前后对照" in as_("chen").get("/inspection/pairs/", {"area": "320413100204"}).content.decode()
    assert "还没有前后对照" in as_("li").get("/inspection/pairs/").content.decode()
