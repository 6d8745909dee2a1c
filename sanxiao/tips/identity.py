"""Handlers and their keys; asking for an identity, opening it once, handing it over to another handler."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from sanxiao.docket import flow
from sanxiao.docket.models import Event
from sanxiao.docket.refusal import Refused
from sanxiao.office.duties import DUTIES, LEADS, may, scope_of
from sanxiao.office.models import User
from sanxiao.office.now import today
from sanxiao.tips import sealing
from sanxiao.tips.models import Copy, Handler, Letter, Opening
from sanxiao.tips.rules import OPENING

MOST_HANDLERS = 3


@OPENING.beginning
def begin_opening(user: User, params: dict[str, str]) -> Opening:
    """A request on a letter that this handler may see; 404 for who is no handler."""
    letters = Letter.objects.seen_by(user) if Handler.of(user) else Letter.objects.none()
    letter = get_object_or_404(letters, pk=params.get("letter", ""))
    return Opening(letter=letter, area=letter.area, by=user)


def handlers(area: str) -> list[Handler]:
    """The named handlers of today, of a town."""
    return list(Handler.objects.on().filter(area=area).select_related("user"))


def handlers_anywhere() -> list[Handler]:
    """All named handlers of today."""
    return list(Handler.objects.on())


def name(user: User, by: User) -> Handler:
    """Name a person as handler. Raises Refused: no right, wrong person, too many."""
    seat = scope_of(by).seat_for("handler.name", None)
    if seat is None:
        raise Refused(_("指定专管人员须由领导小组办理。"), code="forbidden")
    if not scope_of(user).roles & DUTIES["tip.identity"].roles(LEADS):
        raise Refused(_("只能指定食安办或者市场监管分局的人。"), {"user": _("请另选")}, "invalid")
    area = seat.prefix.ljust(12, "0")
    if len(handlers(area)) >= MOST_HANDLERS:
        raise Refused(_("专管人员最多 %(n)d 人。") % {"n": MOST_HANDLERS}, {"user": _("先免去一人")}, "invalid")
    if Handler.objects.filter(user=user, until__isnull=True).exists():
        raise Refused(_("已经是专管人员。"), {"user": _("请另选")}, "same")
    with transaction.atomic():
        row = Handler.objects.create(user=user, area=area, since=today())
        flow.log(row, "name", by, seat, facts={"person": user.username})
    return row


def dismiss(row: Handler, by: User) -> None:
    """End a handler's naming; his copies stay until another has taken them over or their time is over."""
    seat = scope_of(by).seat_for("handler.name", row.area)
    if seat is None:
        raise Refused(_("指定专管人员须由领导小组办理。"), code="forbidden")
    if row.until is not None and row.until < today():
        raise Refused(_("已经免去。"), code="same")
    with transaction.atomic():
        Handler.objects.filter(pk=row.pk).update(until=max(today(), row.since), public_key="")
        flow.log(row, "dismiss", by, seat, facts={"person": row.user.username})


def new_key(user: User, passphrase: str, again: str) -> bytes:
    """A key file for this handler; the server keeps the public half. Copies of an older key stay readable by it alone.

    Raises Refused: no handler, weak or mistyped passphrase.
    """
    row = Handler.of(user)
    if row is None:
        raise Refused(_("您没有被指定为专管人员。"), code="forbidden")
    if passphrase != again:
        raise Refused(_("两次口令不一样。"), {"again": _("两次口令不一样")}, "invalid")
    if row.public_key and row.copies.exists():
        raise Refused(_("旧钥匙名下还有密封的身份。请先办移交，再做新钥匙。"), code="guard")
    key = sealing.make_key()
    data = sealing.wrapped(key, passphrase)
    with transaction.atomic():
        Handler.objects.filter(pk=row.pk).update(public_key=sealing.public_of(key), key_since=today())
        flow.log(row, "key", user, scope_of(user).seat_for("tip.identity", row.area))
    return data


