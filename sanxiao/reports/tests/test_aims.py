"""The aims of the plan's part two: measured by quarter and village, each number with its list."""

from datetime import date

import pytest

from sanxiao.campaign.models import Accident
from sanxiao.docket import files, flow
from sanxiao.inspection.tests import steps as orders
from sanxiao.inspection.tests import visit_steps as visits
from sanxiao.office.now import at
from sanxiao.publicity import survey
from sanxiao.publicity.rules import POLL
from sanxiao.publicity.survey import Index, Share
from sanxiao.publicity.tests.test_poll import tell
from sanxiao.reports import dirty
from sanxiao.reports.aims import AIMS, put_right, without_papers
from sanxiao.reports.quarters import Period
from tests import cast

MAY, LATER, JUNE = date(2018, 5, 8), date(2018, 5, 22), date(2018, 6, 20)


def until(day):
    return Period(date(2018, 4, 1), day, date(2018, 4, 1))


def test_places_without_papers_are_a_share_of_those_on_file(town):
    with at(MAY):
        tofu = cast.tofu_shop(town.zhang)
        held = cast.tofu_shop(town.zhang, name="李家糕点", facts=cast.TOFU_FACTS | {"certificate": "valid"})
        (parted,) = without_papers(cast.JINCHENG[:9], [until(MAY)])
    part, every = parted[cast.HOUYANG]
    assert set(every) == {tofu.pk, held.pk}
    assert tofu.pk in part


def share(day):
    """How many places of 后阳村 are put right, of how many where dirt was found, on a day."""
    (parted,) = put_right(cast.JINCHENG[:9], [until(day)])
    done, every = parted.get(cast.HOUYANG, ((), ()))
    return len(done), len(every)


def test_a_dirty_place_is_put_right_when_its_dirt_passed_the_re_check(town):
    with at(MAY):
        tofu = cast.tofu_shop(town.zhang)
        assert share(MAY) == (0, 0)
        order = orders.serve(orders.issue(tofu, town.chen, orders.item()), town.chen)
        assert share(MAY) == (0, 1)
    with at(LATER):
        order = orders.answer(order, town.zhang, 1)
        assert share(LATER) == (0, 1)
        orders.review(order, town.chen, {1: "pass"})
        assert (share(MAY), share(LATER)) == ((0, 1), (1, 1))


def test_an_order_on_papers_says_nothing_of_dirt(town):
    with at(MAY):
        papers = orders.item(orders.PAPERS, code="health_certificate")
        order = orders.serve(orders.issue(cast.tofu_shop(town.zhang), town.chen, papers), town.chen)
    with at(LATER):
        orders.review(orders.answer(order, town.zhang, 1), town.chen, {1: "pass"})
        assert share(LATER) == (0, 0)


def test_what_a_visit_finds_counts_until_a_later_visit_finds_it_gone(town):
    with at(MAY):
        tofu = cast.tofu_shop(town.zhang)
        visits.judge(visits.start(tofu, town.chen, town.wu), town.chen, **{visits.FLIES: "slight"})
        assert share(MAY) == (0, 1)
    with at(LATER):
        visits.judge(visits.start(tofu, town.chen, town.wu, kind="special", override="投诉"), town.chen)
        assert share(LATER) == (1, 1)


def test_what_was_wiped_off_on_the_spot_was_found_and_put_right(town):
    with at(MAY):
        tofu = cast.tofu_shop(town.zhang)
        visit = visits.start(tofu, town.chen, town.wu)
        for use in ("before", "after"):
            files.keep(visit, orders.picture(), f"{use}.jpg", town.chen, role=f"{use}:{visits.FLIES}")
        visits.judge(visit, town.chen, **{visits.FLIES: "spot"})
        assert share(MAY) == (1, 1)


@pytest.mark.parametrize(
    ("said", "right"),
    [
        ({}, None),
        ({"dirty": [(MAY, True)]}, None),
        ({"dirty": [(MAY, False)]}, False),
        ({"dirty": [(MAY, False), (MAY, True)]}, True),
        ({"dirty": [(LATER, False), (MAY, True)]}, None),
        ({"dirty": [(MAY, False), (MAY, True)], "waste_bin": [(MAY, False)]}, False),
    ],
)
def test_a_place_is_right_when_of_each_thing_found_the_last_word_is_good(said, right):
    assert dirty.is_put_right(said, MAY) is right


def test_a_number_opens_the_dirty_places_too_that_are_not_put_right(as_, town):
    with at(MAY):
        orders.issue(cast.tofu_shop(town.zhang), town.chen, orders.item())
        cell = as_("sun").get("/aims/").context["rows"][1]["cells"][-1]
        assert (cell["part"], cell["whole"]) == (0, 1)
        assert "王家豆腐坊" in as_("sun").get(cell["every"]).content.decode()
        assert as_("sun").get(cell["url"]).context["count"] == 0


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


def test_what_each_village_said_stands_there_by_quarter_and_too_few_are_not_shown(as_, town):
    with at(MAY):
        poll = POLL.begun(town.zhou, {})
        flow.move(poll, "start", town.zhou, year=2018, quarter=2, closes_on=date(2018, 6, 30))
        tell(poll, cast.HOUYANG, 20, 15)
        tell(poll, cast.NANYAO, 3, 3)
        tell(poll, "320413100205", 6, 6)
        page = as_("sun").get("/aims/")
        heard = {row["name"]: row["cells"][-1] for row in page.context["heard"]}
        assert (heard["后阳村"].trust, heard["后阳村"].content) == (Share(20, 15), Share(20, 15))
        assert heard["南瑶村"].hidden and heard["南瑶村"].trust is None
        assert sum(index.hidden for index in heard.values()) == 2, "the whole must not give the one away"
        words = page.content.decode()
        assert "75% · 75%" in words and "100% · 100%" not in words and "份数太少" in words
