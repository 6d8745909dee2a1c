"""A budget line of 1,000 yuan that the leading group has approved, and an act of publicity; on 11 May 2026."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from sanxiao.docket import flow
from sanxiao.enforcement.tests.steps import picture
from sanxiao.funds.rules import LINE, SPENDING
from sanxiao.office.now import at
from sanxiao.publicity.rules import ACT

MAY = date(2026, 5, 11)


@pytest.fixture
def may() -> Iterator[None]:
    """It is nine in the morning of 11 May 2026."""
    with at(MAY):
        yield


def draft(town, amount="1000", item="宣传培训费"):
    """Feng drafts."""
    line = LINE.begun(town.feng, {})
    flow.move(line, "draft", town.feng, year=2026, source="town", item=item, amount=Decimal(amount), note="")
    return line


@pytest.fixture
def line(town, may):
    """Drafted by Feng, approved by Sun."""
    found = draft(town)
    flow.move(found, "approve", town.sun, note="同意")
    found.refresh_from_db()
    return found


@pytest.fixture
def act(town, may):
    """后阳村 put up posters, and reached 300 people."""
    found = ACT.begun(town.zhang, {})
    flow.move(
        found, "record", town.zhang, channel="poster", title="张贴整治通告", text=None, wording="通告", done_on=MAY,
        place="村口", grounds=[], reach=300, reach_how="estimated",
    )  # fmt: skip
    return found


def receipt():
    """A photo of a receipt."""
    return SimpleUploadedFile("发票.jpg", picture(), "image/jpeg")


def claim(by, line, act, amount="600", invoice="No.1", **changes):
    """A claim with its receipt."""
    spending = SPENDING.begun(by, {})
    facts = {
        "line": line, "activity": f"{act.flow.key}:{act.pk}", "purpose": "印制海报", "amount": Decimal(amount),
        "invoice": invoice, "spent_on": MAY, "receipts": [receipt()], **changes,
    }  # fmt: skip
    flow.move(spending, "claim", by, **facts)
    spending.refresh_from_db()
    return spending
