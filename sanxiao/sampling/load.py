"""What sampling takes from a town's folder: the foods that are sampled, each with its usual items."""

from pathlib import Path
from typing import Any

from sanxiao.docket.load import FIRST_DAY, rows_of, town_facts
from sanxiao.docket.models import Rule
from sanxiao.sampling.rules import BREACHES, LIMIT_KINDS
from sanxiao.sampling.say import FOODS


def load_town(folder: Path) -> str:
    """Read sampling_items.csv into the dated row `sampling.foods`. Raises ValueError for a row that cannot be."""
    found: dict[str, dict[str, Any]] = {}
    for row in rows_of(folder / "sampling_items.csv"):
        food = found.setdefault(row["food"], _food(row))
        food["words"] += [word for word in row["words"].split("|") if word]
        if row["item"]:
            food["items"].append(_item(row))
    area = town_facts(folder)["code"].ljust(12, "0")
    Rule.objects.update_or_create(
        key=FOODS, area=area, since=FIRST_DAY,
        defaults={"name": "抽检食品和通常项目", "name_en": "Foods sampled and their usual items",
                  "value": list(found.values()), "mark": "S"},
    )  # fmt: skip
    return f"{len(found)} foods, {sum(len(food['items']) for food in found.values())} items"


def _food(row: dict[str, str]) -> dict[str, Any]:
    kinds = [kind for kind in row["kinds"].split("|") if kind]
    return {
        "code": row["food"],
        "name": row["name"],
        "name_en": row["name_en"],
        "kinds": kinds,
        "words": [],
        "items": [],
    }


def _item(row: dict[str, str]) -> dict[str, Any]:
    if row["limit"] not in dict(LIMIT_KINDS) or row["breach"] not in dict(BREACHES):
        raise ValueError(f"sampling_items.csv: {row['item']}: limit {row['limit']!r}, breach {row['breach']!r}")
    return {
        "item": row["item"], "item_en": row["item_en"], "unit": row["unit"], "limit_kind": row["limit"],
        "breach": row["breach"], "microbe": row["microbe"] == "yes",
    }  # fmt: skip
