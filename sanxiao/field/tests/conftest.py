"""What the tests of the field ask for."""

import dataclasses

import pytest

from sanxiao.docket import rooms
from sanxiao.field.tests import kit


@pytest.fixture
def desk(monkeypatch):
    """The room that takes what is filled: a small one of our own in the place of the survey's."""
    made = kit.Desk()
    survey = dataclasses.replace(rooms._rooms["survey"], fills=(made.fill(),))
    monkeypatch.setitem(rooms._rooms, "survey", survey)
    return made


@pytest.fixture
def phone(town, desk):
    """Zhang's phone, with its key."""
    return kit.Phone(town.zhang)


@pytest.fixture
def stall(town, tofu, desk):
    """A vendor in 后阳村, on file."""
    from tests import cast

    return cast.tofu_shop(town.zhang, kind_id="vendor", name="老街豆花摊", facts={})
