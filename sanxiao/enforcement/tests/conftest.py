"""Cases at each stage of their story, on 11 May 2026."""

from collections.abc import Iterator
from datetime import date

import pytest

from sanxiao.enforcement.tests import steps
from sanxiao.office.models import Office, Post, User


@pytest.fixture
def may() -> Iterator[None]:
    """It is nine in the morning of 11 May 2026."""
    with steps.at(steps.MAY):
        yield


MORE = {
    "song": ("宋岩", "bureau", "法制审核员"),
    "lu": ("陆军", "bureau", "副分局长"),
}


@pytest.fixture
def bureau(town):
    """The town with two more: Song reviews the bureau's cases, Lu approves them."""
    for username, (name, role, title) in MORE.items():
        user = User.objects.create(username=username, name=name)
        office = Office.objects.on(date(2026, 5, 11)).get(role=role, area="320413100000")
        Post.objects.create(user=user, office=office, title=title, since=date(2018, 4, 1))
        setattr(town, username, user)
    return town


@pytest.fixture
def clue(bureau, may, tofu):
    """Registered by Chen, with Wu beside him."""
    return steps.register(tofu, bureau)


@pytest.fixture
def filed(bureau, may, tofu):
    """Filed."""
    return steps.filed(tofu, bureau)


@pytest.fixture
def noticed(bureau, filed):
    """Investigated, reviewed, announced."""
    return steps.noticed(steps.finished(filed, bureau), bureau)


@pytest.fixture
def served(bureau, noticed):
    """Decided and handed over."""
    return steps.served(steps.decided(noticed, bureau), bureau)
