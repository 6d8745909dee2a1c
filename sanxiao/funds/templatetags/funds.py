"""Sums on a page: in groups of three, with fen, as accounts are written whatever the language."""

from decimal import Decimal
from typing import Any

from django import template

register = template.Library()


@register.filter
def yuan(amount: Any) -> str:
    """1,200.50."""
    return f"{Decimal(amount or 0):,.2f}"
