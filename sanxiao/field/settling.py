"""What becomes of one submission: it waits, it is taken by the room that knows its form, or it goes to a desk."""

import logging
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import OperationalError, transaction
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _

from sanxiao.docket import files, flow, rooms
from sanxiao.docket.models import Matter
from sanxiao.docket.refusal import Refused
from sanxiao.docket.rooms import Fill, Filled, Taken, fill_for
from sanxiao.field import offer, say
from sanxiao.field.convert import NEW, PLACE, about_of
from sanxiao.field.models import Clash, Promise, Served, Submission, SubmittedFile, Trouble
from sanxiao.field.receiving import Sent, as_uuid, read
from sanxiao.office.duties import scope_of
from sanxiao.office.now import now
from sanxiao.office.places import name_of
from sanxiao.survey.models import Form
from sanxiao.survey.phone import file_of, is_free

_log = logging.getLogger(__name__)
OPEN = ("received", "waiting", "held")


def settle(row: Submission) -> None:
    """Take a submission, within a transaction in which it is ours alone. Whatever happens, it is not lost."""
    sent = read(row.xml.encode())
    if not row.forced and why_wait(row, sent):
        waits = say.both("waits", lambda: why_wait(row, sent))
        Submission.objects.filter(pk=row.pk).update(state="held", result=waits)
        row.state = "held"
        return
    try:
        with translation.override(say.CHINESE):
            _take(row, sent)
    except Refused as refusal:
        to_desk(row, {"reason": refusal.reason, "reason_en": _refused_in_english(row, sent)})
    except OperationalError:
        raise
    except Exception as error:  # whatever a room stumbles over, the answers stand and somebody is told
        _log.exception("submission %s could not be taken", row.pk)
        what = {"error": type(error).__name__}
        to_desk(row, say.both("reason", lambda: _("程序处理这份填报时出错（%(error)s），请联系管理员。") % what))


@transaction.atomic
def _take(row: Submission, sent: Sent) -> None:
    filled = filled_of(row, sent)
    _settled(row, filled, _fill(row).take(filled))


def _refused_in_english(row: Submission, sent: Sent) -> str:
    """The same refusal once more, for whoever reads English: a room says its reason in the language in which it is
    asked. Nothing stays of this, also where against expectation it is not refused."""
    try:
        with translation.override(say.ENGLISH), transaction.atomic():
            _take(row, sent)
            raise Refused("")
    except Refused as refusal:
        return refusal.reason
    except OperationalError:
        raise
    except Exception:
        _log.exception("submission %s could not be refused in English", row.pk)
        return ""


def see_pictures(key: UUID) -> None:
    """Make the copies that people see of a submission's photos, before the database is held for it."""
    for file in SubmittedFile.objects.filter(submission=key, blob__isnull=False).select_related("blob"):
        _seen(file)


def _seen(file: SubmittedFile) -> bool:
    """One photo; a file that turns out to be no picture is noted with what is wrong with it."""
    try:
        if file.blob is not None:
            with translation.override(say.CHINESE):
                files.make_views(file.blob)
    except Refused as refusal:
        SubmittedFile.objects.filter(pk=file.pk).update(blob=None, fault=refusal.reason)
        return False
    return file.blob is not None


def _fill(row: Submission) -> Fill:
    fill = fill_for(row.edition.code)
    if fill is None:
        raise Refused(_("没有哪个科室接收这种表单：%(code)s") % {"code": row.edition.code})
    return fill


def form_of(row: Submission) -> Form:
    """The form as it was filled."""
    form = Form.objects.filter(pk=row.edition.form_id).values_list("id", "source_hash").get()
    return offer.read([form])[0]


# --- waiting ---------------------------------------------------------------------------------------------------


def why_wait(row: Submission, sent: Sent) -> str:
    """What a submission builds on and what has not come yet, in words; '' when nothing keeps it."""
    if row.replaces and row.replaces.state in OPEN:
        return _("等它所更正的那一份先办完。")
    entity = sent.entity
    if entity is None or row.replaces_id:
        return ""
    before = predecessor(row, sent)
    if before == "missing" or (isinstance(before, Submission) and _unfinished(before)):
        return _("等同一部手机上前一次修改先到。")
    if entity.update and not entity.create and not _is_known(entity.id):
        return _("等新建这一户的那一份先到。")
    return ""


