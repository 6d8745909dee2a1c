"""The inbox: what a phone sends is stored once and answered; what follows is done right after, exactly once.

`store` writes one row and its files in one transaction, nothing else: a phone on a bad line needs its 201 before the
line breaks. `drain` settles what has come, oldest first, one transaction each, under a lock on the row. It runs in a
thread of every web worker, woken by every arrival, and in the night watch.
"""

import hashlib
import logging
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from time import monotonic
from typing import Any
from uuid import UUID

from django.core.cache import cache
from django.db import IntegrityError, OperationalError, connection, transaction
from django.db.models import Q
from django.utils import translation
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from sanxiao.docket import files
from sanxiao.docket.models import Blob, Rule
from sanxiao.docket.refusal import Refused
from sanxiao.field import offer, say, settling, thread
from sanxiao.field.models import Edition, Phone, Promise, Submission, SubmittedFile
from sanxiao.field.receiving import Sent, read
from sanxiao.office.duties import scope_of
from sanxiao.office.models import User
from sanxiao.office.now import now
from sanxiao.office.settled import settled

BINARY = ("image", "file", "audio", "video")
REMEMBERED = 5  # seconds
GROUP = 1.0  # seconds for which rules and posts are believed while one settles
LONGEST_SKEW = 2**31 - 1
_log = logging.getLogger(__name__)


# --- what comes ------------------------------------------------------------------------------------------------


def store(
    sent: Sent, xml: str, by: User, phone: Phone | None, uploads: Mapping[str, Any], clock: str = ""
) -> Submission:
    """Keep a submission with the files that it names. The same one again is the same row.

    Raises Refused: unknown (form, version or what it corrects), closed, conflict, no-post, too-large.
    """
    edition = edition_of(sent)
    if not (scope_of(by).seats or scope_of(by, sent.observed_on).seats):
        raise Refused(_("您没有岗位，不能上传这一天的填报。"), code="no-post")
    named = sent.named(binaries(edition))
    kept = [_stored(name, uploads[name]) for name in named if name in uploads]
    row = _row(sent, xml, edition, by, phone, clock)
    row.state = "received" if len(kept) == len(named) else "waiting"
    try:
        with thread.turn_to_write(), transaction.atomic():
            if sent.deprecated:
                row.replaces = _corrected(sent, by)
                kept += _carried_over(row.replaces, named, kept)
                row.state = "received" if len(kept) == len(named) else "waiting"
            row.save(force_insert=True)
            _add_files(row, kept)
            transaction.on_commit(thread.wake)
    except IntegrityError:
        return _again(sent, by, kept, named)
    return row


def edition_of(sent: Sent) -> Edition:
    """The very bytes that were filled. Raises Refused for an unknown or a closed one."""
    mark = mark_of(sent.code, sent.version)
    found = cache.get(mark)
    if found is None:
        rows = Edition.objects.filter(code=sent.code, version=sent.version).select_related("form")
        found = rows.defer("xform", "form__definition", "form__source").first()
        cache.set(mark, found, REMEMBERED)
    if found is None:
        asked = {"form": sent.code[:60], "version": sent.version[:30]}
        raise Refused(_("没有这份表单的这个版本：%(form)s %(version)s") % asked, code="unknown")
    if found.closed_at:
        raise Refused(_("这份表单已停止收件：%(form)s") % {"form": found.form.title}, code="forbidden")
    return found


def mark_of(code: str, version: str) -> str:
    """Under which an edition is remembered for a few seconds: every submission of a busy week asks for the same."""
    return "field.edition:" + hashlib.sha256(f"{code} {version}".encode()).hexdigest()


def binaries(edition: Edition) -> frozenset[str]:
    """The questions of a form that are answered by a file."""
    form = offer.read([(edition.form_id, edition.form.source_hash)])[0]
    return frozenset(name for name, question in form.questions().items() if question["type"] in BINARY)


