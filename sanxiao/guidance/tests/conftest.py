"""Guidance on 5 June 2018."""

from collections.abc import Iterator
from datetime import date

import pytest

from sanxiao.guidance.models import Leaflet
from sanxiao.office.now import at

JUNE = date(2018, 6, 5)


@pytest.fixture
def june() -> Iterator[None]:
    """It is nine in the morning of 5 June 2018."""
    with at(JUNE):
        yield


@pytest.fixture
def notice(town):
    """The leaflet for workshops that the town shipped."""
    return Leaflet.objects.get(code="notice-workshop", state="current")
