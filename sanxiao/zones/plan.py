"""The plan of units: many at once by a run or by pasted lines, and how they lie on the page. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

MOST_ACROSS, MOST_DOWN = 40, 200


def run_of(
    prefix: str,
    first: int,
    last: int,
    across: int,
    *,
    row: int = 1,
    area_m2: Decimal | None = None,
    kind: str = "stall",
) -> list[dict[str, Any]]:
    """Numbers first to last, so many in a row, from a row on; numbers are as wide as the last one."""
    width = len(str(last)) if first > 0 and last >= 10 else 1
    return [
        {
            "number": f"{prefix}{number:0{width}}", "row": row + at // across, "col": 1 + at % across,
            "area_m2": area_m2, "kind": kind,
        }
        for at, number in enumerate(range(first, last + 1))
    ]  # fmt: skip


def pasted(text: str, kinds: Iterable[tuple[str, Any]]) -> tuple[list[dict[str, Any]], list[str]]:
    """Lines 'number, row, column, area?, kind?' (comma or tab), and what is wrong with the others, each named."""
    words = {str(name): key for key, name in kinds} | {key: key for key, _name in kinds}
    found, wrong = [], []
    for no, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        cells = [cell.strip() for cell in line.replace("，", ",").replace("\t", ",").split(",")]
        try:
            found.append(_line(cells, words))
        except ValueError as error:
            wrong.append(_("第 %(no)d 行：%(why)s") % {"no": no, "why": error})
    return found, wrong


def _line(cells: Sequence[str], words: dict[str, str]) -> dict[str, Any]:
    cells = [*cells, "", "", "", ""][:5]
    number, row, col, area, kind = cells
    if not number or len(number) > 12:
        raise ValueError(_("要有编号，最多 12 个字"))
    if not (row.isdigit() and col.isdigit() and 1 <= int(row) <= MOST_DOWN and 1 <= int(col) <= MOST_ACROSS):
        raise ValueError(
            _("行和列要写数字，行最大 %(down)d、列最大 %(across)d") % {"down": MOST_DOWN, "across": MOST_ACROSS}
        )
    if kind and kind not in words:
        raise ValueError(_("没有“%(kind)s”这个种类") % {"kind": kind})
    return {
        "number": number, "row": int(row), "col": int(col), "area_m2": _area(area), "kind": words.get(kind, "stall"),
    }  # fmt: skip


def _area(text: str) -> Decimal | None:
    if not text:
        return None
    try:
        value = Decimal(text)
    except InvalidOperation as error:
        raise ValueError(_("面积要写数字")) from error
    if not 0 < value < 100_000:
        raise ValueError(_("面积要大于 0"))
    return round(value, 1)


@dataclass(frozen=True)
class Cell:
    """One place of the plan: a unit with its tenant, or nothing."""

    unit: Any = None
    tenant: Any = None

    @property
    def tone(self) -> str:
        """Green: moved in; blue: let; grey: not to be let; empty: free."""
        if self.unit is None:
            return ""
        if self.tenant is not None:
            return "green" if self.tenant.state == "moved_in" else "blue"
        return "free" if self.unit.usable else "grey"


def laid_out(units: Iterable[Any], tenants: dict[Any, Any]) -> list[list[Cell]]:
    """Rows of cells as they lie on the ground; empty rows and columns between stay empty."""
    held = {(unit.row, unit.col): unit for unit in units}
    if not held:
        return []
    rows, cols = max(row for row, _col in held), max(col for _row, col in held)
    return [
        [Cell(unit, tenants.get(unit.pk)) if (unit := held.get((row, col))) else Cell() for col in range(1, cols + 1)]
        for row in range(1, rows + 1)
    ]
