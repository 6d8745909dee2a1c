"""Excel in and out.

Out: XlsxWriter, row by row, so that a list of any length costs no memory; text is text, never a formula.
In: python-calamine behind checks that need no trust in the sender. A returned copy keeps the sender's layout and
marks every error in it.
"""

import io
import logging
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import IO, Any, Literal

import openpyxl
import xlsxwriter
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill
from openpyxl.utils import get_column_letter
from python_calamine import CalamineError, CalamineWorkbook, PasswordError, ZipError
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from sanxiao.papers import cn

Kind = Literal["text", "int", "decimal", "date", "percent"]
Cell = str | int | float | bool | date | datetime | time | None
Source = Path | str | bytes

MAX_UNPACKED = 200 * 1024 * 1024  # bytes
MAX_RATIO = 200  # unpacked : packed, of the whole file
MAX_ROWS = 120_000  # of one sheet
MAX_CELLS = 6_000_000  # of one sheet's used area: the reader holds it whole, a far corner would cost gigabytes
MAX_PAGES = 60
MARK_ROWS = 20_000  # above this the returned copy is rebuilt: openpyxl holds every cell in memory
ERROR_HEAD = "错误"
TOO_LARGE = "文件解开后过大，请分成几个文件再上传"
GREEN, GREY, ALARM = "#14654F", "#EEF1EF", "#FBD9D3"
# What a spreadsheet takes for the beginning of a formula, half width and full width.
_FORMULA = tuple("=+-@\t\r＝＋－＠")
_NUMBER = re.compile(r"[+-]?\d[\d,]*(\.\d+)?%?")


_log = logging.getLogger(__name__)


class NotExcel(Exception):
    """A file that is no workbook we would open; the text is for the person who sent it."""


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


_AS_TEXT = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}

# --- out -------------------------------------------------------------------------------------------------------


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
    inside = io.BytesIO()
    pages = list(sheets)
    # Heads of two levels need merges across rows, which cannot be written row by row; such tables are small.
    flat = not any(column.group for page in pages for column in page.columns)
    with xlsxwriter.Workbook(out or inside, {"constant_memory": flat, **_AS_TEXT}) as made:
        formats = _formats(made)
        taken: set[str] = set()
        for page in pages:
            _sheet(made.add_worksheet(_tab_name(page.title, taken)), page, formats)
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


def _formats(made: xlsxwriter.Workbook) -> dict[str, Format]:
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
        _write(page, line, i, value, column.kind, formats[column.kind + suffix])


def _write(page: Worksheet, line: int, i: int, value: Any, kind: Kind, look: Format) -> None:
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


def _tab_name(title: str, taken: set[str]) -> str:
    """A tab's name as Excel allows it: 31 signs, none of []:*?/\\, each name once."""
    name = re.sub(r"[\[\]:*?/\\']", " ", title).strip()[:28] or "表"
    number = 2
    while name.lower() in taken:
        name = f"{name[:25]} {number}"
        number += 1
    taken.add(name.lower())
    return name


# --- in --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Row:
    """One row as it stands: its number in Excel (1 is the first) and its values; days are `date`, blanks None."""

    number: int
    values: list[Cell]

    @property
    def blank(self) -> bool:
        return all(value is None for value in self.values)


@dataclass(frozen=True)
class Page:
    """One sheet read: its tab, its rows that hold anything, and merged areas as (row, column, row, column) from 1."""

    name: str
    rows: list[Row]
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)

    def merged_heads(self, head: int) -> list[tuple[int, int, int, int]]:
        """Merged areas that touch the rows 1 to `head`: such heads need their names joined from several rows."""
        return [area for area in self.merged if area[0] <= head]

    def headings(self, head: int, depth: int = 1) -> list[str]:
        """The names of the columns from `depth` rows ending in row `head`; merged ones are carried, 本季度·新增."""
        width = max((len(row.values) for row in self.rows), default=0)
        by_number = {row.number: row.values for row in self.rows}
        names: list[list[str]] = [[] for _ in range(width)]
        for number in range(head - depth + 1, head + 1):
            for column in range(1, width + 1):
                top, left = next(
                    ((a, b) for a, b, c, d in self.merged if a <= number <= c and b <= column <= d), (number, column)
                )
                values = by_number.get(top, [])
                name = _flat(values[left - 1]) if left <= len(values) else ""
                if name and name not in names[column - 1]:
                    names[column - 1].append(name)
        return ["·".join(parts) for parts in names]


