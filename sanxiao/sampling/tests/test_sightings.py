"""Whoever is sampled still sells, and whom a label names still makes: the watch over the closed hears of both."""

from datetime import timedelta

import pytest
from django.utils import timezone, translation

from sanxiao.docket import rooms
from sanxiao.office.now import now
from sanxiao.sampling import say, sightings
from sanxiao.sampling.tests import steps
from tests import cast


@pytest.fixture
def sampled(town, june, tofu):
    """Tofu taken at a canteen, made elsewhere."""
    seller = cast.tofu_shop(town.zhang, kind_id="eatery", name="后阳小吃店", facts={})
    told = {"own_make": "no", "producer_name": "王家豆腐坊", "producer_address": "后阳村老街12号"}
    return steps.take(steps.target(seller, town.chen), town.chen, **told)


def test_the_place_and_the_maker_on_the_label_are_sighted(sampled):
    place, maker = sightings.sightings(now() - timedelta(hours=1))
    assert (place.file, place.kind, place.move, place.on) == (sampled.file_id, "sampling.sample", "take", steps.JUNE)
    assert (maker.name, maker.address, maker.file) == ("王家豆腐坊", "后阳村老街12号", None)
    assert place.key != maker.key and place in rooms.gather("sightings", timezone.now() - timedelta(days=9999))


def test_older_ones_are_not_told_again(sampled):
    assert not list(sightings.sightings(now() + timedelta(days=1)))


def test_items_are_called_in_the_language_of_the_screen(as_, town, sampled):
    chinese = [row["item"] for row in say.foods()[0]["items"]]
    assert say.items() == {}
    with translation.override("en"):
        english = say.items()
    assert set(chinese) <= set(english) and english["山梨酸及其钾盐（以山梨酸计）"].startswith("Sorbic acid")
    chen = as_("chen")
    chen.cookies["django_language"] = "en"
    assert chen.get(sampled.get_absolute_url()).status_code == 200
