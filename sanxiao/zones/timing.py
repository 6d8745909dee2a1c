"""The steps of a zone in time: what was planned, what was, what is to be expected; and who held it how long."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils.timezone import localtime

from sanxiao.docket.models import Event, Rule, the_calendar
from sanxiao.office.now import today
from sanxiao.zones import path
from sanxiao.zones.chain import before, by_key
from sanxiao.zones.models import Opinion, Step, Zone
from sanxiao.zones.path import Bar, Span, Task
from sanxiao.zones.rules import STEP

VILLAGE = "village"
BY_VILLAGE = ("ready", "returned", "held", "working", "refused", "expired")
BY_OFFICE = ("requested", "accepted")


# --- the path ----------------------------------------------------------------------------------------------------


def spans_of(step: Step, lengths: Mapping[str, Span], prep: int) -> tuple[Span, ...]:
    """How long a step takes: preparing, acceptance, opinions and decision by their terms, or its planned days."""
    if step.form == "work":
        return ((step.zone.build_days or step.days, "d"),)
    if step.form != "approval":
        return ((step.days, "d"),)
    spans: list[Span] = [(prep, "d"), lengths["ZONE_ACCEPT"]]
    spans += [lengths["ZONE_OPINION"]] if step.consults else []
    return (*spans, lengths[step.term]) if step.term in lengths else tuple(spans)


def lengths_on(area: str, day: date) -> tuple[dict[str, Span], int]:
    """The terms of steps as they were on a day, and the days for preparing papers; one query for each."""
    found: dict[str, Span] = {}
    for key in ("ZONE_ACCEPT", "ZONE_OPINION", "ZONE_REVIEW", "ZONE_PERMIT", "EIA_REPORT", "EIA_TABLE"):
        if row := Rule.objects.at(f"term.{key}", area, day):
            found[key] = (int(row.value["length"]), row.unit)
    return found, int(Rule.objects.value("zone.prep_days", area, day, 0))


def bars_of(zone: Zone, steps: Sequence[Step], on: date | None = None) -> dict[str, Bar]:
    """The bars of the steps that apply, as they look on a day (today)."""
    known = by_key(steps)
    lengths, prep = lengths_on(zone.area, zone.rule_on)
    tasks = []
    for step in steps:
        if step.state in ("skipped", "ended"):
            continue
        step.zone = zone
        started = step.ready_on if step.state != "waiting" else None
        ended = step.finished_on if step.state in ("done", "expired") else None
        tasks.append(Task(step.key, tuple(before(step.key, known)), spans_of(step, lengths, prep), started, ended))
    return path.schedule(tasks, zone.rule_on, on or today(), the_calendar())


# --- who holds it ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Held:
    """A step lay with an office from a day on; `until` None: it lies there now."""

    step: Step
    role: str
    since: date
    until: date | None

    @property
    def days(self) -> int:
        """Calendar days so far."""
        return ((self.until or today()) - self.since).days


def held(steps: Sequence[Step]) -> list[Held]:
    """Who held these steps when, from the log: two queries for any number of steps.

    While opinions are asked for, the step lies with those who have not answered, and with nobody else.
    """
    known = {step.pk: step for step in steps}
    opinions = list(Opinion.objects.filter(step__in=known).select_related("office"))
    moves: dict[UUID, list[Event]] = defaultdict(list)
    rows = Event.objects.filter(subject__in=known, kind=STEP.key)
    for event in rows.order_by("id").only("subject", "to", "frm", "on"):
        if event.to != event.frm:
            moves[event.subject].append(event)
    found = [one for pk, step in known.items() for one in _of_step(step, moves[pk])]
    return sorted(found + [one for o in opinions for one in _of_opinion(o, known[o.step_id], moves[o.step_id])],
                  key=lambda one: one.since)  # fmt: skip


def _of_step(step: Step, moves: Sequence[Event]) -> Iterable[Held]:
    for event, following in zip(moves, [*moves[1:], None], strict=True):
        role = VILLAGE if event.to in BY_VILLAGE else step.role if event.to in BY_OFFICE else ""
        if role:
            yield Held(step, role, event.on, following.on if following else None)


def _of_opinion(opinion: Opinion, step: Step, moves: Sequence[Event]) -> Iterable[Held]:
    """From the day on which it was asked until it answered, or until nobody waited for it any more."""
    if opinion.asked_on is None:
        return
    over = [event.on for event in moves if event.frm == "consulting" and event.on >= opinion.asked_on]
    until = opinion.answered_on
    if over and (until is None or over[0] < until):
        until = over[0]
    if opinion.state == "ended" and until is None:
        until = localtime(opinion.updated_at).date()
    yield Held(step, opinion.office.role, opinion.asked_on, until)


def now_held(rows: Iterable[Held]) -> dict[UUID, list[Held]]:
    """Who holds each step now, by the step's key."""
    found: dict[UUID, list[Held]] = defaultdict(list)
    for one in rows:
        if one.until is None:
            found[one.step.pk].append(one)
    return dict(found)


@dataclass
class Load:
    """What lay with an office: how often, how many days in all, what lies there now and the longest of it."""

    role: str
    times: int = 0
    days: int = 0
    now: int = 0
    longest: int = 0

    @property
    def average(self) -> int:
        """Days each time."""
        return round(self.days / self.times) if self.times else 0


def loads(rows: Iterable[Held]) -> list[Load]:
    """Days held by office, the one with the most first."""
    found: dict[str, Load] = {}
    for one in rows:
        line = found.setdefault(one.role, Load(one.role))
        line.times += 1
        line.days += one.days
        if one.until is None:
            line.now += 1
            line.longest = max(line.longest, one.days)
    return sorted(found.values(), key=lambda line: (-line.days, line.role))
