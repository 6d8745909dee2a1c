"""Handing over a post: to a deputy for a leave, or for good, with all its open work in one step, signed for.

A deputy holds a seat of his own with its last day, which is gone with the next request after it. What stands in a
person's name (places to watch, ground to walk, a seat in a team that has yet to go) goes to the successor with the
receipt, whoever leads the duty: one's own name is one's own to give. What cannot go is named with its reason. A deputy
only acts beside it.
"""

import copy
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from functools import reduce
from operator import or_
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from sanxiao.archive.models import Establishment
from sanxiao.docket import flow, rooms
from sanxiao.docket.models import Handover
from sanxiao.docket.refusal import Refused
from sanxiao.field.models import Patch
from sanxiao.office.duties import DUTIES, LEADS, Scope, scope_of
from sanxiao.office.models import Post, User, prefix_of
from sanxiao.office.now import now, today
from sanxiao.papers import pdf
from sanxiao.tips.models import Handler
from sanxiao.web.desk import awaiting
from sanxiao.web.people import ONE_DAY, Entry

MOST = 500  # of one kind on a list
WITH_THE_SEAT, IN_HIS_NAME, STAYS_TWO, STAYS_SEALED = "seat", "name", "two", "sealed"
HOW = {
    WITH_THE_SEAT: gettext_lazy("随岗位"),
    IN_HIS_NAME: gettext_lazy("改为接手人的名字"),
    STAYS_TWO: gettext_lazy("仍在原名下：接手人已是另一名承办人，请另定一人"),
    STAYS_SEALED: gettext_lazy("不随岗位：请本人凭密钥在“身份专管”里移交"),
}
BESIDE = gettext_lazy("名字不变，代理期间代办")
STAY = (STAYS_TWO, STAYS_SEALED)
STATES = {
    Handover.OFFERED: "amber", Handover.RECEIVED: "green", Handover.REFUSED: "red", Handover.WITHDRAWN: "grey",
    Handover.ENDED: "grey",
}  # fmt: skip


def open_work(user: User, post: Post | None = None, taker: User | None = None) -> list[dict[str, str]]:
    """Everything that waits for a person today (in one of his posts), as it goes into the list of a hand-over.

    `how` says of each what becomes of it: it goes with the seat, gets the successor's name, or stays behind and why.
    """
    who = _only_in(user, post) if post else user
    named = {(row["kind"], row["id"]): row for row in (_named(each, user, taker) for each in in_name_of(user, post))}
    found = []
    for table in rooms.flows():
        if condition := awaiting(table, who):
            rows = table.model.objects.seen_by(who).filter(condition).order_by("due_on")
            listed = [_row(obj, table) for obj in rows[:MOST]]
            found += [named.pop((row["kind"], row["id"]), row) for row in listed]
            if len(listed) == MOST and (more := rows.count() - MOST):
                found.append(
                    _line(table.key, "", _("另有 %(n)d 件，见工作台") % {"n": more}, str(table.name), WITH_THE_SEAT)
                )
    return [*found, *named.values(), *_sealed(user, post)]


def _only_in(user: User, post: Post) -> User:
    """The person as if he held nothing but this post."""
    one = copy.copy(user)
    one._scope = (today(), Scope((post.seat(),)))  # type: ignore[attr-defined]
    return one


def _line(kind: str, pk: str, title: str, flow_name: str, how: str) -> dict[str, str]:
    return {"kind": kind, "id": pk, "title": title, "flow": flow_name, "state": "", "due_on": "", "how": how}


def _row(obj: Any, table: Any) -> dict[str, str]:
    due = obj.due_on.isoformat() if obj.due_on else ""
    told = _line(table.key, str(obj.pk), obj.title, str(table.name), WITH_THE_SEAT)
    return {**told, "state": str(obj.state_row.name), "due_on": due}


