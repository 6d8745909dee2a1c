"""Publicity and money in the quarterly report: every number comes of the log and opens its list."""

from datetime import date

from sanxiao.docket import flow
from sanxiao.funds.tests.conftest import MAY, claim
from sanxiao.publicity.tests.test_acts import record
from sanxiao.reports import figures, records
from sanxiao.reports.indicators import COLUMNS
from sanxiao.reports.quarters import Quarter
from tests.cast import HOUYANG

KEYS = ("publicity", "posters", "news", "reach", "claims", "promised", "spent")


def test_acts_and_money_are_counted_where_they_belong(town, line, act):
    record(town.li, channel="paper", reach=1000)
    flow.move(record(town.zhang, reach=50), "withdraw", town.zhang, reason="登错了")
    spending = claim(town.zhang, line, act, "600.40")
    for move, who, facts in (("approve", town.feng, {}), ("pay", town.feng, {"paid_on": MAY, "voucher": "1"})):
        spending.refresh_from_db()
        flow.move(spending, move, who, **facts)
    period = Quarter(2026, 2).period(date(2026, 4, 1))
    found = figures.count("320413100", period)
    assert [found[key, "q", HOUYANG, ""] for key in KEYS] == [1, 1, 0, 300, 1, 600, 600]
    assert [found[key, "q", "", ""] for key in KEYS] == [2, 1, 1, 1300, 1, 600, 600]
    for key in KEYS:
        held = records.lists("320413100", period, COLUMNS[key], "q")
        assert sum(items.total for items in held.values()) == found[key, "q", "", ""]
    spending.refresh_from_db()
    flow.move(spending, "reverse", town.feng, reason="退货")
    assert figures.count("320413100", period)["spent", "q", "", ""] == 0
