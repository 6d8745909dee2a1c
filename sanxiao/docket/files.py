"""Attachments: stored once under their SHA-256, judged by content, shown re-encoded, never deleted by a press.

When their time of keeping is over two people may have the bytes destroyed (`destroy`); the row stays as a tombstone.

The original bytes are kept as they came; people see a copy without metadata (no position, no serial
number of a phone), turned upright and made small.
"""

import hashlib
import io
import os
import struct
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from threading import get_ident
from typing import Any, BinaryIO

from django.conf import settings
from django.db import transaction
from django.db.models import ManyToOneRel, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError

from sanxiao.docket import exif
from sanxiao.docket.models import Attachment, Blob
from sanxiao.docket.refusal import Refused
from sanxiao.office.models import User
from sanxiao.office.now import now, today
from sanxiao.office.settled import once

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


def put(data: bytes, *, only_pictures: bool = False) -> Blob:
    """Store bytes once; the same bytes again give the same row. Raises Refused for unwanted content."""
    digest = hashlib.sha256(data).hexdigest()
    if (blob := Blob.objects.filter(pk=digest, gone_on=None).first()) and (blob.width or not only_pictures):
        make_views(blob)
        return blob
    (_judge_picture if only_pictures else _judge)(data)
    if only_pictures or _is_picture(data):
        _write_views(digest, io.BytesIO(data))
    blob = stored(data, digest)
    blob, _made = Blob.objects.get_or_create(
        pk=digest, defaults={"size": blob.size, "mime": blob.mime, "width": blob.width, "height": blob.height}
    )
    if blob.gone_on:  # the same bytes came again after they had been destroyed
        Blob.objects.filter(pk=digest).update(gone_on=None)
        blob.gone_on = None
    return blob


def stored(data: bytes, digest: str = "") -> Blob:
    """The bytes on disk for good, judged by their head alone; the row is the caller's to write, with whatever names
    it, and a picture's views are made afterwards (`make_views`). Raises Refused for unwanted content."""
    digest = digest or hashlib.sha256(data).hexdigest()
    mime, (width, height) = _judge(data)
    if not path_of(digest).exists():
        write(path_of(digest), data, lasting=True)
    return Blob(pk=digest, size=len(data), mime=mime, width=width, height=height)


def make_views(blob: Blob) -> None:
    """The copies that people see, where they are still wanting. Raises Refused when it is no picture after all."""
    if blob.width and not all(path_of(blob.pk, variant).exists() for variant in VIEWS):
        _write_views(blob.pk, path_of(blob.pk))


def _write_views(digest: str, picture: Path | BinaryIO) -> None:
    for variant, data in _views(picture):
        write(path_of(digest, variant), data)


def bytes_of(upload: BinaryIO | bytes, name: str) -> bytes:
    """The bytes of an upload. Raises Refused when there are too many."""
    data = upload if isinstance(upload, bytes) else upload.read(settings.MAX_UPLOAD_BYTES + 1)
    if len(data) > settings.MAX_UPLOAD_BYTES:
        raise Refused(_("“%(name)s”超过 20 MB。") % {"name": name}, code="too-large")
    return data


def keep(
    obj: Any,
    upload: BinaryIO | bytes | Blob,
    name: str,
    by: User | None,
    *,
    role: str = "photo",
    taken_at: datetime | None = None,
    place: tuple[float, float] | None = None,
    accuracy: float | None = None,
    mock: bool = False,
) -> Attachment:
    """Attach an upload, or what is stored already, to a matter. Raises Refused when it is too big or no such file."""
    blob = upload if isinstance(upload, Blob) else put(bytes_of(upload, name))
    shot = once(("shot", blob.pk), lambda: shot_of(blob))
    taken_at, (lat, lng) = taken_at or shot.taken_at, place or shot.point or (None, None)
    return Attachment.objects.create(
        kind=obj.flow.key, subject=obj.pk, file=obj.file_id_for_log, area=obj.area, blob=blob, name=_tidy(name),
        role=role, taken_at=taken_at, lat=lat, lng=lng, accuracy=accuracy if place else None, mock=mock, by=by,
        at=obj.moment(),
    )  # fmt: skip


def shot_of(blob: Blob) -> exif.Shot:
    """When and where a stored picture was taken, as its original says; people see copies that do not."""
    return exif.read(path_of(blob.pk), timezone.localtime(now())) if blob.width else exif.Shot()


def void(attachment: Attachment, by: User, reason: str) -> None:
    """Take an attachment out of use; it stays visible as voided, with the reason."""
    if not reason.strip():
        raise Refused(_("作废附件须写明理由。"), {"reason": _("请填写")}, code="invalid")
    attachment.voided_at, attachment.void_reason = now(), reason
    attachment.save(update_fields=["voided_at", "void_reason"])


