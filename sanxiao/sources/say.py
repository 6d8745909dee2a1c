"""Facts of this room's acts in words, for timelines."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import get_language

from sanxiao.docket.models import Rule
from sanxiao.office.places import name_of

PROBLEMS = "sources.problems"


def said(row: Mapping[str, Any]) -> str:
    """A problem of the town's list in the language of the screen."""
    return str((row.get("text_en") if (get_language() or "").startswith("en") else "") or row["text"])


def problems(codes: Iterable[str]) -> str:
    """Problems of a check by their codes, in the language of the screen."""
    known = {row["code"]: said(row) for row in Rule.objects.value(PROBLEMS, default=[])}
    return "、".join(known.get(code, code) for code in codes)


def area(code: str) -> str:
    """The name of a village."""
    return name_of(code)
