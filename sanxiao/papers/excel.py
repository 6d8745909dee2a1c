"""Excel in and out, under one name: writing (`excel_out`), reading (`excel_in`), the returned copy (`excel_marked`)."""

from collections.abc import Iterable

from sanxiao.papers.excel_in import (
    MAX_CELLS,
    MAX_PAGES,
    MAX_RATIO,
    MAX_ROWS,
    MAX_UNPACKED,
    Cell,
    CellError,
    NotExcel,
    Page,
    Row,
    Source,
    Workbook,
    read,
    records,
    two_digit_year,
    two_digit_years,
)
from sanxiao.papers.excel_out import Column, Kind, Sheet, book, guarded, sheet, tables

__all__ = [
    "MAX_CELLS",
    "MAX_PAGES",
    "MAX_RATIO",
    "MAX_ROWS",
    "MAX_UNPACKED",
    "Cell",
    "CellError",
    "Column",
    "Kind",
    "NotExcel",
    "Page",
    "Row",
    "Sheet",
    "Source",
    "Workbook",
    "book",
    "guarded",
    "marked_copy",
    "read",
    "records",
    "sheet",
    "tables",
    "two_digit_year",
    "two_digit_years",
]


def marked_copy(original: Source, errors: Iterable[CellError], head: int = 1) -> bytes:
    """The sender's workbook with a column 错误, see `excel_marked`. Raises NotExcel."""
    from sanxiao.papers import excel_marked  # openpyxl takes half a second to load

    return excel_marked.marked_copy(original, errors, head)
