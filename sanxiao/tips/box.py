"""The box: what the public page takes in, and how it is taken out by the day: nothing tells the hour or the order.

Posting writes no event, no term, no file and no log line. It writes one row, and in the same transaction writes all
rows of the box anew in a random order: neither the row numbers of SQLite nor the transaction numbers of PostgreSQL
tell who came when. The box is emptied for whole days that are over, by the night watch or the first look of a
morning; all that comes of it is written in a random order, at the first moment of a day. Who may, can empty it once
within the day as well (`tips.early_openings`); then it is known on which side of that moment a letter came.
"""

import json
import secrets
import uuid
from base64 import b64decode, b64encode
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from sanxiao.docket.models import Event, Rule
from sanxiao.docket.record import log
from sanxiao.docket.refusal import Refused
from sanxiao.office import seal
from sanxiao.office.duties import scope_of
from sanxiao.office.models import Office, User
from sanxiao.office.now import today, without_the_hour
from sanxiao.tips import acts, receipts, sealing
from sanxiao.tips.models import INTAKE, Envelope, Letter
from sanxiao.tips.taking import keep_copies, reencoded, sealed_copies

CONTENT_BLOCK, PICTURE_BLOCK = 2048, 65536
MOST_PICTURES = 3
MOST_IN_BOX, MOST_BYTES = 400, 48_000_000  # tips.box; more than a day of a town ever brought


@dataclass(frozen=True)
class Posted:
    """One letter as the public page took it: the content, who told (empty: nobody), pictures as they came."""

    content: dict[str, Any]
    identity: dict[str, str] = field(default_factory=dict)
    pictures: Sequence[tuple[str, bytes]] = ()


def drop(posted: Posted, receipt: str) -> None:
    """Put a letter into the box. The same receipt again changes nothing. Raises Refused: bad picture, full box."""
    row = Envelope(receipt=receipts.index(receipt), what="letter")
    if known(row.receipt):
        return
    _check_room(bool(posted.pictures))
    row.copies = sealed_copies(posted.identity, str(row.pk))
    contact = posted.identity.get("phone", "") if row.copies else ""
    said = posted.content | {"named": bool(row.copies and posted.identity.get("name"))}
    said |= {"contact": receipts.contact_index(contact), "tail": receipts.tail_index(contact)}
    row.content = _padded(said)
    row.pictures = [_sealed_picture(row, n, name, data) for n, (name, data) in enumerate(posted.pictures)]
    _shuffle_in(row)


def drop_word(receipt: str, what: str, said: dict[str, Any]) -> None:
    """Put what the holder of a receipt writes later into the box: a word, a mark, a withdrawal."""
    _check_room(pictures=False)
    row = Envelope(receipt=receipts.index(receipt), what=what)
    row.content = _padded(said)
    _shuffle_in(row)


def known(receipt: str) -> bool:
    """Is there a letter with this (hashed) receipt, in the box or out of it?"""
    rows = Envelope.objects.filter(receipt=receipt, what="letter")
    return rows.exists() or Letter.objects.filter(receipt=receipt).exists()


def waiting(receipt: str) -> list[tuple[str, dict[str, Any]]]:
    """What the holder of a (hashed) receipt has put in and nobody has taken out: (what, content)."""
    rows = Envelope.objects.filter(receipt=receipt)
    return sorted(((row.what, content_of(row)) for row in rows), key=lambda pair: pair[0])


def content_of(row: Envelope) -> dict[str, Any]:
    """The content of an envelope in clear."""
    said: dict[str, Any] = json.loads(sealing.unpad(b64decode(row.content)))
    return said


def _padded(said: dict[str, Any]) -> str:
    data = sealing.pad(json.dumps(said, ensure_ascii=False, default=str).encode(), CONTENT_BLOCK)
    return b64encode(data).decode()


def limits() -> dict[str, Any]:
    """How much a day may bring, by the town's rule."""
    return {"letters": MOST_IN_BOX, "bytes": MOST_BYTES} | Rule.objects.value("tips.box", default={})


