"""分派: which office a letter goes to, by dated rows of problem × place × season, and the bench that tries a draft.

The narrowest row wins: one that names the problem before one that does not, then the longer area, then the one with
a season, then the later one. The unit that is told of never gets the letter.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.db import transaction

from sanxiao.docket.load import FIRST_DAY, day, rows_of, town_facts
from sanxiao.office.models import Office, User, prefix_of
from sanxiao.office.now import today
from sanxiao.tips.models import Complaint, Letter, Report, Route

FALLBACK = ("bureau", "fso")  # where no row says anything, and where the accused would have got it


def load_town(folder: Path) -> str:
    """Routes of a town's folder, once: afterwards they are the town's own, changed on the page."""
    if Route.objects.exists():
        return "routes as they are"
    town = town_facts(folder)["code"].ljust(12, "0")
    rows = [
        Route(
            problem=row["problem"], area=row["area"] or town, role=row["role"], note=row["note"],
            from_month=int(row["from_month"]) if row["from_month"] else None,
            to_month=int(row["to_month"]) if row["to_month"] else None,
            since=day(row["since"]) or FIRST_DAY, until=day(row["until"]),
        )
        for row in rows_of(folder / "routes.csv")
    ]  # fmt: skip
    Route.objects.bulk_create(rows)
    return f"{len(rows)} routes"


def narrowness(row: Route) -> tuple[Any, ...]:
    """How particular a row is; the most particular that fits wins."""
    return bool(row.problem), len(prefix_of(row.area)), row.from_month is not None, row.since, str(row.pk)


def fits(row: Route, problem: str, area: str, on: date) -> bool:
    """Is the row about this problem, place and time?"""
    return row.problem in ("", problem) and area.startswith(prefix_of(row.area)) and row.in_season(on)


def best(rows: Iterable[Route], problem: str, area: str, on: date) -> Route | None:
    """The row that decides, None where none fits."""
    return max((row for row in rows if fits(row, problem, area, on)), key=narrowness, default=None)


def live(on: date) -> list[Route]:
    """The rows in force on a day."""
    return list(Route.objects.on(on).filter(draft_of__isnull=True))


def office_for(letter: Letter, rows: list[Route] | None = None) -> Office | None:
    """The office for a letter on the day it came."""
    found = best(live(letter.received_on) if rows is None else rows, letter.problem, letter.area, letter.received_on)
    roles = [*([found.role] if found else []), *FALLBACK]
    for role in roles:
        office = _office(role, letter.area, letter.received_on)
        if office is not None and office.pk != letter.accused_id:
            return office
    return None


def _office(role: str, area: str, on: date) -> Office | None:
    rows = Office.objects.on(max(on, today())).filter(role=role)
    return next((office for office in rows if area.startswith(prefix_of(office.area))), None)


# --- the bench ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Change:
    """One old letter that a draft would send elsewhere."""

    track: Any
    old: Office | None
    new: Office | None
    by: Route | None


def drafted(user: User, on: date) -> list[Route]:
    """The rules as they would be with this person's draft, as if it had held on the day."""
    drafts = list(Route.objects.filter(draft_of=user))
    taken_out = {row.ends_id for row in drafts}
    return [row for row in live(on) if row.pk not in taken_out] + [row for row in drafts if row.role]


def replay(user: User, days: int = 365) -> tuple[list[Change], int]:
    """What the draft would change: every track of the last days that the person may see, under both sets of rules."""
    since = today() - timedelta(days=days)
    changes, looked = [], 0
    rules: dict[date, tuple[list[Route], list[Route]]] = {}
    for model in (Complaint, Report):
        for track in model.objects.seen_by(user).filter(rule_on__gte=since).select_related("letter__accused"):
            letter, looked = track.letter, looked + 1
            if letter.received_on not in rules:
                rules[letter.received_on] = live(letter.received_on), drafted(user, letter.received_on)
            before, after = rules[letter.received_on]
            old, new = office_for(letter, before), office_for(letter, after)
            if old != new:
                rule = best(after, letter.problem, letter.area, letter.received_on)
                changes.append(Change(track, old, new, rule))
    return changes, looked


def publish(user: User, since: date) -> int:
    """Put a draft in force from a day on; rows that it takes out end the day before. Returns how many rows."""
    rows = list(Route.objects.filter(draft_of=user).select_related("ends"))
    with transaction.atomic():
        for row in rows:
            if row.ends:
                if row.ends.since >= since:
                    row.ends.until = row.ends.since  # it never came to hold longer than a day
                else:
                    row.ends.until = since - timedelta(days=1)
                row.ends.save(update_fields=["until"])
            if row.role:
                row.draft_of, row.since, row.ends = None, since, None
                row.save()
            else:
                row.delete()
    return len(rows)
