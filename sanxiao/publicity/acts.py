"""What the moves of texts and acts of publicity do, and the units that have done none."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from sanxiao.docket import files, flow
from sanxiao.docket.refusal import Refused
from sanxiao.office.duties import DUTIES, LEADS, Seat, scope_of
from sanxiao.office.models import Office, User, prefix_of
from sanxiao.office.now import today
from sanxiao.publicity import say
from sanxiao.publicity.models import Act, Text
from sanxiao.publicity.rules import ACT, TEXT


def seat_of(user: User, duty: str) -> Seat | None:
    """The first seat by which a person leads a duty."""
    leads = DUTIES[duty].roles(LEADS)
    return next((seat for seat in scope_of(user).seats if seat.role in leads), None)


def ground_of(user: User, duty: str) -> str:
    """The area for which a person does a duty, as 12 digits; '' without one."""
    seat = seat_of(user, duty)
    return seat.prefix.ljust(12, "0") if seat else ""


# --- texts -------------------------------------------------------------------------------------------------------


@TEXT.beginning
def begin_text(user: User, params: dict[str, str]) -> Text:
    """A text for one's own ground; with `after` a new edition of one that is there."""
    text = Text(area=ground_of(user, "publicity.text"))
    before = Text.objects.seen_by(user).filter(area=text.area, code=params.get("after", "")[:30]).first()
    if before:
        text.code, text.title, text.body = before.code, before.title, before.body
    return text


@TEXT.effect("publish")
def published(text: Text, by: User | None, _facts: dict[str, Any]) -> None:
    """The edition before ends."""
    for old in Text.objects.filter(area=text.area, code=text.code, state="current").exclude(pk=text.pk):
        flow.move(old, "replace", by, within=True)


# --- acts --------------------------------------------------------------------------------------------------------


@ACT.beginning
def begin_act(user: User, _params: dict[str, str]) -> Act:
    """An act of one's own unit, on its ground."""
    seat = seat_of(user, "publicity.do")
    act = Act(area=ground_of(user, "publicity.do"), by=user)
    if seat:
        act.office_id = seat.office_id
    return act


@ACT.predicate("day_has_come")
def day_has_come(act: Act, facts: dict[str, Any]) -> bool:
    """Nothing was done before its day; asked when a day is told."""
    day = facts.get("done_on")
    return day is None or day <= today()


@ACT.predicate("says_something")
def says_something(act: Act, facts: dict[str, Any]) -> bool:
    """With a text, or in words; asked when it is done."""
    if not facts:
        return True
    return bool(facts.get("text") or act.text_id or str(facts.get("wording") or act.wording).strip())


@ACT.effect("plan", "record")
def begun(act: Act, by: User | None, facts: dict[str, Any]) -> None:
    """Known channels and villages of one's own ground alone; the pictures that came with it are kept."""
    pictures = facts.pop("photos", [])
    if act.channel not in dict(say.channel_names(act.area)):
        raise Refused(_("请选一个渠道。"), {"channel": _("请选择")}, "invalid")
    if wrong := [code for code in act.grounds if not code.startswith(prefix_of(act.area))]:
        said = _("不在本单位辖区：%(names)s") % {"names": say.places(wrong)}
        raise Refused(said, {"grounds": said}, "invalid")
    for picture in pictures:
        files.keep(act, picture, getattr(picture, "name", _("现场")), by, role="photo")


@ACT.effect("withdraw")
def withdrawn(act: Act, _by: User | None, facts: dict[str, Any]) -> None:
    """The log says how many it was told to have reached, so that the figures can take them off."""
    facts["reach"] = act.reach


def units(user: User, on: date | None = None) -> list[Office]:
    """Units on a person's ground that should make publicity: every village and every office (plan 六（三）)."""
    leads = DUTIES["publicity.do"].roles(LEADS)
    prefixes = tuple(seat.prefix for seat in scope_of(user).seats)
    rows = Office.objects.on(on).filter(role__in=leads)
    mine = [office for office in rows if office.area.startswith(prefixes)] if prefixes else []
    return sorted(mine, key=lambda office: (office.role != "village", office.area, office.pk))


@dataclass(frozen=True)
class Tally:
    """What one unit has done in a span: acts, news among them, people reached."""

    office: Office
    acts: int
    news: int
    reach: int


def tallies(user: User, since: date, until: date) -> list[Tally]:
    """Every unit on a person's ground with what it did between two days, those that did nothing first."""
    news = {row["code"] for row in say.channels() if row.get("news")}
    counts: dict[int, list[int]] = defaultdict(lambda: [0, 0, 0])
    for office, channel, reach in Act.objects.done(since, until).values_list("office", "channel", "reach"):
        for place, n in enumerate((1, channel in news, reach or 0)):
            counts[office][place] += n
    rows = [Tally(office, *counts[office.pk]) for office in units(user, min(until, today()))]
    return sorted(rows, key=lambda row: row.acts > 0)
