"""Small tags that every template may use without loading them."""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from django import template
from django.conf import settings
from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, FileInput, RadioSelect, Select
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from sanxiao.office.places import name_of

register = template.Library()


@lru_cache(maxsize=4)
def _manifest(stamp: float) -> dict[str, str]:
    return json.loads((Path(settings.STATIC_ROOT) / "manifest.json").read_text())


@register.simple_tag
def asset(name: str) -> str:
    """The address of a built file by its plain name; the name as it is where nothing is built yet."""
    manifest = Path(settings.STATIC_ROOT) / "manifest.json"
    if not manifest.exists():
        return static(name)
    return static(_manifest(manifest.stat().st_mtime).get(name, name))


@register.simple_tag
def icons() -> str:
    """The address of the icon sprite."""
    return asset("icons.svg")


@register.simple_tag
def icon(name: str) -> SafeString:
    """An icon that is only an ornament."""
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}#{}"/></svg>', asset("icons.svg"), name)


@register.simple_tag(takes_context=True)
def query(context: dict[str, Any], **changes: Any) -> str:
    """The present query string with some values changed; an empty value leaves the name out."""
    params = context["request"].GET.copy()
    for name, value in changes.items():
        params.pop(name, None)
        if value not in ("", None):
            params[name] = value
    return f"?{params.urlencode()}"


@register.simple_tag(takes_context=True)
def sort_head(context: dict[str, Any], column: Any, sort: str) -> SafeString:
    """A table head that sorts; pressed again it sorts the other way."""
    up, down = column.sort, f"-{column.sort}"
    wanted = up if sort == down else down if sort == up else up
    address = query(context, sort=wanted, after="")
    return format_html('<a href="{}">{}</a>', address, column.name)


@register.simple_tag
def sort_state(column: Any, sort: str) -> str:
    """How the list is sorted by this column, for the head that is read aloud and carries the arrow."""
    return {column.sort: "ascending", f"-{column.sort}": "descending"}.get(sort, "none")


@register.filter
def area_name(code: str) -> str:
    """The name of an area."""
    return name_of(code) if code else ""


@register.inclusion_tag("web/_control.html")
def control(field: BoundField, wide: bool = False, narrow: bool = False) -> dict[str, Any]:
    """A form field as it looks everywhere: label, control, hint, error beside it.

    Choices take the whole width unless they are few and short (`narrow`), as most are in a survey.
    """
    widget = field.field.widget
    choices = isinstance(widget, (RadioSelect, CheckboxSelectMultiple))
    if not choices:
        kind = "form-check-input" if isinstance(widget, CheckboxInput) else "form-control"
        widget.attrs.setdefault("class", "form-select" if isinstance(widget, Select) else kind)
    if isinstance(widget, FileInput):
        widget.attrs.setdefault("data-preview", "")
    if field.errors:
        widget.attrs["aria-invalid"] = "true"
    whole = wide or (choices and not narrow) or "rows" in widget.attrs
    return {"field": field, "choices": choices, "wide": whole, "check": isinstance(widget, CheckboxInput)}


@register.filter
def pretty(value: Any) -> str:
    """A JSON value to read."""
    return json.dumps(value, ensure_ascii=False, indent=2)
