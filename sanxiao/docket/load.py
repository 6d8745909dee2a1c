"""What the ground floors take from a town's folder: areas, offices, the calendar, dated rules.

Loading is repeatable: a row that is there already is brought up to date, one that a town added by
hand is left alone.
"""

import csv
import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from sanxiao.docket import terms
from sanxiao.docket.models import CalendarDay, Rule
from sanxiao.office.models import Area, Office

FIRST_DAY = date(2000, 1, 1)


def rows_of(path: Path) -> Iterator[dict[str, str]]:
    """Rows of a CSV file of the town's folder; lines that begin with # are notes. No file: no rows."""
    if not path.exists():
        return
    with path.open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(line for line in lines if not line.startswith("#"))


def town_facts(folder: Path) -> dict[str, Any]:
    """`town.toml`: code, names, title of the campaign."""
    return tomllib.loads((folder / "town.toml").read_text(encoding="utf-8"))


def day(text: str) -> date | None:
    """A date of a CSV cell; empty is None."""
    return date.fromisoformat(text) if text else None


def load_town(folder: Path) -> str:
    """Load areas, offices, calendar and rules; returns words on how much there was."""
    counts = {
        "areas": _areas(folder),
        "offices": _offices(folder),
        "days": _calendar(folder),
        "rules": _rules(folder),
    }
    terms.recount()
    return ", ".join(f"{n} {what}" for what, n in counts.items())


def _areas(folder: Path) -> int:
    rows = list(rows_of(folder / "areas.csv"))
    for row in rows:
        Area.objects.update_or_create(
            code=row["code"],
            since=day(row["since"]) or FIRST_DAY,
            defaults={
                "name": row["name"], "name_en": row["name_en"], "level": row["level"],
                "until": day(row["until"]), "source": row["source"],
            },
        )  # fmt: skip
    return len(rows)


def _offices(folder: Path) -> int:
    """The ten offices and the leading group of the town, and one office for every village."""
    town = town_facts(folder)["code"].ljust(12, "0")
    made = 0
    for row in rows_of(folder / "offices.csv"):
        if row["role"] == "village":
            grounds = Area.objects.filter(level__in=["village", "community"], code__startswith=town[:9])
            for area in grounds:
                _office(row, area.code, area.name, area.name_en, area.since, area.until)
                made += 1
        else:
            since = day(row["since"]) or FIRST_DAY
            _office(row, town, row["name"], row["name_en"], since, day(row["until"]))
            made += 1
    return made


def _office(row: dict[str, str], area: str, name: str, name_en: str, since: date, until: date | None) -> None:
    Office.objects.update_or_create(
        role=row["role"],
        area=area,
        since=since,
        defaults={
            "name": name, "name_en": name_en, "aliases": row["aliases"], "clause": row["clause"],
            "duty": row["duty"], "until": until,
        },
    )  # fmt: skip


def _calendar(folder: Path) -> int:
    days = [
        CalendarDay(day=date.fromisoformat(row["date"]), working=row["working"] == "1", name=row["name"])
        for row in rows_of(folder / "calendar.csv")
    ]
    CalendarDay.objects.bulk_create(
        days, update_conflicts=True, unique_fields=["day"], update_fields=["working", "name"]
    )
    return len(days)


def _rules(folder: Path) -> int:
    path, town = folder / "rules.toml", town_facts(folder)["code"].ljust(12, "0")
    rules = tomllib.loads(path.read_text(encoding="utf-8"))["rule"] if path.exists() else []
    for rule in rules:
        Rule.objects.update_or_create(
            key=rule["key"],
            area=rule.get("area", town),
            since=rule.get("since") or FIRST_DAY,
            defaults={
                "name": rule["name"], "name_en": rule.get("name_en", ""), "value": rule["value"],
                "unit": rule.get("unit", ""), "until": rule.get("until"), "law": rule.get("law", ""),
                "mark": rule.get("mark", ""), "source": rule.get("source", ""), "note": rule.get("note", ""),
            },
        )  # fmt: skip
    return len(rules)
