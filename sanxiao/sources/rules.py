"""The flow tables of a buyer, a line of its purchases, a supplier, a check, and a warning (方案 五（二）2 一是).

A supplier is the loop itself: named on an invoice, not on file, given to a village as a lead, found there or not.
What happens to the place afterwards (survey, file, class, paper) is told by the rooms it happens in; the table here
only says who has to do something about the name.
"""

from django.utils.translation import gettext_lazy as _

from sanxiao.docket.flow import STAYS, Flow, Guard, Move, State, Term

PLAN = "金城镇方案 五（二）2 一是"
WAYS = [("desk", _("办公室录入")), ("phone", _("手机")), ("excel", _("Excel 导入"))]
MEASURES = [("stopped", _("已停用、下架")), ("used", _("已经用完或售完")), ("never", _("没有进过这批货"))]

BUYER = Flow(
    "sources.buyer",
    _("进货单位"),
    states=(State("active", _("在册"), "green"), State("closed", _("已停办"), "grey")),
    moves=(
        Move("register", _("登记进货单位"), ("",), "active", "source.buyer", todo=False),
        Move("checked", _("已核查"), ("active",), STAYS, None),
        Move(
            "close", _("停办"), ("active",), "closed", "source.buyer", asks=("reason",), todo=False, tone="danger",
            help=_("停办、关闭的单位停用后不再列入核查；进货记录仍保留。"),
        ),
        Move("reopen", _("恢复核查"), ("closed",), "active", "source.buyer", asks=("reason",), todo=False),
    ),
)  # fmt: skip

PURCHASE = Flow(
    "sources.purchase",
    _("进货记录"),
    states=(State("entered", _("已登记"), "green"), State("void", _("已作废"), "grey", final=True)),
    moves=(
        Move("enter", _("登记进货"), ("",), "entered", "source.enter", todo=False),
        Move(
            "void", _("作废"), ("entered",), "void", "source.enter", asks=("reason",), tone="danger", todo=False,
            help=_("录错、重复的进货作废后不再计数；内容和票据照片仍保留。"),
        ),
    ),
)  # fmt: skip

UNFOUND = ("unknown", "none")
SUPPLIER = Flow(
    "sources.supplier",
    _("供货单位"),
    states=(
        State("known", _("在册"), "green", final=True),
        State("unknown", _("未在册"), "red"),
        State("sent", _("村里核实中"), "amber"),
        State("none", _("查无此户"), "red", side=True),
        State("outside", _("外地"), "blue", final=True, side=True),
    ),
    moves=(
        Move("meet", _("票据上出现，已在册"), ("",), "known", None),
        Move("name", _("票据上出现，未在册"), ("",), "unknown", None),
        Move("abroad", _("票据上出现，外地"), ("",), "outside", None),
        Move(
            "send", _("交办核实"), UNFOUND, "sent", "source.trace", asks=("village", "note"), tone="primary",
            guards=(Guard("looked_anew", _("这个村已经核实过，没有这一户；请换一个村，或写明是外地。")),),
            help=_("交给供货单位所在的村（社区）去找；同一供货单位在一个村只交办一次。"),
        ),
        Move(
            "tie", _("就是在册的一户"), (*UNFOUND, "sent", "outside"), "known", "source.trace", asks=("place", "note"),
            todo=False, help=_("票据上的名称与档案不同的，选出那一户；以前的进货都算在它名下。"),
        ),
        Move(
            "outside", _("外地供货"), (*UNFOUND, "sent"), "outside", "source.trace", asks=("town", "licence", "note"),
            todo=False, help=_("不在本镇的，写明地方和许可证号；证照由进货单位查验留存。"),
        ),
        Move("inside", _("不是外地，重新核实"), ("outside",), "unknown", "source.trace", asks=("reason",), todo=False),
        Move("found", _("村里找到，已建档"), ("sent",), "known", None),
        Move("lost", _("村里没有找到"), ("sent",), "none", None),
        Move("referred", _("转到另一村"), ("sent",), STAYS, None),
        Move("close", _("闭环"), ("known",), STAYS, None),
    ),
)  # fmt: skip

CHECK = Flow(
    "sources.check",
    _("进货核查"),
    states=(
        State("clean", _("未发现问题"), "green", final=True),
        State("found", _("有问题待处理"), "amber"),
        State("settled", _("已处理"), "green", final=True),
        State("void", _("已作废"), "grey", final=True, side=True),
    ),
    moves=(
        Move(
            "pass", _("核查：未发现问题"), ("",), "clean", "source.check", asks=("checked_on", "second", "seen", "note"),
            attaches=("photo",), tone="primary",
            guards=(
                Guard("buyer_active", _("这个单位已停用，不再核查。")),
                Guard("nothing_running", _("上一次核查发现的问题还没有处理完。")),
            ),
        ),
        Move(
            "find", _("核查：发现问题"), ("",), "found", "source.check",
            asks=("checked_on", "second", "seen", "problems", "advice", "fix_by"), attaches=("photo",),
            guards=(
                Guard("buyer_active", _("这个单位已停用，不再核查。")),
                Guard("nothing_running", _("上一次核查发现的问题还没有处理完。")),
            ),
            starts=(Term("fix", _("处理期限"), "fix_by", "d", law=PLAN),),
            help=_("问题逐项勾选，写明建议和处理期限；需要下达责令改正的，在单位的档案上办理。"),
        ),
        Move(
            "settle", _("处理完毕"), ("found",), "settled", "source.check", asks=("outcome",), attaches=("after",),
            stops=("fix",), tone="primary", help=_("写明怎么处理的：已退货、已换供货单位、已下达责令改正等。"),
        ),
        Move(
            "void", _("作废"), ("clean", "found", "settled"), "void", "source.check", asks=("reason",), tone="danger",
            todo=False, stops=("fix",),
        ),
    ),
)  # fmt: skip

ALERT = Flow(
    "sources.alert",
    _("停用通知"),
    states=(
        State("sent", _("待回执"), "red"),
        State("answered", _("已回执"), "green", final=True),
        State("lifted", _("已解除"), "grey", final=True),
    ),
    moves=(
        Move(
            "warn", _("通知停用"), ("",), "sent", "source.warn", todo=False,
            starts=(Term("answer", _("回执期限"), 1, "wd", rule="SOURCE_WARN", law=PLAN),),
        ),
        Move(
            "answer", _("登记回执"), ("sent",), "answered", "source.answer",
            asks=("measure", "quantity", "unit", "answered_by", "note"), attaches=("photo",), stops=("answer",),
            tone="primary", guards=(Guard("amount_told", _("已停用、下架的，请写明数量。")),),
            help=_("问清进货单位：停用、下架了多少，还是已经用完。"),
        ),
        Move(
            "lift", _("解除"), ("sent", "answered"), "lifted", "source.warn", asks=("reason",), todo=False,
            stops=("answer",), help=_("复检合格等不需要再停用的，写明理由。"),
        ),
    ),
)  # fmt: skip