def in_name_of(user: User, post: Post | None = None) -> list[Any]:
    """What stands in a person's own name: places that he watches over, ground that he walks, work in his hands."""
    prefix = prefix_of(post.office.area) if post else ""
    ground = Q(area__gte=prefix.ljust(12, "0"), area__lte=prefix.ljust(12, "9"))
    files = Establishment.objects.current().filter(ground, officer=user).select_related("operator", "kind")
    return [*files, *Patch.objects.filter(ground, walker=user, until=None), *_in_hand(user, post)]


def _in_hand(user: User, post: Post | None) -> list[Any]:
    """Open matters that name the person as who has them in hand, or as one of a team that has not gone yet.

    A team may go to ground that is not his own: such a matter goes with any post, unless another of his covers it.
    """
    kept = _other_grounds(user, post) if post else ()
    found: dict[Any, Any] = {}
    for model in rooms.models():
        rows = model._base_manager.filter(state__in=model.flow.open_states)
        if model.in_hand:
            found |= {row.pk: row for row in rows.filter(reduce(or_, (Q(**{field: user}) for field in model.in_hand)))}
        if team := model.in_team:
            found |= {row.pk: row for row in rows.filter(state__in=team.states) if team.names(row, user)}
    own = prefix_of(post.office.area) if post else ""
    return [row for row in found.values() if row.area.startswith(own) or not row.area.startswith(kept)]


def _other_grounds(user: User, post: Post) -> tuple[str, ...]:
    others = Post.objects.on().filter(user=user, acting=False).exclude(pk=post.pk).select_related("office")
    return tuple(prefix_of(other.office.area) for other in others)


def _named(row: Any, giver: User, taker: User | None) -> dict[str, str]:
    passes = taker is None or any(changes for _duty, changes in _changes_of(row, giver, taker))
    how = IN_HIS_NAME if passes else STAYS_TWO
    if getattr(row, "in_hand", None) or getattr(row, "in_team", None):
        return {**_row(row, row.flow), "how": how}
    if isinstance(row, Patch):
        return _line("field.patch", str(row.pk), str(row), _("责任片区"), how)
    return _line("archive.file", str(row.pk), row.called, _("负责监管的单位"), how)


def _sealed(user: User, post: Post | None) -> list[dict[str, str]]:
    """The key to informers' identities goes with no seat: its holder hands it over himself, with the key."""
    handler, roles = Handler.of(user), DUTIES["tip.identity"].roles(LEADS)
    if handler is None or not handler.public_key or (post and post.office.role not in roles):
        return []
    return [_line("tips.handler", str(handler.pk), _("举报人身份专管密钥"), _("举报线索"), STAYS_SEALED)]


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
        until=until if acting else None, matters=open_work(giver, post, taker), note=note, at=now(),
    )  # fmt: skip


def matters_of(handover: Handover) -> list[dict[str, str]]:
    """The list: as it is today while nobody has signed, as it was signed for afterwards."""
    post = _post_of(handover)
    open_ = handover.state == Handover.OFFERED and post
    return open_work(handover.giver, post, handover.taker) if open_ else handover.matters


def told(matters: Iterable[dict[str, str]], *, acting: bool) -> list[dict[str, Any]]:
    """The lines of a list with what becomes of each in words, and whether it stays behind; those first."""
    rows: list[dict[str, Any]] = []
    for row in matters:
        how = row.get("how", "")  # lists of before do not say
        beside = acting and how in (IN_HIS_NAME, STAYS_TWO)
        rows.append({**row, "said": BESIDE if beside else HOW.get(how, ""), "stays": how in STAY and not beside})
    return sorted(rows, key=lambda row: not row["stays"])


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
    giver, post = handover.giver, _post_of(handover)
    for row in in_name_of(giver, post):
        for duty, changes in _changes_of(row, giver, taker):
            if changes:
                seat = scope_of(giver).seat_for(duty, row.area) or (post.seat() if post else None)
                flow.succeed(row, giver, seat, _("工作移交"), **changes)


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
            {
                "kind": row["flow"],
                "title": row["title"],
                "state": row["state"],
                "due": row["due_on"] or None,
                "note": str(row["said"]),
            }
            for row in told(matters_of(handover), acting=handover.acting)
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
