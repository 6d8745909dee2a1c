"""Zones are told on 5 June 2018."""

from collections.abc import Iterator

import pytest

from sanxiao.zones.tests import steps


@pytest.fixture
def june() -> Iterator[None]:
    """It is nine in the morning of 5 June 2018."""
    with steps.at(steps.JUNE):
        yield


@pytest.fixture
def market(town, june):
    """A vendor zone that has just been proposed."""
    return steps.propose(town.zhang)


@pytest.fixture
def works(town, june):
    """A workshop zone that has just been proposed: new land, 2400 m², three million."""
    return steps.propose(town.zhang, steps.WORKS)


@pytest.fixture
def open_market(town, june):
    """A vendor zone that is open, with six stalls."""
    return steps.opened(town)
