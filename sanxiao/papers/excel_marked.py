"""The returned copy: the sender's workbook with its layout, and every error in it marked."""

import io
import logging
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import openpyxl
import xlsxwriter
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill
from openpyxl.utils import get_column_letter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from sanxiao.papers.excel_in import Cell, CellError, Page, Source, Workbook, flat, raw_of, read
from sanxiao.papers.excel_out import ALARM, AS_TEXT, Kind, formats_of, guarded, tab_name, write

MARK_ROWS = 20_000  # above this the returned copy is rebuilt: openpyxl holds every cell in memory
ERROR_HEAD = "错误"

_log = logging.getLogger(__name__)


def marked_copy(original: Source, errors: Iterable[CellError], head: int = 1) -> bytes:
    """The sender's workbook with a column 错误 and, on every wrong cell, colour and a comment.

    `head` is the row of the headings. Falls back to a plain rebuilt workbook when openpyxl cannot open the file
    (.xls, odd files) or when it has more than 20,000 rows. Raises NotExcel.
    """
    raw, found = raw_of(original), list(errors)
    content = read(raw)
    if raw[:2] == b"PK" and sum(len(page.rows) for page in content.pages) <= MARK_ROWS:
        try:
            return _marked(raw, found, head)
        except Exception:
            # openpyxl fails in many ways on odd files; the errors must reach the sender all the same.
            _log.exception("the returned copy is rebuilt")
    return _rebuilt(content, found, head)


def _by_row(errors: Iterable[CellError], sheet_name: str, first: bool) -> dict[int, list[CellError]]:
    """The errors of one sheet by row; an error without a sheet's name belongs to the first sheet."""
    rows: dict[int, list[CellError]] = {}
    for error in errors:
        if error.sheet == sheet_name or (first and not error.sheet):
            rows.setdefault(error.row, []).append(error)
    return rows


def _marked(raw: bytes, errors: Sequence[CellError], head: int) -> bytes:
    made = openpyxl.load_workbook(io.BytesIO(raw))
    alarm = PatternFill("solid", fgColor=ALARM[1:])
    for number, page in enumerate(made.worksheets):
        rows = _by_row(errors, page.title, number == 0)
        if not rows:
            continue
        extra = page.max_column + 1
        page.cell(head, extra, ERROR_HEAD).fill = alarm
        page.column_dimensions[get_column_letter(extra)].width = 48
        for line, found in rows.items():
            _mark_row(page, line, found, extra, alarm)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def _mark_row(page: Any, line: int, found: Sequence[CellError], extra: int, alarm: PatternFill) -> None:
    told = page.cell(line, extra)
    told.value, told.data_type, told.fill = guarded("；".join(error.text for error in found)), "s", alarm
    for column in sorted({error.column for error in found if error.column}):
        cell = _anchor(page, line, column)
        cell.fill = alarm
        texts = [error.text for error in found if error.column == column]
        cell.comment = Comment("\n".join(texts), "三小", width=260, height=30 + 22 * len(texts))


def _anchor(page: Any, line: int, column: int) -> Any:
    """The cell, or the first cell of the merged area that hides it: only that one can carry a comment."""
    for area in page.merged_cells.ranges:
        if area.min_row <= line <= area.max_row and area.min_col <= column <= area.max_col:
            return page.cell(area.min_row, area.min_col)
    return page.cell(line, column)


def _rebuilt(content: Workbook, errors: Sequence[CellError], head: int) -> bytes:
    """The values of the workbook in a new one, rows on their own numbers, the errors marked."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"constant_memory": True, **AS_TEXT}) as made:
        formats, taken = formats_of(made), set[str]()
        for number, page in enumerate(content.pages):
            target = made.add_worksheet(tab_name(page.name, taken))
            _rebuild_page(target, page, _by_row(errors, page.name, number == 0), head, formats)
    return out.getvalue()


def _rebuild_page(
    target: Worksheet, page: Page, rows: Mapping[int, list[CellError]], head: int, formats: Mapping[str, Format]
) -> None:
    extra = max((len(row.values) for row in page.rows), default=0)
    values = {row.number: row.values for row in page.rows}
    for line in sorted({*values, *rows, head} if rows else values):
        found = rows.get(line, [])
        wrong = {error.column for error in found}
        for column, value in enumerate(values.get(line, []), 1):
            _put(target, line - 1, column - 1, value, formats, column in wrong)
        for column in sorted(wrong - {0}):
            target.write_comment(line - 1, column - 1, "\n".join(e.text for e in found if e.column == column))
        if found or (rows and line == head):
            told = "；".join(error.text for error in found) if found else ERROR_HEAD
            target.write_string(line - 1, extra, guarded(told), formats["alarm"])
    target.set_column(extra, extra, 48)


_KIND_OF: dict[type, Kind] = {int: "int", float: "decimal", date: "date", datetime: "date"}


def _put(target: Worksheet, line: int, column: int, value: Cell, formats: Mapping[str, Format], wrong: bool) -> None:
    kind: Kind = _KIND_OF.get(type(value), "text")
    look = formats["alarm"] if wrong else formats[kind]
    if wrong:
        target.write_string(line, column, guarded(flat(value)), look)
    else:
        write(target, line, column, value, "decimal" if isinstance(value, float) else kind, look)
