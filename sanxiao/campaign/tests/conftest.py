"""The campaign's tests stand in its first months."""

import pytest

from sanxiao.campaign.tests import steps


@pytest.fixture
def may(db):
    """A morning in May 2018, in the survey phase."""
    with steps.at(steps.MAY):
        yield
