"""The crowd for measuring: what it refuses, and that its places can be read and worked on like others."""

import pytest
from django.core.management import CommandError, call_command

from sanxiao.archive.models import Establishment
from sanxiao.docket import watch
from sanxiao.docket.models import Deadline
from sanxiao.inspection.models import Problem
from sanxiao.web.practice import crowd

pytestmark = pytest.mark.django_db


@pytest.fixture
def small(monkeypatch):
    """Ten thousand are one thousand here."""
    monkeypatch.setattr(crowd, "STEP", 100)
    monkeypatch.setattr(crowd, "LATE_ORDERS", 200)
    monkeypatch.setattr(crowd, "TEN_THOUSAND", 200)


def test_without_a_town_there_is_nothing_to_fill():
    with pytest.raises(CommandError, match="setup_town"):
        call_command("make_town")


def test_no_crowd_beside_real_files(town, tofu):
    with pytest.raises(CommandError, match="真实"):
        call_command("make_town")


def test_no_crowd_in_the_real_profile(town, settings):
    settings.REAL = True
    with pytest.raises(CommandError, match="正式"):
        call_command("make_town")


def test_zhang_reads_her_part_of_the_crowd(small, town, as_):
    call_command("make_town", seed=7)
    assert Establishment.objects.filter(practice=True).count() == 200
    page = as_("zhang").get("/archive/")
    assert page.status_code == 200
    assert page.context["count"] == Establishment.objects.seen_by(town.zhang).count() > 0


def test_the_night_watch_lapses_what_is_late_in_the_crowd(small, town):
    call_command("make_town", seed=7)
    late = Deadline.objects.past().count()
    assert late > 0
    assert watch.lapse_due() == (late, [])
    assert Problem.objects.filter(state="lapsed").count() == late


def test_a_second_crowd_comes_beside_the_first(small, town):
    call_command("make_town", seed=1)
    call_command("make_town", seed=2)
    assert Establishment.objects.count() == 400
