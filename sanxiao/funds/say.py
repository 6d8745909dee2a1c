"""Sums, sources and activities in words."""

from decimal import Decimal
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sanxiao.docket.models import Rule


def worded(row: dict[str, Any]) -> str:
    """A row of a rule in the language of the screen."""
    english = (get_language() or "").startswith("en")
    return str(row.get("text_en") or row["text"]) if english else str(row["text"])


def sources(area: str = "") -> list[tuple[str, str]]:
    """Where money may come from."""
    return [(row["code"], worded(row)) for row in Rule.objects.value("funds.sources", area, None, [])]


def source(code: str) -> str:
    """One source in words; the code itself where the town has dropped it."""
    return dict(sources()).get(code, code)


def yuan(amount: Any) -> str:
    """'1,200.50 元'."""
    return _("%(sum)s 元") % {"sum": f"{Decimal(str(amount or 0)):,.2f}"}


def activity(value: Any) -> str:
    """An activity in the log: its name stands on the spending; here the key says nothing."""
    return str(value).partition("|")[2]
