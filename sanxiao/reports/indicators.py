"""The tables of the quarterly report as data: a row names (kind, move), its figure is a count of events.

After domain.md 8, T1–T4. Nothing here is typed by anybody. `figures.py` counts; what is counted, in which
column and with which sign stands only here, so that a number and the list behind it cannot differ.
"""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from sanxiao.archive.rules import CLOSINGS

FILE, MERGE, CLASS, SHEET = "archive.file", "archive.merge", "archive.classification", "survey.sheet"
APPLICATION, PAPER, ORDER = "licensing.application", "licensing.certificate", "inspection.order"
IN_STOCK = ("normal", "seasonal", "suspended", "lost")


@dataclass(frozen=True)
class Hits:
    """Events that count. `mark`: see MARKS; `frm`: state before. `place` 'origin': in the village that was left."""

    kind: str
    moves: tuple[str, ...]
    sign: int = 1
    mark: tuple[str, ...] = ()
    frm: tuple[str, ...] = ()
    place: str = "area"
    kinds: tuple[str, ...] = ()  # of establishment; empty: all

    def __str__(self) -> str:
        return f"{self.kind}.{'/'.join(self.moves)}"


@dataclass(frozen=True)
class Flows:
    """What happened in the quarter, and in the campaign up to its end: a signed count of events."""

    hits: tuple[Hits, ...]


@dataclass(frozen=True)
class Stock:
    """What is there, counted from the first event on: 'since' on the eve of the quarter, 'until' on its last day."""

    hits: tuple[Hits, ...]
    at: str = "until"
    files: bool = True  # the list shows files, not events


@dataclass(frozen=True)
class Standing:
    """Classifications in force at the end; in the quarter's own column those decided in it.

    `done`: only those for which such an event has happened. `trading`: only files that are in the stock.
    """

    case: str | None = None  # None: any
    batch: str | None = None
    done: tuple[Hits, ...] = ()
    trading: bool = True


@dataclass(frozen=True)
class Holding:
    """Files of the stock at the end that hold something; `what` is a test of `figures.HOLDS`."""

    what: str


@dataclass(frozen=True)
class Rate:
    """A share: the sum of columns over the sum of columns; None where there is nothing to divide by."""

    part: tuple[str, ...]
    whole: tuple[str, ...]


How = Flows | Stock | Standing | Holding | Rate


@dataclass(frozen=True)
class Column:
    """One column. `group` is the head above several; `note` says what is counted, in the law's and the log's words."""

    key: str
    name: str
    how: How
    group: str = ""
    note: str = ""

    @property
    def spans(self) -> tuple[str, ...]:
        """'q' this quarter, 'c' cumulative; a stock or a rate has one value, at the end."""
        return ("q", "c") if isinstance(self.how, (Flows, Standing)) and self.key != "unclassified" else ("q",)


@dataclass(frozen=True)
class Table:
    """One table of the report."""

    key: str
    title: str
    unit: str
    columns: tuple[Column, ...]
    note: str = ""


# What tells events of one move apart, beyond the move: a fact of the event, or a column of its matter.
MARK_FACTS = {(FILE, "close"): "closing"}
MARK_COLUMNS = {APPLICATION: "purpose"}
# The kind of establishment of a matter that may hang on no file yet, as a column of its own.
KIND_COLUMNS = {SHEET: "kind"}

OTHERWISE = tuple(key for key, _name in CLOSINGS if key not in ("self", "banned", "changed"))

_opened = Hits(FILE, ("open",))
_reopened = Hits(FILE, ("reopen",), frm=("closed",))
_struck = (
    Hits(FILE, ("undo",), sign=-1, frm=IN_STOCK),  # of one that had closed or left, nothing is left to take off
    Hits(MERGE, ("merge",), sign=-1),
    Hits(MERGE, ("undo",)),
)
_moved_in = (Hits(FILE, ("transfer", "amend")), Hits(FILE, ("reopen",), frm=("moved",)))
_moved_out = (Hits(FILE, ("transfer", "amend"), place="origin"), Hits(FILE, ("leave",)))
_closed = Hits(FILE, ("close",))


def _less(hits: tuple[Hits, ...]) -> tuple[Hits, ...]:
    return tuple(Hits(h.kind, h.moves, -h.sign, h.mark, h.frm, h.place, h.kinds) for h in hits)


NEW = (_opened, _reopened, *_struck)
STOCK = (*NEW, *_moved_in, *_less(_moved_out), *_less((_closed,)))
PENDING = (
    Hits(SHEET, ("send", "unfile")),
    Hits(SHEET, ("file", "void"), sign=-1),
)
_certified = (Hits(APPLICATION, ("issue",)), Hits(CLASS, ("settle",)))

T1 = Table(
    "t1",
    _("表1　食品三小底数"),
    _("户"),
    (
        Column("start", _("期初"), Stock(STOCK, at="since")),
        Column("new", _("新增"), Flows(NEW), note=_("建档加重开，减去撤回的建档和并入他户的重复档案")),
        Column("reopened", _("其中重开"), Flows((_reopened,))),
        Column("moved_in", _("迁入"), Flows(_moved_in), note=_("从外村迁来，或迁出后迁回；村内搬迁不计")),
        Column("moved_out", _("迁出"), Flows(_moved_out)),
        Column("closed", _("关停"), Flows((_closed,))),
        Column("end", _("期末"), Stock(STOCK)),
        Column("pending", _("已摸底未建档"), Stock(PENDING, files=False)),
        Column("filed_rate", _("建档率"), Rate(("end",), ("end", "pending"))),
    ),
    note=_("期末 = 期初 + 新增 + 迁入 − 迁出 − 关停；“其中重开”已含在新增内。按发生日期计；停业、季节性、失联仍在册。"),
)  # fmt: skip

