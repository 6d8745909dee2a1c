"""A photograph tells when and where it was taken; broken and impossible tags tell nothing."""

import io
from datetime import UTC, datetime, timedelta, timezone

import pytest
from PIL import ExifTags, Image
from PIL.TiffImagePlugin import IFDRational

from sanxiao.docket import exif, files
from sanxiao.docket.models import Attachment
from sanxiao.office.now import at

CHINA = timezone(timedelta(hours=8))
NOW = datetime(2018, 6, 6, 12, tzinfo=CHINA)
HERE = {1: "N", 2: (31, 43, IFDRational(3012, 100)), 3: "E", 4: (119, 35, IFDRational(60, 10))}


def photo(taken="2018:06:05 09:30:00", gps=None, **more):
    tags = Image.Exif()
    tags.get_ifd(ExifTags.IFD.Exif).update({exif.TAKEN: taken, **{getattr(exif, k): v for k, v in more.items()}})
    tags.get_ifd(ExifTags.IFD.GPSInfo).update(HERE if gps is None else gps)
    out = io.BytesIO()
    Image.new("RGB", (60, 40), "#9e2b20").save(out, "JPEG", exif=tags)
    return out.getvalue()


def test_time_and_place_are_read_in_the_towns_own_time():
    shot = exif.read(photo(), NOW)
    assert shot.taken_at == datetime(2018, 6, 5, 9, 30, tzinfo=CHINA)
    assert shot.point == (31.725033, 119.585)


def test_a_camera_that_names_its_zone_is_believed():
    assert exif.read(photo(OFFSET="+00:00"), NOW).taken_at == datetime(2018, 6, 5, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize("taken", ["1980:01:01 00:00:00", "2031:01:01 00:00:00", "yesterday", ""])
def test_an_impossible_moment_is_none(taken):
    assert exif.read(photo(taken), NOW).taken_at is None


@pytest.mark.parametrize(
    "gps",
    [
        {}, {**HERE, 2: (0, 0, 0), 4: (0, 0, 0)}, {**HERE, 2: (95, 0, 0)}, {**HERE, 2: (31, 43)},
        {**HERE, 4: (IFDRational(1, 0), 0, 0)}, {2: HERE[2], 4: HERE[4]},
    ],
)  # fmt: skip
def test_an_impossible_place_is_none(gps):
    assert exif.read(photo(gps=gps), NOW).point is None


def test_a_picture_without_tags_and_no_picture_at_all_tell_nothing():
    out = io.BytesIO()
    Image.new("RGB", (9, 9)).save(out, "PNG")
    assert exif.read(out.getvalue(), NOW) == exif.read(b"no picture", NOW) == exif.Shot()


def test_an_upload_keeps_its_bytes_and_its_time_and_place_while_people_see_a_copy_without(town, tofu):
    data = photo()
    with at(NOW):
        files.keep(tofu, data, "门头.jpg", town.zhang)
    kept = Attachment.objects.get()
    assert (kept.lat, kept.lng, kept.taken_at) == (31.725033, 119.585, datetime(2018, 6, 5, 9, 30, tzinfo=CHINA))
    assert files.path_of(kept.blob_id).read_bytes() == data
    for variant in files.VIEWS:
        assert not Image.open(files.path_of(kept.blob_id, variant)).getexif()