def _row(sent: Sent, xml: str, edition: Edition, by: User, phone: Phone | None, clock: str) -> Submission:
    entity = sent.entity
    row = Submission(
        id=sent.id, instance=sent.instance, edition=edition, by=by, phone=phone, sha256=sent.digest,
        area=sent.village if len(sent.village) == 12 and sent.village.isdigit() else _ground_of(by, sent),
        observed_on=sent.observed_on,
    )  # fmt: skip
    if entity is not None:
        row.place, row.base, row.trunk, row.branch = entity.id, entity.base, entity.trunk, entity.branch
    row.keep(xml)
    row.received_at = now()
    if (said := _clock(clock)) is not None:
        row.client_at = said
        row.skew = max(-LONGEST_SKEW, min(LONGEST_SKEW, round((said - row.received_at).total_seconds())))
    return row


def _ground_of(by: User, sent: Sent) -> str:
    seats = scope_of(by).seats or scope_of(by, sent.observed_on).seats
    return seats[0].prefix.ljust(12, "0")


def _clock(text: str) -> datetime | None:
    """The phone's clock, if it says one that can be (with its offset)."""
    try:
        said = parse_datetime(text) if text else None
    except ValueError:
        return None
    return said if said and said.tzinfo else None


def _stored(name: str, upload: Any) -> SubmittedFile:
    """A file, kept; one that cannot be read is noted with what is wrong with it."""
    try:
        with translation.override(say.CHINESE):  # said to the reader in his own (`SubmittedFile.wrong`)
            return SubmittedFile(name=name, blob=files.stored(files.bytes_of(upload, name)))
    except Refused as refusal:
        if refusal.code == "too-large":
            raise
        return SubmittedFile(name=name, fault=refusal.reason)


def _add_files(row: Submission, kept: Iterable[SubmittedFile]) -> None:
    """The rows of the files and of their bytes, which lie on disk by now."""
    kept = list(kept)
    blobs = {file.blob.pk: file.blob for file in kept if file.blob and file.blob._state.adding}
    if blobs:
        Blob.objects.bulk_create(blobs.values(), ignore_conflicts=True)
    for file in kept:
        file.pk, file.submission = None, row
    SubmittedFile.objects.bulk_create(kept)


def _corrected(sent: Sent, by: User) -> Submission:
    """The version that is corrected, locked: two corrections of one version cannot both win. Raises Refused."""
    rows = Submission.objects.select_for_update().filter(instance=sent.deprecated, by=by)
    old = rows.first()
    if old is None or old.edition.code != sent.code:
        raise Refused(_("没有找到要更正的那一份填报。"), code="unknown")
    if Submission.objects.filter(replaces=old).exclude(instance=sent.instance).exists():
        raise Refused(_("这一份已经被更正过，请打开最新的一份再改。"), code="conflict")
    return old


def _carried_over(old: Submission, named: list[str], kept: list[SubmittedFile]) -> list[SubmittedFile]:
    """Files that a correction names and did not send again are those of the version before."""
    here = {file.name for file in kept}
    rows = old.files.filter(name__in=[name for name in named if name not in here])
    return [SubmittedFile(name=file.name, blob_id=file.blob_id, fault=file.fault) for file in rows]


def _again(sent: Sent, by: User, kept: list[SubmittedFile], named: list[str]) -> Submission:
    """It is there already: the same bytes are fine and may bring more files, other bytes are refused."""
    with transaction.atomic():
        row = Submission.objects.select_for_update().filter(Q(pk=sent.id) | Q(instance=sent.instance)).first()
        if row is None or row.sha256 != sent.digest or row.by_id != by.pk:
            raise Refused(_("这个编号下已收到过另一份内容。"), code="conflict")
        held = {file.name: file for file in row.files.all()}
        late = []
        for file in kept:
            there = held.get(file.name)
            if there is None:
                late.append(file)
            elif there.blob_id is None and file.blob is not None:
                if file.blob._state.adding:
                    Blob.objects.bulk_create([file.blob], ignore_conflicts=True)
                SubmittedFile.objects.filter(pk=there.pk).update(blob=file.blob_id, fault="")
            elif file.blob_id and there.blob_id != file.blob_id:
                raise Refused(_("“%(name)s”已收到过另一个文件。") % {"name": file.name}, code="conflict")
        _add_files(row, late)
        if row.state == "settled" and late:
            settling.bring_late(row, late)
        elif row.state == "waiting" and set(named) <= {*held, *(file.name for file in late)}:
            Submission.objects.filter(pk=row.pk).update(state="received")
            transaction.on_commit(thread.wake)
    return row