def _check_room(pictures: bool) -> None:
    """Somebody who floods the page must not stop the program; people are told what to do instead."""
    most = limits()
    if Envelope.objects.count() >= most["letters"]:
        raise Refused(_("今天的信箱满了。请明天再来，或者打举报电话。"), code="too-large")
    held = sum(len(p["data"]) for pictures in Envelope.objects.values_list("pictures", flat=True) for p in pictures)
    if pictures and held > most["bytes"]:
        said = _("今天的照片太多，收不下了。请不带照片先提交，文字照收。")
        raise Refused(said, {"photos": said}, "too-large")


def _sealed_picture(row: Envelope, n: int, name: str, data: bytes) -> dict[str, str]:
    padded = sealing.pad(reencoded(name, data), PICTURE_BLOCK)
    return {"data": seal.seal(b64encode(padded).decode(), f"tips.envelope:{row.pk}:picture{n}")}


def _picture(row: Envelope, n: int) -> bytes:
    return sealing.unpad(b64decode(seal.unseal(row.pictures[n]["data"], f"tips.envelope:{row.pk}:picture{n}")))


# --- in and out --------------------------------------------------------------------------------------------------


def _lock() -> None:
    """One hand in the box at a time. SQLite's transactions begin with its only lock."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("lock table tips_envelope in exclusive mode")


def _shuffle_in(row: Envelope) -> None:
    """Store a row, and all others anew in a random order, in one transaction."""
    with transaction.atomic():
        _lock()
        if row.what == "letter" and known(row.receipt):
            return  # the same form, pressed twice at once
        rows = [row, *Envelope.objects.all()]
        secrets.SystemRandom().shuffle(rows)
        Envelope.objects.all().delete()
        Envelope.objects.bulk_create(rows)


def empty(through: date | None = None) -> int:
    """Take out what came until and including a day (yesterday when left out); returns how many. Safe to run twice."""
    through = through or today() - timedelta(days=1)
    if not Envelope.objects.filter(day__lte=through).exists():
        return 0
    with transaction.atomic(), without_the_hour():
        _lock()
        rows = list(Envelope.objects.filter(day__lte=through))
        secrets.SystemRandom().shuffle(rows)
        rows.sort(key=lambda row: row.what != "letter")  # a word may follow its letter on the same day
        for row in rows:
            _take_out(row)
        Envelope.objects.filter(pk__in=[row.pk for row in rows]).delete()
    _wipe()
    return len(rows)


def may_open_early() -> bool:
    """May today's letters be taken out within the day once more?"""
    done = Event.objects.filter(kind="tips.envelope", move="open_early", on=today()).count()
    return done < int(Rule.objects.value("tips.early_openings", default=1))


def open_early(by: User) -> int:
    """Take out what today brought until now; the press itself is logged, by the day. Raises Refused."""
    if not may_open_early():
        raise Refused(_("今天已经提前取过信。其余的明天早上一起取出。"), code="guard")
    seat = scope_of(by).seat_for(INTAKE, None)
    record = _Early(area=seat.prefix.ljust(12, "0") if seat else "")
    with without_the_hour():
        log(record, "open_early", by, seat)
    return empty(through=today())


class _Early:
    """What the log is given of an opening of the box."""

    _meta = Envelope._meta

    def __init__(self, area: str) -> None:
        self.pk, self.area = uuid.uuid4(), area


def _wipe() -> None:
    """Leave no frames of the emptied box in SQLite's journal. It may fail where another reads; the next night comes."""
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _take_out(row: Envelope) -> None:
    said = content_of(row)
    if row.what == "letter":
        pictures = [_picture(row, n) for n in range(len(row.pictures))]
        acts.open_letter(_letter(row, said), pictures)
    elif letter := Letter.objects.filter(receipt=row.receipt).first():
        acts.said_later(letter, row.what, said, row.day)


def _letter(row: Envelope, said: dict[str, Any]) -> Letter:
    letter = Letter(
        id=row.pk, area=said["area"], received_on=row.day, channel="web", problem=said["problem"], want=said["want"],
        receipt=row.receipt, named=said["named"], contact=said["contact"], tail=said["tail"],
        accused=Office.objects.filter(pk=int(said["accused"])).first() if said.get("accused") else None,
        wants_reward=bool(said.get("reward")), english=said.get("lang") == "en", version=1,
    )  # fmt: skip
    letter.content = {name: said.get(name) for name in ("text", "place", "demand", "lat", "lng")}
    letter.save(force_insert=True)
    keep_copies(letter, row.copies)
    return letter