@dataclass(frozen=True)
class Workbook:
    """A workbook read, its sheets in order."""

    pages: list[Page]

    def page(self, name: str) -> Page:
        """The sheet of that tab; KeyError when there is none."""
        return {page.name: page for page in self.pages}[name]


@dataclass(frozen=True)
class CellError:
    """One error of one cell. row counts from 1 as Excel does, column from 1; column 0 means the whole row."""

    row: int
    column: int
    text: str
    sheet: str = ""


def read(source: Source) -> Workbook:
    """A workbook from outside, checked before it is opened. Raises NotExcel with words for its sender.

    Takes .xlsx and, where calamine can read them, old .xls. Formulas come as their last result.
    """
    raw = _raw(source)
    if raw[:4] == b"PK\x03\x04":
        _check_zip(raw)
    elif raw[:8] != b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        raise NotExcel("这不是 Excel 工作簿")
    try:
        opened = CalamineWorkbook.from_filelike(io.BytesIO(raw))
        if len(opened.sheet_names) > MAX_PAGES:
            raise NotExcel(f"工作簿超过 {MAX_PAGES} 张工作表")
        return Workbook([_page(opened, name) for name in opened.sheet_names])
    except PasswordError as error:
        raise NotExcel("工作簿有密码，请去掉密码后再上传") from error
    except (CalamineError, ZipError) as error:
        raise NotExcel("这不是 Excel 工作簿，或文件已损坏") from error


def two_digit_year(value: Cell) -> bool:
    """True for a day whose century nobody wrote (18.6.5, 18/06/05, 5/6/18): to be asked, never guessed."""
    text = _flat(value)
    if re.match(r"\d{4}\D", text):
        return False
    return bool(re.fullmatch(r"\d{1,2}\s*[-./年]\s*\d{1,2}\s*[-./月]\s*\d{1,2}\s*日?", text))


def two_digit_years(page: Page, columns: Iterable[int]) -> list[CellError]:
    """An error for each such day in the named columns (from 1)."""
    return [
        CellError(row.number, column, "年份只有两位，请写成四位，如 2018-06-05", page.name)
        for row in page.rows
        for column in columns
        if column <= len(row.values) and two_digit_year(row.values[column - 1])
    ]


def _raw(source: Source) -> bytes:
    return source if isinstance(source, bytes) else Path(source).read_bytes()


def _check_zip(raw: bytes) -> None:
    """Sizes and DTDs, looked at without unpacking more than the head of each part."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as packed:
            parts = packed.infolist()
            unpacked = sum(part.file_size for part in parts)
            if unpacked > MAX_UNPACKED or unpacked > MAX_RATIO * len(raw):
                raise NotExcel(TOO_LARGE)
            if not any(part.filename == "[Content_Types].xml" for part in parts):
                raise NotExcel("这不是 Excel 工作簿")
            _check_parts(packed, parts)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise NotExcel("这不是 Excel 工作簿，或文件已损坏") from error


def _check_parts(packed: zipfile.ZipFile, parts: Sequence[zipfile.ZipInfo]) -> None:
    """Counts what really comes out (a header may lie), refuses DTDs, and measures every sheet's used area."""
    room = MAX_UNPACKED
    for part in parts:
        is_sheet = "worksheets/" in part.filename and part.filename.endswith(".xml")
        reach, tail, first = (0, 0), b"", True
        with packed.open(part) as stream:
            while chunk := stream.read(1 << 20):
                room -= len(chunk)
                if room < 0:
                    raise NotExcel(TOO_LARGE)
                if first and part.filename.endswith((".xml", ".rels", ".vml")):
                    _check_head(chunk[:65_536])
                if is_sheet:
                    reach = _reach(tail + chunk, reach)
                    tail = chunk[-64:]
                first = False
        if reach[0] > MAX_ROWS or reach[0] * reach[1] > MAX_CELLS:
            raise NotExcel(f"工作表超过 {MAX_ROWS:,} 行或过宽，请删去空行空列，或分成几个文件再上传")


