"""What every Word paper is made of: the page with its line grid, one line, one ruled table, the file's bytes.

Word gets the names 仿宋_GB2312, 方正小标宋简体, 楷体_GB2312, 黑体: no font is embedded.
"""

import io
import unicodedata
import zipfile
from collections.abc import Sequence
from datetime import UTC, datetime

from docx import Document
from docx.document import Document as Paper
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_ALIGN_VERTICAL, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.section import Section
from docx.shared import Mm, Pt, RGBColor
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

from sanxiao.papers.facts import Facts

FACES = {"fang": "仿宋_GB2312", "title": "方正小标宋简体", "kai": "楷体_GB2312", "hei": "黑体", "song": "宋体"}
EPOCH = datetime(2018, 1, 1, tzinfo=UTC)
LATIN = "Times New Roman"
PITCH = Pt(28.95)  # 22 lines in 225 mm
TWO_LINES = Pt(57.9)  # room for the seal
THREE, TWO, FOUR, FOUR_SMALL, FIVE = Pt(16), Pt(22), Pt(14), Pt(12), Pt(10.5)
VERMILION = RGBColor(0xC8, 0x32, 0x1F)
LEFT, CENTRE, RIGHT = WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT


def new_paper(f: Facts) -> Paper:
    """An empty A4 paper: margins, grid of lines, Chinese as its language, page numbers, practice mark."""
    paper = Document()
    paper.core_properties.title = f["title"].replace("\n", "")
    paper.core_properties.author = f["org"]
    style = paper.styles["Normal"]
    style.font.size = THREE
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for slot, face in (("ascii", LATIN), ("hAnsi", LATIN), ("eastAsia", FACES["fang"])):
        fonts.set(qn(f"w:{slot}"), face)
    # The template of the library is en-US: line breaking and glyphs would follow it.
    for language in paper.styles.element.iter(qn("w:lang")):
        language.set(qn("w:eastAsia"), "zh-CN")
    paper.settings.odd_and_even_pages_header_footer = True
    section = paper.sections[0]
    turn(section, wide=False)
    _page_numbers(section)
    if f.get("practice"):
        _practice(section)
    return paper


def turn(section: Section, wide: bool) -> None:
    """Size, margins and line grid. `lines` and not `linesAndChars`: the latter spaces the letters absurdly."""
    short, long = Mm(210), Mm(297)
    section.orientation = WD_ORIENT.LANDSCAPE if wide else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = (long, short) if wide else (short, long)
    section.top_margin, section.bottom_margin = (Mm(22), Mm(20)) if wide else (Mm(37), Mm(35))
    section.left_margin, section.right_margin = (Mm(20), Mm(20)) if wide else (Mm(28), Mm(26))
    section.footer_distance = Mm(12) if wide else Mm(24)
    for grid in section._sectPr.findall(qn("w:docGrid")):
        section._sectPr.remove(grid)
    section._sectPr.append(parse_xml(f'<w:docGrid {nsdecls("w")} w:type="lines" w:linePitch="579"/>'))


def _page_numbers(section: Section) -> None:
    """— 1 —, odd pages right and even pages left, one character in."""
    for footer, align in ((section.footer, RIGHT), (section.even_page_footer, LEFT)):
        line = footer.paragraphs[0]
        line.alignment = align
        line.paragraph_format.left_indent = line.paragraph_format.right_indent = FOUR
        _write(line, "— ", "song", FOUR)
        field = parse_xml(f'<w:fldSimple {nsdecls("w")} w:instr="PAGE"><w:r><w:t>1</w:t></w:r></w:fldSimple>')
        line._p.append(field)
        _write(line, " —", "song", FOUR)


