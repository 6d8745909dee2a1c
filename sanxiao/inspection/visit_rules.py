"""The flow table of a visit (检查), and the tables that say what a finding and a result lead to.

A failed visit never moves on by itself: what follows is read in `OUTCOMES`, and only the order that came out of
it, or a person with a reason, ends it. Both tables are checked complete when the module is read.
"""

from itertools import product

from django.utils.translation import gettext_lazy as _

from sanxiao.docket.flow import STAYS, Flow, Guard, Move, State, Term

KINDS = [
    ("routine", _("日常检查")),
    ("flying", _("飞行检查")),
    ("special", _("专项检查")),
    ("recheck", _("复查")),
    ("lookback", _("回头看")),
    ("complaint", _("投诉举报核查")),
    ("joint", _("联合执法")),
    ("trace", _("上下游清查")),
]
BY_HAND = [pair for pair in KINDS if pair[0] != "recheck"]  # a re-check comes of its order, never by hand
AT_CLOSED = ("lookback", "complaint", "joint")  # kinds that also go to a place that is closed: has it come back?

ANSWERS = [("yes", _("是")), ("no", _("否")), ("na", _("不适用"))]
GRAVITIES = [
    ("spot", _("明显轻微，当场已改正")),
    ("slight", _("明显轻微，限期改正")),
    ("safety", _("影响食品安全")),
    ("danger", _("有发生事故的风险")),
]
RESULTS = [("conform", _("符合")), ("basic", _("基本符合")), ("fail", _("不符合"))]
TONES = {"conform": "green", "basic": "amber", "fail": "red", "": "grey"}
ACTIONS = [  # from the lightest to the gravest: a visit's own is the gravest of its items
    ("none", _("无需整改")),
    ("spot", _("当场改正")),
    ("order", _("责令限期改正")),
    ("investigate", _("立案线索")),
    ("stop", _("责令立即停止")),
]
ORDERED = ("order", "investigate", "stop")  # items that the order names
CLUES = ("investigate", "stop")  # what enforcement looks at

# (is it a key item, how grave) -> what is to be done; None: may not be said of it. Domain reference 3.1; that a slight
# failure of a key item is ordered in writing is our proposal, the source is silent on it.
DECISIONS: dict[tuple[bool, str], str | None] = {
    (False, "spot"): "spot",
    (False, "slight"): "order",
    (False, "safety"): "investigate",
    (False, "danger"): "stop",
    (True, "spot"): None,
    (True, "slight"): "order",
    (True, "safety"): "investigate",
    (True, "danger"): "stop",
}
# (result, gravest action) -> the state after publication; None: these two do not go together.
OUTCOMES: dict[tuple[str, str], str | None] = {
    ("conform", "none"): "closed",
    ("conform", "spot"): None,
    ("conform", "order"): None,
    ("conform", "investigate"): None,
    ("conform", "stop"): None,
    ("basic", "none"): None,
    ("basic", "spot"): "closed",
    ("basic", "order"): "following",
    ("basic", "investigate"): "following",
    ("basic", "stop"): "following",
    ("fail", "none"): None,
    ("fail", "spot"): None,
    ("fail", "order"): "following",
    ("fail", "investigate"): "following",
    ("fail", "stop"): "following",
}
TOLD_HOW = [("signed", _("当场签字")), ("refused", _("拒绝签字"))]


def _complete() -> None:
    """Every pair has its row; raises ValueError naming those that have none."""
    wanted = set(product((True, False), dict(GRAVITIES)))
    if missing := wanted ^ set(DECISIONS):
        raise ValueError(f"DECISIONS: {sorted(missing)}")
    pairs = set(product(dict(RESULTS), dict(ACTIONS)))
    if missing_pairs := pairs ^ set(OUTCOMES):
        raise ValueError(f"OUTCOMES: {sorted(missing_pairs)}")


_complete()

GOING = ("later", "planned", "underway", "judged")  # planned, or made and not told
_PLAN = Term("visit", _("计划检查期限"), "planned_to", "d", law="检查计划")
_PUBLISH = Term("publish", _("公开检查结果"), 20, "wd", rule="INSP_PUBLISH")
_STANDS = (
    Guard("file_current", _("这份档案已合并或撤回，请在现行档案上办理。")),
    Guard("may_go_there", _("这一户已登记关停或迁出，只能安排回头看、投诉举报核查或联合执法。")),
)
_TWO = Guard("enough_inspectors", _("检查人员不足，须两名以上。"))

