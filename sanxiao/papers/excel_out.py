"""Excel out: XlsxWriter, row by row, so that a list of any length costs no memory; text is text, never a formula."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import IO, TYPE_CHECKING, Any, Literal

from sanxiao.papers import cn

if TYPE_CHECKING:  # loaded when a book is written: the first page of a fresh server wants none
    import xlsxwriter
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

Kind = Literal["text", "int", "decimal", "date", "percent"]

GREEN, GREY, ALARM = "#14654F", "#EEF1EF", "#FBD9D3"
# What a spreadsheet takes for the beginning of a formula, half width and full width.
_FORMULA = tuple("=+-@\t\r＝＋－＠")
_NUMBER = re.compile(r"[+-]?\d[\d,]*(\.\d+)?%?")


@dataclass(frozen=True)
class Column:
    """One column of a sheet. width in characters; `group` is the head above, shared with neighbours of the same."""

    key: str
    heading: str
    width: float = 12
    kind: Kind = "text"
    group: str = ""


@dataclass(frozen=True)
class Sheet:
    """One sheet of a book; rows are dicts by column key, or sequences in column order."""

    title: str
    columns: Sequence[Column]
    rows: Iterable[Any]
    notes: Sequence[str] = ()
    total: Any = None


AS_TEXT = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


def sheet(
    title: str,
    columns: Sequence[Column],
    rows: Iterable[Any],
    *,
    notes: Sequence[str] = (),
    out: IO[bytes] | None = None,
) -> bytes:
    """A workbook of one sheet. With `out` it is written there and b"" comes back. Rows are taken one by one."""
    return book([Sheet(title, columns, rows, notes)], out=out)


def book(sheets: Iterable[Sheet], *, out: IO[bytes] | None = None) -> bytes:
    """A workbook of several sheets, heads of one or two levels. With `out` it is written there and b"" comes back."""
    import xlsxwriter

    inside = io.BytesIO()
    pages = list(sheets)
    # Heads of two levels need merges across rows, which cannot be written row by row; such tables are small.
    flat = not any(column.group for page in pages for column in page.columns)
    with xlsxwriter.Workbook(out or inside, {"constant_memory": flat, **AS_TEXT}) as made:
        formats = formats_of(made)
        taken: set[str] = set()
        for page in pages:
            _sheet(made.add_worksheet(tab_name(page.title, taken)), page, formats)
    return inside.getvalue()


def tables(facts: Mapping[str, Any], notes: Sequence[str] = ()) -> bytes:
    """The tables of a report's facts (those of `report.typ`) as a book, numbers as numbers."""
    return book(_from_table(table, notes) for table in facts["tables"])


def _from_table(table: Mapping[str, Any], notes: Sequence[str]) -> Sheet:
    columns = [
        Column(c.get("key") or str(i), c["label"], 10 * c.get("width", 1), c.get("kind", "text"), c.get("group", ""))
        for i, c in enumerate(table["columns"])
    ]
    unit = [f"单位：{table['unit']}"] if table.get("unit") else []
    note = [f"注：{table['note']}"] if table.get("note") else []
    return Sheet(table["title"], columns, table["rows"], [*unit, *note, *notes], table.get("total"))


def formats_of(made: xlsxwriter.Workbook) -> dict[str, Format]:
    """The looks of cells by kind, of totals, heads, titles, notes and errors."""
    base: dict[str, Any] = {
        "font_name": "宋体",
        "font_size": 10,
        "valign": "vcenter",
        "border": 1,
        "border_color": "#B8C2BC",
    }
    kinds: dict[str, dict[str, Any]] = {
        "text": {"num_format": "@", "text_wrap": True},
        "int": {"num_format": "0"},
        "decimal": {"num_format": "#,##0.00"},
        "date": {"num_format": "yyyy-mm-dd", "align": "center"},
        "percent": {"num_format": "0.0%"},
    }
    head = {"bold": True, "font_color": "#FFFFFF", "bg_color": GREEN, "align": "center", "text_wrap": True}
    formats = {kind: made.add_format({**base, **how}) for kind, how in kinds.items()}
    formats |= {f"{k} total": made.add_format({**base, **how, "bold": True, "top": 2}) for k, how in kinds.items()}
    return formats | {
        "head": made.add_format({**base, **head}),
        "title": made.add_format({"font_name": "宋体", "font_size": 14, "bold": True, "valign": "vcenter"}),
        "note": made.add_format({"font_name": "宋体", "font_size": 9, "font_color": "#667085"}),
        "alarm": made.add_format({**base, "num_format": "@", "bg_color": ALARM, "text_wrap": True}),
    }


