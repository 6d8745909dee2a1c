"""The boundary of a zone: drawn or uploaded, measured, on the map, and what a school's distance is measured from."""

import json
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from sanxiao.docket.models import Event, Rule
from sanxiao.zones import outline
from sanxiao.zones.models import Zone
from sanxiao.zones.tests import steps
from sanxiao.zones.tests.steps import zone as again
from sanxiao.zones.tests.test_pages import TYPED

# Some 95 by 111 metres, about the market's point.
SQUARE = [[119.5695, 31.7195], [119.5705, 31.7195], [119.5705, 31.7205], [119.5695, 31.7205]]
DRAWN = json.dumps(outline.geometry(SQUARE))


def do(found):
    return f"/do/zones.zone/{found.pk}/outline"


def test_a_boundary_drawn_on_the_map_is_kept_measured_and_shown(as_, town, market):
    zhang = as_("zhang")
    assert "data-outline" in zhang.get(do(market)).content.decode()
    assert zhang.post(do(market), {"boundary": DRAWN}).status_code == 302
    found = again(market)
    assert found.boundary == SQUARE
    assert 10_000 < found.drawn_m2 < 11_000
    page = zhang.get(found.get_absolute_url()).content.decode()
    assert f"按边界测算 {found.drawn_m2} 平方米" in page and "与占地相差" in page
    told = zhang.get("/zones/points.json", {"only": str(found.pk)}).json()
    assert told["outlines"][0]["geometry"] == outline.geometry(SQUARE)
    assert told["features"][0]["geometry"]["type"] == "Point"
    assert "4 个点" in page and Event.objects.of(found).first().move == "outline"
    assert DRAWN[:40] in zhang.get(do(market)).content.decode().replace("&quot;", '"')


def test_a_file_of_geojson_is_as_good_and_an_empty_field_takes_the_boundary_away(as_, town, market):
    said = {"type": "FeatureCollection", "features": [{"type": "Feature", "geometry": json.loads(DRAWN)}]}
    upload = SimpleUploadedFile("红线.geojson", json.dumps(said).encode(), "application/geo+json")
    assert as_("zhang").post(do(market), {"boundary": "", "upload": upload}).status_code == 302
    assert again(market).boundary == SQUARE
    assert as_("zhang").post(do(market), {"boundary": " "}).status_code == 302
    assert again(market).boundary == []


def proposed(as_, **changes):
    said = {name: value for name, value in TYPED.items() if name not in ("lat", "lng")} | changes
    return as_("zhang").post("/do/zones.zone/new/propose", said)


def test_a_boundary_is_drawn_while_the_project_is_proposed_and_measures_the_ground(as_, june):
    page = as_("zhang").get("/do/zones.zone/new/propose").content.decode()
    assert "data-outline" in page and "或者上传 GeoJSON 文件" in page
    assert proposed(as_, boundary=DRAWN, land_m2="").status_code == 302
    found = Zone.objects.get()
    assert (found.boundary, found.land_m2) == (SQUARE, found.drawn_m2)
    assert (found.lat, found.lng) == (31.72, 119.57)


def test_a_file_is_read_while_proposing_and_what_is_none_is_named_at_its_field(as_, june):
    upload = SimpleUploadedFile("红线.geojson", DRAWN.encode(), "application/geo+json")
    assert proposed(as_, upload=upload).status_code == 302
    assert Zone.objects.get().boundary == SQUARE
    upload = SimpleUploadedFile("红线.dwg", b"AC1015", "application/octet-stream")
    page = proposed(as_, upload=upload, called="后阳夜市")
    assert page.status_code == 422
    assert "这不是 GeoJSON" in str(page.context["form"].errors["upload"])
    assert 'value="后阳夜市"' in page.content.decode()


def test_one_click_on_the_map_is_the_spot_and_the_ground_is_then_asked_for(as_, june):
    one = json.dumps(outline.geometry(SQUARE[:1]))
    page = proposed(as_, boundary=one, land_m2="")
    assert page.status_code == 422
    assert "在地图上画出边界" in str(page.context["form"].errors["land_m2"])
    assert proposed(as_, boundary=one).status_code == 302
    found = Zone.objects.get()
    assert (found.boundary, found.lat, found.lng, found.land_m2) == ([], 31.7195, 119.5695, 600)


def test_a_zone_without_a_point_gets_the_middle_of_its_boundary(town, june):
    found = steps.move(steps.propose(town.zhang, lat=None, lng=None), "outline", town.zhang, boundary=SQUARE)
    assert (found.lat, found.lng) == (31.72, 119.57)


def test_others_do_not_draw_on_this_ground(as_, town, market):
    for name in ("li", "chen"):
        assert as_(name).post(do(market), {"boundary": DRAWN}).status_code in (403, 404, 409, 422)
    assert again(market).boundary == []


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("不是", "这不是 GeoJSON"),
        ("[[119.57, 31.72], [119.58, 31.72]]", "至少要有三个点"),
        ("[[31.72, 119.57], [31.73, 119.57], [31.73, 119.58]]", "[经度, 纬度]"),
        (json.dumps([SQUARE[0], SQUARE[2], SQUARE[1], SQUARE[3]]), "自己交叉了"),
        ("[[100, 20], [119, 20], [119, 40]]", "面积不合理"),
        ('{"type": "Point", "coordinates": [119.57, 31.72]}', "没有洞的面"),
        ('{"type": "FeatureCollection", "features": []}', "现在有 0 个"),
        ("[[119.57]]", "[经度, 纬度]"),
    ],
)
def test_what_is_no_boundary_is_refused_at_its_field_and_stays_typed(as_, market, said, words):
    page = as_("zhang").post(do(market), {"boundary": said})
    assert page.status_code == 422
    assert words in page.content.decode()
    assert again(market).boundary == []


def test_metres_to_a_school_count_from_the_nearest_side(as_, town, market):
    gate = {"name": "后阳小学", "lat": 31.7200, "lng": 119.5726}  # 199 m east of the side, 246 m of the point
    Rule.objects.update_or_create(key="schools", area="320413100000", since=date(2018, 1, 1), defaults={
        "name": "学校", "value": [gate]})  # fmt: skip
    assert outline.away(SQUARE, gate["lat"], gate["lng"]) == pytest.approx(198.7, abs=1)
    assert outline.away(SQUARE, 31.72, 119.57) == 0
    assert "不得划为经营区域" not in as_("zhang").get(market.get_absolute_url()).content.decode()
    steps.move(market, "outline", town.zhang, boundary=SQUARE)
    assert "不得划为经营区域" in as_("zhang").get(market.get_absolute_url()).content.decode()
