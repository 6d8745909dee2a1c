"""The proposed disposal case and batch, with the reasons: a decision table of the town's folder.

`classification.csv` is read from the top, the first row that fits decides; `facts.toml` says how each
fact follows from the survey. Both become dated rules; a table with a hole is refused when it is loaded.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import product
from typing import Any

from django.utils.translation import get_language

from sanxiao.archive import expressions
from sanxiao.docket.models import Rule

TABLE, FACTS = "classification.table", "classification.facts"


@dataclass(frozen=True)
class Proposal:
    """What the table says of one file; `reasons` are sentences in both languages."""

    case: str = ""
    batch: str = ""
    reasons: list[dict[str, str]] = field(default_factory=list)


def check(rows: list[dict[str, str]], facts: list[str]) -> None:
    """Raise ValueError when some combination of facts fits no row, or a row can never be reached."""
    reached = set()
    for values in product(("yes", "no"), repeat=len(facts)):
        row = first(rows, dict(zip(facts, values, strict=True)))
        if row is None:
            raise ValueError(f"classification.csv says nothing for {dict(zip(facts, values, strict=True))}")
        reached.add(row["order"])
    if idle := {row["order"] for row in rows} - reached:
        raise ValueError(f"classification.csv: rows {sorted(idle)} are never reached")


def first(rows: list[dict[str, str]], known: Mapping[str, str]) -> dict[str, str] | None:
    """The first row whose columns all fit the facts ('any' always fits)."""
    return next((row for row in rows if all(row[f] in ("any", v) for f, v in known.items())), None)


def facts_of(kind: str, answers: Mapping[str, Any], said: Mapping[str, Any], settings: Mapping[str, Any]) -> tuple[
    dict[str, str], list[dict[str, str]]
]:  # fmt: skip
    """The value of every fact, and the reasons that made it so."""
    known = {name: fact["otherwise"] for name, fact in said["fact"].items()}
    reasons = []
    for row in said["reason"]:
        if row["kind"] not in ("*", kind):
            continue
        if "setting" in row and settings.get(row["setting"]) != row["setting_is"]:
            continue
        if expressions.is_true(row["when"], answers):
            known[row["fact"]] = row["value"]
            reasons.append({k: row[k] for k in ("fact", "text", "text_en", "problem") if k in row})
    return known, reasons


def propose(file: Any, on: date | None = None) -> Proposal:
    """The table's proposal for a file by the rules of a day; empty when no table is loaded."""
    table = Rule.objects.value(TABLE, file.area, on)
    said = Rule.objects.value(FACTS, file.area, on)
    if not table or not said:
        return Proposal()
    wanted = {row["setting"] for row in said["reason"] if "setting" in row}
    settings = {key: Rule.objects.value(key, file.area, on) for key in wanted}
    known, reasons = facts_of(file.kind_id, file.facts, said, settings)
    row = first(table, known)
    if row is None:
        return Proposal()
    weighed = {name for name in known if row[name] != "any"}
    because = [r for r in reasons if r["fact"] in weighed] or []
    return Proposal(row["case"], row["batch_code"], [{"text": row["reason"], "text_en": row["reason_en"]}, *because])


def reason_text(reason: Mapping[str, str]) -> str:
    """A reason in the language of the screen."""
    english = (get_language() or "").startswith("en")
    return reason.get("text_en", reason["text"]) if english else reason["text"]