def promise(instance: str, by: User, told: Iterable[dict[str, Any]]) -> None:
    """Keep what the phone says of its files when they are taken, with the moment at which it said so; the first word
    on a file stands."""
    said = {entry.pop("name"): entry for entry in told}
    with transaction.atomic():
        row, _made = Promise.objects.get_or_create(instance=instance, by=by)
        row = Promise.objects.select_for_update().get(pk=row.pk)
        row.files = {name: {**entry, "told_at": now().isoformat()} for name, entry in said.items()} | row.files
        row.save(update_fields=["files"])


# --- what becomes of it ----------------------------------------------------------------------------------------


def drain(most: int = 0) -> int:
    """Settle what has come, oldest first; returns how many rows were looked at. Safe to run anywhere, any number of
    times at once: each row is taken by one of them."""
    seen: set[UUID] = set()
    more = True
    while more:
        with settled():  # rules, calendar and posts are read once for a group
            more = _group(seen, most)
    return len(seen)


def _group(seen: set[UUID], most: int) -> bool:
    """Settle for a second; is there more?"""
    until = monotonic() + GROUP
    while monotonic() < until:
        pk = None if most and len(seen) >= most else _next(seen)
        if pk is None:
            return False
        seen.add(pk)
        try:
            released = _one(pk)
        except OperationalError:  # the database is busy or away: the row stands as it stood
            _log.warning("submission %s could not be settled now", pk)
            return False
        seen -= released
        thread.give_way()
    return True


def _next(seen: set[UUID]) -> UUID | None:
    waiting = Submission.objects.filter(state="received").exclude(pk__in=seen)
    return waiting.order_by("received_at", "pk").values_list("pk", flat=True).first()


def _one(pk: UUID) -> set[UUID]:
    """Settle one row, unless another has it; returns the rows that are free now: those that waited for it, or itself.

    Whoever settles looks for those that wait when his own is written, and who waits looks once more when that is
    written. So of two that are settled at the same moment at least one sees the other.
    """
    settling.see_pictures(pk)
    with transaction.atomic():
        row = claimed(pk)
        if row is None or row.state != "received":
            return set()
        settling.settle(row)
    return settling.free([row.pk]) if row.state == "held" else settling.release(row)


def claimed(pk: UUID) -> Submission | None:
    """The row for ourselves alone until the end of the transaction; None while somebody else has it.

    SQLite knows no row locks: there the transaction began IMMEDIATE, so nobody else writes.
    """
    rows = Submission.objects.select_related("edition", "by").defer("edition__xform").filter(pk=pk)
    if connection.features.has_select_for_update_skip_locked:
        rows = rows.select_for_update(skip_locked=True, of=("self",))
    return rows.first()


def force_old() -> int:
    """What has waited too long for photos or for what it builds on is taken as it is, and marked."""
    days = Rule.objects.value("field.hold_days", default=5)
    old = Submission.objects.filter(state__in=("held", "waiting"), received_at__lt=now() - timedelta(days=days))
    return old.update(state="received", forced=True)


def night() -> str:
    """The room's part of the night watch."""
    forced = force_old()
    settling.free(Submission.objects.filter(state="held").values_list("pk", flat=True))
    start = monotonic()
    return f"settled {drain()} in {monotonic() - start:.1f} s, forced {forced}"


def missing(row: Submission) -> list[str]:
    """Names of the files that a submission still waits for."""
    named = read(row.xml.encode()).named(binaries(row.edition))
    here = set(row.files.values_list("name", flat=True))
    return [name for name in named if name not in here]