VISIT = Flow(
    "inspection.visit",
    _("检查"),
    states=(
        State("later", _("已排期"), "grey", side=True),
        State("planned", _("待检查"), "blue", side=True),
        State("awaiting", _("待复查"), "amber", side=True),
        State("underway", _("检查中"), "blue"),
        State("judged", _("待告知"), "blue"),
        State("told", _("已告知，待公开"), "amber"),
        State("following", _("整改跟踪"), "amber", side=True),
        State("closed", _("已办结"), "green", final=True),
        State("void", _("已取消"), "grey", final=True),
    ),
    moves=(
        Move(
            "plan", _("安排检查"), ("",), "planned", "visit.plan",
            asks=("kind", "planned_from", "planned_to", "team", "cause", "override"),
            guards=(
                *_STANDS,
                Guard("in_order_of_days", _("结束日期不能早于开始日期。")),
                Guard("none_like_it", _("这一户已有一次同样的检查在安排或进行中。")),
                Guard("outside_quiet", _("上级检查后三个月内不重复检查同样的项目；确需检查的，请写明理由。")),
                Guard("below_cap", _("这一户今年的检查已达到上限；确需检查的，请写明理由。")),
            ),
            starts=(_PLAN,),
        ),
        Move(
            "start", _("现场检查"), ("",), "underway", "visit.do",
            asks=("kind", "begun_on", "team", "vehicles", "credentials", "cause", "override"), tone="primary",
            guards=(
                *_STANDS, _TWO,
                Guard("none_like_it", _("这一户已有一次同样的检查在安排或进行中。")),
                Guard("outside_quiet", _("上级检查后三个月内不重复检查同样的项目；确需检查的，请写明理由。")),
                Guard("below_cap", _("这一户今年的检查已达到上限；确需检查的，请写明理由。")),
            ),
        ),
        Move(
            "higher", _("登记上级检查"), ("",), "closed", "visit.plan", asks=("higher", "done_on", "scope", "note"),
            guards=(_STANDS[0],), todo=False,
            help=_("登记以后三个月内，同样的项目不再重复检查。"),
        ),
        Move("recheck", _("安排复查"), ("",), "awaiting", None, starts=(_PLAN,)),
        Move("note", _("登记回头看"), ("",), "closed", None),
        Move(
            "begin", _("开始检查"), ("planned",), "underway", "visit.do",
            asks=("begun_on", "team", "vehicles", "credentials"), tone="primary", stops=("visit",),
            guards=(*_STANDS, _TWO),
            help=_("两名以上检查人员，出示执法证件或者任务书。"),
        ),
        Move(
            "judge", _("判定结果"), ("underway",), "judged", "visit.do", asks=("answers",), tone="primary",
            guards=(Guard("checklist_there", _("这一类对象还没有检查表。")),),
            help=_("按键 1 是、2 否、3 不适用。除飞行检查外，须答完全部项目。"),
        ),
        Move("save", _("暂存"), ("underway",), STAYS, "visit.do", asks=("answers",), todo=False),
        Move(
            "tell", _("告知结果"), ("judged",), "told", "visit.do",
            asks=("told_on", "told_how", "told_to", "refusal", "witness", "recording"), attaches=("signature",),
            tone="primary", starts=(_PUBLISH,),
            guards=(
                Guard("sheet_signed", _("请拍下经营者签字的检查结果记录表。")),
                Guard("refusal_proved", _("拒绝签字的，须写明原因，并有见证人或者录音录像。")),
                Guard("after_visit", _("告知日期不能早于检查日期。")),
            ),
        ),
        Move(
            "reopen", _("更正判定"), ("judged",), "underway", "visit.do", asks=("reason",), todo=False,
            help=_("还没有告知的，可以退回更正；原记录表的编号作废。"),
        ),
        Move(
            "publish", _("公开结果"), ("told",), STAYS, "visit.publish", asks=("published_on",), tone="primary",
            stops=("publish",),
        ),
        Move(
            "miss", _("未能检查"), ("planned", "underway"), "planned", "visit.do", asks=("reason", "until"),
            starts=(Term("visit", _("计划检查期限"), "until", "d", law="检查计划"),), todo=False,
            help=_("店门关闭、拒绝检查等；写明情况，定下次日期。"),
        ),
        Move(
            "assign", _("调整日期和人员"), ("planned", "later"), STAYS, "visit.plan",
            asks=("planned_from", "planned_to", "team"), starts=(_PLAN,), todo=False,
            guards=(Guard("in_order_of_days", _("结束日期不能早于开始日期。")),),
        ),
        Move("shelve", _("留到日期临近"), ("planned",), "later", None),
        Move("come", _("日期临近"), ("later",), "planned", None),
        Move(
            "early", _("提前检查"), ("later",), "underway", "visit.do",
            asks=("begun_on", "team", "vehicles", "credentials"), stops=("visit",), guards=(*_STANDS, _TWO), todo=False,
        ),
        Move("follow", _("转整改跟踪"), ("told",), "following", None, stops=("publish",)),
        Move("settle", _("办结"), ("told", "following"), "closed", None, stops=("publish",)),
        Move(
            "conclude", _("结束跟踪"), ("following",), "closed", "visit.do", asks=("reason",), todo=False,
            guards=(
                Guard("ordered_first", _("还没有下达整改通知。")),
                Guard("no_open_order", _("整改通知还没有办结。")),
            ),
            help=_("整改不合格、转立案的，写明去向后结束。"),
        ),
        Move("rechecked", _("已复查"), ("awaiting",), "closed", None, stops=("visit",)),
        Move("drop", _("不再需要"), ("awaiting", "planned", "later"), "void", None, asks=("reason",)),
        Move(
            "void", _("取消检查"), GOING, "void", "visit.plan", asks=("reason",), tone="danger", todo=False,
        ),
    ),
)  # fmt: skip
