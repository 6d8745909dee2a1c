"""Operations at each stage of their story, from 5 June 2018 on."""

from collections.abc import Iterator

import pytest

from sanxiao.joint.tests import steps
from tests import cast


@pytest.fixture
def june() -> Iterator[None]:
    """It is nine in the morning of 5 June 2018."""
    with steps.at(steps.JUNE):
        yield


@pytest.fixture
def bun(town, june):
    """A stall two streets away."""
    return cast.tofu_shop(
        town.zhang, kind_id="eatery", name="老街包子铺", address="后阳村老街30号", lat=31.724, lng=119.574, facts={}
    )  # fmt: skip


@pytest.fixture
def planned(town, june, tofu):
    """Planned by 后阳村, nobody asked yet."""
    return steps.plan(town.zhang)


@pytest.fixture
def ready(town, june, tofu):
    """Four offices said yes."""
    return steps.ready(town, tofu)


@pytest.fixture
def day(ready) -> Iterator[None]:
    """It is the morning of the operation."""
    with steps.at(ready.held_on):
        yield


@pytest.fixture
def underway(town, ready, day):
    """They are on their way."""
    from sanxiao.docket import flow

    flow.move(ready, "start", town.zhang)
    return steps.again(ready)
