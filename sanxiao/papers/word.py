"""The same papers as Word files, for offices that still edit: GB/T 9704 page, faces named as offices hold them.

Facts are those of the Typst templates and go through the same `facts.ready`, so PDF and Word cannot differ in a word.
How a page, a line and a table look stands in `sheet`.
"""

import io
from collections.abc import Mapping
from typing import Any

from docx.document import Document as Paper
from docx.enum.section import WD_SECTION
from docx.shared import Mm, Pt

from sanxiao.papers import cn, qr
from sanxiao.papers.facts import Facts, ready
from sanxiao.papers.sheet import (
    CENTRE,
    FIVE,
    FOUR,
    FOUR_SMALL,
    LEFT,
    PITCH,
    RIGHT,
    TWO,
    TWO_LINES,
    VERMILION,
    add_grid,
    add_line,
    add_table,
    border,
    ems,
    new_paper,
    to_bytes,
    turn,
)


def notice(facts: Mapping[str, Any]) -> bytes:
    """A paper of `notice.typ` as .docx. Raises PaperError."""
    f = ready("notice", facts)
    paper = new_paper(f)
    _head(paper, f)
    _text(paper, f)
    if f.get("receipt"):
        add_line(paper, "签收人：_______________　　签收日期：　　　　年　　月　　日", size=FOUR)
    _imprint(paper, f)
    return to_bytes(paper)


