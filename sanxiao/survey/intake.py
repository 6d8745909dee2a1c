"""From checked answers to a sheet: where every answer goes, and the pictures that come with it."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core import signing
from django.db import transaction
from django.utils.translation import gettext as _

from sanxiao.archive.doubles import Likeness, metres
from sanxiao.archive.models import Kind
from sanxiao.docket import files, flow
from sanxiao.docket.models import Blob, Rule
from sanxiao.docket.refusal import Refused
from sanxiao.office.models import User
from sanxiao.office.now import today
from sanxiao.office.settled import once
from sanxiao.survey.answers import Answers
from sanxiao.survey.models import NAMELESS, Form, Sheet, digest_of
from sanxiao.survey.xlsform import in_force

SALT = "survey.picture"
A_DAY = 24 * 3600


def sheet_of(form: Form, told: Answers, *, source: str, pk: uuid.UUID | None = None, kind: Kind | None = None) -> Sheet:
    """An unsaved sheet of checked answers. `kind`: of the place, where the form is one for all kinds."""
    said = told.public
    sheet = Sheet(id=pk or uuid.uuid4(), form=form, kind=form.kind or kind, source=source)
    sheet.area, sheet.name = said["village"], said.get("shop_name") or NAMELESS
    sheet.operator, sheet.address = said.get("operator_name", ""), said.get("address", "")
    sheet.lat, sheet.lng = said.get("location") or (None, None)
    sheet.point_source = "map" if sheet.lat is not None else ""
    sheet.seen_on = date.fromisoformat(said["surveyed_on"]) if said.get("surveyed_on") else today()
    sheet.surveyors = [said[name] for name in ("surveyor_1", "surveyor_2") if said.get(name)]
    sheet.answers, sheet.missing, sheet.lacking = said, told.missing, told.lacking
    sheet.prohibited = told.prohibited
    sheet.digest = digest_of(sheet.kind_id, sheet.area, sheet.name, sheet.operator, sheet.address)
    sheet.hide(told.private)
    return sheet


def school_distance(point: Sequence[float], area: str) -> int | None:
    """Metres from a point to the nearest school gate of the town, None where the town names none."""
    here = Likeness("", area, "", lat=point[0], lng=point[1])
    gates = [g for g in Rule.objects.value("schools", area, default=[]) if in_force(g, today())]
    away = [metres(here, Likeness("", area, "", lat=g["lat"], lng=g["lng"])) for g in gates]
    return round(min(a for a in away if a is not None)) if away else None


@dataclass(frozen=True)
class Picture:
    """A picture that came with a form: stored already, so that a mistake elsewhere on the page does not lose it."""

    role: str  # photos · signature · process_photo
    name: str
    sha256: str

    def token(self, user: User) -> str:
        """What the page carries back instead of the picture; good for this person and a day."""
        return signing.dumps([self.role, self.name, self.sha256, user.pk], salt=SALT)


ROLES = {"photos": "photo", "signature": "signature", "process_photo": "process_photo"}


def stored(role: str, upload: Any) -> Picture:
    """Keep an upload. Raises Refused where it is no picture or too big."""
    name = upload.name or role
    blob = files.put(files.bytes_of(upload, name))
    if not blob.mime.startswith("image/"):
        raise Refused(_("“%(name)s”不是照片。请选 JPG 或 PNG 格式。") % {"name": name}, code="type")
    return Picture(role, name, blob.pk)


def carried(tokens: Iterable[str], user: User) -> list[Picture]:
    """Pictures that a page carried back; those of others, and what was tampered with, are left out."""
    found = []
    for token in tokens:
        try:
            role, name, sha256, owner = signing.loads(token, salt=SALT, max_age=A_DAY)
        except signing.BadSignature:
            continue
        if owner == user.pk and role in ROLES:
            found.append(Picture(role, name, sha256))
    return found


def send(sheet: Sheet, by: User, pictures: Iterable[Picture] = ()) -> Sheet:
    """Send one sheet with its pictures. Raises Refused."""
    with transaction.atomic():
        flow.move(sheet, "send", by)
        for picture in pictures:
            files.keep(sheet, _blob(picture.sha256), picture.name, by, role=ROLES[picture.role])
    return sheet


def _blob(sha256: str) -> Blob:
    return once(("blob", sha256), lambda: Blob.objects.get(pk=sha256))


def measure_school(told: Answers) -> None:
    """Question A21 from the map, where nobody typed it and the town has told where its schools are."""
    point = told.public.get("location")
    if point and "school_distance_m" not in told.public:
        away = school_distance(point, told.public["village"])
        if away is not None:
            told.public["school_distance_m"] = away
