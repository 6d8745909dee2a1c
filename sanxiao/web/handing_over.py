"""Handing over a post: to a deputy for a leave, or for good, with all its open work in one step, signed for.

A deputy holds a seat of his own with its last day, which is gone with the next request after it. What stands in a
person's name (places to watch, ground to walk, a seat in a team that has yet to go) goes to the successor with the
receipt; a deputy only acts beside it.
"""

import copy
from collections.abc import Iterator
from datetime import date, timedelta
from functools import reduce
from operator import or_
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import override

from sanxiao.archive.models import Establishment
from sanxiao.docket import flow, rooms
from sanxiao.docket.models import Handover
from sanxiao.docket.refusal import Refused
from sanxiao.field.models import Patch
from sanxiao.office.duties import Scope, scope_of
from sanxiao.office.models import Post, User, prefix_of
from sanxiao.office.now import now, today
from sanxiao.papers import pdf
from sanxiao.web.desk import awaiting
from sanxiao.web.people import ONE_DAY, Entry

MOST = 500  # of one kind on a list
STATES = {
    Handover.OFFERED: "amber", Handover.RECEIVED: "green", Handover.REFUSED: "red", Handover.WITHDRAWN: "grey",
    Handover.ENDED: "grey",
}  # fmt: skip


def open_work(user: User, post: Post | None = None) -> list[dict[str, str]]:
    """Everything that waits for a person today (in one of his posts), as it goes into the list of a hand-over."""
    who = _only_in(user, post) if post else user
    found = []
    for table in rooms.flows():
        if condition := awaiting(table, who):
            for obj in table.model.objects.seen_by(who).filter(condition).order_by("due_on")[:MOST]:
                found.append(_row(obj, table))
    listed = {(row["kind"], row["id"]) for row in found}
    named = (_named(row) for row in in_name_of(user, post))
    return [*found, *(row for row in named if (row["kind"], row["id"]) not in listed)]


def _only_in(user: User, post: Post) -> User:
    """The person as if he held nothing but this post."""
    one = copy.copy(user)
    one._scope = (today(), Scope((post.seat(),)))  # type: ignore[attr-defined]
    return one


def _row(obj: Any, table: Any) -> dict[str, str]:
    due = obj.due_on.isoformat() if obj.due_on else ""
    return {
        "kind": table.key, "id": str(obj.pk), "title": obj.title, "flow": str(table.name),
        "state": str(obj.state_row.name), "due_on": due,
    }  # fmt: skip


def in_name_of(user: User, post: Post | None = None) -> list[Any]:
    """What stands in a person's own name: places that he watches over, ground that he walks."""
    prefix = prefix_of(post.office.area) if post else ""
    ground = Q(area__gte=prefix.ljust(12, "0"), area__lte=prefix.ljust(12, "9"))
    files = Establishment.objects.current().filter(ground, officer=user).select_related("operator", "kind")
    return [*files[:MOST], *Patch.objects.filter(ground, walker=user, until=None)[:MOST], *_in_hand(user, ground)]


def _in_hand(user: User, ground: Q) -> list[Any]:
    """Open matters that name the person as who has them in hand, or as one of a team that has not gone yet."""
    found: dict[Any, Any] = {}
    for model in rooms.models():
        rows = model._base_manager.filter(ground)
        if model.in_hand:
            named = reduce(or_, (Q(**{field: user}) for field in model.in_hand))
            found |= {row.pk: row for row in rows.filter(named, state__in=model.flow.open_states)[:MOST]}
        if team := model.in_team:
            found |= {row.pk: row for row in rows.filter(state__in=team.states) if team.names(row, user)}
    return list(found.values())


