"""Revisits of closed places: planned by the night watch, once for each step, at an hour drawn by lot; and recorded."""

import secrets
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from sanxiao.docket import flow
from sanxiao.docket.models import Rule
from sanxiao.docket.refusal import Refused, Stale
from sanxiao.inspection import visits
from sanxiao.lookback import alarms, windows
from sanxiao.lookback.models import Revisit, proofs
from sanxiao.lookback.rules import REVISIT
from sanxiao.lookback.watching import Closure, closures
from sanxiao.lookback.windows import Terms
from sanxiao.office.models import User
from sanxiao.office.now import now, today

DAYS, YEARS, LEEWAY, AHEAD = (7, 30, 90), 2, 6, 14  # where the town's rules say nothing
ANY_HOUR = {"key": "any", "name": "不定时", "name_en": "Any hour", "from": "08:00", "to": "18:00"}


def terms_of(area: str, on: date) -> Terms:
    """The town's rules of the day on which a place was closed."""
    return Terms(
        tuple(Rule.objects.value("look_back.days", area, on, list(DAYS))),
        int(Rule.objects.value("look_back.years", area, on, YEARS)),
        int(Rule.objects.value("look_back.leeway_days", area, on, LEEWAY)),
        tuple(Rule.objects.value("look_back.windows", area, on, [])),
    )


def plan() -> int:
    """Plan what is to be visited soon; returns how many were planned. Safe to run twice, and side by side."""
    held = set(Revisit.objects.values_list("closing", "step"))
    found = closures()
    standing = [closure for closure in found if closure.is_open and not closure.file.merged_into_id]
    _drop({closure.event for closure in found} - {closure.event for closure in standing})
    return sum(_plan(closure, held) for closure in standing)


def _plan(closure: Closure, held: set[tuple[int, int]]) -> int:
    terms = terms_of(closure.file.area, closure.on)
    ahead = int(Rule.objects.value("look_back.ahead_days", closure.file.area, default=AHEAD))
    reached = windows.step_due(closure.on, terms, today(), ahead)
    if reached is None or (closure.event, reached[0]) in held:
        return 0
    try:
        with transaction.atomic():
            flow.move(drawn(closure, *reached, terms), "plan", None, due=reached[1])
            for row in Revisit.objects.filter(closing=closure.event, state="planned", step__lt=reached[0]):
                flow.move(row, "miss", None)  # the next one has come, and nobody was there for this one
    except Stale:
        return 0  # another watch was quicker
    return 1


def drawn(closure: Closure, step: int, due: date, terms: Terms) -> Revisit:
    """A revisit, not yet saved, with its day and hour by lot."""
    since = max(due, today())
    until, seed = since + timedelta(days=terms.leeway), secrets.token_hex(6)
    try:
        day, window = windows.draw(seed, since, until, terms.windows)
    except ValueError:  # no rule, or none that opens in these days
        day, window = windows.draw(seed, since, until, [ANY_HOUR])
    file = closure.file
    return Revisit(
        file=file, area=file.area, closing=closure.event, closed_on=closure.on, how=closure.how, step=step,
        visit_on=day, window={key: window.get(key, "") for key in ("key", "name", "name_en", "from", "to")},
        until_on=until, seed=seed,
    )  # fmt: skip


def _drop(closings: set[int]) -> None:
    """What is open again by the book, or lives on in another file, is not revisited any more."""
    for row in Revisit.objects.filter(state="planned").select_related("file"):
        if row.closing in closings:
            flow.move(row, "drop", None)


def to_come(closure: Closure) -> list[tuple[int, date]]:
    """The steps of a closing that are not planned yet: number and day from which each is due."""
    last = Revisit.objects.filter(closing=closure.event).order_by("-step").values_list("step", flat=True).first() or 0
    ahead = today()
    return [(n, due) for n, due in windows.steps(closure.on, terms_of(closure.file.area, closure.on))
            if n > last and due > ahead]  # fmt: skip


# --- recording ---------------------------------------------------------------------------------------------------


@REVISIT.predicate("in_time")
def in_time(revisit: Revisit, facts: dict[str, Any]) -> bool:
    """After the closing, and not in the future."""
    seen_at = facts.get("seen_at")
    if seen_at is None:
        return True
    return seen_at <= now() + timedelta(minutes=1) and timezone.localtime(seen_at).date() >= revisit.closed_on


@REVISIT.predicate("proof")
def has_proof(revisit: Revisit, facts: dict[str, Any]) -> bool:
    """A photo of the place, asked when it is recorded: the button itself waits for none."""
    return not facts or proofs([revisit.pk]).exists()


@REVISIT.effect("still", "other")
def visited(revisit: Revisit, by: User, facts: dict[str, Any]) -> None:
    """Two people, and they are two. A visit of the kind 回头看 is on record with it."""
    if facts.get("companion") == by.name:
        said = _("须两个人到场，请写另一位的姓名。")
        raise Refused(said, {"companion": said}, "invalid")
    along = [who for _office, people in visits.colleagues(revisit.area) for who in people]
    team = [by, *(who for who in along if who.name == revisit.companion)]
    revisit.visit = visits.note(
        revisit.file, by=by, on=revisit.seen_on, team=team, why=f"revisit:{revisit.pk}", cause=str(REVISIT.name)
    )


@REVISIT.effect("revived")
def revived(revisit: Revisit, by: User, facts: dict[str, Any]) -> None:
    """The bureau has it on its desk in the same moment."""
    visited(revisit, by, facts)
    alarms.found(revisit)
