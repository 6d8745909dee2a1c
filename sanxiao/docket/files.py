"""Attachments: stored once under their SHA-256, judged by content, shown re-encoded, never deleted.

The original bytes are kept as they came; people see a copy without metadata (no position, no serial
number of a phone), turned upright and made small.
"""

import hashlib
import io
import os
import struct
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from sanxiao.docket.models import Attachment, Blob
from sanxiao.docket.refusal import Refused
from sanxiao.office.models import User
from sanxiao.office.now import now

IMAGES = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp", "MPO": "image/jpeg"}
MAX_PIXELS = 50_000_000
VIEWS = {"view": 1600, "thumb": 360}
# What Pillow raises for bytes that only claim to be a picture.
BROKEN = (
    UnidentifiedImageError, OSError, SyntaxError, ValueError, TypeError, KeyError, IndexError, EOFError, struct.error,
)  # fmt: skip
OFFICE = {"word/": "docx", "xl/": "xlsx"}
OFFICE_MIME = "application/vnd.openxmlformats-officedocument."
OFFICE_KINDS = {"docx": "wordprocessingml.document", "xlsx": "spreadsheetml.sheet"}


def path_of(sha256: str, variant: str = "") -> Path:
    """Where the bytes of a digest lie; `variant` 'view' or 'thumb' for the re-encoded picture."""
    name = f"{sha256}.{variant}.jpg" if variant else sha256
    return settings.BLOB_DIR / sha256[:2] / name


def put(data: bytes) -> Blob:
    """Store bytes once; the same bytes again give the same row. Raises Refused for unwanted content."""
    digest = hashlib.sha256(data).hexdigest()
    if blob := Blob.objects.filter(pk=digest).first():
        return blob
    mime, picture = _judge(data)
    _write(path_of(digest), data)
    if picture:
        for variant, size in VIEWS.items():
            _write(path_of(digest, variant), _small(picture, size))
    width, height = picture.size if picture else (None, None)
    return Blob.objects.get_or_create(
        pk=digest, defaults={"size": len(data), "mime": mime, "width": width, "height": height}
    )[0]


def bytes_of(upload: BinaryIO | bytes, name: str) -> bytes:
    """The bytes of an upload. Raises Refused when there are too many."""
    data = upload if isinstance(upload, bytes) else upload.read(settings.MAX_UPLOAD_BYTES + 1)
    if len(data) > settings.MAX_UPLOAD_BYTES:
        raise Refused(_("“%(name)s”超过 20 MB。") % {"name": name}, code="too-large")
    return data


def keep(
    obj: Any,
    upload: BinaryIO | bytes,
    name: str,
    by: User | None,
    *,
    role: str = "photo",
    taken_at: datetime | None = None,
    place: tuple[float, float] | None = None,
) -> Attachment:
    """Attach an upload to a matter. Raises Refused when it is too big, or not what it claims to be."""
    data = bytes_of(upload, name)
    lat, lng = place or (None, None)
    return Attachment.objects.create(
        kind=obj.flow.key, subject=obj.pk, file=obj.file_id_for_log, area=obj.area, blob=put(data), name=_tidy(name),
        role=role, taken_at=taken_at, lat=lat, lng=lng, by=by, at=now(),
    )  # fmt: skip


def void(attachment: Attachment, by: User, reason: str) -> None:
    """Take an attachment out of use; it stays visible as voided, with the reason."""
    if not reason.strip():
        raise Refused(_("作废附件须写明理由。"), {"reason": _("请填写")}, code="invalid")
    attachment.voided_at, attachment.void_reason = now(), reason
    attachment.save(update_fields=["voided_at", "void_reason"])


def _tidy(name: str) -> str:
    """A file name fit to show: no folders, no control or direction signs, at most 120 characters."""
    base = name.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(c for c in base if c.isprintable() and c not in "\u202a\u202b\u202c\u202d\u202e")[:120] or "file"


def _judge(data: bytes) -> tuple[str, Image.Image | None]:
    """The type by content, and the picture when it is one."""
    if data.startswith(b"%PDF-"):
        return "application/pdf", None
    if data.startswith(b"PK\x03\x04"):
        return _judge_office(data), None
    return _judge_picture(data)


def _judge_office(data: bytes) -> str:
    try:
        names = zipfile.ZipFile(io.BytesIO(data)).namelist()
    except zipfile.BadZipFile:
        names = []
    for folder, kind in OFFICE.items():
        if any(name.startswith(folder) for name in names):
            return OFFICE_MIME + OFFICE_KINDS[kind]
    raise Refused(_("只接受照片、PDF、Word 和 Excel 文件。"), code="type")


def _judge_picture(data: bytes) -> tuple[str, Image.Image]:
    try:
        picture = Image.open(io.BytesIO(data), formats=["JPEG", "PNG", "WEBP", "MPO"])
        if picture.width * picture.height > MAX_PIXELS:
            raise Refused(_("照片像素过大（超过 5000 万像素）。"), code="too-large")
        mime = IMAGES[picture.format or ""]
        upright = ImageOps.exif_transpose(picture).convert("RGB")
    except Image.DecompressionBombError as error:
        raise Refused(_("照片像素过大（超过 5000 万像素）。"), code="too-large") from error
    except BROKEN as error:
        raise Refused(_("这不是可用的照片。请重新拍摄，或选 JPG、PNG 格式。"), code="type") from error
    return mime, upright


def _small(picture: Image.Image, size: int) -> bytes:
    copy, out = picture.copy(), io.BytesIO()
    copy.thumbnail((size, size), Image.Resampling.LANCZOS)
    copy.save(out, "JPEG", quality=82, optimize=True)  # no exif passed: none kept
    return out.getvalue()


def _write(path: Path, data: bytes) -> None:
    """Write whole or not at all, so that a cut never leaves half a photo under a digest."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    part.write_bytes(data)
    part.replace(path)