T2 = Table(
    "t2",
    _("表2　处置类型"),
    _("户"),
    (
        Column("case0", _("（0）已持证"), Standing(case="0")),
        Column("case1", _("（1）未办证"), Standing(case="1")),
        Column("case2", _("（2）愿整改"), Standing(case="2")),
        Column("case3", _("（3）不具备"), Standing(case="3")),
        Column("unclassified", _("未分类"), Standing(case="")),
        Column("closed_self", _("自行关停"), Flows((Hits(FILE, ("close",), mark=("self",)),)), group=_("关停")),
        Column("banned", _("取缔"), Flows((Hits(FILE, ("close",), mark=("banned",)),)), group=_("关停")),
        Column("changed", _("转业"), Flows((Hits(FILE, ("close",), mark=("changed",)),)), group=_("关停")),
        Column("otherwise", _("其他"), Flows((Hits(FILE, ("close",), mark=OTHERWISE),)), group=_("关停")),
    ),
    note=_("四类计期末在册的户；本季一栏是本季审定的。处置类型与三批是方案里的两张单子，各计各的。"),
)  # fmt: skip

T2B = Table(
    "t2b",
    _("表2之二　三批整治"),
    _("户"),
    (
        Column("upgrade", _("计划"), Standing(batch="upgrade", trading=False), group=_("提升")),
        Column("upgraded", _("完成"), Standing(batch="upgrade", trading=False, done=_certified), group=_("提升")),
        Column("regulate", _("计划"), Standing(batch="regulate", trading=False), group=_("规范")),
        Column(
            "regulated", _("完成"), group=_("规范"),
            how=Standing(batch="regulate", trading=False, done=(*_certified, Hits(ORDER, ("pass",)))),
        ),
        Column("phase_out", _("计划"), Standing(batch="phase_out", trading=False), group=_("淘汰")),
        Column("phased_out", _("完成"), Standing(batch="phase_out", trading=False, done=(_closed,)), group=_("淘汰")),
    ),
    note=_("计划为已审定的户；完成：提升为发证或办结，规范为发证、整改合格或办结，淘汰为关停。"),
)  # fmt: skip

T3 = Table(
    "t3",
    _("表3　登记发证"),
    _("件、户"),
    (
        Column("applied", _("申请"), Flows((Hits(APPLICATION, ("submit",)),))),
        Column("accepted", _("受理"), Flows((Hits(APPLICATION, ("accept", "deem_accepted")),))),
        Column("refused", _("不予登记"), Flows((Hits(APPLICATION, ("refuse",)),))),
        Column(
            "certificate", _("小作坊登记证"), group=_("新发"),
            how=Flows((Hits(APPLICATION, ("issue",), mark=("new",), kinds=("workshop",)),)),
        ),
        Column(
            "vendor_card", _("摊贩登记卡"), group=_("新发"),
            how=Flows((Hits(APPLICATION, ("issue",), mark=("new",), kinds=("vendor",)),)),
        ),
        Column(
            "eatery_card", _("小餐饮登记卡"), group=_("新发"),
            how=Flows((Hits(APPLICATION, ("issue",), mark=("new",), kinds=("eatery",)),)),
        ),
        Column("renewed", _("延续"), Flows((Hits(APPLICATION, ("issue",), mark=("renew",)),))),
        Column("cancelled", _("注销"), Flows((Hits(PAPER, ("cancel",)),))),
        Column("licence", _("有营业执照"), Holding("licence")),
        Column("certified", _("持证"), Holding("certified")),
        Column("certified_rate", _("持证率"), Rate(("certified",), ("end",))),
    ),
    note=_("持证为期末在册户中，本系统所发证卡有效，或调查时已持有所需证卡的。小餐饮登记卡是否视为持证，按镇里的设置。"),
)  # fmt: skip

T4 = Table(
    "t4",
    _("表4　责令改正"),
    _("份"),
    (
        Column("orders", _("下达"), Flows((Hits(ORDER, ("issue",)), Hits(ORDER, ("void",), sign=-1)))),
        Column("passed", _("整改合格"), Flows((Hits(ORDER, ("pass",)),))),
        Column("failed", _("整改不合格"), Flows((Hits(ORDER, ("fail",)),))),
        Column("lapsed", _("逾期未改"), Flows((Hits(ORDER, ("lapse",)),))),
    ),
    note=_("下达数已减去撤销的。"),
)  # fmt: skip

TABLES = (T1, T2, T2B, T3, T4)
COLUMNS = {column.key: column for table in TABLES for column in table.columns}


def all_hits() -> tuple[Hits, ...]:
    """Every event that any column counts, each once."""
    found: dict[Hits, None] = {}
    for column in COLUMNS.values():
        if isinstance(column.how, (Flows, Stock)):
            found.update(dict.fromkeys(column.how.hits))
    return tuple(found)
