"""What guidance takes from a town's folder: leaflets with their versions, and the bank of questions."""

from pathlib import Path
from typing import Any

from sanxiao.archive.models import Kind
from sanxiao.docket import flow
from sanxiao.docket.load import FIRST_DAY, day, rows_of, town_facts
from sanxiao.docket.models import Rule
from sanxiao.guidance.models import Leaflet


def load_town(folder: Path) -> str:
    """Publish the leaflets that are new and take in the questions; returns words on how many there are."""
    area = town_facts(folder)["code"].ljust(12, "0")
    listed = list(rows_of(folder / "leaflets.csv"))
    new = sum(_leaflet(folder, area, row) for row in listed)
    questions = _questions(folder, area)
    return f"{len(listed)} leaflets, {new} new, {questions} questions"


def _leaflet(folder: Path, area: str, row: dict[str, str]) -> bool:
    """A version that is there already stays as it was published."""
    if Leaflet.objects.filter(area=area, code=row["code"], edition=row["version"]).exists():
        return False
    words = folder / "leaflets"
    leaflet = Leaflet(area=area)
    facts: dict[str, Any] = {
        "code": row["code"], "edition": row["version"], "since": day(row["since"]) or FIRST_DAY,
        "kinds": [kind for kind in row["kinds"].split("|") if kind], "title": row["title"], "title_en": row["title_en"],
        "text": (words / f"{row['file']}.txt").read_text(encoding="utf-8").strip(),
        "text_en": (words / f"{row['file']}.en.txt").read_text(encoding="utf-8").strip(),
    }  # fmt: skip
    flow.move(leaflet, "publish", None, within=True, **facts)
    return True


def _questions(folder: Path, area: str) -> int:
    """The bank, as one dated rule for each kind."""
    by_kind: dict[str, list[dict[str, Any]]] = {}
    for row in rows_of(folder / "questions.csv"):
        by_kind.setdefault(row.pop("kind"), []).append(row)
    for kind in Kind.objects.filter(pk__in=list(by_kind)):
        Rule.objects.update_or_create(
            key=f"quiz.{kind.pk}", area=area, since=FIRST_DAY,
            defaults={
                "name": f"测试题（{kind.name}）", "name_en": f"Test questions ({kind.name_en})",
                "value": by_kind[kind.pk], "mark": "P",
            },
        )  # fmt: skip
    return sum(map(len, by_kind.values()))
