"""What several pages show alike: lines with their suppliers' standing, and the buyers of a place on paper."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from sanxiao.archive.models import Establishment
from sanxiao.office.now import now, today
from sanxiao.office.places import names_of
from sanxiao.papers import excel, pdf
from sanxiao.papers.lists import XLSX
from sanxiao.sources import lists, standing
from sanxiao.sources.downstream import Bought
from sanxiao.sources.models import Purchase

MOST = 200


def lines_of(user: Any, **which: Any) -> list[Purchase]:
    """Lines that stand, newest first, each with how its supplier stands today."""
    rows = list(lists.purchases(user).standing().filter(**which).order_by("-bought_on", "-created_at")[:MOST])
    lists.lay_lines(rows)
    for row in rows:
        row.then = standing.VERDICTS[row.verdict]
    return rows


def buyers_paper(file: Establishment, rows: Sequence[Bought], form: str, by: Any) -> HttpResponse:
    """The buyers of a place as a list to warn them by: PDF, or a workbook with room for what was answered."""
    title = _("“%(name)s”的进货单位") % {"name": file.called}
    heads = [
        excel.Column("buyer", _("进货单位"), 26), excel.Column("area", _("村（社区）"), 16),
        excel.Column("contact", _("联系人"), 12), excel.Column("foods", _("食品"), 22),
        excel.Column("times", _("次数"), 8, "int"), excel.Column("last", _("最近进货"), 12, "date"),
        excel.Column("told", _("通知时间"), 14), excel.Column("stopped", _("停用、下架数量"), 16),
    ]  # fmt: skip
    names = names_of(bought.buyer.area for bought in rows)
    lines = [
        [b.buyer.name, names.get(b.buyer.area, b.buyer.area), b.buyer.contact, "、".join(b.foods), b.times, b.last_on,
         "", ""] for b in rows
    ]  # fmt: skip
    name = f"{title}-{today()}"
    if form == "xlsx":
        return download(excel.sheet(title, heads, lines), XLSX, f"{name}.xlsx")
    cells = [["" if cell is None else str(cell) for cell in line] for line in lines]
    facts = {
        "title": title, "filter": "", "count": len(cells), "rows": cells, "generated_at": now(), "by": by.name,
        "columns": [{"key": head.key, "label": head.heading} for head in heads],
    }  # fmt: skip
    return download(pdf.render("list", facts), "application/pdf", f"{name}.pdf")


def download(data: bytes, mime: str, name: str) -> HttpResponse:
    """A file to keep."""
    response = HttpResponse(data, content_type=mime)
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response
