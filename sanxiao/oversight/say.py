"""What stands as data in this room's matters, in words of the screen's language."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from sanxiao.docket import rooms
from sanxiao.office.models import Office
from sanxiao.oversight.sorts import SORTS


def short(text: str, most: int = 40) -> str:
    """The first words of a text on one line."""
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 1]}…"


def team(said: Iterable[Mapping[str, Any]]) -> str:
    """Names of a team."""
    return _("、").join(row["name"] for row in said)


def units(said: Any) -> str:
    """Names of units by their keys."""
    keys = said if isinstance(said, list) else [said]
    return _("、").join(str(office) for office in Office.objects.filter(pk__in=keys))


def sorts(said: Iterable[str]) -> str:
    """What is drawn from."""
    return _("、").join(str(SORTS[key].name) for key in said if key in SORTS)


def act(kind: str, move: str) -> str:
    """What an office says that it has done."""
    flow = rooms.flow_of(kind)
    return f"{flow.name} · {flow.row(move).name}" if flow.has(move) else str(flow.name)
