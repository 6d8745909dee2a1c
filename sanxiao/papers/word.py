"""The same papers as Word files, for offices that still edit: GB/T 9704 page, faces named as offices hold them.

Facts are those of the Typst templates and go through the same `facts.ready`, so PDF and Word cannot differ in a word.
Word gets the names 仿宋_GB2312, 方正小标宋简体, 楷体_GB2312, 黑体: no font is embedded.
"""

import io
import unicodedata
import zipfile
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from docx import Document
from docx.document import Document as Paper
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.table import WD_ALIGN_VERTICAL, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.section import Section
from docx.shared import Mm, Pt, RGBColor
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

from sanxiao.papers import cn, qr
from sanxiao.papers.facts import Facts, ready

FACES = {"fang": "仿宋_GB2312", "title": "方正小标宋简体", "kai": "楷体_GB2312", "hei": "黑体", "song": "宋体"}
EPOCH = datetime(2018, 1, 1, tzinfo=UTC)
LATIN = "Times New Roman"
PITCH = Pt(28.95)  # 22 lines in 225 mm
TWO_LINES = Pt(57.9)  # room for the seal
THREE, TWO, FOUR, FOUR_SMALL, FIVE = Pt(16), Pt(22), Pt(14), Pt(12), Pt(10.5)
VERMILION = RGBColor(0xC8, 0x32, 0x1F)
LEFT, CENTRE, RIGHT = WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT


def notice(facts: Mapping[str, Any]) -> bytes:
    """A paper of `notice.typ` as .docx. Raises PaperError."""
    f = ready("notice", facts)
    paper = _paper(f)
    _head(paper, f)
    _text(paper, f)
    if f.get("receipt"):
        _line(paper, "签收人：_______________　　签收日期：　　　　年　　月　　日", size=FOUR)
    _imprint(paper, f)
    return _bytes(paper)


def order(facts: Mapping[str, Any]) -> bytes:
    """A 责令改正通知书 of `order.typ` as .docx, with its receipt as the last page. Raises PaperError."""
    f = ready("order", facts)
    paper = _paper(f)
    _head(paper, f)
    for sentence in filter(None, (f.get("found"), f["lead"])):
        _line(paper, sentence, indent=2)
    _grid(
        paper,
        [("序号", "违法行为", "违反条款", "改正内容及要求", "改正期限")],
        [
            [str(i), p["text"], p["clause"], p["demand"], "立即改正" if p["due"] == "立即" else p["due"]]
            for i, p in enumerate(f["problems"], 1)
        ],
        widths=(12, 38, 34, 38, 34),
        size=FOUR_SMALL,
        sides=(CENTRE, LEFT, LEFT, LEFT, CENTRE),
    )
    for sentence in filter(None, (f["demand_lead"], f.get("consequence"))):
        _line(paper, sentence, indent=2)
    _line(paper, f["remedy"], indent=2, keep=True)
    _signature(paper, f)
    contact = f"联系人：{f.get('contact') or '________'}　联系电话：{f.get('phone') or '____________'}"
    for sentence in filter(
        None, (contact, f.get("office_address") and f"联系地址：{f['office_address']}", f["ending"])
    ):
        _line(paper, sentence, size=FOUR)
    if f.get("qr"):
        paper.add_paragraph().add_run().add_picture(io.BytesIO(qr.png(f["qr"])), width=Mm(26))
        _line(paper, f.get("qr_note") or "", face="song", size=FIVE)
    if f["service"]:
        paper.add_page_break()
        _receipt(paper, f["service"])
    return _bytes(paper)


def receipt(facts: Mapping[str, Any]) -> bytes:
    """A 送达回证 of `receipt.typ` as .docx. Raises PaperError."""
    f = ready("receipt", facts)
    paper = _paper({**f, "org": f.get("org") or ""})
    _receipt(paper, f)
    return _bytes(paper)


def visit(facts: Mapping[str, Any]) -> bytes:
    """A 监督检查结果记录表 of `visit.typ` as .docx. Raises PaperError."""
    f = ready("visit", facts)
    paper = _paper(f)
    _head(paper, f)
    _grid(paper, [], [[label, words] for label, words in f["place"]], widths=(34, 122), size=FOUR_SMALL)
    _line(paper, "", pitch=Pt(12))
    rows = [
        [
            item["no"], ("★ " if item.get("star") else "") + item["text"], str(item.get("points") or ""),
            item.get("answer") or "—", item.get("note") or "",
        ]
        for item in f["items"]
    ]  # fmt: skip
    heads = [("序号", "检查项目（★ 重点项）", "分值", "检查情况", "备注")]
    _grid(paper, heads, rows, widths=(12, 74, 13, 20, 37), size=FIVE, sides=(CENTRE, LEFT, CENTRE, CENTRE, LEFT))
    _line(paper, f"检查结果：{f.get('result') or ''}　得分 {f.get('score') or '—'}", size=FOUR, before=Pt(12))
    for sentence in filter(None, (f"处理意见：{f.get('action') or ''}", f.get("demand"))):
        _line(paper, sentence, size=FOUR)
    _line(paper, "检查人员已出示证件并告知上述检查结果。", size=FOUR, before=Pt(12))
    made = cn.day_text(f.get("date")) or "　　　年　　月　　日"
    for sentence in (
        f"检查人员（签名）：{f.get('team') or '________________'}　{made}",
        "被检查单位（签名）：________________　　　　年　　月　　日",
        "拒绝签字的原因：________________　见证人（签名）：________________",
    ):
        _line(paper, sentence, size=FOUR)
    return _bytes(paper)