def _check_head(head: bytes) -> None:
    """Refuses a DTD, and the encodings that would hide one from this look."""
    if b"\0" in head or b"<!DOCTYPE" in head.upper() or b"<!ENTITY" in head.upper():
        raise NotExcel("文件中含有不允许的内容（DTD 或特殊编码）")


_REFERENCE = re.compile(rb"""\br\s*=\s*["']([A-Z]{0,3})(\d{1,7})["']""")


def _reach(xml: bytes, known: tuple[int, int]) -> tuple[int, int]:
    """The farthest row and column named in a piece of a sheet, from 1."""
    found = _REFERENCE.findall(xml)
    rows = max((int(row) for _, row in found), default=0)
    letters = max((letters for letters, _ in found), key=lambda text: (len(text), text), default=b"")
    column = 0
    for letter in letters:
        column = column * 26 + letter - 64
    return max(known[0], rows), max(known[1], column)


def _page(opened: CalamineWorkbook, name: str) -> Page:
    found = opened.get_sheet_by_name(name)
    if found.total_height > MAX_ROWS:
        raise NotExcel(f"工作表“{name}”超过 {MAX_ROWS:,} 行，请分成几个文件再上传")
    rows = []
    # The reader begins at row 1 but at the first used column: empty columns on the left are put back.
    left: list[Cell] = [None] * (found.start[1] if found.start else 0)
    for number, values in enumerate(found.iter_rows(), 1):
        row = Row(number, left + [_cell(value) for value in values])
        if not row.blank:
            rows.append(row)
    areas = found.merged_cell_ranges or []
    return Page(name, rows, [(a + 1, b + 1, c + 1, d + 1) for (a, b), (c, d) in areas])


def _cell(value: Any) -> Cell:
    """Calamine's value made plain: whole floats are whole numbers, midnights are days, blanks are None."""
    if isinstance(value, str):
        text = value.replace("\u00a0", " ").strip()
        return (text[1:] if text[:1] == "'" and guarded(text[1:]) == text else text) or None
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return int(value)
    if isinstance(value, datetime) and value.time() == time.min:
        return value.date()
    return str(value) if isinstance(value, timedelta) else value


def _flat(value: Cell) -> str:
    return re.sub(r"\s+", " ", cn.minute_table(value) if isinstance(value, date) else str(value or "")).strip()


# --- the returned copy -----------------------------------------------------------------------------------------


def marked_copy(original: Source, errors: Iterable[CellError], head: int = 1) -> bytes:
    """The sender's workbook with a column 错误 and, on every wrong cell, colour and a comment.

    `head` is the row of the headings. Falls back to a plain rebuilt workbook when openpyxl cannot open the file
    (.xls, odd files) or when it has more than 20,000 rows. Raises NotExcel.
    """
    raw, found = _raw(original), list(errors)
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
    with xlsxwriter.Workbook(out, {"constant_memory": True, **_AS_TEXT}) as made:
        formats, taken = _formats(made), set[str]()
        for number, page in enumerate(content.pages):
            target = made.add_worksheet(_tab_name(page.name, taken))
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
        target.write_string(line, column, guarded(_flat(value)), look)
    else:
        _write(target, line, column, value, "decimal" if isinstance(value, float) else kind, look)


def records(page: Page, head: int = 1, depth: int = 1) -> Iterator[tuple[int, dict[str, Cell]]]:
    """Each row below the heads as (row number, values by heading); columns without a heading are left out."""
    names = page.headings(head, depth)
    for row in page.rows:
        if row.number > head:
            yield row.number, {name: value for name, value in zip(names, row.values, strict=False) if name}
