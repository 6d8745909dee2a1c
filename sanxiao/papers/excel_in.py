"""Excel in: python-calamine behind checks that need no trust in the sender."""

import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, ZipError

from sanxiao.papers import cn
from sanxiao.papers.excel_out import guarded

Cell = str | int | float | bool | date | datetime | time | None
Source = Path | str | bytes

MAX_UNPACKED = 200 * 1024 * 1024  # bytes
MAX_RATIO = 200  # unpacked : packed, of the whole file
MAX_ROWS = 120_000  # of one sheet
MAX_CELLS = 6_000_000  # of one sheet's used area: the reader holds it whole, a far corner would cost gigabytes
MAX_PAGES = 60
TOO_LARGE = "文件解开后过大，请分成几个文件再上传"


class NotExcel(Exception):
    """A file that is no workbook we would open; the text is for the person who sent it."""


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
                name = flat(values[left - 1]) if left <= len(values) else ""
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
    raw = raw_of(source)
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
    text = flat(value)
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


def raw_of(source: Source) -> bytes:
    """The bytes of a file, wherever they are."""
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


def flat(value: Cell) -> str:
    """A cell as one line of text."""
    return re.sub(r"\s+", " ", cn.minute_table(value) if isinstance(value, date) else str(value or "")).strip()


def records(page: Page, head: int = 1, depth: int = 1) -> Iterator[tuple[int, dict[str, Cell]]]:
    """Each row below the heads as (row number, values by heading); columns without a heading are left out."""
    names = page.headings(head, depth)
    for row in page.rows:
        if row.number > head:
            yield row.number, {name: value for name, value in zip(names, row.values, strict=False) if name}
