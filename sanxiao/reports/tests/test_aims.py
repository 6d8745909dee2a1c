"""The aims of the plan's part two: measured by quarter and village, each number with its list."""

from datetime import date

from sanxiao.campaign.models import Accident
from sanxiao.docket import flow
from sanxiao.inspection.models import Order
from sanxiao.office.now import at
from sanxiao.publicity import survey
from sanxiao.publicity.survey import Index, Share
from sanxiao.reports.aims import AIMS, put_right, without_papers
from sanxiao.reports.quarters import Period
from tests import cast

MAY, JUNE = date(2018, 5, 8), date(2018, 6, 20)


def until(day):
    return Period(date(2018, 4, 1), day, date(2018, 4, 1))


def test_places_without_papers_are_a_share_of_those_on_file(town):
    with at(MAY):
        tofu = cast.tofu_shop(town.zhang)
        held = cast.tofu_shop(town.zhang, name="李家糕点", facts=cast.TOFU_FACTS | {"certificate": "valid"})
        part, every = without_papers(cast.JINCHENG[:9], until(MAY))[cast.HOUYANG]
    assert set(every) == {tofu.pk, held.pk}
    assert tofu.pk in part


def test_a_place_is_put_right_when_its_last_order_was_passed(town):
    with at(MAY):
        tofu = cast.tofu_shop(town.zhang)
        for move in ("issue", "pass", "issue"):
            row = Order(file=tofu, area=tofu.area)
            flow.log(row, move, town.chen)
            done, every = put_right(cast.HOUYANG, until(MAY))[cast.HOUYANG]
            assert (bool(done), len(every)) == (move == "pass", 1)
        flow.log(Order(file=tofu, area=tofu.area), "void", town.chen)
        assert put_right(cast.HOUYANG, until(MAY)) == {}


def test_the_page_shows_every_aim_and_a_number_opens_its_places(as_, town):
    with at(MAY):
        cast.tofu_shop(town.zhang)
        page = as_("sun").get("/aims/")
        words = page.content.decode()
        for each in ("无证占比", "脏乱差整改到位占比", "源头性重大食品安全事故", "100.0%", "后阳村"):
            assert each in words, each
        cell = page.context["rows"][0]["cells"][-1]
        assert "王家豆腐坊" in as_("sun").get(cell["url"]).content.decode()
        assert as_("sun").get(f"{cell['url']}&area={cast.NANYAO}").context["count"] == 0


def test_a_major_accident_from_the_source_breaks_the_aim(as_, town):
    with at(MAY):
        row = Accident(area=cast.HOUYANG, happened_on=MAY)
        facts = {"happened_on": MAY, "level": "major", "people": 3, "what": "不适", "ground": cast.HOUYANG}
        flow.move(row, "enter", town.zhou, **facts)
        assert as_("sun").get("/aims/").context["accidents"][-1] == {"major": 0, "all": 1}
        flow.move(row, "settle", town.zhou, origin="small", finding="卤菜")
        assert as_("sun").get("/aims/").context["accidents"][-1] == {"major": 1, "all": 1}


def test_others_do_not_see_the_town_and_an_unknown_number_is_none(as_, town):
    with at(JUNE):
        assert as_("zhang").get("/aims/").status_code == 404
        for path in ("/aims/nothing/?q=2018Q2", f"/aims/{AIMS[0].key}/?q=1999Q1", f"/aims/{AIMS[0].key}/"):
            assert as_("sun").get(path).status_code == 404


def test_the_page_costs_the_same_with_one_place_and_with_many(as_, town, django_assert_max_num_queries):
    with at(MAY):
        sun = as_("sun")
        for n in range(2):
            for m in range(1 + 4 * n):
                cast.tofu_shop(town.zhang, name=f"店{n}{m}", address=f"街{n}{m}号")
            with django_assert_max_num_queries(40):
                sun.get("/aims/")


def test_what_households_said_stands_beside_the_other_aims(as_, town, monkeypatch):
    asked = []
    monkeypatch.setattr(survey, "index", lambda area, quarter: asked.append(area) or Index(20, 3, Share(20, 15), None))
    with at(MAY):
        page = as_("sun").get("/aims/")
    trust, content = page.context["said"]
    assert set(asked) == {cast.JINCHENG}
    assert "75%" in page.content.decode() and trust["cells"][-1] == Share(20, 15)
    assert set(content["cells"]) == {None}
