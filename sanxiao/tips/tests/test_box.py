"""What comes from the street: it is taken in without a trace of the hour or the order, and out by the day."""

import io
import json
from datetime import date, datetime, timedelta, timezone

import pytest
from django.conf import settings
from django.test import Client
from PIL import Image

from sanxiao.docket.models import Attachment, Blob, Deadline, Event
from sanxiao.docket.refusal import Refused
from sanxiao.office.now import at, midnight, today
from sanxiao.tips import box, receipts
from sanxiao.tips.models import Copy, Envelope, Letter, Report
from sanxiao.tips.tests import steps


def moment(*parts: int) -> datetime:
    """A moment of the town's clock."""
    return datetime(*parts, tzinfo=timezone(timedelta(hours=8)))


def a_photo(lat: bool = True) -> io.BytesIO:
    """A photo with a position, a camera and a time in its tags."""
    picture = Image.new("RGB", (900, 700), "#668844")
    tags = picture.getexif()
    tags[0x010F], tags[0x0132] = "SpyPhone", "2018:06:05 09:31:47"
    if lat:
        tags.get_ifd(0x8825)[1] = "N"
    out = io.BytesIO()
    picture.save(out, "JPEG", exif=tags)
    out.seek(0)
    out.name = "隔壁老王拍的.jpg"
    return out


def test_a_letter_waits_in_the_box_until_the_next_morning(town):
    with at(date(2018, 6, 5)):
        receipt = steps.told()
        assert Envelope.objects.count() == 1 and not Letter.objects.exists()
        assert box.empty() == 0, "today's letters stay in"
    with at(date(2018, 6, 6)):
        assert box.empty() == 1 and box.empty() == 0
    letter = Letter.objects.get()
    assert letter.received_on == date(2018, 6, 5) and letter.content["text"] == steps.TOLD["text"]
    assert letter.receipt == receipts.index(receipt) and not Envelope.objects.exists()


def test_the_term_counts_from_the_day_on_which_it_came(town):
    with at(date(2018, 6, 5)):
        steps.told()
    with at(date(2018, 6, 8)):
        box.empty()
    report = Report.objects.get()
    term = Deadline.objects.get(subject=report.pk)
    assert (term.starts_on, term.due_on, term.term) == (date(2018, 6, 5), date(2018, 6, 27), "check")
    assert report.rule_on == date(2018, 6, 5)


def test_posting_leaves_no_event_no_term_no_file_and_no_session(town, settings):
    with at(moment(2018, 6, 5, 22, 17, 43)):
        steps.told(photos=[a_photo()])
    assert not Event.objects.filter(kind__startswith="tips").exists() and not Deadline.objects.exists()
    assert not Blob.objects.exists() and not list(settings.BLOB_DIR.rglob("*"))
    from django.contrib.sessions.models import Session

    assert not Session.objects.exists()


def test_all_that_comes_of_a_letter_stands_at_the_first_moment_of_a_day(town):
    with at(moment(2018, 6, 5, 22, 17, 43)):
        steps.told(photos=[a_photo()])
    with at(moment(2018, 6, 6, 2, 10)):
        box.empty()
    report = Report.objects.get()
    day = midnight(date(2018, 6, 6))
    assert {e.at for e in Event.objects.of(report)} == {day}
    assert {report.created_at, report.updated_at, report.letter.created_at} == {day}
    assert {a.at for a in Attachment.objects.all()} == {day} == {b.at for b in Blob.objects.all()}
    for path in settings.BLOB_DIR.rglob("*"):
        if path.is_file():
            assert path.stat().st_mtime == day.timestamp(), path


def test_the_rows_of_the_box_stand_in_no_order_of_coming(town, monkeypatch):
    """With twenty letters the chance that shuffled rows stand in the order of coming is none."""
    came = []
    for n in range(20):
        steps.told(text=f"第{n:02}件：门口很脏")
        came = [json.dumps(box.content_of(e)["text"], ensure_ascii=False) for e in Envelope.objects.order_by("pk")]
    with_rowid = Envelope.objects.extra(select={"place": "rowid"}) if _sqlite() else Envelope.objects.all()
    stored = [box.content_of(e)["text"] for e in (with_rowid.order_by("place") if _sqlite() else with_rowid)]
    assert sorted(stored) == [f"第{n:02}件：门口很脏" for n in range(20)] and len(came) == 20
    assert stored != sorted(stored), "the order of storing tells the order of coming"


def _sqlite() -> bool:
    from django.db import connection

    return connection.vendor == "sqlite"


def test_photos_lose_position_camera_time_and_name(town, settings):
    letter = steps.opened(photos=[a_photo()])
    kept = Attachment.objects.get(subject=letter.reports.get().pk)
    assert kept.name == "1.jpg" and kept.taken_at is None and kept.lat is None and kept.by is None
    for path in settings.BLOB_DIR.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            assert b"SpyPhone" not in data and b"Exif" not in data and b"2018:06:05" not in data
            assert not dict(Image.open(path).getexif())


def test_a_form_sent_twice_is_one_letter_with_one_receipt(town):
    said = {**steps.TOLD, "once": "a" * 32}
    first, second = (Client().post("/tip/", said).content for _ in range(2))
    assert first == second and Envelope.objects.count() == 1
    with at(today() + timedelta(days=1)):
        box.empty()
        assert Client().post("/tip/", said).content == first and not Envelope.objects.exists()


def test_the_identity_is_sealed_to_every_handler_and_padded(town):
    steps.keys(town, "chen", "zhou")
    short = steps.opened(**steps.WHO)
    long = steps.opened(name="欧阳" * 8, phone="0519-82345678", home="很长的地址" * 10)
    sizes = {len(copy.sealed) for copy in Copy.objects.all()}
    assert Copy.objects.count() == 4 and len(sizes) == 1, "the length must not tell one from another"
    assert short.named and long.named and short.copies.count() == 2


def test_without_a_handler_no_identity_is_taken(town):
    page = Client().get("/tip/").content.decode()
    assert 'name="name"' not in page and "只收不留名的" in page
    letter = steps.opened(**steps.WHO)
    assert not letter.named and not letter.copies.exists() and letter.contact == ""


def test_a_full_box_says_so_and_stops_nothing_else(town, monkeypatch):
    monkeypatch.setattr(box, "limits", lambda: {"letters": 1, "bytes": 10})
    steps.told()
    with pytest.raises(Refused, match="信箱满了"):
        box.drop(box.Posted({"problem": "dirty"}), "1" * 16)


def test_the_box_may_be_emptied_within_the_day_once(as_, town):
    steps.told()
    chen = as_("chen")
    assert "现在就取" in chen.get("/tips/").content.decode()
    assert "取出 1 件" in chen.post("/tips/open", follow=True).content.decode()
    steps.told()
    page = chen.post("/tips/open", follow=True).content.decode()
    assert "已经提前取过" in page and "现在就取" not in page and Envelope.objects.count() == 1
    assert Event.objects.get(move="open_early").at == midnight(today())


def test_nobody_else_empties_the_box(as_, town):
    steps.told()
    for name in ("zhang", "qian", "sun", "feng", "he"):
        assert as_(name).post("/tips/open").status_code == 403
    assert Envelope.objects.count() == 1


def test_the_first_look_of_a_morning_takes_out_what_the_night_watch_missed(as_, town):
    with at(today() - timedelta(days=1)):
        steps.told()
    assert "后阳村" in as_("chen").get("/tips/").content.decode()
    assert not Envelope.objects.exists()