def _is_known(place: UUID) -> bool:
    """Is it on file, or was it brought before, though it still waits to be filed?"""
    return file_of(place) is not None or Submission.objects.filter(place=place, state="settled").exists()


def _unfinished(row: Submission) -> bool:
    if row.state != "trouble":
        return row.state in OPEN
    return not row.result.get("dropped") and not Submission.objects.filter(replaces=row, state="settled").exists()


def predecessor(row: Submission, sent: Sent) -> Submission | str | None:
    """The change before this one in an offline chain: a submission, 'missing', or None where it begins the chain."""
    entity = sent.entity
    if entity is None or entity.branch is None or entity.base is None or entity.base == entity.trunk:
        return None
    if entity.base == 1 and entity.trunk is None:  # it follows the making of the place on the same phone
        creator = Submission.objects.filter(place=entity.id, base__isnull=True).exclude(pk=row.pk).first()
        return creator or (None if _is_known(entity.id) else "missing")
    chain = Submission.objects.filter(branch=entity.branch, base=entity.base - 1).exclude(pk=row.pk)
    return chain.order_by("received_at").first() or "missing"


def free(keys: Iterable[UUID]) -> set[UUID]:
    """Free of these held ones those that nothing keeps any more; returns their keys."""
    rows = Submission.objects.filter(pk__in=list(keys), state="held").select_related("edition", "replaces")
    found = {row.pk for row in rows if not why_wait(row, read(row.xml.encode()))}
    Submission.objects.filter(pk__in=found, state="held").update(state="received")
    return found


def release(row: Submission) -> set[UUID]:
    """Free what waited for this one, once it is done; returns their keys."""
    if _unfinished(row):
        return set()
    waits = Q(replaces=row)
    waits |= Q(place=row.place) if row.place else Q()
    waits |= Q(branch=row.branch) if row.branch else Q()
    keys = set(Submission.objects.filter(waits, state="held").values_list("pk", flat=True))
    Submission.objects.filter(pk__in=keys).update(state="received")
    return keys


# --- being taken -----------------------------------------------------------------------------------------------


def filled_of(row: Submission, sent: Sent) -> Filled:
    """A submission as the room that takes it reads it. Raises Refused where the person may not bring it."""
    form, fill = form_of(row), _fill(row)
    answers = sent.answers([name for name, q in form.questions().items() if q["type"] == "repeat"])
    chosen = as_uuid(answers.pop(PLACE, ""))
    fresh = as_uuid(answers.pop(NEW, ""))
    answers.pop("place_kind", None)
    place, creates = _place(row, sent, chosen, fresh if about_of(form, fill) == "any" else None)
    file = file_of(place) if place and not creates else None
    area = sent.village if len(sent.village) == 12 else (file.area if file else row.area)
    for ground in {area, file.area if file else area}:
        _check_duty(row, fill, ground)
    return Filled(
        id=row.pk, form=form, area=area, by=row.by, answers=answers,
        files={f.name: f.blob_id for f in row.files.all() if f.blob_id}, told=told_of(row), observed_on=row.observed_on,
        place=file.pk if file else place, creates=creates, base=None if creates else base_of(row, sent, place),
    )  # fmt: skip


def _place(row: Submission, sent: Sent, chosen: UUID | None, fresh: UUID | None) -> tuple[UUID | None, bool]:
    """Which place, and whether it is to be made."""
    entity = sent.entity
    was = _result_place(row) if row.replaces_id else None
    if was is None and row.replaces is not None and row.replaces.state == "settled":
        was = row.replaces.place or chosen
    if row.replaces is not None and (was or row.replaces.state == "settled"):
        # The version that this one corrects made the place; where that was taken back, this one makes it anew.
        return was, bool(was and entity and entity.create and is_free(was))
    if entity is None:
        return chosen or fresh, chosen is None and fresh is not None
    exists = _is_known(entity.id)
    if entity.create and not entity.update and exists:
        raise Refused(_("要新建的这一户已经建档，不能再建一次。"))
    return entity.id, not exists and (entity.create or row.forced)


