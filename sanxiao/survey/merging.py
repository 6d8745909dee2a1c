"""Three values of one question: as the phone was given it, as the phone brings it, as the file holds it now.

Pure. A value that only one side has touched is that side's; one that both touched differently is for a person to
choose, and until he has, the office's stands. What a phone was never given (personal numbers, hours) or does not
say that it was given counts as touched by the phone; whether the office touched it meanwhile, the log knows.
"""

import math
from collections.abc import Mapping, Set
from typing import Any

from sanxiao.archive import expressions

TAKE, KEEP, CLASH, SAME = "take", "keep", "clash", "same"
BLANK: tuple[Any, ...] = (None, "", [])
NEAR_M = 30.0  # two readings of one position differ by as much
DEGREE = 111_320.0


def weigh(
    theirs: Mapping[str, Any], ours: Mapping[str, Any], base: Mapping[str, Any] | None, touched: Set[str]
) -> dict[str, str]:
    """For every question that the phone brings: take · keep · clash · same.

    `base`: by question what the phone was given, None where it was empty; a question that is not in it was not
    given. None: nothing is known of what it was given. `touched`: questions that the office changed meanwhile.
    """
    return {name: _one(name, value, ours.get(name), base, touched) for name, value in theirs.items()}


def _one(name: str, new: Any, now: Any, base: Mapping[str, Any] | None, touched: Set[str]) -> str:
    if alike(name, now, new):
        return SAME
    if base is None or name not in base:
        return CLASH if name in touched else TAKE
    if alike(name, base[name], now):
        return TAKE
    return KEEP if alike(name, base[name], new) else CLASH


def alike(name: str, one: Any, other: Any) -> bool:
    """Are two values of a question the same? Choices in any order, a position within a few steps."""
    if one in BLANK or other in BLANK:
        return one in BLANK and other in BLANK
    if one == other:
        return True
    if name == "location":
        away = metres(point(one), point(other))
        return away is not None and away <= NEAR_M
    if isinstance(one, list) or isinstance(other, list):
        return sorted(_words(one)) == sorted(_words(other))
    return expressions.as_text(one) == expressions.as_text(other)


def _words(value: Any) -> list[str]:
    return [str(v) for v in value] if isinstance(value, list) else str(value).split()


def point(value: Any) -> tuple[float, float] | None:
    """A position as [lat, lng] or as the form's text 'lat lng altitude accuracy'; None when it is neither."""
    parts = value if isinstance(value, (list, tuple)) else str(value or "").split()
    try:
        return float(parts[0]), float(parts[1])
    except (IndexError, ValueError, TypeError):
        return None


def metres(one: tuple[float, float] | None, other: tuple[float, float] | None) -> float | None:
    """The distance of two points, None where one is wanting. Flat earth: good for a village."""
    if one is None or other is None:
        return None
    east = (one[1] - other[1]) * math.cos(math.radians((one[0] + other[0]) / 2))
    return DEGREE * math.hypot(one[0] - other[0], east)
