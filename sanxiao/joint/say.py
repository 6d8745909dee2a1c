"""Facts of many parts in words, for the timeline."""

from typing import Any

from django.utils.translation import gettext as _

from sanxiao.joint.rules import ANSWERS, WAYS


def people(rows: list[dict[str, Any]]) -> str:
    """The names."""
    return _("、").join(row["name"] for row in rows)


def count(rows: list[Any]) -> str:
    """How many."""
    return _("%(n)d 人") % {"n": len(rows)}


def targets(rows: list[dict[str, Any]]) -> str:
    """The places by name."""
    return _("、").join(row["name"] for row in rows)


def offices(rows: list[dict[str, Any]]) -> str:
    """The offices by name, each with its task."""
    return _("；").join(_("%(office)s：%(task)s") % {"office": r["name"], "task": r["task"] or "—"} for r in rows)


def way(row: dict[str, Any]) -> str:
    """What was moved, and which way."""
    names = dict(WAYS)
    return f"{row.get('name', '')} {names.get(row.get('way', ''), '')}".strip()


def answers(rows: dict[str, dict[str, Any]]) -> str:
    """How many items were answered, how many of them found something."""
    wrong = sum(row.get("a") == "no" for row in rows.values())
    names = dict(ANSWERS)
    return _("%(n)d 项，%(word)s %(wrong)d 项") % {"n": len(rows), "word": names["no"], "wrong": wrong}
