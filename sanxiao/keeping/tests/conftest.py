"""A workshop that closed ten years ago, with its photos, its person, and what a phone once sent."""

from datetime import date

import pytest

from sanxiao.archive.models import Establishment
from sanxiao.docket import files, flow
from sanxiao.keeping.tests import steps
from sanxiao.office.models import Office, Post, User
from sanxiao.office.now import at


@pytest.fixture
def later():
    """It is nine in the morning of 1 June 2026."""
    with at(steps.LATER):
        yield


@pytest.fixture
def gone(town, tofu, django_capture_on_commit_callbacks):
    """王秀兰's workshop, photographed and closed in June 2018."""
    with at(date(2018, 6, 5)):
        files.keep(tofu, steps.picture(), "门头.jpg", town.zhang, place=(31.7, 119.5))
        flow.move(tofu, "close", town.zhang, closing="self", reason="不做了")
    return Establishment.objects.get(pk=tofu.pk)


@pytest.fixture
def lu(town):
    """A second person at the bureau who handles nothing here."""
    user = User.objects.create(username="lu", name="陆军")
    Post.objects.create(user=user, office=Office.objects.on().get(role="bureau", area="320413100000"),
                        title="副分局长", since=date(2018, 4, 1))  # fmt: skip
    return user
