"""What the tests of tips do again and again: handlers with keys, a letter from the street, the next morning."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from sanxiao.docket import flow
from sanxiao.enforcement.tests import steps as prosecution
from sanxiao.office.models import Office, Post, User
from sanxiao.office.now import at, today
from sanxiao.tips import box, identity, limits, receipts, sealing
from sanxiao.tips.models import Complaint, Handler, Letter, Report
from tests import cast

PASSPHRASE = "gaoliang-2018-mima"
WHO = {"name": "赵铁柱", "phone": "13777788899", "home": "后阳村9组11号"}
TOLD = {"problem": "dirty", "text": "豆腐坊门口污水横流，苍蝇很多", "area": cast.HOUYANG, "place": "老街豆腐坊",
        "want": "report"}  # fmt: skip


SLIPS: dict[Any, str] = {}


def keys(town: cast.Cast, *names: str) -> dict[str, bytes]:
    """Handlers named by the leading group, each with a key file under PASSPHRASE; a quick wrap for tests."""
    files = {}
    with pytest.MonkeyPatch.context() as patch, at(date(2018, 4, 2)):
        patch.setattr(sealing, "MEMORY", 64)
        patch.setattr(sealing, "PASSES", 1)
        for name in names:
            user = getattr(town, name)
            identity.name(user, town.sun)
            files[name] = identity.new_key(user, PASSPHRASE, PASSPHRASE)
    return files


def told(**changes: Any) -> str:
    """A letter from the street, over HTTP; returns its receipt."""
    limits.forget()
    page = Client().get("/tip/").content.decode()
    once = re.search(r'name="once" value="(\w+)"', page)
    assert once
    answer = Client().post("/tip/", {**TOLD, "once": once[1], **changes})
    assert answer.status_code == 200, answer.content.decode()
    found = re.search(r'id="receipt">([\d ]+)<', answer.content.decode())
    assert found
    return receipts.plain(found[1])


def opened(**changes: Any) -> Letter:
    """A letter that came yesterday, out of the box this morning."""
    with at(today() - timedelta(days=1)):
        receipt = told(**changes)
    box.empty()
    letter = Letter.objects.get(receipt=receipts.index(receipt))
    SLIPS[letter.pk] = receipt
    return letter


def report(**changes: Any) -> Report:
    """The report of such a letter."""
    return opened(**changes).reports.get()


def complaint(**changes: Any) -> Complaint:
    """The complaint of such a letter, with the person that it needs."""
    return opened(want="complaint", demand="退钱", **{**WHO, **changes}).complaints.get()


def slip(track: Any) -> str:
    """The receipt of a track's letter (only where `opened` made it)."""
    return SLIPS[track.letter_id]


def accepted(town: cast.Cast, **changes: Any) -> Report:
    """A report that the bureau checks."""
    row = report(**changes)
    flow.move(row, "accept", town.zhou, office=row.office, summary="请查老街豆腐坊卫生")
    return row


def closed(town: cast.Cast, outcome: str = "verified", **changes: Any) -> Report:
    """A report that was answered."""
    row = accepted(town, **changes)
    flow.move(row, "no_case", town.chen, finding="当场改了")
    flow.move(row, "close", town.chen, outcome=outcome, answer="已经改了，谢谢")
    return row


def case_of(row: Report, town: cast.Cast, file: Any = None) -> Any:
    """The case of a report that the bureau has, on a place of its village; registered, and not yet approved."""
    if row.file_id is None:
        flow.move(row, "tie", town.chen, file=file or cast.tofu_shop(town.zhang))
    flow.move(row, "case", town.chen, second=town.wu, conduct="没有登记证，加工间脏乱")
    return row.case


def approved(row: Report, town: cast.Cast, file: Any = None) -> Any:
    """The same, approved by somebody who does not handle it, on a photo of the bureau's own."""
    case = case_of(row, town, file)
    prosecution.proof(case, town)
    flow.move(case, "file", boss(town))
    row.refresh_from_db()
    return case


def boss(town: cast.Cast) -> User:
    """Lu, who approves the bureau's cases."""
    office = Office.objects.on().get(role="bureau", area=cast.JINCHENG)
    lu, made = User.objects.get_or_create(username="lu", defaults={"name": "陆军"})
    if made:
        Post.objects.create(user=lu, office=office, title="副分局长", since=date(2018, 4, 1))
    return lu


def handler(user: Any) -> Handler:
    """The handler that a person is."""
    found = Handler.of(user)
    assert found
    return found