def opened(opening: Opening, by: User, key_file: bytes, passphrase: str) -> dict[str, str]:
    """The identity, once, for the handler who asked. Raises Refused."""
    if opening.by_id != by.pk:
        raise Refused(_("只有申请人本人可以查看。"), code="forbidden")
    if opening.state != "agreed":
        raise Refused(_("还没有第二人同意，或者已经看过、过期了。"), code="state")
    key = sealing.unwrapped(key_file, passphrase)
    copies = Copy.objects.filter(letter=opening.letter, handler__user=by)
    mine = copies.filter(handler__public_key=sealing.public_of(key)).first() or copies.first()
    if mine is None:
        raise Refused(_("这一件没有密封给您的一份。请由另一名专管人员查看，或者先办移交。"), code="guard")
    found = sealing.open_with(key, mine.sealed, str(opening.letter_id))
    flow.move(opening, "open", by, within=True)
    return found


def hand_over(by: User, to: Handler, key_file: bytes, passphrase: str, *, leave: bool) -> int:
    """Seal everything that this handler can open to another as well; `leave`: and give up one's own copies.

    Returns how many. Raises Refused: wrong key, nobody to seal to.
    """
    if not to.public_key or to.until is not None or to.user_id == by.pk:
        raise Refused(_("接手的人还没有钥匙，或者不是专管人员。"), {"to": _("请另选")}, "invalid")
    row = Handler.of(by)
    if row is None:
        raise Refused(_("您没有被指定为专管人员。"), code="forbidden")
    key = sealing.unwrapped(key_file, passphrase)
    if row.public_key != sealing.public_of(key):
        wrong = _("钥匙文件或口令不对。")
        raise Refused(wrong, {"key_file": wrong}, "invalid")
    done = 0
    with transaction.atomic():
        for copy in Copy.objects.filter(handler=row):
            letter = str(copy.letter_id)
            said = sealing.open_with(key, copy.sealed, letter)
            sealed = sealing.seal_to(to.public_key, said, letter)
            Copy.objects.update_or_create(letter=copy.letter, handler=to, defaults={"sealed": sealed})
            done += 1
        if leave:
            Copy.objects.filter(handler=row).delete()
            Handler.objects.filter(pk=row.pk).update(public_key="", key_since=None, until=today())
        facts = {"person": to.user.username, "count": done, "leave": leave}
        flow.log(row, "hand_over", by, scope_of(by).seat_for("tip.identity", row.area), facts=facts)
    return done


@dataclass(frozen=True)
class Look:
    """One request to see an identity, as the leading group reads it: nothing of the letter but a short number."""

    on: date
    letter: str
    by: str
    agreed: str
    state: Any


def month_of(said: str) -> tuple[date, date, str, str]:
    """First and last day of a month ('2018-06'; this one for anything else), and the months before and after."""
    try:
        first = date.fromisoformat(f"{said[:7]}-01")
    except ValueError:
        first = today().replace(day=1)
    after = (first + timedelta(days=32)).replace(day=1)
    before = (first - timedelta(days=1)).replace(day=1)
    later = f"{after:%Y-%m}" if after <= today() else ""
    return first, after - timedelta(days=1), f"{before:%Y-%m}", later


def looks_of(since: date, until: date, *_neighbours: str) -> list[Look]:
    """The monthly list: who asked to see an identity, who agreed, whether it was seen; for who named the handlers."""
    rows = list(Opening.objects.filter(rule_on__range=(since, until)).select_related("by").order_by("rule_on", "id"))
    events = Event.objects.filter(subject__in=[row.pk for row in rows], kind=OPENING.key, move__in=("agree", "refuse"))
    second = {event.subject: event.actor.name for event in events.select_related("actor") if event.actor}
    return [
        Look(row.rule_on, str(row.letter_id)[:8].upper(), row.by.name, second.get(row.pk, ""), row.state_row)
        for row in rows
    ]


def may_ask(user: Any, letter: Letter) -> bool:
    """Could this person ask to see who it was?"""
    return Handler.of(user) is not None and may(user, "tip.identity", letter)
