"""One list for all offices: what stands on several offices' lists is one item with each office's mark.

The items are dated rows of the town's folder (`joint_items.csv`), one row for each office; an operation keeps those of
its own day.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import get_language

from sanxiao.joint.models import Finding, Item, Operation, Part, Stop
from sanxiao.office.models import prefix_of


@dataclass(frozen=True)
class Row:
    """One item as an operation has it; `roles` are the offices whose item it is."""

    code: str
    topic: str
    text: str
    law: str
    kinds: tuple[str, ...]
    roles: tuple[str, ...]

    def is_for(self, kind: str) -> bool:
        """Is it asked of this kind of place?"""
        return not self.kinds or kind in self.kinds


def merged(area: str, on: date) -> list[dict[str, Any]]:
    """The items in force on a day, each once, with the roles of all offices that have it; as it is kept."""
    found: dict[str, dict[str, Any]] = {}
    heads = [prefix_of(area)[:width].ljust(12, "0") for width in (2, 4, 6, 9, 12)]
    for item in Item.objects.on(on).filter(area__in=heads):
        row = found.setdefault(item.code, {
            "code": item.code, "topic": item.topic, "topic_en": item.topic_en, "text": item.text,
            "text_en": item.text_en, "law": item.law, "kinds": item.kinds, "roles": [],
        })  # fmt: skip
        row["roles"].append(item.role)
        row["law"] = row["law"] or item.law
    return list(found.values())


def rows_of(operation: Operation) -> list[Row]:
    """The items of an operation: as they were fixed, or (before the notice) as they stand for its day."""
    english = (get_language() or "").startswith("en")
    kept = operation.items or merged(operation.area, operation.held_on)
    return [
        Row(
            row["code"], row["topic_en" if english else "topic"], row["text_en" if english else "text"], row["law"],
            tuple(row["kinds"]), tuple(row["roles"]),
        )
        for row in kept
    ]  # fmt: skip


def roles_of(parts: Iterable[Part]) -> set[str]:
    """The roles that have a say: offices that are asked or come."""
    return {part.office.role for part in parts if part.state not in ("declined", "absent", "dropped")}


def for_stop(stop: Stop, role: str) -> list[Row]:
    """The items of one office at one place."""
    return [row for row in rows_of(stop.operation) if role in row.roles and row.is_for(stop.file.kind_id)]


def left(part: Part) -> int:
    """How many of the office's items have no answer yet at places where somebody has been."""
    rows = rows_of(part.operation)
    stops = part.operation.stops.filter(state="visited").select_related("file")
    wanted = {
        (stop.pk, row.code)
        for stop in stops
        for row in rows
        if part.office.role in row.roles and row.is_for(stop.file.kind_id)
    }
    held = Finding.objects.filter(stop__operation=part.operation_id).values_list("stop", "code")
    return len(wanted - set(held))