def _result_place(row: Submission) -> UUID | None:
    earlier = row.replaces
    while earlier is not None:
        if earlier.state == "settled" and earlier.result.get("file"):
            return UUID(earlier.result["file"])
        earlier = earlier.replaces
    return None


def _check_duty(row: Submission, fill: Fill, area: str) -> None:
    """He may do it there today, or might on the day he saw it."""
    if not any(scope_of(row.by, on).seat_for(fill.duty, area) for on in (None, row.observed_on)):
        raise Refused(_("%(name)s 不负责“%(area)s”的这项工作。") % {"name": row.by.name, "area": name_of(area)})


def told_of(row: Submission) -> dict[str, dict[str, Any]]:
    """What the phone said of its files when they were taken, by name."""
    said = Promise.objects.filter(instance=row.instance, by=row.by).first()
    return {**(said.files if said else {}), **row.promised}


def base_of(row: Submission, sent: Sent, place: UUID | None) -> dict[str, Any] | None:
    """What the phone showed of the place before the person changed it; None when that is not known.

    As served, and in a chain made offline with the earlier changes of the same phone on top. A correction builds on
    what it corrects, or where that never came into the file or was taken back, on what that was built on.
    """
    if row.replaces is not None:
        was = row.replaces
        return _answers_of(was) if stands(was) or was.gone_on else base_of(was, read(was.xml.encode()), place)
    entity = sent.entity
    if entity is None or place is None:
        return None
    version = entity.trunk if entity.branch and entity.trunk else entity.base
    held = Served.objects.filter(file=place, version=version).first() if version else None
    base = dict(held.values) if held else None
    before = predecessor(row, sent)
    if isinstance(before, Submission) and before.state == "settled" and not before.gone_on:
        earlier = read(before.xml.encode())
        known = base_of(before, earlier, place) if earlier.entity and not earlier.entity.create else base
        return {**(known or {}), **_answers_of(before)}
    return base


def subject_of(row: Submission) -> Any:
    """The matter that a submission became, or None."""
    kind = row.result.get("kind")
    return rooms.model_of(kind)._base_manager.filter(pk=row.result["id"]).first() if kind else None


def stands(row: Submission) -> bool:
    """Was it taken, and not taken back since?"""
    return row.state == "settled" and getattr(subject_of(row), "state", "") != "void"


def _answers_of(row: Submission) -> dict[str, Any]:
    """The public answers of a submission outside repeats, as text."""
    said = {} if row.gone_on else read(row.xml.encode()).answers(())
    questions = form_of(row).questions()
    return {name: value for name, value in said.items() if name in questions and not questions[name]["private"]}


def _settled(row: Submission, filled: Filled, taken: Taken) -> None:
    subject, file = taken.subject, taken.file
    result: dict[str, Any] = {"merged": list(taken.merged), "clash": bool(taken.clashes)}
    if isinstance(subject, Matter):
        result |= {"kind": subject.flow.key, "id": str(subject.pk)}
    if file is not None:
        result["file"] = str(file.pk)
        if taken.clashes:
            clash = Clash(submission=row, file=file, area=file.area, fields=list(taken.clashes))
            flow.move(clash, "report", None)
    row.state, row.result, row.settled_at, row.area = "settled", result, now(), filled.area
    row.promised, row.place = filled.told, row.place or filled.place
    row.tries += 1
    row.save(update_fields=["state", "result", "settled_at", "area", "place", "promised", "tries"])
    for open_one in Trouble.objects.filter(submission__in=[row.pk, row.replaces_id], state="open"):
        flow.move(open_one, "solve", None)


def to_desk(row: Submission, said: dict[str, str]) -> None:
    """A matter on somebody's desk, with the reason (`reason`, `reason_en`) in words."""
    row.state, row.result, reason = "trouble", dict(said), said["reason"]
    row.tries += 1
    row.save(update_fields=["state", "result", "tries"])
    if not Trouble.objects.filter(submission=row, state="open").update(reason=reason):
        flow.move(Trouble(submission=row, reason=reason, area=row.area), "report", None)


def bring_late(row: Submission, late: list[SubmittedFile]) -> None:
    """Photos that come after the answers were taken without them go to the matter that was made."""
    subject = subject_of(row)
    for file in late:
        if _seen(file) and subject is not None and file.blob is not None:
            files.keep(subject, file.blob, file.name, row.by)
