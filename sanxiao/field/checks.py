"""调查复核: a share of each surveyor's sheets is drawn by lot and asked again by somebody else.

The draw is repeatable: the same period, share and seed draw the same sheets, whoever draws.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from random import Random
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from sanxiao.docket import flow
from sanxiao.docket.models import Event, Rule
from sanxiao.docket.refusal import Refused
from sanxiao.docket.rooms import Filled, Taken
from sanxiao.field.models import Check, Submission
from sanxiao.field.rules import CHECK
from sanxiao.office.models import User
from sanxiao.office.now import today
from sanxiao.survey import arrival, merging
from sanxiao.survey.models import Form, Sheet

SHARE = 5  # per cent, where the town's rules say nothing
SOURCES = ("phone", "desk")
NOT_COMPARED = ("check_note", "surveyed_on")


def share_of(area: str) -> int:
    """The share of sheets that is checked, by the town's rule of the day, in per cent."""
    return int(Rule.objects.value("backcheck.share_percent", area, default=SHARE))


# --- drawing -----------------------------------------------------------------------------------------------------


def pool(user: User, since: date, until: date) -> QuerySet[Sheet]:
    """The sheets of a period from which is drawn: filled by people, not taken back."""
    rows = Sheet.objects.seen_by(user).filter(source__in=SOURCES, seen_on__gte=since, seen_on__lte=until)
    return rows.exclude(state="void").filter(form__kind__isnull=False)


def drawn(sheets: list[Sheet], share: int, seed: str) -> list[Sheet]:
    """The share of each surveyor's sheets, at least one of each, in the order of their keys."""
    by_surveyor: dict[str, list[Sheet]] = {}
    for sheet in sorted(sheets, key=lambda s: str(s.pk)):
        for name in sheet.surveyors[:1]:
            by_surveyor.setdefault(name, []).append(sheet)
    found = []
    for name, held in sorted(by_surveyor.items()):
        count = math.ceil(len(held) * share / 100)
        found += Random(f"{seed}:{name}").sample(held, count)
    return found


@transaction.atomic
def draw(by: User, since: date, until: date, share: int, seed: str) -> list[Check]:
    """Draw and begin the checks; a sheet that is checked already is not drawn a second time. Raises Refused."""
    if not 1 <= share <= 100:
        raise Refused(_("抽取比例须在 1% 至 100% 之间。"), {"share": _("1 至 100")}, "invalid")
    sheets = list(pool(by, since, until).defer("answers", "sealed", "before", "search"))
    chosen = drawn(sheets, share, seed)
    held = set(Check.objects.filter(sheet__in=chosen).exclude(state="dropped").values_list("sheet_id", flat=True))
    made = []
    for sheet in chosen:
        if sheet.pk not in held:
            row = Check(sheet=sheet, area=sheet.area, seed=seed, share=share, surveyor=sheet.surveyors[0])
            flow.move(row, "draw", by)
            made.append(row)
    return made


# --- checking ----------------------------------------------------------------------------------------------------


@CHECK.predicate("other_person")
def other_person(check: Check, facts: dict[str, Any]) -> bool:
    """Nobody checks himself: neither who signed the sheet nor who sent it."""
    who = facts.get("checker") or check.checker
    return who is None or not is_surveyor(check, who)


def is_surveyor(check: Check, who: User) -> bool:
    """Did this person fill the sheet, by its names or by who sent it?"""
    sent = Event.objects.filter(subject=check.sheet_id, move="send", actor=who).exists()
    return sent or who.name in check.sheet.surveyors


@CHECK.effect("record")
def recorded(check: Check, by: User | None, facts: dict[str, Any]) -> None:
    """The answers of the second visit beside those of the first, question by question."""
    answers = facts.pop("answers", {})
    check.answers = answers
    check.checker, check.checked_on = facts.get("checker") or by, facts.get("checked_on") or today()
    check.asked, check.differing = compared(check.sheet, answers)
    facts |= {"checker": check.checker, "checked_on": check.checked_on, "asked": check.asked}
    facts["differing"] = check.differing


def compared(sheet: Sheet, answers: Mapping[str, Any]) -> tuple[int, list[str]]:
    """How many questions were answered both times, and the names of those answered otherwise."""
    first = first_answers(sheet)
    both = [n for n, value in answers.items() if n not in NOT_COMPARED and value not in merging.BLANK and n in first]
    return len(both), [name for name in both if not merging.alike(name, first[name], answers[name])]


def first_answers(sheet: Sheet) -> dict[str, Any]:
    """What the sheet says, where a check asks for it too."""
    return {"operator_name": sheet.operator, **{n: v for n, v in sheet.answers.items() if v not in merging.BLANK}}


def form() -> Form | None:
    """The check form in use."""
    return Form.objects.filter(code="check").order_by("-published_at", "-id").first()


@transaction.atomic
def take(filled: Filled) -> Taken:
    """A check from a phone: it belongs to the check that waits for this place. Raises Refused."""
    if held := Check.objects.filter(submission=filled.id).first():
        return Taken(held, held.sheet.file)
    check = _waiting(filled.place, filled.by)
    if check is None:
        raise Refused(_("这一户没有等待复核的调查表。"), code="unknown")
    raw = arrival.in_our_words(filled.form, filled.answers)
    told, _doubts = arrival.read(filled.form, raw, check.area, set())
    day, _wrong = arrival.day_of(filled, told.public.get("surveyed_on"))
    check.submission = Submission.objects.filter(pk=filled.id).first()
    facts = {"answers": told.public, "checked_on": day, "checker": filled.by}
    flow.move(check, "record", filled.by, on=day, **facts)
    return Taken(check, check.sheet.file)


def _waiting(place: UUID | None, by: User) -> Check | None:
    mine = Check.objects.seen_by(by).filter(state="drawn", sheet__file=place).select_related("sheet__file")
    return mine.order_by("created_at").first() if place else None


# --- the error rate ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Score:
    """One surveyor: checks drawn and done, questions asked again, and how many were answered otherwise."""

    surveyor: str
    drawn: int
    done: int
    asked: int
    differing: int

    @property
    def rate(self) -> float | None:
        """Share of the questions answered otherwise, in per cent; None before the first check."""
        return round(100 * self.differing / self.asked, 1) if self.asked else None


def scores(user: User) -> list[Score]:
    """The surveyors of one's ground, the highest error rate first; one query."""
    rows = Check.objects.seen_by(user).exclude(state="dropped")
    held: dict[str, list[Check]] = {}
    for check in rows.only("surveyor", "state", "asked", "differing"):
        held.setdefault(check.surveyor, []).append(check)
    found = [_score(name, checks) for name, checks in held.items()]
    return sorted(found, key=lambda s: (-(s.rate if s.rate is not None else -1), s.surveyor))


def _score(name: str, checks: list[Check]) -> Score:
    done = [check for check in checks if check.state == "done"]
    return Score(name, len(checks), len(done), sum(c.asked for c in done), sum(len(c.differing) for c in done))


def sides(check: Check) -> Iterator[tuple[str, Any, Any, bool]]:
    """Question by question: its name, the first answer, the second, and whether they differ."""
    first = first_answers(check.sheet)
    for name, value in check.answers.items():
        if name not in NOT_COMPARED and value not in merging.BLANK:
            yield name, first.get(name), value, name in check.differing
