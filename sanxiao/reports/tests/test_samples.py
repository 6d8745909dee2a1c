"""Table 5 of the quarterly report: samples counted from events, each number with its list."""

from datetime import date

import pytest

from sanxiao.docket import flow
from sanxiao.inspection.tests import steps as orders
from sanxiao.reports import figures
from sanxiao.reports.quarters import Quarter
from sanxiao.sampling.beside_models import QuickTest
from sanxiao.sampling.tests import steps
from tests import cast

QUARTER = Quarter.of(steps.JUNE)


@pytest.fixture
def june():
    """It is 5 June 2018."""
    with steps.at(steps.JUNE):
        yield


def counted(*names):
    found = figures.count("320413100", QUARTER.period(date(2018, 4, 1)))
    return tuple(found[name, "q", "", ""] for name in names)


def closed(sample, town, on=steps.JUNE):
    sample = steps.stop(steps.serve(sample, town.chen), town.chen)
    flow.move(sample, "link", town.chen, order=orders.issue(sample.file, town.chen))
    with steps.at(on):
        facts = {"disposed_on": on, "cause": "称量不准", "measures": "停用"}
        flow.move(steps.again(sample), "dispose", town.chen, on=on, **facts)


def seals(n):
    return {"seal_test": f"A{n}", "seal_spare": f"B{n}"}


def test_samples_are_counted_by_result_type_and_disposal(town, june, tofu):
    flow.move(QuickTest(file=tofu, area=tofu.area), "negative", town.chen, tested_on=steps.JUNE, food_name="豆腐",
              item="甲醛", kit="", farm=False)  # fmt: skip
    good = steps.conclude(steps.accept(steps.send(steps.take(steps.target(tofu, town.chen), town.chen), town.chen),
                                       town.chen), town.chen, steps.GOOD)  # fmt: skip
    steps.receive(good, town.chen)
    closed(steps.failed(tofu, town.chen, steps.BAD, **seals(2)), town)
    other = cast.tofu_shop(town.zhang, name="李家豆腐坊")
    steps.failed(other, town.chen, steps.BAD, steps.ILLEGAL, **seals(3))
    assert counted("drawn", "sampled", "sample_passed", "sample_failed") == (3, 3, 1, 2)
    assert counted("breach_limit", "breach_illegal", "breach_scope", "disposed", "disposed_in_time", "quick") == (
        1,
        1,
        0,
        1,
        1,
        1,
    )


def test_what_a_re_test_cleared_or_nobody_took_is_not_counted_as_failed(town, june, tofu):
    sample = steps.serve(steps.failed(tofu, town.chen, shelf_days=None), town.chen)
    steps.through(steps.ask(sample, town.chen), town.chen, "pass")
    flow.move(steps.target(tofu, town.chen), "skip", town.chen, reason="关门")
    assert counted("drawn", "sampled", "sample_passed", "sample_failed", "breach_limit") == (1, 1, 1, 0, 0)


def test_a_disposal_after_its_term_does_not_count_as_in_time(town, june, tofu):
    closed(steps.failed(tofu, town.chen), town, on=date(2018, 9, 10))
    later = Quarter.of(date(2018, 9, 10)).period(date(2018, 4, 1))
    found = figures.count("320413100", later)
    assert (found["disposed", "q", "", ""], found["disposed_in_time", "q", "", ""]) == (1, 0)
