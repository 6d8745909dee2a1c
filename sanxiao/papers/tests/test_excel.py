"""Lists go out as Excel and come back; bad files are told apart and told so."""

import io
import zipfile
from datetime import date

import openpyxl
import pytest

from sanxiao.papers import excel, excel_marked
from sanxiao.papers.excel import CellError, Column, NotExcel, Sheet
from sanxiao.papers.tests import cast

COLUMNS = [
    Column("name", "字号名称", 24),
    Column("phone", "联系电话", 14),
    Column("workers", "从业人数", 8, "int"),
    Column("since", "开业日期", 12, "date"),
    Column("rate", "持证率", 8, "percent"),
]
TOFU = {"name": "秀兰豆腐坊", "phone": "013812341234", "workers": 3, "since": "2009-03-01", "rate": 0.5}


def _book(fill) -> bytes:
    made = openpyxl.Workbook()
    fill(made.active)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def _opened(made: bytes):
    return openpyxl.load_workbook(io.BytesIO(made))


def _zip(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    return out.getvalue()


# --- out


def test_a_list_goes_out_and_comes_back_as_it_was():
    made = excel.sheet("名单", COLUMNS, [TOFU], notes=["筛选：后阳村"])
    rows = dict(excel.records(excel.read(made).pages[0], head=3))
    assert rows[4] == {
        "字号名称": "秀兰豆腐坊",
        "联系电话": "013812341234",
        "从业人数": 3,
        "开业日期": date(2009, 3, 1),
        "持证率": 0.5,
    }


@pytest.mark.parametrize(
    "text", ["=1+1", "+cmd|'/c calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "＝1+1", "＠x", " =1"]
)
def test_text_never_becomes_a_formula(text):
    cell = _opened(excel.sheet("名单", COLUMNS, [{"name": text}]))["名单"]["A3"]
    assert cell.data_type == "s" and cell.value.startswith("'")


@pytest.mark.parametrize("text", ["-", "-3.5", "+86 13812341234", "138****1234", "320413190001010015", "王=李", "——"])
def test_harmless_text_keeps_its_face(text):
    cell = _opened(excel.sheet("名单", COLUMNS, [{"name": text}]))["名单"]["A3"]
    assert (cell.data_type, cell.value) == ("s", text)


def test_a_guarded_name_comes_back_without_its_guard():
    made = excel.sheet("名单", COLUMNS, [{"name": "=老王"}])
    assert excel.read(made).pages[0].rows[-1].values[0] == "=老王"


def test_head_is_frozen_filtered_and_printed_on_every_page():
    page = _opened(excel.sheet("名单", COLUMNS, [TOFU] * 3))["名单"]
    assert (page.freeze_panes, page.auto_filter.ref, page.print_title_rows) == ("A3", "A2:E5", "$2:$2")
    assert page["A2"].fill.fgColor.rgb.endswith("14654F")


def test_rows_are_taken_one_by_one():
    made = excel.sheet("名单", COLUMNS, ({**TOFU, "workers": n} for n in range(2000)))
    assert excel.read(made).pages[0].rows[-1].values[2] == 1999


def test_a_figure_that_is_none_stays_visible():
    made = excel.sheet("名单", COLUMNS, [{"workers": "不详", "since": "18.6.5", "rate": None}])
    assert excel.read(made).pages[0].rows[-1].values == [None, None, "不详", "18.6.5", None]


def test_an_empty_list_is_still_a_workbook():
    assert len(excel.read(excel.sheet("名单", COLUMNS, [])).pages[0].rows) == 2


def test_the_tables_of_a_report_keep_their_heads_of_two_levels():
    made = excel.tables(cast.REPORT)
    page = _opened(made).worksheets[0]
    assert {"A4:A5", "B4:B5", "C4:J4", "K4:R4"} == {str(area) for area in page.merged_cells.ranges}
    names = excel.read(made).pages[0].headings(5, depth=2)
    assert names[:3] == ["村（社区）", "类别", "本季度·期初"] and names[-1] == "累计·建档率"


def test_two_sheets_never_share_a_name():
    names = _opened(
        excel.book([Sheet("表/1", COLUMNS, []), Sheet("表?1", COLUMNS, []), Sheet("x" * 40, COLUMNS, [])])
    ).sheetnames
    assert len(set(names)) == 3 and all(len(name) <= 31 for name in names)


# --- in


@pytest.mark.parametrize("raw", [b"", b"hello", b"%PDF-1.7", b"\xff\xd8\xff\xe0JPEG", b"PK\x03\x04broken"])
def test_what_is_no_workbook_is_told_so(raw):
    with pytest.raises(NotExcel, match="这不是 Excel 工作簿"):
        excel.read(raw)


def test_a_zip_that_is_no_workbook_is_told_so():
    with pytest.raises(NotExcel, match="这不是 Excel 工作簿"):
        excel.read(_zip({"readme.txt": b"hello"}))


def test_a_zip_bomb_is_refused_before_it_is_opened():
    with pytest.raises(NotExcel, match="过大"):
        excel.read(_zip({"[Content_Types].xml": b"", "xl/worksheets/sheet1.xml": b"0" * (30 << 20)}))


def test_a_bomb_that_lies_about_its_size_is_refused():
    raw = bytearray(_zip({"[Content_Types].xml": b"<x/>", "xl/worksheets/sheet1.xml": b"0" * (30 << 20)}))
    honest, lie = (30 << 20).to_bytes(4, "little"), (100).to_bytes(4, "little")
    assert raw.count(honest) == 2
    with pytest.raises(NotExcel):
        excel.read(bytes(raw.replace(honest, lie)))


def test_a_dtd_is_refused():
    dtd = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]><x/>'
    with pytest.raises(NotExcel, match="DTD"):
        excel.read(_zip({"[Content_Types].xml": dtd}))


def test_a_cell_in_the_far_corner_does_not_eat_the_memory():
    with pytest.raises(NotExcel, match="过宽"):
        excel.read(_book(lambda page: page.cell(100_000, 16_000, "x")))


def test_too_many_rows_are_refused():
    with pytest.raises(NotExcel, match="120,000 行"):
        excel.read(_book(lambda page: page.cell(120_001, 1, "x")))


def test_rows_and_columns_keep_their_numbers_however_empty_the_sheet_begins():
    page = excel.read(_book(lambda page: page.cell(3, 2, "甲"))).pages[0]
    assert [(row.number, row.values) for row in page.rows] == [(3, [None, "甲"])]


def test_merged_heads_are_found_and_joined():
    def fill(page):
        page.append(["序号", "食品小作坊", None])
        page.append([None, "名称", "电话"])
        page.append([1, "秀兰豆腐坊", "13812341234"])
        page.merge_cells("A1:A2")
        page.merge_cells("B1:C1")

    page = excel.read(_book(fill)).pages[0]
    assert sorted(page.merged_heads(2)) == [(1, 1, 2, 1), (1, 2, 1, 3)]
    assert page.headings(2, depth=2) == ["序号", "食品小作坊·名称", "食品小作坊·电话"]
    assert list(excel.records(page, 2, 2)) == [
        (3, {"序号": 1, "食品小作坊·名称": "秀兰豆腐坊", "食品小作坊·电话": "13812341234"})
    ]


@pytest.mark.parametrize("text", ["18.6.5", "18/06/05", "5/6/18", "18年6月5日", "18-6-5"])
def test_a_year_of_two_figures_is_asked_for_and_not_guessed(text):
    assert excel.two_digit_year(text)
    page = excel.read(_book(lambda page: page.append(["甲", text]))).pages[0]
    assert [(e.row, e.column) for e in excel.two_digit_years(page, [2])] == [(1, 2)]


@pytest.mark.parametrize("text", ["2018.6.5", "2018-06-05", "0519-82880000", "3", None, date(2018, 6, 5)])
def test_what_has_its_century_is_left_alone(text):
    assert not excel.two_digit_year(text)


# --- the returned copy

ERRORS = [CellError(2, 2, "电话少一位"), CellError(2, 1, "名称重复"), CellError(3, 0, "整行与第 2 行重复")]


def _ledger(page):
    page.title = "台账"
    page.append(["名称", "电话"])
    page.append(["秀兰豆腐坊", "1381234123"])
    page.append(["秀兰豆腐坊", "1381234123"])
    page.column_dimensions["A"].width = 33


def test_the_returned_copy_keeps_the_layout_and_names_every_error():
    page = _opened(excel.marked_copy(_book(_ledger), ERRORS))["台账"]
    assert [page.cell(n, 3).value for n in (1, 2, 3)] == ["错误", "电话少一位；名称重复", "整行与第 2 行重复"]
    assert page["A2"].comment.text == "名称重复" and page["B2"].comment.text == "电话少一位"
    assert page["B2"].fill.fgColor.rgb.endswith("FBD9D3") and page["A3"].comment is None
    assert page.column_dimensions["A"].width == 33


def test_a_long_ledger_comes_back_rebuilt_with_the_same_errors(monkeypatch):
    monkeypatch.setattr(excel_marked, "MARK_ROWS", 2)
    made = excel.marked_copy(_book(_ledger), ERRORS)
    page = _opened(made)["台账"]
    assert [page.cell(n, 3).value for n in (1, 2, 3)] == ["错误", "电话少一位；名称重复", "整行与第 2 行重复"]
    assert page["B2"].comment.text == "电话少一位" and page["A2"].value == "秀兰豆腐坊"


def test_an_error_in_a_merged_cell_is_marked_where_it_shows():
    def fill(page):
        page.append(["名称", "村"])
        page.append(["甲", "后阳村"])
        page.append(["乙", None])
        page.merge_cells("B2:B3")

    page = _opened(excel.marked_copy(_book(fill), [CellError(3, 2, "没有这个村")])).active
    assert page["B2"].comment.text == "没有这个村" and page["C3"].value == "没有这个村"


def test_a_wrong_file_is_not_marked_but_refused():
    with pytest.raises(NotExcel):
        excel.marked_copy(b"hello", ERRORS)