def destroy(rows: QuerySet[Attachment]) -> int:
    """The bytes of these attachments go for good, with place and time of taking; the rows stay and say when.

    Bytes that something else still needs stay with it. In the caller's transaction; the disk follows once that has
    been written (`sweep`).
    """
    digests = set(rows.values_list("blob", flat=True))
    done = rows.update(gone_on=today(), lat=None, lng=None, accuracy=None, taken_at=None)
    unneeded(digests)
    return done


def unneeded(digests: set[str]) -> None:
    """Of these bytes, destroy what nothing refers to any more."""
    for rel in Blob._meta.get_fields(include_hidden=True):
        if isinstance(rel, ManyToOneRel) and digests:
            model: Any = rel.related_model
            held = model._base_manager.filter(**{f"{rel.field.name}__in": digests})
            held = held.filter(gone_on=None) if model is Attachment else held
            digests = digests - set(held.values_list(rel.field.name, flat=True))
    Blob.objects.filter(pk__in=digests).update(gone_on=today())
    transaction.on_commit(sweep)


def sweep() -> int:
    """Take from the disk what has been destroyed and lies there still; safe to run again. Returns how many files."""
    done = 0
    for digest in Blob.objects.filter(gone_on__isnull=False).values_list("pk", flat=True):
        for path in (settings.BLOB_DIR / digest[:2]).glob(f"{digest}*"):
            path.unlink(missing_ok=True)
            done += 1
    return done


def _tidy(name: str) -> str:
    """A file name fit to show: no folders, no control or direction signs, at most 120 characters."""
    base = name.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(c for c in base if c.isprintable() and c not in "\u202a\u202b\u202c\u202d\u202e")[:120] or "file"


def _is_picture(data: bytes) -> bool:
    return not data.startswith((b"%PDF-", b"PK\x03\x04"))


def _judge(data: bytes) -> tuple[str, tuple[int | None, int | None]]:
    """The type by content, and the size of a picture as people see it."""
    if _is_picture(data):
        return _judge_picture(data)
    return "application/pdf" if data.startswith(b"%PDF-") else _judge_office(data), (None, None)


def _judge_office(data: bytes) -> str:
    try:
        names = zipfile.ZipFile(io.BytesIO(data)).namelist()
    except zipfile.BadZipFile:
        names = []
    for folder, kind in OFFICE.items():
        if any(name.startswith(folder) for name in names):
            return OFFICE_MIME + OFFICE_KINDS[kind]
    raise Refused(_("只接受照片、PDF、Word 和 Excel 文件。"), code="type")


def _judge_picture(data: bytes) -> tuple[str, tuple[int, int]]:
    """By its head: what kind of picture, how large, and which way up; nothing is decoded."""
    with _readable(io.BytesIO(data)) as picture:
        turned = picture.getexif().get(ExifTags.Base.Orientation, 1) in (5, 6, 7, 8)
        width, height = picture.size
        return IMAGES[picture.format or ""], (height, width) if turned else (width, height)


def _views(file: Path | BinaryIO) -> Iterator[tuple[str, bytes]]:
    """The picture upright and without metadata, large and small."""
    with _readable(file) as picture:
        upright = ImageOps.exif_transpose(picture).convert("RGB")
        for variant, size in VIEWS.items():
            copy = upright.copy()
            copy.thumbnail((size, size), Image.Resampling.LANCZOS)
            yield variant, as_jpeg(copy)


@contextmanager
def _readable(file: Path | BinaryIO) -> Iterator[Image.Image]:
    """A picture that is neither too large nor broken. Raises Refused."""
    try:
        with Image.open(file, formats=["JPEG", "PNG", "WEBP", "MPO"]) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                raise Refused(_("照片像素过大（超过 5000 万像素）。"), code="too-large")
            yield picture
    except Image.DecompressionBombError as error:
        raise Refused(_("照片像素过大（超过 5000 万像素）。"), code="too-large") from error
    except BROKEN as error:
        raise Refused(_("这不是可用的照片。请重新拍摄，或选 JPG、PNG 格式。"), code="type") from error


def as_jpeg(picture: Image.Image) -> bytes:
    """A picture as people see it: no metadata."""
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=82, optimize=True)  # no exif passed: none kept
    return out.getvalue()


def write(path: Path, data: bytes, *, lasting: bool = False) -> None:
    """Write whole or not at all, so that a cut never leaves half a photo under a digest; `lasting`: not even a cut of
    the power takes it away again."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.{os.getpid()}.{get_ident()}.part")  # another thread may write the same
    with part.open("wb") as out:
        out.write(data)
        if lasting:
            out.flush()
            os.fsync(out.fileno())
    part.replace(path)
