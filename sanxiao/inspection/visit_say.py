"""Facts of a visit in one line each, for its timeline."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _


def team(rows: Iterable[Mapping[str, Any]]) -> str:
    """'陈伟、吴昊'."""
    return _("、").join(str(row["name"]) for row in rows)


def answers(rows: Mapping[str, Mapping[str, Any]]) -> str:
    """'25 项，不合格 2 项'."""
    failed = sum(row.get("a") == "no" for row in rows.values())
    return _("%(all)d 项，不合格 %(failed)d 项") % {
        "all": sum(bool(row.get("a")) for row in rows.values()),
        "failed": failed,
    }
