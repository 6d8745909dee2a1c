"""The way of a list: proposed by one, agreed to by another, waited for, carried out."""

import io
from datetime import date, timedelta
from typing import Any

from PIL import Image

from sanxiao.docket import flow
from sanxiao.keeping import acts
from sanxiao.keeping.models import Disposal, Hold
from sanxiao.office.now import at, today

LATER = date(2026, 6, 1)


def picture(colour: str = "green") -> bytes:
    """A small JPEG."""
    out = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(out, "JPEG")
    return out.getvalue()


def listed(by: Any, kind: str = "closed_file") -> Disposal:
    """A list as it is now."""
    row = acts.begin_disposal(by, {"class": kind})
    flow.move(row, "propose", by)
    return row


def agreed(by: Any, other: Any, kind: str = "closed_file") -> Disposal:
    """Agreed to by a second person."""
    row = listed(by, kind)
    flow.move(row, "agree", other)
    return row


def destroyed(by: Any, other: Any, kind: str = "closed_file") -> Disposal:
    """Carried out when the days of waiting were over."""
    row = agreed(by, other, kind)
    with at(today() + timedelta(days=8)):
        flow.move(row, "destroy", by)
    return row


def held(by: Any, file: Any, reason: str = "行政诉讼未结") -> Hold:
    """A hold on a file."""
    row = acts.begin_hold(by, {"file": str(file.pk)})
    flow.move(row, "place", by, reason=reason)
    return row