def report(facts: Mapping[str, Any]) -> bytes:
    """A quarterly report of `report.typ` as .docx; wide tables lie on landscape pages. Raises PaperError."""
    f = ready("report", facts)
    paper = _paper(f)
    _head(paper, f)
    _text(paper, f)
    for table in f["tables"]:
        wide = table.get("landscape", len(table["columns"]) > 9)
        section = paper.add_section(WD_SECTION.NEW_PAGE)
        _turn(section, wide)
        _line(paper, table["title"], face="hei", size=FOUR, align=CENTRE, keep=True)
        unit = f"　　单位：{table['unit']}" if table.get("unit") else ""
        draft = "　（未冻结）" if f.get("draft") else ""
        _line(paper, f"{f['org']}{draft}{unit}", face="song", size=FIVE, keep=True)
        _report_table(paper, table, 257 if wide else 156)
        foot = [f"注：{table['note']}"] if table.get("note") else []
        for sentence in (*foot, f["foot"]):
            _line(paper, sentence, face="song", size=Pt(9), pitch=Pt(14))
    return _bytes(paper)


def form(facts: Mapping[str, Any]) -> bytes:
    """A filled or empty form of `form.typ` as .docx: a question a row, choices with boxes. Raises PaperError."""
    f = ready("form", facts)
    paper = _paper({"org": "", **f})
    for part in f["title"].split("\n"):
        _line(paper, part, face="title", size=Pt(18), align=CENTRE, pitch=Pt(32))
    filled_on = cn.day_text(f.get("filled_on")) or "____________"
    told = f"编号：{f.get('form_no') or '____________'}　　填表日期：{filled_on}"
    for sentence in filter(None, (f.get("org"), f.get("source") and f"任务来源：{f['source']}", told)):
        _line(paper, sentence, size=FIVE, pitch=Pt(18))
    for group in f["groups"]:
        rows = [(f"{q.get('code') or ''} {q['label']}".strip(), _answer(q)) for q in group["questions"]]
        _line(paper, group.get("title") or "", face="hei", size=FOUR_SMALL, pitch=Pt(24), keep=True)
        _grid(paper, [], rows, widths=(52, 104), size=FIVE)
    for signature in f.get("signatures") or []:
        day = cn.day_text(signature.get("date")) or "　　　　年　　月　　日"
        who = f"{signature['label']}（签名）：{signature.get('name') or '____________'}　　{day}"
        _line(paper, who, size=FOUR_SMALL, pitch=Pt(26))
    for note in f.get("notes") or []:
        _line(paper, note, face="song", size=Pt(9), pitch=Pt(14))
    return _bytes(paper)


def _answer(question: Facts) -> str:
    """The answer as text; of choices all, the chosen one ticked; pictures stand in the PDF alone."""
    if question["choices"]:
        return "　".join(f"{'☑' if choice['on'] else '□'}{choice['label']}" for choice in question["choices"])
    return "（见附件照片）" if question.get("type") == "image" and question["text"] else question["text"]


# --- the paper -------------------------------------------------------------------------------------------------


def _paper(f: Facts) -> Paper:
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
    _turn(section, wide=False)
    _page_numbers(section)
    if f.get("practice"):
        _practice(section)
    return paper


def _turn(section: Section, wide: bool) -> None:
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


def _head(paper: Paper, f: Facts) -> None:
    """Red head with its rule, or the plain head of the enforcement forms: office, title, number at the right."""
    title = f["title"].split("\n")
    if f.get("head"):
        size = Pt(min(40, int(440 / len(f["head"]))))
        _line(paper, f["head"], face="title", size=size, align=CENTRE, before=Pt(60), pitch=None, colour=VERMILION)
        rule = _line(paper, f.get("number") or "", align=CENTRE, before=Pt(30))
        _border(rule, "bottom", "C8321F", 12)
        _line(paper, "")
        for part in title:
            _line(paper, part, face="title", size=TWO, align=CENTRE, pitch=Pt(35))
        _line(paper, "")
    else:
        for part in ([f["org"]] if f["title"] != f["org"] and not f.get("sections") else []) + title:
            _line(paper, part, face="title", size=TWO, align=CENTRE, pitch=Pt(36))
        _line(paper, "", pitch=Pt(12))
        if f.get("number"):
            _line(paper, f["number"], align=RIGHT)
    if f.get("addressee"):
        _line(paper, f"{f['addressee']}：")


