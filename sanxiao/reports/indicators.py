"""The tables of the quarterly report as data: a row names (kind, move), its figure is a count of events.

After domain.md 8 and plan 五（三）. Nothing here is typed by anybody. `figures.py` counts; what is counted,
in which column and with which sign stands only here, so that a number and the list behind it cannot differ.
"""

from django.utils.translation import gettext_lazy as _

from sanxiao.archive.rules import CLOSINGS
from sanxiao.inspection.talk_rules import HELD
from sanxiao.inspection.visit_rules import KINDS
from sanxiao.reports import public_tables, zone_table
from sanxiao.reports.columns import Column, Flows, Hits, Holding, Rate, Standing, Stock, Sums, Table
from sanxiao.reports.table9 import T9

FILE, MERGE, CLASS, SHEET = "archive.file", "archive.merge", "archive.classification", "survey.sheet"
APPLICATION, PAPER, ORDER = "licensing.application", "licensing.certificate", "inspection.order"
PROBLEM, VISIT, TALK = "inspection.problem", "inspection.visit", "inspection.talk"
SAMPLE, QUICK = "sampling.sample", "sampling.quick"
CASE, MEASURE, TRANSFER = "enforcement.case", "enforcement.measure", "enforcement.transfer"
CLOSURE = "enforcement.closure"
OPERATION, PART = "joint.operation", "joint.part"
LOOK, REVISIT, ALARM = "lookback.look", "lookback.revisit", "lookback.alarm"
CHECK, PURCHASE, SUPPLIER = "sources.check", "sources.purchase", "sources.supplier"
ALERT = "sources.alert"
IN_STOCK = ("normal", "seasonal", "suspended", "lost")

# What tells events of one move apart, beyond the move: a fact of the event, or a column of its matter.
MARK_FACTS = {
    (FILE, "close"): "closing",
    # Of a failed lot its gravest type, of a disposal whether it came in time.
    (SAMPLE, "fail"): "breach",
    (SAMPLE, "clear"): "breach",
    (SAMPLE, "annul"): "breach",
    (SAMPLE, "dispose"): "in_time",
}
MARK_COLUMNS = {APPLICATION: "purpose", VISIT: "kind", **zone_table.MARK_COLUMNS, **public_tables.MARK_COLUMNS}
# The kind of establishment of a matter that may hang on no file yet, as a column of its own.
KIND_COLUMNS = {SHEET: "kind", **zone_table.KIND_COLUMNS}

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


def _visits(*kinds: str) -> Flows:
    """Visits that were judged, of these kinds (all when none is named), less those taken back before they were told.

    A look-back may be written down in its short form: then it was noted, not judged.
    """
    made = Hits(VISIT, ("judge", "rechecked", "note"), mark=kinds)
    return Flows((made, Hits(VISIT, ("reopen",), sign=-1, mark=kinds)))


def _sent_out(fact: str) -> Sums:
    """People or vehicles sent out: by the visits of the bureau, and by each office for its part of an operation."""
    return Sums((*_visits().hits, Hits(PART, ("close",))), fact=fact)


T4 = Table(
    "t4",
    _("表4　检查和责令改正"),
    _("户次、份"),
    (
        Column("visits", _("检查"), _visits(), group=_("检查（户次）")),
        *(Column(f"visit_{key}", name, _visits(key), group=_("检查（户次）")) for key, name in KINDS),
        Column("problems", _("指出问题"), Flows((Hits(PROBLEM, ("name",)),)), group=_("责令改正")),
        Column(
            "orders", _("下达"), Flows((Hits(ORDER, ("issue",)), Hits(ORDER, ("void",), sign=-1))),
            group=_("责令改正"),
        ),
        Column("passed", _("整改合格"), Flows((Hits(ORDER, ("pass",)),)), group=_("责令改正")),
        Column("failed", _("整改不合格"), Flows((Hits(ORDER, ("fail",)),)), group=_("责令改正")),
        Column("lapsed", _("逾期未改"), Flows((Hits(ORDER, ("lapse",)),)), group=_("责令改正")),
        Column("clues", _("转立案线索"), Flows((Hits(ORDER, ("clue",)),)), group=_("责令改正")),
    ),
    note=_("检查按判定结果之日计，复查按复查之日计，更正的不重复计；指出问题和下达按件计，下达数已减去撤销的。"),
)  # fmt: skip

