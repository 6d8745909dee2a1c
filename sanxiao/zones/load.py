"""What zones take from a town's folder: the chains of steps and the items of a scoring, as dated rules."""

from pathlib import Path
from typing import Any

from sanxiao.archive import expressions
from sanxiao.docket.load import FIRST_DAY, day, rows_of, town_facts
from sanxiao.docket.models import Rule
from sanxiao.zones.chain import ITEMS, STEPS
from sanxiao.zones.rules import FIGURES, FORMS


def load_town(folder: Path) -> str:
    """Bring the chains and items up to date; returns words on how many. Raises ValueError for a row that cannot be."""
    area = town_facts(folder)["code"].ljust(12, "0")
    chains: dict[str, list[dict[str, str]]] = {}
    for row in rows_of(folder / "zone_steps.csv"):
        chains.setdefault(row["chain"], []).append(row)
    for code, rows in chains.items():
        _keep(
            STEPS, area, rows[0]["since"], rows[0]["until"], f"集中区办理步骤（{code}）", f"Steps of a zone ({code})",
            {"chain": code, "steps": [_step(row) for row in rows]},
        )  # fmt: skip
    items = [_item(row) for row in rows_of(folder / "zone_items.csv")]
    _keep(ITEMS, area, "", "", "集中区示范验收评分项目", "Items by which a demonstration zone is scored", items)
    return f"{len(chains)} chains, {len(items)} items"


def _keep(key: str, area: str, since: str, until: str, name: str, name_en: str, value: Any) -> None:
    Rule.objects.update_or_create(
        key=key, area=area, since=day(since) or FIRST_DAY,
        defaults={"name": name, "name_en": name_en, "value": value, "until": day(until), "mark": "P"},
    )  # fmt: skip


def _step(row: dict[str, str]) -> dict[str, Any]:
    if row["form"] not in dict(FORMS):
        raise ValueError(f"zone_steps.csv: {row['step']}: form {row['form']!r}")
    if row["when"]:
        expressions.compiled(row["when"])
    words = ("step", "name", "name_en", "form", "role", "term", "when", "why", "why_en", "clause", "mark", "note")
    lists = {name: [each for each in row[name].split("|") if each] for name in ("after", "opinions")}
    numbers = {name: int(row[name] or 0) for name in ("days", "valid_years")}
    return {**{name: row[name] for name in words}, **lists, **numbers}


def _item(row: dict[str, str]) -> dict[str, Any]:
    if row["figure"] and row["figure"] not in dict(FIGURES):
        raise ValueError(f"zone_items.csv: {row['code']}: figure {row['figure']!r}")
    kinds = [kind for kind in row["kinds"].split("|") if kind]
    return {
        "code": row["code"], "since": row["since"], "until": row["until"], "kinds": kinds, "text": row["text"],
        "text_en": row["text_en"], "points": int(row["points"]), "key": row["key"] == "yes", "figure": row["figure"],
        "least": row["least"], "mark": row["mark"],
    }  # fmt: skip
