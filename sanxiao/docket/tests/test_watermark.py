"""The copy of a photo that people see says when and where it was taken; the original says nothing."""

import io
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from PIL import Image

from sanxiao.docket import files, watermark
from sanxiao.docket.models import Attachment

NINE = datetime(2018, 6, 5, 9, 12, tzinfo=ZoneInfo("Asia/Shanghai"))


def picture(colour: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (800, 600), colour).save(out, "JPEG")
    return out.getvalue()


def kept(town, tofu, colour: str = "white", **said) -> Attachment:
    return files.keep(tofu, picture(colour), "门头.jpg", town.zhang, **said)


def viewed(client, attachment, variant="view") -> bytes:
    from django.urls import reverse

    return b"".join(client.get(reverse("attachment", args=[attachment.pk, variant])).streaming_content)


def test_it_says_time_place_and_village_in_words_that_need_no_language(town, tofu):
    photo = kept(town, tofu, taken_at=NINE, place=(31.72, 119.57))
    assert watermark.words(photo) == "2018-06-05 09:12 · 31.7200,119.5700 · 后阳村"
    near = kept(town, tofu, taken_at=NINE, place=(31.72, 119.57), accuracy=35.4)
    assert watermark.words(near) == "2018-06-05 09:12 · 31.7200,119.5700 ±35 m · 后阳村"
    assert watermark.words(kept(town, tofu, taken_at=NINE)) == "2018-06-05 09:12 · 后阳村"
    assert watermark.words(kept(town, tofu)) == ""


@pytest.mark.parametrize("colour", ["white", "black"])
def test_the_words_stand_below_light_and_dark_pictures_alike(as_, town, tofu, colour):
    photo = kept(town, tofu, colour, taken_at=NINE, place=(31.72, 119.57))
    shown = Image.open(io.BytesIO(viewed(as_("zhang"), photo)))
    assert shown.width == 800 and shown.height > 600
    band = shown.crop((0, 604, 800, shown.height)).convert("L")
    dark, light = band.getextrema()
    assert dark < 40 and light > 200
    assert shown.crop((0, 0, 800, 590)).convert("L").getextrema() == ((255, 255) if colour == "white" else (0, 0))


def test_the_original_is_the_very_bytes_that_came(as_, town, tofu):
    photo = kept(town, tofu, taken_at=NINE, place=(31.72, 119.57))
    viewed(as_("zhang"), photo)
    assert viewed(as_("zhang"), photo, "original") == picture("white")


def test_a_photo_that_tells_nothing_is_shown_as_it_is(as_, town, tofu):
    photo = kept(town, tofu)
    assert viewed(as_("zhang"), photo) == files.path_of(photo.blob_id, "view").read_bytes()


def test_one_picture_attached_twice_tells_two_stories(as_, town, tofu):
    early, late = kept(town, tofu, taken_at=NINE), kept(town, tofu, taken_at=NINE.replace(hour=18))
    assert early.blob_id == late.blob_id
    assert viewed(as_("zhang"), early) != viewed(as_("zhang"), late)