def _practice(section: Section) -> None:
    """练习 across every page, as a shape that stands in the head."""
    shape = (
        f"<w:pict {nsdecls('w')} xmlns:v='urn:schemas-microsoft-com:vml' "
        "xmlns:o='urn:schemas-microsoft-com:office:office'>"
        "<v:shapetype id='_x0000_t136' coordsize='21600,21600' o:spt='136' adj='10800' "
        "path='m@7,l@8,m@5,21600l@6,21600e'><v:formulas><v:f eqn='sum #0 0 10800'/><v:f eqn='prod #0 2 1'/>"
        "<v:f eqn='sum 21600 0 @1'/><v:f eqn='sum 0 0 @2'/><v:f eqn='sum 21600 0 @3'/><v:f eqn='if @0 @3 0'/>"
        "<v:f eqn='if @0 21600 @1'/><v:f eqn='if @0 0 @2'/><v:f eqn='if @0 @4 21600'/></v:formulas>"
        "<v:path textpathok='t' o:connecttype='custom'/><v:textpath on='t' fitshape='t'/></v:shapetype>"
        "<v:shape type='#_x0000_t136' style='position:absolute;width:320pt;height:150pt;rotation:332;z-index:-1;"
        "mso-position-horizontal:center;mso-position-horizontal-relative:page;mso-position-vertical:center;"
        "mso-position-vertical-relative:page' fillcolor='#f3d3cd' stroked='f'>"
        "<v:textpath style='font-family:黑体' string='练习'/></v:shape></w:pict>"
    )
    for header in (section.header, section.even_page_header):
        header.paragraphs[0].add_run()._r.append(parse_xml(shape))


def add_line(
    paper: Paper | _Cell,
    text: str,
    face: str = "fang",
    size: Pt = THREE,
    align: WD_ALIGN_PARAGRAPH | None = None,
    indent: int = 0,
    keep: bool = False,
    before: Pt | None = None,
    pitch: Pt | None = PITCH,
    colour: RGBColor | None = None,
) -> Paragraph:
    """One paragraph on the line grid. indent: characters of the first line; keep: stays with the next one."""
    line = paper.add_paragraph()
    shape = line.paragraph_format
    shape.space_before, shape.space_after = before or Pt(0), Pt(0)
    shape.alignment = align
    shape.keep_with_next = keep
    if pitch and pitch != PITCH:
        _off_grid(line)
    if pitch:
        shape.line_spacing_rule, shape.line_spacing = WD_LINE_SPACING.EXACTLY, pitch
    if indent:
        shape.first_line_indent = indent * size
    _write(line, text, face, size, colour)
    return line


def _write(line: Paragraph, text: str, face: str, size: Pt, colour: RGBColor | None = None, bold: bool = False) -> None:
    run = line.add_run(text)
    run.font.size, run.font.bold = size, bold or None
    if colour:
        run.font.color.rgb = colour
    fonts = run._r.get_or_add_rPr().get_or_add_rFonts()
    for slot, name in (("ascii", LATIN), ("hAnsi", LATIN), ("eastAsia", FACES[face]), ("hint", "eastAsia")):
        fonts.set(qn(f"w:{slot}"), name)


def border(line: Paragraph, side: str, colour: str, eighths: int) -> None:
    """A rule above or below the paragraph; `eighths` of a point."""
    borders = (
        f'<w:pBdr {nsdecls("w")}><w:{side} w:val="single" w:sz="{eighths}" w:space="4" w:color="{colour}"/></w:pBdr>'
    )
    present = line._p.get_or_add_pPr().find(qn("w:pBdr"))
    if present is not None:
        present.append(parse_xml(borders)[0])
    else:
        line._p.get_or_add_pPr().insert_element_before(
            parse_xml(borders), "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr"
        )


