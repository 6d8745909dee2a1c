"""Conditions written like those of the forms (XPath 1.0 with ${field}), evaluated on plain answers.

An answer that is missing is an empty node-set, so a comparison with it is false in every direction:
what is not known makes nothing true.
"""

import re
from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from lxml import etree

from sanxiao.office.now import now, today

EPOCH = date(1970, 1, 1)
_FIELD = re.compile(r"\$\{(\w+)\}")


def _text(value: Any) -> str:
    while isinstance(value, list):
        if not value:
            return ""
        value = value[0]
    return value if isinstance(value, str) else (value.text or "") if hasattr(value, "text") else str(value)


def _days(_context: Any, value: Any) -> float:
    try:
        return float((date.fromisoformat(_text(value)[:10]) - EPOCH).days)
    except ValueError:
        return float("nan")


FUNCTIONS = {
    "selected": lambda _c, values, one: _text(one) in _text(values).split(),
    "count-selected": lambda _c, values: float(len(_text(values).split())),
    "regex": lambda _c, value, pattern: re.fullmatch(_text(pattern), _text(value)) is not None,
    "today": lambda _c: today().isoformat(),
    "now": lambda _c: now().isoformat(),
    "decimal-date-time": _days,
    "if": lambda _c, test, yes, no: yes if test else no,
    "coalesce": lambda _c, one, other: one if _text(one) else other,
}
_EXTENSIONS = {(None, name): act for name, act in FUNCTIONS.items()}


@lru_cache(maxsize=2000)
def compiled(expression: str) -> tuple[etree.XPath, frozenset[str]]:
    """The expression ready to run, and the fields that it names. Raises ValueError on bad grammar."""
    fields = frozenset(_FIELD.findall(expression))
    try:
        return etree.XPath(_FIELD.sub(r"$\1", expression), extensions=_EXTENSIONS), fields
    except etree.XPathSyntaxError as error:
        raise ValueError(f"{expression!r}: {error}") from error


def evaluate(expression: str, answers: Mapping[str, Any], own: Any = "") -> Any:
    """The value of an expression over answers; `own` is what `.` stands for."""
    path, fields = compiled(expression)
    node = etree.SubElement(etree.Element("answers"), "own")
    node.text = as_text(own)
    values = {name: as_text(answers.get(name)) for name in fields}
    return path(node, **{name: value if value != "" else [] for name, value in values.items()})


def is_true(expression: str, answers: Mapping[str, Any], own: Any = "") -> bool:
    """Does the expression hold?"""
    return bool(evaluate(expression, answers, own))


def as_text(value: Any) -> str:
    """An answer as the forms write it: choices with spaces between, dates ISO, yes and no as words."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (list, tuple)):
        return " ".join(str(v) for v in value)
    return value.isoformat() if isinstance(value, (date, datetime)) else str(value)
