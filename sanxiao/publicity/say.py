"""Facts of the room in words: channels, places, questions; long texts in one line."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sanxiao.docket.models import Rule
from sanxiao.office.places import name_of, names_of

SHORT = 40


def _english() -> bool:
    return (get_language() or "").startswith("en")


def worded(row: dict[str, Any], name: str = "text") -> str:
    """A row of a rule in the language of the screen."""
    return str(row.get(f"{name}_en") or row[name]) if _english() else str(row[name])


def channels(area: str = "", on: date | None = None) -> list[dict[str, Any]]:
    """The channels of a town: code, text, whether it is news (`news`)."""
    return list(Rule.objects.value("publicity.channels", area, on, []))


def channel_names(area: str = "") -> list[tuple[str, str]]:
    """Channels as choices."""
    return [(row["code"], worded(row)) for row in channels(area)]


def channel(code: str) -> str:
    """One channel in words; the code itself where the town has dropped it."""
    return dict(channel_names()).get(code, code)


def place(code: str) -> str:
    """A village by its name."""
    return name_of(code)


def places(codes: Iterable[str]) -> str:
    """Villages by their names; none means the whole ground."""
    wanted = list(codes)
    names = names_of(wanted)
    return _("、").join(names.get(code, code) for code in wanted)


def short(text: Any) -> str:
    """The beginning of a long text, on one line."""
    line = " ".join(str(text).split())
    return line if len(line) <= SHORT else f"{line[:SHORT]}…"


def nothing(_value: Any) -> str:
    """Of a key nothing is said; its words stand beside it."""
    return ""
