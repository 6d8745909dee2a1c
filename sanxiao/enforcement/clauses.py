"""Clauses of law as dated rows (`clause.<code>`), with the wording that held on a day.

A law that changes gets a new row; the old one stays, for a case keeps the wording of its own day (domain.md 5).
"""

from datetime import date
from typing import Any

from sanxiao.docket.models import Rule

PREFIX = "clause."


def on(day: date, area: str) -> list[dict[str, Any]]:
    """The clauses that held on a day, by code: {"code", "law", "text", "basis", "since"[, "range", "crime"]}."""
    rows = Rule.objects.on(day).filter(key__startswith=PREFIX).order_by("key", "-since")
    found: dict[str, dict[str, Any]] = {}
    for row in rows:
        if area.startswith(row.area.rstrip("0")):
            said: dict[str, Any] = {
                "law": row.name,
                "text": row.value.get("text", ""),
                "basis": row.value.get("basis", ""),
            }
            # Span of a fine (see discretion), and the crime that it is at the same time (see crimes).
            said |= {name: row.value[name] for name in ("range", "crime") if row.value.get(name)}
            found.setdefault(row.key, {"code": row.key.removeprefix(PREFIX), **said, "since": str(row.since)})
    return list(found.values())
