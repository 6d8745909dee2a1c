"""What oversight prints: an urging sheet, the scorecard, the pool of a draw."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from sanxiao.docket.models import Event
from sanxiao.office.now import now, today
from sanxiao.office.places import name_of
from sanxiao.oversight import say
from sanxiao.oversight.models import Board, Item, ProofDraw, Urge
from sanxiao.oversight.scoring import MEASURES, Line, lines_of
from sanxiao.oversight.urging import sentence
from sanxiao.papers import excel, pdf
from sanxiao.sampling.drawing import bits


def office_of(area: str) -> str:
    """Who signs: the leading group's office."""
    return _("%(town)s食品三小专项整治领导小组办公室") % {"town": name_of(f"{area[:9]}000")}


# --- an urging sheet ---------------------------------------------------------------------------------------------


def urge_pdf(sheet: Urge) -> bytes:
    """催办单: Chinese, whatever the screen."""
    with translation.override("zh-hans"):
        return pdf.render("report", urge_facts(sheet))


def urge_facts(sheet: Urge) -> dict[str, Any]:
    """The sentence, and the matters as a table."""
    items = list(sheet.items.all())
    heads = ((_("事项"), 5), (_("种类"), 2), (_("期限"), 2), (_("到期日"), 2), (_("情况"), 2))
    sections = [{"heading": _("催办事项"), "paragraphs": [sentence(sheet, len(items))]}]
    if sheet.answer:
        sections.append({"heading": _("单位回应"), "paragraphs": [sheet.answer]})
    return {
        "title": f"{sheet.get_colour_display()}{sheet.flow.name}", "org": office_of(sheet.area),
        "number": sheet.number, "addressee": str(sheet.unit), "date": sheet.issued_on.isoformat(),
        "sections": sections, "attachments": [_("催办事项清单")], "generated_at": now(),
        "practice": not settings.REAL,
        "tables": [{
            "title": _("催办事项清单"), "unit": _("件"), "landscape": False,
            "columns": [{"label": label, "width": width} for label, width in heads],
            "rows": [
                [item.title, item.flow_name, item.name, item.since.isoformat(), item_state(item)] for item in items
            ],
        }],
    }  # fmt: skip


def item_state(item: Item) -> str:
    """How far a late matter is."""
    if item.done_on:
        return _("已办结")
    return _("已升级") if item.moved_on else _("未办结")


# --- the scorecard -----------------------------------------------------------------------------------------------


def board_facts(board: Board) -> dict[str, Any]:
    """Two tables, villages and departments: each number as a share with what it is of."""
    lines = lines_of(board)
    groups = [
        (_("表1　村（社区）"), [line for line in lines if line.unit.role == "village"]),
        (_("表2　各部门"), [line for line in lines if line.unit.role != "village"]),
    ]
    frozen = board.is_frozen
    how = [f"{m.name}：{m.words}" for m in MEASURES]
    return {
        "title": _("%(quarter)s食品三小专项整治考核得分") % {"quarter": board.quarter.label},
        "org": office_of(board.area), "addressee": None, "date": today().isoformat() if frozen else None,
        "sections": [{"heading": _("怎样计分"), "paragraphs": [
            _("只看结果，不看登录、步数和上报条数。没有可算的一项不计，其余按权重折算。"), *how]}],
        "attachments": [title for title, rows in groups if rows], "draft": not frozen, "generated_at": now(),
        "practice": not settings.REAL,
        "tables": [_board_table(title, rows) for title, rows in groups if rows],
    }  # fmt: skip


def _board_table(title: str, lines: list[Line]) -> dict[str, Any]:
    used = [m for m in MEASURES if any(dict(line.scores)[m] is not None for line in lines)]
    heads = [{"label": _("单位"), "width": 2.4}, *({"label": str(m.name), "width": 1.6} for m in used),
             {"label": _("总分"), "width": 1.2}, {"label": _("档次"), "width": 1.2}]  # fmt: skip
    rows = []
    for line in lines:
        by_measure = dict(line.scores)
        total = "" if line.total is None else f"{line.total:.1f}"
        rows.append([str(line.unit), *(_share(by_measure[m]) for m in used), total, line.band_name or _("数据不足")])
    return {"title": title, "unit": _("分"), "landscape": True, "columns": heads, "rows": rows}


def _share(score: Any) -> str:
    if score is None or score.share is None:
        return "—"
    return f"{score.share:.0%}（{score.part:g}/{score.whole}）"


def board_pdf(board: Board) -> bytes:
    """The scorecard on paper."""
    with translation.override("zh-hans"):
        return pdf.render("report", board_facts(board))


def board_xlsx(board: Board) -> bytes:
    """The scorecard as a workbook, each share with what it is of."""
    with translation.override("zh-hans"):
        told = board_facts(board)
        return excel.tables(told, [told["org"], board.quarter.label])


# --- the pool of a draw ------------------------------------------------------------------------------------------


def pool_xlsx(draw: ProofDraw) -> bytes:
    """Every entry of the pool with its key, in the order in which it would be drawn: anybody can do it again."""
    heads = [
        excel.Column("place", _("顺位"), 8, "int"), excel.Column("number", _("记录号"), 12, "int"),
        excel.Column("key", _("校验数"), 24), excel.Column("act", _("办结事项"), 28),
        excel.Column("on", _("办结日期"), 12, "date"), excel.Column("unit", _("办理单位"), 24),
        excel.Column("drawn", _("抽中"), 8),
    ]  # fmt: skip
    notes = [
        _("种子：%(seed)s；名单校验码：%(digest)s") % {"seed": draw.seed, "digest": draw.digest},
        _("校验数 = “种子|记录号”的 SHA-256 前 64 位；从小到大取 %(n)d 件。") % {"n": draw.size},
    ]
    return excel.sheet(draw.called, heads, _pool_rows(draw), notes=notes)


def _pool_rows(draw: ProofDraw) -> Iterator[list[Any]]:
    events = Event.objects.filter(pk__in=draw.pool).select_related("office").in_bulk()
    ranked = sorted(draw.pool, key=lambda number: (bits(f"{draw.seed}|{number}"), number))
    for place, number in enumerate(ranked, 1):
        event = events[number]
        yield [
            place, number, str(bits(f"{draw.seed}|{number}")), say.act(event.kind, event.move), event.on,
            str(event.office or ""), _("是") if place <= draw.size else "",
        ]  # fmt: skip
