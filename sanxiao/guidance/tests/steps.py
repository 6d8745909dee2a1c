"""The steps of guidance, so that a test can begin where it is about something."""

import io
from datetime import date
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from sanxiao.archive.models import Establishment, Kind
from sanxiao.docket import flow
from sanxiao.guidance.models import Attendance, Help, Leaflet, Mailing, Session, Told
from sanxiao.office.now import at, today

JUNE = date(2018, 6, 5)
__all__ = ["JUNE", "at"]


def picture(colour: str = "green") -> bytes:
    """A small JPEG."""
    out = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(out, "JPEG")
    return out.getvalue()


def upload(name: str = "签收单.jpg", colour: str = "green") -> SimpleUploadedFile:
    """A photo as a form sends it."""
    return SimpleUploadedFile(name, picture(colour), "image/jpeg")


def place(by: Any, like: Establishment, name: str, **changes: Any) -> Establishment:
    """Another place of the same operator."""
    said = {"kind": like.kind, "name": name, "operator": like.operator, "area": like.area, "address": "新街", **changes}
    file = Establishment(**said)
    flow.move(file, "open", by)
    return file


def tell(file: Establishment, leaflet: Leaflet, by: Any, **changes: Any) -> Told:
    """Told face to face, with the signed slip."""
    told = Told(file=file, area=file.area)
    facts = {"leaflet": leaflet, "told_on": today(), "way": "hand", "note": "", "proof": [upload()], **changes}
    flow.move(told, "record", by, on=facts["told_on"], **facts)
    return told


def publish(old: Leaflet, by: Any, edition: str = "2018-09", **changes: Any) -> Leaflet:
    """A newer version of a leaflet."""
    leaflet = Leaflet(area=old.area)
    facts = {
        "code": old.code, "edition": edition, "kinds": old.kinds, "since": today(), "title": old.title,
        "text": "新正文", "title_en": "", "text_en": "", **changes,
    }  # fmt: skip
    flow.move(leaflet, "publish", by, **facts)
    return leaflet


def draft(
    by: Any, wanted: str = "", text: str = "{名称}的{经营者}：\n\n请于本月到{村}参加培训。", **changes: Any
) -> Mailing:
    """A letter to all places of the filter."""
    mailing = Mailing(area=next(iter(by.posts.all())).office.area, by=by, wanted=wanted)
    flow.move(mailing, "draft", by, **{"title": "关于参加培训的函", "text": text, "way": "hand", **changes})
    return mailing


def session(by: Any, *files: Establishment, kind: str = "workshop", **changes: Any) -> Session:
    """A training today, with these places on its list."""
    found = Session(area=next(iter(by.posts.all())).office.area)
    facts = {"topic": "小作坊培训", "kind": Kind.objects.get(pk=kind), "held_on": today(), "starts_at": "下午2:00",
             "place": "村委会", "speaker": "陈伟", **changes}  # fmt: skip
    flow.move(found, "plan", by, **facts)
    for file in files:
        person = Attendance(session=found, file=file, area=file.area)
        flow.move(person, "invite", by, within=True)
    return found


def help_(file: Establishment, by: Any, **changes: Any) -> Help:
    """Help that is meant to be given."""
    found = Help(file=file, area=file.area)
    flow.move(found, "plan", by, **{"what": "advice", "plan_text": "教他隔出加工间", "planned_on": today(), **changes})
    return found
