"""裁量基准: between which sums a fine lies by the clause and the degree; who goes beyond says so and why.

A clause of the town's rows may hold its span (`range`): from and to in yuan, or in times of the goods' value where
that is more than `bound`. How a span is shared among the degrees is the dated row `penalty.bands`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from sanxiao.docket.models import Rule
from sanxiao.docket.refusal import Refused

BANDS = {"lenient": [0, 0.3], "normal": [0.3, 0.7], "severe": [0.7, 1]}


@dataclass(frozen=True)
class Band:
    """From, to, and the clause that says so."""

    low: Decimal
    high: Decimal
    law: str

    def holds(self, fine: Decimal) -> bool:
        """Does the fine lie in it?"""
        return self.low <= fine <= self.high

    @property
    def words(self) -> str:
        """'50000 — 65000 元（…）'."""
        return _("%(low)s — %(high)s 元（%(law)s）") % {"low": self.low, "high": self.high, "law": self.law}


def band(
    clauses: Iterable[Mapping[str, Any]], value: Decimal | None, degree: str, area: str, on: date, kind: str = ""
) -> Band | None:
    """The band of the gravest clause that has a span for this kind of place; None where none has, or the degree leaves
    it open."""
    rows = [row for row in clauses if _is_for(row, kind)]
    spans = [(span, str(row.get("basis") or row["law"])) for row in rows if (span := _span(row, value))]
    if not spans:
        return None
    (low, high), law = max(spans, key=lambda each: each[0][1])
    if degree == "mitigated":
        return Band(Decimal(0), low, law)
    shares = Rule.objects.value("penalty.bands", area, on, BANDS).get(degree)
    if shares is None:
        return None
    first, last = (low + (high - low) * Decimal(str(share)) for share in shares)
    return Band(first.quantize(Decimal(1)), last.quantize(Decimal(1)), law)


def _is_for(row: Mapping[str, Any], kind: str) -> bool:
    """Does its span hold for this kind? What the province orders for workshops and vendors goes before the national
    amounts (FSL art. 127)."""
    kinds = (row.get("range") or {}).get("kinds")
    return not kinds or not kind or kind in kinds


def _span(row: Mapping[str, Any], value: Decimal | None) -> tuple[Decimal, Decimal] | None:
    said = row.get("range") or {}
    if value is not None and said.get("bound") is not None and value >= said["bound"]:
        return value * Decimal(str(said["times_min"])), value * Decimal(str(said["times_max"]))
    if said.get("max") is None:
        return None
    return Decimal(str(said.get("min", 0))), Decimal(str(said["max"]))


def span_words(row: Mapping[str, Any], kind: str) -> str:
    """What a clause leaves for a fine, beside its wording; '' where no row says it for this kind."""
    said = row.get("range") or {}
    if said.get("max") is None or not _is_for(row, kind):
        return ""
    words = _("罚款 %(low)s — %(high)s 元") % {"low": said.get("min", 0), "high": said["max"]}
    if said.get("bound") is not None:
        words += _("，货值 %(bound)s 元以上的 %(low)s — %(high)s 倍") % {
            "bound": said["bound"], "low": said["times_min"], "high": said["times_max"],
        }  # fmt: skip
    return f"（{words}）"


def check(case: Any, facts: Mapping[str, Any]) -> None:
    """A fine beyond its band is proposed only by who says that it is. Raises Refused."""
    found = band(facts.get("clauses", []), facts.get("value"), facts.get("degree", ""), case.area, case.rule_on,
                 case.file.kind_id)  # fmt: skip
    if found is None or "fine" not in facts.get("penalties", []) or facts.get("off_scale"):
        return
    if not found.holds(facts["fine"]):
        said = _("裁量基准是 %(band)s。确要超出的，请勾选“超出裁量基准”并在裁量理由里写明。") % {"band": found.words}
        raise Refused(said, {"fine": said}, "invalid")
