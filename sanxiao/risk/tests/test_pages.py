"""Where a grade is seen: the file's tab, the list, the map, the printed file, the API, the certificate's check."""

from datetime import date, datetime
from io import BytesIO

import pytest
from openpyxl import load_workbook

from sanxiao.archive.models import Establishment
from sanxiao.archive.prints import whole
from sanxiao.docket import flow, watch
from sanxiao.risk import keep
from sanxiao.risk.tests.conftest import JUNE
from tests import cast

pytestmark = pytest.mark.usefixtures("june")


@pytest.fixture
def bad(tofu, told):
    """A tofu shop of grade D by two failed samples, as kept since last night."""
    told(tofu, "visit", date(2018, 3, 1), 50, "日常检查")
    told(tofu, "sample_failed", date(2018, 4, 1), words="苯甲酸")
    told(tofu, "sample_failed", date(2018, 5, 1), words="铝")
    keep.refresh([tofu])
    return tofu


def test_the_tab_says_every_point_and_why(as_, bad):
    page = as_("zhang").get(bad.get_absolute_url() + "?tab=risk").content.decode()
    for words in ("D级（高）", "肉、豆、凉菜", "2018-03-01 检查得 50 分", "苯甲酸", "直接定为D级", "每年至少检查3次"):
        assert words in page, words
    assert "抽检不合格 2 次" in page and "2018-07-01" in page  # a third of a year after the last visit


def test_the_tab_of_another_village_is_not_there(as_, bad):
    assert as_("li").get(bad.get_absolute_url() + "?tab=risk").status_code == 404


def test_the_tab_shows_the_grade_of_earlier_quarters(as_, town, told):
    file = cast.tofu_shop(town.zhang)
    Establishment.objects.filter(pk=file.pk).update(created_at="2018-02-01T00:00:00Z")
    told(file, "visit", date(2018, 3, 1), 100)
    told(file, "visit", date(2018, 5, 1), 0)
    page = as_("zhang").get(file.get_absolute_url() + "?tab=risk").content.decode()
    assert page.index("以前各季末") < page.index("2018-03-31") and "A级（低）" in page and "D级（高）" in page


def test_the_list_filters_and_sorts_by_grade(as_, town, bad, told):
    good = cast.tofu_shop(town.zhang, name="李家粮油", facts={"processing": ["grain"]})
    told(good, "visit", date(2018, 5, 1), 100)
    keep.refresh([good])
    zhang = as_("zhang")
    page = zhang.get("/archive/?grade=D").content.decode()
    assert "王家豆腐坊" in page and "李家粮油" not in page
    page = zhang.get("/archive/?sort=-grade_points").content.decode()
    assert page.index("王家豆腐坊") < page.index("李家粮油")
    assert "李家粮油" in zhang.get("/archive/?grade=A").content.decode()


def test_the_list_of_many_costs_the_queries_of_one(as_, town, bad, queries_of):
    zhang = as_("zhang")
    zhang.get("/archive/")
    one = queries_of(lambda: zhang.get("/archive/?grade=D"))
    keep.refresh([cast.tofu_shop(town.zhang, name=f"豆腐坊{n}") for n in range(8)])
    Establishment.objects.update(grade="D")
    assert queries_of(lambda: zhang.get("/archive/?grade=D")) == one


def test_the_workbook_has_the_grade_and_the_day_of_the_next_visit(as_, bad):
    answer = as_("zhang").get("/archive/?as=xlsx&grade=D")
    cells = [cell.value for row in load_workbook(BytesIO(answer.content)).active.iter_rows() for cell in row]
    days = {cell.date() for cell in cells if isinstance(cell, datetime)}
    assert "D级（高）" in cells and date(2018, 7, 1) in days


def test_who_is_due_by_grade_is_found_by_the_filter(as_, bad):
    zhang = as_("zhang")
    assert "王家豆腐坊" not in zhang.get("/archive/?visit=past").content.decode()
    assert "王家豆腐坊" in zhang.get("/archive/?visit=month").content.decode()
    Establishment.objects.update(visit_by=JUNE)
    assert "王家豆腐坊" in zhang.get("/archive/?visit=past").content.decode()


def test_the_map_draws_the_grade_by_shape_and_word(as_, bad):
    zhang = as_("zhang")
    point = zhang.get("/archive/map/points?by=grade").json()["features"][0]["properties"]
    assert (point["tone"], point["state"]) == ("red", "D级（高）")
    point = zhang.get("/archive/map/points").json()["features"][0]["properties"]
    assert (point["tone"], point["state"]) == ("green", "正常")
    assert "按经营状态看" in zhang.get("/archive/map/?by=grade").content.decode()


def test_an_ungraded_place_is_grey_on_the_map(as_, tofu):
    point = as_("zhang").get("/archive/map/points?by=grade").json()["features"][0]["properties"]
    assert (point["tone"], point["state"]) == ("grey", "未评级")


def test_the_printed_file_says_the_grade_and_its_parts(town, bad):
    facts, _images = whole(Establishment.objects.get(pk=bad.pk), town.zhang)
    assert ["风险等级", "D级（高）"] in facts["blocks"][1]["rows"]
    table = next(t for t in facts["tables"] if t["title"].startswith("风险等级 D"))
    assert any("铝" in str(row[1]) for row in table["rows"])


def test_the_api_gives_and_filters_the_grade(as_, bad):
    found = as_("zhang").get("/api/v1/establishments?grade=D").json()["items"]
    assert [(f["grade"], f["visit_by"]) for f in found] == [("D", "2018-07-01")]
    assert as_("zhang").get("/api/v1/establishments?grade=A").json()["items"] == []


def test_the_night_watch_keeps_what_has_changed(tofu, told):
    assert tofu.grade == ""
    watch.night()
    tofu.refresh_from_db()
    assert (tofu.grade, tofu.visit_by) == ("B", date(2019, 6, 5))
    told(tofu, "visit", JUNE, 0)
    assert "risk: grades changed: 1" in watch.night()
    assert "risk: grades changed: 0" in watch.night()
    tofu.refresh_from_db()
    assert tofu.grade == "D"


def test_a_night_without_a_room_leaves_its_count_for_another_night(tofu):
    watch.night(without=("risk",))
    tofu.refresh_from_db()
    assert tofu.grade == ""


def test_a_closed_place_is_not_due(town, bad):
    flow.move(bad, "close", town.zhang, closing="self", reason="不做了")
    assert Establishment.objects.get(pk=bad.pk).visit_by is not None
    watch.night()
    assert Establishment.objects.get(pk=bad.pk).visit_by is None


def test_who_holds_the_file_does_not_bring_the_old_grade_back(town, tofu):
    keep.refresh([tofu])
    flow.move(tofu, "rest", town.zhang, reason="装修")
    assert Establishment.objects.get(pk=tofu.pk).grade == "B"
