"""What the tests of this room ask for."""

import pytest

from sanxiao.sources.models import Buyer
from sanxiao.sources.tests import steps
from tests import cast


@pytest.fixture
def school(town) -> Buyer:
    """The canteen of 后阳小学, in 后阳村."""
    return steps.buyer(town.zhang)


@pytest.fixture
def far(town):
    """A workshop in the next village."""
    return cast.tofu_shop(town.zhou, name="南瑶豆制品", area=cast.NANYAO, address="南瑶村1号")