def _named(row: Any) -> dict[str, str]:
    if getattr(row, "in_hand", None) or getattr(row, "in_team", None):
        return _row(row, row.flow)
    if isinstance(row, Patch):
        return {"kind": "field.patch", "id": str(row.pk), "title": str(row), "flow": _("责任片区"), "state": "",
                "due_on": ""}  # fmt: skip
    return {"kind": "archive.file", "id": str(row.pk), "title": row.called, "flow": _("负责监管的单位"), "state": "",
            "due_on": ""}  # fmt: skip


def _bad(field: str, said: str) -> Refused:
    return Refused(said, {field: said}, "invalid")


@transaction.atomic
def offer(
    giver: User, post: Post, taker: User, *, acting: bool, since: date, until: date | None, note: str
) -> Handover:
    """Offer one's seat to somebody, for a leave or for good, with the open work listed. Raises Refused."""
    if post.user_id != giver.pk or post.acting:
        raise Refused(_("只能移交自己的岗位。"), code="forbidden")
    if taker.pk == giver.pk:
        raise Refused(_("接手人不能是本人。"), {"taker": _("请选择别人")}, "invalid")
    if acting and not until:
        raise Refused(_("代理须写明止日。"), {"until": _("请填写")}, "invalid")
    if since < today():
        raise _bad("since", _("起日不能早于今天。"))
    if until and until < since:
        raise _bad("until", _("止日不能早于起日。"))
    if Handover.objects.filter(giver=giver, office=post.office, state=Handover.OFFERED).exists():
        raise Refused(_("这个岗位已有一份移交在等签收，请先撤回。"), code="state")
    return Handover.objects.create(
        office=post.office, title=post.title, giver=giver, taker=taker, acting=acting, since=since,
        until=until if acting else None, matters=open_work(giver, post), note=note, at=now(),
    )  # fmt: skip


def matters_of(handover: Handover) -> list[dict[str, str]]:
    """The list: as it is today while nobody has signed, as it was signed for afterwards."""
    post = _post_of(handover)
    return open_work(handover.giver, post) if handover.state == Handover.OFFERED and post else handover.matters


def _post_of(handover: Handover) -> Post | None:
    rows = Post.objects.on().filter(user=handover.giver, office=handover.office, acting=False)
    return rows.select_related("office").first()


@transaction.atomic
def receive(handover: Handover, by: User, accepts: bool) -> None:
    """Sign for a hand-over: the seat begins for the taker; a transfer for good ends the giver's. Raises Refused."""
    _check(handover, by, accepts)
    matters = matters_of(handover)
    taken = Handover.objects.filter(pk=handover.pk, taker=by, state=Handover.OFFERED).update(
        state=Handover.RECEIVED if accepts else Handover.REFUSED, answered_at=now(), matters=matters
    )
    if not taken:
        raise Refused(_("这份交接已办过，或不是交给您的。"), code="state")
    if not accepts:
        return
    if not handover.acting:
        _pass_on(handover, by)
    post = Post.objects.create(
        user=by, office=handover.office, title=handover.title, acting=handover.acting,
        since=handover.since, until=handover.until,
    )  # fmt: skip
    if not handover.acting:
        for old in Post.objects.on(handover.since).filter(user=handover.giver, office=handover.office, acting=False):
            old.until = handover.since - ONE_DAY
            old.save(update_fields=["until"]) if old.until >= old.since else old.delete()
    facts = {"person": by.name, "from": handover.giver.name, "office": str(handover.office)}
    flow.log(Entry("office.post", post), "handover", by, None, facts={**facts, "matters": len(matters)}, on=today())


def _check(handover: Handover, by: User, accepts: bool) -> None:
    if not accepts or handover.state != Handover.OFFERED:
        return  # what was answered before is refused as such
    if handover.until and handover.until < today():
        raise Refused(_("代理的期间已经过了，请退回。"), code="state")
    same = Post.objects.filter(user=by, office=handover.office, since=handover.since, acting=handover.acting)
    if same.exists():
        raise Refused(_("您从这一天起已有这个岗位，请退回。"), code="state")