def add_grid(
    paper: Paper,
    heads: Sequence[Sequence[str]],
    rows: Sequence[Sequence[str]],
    widths: Sequence[float],
    size: Pt,
    sides: Sequence[WD_ALIGN_PARAGRAPH] | None = None,
    bold_last: bool = False,
) -> Table:
    """A ruled table; heads are repeated on every page. widths in mm."""
    made = paper.add_table(rows=0, cols=len(widths), style="Table Grid")
    made.alignment, made.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    for column, width in zip(made.columns, widths, strict=True):
        column.width = Mm(width)
    for number, values in enumerate([*heads, *rows]):
        is_head = number < len(heads)
        row = made.add_row()
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        if is_head:
            row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
        last = bold_last and number == len(heads) + len(rows) - 1
        for i, (cell, value) in enumerate(zip(row.cells, values, strict=True)):
            cell.width, cell.vertical_alignment = Mm(widths[i]), WD_ALIGN_VERTICAL.CENTER
            line = cell.paragraphs[0]
            _off_grid(line)
            line.paragraph_format.line_spacing = Pt(round(size.pt * 1.35))
            line.paragraph_format.space_before = line.paragraph_format.space_after = Pt(2)
            line.alignment = CENTRE if is_head else sides[i] if sides else LEFT
            _write(line, value, "hei" if is_head else "song", size, bold=last)
    return made


def _off_grid(line: Paragraph) -> None:
    """Lines of a table stand closer than the grid of the page."""
    line._p.get_or_add_pPr().insert_element_before(
        parse_xml(f'<w:snapToGrid {nsdecls("w")} w:val="0"/>'), "w:spacing", "w:ind", "w:jc", "w:rPr"
    )


_SIDES = {"int": RIGHT, "decimal": RIGHT, "percent": RIGHT, "date": CENTRE}


def add_table(paper: Paper, table: Facts, room: float) -> None:
    """A table of figures `room` mm wide, with heads of one or two levels."""
    columns = table["columns"]
    total = sum(c["width"] for c in columns)
    two = any(c["group"] for c in columns)
    lower = [c["label"] for c in columns]
    heads = [[c["group"] or c["label"] for c in columns], lower] if two else [lower]
    rows = table["rows"] + ([table["total"]] if table["total"] else [])
    made = add_grid(
        paper,
        heads if not two else [[""] * len(columns)] * 2,
        rows,
        widths=[room * c["width"] / total for c in columns],
        size=Pt(9) if len(columns) > 9 else FIVE,
        sides=[_SIDES.get(c["kind"], LEFT) for c in columns],
        bold_last=bool(table["total"]),
    )
    if two:
        _two_levels(made, columns)


def _two_levels(made: Table, columns: Sequence[Facts]) -> None:
    """Neighbours of one group share a cell above; a column without a group takes both rows."""
    top, low, start = made.rows[0].cells, made.rows[1].cells, 0
    while start < len(columns):
        group, end = columns[start]["group"], start
        if group:
            while end + 1 < len(columns) and columns[end + 1]["group"] == group:
                end += 1
            for i in range(start, end + 1):
                _write(low[i].paragraphs[0], columns[i]["label"], "hei", Pt(9))
            joined = top[start].merge(top[end])
        else:
            joined = top[start].merge(low[start])
        for spare in joined.paragraphs[1:]:
            spare._p.getparent().remove(spare._p)
        _write(joined.paragraphs[0], group or columns[start]["label"], "hei", Pt(9))
        start = end + 1


def ems(text: str) -> float:
    """The width of the text in characters: Chinese signs one, others a half."""
    return sum(1 if unicodedata.east_asian_width(sign) in "WFA" else 0.5 for sign in text)


def to_bytes(paper: Paper) -> bytes:
    """The file, the same bytes for the same facts: the container's own clock is set to one day for all."""
    paper.core_properties.created = paper.core_properties.modified = EPOCH
    made, out = io.BytesIO(), io.BytesIO()
    paper.save(made)
    with zipfile.ZipFile(made) as parts, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as whole:
        for part in parts.infolist():
            whole.writestr(
                zipfile.ZipInfo(part.filename, EPOCH.timetuple()[:6]), parts.read(part), zipfile.ZIP_DEFLATED
            )
    return out.getvalue()
