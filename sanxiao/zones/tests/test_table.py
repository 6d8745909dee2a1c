"""Table 7 of the quarterly report: every number of zones is a count of what happened, and opens its list."""

from datetime import date

from sanxiao.reports import figures, records
from sanxiao.reports.quarters import Quarter
from sanxiao.reports.zone_table import T7
from sanxiao.zones.tests import steps
from sanxiao.zones.tests.steps import move, moved_in, through, vendor
from tests.cast import HOUYANG, NANYAO

PERIOD = Quarter(2018, 2).period(date(2018, 4, 1))


def test_the_quarter_knows_what_is_planned_built_open_and_spent(town, june):
    works = steps.propose(town.zhang, steps.WORKS)
    for key in ("proposal", "siting", "land_review", "land_permit", "eia_table", "project_permit", "build_permit"):
        through(works, town, key)
    move(steps.step(works, "building"), "start", town.zhang, decided_on=steps.JUNE)
    market = steps.opened(town)
    steps.propose(town.zhang, called="只是想想")
    gone = moved_in(market, vendor(town.zhang, "甲"), town.zhang)
    moved_in(market, vendor(town.zhang, "乙"), town.zhang, "A2")
    move(gone, "leave", town.zhang, left_on=steps.JUNE, reason="回家")
    move(works, "invest", town.feng, amount=120, paid_on=steps.JUNE, source="镇财政", note="")
    with steps.at(date(2018, 6, 30)):
        found = figures.count(HOUYANG, PERIOD)
        shelf = records.Shelf(HOUYANG, PERIOD)
        for column in T7.columns:
            for span in column.spans:
                held = records.lists(HOUYANG, PERIOD, column, span, shelf)
                assert {place: items.total for place, items in held.items() if items.total} == {
                    (a, k): n for (c, s, a, k), n in found.leaves.items() if (c, s) == (column.key, span)
                }, (column.key, span)
        other = figures.count(NANYAO, PERIOD)
    said = {column.key: found[column.key, "q", "", ""] for column in T7.columns}
    assert said == {
        "zone_planned": 1, "zone_building": 1, "zone_open": 1, "zone_proposed": 3, "zone_opened": 1, "zone_model": 0,
        "step_project": 2, "step_land": 3, "step_eia": 1, "step_build": 2, "step_built": 0, "step_accepted": 0,
        "entrants_in": 2, "entrants_out": 1, "invested": 120,
    }  # fmt: skip
    assert found["zone_building", "q", "", "workshop"] == 1
    assert other["zone_proposed", "q", "", ""] == 0
