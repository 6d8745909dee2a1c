"""What a letter is taken apart into: sealed copies of who told, and pictures drawn anew."""

import io
import os
import secrets
from collections.abc import Iterable

from django.conf import settings
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from sanxiao.docket import files
from sanxiao.docket.models import Attachment
from sanxiao.docket.refusal import Refused
from sanxiao.office.now import midnight, today
from sanxiao.tips import sealing
from sanxiao.tips.models import Copy, Handler, Letter, Track

SIDE, QUALITY = 1280, 78  # of a picture


def sealed_copies(identity: dict[str, str], letter: str) -> dict[str, str]:
    """The identity sealed to every handler. Empty without an identity."""
    said = {name: value for name, value in identity.items() if value}
    if not said:
        return {}
    return {str(h.pk): sealing.seal_to(h.public_key, said, letter) for h in Handler.sealing()}


def reencoded(name: str, data: bytes) -> bytes:
    """A picture drawn anew: small, upright, without metadata. The original is kept nowhere. Raises Refused."""
    try:
        with Image.open(io.BytesIO(data), formats=("JPEG", "PNG", "WEBP", "MPO")) as opened:
            if opened.width * opened.height > files.MAX_PIXELS:
                raise Refused(_("照片像素过大（超过 5000 万像素）。"), code="too-large")
            upright = ImageOps.exif_transpose(opened).convert("RGB")
    except Image.DecompressionBombError as error:
        raise Refused(_("照片像素过大（超过 5000 万像素）。"), code="too-large") from error
    except files.BROKEN as error:
        said = _("“%(name)s”不是可用的照片，请重新拍摄，或选 JPG、PNG 格式。") % {"name": name}
        raise Refused(said, {"photos": said}, "type") from error
    upright.thumbnail((SIDE, SIDE), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    upright.save(out, "JPEG", quality=QUALITY, optimize=True)
    return out.getvalue()


def keep_copies(letter: Letter, copies: dict[str, str]) -> None:
    """Store the sealed copies of an identity."""
    there = set(Handler.objects.filter(pk__in=copies).values_list("pk", flat=True))
    rows = [Copy(letter=letter, handler=h, sealed=copies[str(h.pk)]) for h in Handler.objects.filter(pk__in=there)]
    secrets.SystemRandom().shuffle(rows)
    Copy.objects.bulk_create(rows)


def hang(track: Track, pictures: Iterable[bytes]) -> None:
    """Attach re-encoded pictures to a track; the files on disk carry the day and no hour."""
    day = midnight(today())
    for n, data in enumerate(pictures, 1):
        kept: Attachment = files.keep(track, data, f"{n}.jpg", None)
        for path in (settings.BLOB_DIR / kept.blob_id[:2]).glob(f"{kept.blob_id}*"):
            os.utime(path, (day.timestamp(), day.timestamp()))
