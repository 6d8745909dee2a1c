"""When and where a photograph was taken, as the camera wrote it into the file. Pure; nothing is trusted blindly."""

import io
import math
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any

from PIL import Image

EXIF, GPS = 0x8769, 0x8825  # the two folders of tags
TAKEN, OFFSET = 0x9003, 0x9011  # DateTimeOriginal, OffsetTimeOriginal
NORTH_SOUTH, LATITUDE, EAST_WEST, LONGITUDE = 1, 2, 3, 4
FIRST_YEAR = 2000  # a camera without a battery believes in 1970 or 1980
# What Pillow raises for tags that only claim to be some.
BROKEN = (OSError, SyntaxError, ValueError, TypeError, KeyError, IndexError, ZeroDivisionError, AttributeError)


@dataclass(frozen=True)
class Shot:
    """The moment (aware) and the point (WGS-84, degrees) of a photograph; None where the file does not say."""

    taken_at: datetime | None = None
    point: tuple[float, float] | None = None


def read(source: Path | bytes, now: datetime) -> Shot:
    """What the file says; times without a zone are those of `now`. Nothing for a file without, or with broken tags."""
    try:
        with Image.open(io.BytesIO(source) if isinstance(source, bytes) else source) as picture:
            tags = picture.getexif()
            return Shot(_moment(tags.get_ifd(EXIF), now), _point(tags.get_ifd(GPS)))
    except BROKEN:
        return Shot()


def _moment(tags: dict[int, Any], now: datetime) -> datetime | None:
    """'2018:06:05 09:30:00', at times with '+08:00' beside it; a clock that is ahead of ours is not believed."""
    try:
        taken = datetime.strptime(str(tags[TAKEN]).strip("\0 "), "%Y:%m:%d %H:%M:%S").replace(tzinfo=_zone(tags, now))
    except (KeyError, ValueError):
        return None
    return taken if taken.year >= FIRST_YEAR and taken <= now + timedelta(hours=1) else None


def _zone(tags: dict[int, Any], now: datetime) -> tzinfo | None:
    try:
        return datetime.strptime(str(tags[OFFSET]).strip("\0 "), "%z").tzinfo
    except (KeyError, ValueError):
        return now.tzinfo


def _point(tags: dict[int, Any]) -> tuple[float, float] | None:
    try:
        lat = _degrees(tags[LATITUDE]) * (-1 if tags[NORTH_SOUTH].strip("\0 ").upper() == "S" else 1)
        lng = _degrees(tags[LONGITUDE]) * (-1 if tags[EAST_WEST].strip("\0 ").upper() == "W" else 1)
    except BROKEN:
        return None
    whole = math.isfinite(lat) and math.isfinite(lng) and abs(lat) <= 90 and abs(lng) <= 180
    return (round(lat, 6), round(lng, 6)) if whole and (lat, lng) != (0, 0) else None


def _degrees(parts: Any) -> float:
    degrees, minutes, seconds = map(float, parts)
    return degrees + minutes / 60 + seconds / 3600