def _text(paper: Paper, f: Facts) -> None:
    """Numbered paragraphs, ending, attachments, signature and contact; the last paragraph goes with the signature."""
    run = f["paragraphs"] + ([{"level": 0, "mark": "", "text": f["ending"]}] if f.get("ending") else [])
    for item in run:
        face = {1: "hei", 2: "kai"}.get(item["level"], "fang")
        keep = item is run[-1] or item["level"] in (1, 2)
        _line(paper, item["mark"] + item["text"], face=face, indent=2, keep=keep)
    if listed := f.get("list"):
        _report_table(paper, {"total": None, **listed}, 156)
    names = f.get("attachments") or []
    for i, name in enumerate(names, 1):
        mark = name if len(names) == 1 else f"{i}. {name}"
        before = PITCH if i == 1 else None
        _line(paper, ("附件：" if i == 1 else "　　　") + mark, indent=2, keep=True, before=before)
    _signature(paper, f)
    if f.get("contact") or f.get("phone"):
        _line(
            paper,
            f"（联系人：{f.get('contact') or ''}；联系电话：{f.get('phone') or ''}）",
            indent=2,
            keep=bool(f.get("receipt")),
        )


def _signature(paper: Paper, f: Facts) -> None:
    """Office over day, the wider one four characters from the right edge, the other centred on it."""
    day = cn.day_text(f.get("date")) or "　　　年　　月　　日"
    office, made = _ems(f["org"]), _ems(day)
    more = any(f.get(key) for key in ("contact", "phone", "receipt"))
    for text, width, before in ((f["org"], office, TWO_LINES), (day, made, None)):
        line = _line(paper, text, align=RIGHT, keep=text != day or more, before=before)
        line.paragraph_format.right_indent = Pt(16 * (4 + (max(office, made) - width) / 2))


def _imprint(paper: Paper, f: Facts) -> None:
    if not (f.get("head") and f.get("printed_by")):
        return
    lines = [f"抄送：{f['cc']}"] if f.get("cc") else []
    lines.append(f"{f['printed_by']}　　{cn.day_text(f.get('printed_on'))}印发")
    for i, text in enumerate(lines):
        line = _line(paper, text, size=FOUR, before=TWO_LINES if i == 0 else None)
        _border(line, "top", "000000", 8 if i == 0 else 4)
    _border(line, "bottom", "000000", 8)


def _receipt(paper: Paper, f: Facts) -> None:
    """The page 送达回证, its fields left to fill where nothing is known."""
    for part in filter(None, (f.get("org"), f["title"])):
        _line(paper, part, face="title", size=Pt(18), align=CENTRE, pitch=Pt(32))
    fields = [("文书名称及文号", "　".join(f"{d['title']}　{d.get('number') or ''}" for d in f["documents"]))]
    fields += [("受送达人", f.get("addressee") or ""), ("送达地点", f.get("place") or "")]
    fields += [("送达方式", "　".join(("☑ " if way == f.get("chosen") else "□ ") + way for way in f["how"]))]
    fields += [("送达时间", f.get("at") or "")]
    signed = "\n　　　　　　　　　年　　月　　日　　时"
    fields += [("受送达人签名或者盖章", (f.get("received_by") or "") + signed)]
    fields += [("代收人与受送达人关系及代收理由", f.get("relation") or "")]
    fields += [("送达人签名", (f.get("served_by") or "") + signed), ("见证人签名", (f.get("witness") or "") + signed)]
    fields += [("拒收事由、备注", f.get("note") or "\n")]
    made = _grid(paper, [], fields, widths=(52, 104), size=FOUR_SMALL)
    for row in made.rows:
        row.height = Mm(11)


# --- lines and tables ------------------------------------------------------------------------------------------


def _line(
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


def _border(line: Paragraph, side: str, colour: str, eighths: int) -> None:
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


def _grid(
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


def _report_table(paper: Paper, table: Facts, room: float) -> None:
    """A table of figures `room` mm wide, with heads of one or two levels."""
    columns = table["columns"]
    total = sum(c["width"] for c in columns)
    two = any(c["group"] for c in columns)
    lower = [c["label"] for c in columns]
    heads = [[c["group"] or c["label"] for c in columns], lower] if two else [lower]
    rows = table["rows"] + ([table["total"]] if table["total"] else [])
    made = _grid(
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


def _ems(text: str) -> float:
    """The width of the text in characters: Chinese signs one, others a half."""
    return sum(1 if unicodedata.east_asian_width(sign) in "WFA" else 0.5 for sign in text)


def _bytes(paper: Paper) -> bytes:
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