def order(facts: Mapping[str, Any]) -> bytes:
    """A 责令改正通知书 of `order.typ` as .docx, with its receipt as the last page. Raises PaperError."""
    f = ready("order", facts)
    paper = new_paper(f)
    _head(paper, f)
    for sentence in filter(None, (f.get("found"), f["lead"])):
        add_line(paper, sentence, indent=2)
    add_grid(
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
        add_line(paper, sentence, indent=2)
    add_line(paper, f["remedy"], indent=2, keep=True)
    _signature(paper, f)
    contact = f"联系人：{f.get('contact') or '________'}　联系电话：{f.get('phone') or '____________'}"
    for sentence in filter(
        None, (contact, f.get("office_address") and f"联系地址：{f['office_address']}", f["ending"])
    ):
        add_line(paper, sentence, size=FOUR)
    if f.get("qr"):
        paper.add_paragraph().add_run().add_picture(io.BytesIO(qr.png(f["qr"])), width=Mm(26))
        add_line(paper, f.get("qr_note") or "", face="song", size=FIVE)
    if f["service"]:
        paper.add_page_break()
        _receipt(paper, f["service"])
    return to_bytes(paper)


def receipt(facts: Mapping[str, Any]) -> bytes:
    """A 送达回证 of `receipt.typ` as .docx. Raises PaperError."""
    f = ready("receipt", facts)
    paper = new_paper({**f, "org": f.get("org") or ""})
    _receipt(paper, f)
    return to_bytes(paper)


def visit(facts: Mapping[str, Any]) -> bytes:
    """A 监督检查结果记录表 of `visit.typ` as .docx. Raises PaperError."""
    f = ready("visit", facts)
    paper = new_paper(f)
    _head(paper, f)
    add_grid(paper, [], [[label, words] for label, words in f["place"]], widths=(34, 122), size=FOUR_SMALL)
    add_line(paper, "", pitch=Pt(12))
    rows = [
        [
            item["no"], ("★ " if item.get("star") else "") + item["text"], str(item.get("points") or ""),
            item.get("answer") or "—", item.get("note") or "",
        ]
        for item in f["items"]
    ]  # fmt: skip
    heads = [("序号", "检查项目（★ 重点项）", "分值", "检查情况", "备注")]
    add_grid(paper, heads, rows, widths=(12, 74, 13, 20, 37), size=FIVE, sides=(CENTRE, LEFT, CENTRE, CENTRE, LEFT))
    add_line(paper, f"检查结果：{f.get('result') or ''}　得分 {f.get('score') or '—'}", size=FOUR, before=Pt(12))
    for sentence in filter(None, (f"处理意见：{f.get('action') or ''}", f.get("demand"))):
        add_line(paper, sentence, size=FOUR)
    add_line(paper, "检查人员已出示证件并告知上述检查结果。", size=FOUR, before=Pt(12))
    made = cn.day_text(f.get("date")) or "　　　年　　月　　日"
    for sentence in (
        f"检查人员（签名）：{f.get('team') or '________________'}　{made}",
        "被检查单位（签名）：________________　　　　年　　月　　日",
        "拒绝签字的原因：________________　见证人（签名）：________________",
    ):
        add_line(paper, sentence, size=FOUR)
    return to_bytes(paper)


def report(facts: Mapping[str, Any]) -> bytes:
    """A quarterly report of `report.typ` as .docx; wide tables lie on landscape pages. Raises PaperError."""
    f = ready("report", facts)
    paper = new_paper(f)
    _head(paper, f)
    _text(paper, f)
    for table in f["tables"]:
        wide = table.get("landscape", len(table["columns"]) > 9)
        section = paper.add_section(WD_SECTION.NEW_PAGE)
        turn(section, wide)
        add_line(paper, table["title"], face="hei", size=FOUR, align=CENTRE, keep=True)
        unit = f"　　单位：{table['unit']}" if table.get("unit") else ""
        draft = "　（未冻结）" if f.get("draft") else ""
        add_line(paper, f"{f['org']}{draft}{unit}", face="song", size=FIVE, keep=True)
        add_table(paper, table, 257 if wide else 156)
        foot = [f"注：{table['note']}"] if table.get("note") else []
        for sentence in (*foot, f["foot"]):
            add_line(paper, sentence, face="song", size=Pt(9), pitch=Pt(14))
    return to_bytes(paper)


def form(facts: Mapping[str, Any]) -> bytes:
    """A filled or empty form of `form.typ` as .docx: a question a row, choices with boxes. Raises PaperError."""
    f = ready("form", facts)
    paper = new_paper({"org": "", **f})
    for part in f["title"].split("\n"):
        add_line(paper, part, face="title", size=Pt(18), align=CENTRE, pitch=Pt(32))
    filled_on = cn.day_text(f.get("filled_on")) or "____________"
    told = f"编号：{f.get('form_no') or '____________'}　　填表日期：{filled_on}"
    for sentence in filter(None, (f.get("org"), f.get("source") and f"任务来源：{f['source']}", told)):
        add_line(paper, sentence, size=FIVE, pitch=Pt(18))
    for group in f["groups"]:
        rows = [(f"{q.get('code') or ''} {q['label']}".strip(), _answer(q)) for q in group["questions"]]
        add_line(paper, group.get("title") or "", face="hei", size=FOUR_SMALL, pitch=Pt(24), keep=True)
        add_grid(paper, [], rows, widths=(52, 104), size=FIVE)
    for signature in f.get("signatures") or []:
        day = cn.day_text(signature.get("date")) or "　　　　年　　月　　日"
        who = f"{signature['label']}（签名）：{signature.get('name') or '____________'}　　{day}"
        add_line(paper, who, size=FOUR_SMALL, pitch=Pt(26))
    for note in f.get("notes") or []:
        add_line(paper, note, face="song", size=Pt(9), pitch=Pt(14))
    return to_bytes(paper)


def _answer(question: Facts) -> str:
    """The answer as text; of choices all, the chosen one ticked; pictures stand in the PDF alone."""
    if question["choices"]:
        return "　".join(f"{'☑' if choice['on'] else '□'}{choice['label']}" for choice in question["choices"])
    return "（见附件照片）" if question.get("type") == "image" and question["text"] else question["text"]


# --- parts of a paper ---------------------------------------------------------------------------------------------


def _head(paper: Paper, f: Facts) -> None:
    """Red head with its rule, or the plain head of the enforcement forms: office, title, number at the right."""
    title = f["title"].split("\n")
    if f.get("head"):
        size = Pt(min(40, int(440 / len(f["head"]))))
        add_line(paper, f["head"], face="title", size=size, align=CENTRE, before=Pt(60), pitch=None, colour=VERMILION)
        rule = add_line(paper, f.get("number") or "", align=CENTRE, before=Pt(30))
        border(rule, "bottom", "C8321F", 12)
        add_line(paper, "")
        for part in title:
            add_line(paper, part, face="title", size=TWO, align=CENTRE, pitch=Pt(35))
        add_line(paper, "")
    else:
        for part in ([f["org"]] if f["title"] != f["org"] and not f.get("sections") else []) + title:
            add_line(paper, part, face="title", size=TWO, align=CENTRE, pitch=Pt(36))
        add_line(paper, "", pitch=Pt(12))
        if f.get("number"):
            add_line(paper, f["number"], align=RIGHT)
    if f.get("addressee"):
        add_line(paper, f"{f['addressee']}：")


def _text(paper: Paper, f: Facts) -> None:
    """Numbered paragraphs, ending, attachments, signature and contact; the last paragraph goes with the signature."""
    run = f["paragraphs"] + ([{"level": 0, "mark": "", "text": f["ending"]}] if f.get("ending") else [])
    for item in run:
        face = {1: "hei", 2: "kai"}.get(item["level"], "fang")
        keep = item is run[-1] or item["level"] in (1, 2)
        add_line(paper, item["mark"] + item["text"], face=face, indent=2, keep=keep)
    if listed := f.get("list"):
        add_table(paper, {"total": None, **listed}, 156)
    names = f.get("attachments") or []
    for i, name in enumerate(names, 1):
        mark = name if len(names) == 1 else f"{i}. {name}"
        before = PITCH if i == 1 else None
        add_line(paper, ("附件：" if i == 1 else "　　　") + mark, indent=2, keep=True, before=before)
    _signature(paper, f)
    if f.get("contact") or f.get("phone"):
        add_line(
            paper,
            f"（联系人：{f.get('contact') or ''}；联系电话：{f.get('phone') or ''}）",
            indent=2,
            keep=bool(f.get("receipt")),
        )


def _signature(paper: Paper, f: Facts) -> None:
    """Office over day, the wider one four characters from the right edge, the other centred on it."""
    day = cn.day_text(f.get("date")) or "　　　年　　月　　日"
    office, made = ems(f["org"]), ems(day)
    more = any(f.get(key) for key in ("contact", "phone", "receipt"))
    for text, width, before in ((f["org"], office, TWO_LINES), (day, made, None)):
        line = add_line(paper, text, align=RIGHT, keep=text != day or more, before=before)
        line.paragraph_format.right_indent = Pt(16 * (4 + (max(office, made) - width) / 2))


def _imprint(paper: Paper, f: Facts) -> None:
    if not (f.get("head") and f.get("printed_by")):
        return
    lines = [f"抄送：{f['cc']}"] if f.get("cc") else []
    lines.append(f"{f['printed_by']}　　{cn.day_text(f.get('printed_on'))}印发")
    for i, text in enumerate(lines):
        line = add_line(paper, text, size=FOUR, before=TWO_LINES if i == 0 else None)
        border(line, "top", "000000", 8 if i == 0 else 4)
    border(line, "bottom", "000000", 8)


def _receipt(paper: Paper, f: Facts) -> None:
    """The page 送达回证, its fields left to fill where nothing is known."""
    for part in filter(None, (f.get("org"), f["title"])):
        add_line(paper, part, face="title", size=Pt(18), align=CENTRE, pitch=Pt(32))
    fields = [("文书名称及文号", "　".join(f"{d['title']}　{d.get('number') or ''}" for d in f["documents"]))]
    fields += [("受送达人", f.get("addressee") or ""), ("送达地点", f.get("place") or "")]
    fields += [("送达方式", "　".join(("☑ " if way == f.get("chosen") else "□ ") + way for way in f["how"]))]
    fields += [("送达时间", f.get("at") or "")]
    signed = "\n　　　　　　　　　年　　月　　日　　时"
    fields += [("受送达人签名或者盖章", (f.get("received_by") or "") + signed)]
    fields += [("代收人与受送达人关系及代收理由", f.get("relation") or "")]
    fields += [("送达人签名", (f.get("served_by") or "") + signed), ("见证人签名", (f.get("witness") or "") + signed)]
    fields += [("拒收事由、备注", f.get("note") or "\n")]
    made = add_grid(paper, [], fields, widths=(52, 104), size=FOUR_SMALL)
    for row in made.rows:
        row.height = Mm(11)
