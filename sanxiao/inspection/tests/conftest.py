"""Orders at each stage of their story, on 5 June 2018."""

from collections.abc import Iterator

import pytest

from sanxiao.inspection.tests import steps


@pytest.fixture
def june() -> Iterator[None]:
    """It is nine in the morning of 5 June 2018."""
    with steps.at(steps.JUNE):
        yield


@pytest.fixture
def issued(town, june, tofu):
    """Chen's order on the tofu shop: two problems, 7 and 15 days."""
    return steps.issue(tofu, town.chen)


@pytest.fixture
def served(town, issued):
    """Zhang handed it over the same day."""
    return steps.serve(issued, town.zhang)
