"""What joint operations take from a town's folder: the items of every office, and the phone's form made of them."""

from itertools import groupby
from pathlib import Path
from typing import Any

from sanxiao.archive.models import Kind
from sanxiao.docket.load import FIRST_DAY, day, rows_of, town_facts
from sanxiao.joint.models import Item
from sanxiao.survey import load, xlsform

FORM, MARK = "joint", "items"  # the form's folder; the group after whose head the items come
PREFIX = "j_"  # of the questions that are items


def load_town(folder: Path) -> str:
    """Load the items and publish the form; returns words on how much there was. Raises ValueError for what is wrong."""
    area = town_facts(folder)["code"].ljust(12, "0")
    rows = list(rows_of(folder / "joint_items.csv"))
    _agree(rows)
    for order, row in enumerate(rows):
        told: dict[str, Any] = {name: row[name] for name in ("topic", "topic_en", "text", "text_en", "law", "mark")}
        told |= {"order": order, "kinds": _kinds(row), "until": day(row["until"])}
        since = day(row["since"]) or FIRST_DAY
        Item.objects.update_or_create(area=area, code=row["code"], role=row["role"], since=since, defaults=told)
    new = _publish(folder, rows)
    return f"{len(rows)} joint items, {new} new form"


def _kinds(row: dict[str, str]) -> list[str]:
    return [kind for kind in row["kinds"].split("|") if kind]


def _agree(rows: list[dict[str, str]]) -> None:
    """Rows of one code are one item: they say the same, whoever's they are. Raises ValueError."""
    for code, same in groupby(sorted(rows, key=lambda row: row["code"]), key=lambda row: row["code"]):
        words = {(row["text"], row["text_en"], row["topic"], row["kinds"], row["since"]) for row in same}
        if len({row[0] for row in words}) > 1:
            raise ValueError(f"joint_items.csv, {code}: one item has two texts")


def _publish(folder: Path, rows: list[dict[str, str]]) -> int:
    """The form of the folder with a question for every item; a new version only where one changed."""
    if not rows or not (folder / "forms" / FORM).is_dir():
        return 0
    said = xlsform.source(folder, FORM)
    at = next(n for n, row in enumerate(said["survey"]) if row["name"] == MARK) + 1
    empty = dict.fromkeys(said["survey"][0], "")
    said["survey"][at:at] = [empty | question for question in _questions(rows)]
    return int(load.publish(None, said))


def _questions(rows: list[dict[str, str]]) -> Any:
    """For every item of today an answer, a note where something is wrong, and a photo."""
    kinds = set(Kind.objects.values_list("code", flat=True))
    for no, (code, same) in enumerate(
        groupby((row for row in rows if not row["until"]), key=lambda row: row["code"]), 1
    ):
        held = list(same)
        first, name = held[0], f"{PREFIX}{code}"
        when = _any("role", [row["role"] for row in held])
        if wanted := [kind for kind in _kinds(first) if kind in kinds]:
            when = f"({when}) and ({_any('kind', wanted)})"
        label = {"label": first["text"], "label::English (en)": first["text_en"]}
        yield {"type": "select_one joint_answer", "name": name, "code": str(no), **label, "relevant": when,
               "export": f"{no}项"}  # fmt: skip
        wrong = f"${{{name}}} = 'no'"
        yield {"type": "text", "name": f"{name}_note", "code": str(no), "label": f"第{no}项：是什么问题",
               "label::English (en)": f"Item {no}: what is wrong", "required": "yes", "relevant": wrong,
               "export": f"{no}项说明"}  # fmt: skip
        yield {"type": "image", "name": f"{name}_photo", "code": str(no), "label": f"第{no}项的照片",
               "label::English (en)": f"Item {no}: photo", "relevant": wrong, "parameters": "max-pixels=1600",
               "private": "yes", "export": f"{no}项照片"}  # fmt: skip


def _any(question: str, values: list[str]) -> str:
    return " or ".join(f"${{{question}}} = '{value}'" for value in values)