def _pass_on(handover: Handover, taker: User) -> None:
    """What stands in the giver's name gets the taker's, each with its entry in the log."""
    giver, reason = handover.giver, _("工作移交")
    for row in in_name_of(giver, _post_of(handover)):
        for duty, changes in _changes_of(row, giver, taker):
            if changes and scope_of(giver).seat_for(duty, row.area):
                flow.amend(row, giver, duty, reason=reason, **changes)


def _changes_of(row: Any, giver: User, taker: User) -> Iterator[tuple[str, dict[str, Any]]]:
    """The fields of a row that name the giver as they are for the taker, by the duty that changes them.

    Where the taker is its other person already, both names stay: one person is never both.
    """
    if isinstance(row, Patch):
        yield "coverage.assign", {"walker": taker}
    elif isinstance(row, Establishment):
        yield "file.edit", {"officer": taker}
    else:
        named = {field: getattr(row, f"{field}_id") for field in row.in_hand}
        if taker.pk not in named.values():
            yield from ((row.in_hand[field], {field: taker}) for field, pk in named.items() if pk == giver.pk)
        if row.in_team:
            yield row.in_team.duty, row.in_team.with_other(row, giver, taker)


@transaction.atomic
def withdraw(handover: Handover, by: User) -> None:
    """The giver takes back what nobody has signed for. Raises Refused."""
    rows = Handover.objects.filter(pk=handover.pk, giver=by, state=Handover.OFFERED)
    if not rows.update(state=Handover.WITHDRAWN, answered_at=now()):
        raise Refused(_("这份交接已办过，或不是您移交的。"), code="state")


@transaction.atomic
def end_early(handover: Handover, by: User) -> None:
    """The leave is over before its day, says one of the two: the deputy's seat ends at once. Raises Refused."""
    if by.pk not in (handover.giver_id, handover.taker_id) or not handover.acting:
        raise Refused(_("这份交接已办过，或不是您移交的。"), code="forbidden")
    if not Handover.objects.filter(pk=handover.pk, state=Handover.RECEIVED, until__gte=today()).update(
        state=Handover.ENDED
    ):
        raise Refused(_("代理已经结束。"), code="state")
    for post in Post.objects.filter(user=handover.taker, office=handover.office, acting=True, since=handover.since):
        post.until = today() - timedelta(days=1)
        facts = {"person": handover.taker.name, "office": str(handover.office), "until": post.until}
        flow.log(Entry("office.post", post), "end", by, None, facts=facts)
        post.save(update_fields=["until"]) if post.until >= post.since else post.delete()


def printed(handover: Handover) -> bytes:
    """工作交接清单, to be signed by both and a witness."""
    with override("zh-hans"):
        items = [
            {"kind": row["flow"], "title": row["title"], "state": row["state"], "due": row["due_on"] or None}
            for row in matters_of(handover)
        ]
        span = f"{handover.since} 至 {handover.until}" if handover.until else f"自 {handover.since} 起"
        signed = (
            f"接收人于 {handover.answered_at:%Y-%m-%d} 在系统中签收。" if handover.state == Handover.RECEIVED else ""
        )
        facts = {
            "org": handover.office.name, "from": handover.giver.name, "to": handover.taker.name,
            "from_post": handover.title, "reason": f"{'休假代理' if handover.acting else '整体移交'}，{span}",
            "date": str(handover.since), "counts": _counts(items), "remarks": f"{handover.note}{signed}",
            "items": items or [{"kind": "", "title": "没有未办结事项"}], "generated_at": now(),
            "practice": not settings.REAL,
        }  # fmt: skip
    return pdf.render("handover", facts)


def _counts(items: list[dict[str, Any]]) -> list[list[Any]]:
    kinds: dict[str, int] = {}
    for item in items:
        kinds[item["kind"]] = kinds.get(item["kind"], 0) + 1
    return [[kind, n] for kind, n in kinds.items()]
