"""The chain of steps as dated data: which steps a project has to take, and what comes before a step.

The rule `zone.steps` holds one chain for each period; a project keeps the one of the day on which it was proposed.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any, Protocol

from sanxiao.archive import expressions
from sanxiao.docket.models import Rule
from sanxiao.docket.refusal import Refused

STEPS, ITEMS = "zone.steps", "zone.items"
FIRST = "proposal"  # the step that makes a project of a proposal


class Placed(Protocol):
    """What stands in a chain: a key, what comes before it, whether it is left out, whether it is done."""

    key: str
    after: Any
    state: Any


def chain_on(area: str, day: date) -> tuple[str, list[dict[str, Any]]]:
    """Code and steps of the chain that holds on a day. Raises Refused where the town has none."""
    said = Rule.objects.value(STEPS, area, day)
    if not said:
        raise Refused("zone_steps.csv", code="invalid")
    return said["chain"], said["steps"]


def items_on(area: str, day: date, kind: str) -> list[dict[str, Any]]:
    """The items by which a zone of a kind is scored on a day."""
    rows = Rule.objects.value(ITEMS, area, day, [])
    return [
        row
        for row in rows
        if (not row["kinds"] or kind in row["kinds"])
        and row["since"] <= day.isoformat()
        and (not row["until"] or day.isoformat() <= row["until"])
    ]


def applies(row: Mapping[str, Any], facts: Mapping[str, Any]) -> bool:
    """Does a step apply to a project of this kind and size?"""
    return not row["when"] or expressions.is_true(row["when"], facts)


def before(key: str, steps: Mapping[str, Placed]) -> set[str]:
    """Keys of the steps that come right before one; a step that is left out hands on what comes before itself."""
    found: set[str] = set()
    for earlier in steps[key].after:
        if earlier not in steps:
            continue
        found |= before(earlier, steps) if steps[earlier].state == "skipped" else {earlier}
    return found


def waits_for(key: str, steps: Mapping[str, Placed]) -> list[str]:
    """Keys of the steps before one that are not done yet, in no particular order."""
    return [earlier for earlier in before(key, steps) if steps[earlier].state != "done"]


def followers(key: str, steps: Mapping[str, Placed]) -> Iterator[str]:
    """Keys of the steps that come right after one."""
    return (other for other in steps if steps[other].state != "skipped" and key in before(other, steps))


def by_key(steps: Iterable[Any]) -> dict[str, Any]:
    """Steps by their key."""
    return {step.key: step for step in steps}