T4B = Table(
    "t4b",
    _("表4之二　进货核查"),
    _("户次、条、家"),
    (
        Column("source_checks", _("核查"), Flows((Hits(CHECK, ("pass", "find")), Hits(CHECK, ("void",), sign=-1)))),
        Column(
            "source_found", _("发现问题"),
            Flows((Hits(CHECK, ("find",)), Hits(CHECK, ("void",), sign=-1, frm=("found", "settled")))),
        ),
        Column(
            "source_settled", _("处理完毕"),
            Flows((Hits(CHECK, ("settle",)), Hits(CHECK, ("void",), sign=-1, frm=("settled",)))),
        ),
        Column("purchases", _("进货条数"), Flows((Hits(PURCHASE, ("enter",)), Hits(PURCHASE, ("void",), sign=-1)))),
        Column("unknown_suppliers", _("未在册"), Flows((Hits(SUPPLIER, ("name",)),)), group=_("供货单位")),
        Column("traced_suppliers", _("交办核实"), Flows((Hits(SUPPLIER, ("send",)),)), group=_("供货单位")),
        Column("closed_loops", _("闭环"), Flows((Hits(SUPPLIER, ("close",)),)), group=_("供货单位")),
        Column("warned_buyers", _("已通知"), Flows((Hits(ALERT, ("warn",)),)), group=_("停用通知")),
        Column("answered_buyers", _("回执"), Flows((Hits(ALERT, ("answer",)),)), group=_("停用通知")),
    ),
    note=_("核查按进货单位的户次、供货单位按家计，作废的已减去；食堂、学校、超市不属三小，不分类别。闭环为登记或关停。"),
)  # fmt: skip

T4C = Table(
    "t4c",
    _("表4之三　出动、约谈和联合执法"),
    _("人次、车次、户次、次"),
    (
        Column("people_out", _("执法人员（人次）"), _sent_out("persons"), group=_("出动")),
        Column("cars_out", _("车辆（车次）"), _sent_out("vehicles"), group=_("出动")),
        Column(
            "talks", _("约谈（户次）"), group=_("责任约谈"),
            how=Flows((Hits(TALK, ("hold", "record")), Hits(TALK, ("void",), sign=-1, frm=HELD))),
        ),
        Column("talks_kept", _("承诺已兑现"), Flows((Hits(TALK, ("keep",)),)), group=_("责任约谈")),
        # joint operations: counted where they are led; people and cars as each office says when it closes its part
        Column("joint_ops", _("行动（次）"), Flows((Hits(OPERATION, ("start",)),)), group=_("联合执法")),
        Column(
            "joint_people", _("出动（人次）"), Sums((Hits(PART, ("close",)),), fact="persons"), group=_("联合执法")
        ),
        Column(
            "joint_cars", _("车辆（车次）"), Sums((Hits(PART, ("close",)),), fact="vehicles"), group=_("联合执法")
        ),
    ),
    note=_(
        "出动按每次检查的检查人员计，联合执法的按各单位办结自己的部分之日计；一趟车走几户的只计一次。"
        "约谈按谈过之日计，取消的已减去。联合执法按开始之日计在牵头的地方。"
    ),
)  # fmt: skip

_given_up = Hits(SAMPLE, ("reject", "void", "annul"), sign=-1)


def _failed(*mark: str) -> Flows:
    """Lots that failed, of these types, less those that a re-test cleared or an objection annulled."""
    undone = (Hits(SAMPLE, ("clear",), -1, mark), Hits(SAMPLE, ("annul",), -1, mark, ("failed", "served")))
    return Flows((Hits(SAMPLE, ("fail",), 1, mark), *undone))


T5 = Table(
    "t5",
    _("表5　监督抽检"),
    _("批"),
    (
        Column(
            "drawn", _("列入"), note=_("随机抽中和靶向列入的，减去未抽成和作废的"),
            how=Flows((Hits(SAMPLE, ("draw", "target")), Hits(SAMPLE, ("skip",), -1), _given_up)),
        ),
        Column("sampled", _("已抽样"), Flows((Hits(SAMPLE, ("take",)), _given_up)), note=_("减去作废的")),
        Column("sample_passed", _("合格"), Flows((Hits(SAMPLE, ("pass", "clear")),)), note=_("含复检合格")),
        Column("sample_failed", _("不合格"), _failed()),
        Column("sample_rate", _("合格率"), Rate(("sample_passed",), ("sample_passed", "sample_failed"))),
        Column("breach_scope", _("超范围"), _failed("scope"), group=_("两超一非")),
        Column("breach_limit", _("超限量"), _failed("limit"), group=_("两超一非")),
        Column("breach_illegal", _("非法添加"), _failed("illegal"), group=_("两超一非")),
        Column("disposed", _("处置完成"), Flows((Hits(SAMPLE, ("dispose",)),))),
        Column("disposed_in_time", _("其中按时"), Flows((Hits(SAMPLE, ("dispose",), mark=("yes",)),))),
        Column("quick", _("快检"), Flows((Hits(QUICK, ("negative", "positive")),)), note=_("不计入抽检批次")),
    ),
    note=_("按报告收到之日计合格和不合格；一批有几项不合格的，按最重的一项计入两超一非（非法添加、超范围、超限量、其他）。"),
)  # fmt: skip

