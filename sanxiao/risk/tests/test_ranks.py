"""The order that the model made: kept with its reasons, and used for the draw and the plan of visits."""

from datetime import timedelta

import pytest
from django.core.management import call_command

from sanxiao.docket.models import Rule
from sanxiao.inspection import due
from sanxiao.office.now import at
from sanxiao.risk import ranks
from sanxiao.risk.models import Rank
from sanxiao.risk.tests.conftest import JUNE
from sanxiao.risk.weights import weights
from tests import cast

pytestmark = pytest.mark.usefixtures("june")
POINTS = "/archive/map/points"
WHY = {"zh-hans": ["这一户以往的检查结果：+12.0 个百分点"], "en": ["Earlier visits to this place: +12.0 points"]}


@pytest.fixture
def ranked(town, tofu):
    """The tofu shop is first, an oil press last of two."""
    other = cast.tofu_shop(town.zhang, name="李家粮油", facts={"processing": ["grain"]})
    ranks.keep([(tofu.pk, 0.6, WHY), (other.pk, 0.1, WHY)], JUNE)
    return tofu, other


def test_who_stands_first_is_drawn_more_easily_and_is_told_why(ranked):
    first, last = ranked
    found, bare = weights([first, last], JUNE), weights([first, last], JUNE - timedelta(days=1))
    assert "预测排序第 1 位，共 2 户：× 1.5" in found[first.pk].reasons
    assert "预测排序第 2 位，共 2 户：× 1.25" in found[last.pk].reasons
    assert found[first.pk].value == pytest.approx(bare[first.pk].value * 1.5, rel=0.02)
    assert not any("预测排序" in words for words in bare[first.pk].reasons)


def test_an_order_that_has_grown_old_speaks_no_more(ranked):
    first, _last = ranked
    Rule.objects.filter(key="risk.rank_days").update(value=30)
    later = JUNE + timedelta(days=31)
    assert not ranks.standing(later).exists()
    assert not any("预测排序" in words for words in weights([first], later)[first.pk].reasons)


def test_the_plan_of_visits_shows_it_and_asks_for_the_first(ranked, as_):
    due.recount()
    chen = as_("chen")
    page = chen.get("/inspection/due/").content.decode()
    assert "预测排序" in page and "李家粮油" in page
    first = chen.get("/inspection/due/", {"rank": "20"}).content.decode()
    assert "李家粮油" not in first
    Rank.objects.filter(place=1).update(among=10)
    assert "王家豆腐坊" in chen.get("/inspection/due/", {"rank": "10"}).content.decode()


def test_the_map_is_coloured_by_the_order_and_says_what_the_colours_mean(ranked, as_):
    first, last = ranked
    zhang = as_("zhang")
    points = {p["properties"]["name"]: p["properties"] for p in zhang.get(POINTS, {"by": "rank"}).json()["features"]}
    assert (points[first.called]["tone"], points[first.called]["state"]) == ("blue", "前两成到一半")
    assert points[first.called]["note"].startswith("第 1 位，共 2 户")
    assert (points[last.called]["tone"], points[last.called]["state"]) == ("green", "排在后一半")
    page = zhang.get("/archive/map/", {"by": "rank"}).content.decode()
    assert "按预测排序看" in page and "2018-06-05 按本镇以往的检查训练得出，共 2 户" in page


def test_list_and_map_are_narrowed_to_the_first_of_the_order(ranked, as_):
    zhang = as_("zhang")
    assert "李家粮油" not in zhang.get("/archive/", {"rank": "50"}).content.decode()
    shown = [p["properties"]["name"] for p in zhang.get(POINTS, {"rank": "100"}).json()["features"]]
    assert shown == ["李家粮油"] and not zhang.get(POINTS, {"rank": "10"}).json()["features"]
    assert zhang.get(POINTS, {"rank": "nothing"}).status_code == 200


def test_every_place_of_an_order_lies_in_one_band(town, tofu):
    for among in (1, 2, 3, 7, 10, 541):
        for place in range(1, among + 1):
            band = ranks.band_of(Rank(place=place, among=among))
            Rank.objects.all().delete()
            if place in (1, among // 10, among // 10 + 1, among // 5, among // 2, among // 2 + 1, among):
                Rank.objects.create(
                    file=tofu, area=tofu.area, place=max(place, 1), among=among, score=0, ranked_on=JUNE
                )
                held = [b.key for b, _most in ranks.BANDS if ranks.within(b.key).filter(file=tofu).exists()]
                assert held == [band.key], (place, among)


def test_without_an_order_the_map_says_so_and_all_places_are_grey(tofu, as_):
    zhang = as_("zhang")
    [point] = zhang.get(POINTS, {"by": "rank"}).json()["features"]
    assert (point["properties"]["tone"], point["properties"]["state"]) == ("grey", "没有排序")
    page = zhang.get("/archive/map/", {"by": "rank"}).content.decode()
    assert "还没有预测排序" in page and 'name="rank"' not in page  # nothing to choose from


def test_the_file_tells_the_place_and_its_reasons_in_both_languages(ranked, as_):
    first, _last = ranked
    zhang = as_("zhang")
    url = f"{first.get_absolute_url()}?tab=risk"
    assert WHY["zh-hans"][0] in zhang.get(url).content.decode()
    zhang.cookies["django_language"] = "en"
    assert WHY["en"][0] in zhang.get(url).content.decode()


def test_without_enough_visits_no_earlier_order_stands(ranked, tmp_path, capsys):
    with at(JUNE):
        call_command("rank_risk", "--out", str(tmp_path / "order.csv"))
    assert "too few" in capsys.readouterr().out and not Rank.objects.exists()
