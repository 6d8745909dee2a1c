"""The steps of the campaign, so that a test can begin where it is about something."""

import io
from datetime import date, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from sanxiao.campaign.models import Invite, Meeting, Target, Task
from sanxiao.campaign.rules import MEETING, TARGET, TASK
from sanxiao.docket import files, flow
from sanxiao.office.models import Office
from sanxiao.office.now import at, today
from tests import cast

MAY, JUNE = date(2018, 5, 8), date(2018, 6, 5)
__all__ = ["JUNE", "MAY", "at"]


def picture() -> bytes:
    """A small JPEG."""
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "green").save(out, "JPEG")
    return out.getvalue()


def upload(name: str = "签到表.jpg") -> SimpleUploadedFile:
    """A photo as a form sends it."""
    return SimpleUploadedFile(name, picture(), "image/jpeg")


def village(area: str = cast.HOUYANG) -> Office:
    """A village's office."""
    return Office.objects.on().get(role="village", area=area)


def office(role: str) -> Office:
    """An office of the town."""
    return Office.objects.on().get(role=role, area=cast.JINCHENG)


def task(by: Any, *units: Office, **said: Any) -> Task:
    """A task of that person's office for these units (后阳村 alone when none is named), due in ten days."""
    facts = {"heading": "核对流动摊贩", "demand": "逐户核对，补齐照片。", "wanted_on": today() + timedelta(days=10)}
    facts |= {"urgent": False, "clause": "五（一）1", **said}
    found = TASK.begun(by, {})
    flow.move(found, "assign", by, units=list(units) or [village()], **facts)
    return found


def reported(row: Task, by: Any, words: str = "已核对 12 户。") -> Task:
    """Received and answered."""
    flow.move(row, "receive", by)
    flow.move(row, "report", by, report=words, links=[])
    return row


def meeting(by: Any, *units: Office, level: str = "town", on: date | None = None, **said: Any) -> Meeting:
    """A meeting called by that person's office, its host and these units invited."""
    found = MEETING.begun(by, {"level": level})
    facts = {"kind": found.kind, "topic": "食品三小联席会议", "held_on": on or today(), "place": "镇会议中心", **said}
    flow.move(found, "plan", by, agenda="", invited=[found.host, *units], **facts)
    return found


def held(row: Meeting, by: Any, *there: Invite) -> Meeting:
    """Held and closed with its photo; `there` came without signing."""
    files.keep(row, picture(), "签到表.jpg", by, role="signin")
    came = [str(each.pk) for each in there]
    flow.move(row, "hold", by, came={"there": came}, attended=max(1, len(there)), on=row.held_on)
    return row


def minuted(row: Meeting, by: Any, *decisions: dict[str, Any]) -> Meeting:
    """With its minutes."""
    flow.move(row, "minute", by, minutes="学习了方案，通报了进度。", decided={"rows": list(decisions)})
    return row


def decision(text: str, *units: Office, days: int = 20, clause: str = "") -> dict[str, Any]:
    """A line of the minutes."""
    due = today() + timedelta(days=days) if units else None
    return {"text": text, "units": list(units), "due_on": due, "clause": clause}


def target(by: Any, *units: Office, **said: Any) -> Target:
    """A target in the survey phase: places on file by the end of May."""
    facts = {"phase": "survey", "rule": "know-files", "number": 2, "wanted_on": date(2018, 5, 31), "note": "", **said}
    found = TARGET.begun(by, {})
    flow.move(found, "set", by, units=list(units) or [village()], **facts)
    return found