T6 = Table(
    "t6",
    _("表6　案件查处"),
    _("件、元"),
    (
        Column("case_clues", _("案源"), Flows((Hits(CASE, ("register", "summary")),))),
        Column("filed", _("立案"), Flows((Hits(CASE, ("file", "summary")),)), note=_("含当场处罚")),
        Column("not_filed", _("不予立案"), Flows((Hits(CASE, ("refuse",)),))),
        Column("decided", _("处罚决定"), Flows((Hits(CASE, ("decide", "summary")),))),
        Column("not_punished", _("不予处罚"), Flows((Hits(CASE, ("dismiss",)),))),
        Column("case_closed", _("结案"), Flows((Hits(CASE, ("close",)),))),
        Column("fine", _("罚款（元）"), Sums((Hits(CASE, ("decide", "summary")),), fact="fine"), group=_("罚没")),
        Column("paid", _("已缴（元）"), Sums((Hits(CASE, ("pay",)),), fact="amount"), group=_("罚没")),
        Column("seized", _("查封扣押"), Flows((Hits(MEASURE, ("take",)),))),
        Column("to_police", _("移送公安"), Flows((Hits(TRANSFER, ("send",)),)), group=_("行刑衔接")),
        Column("police_filed", _("公安立案"), Flows((Hits(TRANSFER, ("file",)),)), group=_("行刑衔接")),
        Column("closing_told", _("告知关停"), Flows((Hits(CLOSURE, ("notice",)),)), group=_("关停取缔")),
        Column("operations", _("现场执行"), Flows((Hits(CLOSURE, ("carry_out",)),)), group=_("关停取缔")),
    ),
    note=_("罚款按决定日期计，已缴按缴款登记计。"),
)  # fmt: skip

# --- looking back ---

T10 = Table(
    "t10",
    _("表10　回头看"),
    _("户次、条"),
    (
        Column("look_good", _("保持良好"), Flows((Hits(LOOK, ("good",)),)), group=_("回头看")),
        Column("look_slipped", _("有滑坡"), Flows((Hits(LOOK, ("slipped",)),)), group=_("回头看")),
        Column("look_ended", _("已停业或找不到"), Flows((Hits(LOOK, ("shut", "gone")),)), group=_("回头看")),
        Column("still_closed", _("仍然关停"), Flows((Hits(REVISIT, ("still",)),)), group=_("关停回查")),
        Column("revived", _("死灰复燃"), Flows((Hits(REVISIT, ("revived",)),)), group=_("关停回查")),
        Column("other_use", _("改作他用"), Flows((Hits(REVISIT, ("other",)),)), group=_("关停回查")),
        Column("alarms", _("发现"), Flows((Hits(ALARM, ("raise",)),)), group=_("死灰复燃线索")),
        Column("alarms_true", _("确属"), Flows((Hits(ALARM, ("confirm",)),)), group=_("死灰复燃线索")),
        Column("alarms_false", _("不是同一家"), Flows((Hits(ALARM, ("dismiss",)),)), group=_("死灰复燃线索")),
    ),
    note=_("按到场日期计；线索计在出现的村（社区）。"),
)  # fmt: skip

TABLES = (T1, T2, T2B, T3, T4, T4B, T4C, T5, T6, zone_table.T7, *public_tables.T8S, T9, T10, public_tables.T11)
COLUMNS = {column.key: column for table in TABLES for column in table.columns}
if len(COLUMNS) != sum(len(table.columns) for table in TABLES):
    raise ValueError("two columns of the report have one key")


def all_hits() -> tuple[Hits, ...]:
    """Every event that any column counts, each once."""
    found: dict[Hits, None] = {}
    for column in COLUMNS.values():
        if isinstance(column.how, (Flows, Stock)):
            found.update(dict.fromkeys(column.how.hits))
    return tuple(found)
