"""How parts of a file are said in words."""

from typing import Any

from django import template
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sanxiao.archive import classify
from sanxiao.archive.models import Establishment
from sanxiao.docket.models import Rule

register = template.Library()
WEEK = "一二三四五六日"


@register.simple_tag
def missing_name(what: str) -> str:
    """What a file lacks, in words."""
    return {"photo": _("照片"), "position": _("坐标"), "signature": _("经营者签名")}.get(what, what)


@register.filter
def reason_words(reason: dict[str, str]) -> str:
    """A reason of the decision table in the language of the screen."""
    return classify.reason_text(reason)


@register.filter
def window_words(window: dict[str, Any]) -> str:
    """A weekly window: '周一、周三 05:30–09:00'."""
    days = window.get("days", [])
    said = _("每天") if len(days) == 7 else _("周") + "、".join(WEEK[int(d) - 1] for d in days)
    return f"{said} {window.get('from', '')}–{window.get('to', '')}"


@register.simple_tag
def map_notice() -> str:
    """What the map must say of its boundaries."""
    view = Rule.objects.value("map.view", default={})
    english = (get_language() or "").startswith("en")
    return view.get("notice_en" if english else "notice", "")


@register.inclusion_tag("archive/_survey_facts.html")
def survey_facts(file: Establishment) -> dict[str, Any]:
    """The answers of the survey in the words of the form that asked them."""
    labels = Rule.objects.value(f"labels.{file.kind_id}", file.area, default={})
    rows = [(_label(labels, k), _answer(labels, k, v)) for k, v in file.facts.items() if v not in (None, "", [])]
    return {"rows": rows}


def _label(labels: dict[str, Any], name: str) -> str:
    said = labels.get(name, {})
    english = (get_language() or "").startswith("en")
    return said.get("label_en" if english else "label", name)


def _answer(labels: dict[str, Any], name: str, value: Any) -> str:
    choices = labels.get(name, {}).get("choices", {})
    english = (get_language() or "").startswith("en")
    said = [choices.get(v, [v, v])[int(english)] for v in (value if isinstance(value, list) else [value])]
    return "、".join(str(v) for v in said)
