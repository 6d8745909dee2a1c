"""Looking back on 20 June 2018, six weeks after a cannery gave up."""

from collections.abc import Iterator

import pytest

from sanxiao.lookback.tests import steps


@pytest.fixture
def june() -> Iterator[None]:
    """It is nine in the morning of 20 June 2018."""
    with steps.at(steps.JUNE):
        yield


@pytest.fixture
def cannery(town, june):
    """It stands closed."""
    return steps.cannery(town.zhang)


@pytest.fixture
def shops(town, june):
    """Six workshops in two villages."""
    return [
        steps.place(who, f"{name}豆腐坊", area=area)
        for who, area in ((town.zhang, steps.HOUYANG), (town.li, "320413100204"))
        for name in ("东头", "西头", "南头")
    ]
