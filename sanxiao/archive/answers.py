"""Answers of the survey, and lists of the town's rules, in words."""

from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sanxiao.archive.models import Establishment
from sanxiao.docket.models import Rule


def is_english() -> bool:
    """Is the screen English?"""
    return (get_language() or "").startswith("en")


def in_words(file: Establishment) -> list[tuple[str, str]]:
    """The answers in the words and in the order of the form that asked them; empty ones are left out."""
    labels = Rule.objects.value(f"labels.{file.kind_id}", file.area, default={})
    there = sorted((k for k, v in file.facts.items() if v not in (None, "", [])), key=lambda k: _place(labels, k))
    return [(_label(labels, k), _answer(labels, k, file.facts[k])) for k in there]


def _place(labels: dict[str, Any], name: str) -> int:
    """Where the question stands in its form; those that no form has any more come last."""
    return labels.get(name, {}).get("no", len(labels) + 1)


def _label(labels: dict[str, Any], name: str) -> str:
    said = labels.get(name, {})
    return said.get("label_en" if is_english() else "label", name)


def _answer(labels: dict[str, Any], name: str, value: Any) -> str:
    choices = labels.get(name, {}).get("choices", {})
    said = [choices.get(v, [v, v])[int(is_english())] for v in (value if isinstance(value, list) else [value])]
    return _("、").join(str(v) for v in said)


def listed(key: str, area: str) -> list[tuple[str, str]]:
    """A list of the town's rules (`reason.close` …) as code and text."""
    rows = Rule.objects.value(key, area, default=[])
    return [(row["code"], row["text_en"] if is_english() and row.get("text_en") else row["text"]) for row in rows]
