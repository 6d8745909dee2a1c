"""How parts of a file are said in words."""

from typing import Any

from django import template
from django.utils.translation import gettext as _

from sanxiao.archive import answers, classify
from sanxiao.archive.models import Establishment
from sanxiao.archive.rules import WEEKDAYS
from sanxiao.docket.models import Rule

register = template.Library()


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
    said = _("每天") if len(days) == 7 else _("、").join(str(dict(WEEKDAYS).get(int(d), d)) for d in days)
    return f"{said} {window.get('from', '')}–{window.get('to', '')}"


@register.simple_tag
def map_notice() -> str:
    """What the map must say of its boundaries."""
    view = Rule.objects.value("map.view", default={})
    return view.get("notice_en" if answers.is_english() else "notice", "")


@register.inclusion_tag("archive/_survey_facts.html")
def survey_facts(file: Establishment) -> dict[str, Any]:
    """The answers of the survey in the words of the form that asked them."""
    return {"rows": answers.in_words(file)}
