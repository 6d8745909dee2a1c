"""Answers by the code on the notice: the code itself, what is sent by it, how it is taken over or sent back.

The code stands in place of an account: whoever holds the paper may answer, and sees only what stands on the paper.
It holds as long as the order is open. Nothing that is sent so changes the order; somebody of the village or the
bureau accepts it, and then it is an ordinary report for re-check.
"""

import uuid
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from sanxiao.docket import files, flow
from sanxiao.docket.models import Attachment, Blob
from sanxiao.docket.refusal import Refused, Stale
from sanxiao.inspection.answer_models import Answer, AnswerLink
from sanxiao.inspection.answer_rules import ANSWER
from sanxiao.inspection.models import Order, Problem
from sanxiao.inspection.rules import ORDER, PROBLEM
from sanxiao.office.models import User
from sanxiao.office.now import now
from sanxiao.papers import codes, qr

Picture = tuple[Blob, str]  # what is stored, and the name under which it came
AN_HOUR = 20  # answers by one code
WAITING = ("open", "lapsed")


# --- the code ----------------------------------------------------------------------------------------------------


def link_of(order: Order) -> AnswerLink | None:
    """The code of an order that holds today, if there is one."""
    return AnswerLink.objects.filter(order=order, ended_at__isnull=True).first()


def new_link(order: Order, by: User | None) -> AnswerLink:
    """A new code; the one before opens nothing any more."""
    AnswerLink.objects.filter(order=order, ended_at__isnull=True).update(ended_at=now())
    return AnswerLink.objects.create(order=order, made_by=by, made_at=now())


def address(link: AnswerLink) -> str:
    """Where the code leads."""
    return settings.PUBLIC_BASE_URL + reverse("answer", args=[link.code])


def alive(code: str) -> AnswerLink | None:
    """What a code opens today; None for a wrong one, one taken back, and one whose order is over, all alike."""
    plain = codes.plain(code)
    rows = AnswerLink.objects.filter(code=plain, ended_at__isnull=True, order__state__in=ORDER.open_states)
    return rows.select_related("order__file").first() if plain else None


@ORDER.effect("link")
def linked(order: Order, by: User | None, _facts: dict[str, Any]) -> None:
    """The paper that is out there may be in wrong hands: its code ends, a new one is printed."""
    new_link(order, by)


@ORDER.effect("unlink")
def unlinked(order: Order, _by: User | None, _facts: dict[str, Any]) -> None:
    """No code opens this order."""
    AnswerLink.objects.filter(order=order, ended_at__isnull=True).update(ended_at=now())


@ORDER.predicate("has_link")
def has_link(order: Order, _facts: dict[str, Any]) -> bool:
    """There is a code to take back."""
    return link_of(order) is not None


# --- sending -----------------------------------------------------------------------------------------------------


def send(link: AnswerLink, problem: Problem, done: str, pictures: Sequence[Picture], token: str) -> Answer:
    """One answer; the same send twice is one answer. A newer one takes the place of one that nobody has looked at.

    `token` is drawn with the page: it names this send. Raises Refused with words for the operator.
    """
    key = uuid.uuid5(link.pk, f"{token}:{problem.no}")
    if held := Answer.objects.filter(pk=key).first() or _same(problem, done, pictures):
        return held
    if problem.state not in WAITING:
        raise Refused(_("这一项已经申请复查或已经办结，不用再发。"), code="state")
    if Answer.objects.filter(link=link, created_at__gte=now() - timedelta(hours=1)).count() >= AN_HOUR:
        raise Refused(_("发得太多了，请过一小时再发，或给村里打电话。"), code="too-many")
    answer = Answer(id=key, link=link, order=link.order, problem=problem, file=problem.file, area=problem.area)
    try:
        with transaction.atomic():
            _drop(problem)
            flow.move(answer, "send", None, done=done, pictures=pictures)
    except Stale:  # the same press twice at once
        if held := Answer.objects.filter(pk=key).first() or _same(problem, done, pictures):
            return held
        raise
    return answer


