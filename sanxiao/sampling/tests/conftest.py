"""Samples at each stage of their story, on 5 June 2018."""

from collections.abc import Iterator

import pytest

from sanxiao.sampling.tests import steps


@pytest.fixture
def june() -> Iterator[None]:
    """It is nine in the morning of 5 June 2018."""
    with steps.at(steps.JUNE):
        yield


@pytest.fixture
def waiting(town, june, tofu):
    """Chen has listed the tofu shop for sampling."""
    return steps.target(tofu, town.chen)


@pytest.fixture
def sampled(town, waiting):
    """Chen and Wu have been there."""
    return steps.take(waiting, town.chen)


@pytest.fixture
def testing(town, sampled):
    """The laboratory has it."""
    return steps.accept(steps.send(sampled, town.chen), town.chen)


@pytest.fixture
def failed(town, testing):
    """The report came: benzoate beyond its limit. The day is still 5 June."""
    return steps.receive(steps.conclude(testing, town.chen), town.chen)


@pytest.fixture
def served(town, failed):
    """The operator has been told."""
    return steps.serve(failed, town.chen)
