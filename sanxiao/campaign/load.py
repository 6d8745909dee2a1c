"""What the campaign takes from a town's folder: phases.csv, clauses.csv, proofs.csv, leading_group.csv. Repeatable."""

from pathlib import Path
from typing import Any

from sanxiao.campaign.models import Clause, GroupMember, Phase, Proof
from sanxiao.campaign.proving import flaws
from sanxiao.docket import rooms
from sanxiao.docket.load import FIRST_DAY, day, rows_of, town_facts
from sanxiao.docket.models import Rule

TITLE = "campaign.title"


def load_town(folder: Path) -> str:
    """Load the plan; returns words on how much there was."""
    area = town_facts(folder)["code"].ljust(12, "0")
    _title(folder, area)
    counts = {
        "phases": _phases(folder, area),
        "clauses": _clauses(folder, area),
        "rules of proof": _proofs(folder, area),
        "seats of the leading group": _group(folder, area),
    }
    return ", ".join(f"{n} {what}" for what, n in counts.items())


def _title(folder: Path, area: str) -> None:
    """The name of the plan, as printed on it."""
    said = town_facts(folder)["campaign"]
    Rule.objects.update_or_create(
        key=TITLE, area=area, since=FIRST_DAY,
        defaults={
            "name": "专项整治方案名称", "name_en": "Title of the plan", "mark": "V",
            "value": {name: said[name] for name in ("title", "title_en")},
        },
    )  # fmt: skip


def _phases(folder: Path, area: str) -> int:
    rows = list(rows_of(folder / "phases.csv"))
    for row in rows:
        told = {name: row[name] for name in ("kind", "name", "name_en", "clause", "goal")}
        dates = {"since": day(row["since"]) or FIRST_DAY, "until": day(row["until"])}
        Phase.objects.update_or_create(area=area, round="", code=row["code"], defaults=told | dates)
    return len(rows)


def _clauses(folder: Path, area: str) -> int:
    rows = list(rows_of(folder / "clauses.csv"))
    for order, row in enumerate(rows):
        told = {name: row[name] for name in ("parent", "title", "title_en", "kind", "phase", "text")}
        parts = {name: [part for part in row[name].split("|") if part] for name in ("roles", "features")}
        Clause.objects.update_or_create(area=area, number=row["number"], defaults={"order": order, **told, **parts})
    return len(rows)


def _proofs(folder: Path, area: str) -> int:
    """What proves each clause, checked complete. Raises ValueError with everything that is wrong."""
    rows: list[dict[str, Any]] = [{**row, "moves": row["moves"].split("|")} for row in rows_of(folder / "proofs.csv")]
    if not rows:
        return 0
    known = {flow.key: {move.key for move in flow.moves} for flow in rooms.flows()}
    if wrong := flaws(Clause.objects.of_town(area), rows, known):
        raise ValueError(f"{folder / 'proofs.csv'}: {'; '.join(wrong)}")
    for order, row in enumerate(rows):
        told = {name: row[name] for name in ("clause", "role", "kind", "moves", "unit", "need", "name", "name_en")}
        Proof.objects.update_or_create(area=area, key=row["key"], defaults={"order": order, **told})
    Proof.objects.of_town(area).exclude(key__in=[row["key"] for row in rows]).delete()
    return len(rows)


def _group(folder: Path, area: str) -> int:
    rows = list(rows_of(folder / "leading_group.csv"))
    for row in rows:
        told = {name: row[name] for name in ("title", "title_en", "role", "post", "post_en", "in_plan", "clause")}
        GroupMember.objects.update_or_create(area=area, order=int(row["order"]), defaults=told)
    return len(rows)