def _same(problem: Problem, done: str, pictures: Sequence[Picture]) -> Answer | None:
    """The waiting answer of the same words and pictures: the page was opened anew and sent again."""
    waiting = Answer.objects.filter(problem=problem, state="sent", done=done).first()
    if waiting is None:
        return None
    kept = set(Attachment.objects.filter(subject=waiting.pk).values_list("blob_id", flat=True))
    return waiting if kept == {blob.pk for blob, _name in pictures} else None


@ANSWER.effect("send")
def sent(answer: Answer, _by: User | None, facts: dict[str, Any]) -> None:
    """Its words and pictures; the log holds how many."""
    answer.done = facts["done"]
    pictures = facts.pop("pictures")
    for blob, name in pictures:
        files.keep(answer, blob, name, None, role="after")
    facts["photos"] = len(pictures)


# --- taking over -------------------------------------------------------------------------------------------------


@ANSWER.predicate("still_waits")
def still_waits(answer: Answer, _facts: dict[str, Any]) -> bool:
    """The problem is not yet reported."""
    return answer.problem.state in WAITING


@ANSWER.effect("accept")
def accepted(answer: Answer, by: User | None, facts: dict[str, Any]) -> None:
    """The pictures become the problem's own proof, and the order is reported for re-check."""
    problem = answer.problem
    for each in photos_of([answer])[answer.pk]:
        place = (each.lat, each.lng) if each.lat is not None and each.lng is not None else None
        files.keep(problem, each.blob, each.name, by, role="after", taken_at=each.taken_at, place=place)
    flow.move(answer.order, "report", by, within=True, answers=[{"no": problem.no, "done": answer.done}])
    facts["no"] = problem.no


@ANSWER.effect("return")
def returned(answer: Answer, _by: User | None, facts: dict[str, Any]) -> None:
    """The operator reads the reason by the same code."""
    answer.reason = facts["reason"][:300]


@PROBLEM.effect("answer", "pass", "fail", "drop")
def not_needed(problem: Problem, _by: User | None, _facts: dict[str, Any]) -> None:
    """Reported or judged in another way: an answer that still waits is not needed."""
    _drop(problem)


def _drop(problem: Problem) -> None:
    for answer in Answer.objects.filter(problem=problem, state="sent").select_related("file", "problem"):
        flow.move(answer, "drop", None)


# --- at the desk -------------------------------------------------------------------------------------------------


def photos_of(answers: Sequence[Answer]) -> dict[uuid.UUID, list[Attachment]]:
    """Pictures of answers by the answer's key; one query."""
    found: dict[uuid.UUID, list[Attachment]] = {answer.pk: [] for answer in answers}
    rows = Attachment.objects.filter(subject__in=list(found), voided_at__isnull=True)
    for each in rows.select_related("blob"):
        found[each.subject].append(each)
    return found


def at_desk(order: Order, user: User) -> list[Answer]:
    """Answers of an order with `pictures` and `offers`: those that wait first, as the problems follow each other on the
    notice, then the newest; in a fixed number of queries."""
    rows = Answer.objects.seen_by(user).filter(order=order).exclude(state="dropped")
    listed = rows.select_related("problem", "file")
    found = sorted(listed, key=lambda a: (a.state != "sent", a.problem.no if a.state == "sent" else 0))
    pictures = photos_of(found)
    for answer in found:
        answer.pictures = pictures[answer.pk]
        answer.offers = [
            row for row in flow.rows_from(answer) if row.duty and flow.seat_for(row, answer, user)
        ]  # fmt: skip
    return found


def desk_context(order: Order, user: User) -> dict[str, Any]:
    """What the order's page says of the code and of what came by it."""
    link = link_of(order) if order.is_open else None
    shown = {"link": link, "address": address(link), "code": qr.scalable(address(link))} if link else {}
    answers = at_desk(order, user)
    return {"answers": answers, "waiting_answers": sum(a.state == "sent" for a in answers), **shown}