def _sheet(page: Worksheet, content: Sheet, formats: Mapping[str, Format]) -> None:
    """Title, notes, heads, rows, total; frozen head, filter, print set-up. Written downwards only (constant memory)."""
    columns, last = content.columns, len(content.columns) - 1
    page.write_string(0, 0, content.title, formats["title"])
    page.set_row(0, 24)
    for line, note in enumerate(content.notes, 1):
        page.write_string(line, 0, note, formats["note"])
    top = 1 + len(content.notes)
    head = _heads(page, columns, top, formats)
    for i, column in enumerate(columns):
        page.set_column(i, i, column.width, formats[column.kind])
    line = head
    for line, row in enumerate(content.rows, head + 1):
        _row(page, line, row, columns, formats, "")
    if line > head and last >= 0:
        page.autofilter(head, 0, line, last)
    if content.total is not None:
        _row(page, line + 1, content.total, columns, formats, " total")
    page.freeze_panes(head + 1, 0)
    _printing(page, content.title, top, head, len(columns))


def _printing(page: Worksheet, title: str, top: int, head: int, columns: int) -> None:
    page.set_paper(9)
    if columns > 7:
        page.set_landscape()
    page.fit_to_pages(1, 0)
    page.repeat_rows(top, head)
    page.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.6)
    page.set_footer(f"&L{title[:60].replace('&', '&&')}&R第 &P 页，共 &N 页")


def _heads(page: Worksheet, columns: Sequence[Column], top: int, formats: Mapping[str, Format]) -> int:
    """Writes the heads from row `top`; gives the row of the lowest head, on which the filter sits."""
    if not any(column.group for column in columns):
        for i, column in enumerate(columns):
            page.write_string(top, i, column.heading, formats["head"])
        return top
    start = 0
    while start < len(columns):
        end, column = _group_end(columns, start), columns[start]
        if not column.group:
            page.merge_range(top, start, top + 1, start, column.heading, formats["head"])
        elif end > start:
            page.merge_range(top, start, top, end, column.group, formats["head"])
        else:
            page.write_string(top, start, column.group, formats["head"])
        for i in range(start, end + 1):
            if columns[i].group:
                page.write_string(top + 1, i, columns[i].heading, formats["head"])
        start = end + 1
    return top + 1


def _group_end(columns: Sequence[Column], start: int) -> int:
    end = start
    while columns[start].group and end + 1 < len(columns) and columns[end + 1].group == columns[start].group:
        end += 1
    return end


def _row(
    page: Worksheet, line: int, row: Any, columns: Sequence[Column], formats: Mapping[str, Format], suffix: str
) -> None:
    values = [row.get(c.key) for c in columns] if isinstance(row, Mapping) else row
    for i, (column, value) in enumerate(zip(columns, values, strict=True)):
        write(page, line, i, value, column.kind, formats[column.kind + suffix])


def write(page: Worksheet, line: int, i: int, value: Any, kind: Kind, look: Format) -> None:
    """One cell. A number or day that is none stays visible as text instead of vanishing."""
    day = _as_day(value) if kind == "date" else value
    if value is None or value == "":
        page.write_blank(line, i, None, look)
    elif isinstance(value, bool):
        page.write_string(line, i, "是" if value else "否", look)
    elif (
        kind in ("int", "decimal", "percent")
        and isinstance(value, int | float | Decimal)
        and -1e15 < float(value) < 1e15
    ):
        page.write_number(line, i, float(value), look)
    elif kind == "date" and isinstance(day, date) and day.year >= 1900:
        page.write_datetime(line, i, _naive(day), look)
    else:
        page.write_string(line, i, guarded(str(value)), look)


def guarded(text: str) -> str:
    """The text, with an apostrophe before what a spreadsheet would run as a formula once saved as CSV or retyped.

    The cell is a string in the file anyway. Plain numbers (-3.5, +86 138…) and lone dashes keep their face;
    `read` takes the apostrophe off again.
    """
    bare = text.replace(" ", "")
    harmless = _NUMBER.fullmatch(bare) or not bare.strip("-－—")
    if not harmless and (text.startswith(_FORMULA) or text.lstrip().startswith(_FORMULA)):
        text = "'" + text
    return text[:32_767]


def _as_day(value: Any) -> Any:
    if isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError:
            return value
    return value


def _naive(value: date) -> date:
    return cn.local(value) if isinstance(value, datetime) else value


def tab_name(title: str, taken: set[str]) -> str:
    """A tab's name as Excel allows it: 31 signs, none of []:*?/\\, each name once."""
    name = re.sub(r"[\[\]:*?/\\']", " ", title).strip()[:28] or "表"
    number = 2
    while name.lower() in taken:
        name = f"{name[:25]} {number}"
        number += 1
    taken.add(name.lower())
    return name
