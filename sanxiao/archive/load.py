"""What the archive takes from a town's folder: kinds, the decision table, prohibited foods, boundaries."""

import json
import tomllib
from pathlib import Path

from sanxiao.archive import classify
from sanxiao.archive.models import Kind
from sanxiao.docket.load import FIRST_DAY, day, rows_of, town_facts
from sanxiao.docket.models import Rule


def load_town(folder: Path) -> str:
    """Load kinds and tables; raises ValueError when the decision table has a hole."""
    kinds = list(rows_of(folder / "kinds.csv"))
    for order, row in enumerate(kinds):
        Kind.objects.update_or_create(
            code=row["code"],
            defaults={
                "name": row["name"], "name_en": row["name_en"], "plan_name": row["plan_name"],
                "prefix": row["number_prefix"], "form": row["form"], "route": row["route"],
                "document": row["document"], "order": order, "active": row["active"] == "yes",
            },
        )  # fmt: skip
    _classification(folder)
    _foods(folder)
    _map(folder)
    return f"{len(kinds)} kinds"


def _rule(folder: Path, key: str, name: str, value: object) -> None:
    Rule.objects.update_or_create(
        key=key, area=town_facts(folder)["code"].ljust(12, "0"), since=FIRST_DAY,
        defaults={"name": name, "value": value, "mark": "P"},
    )  # fmt: skip


def _classification(folder: Path) -> None:
    said = tomllib.loads((folder / "facts.toml").read_text(encoding="utf-8"))
    rows = list(rows_of(folder / "classification.csv"))
    classify.check(rows, list(said["fact"]))
    _rule(folder, classify.TABLE, "分类建议表", rows)
    _rule(folder, classify.FACTS, "分类所依事实", said)


def _foods(folder: Path) -> None:
    foods = [
        {**row, "since": str(day(row["since"]) or FIRST_DAY), "keywords": row["keywords"].split("|")}
        for row in rows_of(folder / "prohibited_foods.csv")
    ]
    _rule(folder, "prohibited_foods", "禁止生产经营的食品", foods)


def _map(folder: Path) -> None:
    town = town_facts(folder)["map"]
    shape = json.loads((folder / town["boundaries"]).read_text(encoding="utf-8"))
    _rule(folder, "map.boundaries", "村（社区）界线", shape)
    _rule(folder, "map.view", "地图", {k: town[k] for k in ("centre", "zoom", "notice", "notice_en")})
