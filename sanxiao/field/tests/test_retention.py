"""What a phone sent is kept for three years after it was settled; then the answers go and the receipt stays."""

import uuid
from datetime import date

import pytest

from sanxiao.docket.models import Attachment, Blob
from sanxiao.field import inbox, retention
from sanxiao.field.models import Submission
from sanxiao.field.tests import kit
from sanxiao.keeping import due
from sanxiao.office.now import at


@pytest.fixture
def sent(town, phone):
    """A vendor's sheet with a photo, sent and settled in June 2018."""
    with at(date(2018, 6, 5)):
        form = kit.offered(phone)
        phone.send(kit.answers(form, photos=("p1.jpg",), entity=kit.new_place(uuid.uuid4())), kit.photo("p1.jpg"))
        inbox.drain()
    return Submission.objects.get()


def test_the_answers_go_and_the_receipt_stays(as_, sent):
    with at(date(2021, 6, 5)):
        assert due.due(retention.SUBMISSIONS) == []
    with at(date(2021, 6, 6)):
        [row] = due.due(retention.SUBMISSIONS)
        retention.destroy([row.kept.key])
        assert due.due(retention.SUBMISSIONS) == []
    kept = Submission.objects.get()
    assert (kept.body, kept.gone_on, kept.sha256) == ("", date(2021, 6, 6), sent.sha256)
    assert Blob.objects.get().gone_on == date(2021, 6, 6)
    page = as_("chen").get(kept.get_absolute_url())
    assert page.status_code == 200 and "答案已于 2021-06-06 到期销毁" in page.content.decode()


def test_a_picture_that_hangs_on_a_file_stays_with_it(sent, tofu):
    blob = Blob.objects.get()
    Attachment.objects.create(kind="archive.file", subject=tofu.pk, area=tofu.area, blob=blob, name="门头.jpg")
    retention.destroy([sent.pk])
    assert Blob.objects.get().gone_on is None
