"""The flow table of closing a place down (关停、取缔) as an operation (domain.md 5).

Notice with its reason, a time of guidance, the order to stop, a plan with its team that the food-safety office
agrees to, the day itself with photos before and after, and then the checks that the look-back sets by itself.
Who gives up by himself on the way needs no operation.
"""

from django.utils.translation import gettext_lazy as _

from sanxiao.docket.flow import STAYS, Flow, Guard, Move, State, Term

GROUNDS = [
    ("phase_out", _("列入淘汰，不具备条件")),
    ("unwilling", _("限期整改仍不合格或者拒不整改")),
    ("illegal", _("非法添加等严重违法")),
    ("unlicensed", _("无证无照且不能办证")),
]
WAYS = [("self", _("自行关停")), ("banned", _("依法取缔")), ("changed", _("转业"))]

CLOSURE = Flow(
    "enforcement.closure",
    _("关停取缔"),
    states=(
        State("noticed", _("告知、引导"), "blue"),
        State("ordered", _("已责令停止"), "amber"),
        State("planned", _("待现场执行"), "amber"),
        State("done", _("已关停"), "green", final=True),
        State("dropped", _("不再关停"), "grey", final=True),
    ),
    moves=(
        Move(
            "notice", _("告知关停"), ("",), "noticed", "closure.notice", asks=("ground", "reason", "guided_until"),
            attaches=("receipt",), tone="primary",
            starts=(Term("guide", _("引导期"), "guided_until", "d", law="关停取缔告知书"),),
            guards=(
                Guard("still_there", _("这一户已登记关停或迁出。")),
                Guard("none_other", _("这一户已经在办理关停取缔。")),
            ),
            help=_("先告知理由，给一段时间引导其办证、入区、转业。"),
        ),
        Move("guide", _("记录引导"), ("noticed",), STAYS, "closure.notice", asks=("note",), attaches=("photo",),
             todo=False),
        Move("gave_up", _("自行停业"), ("noticed", "ordered"), "done", "closure.notice", asks=("note",),
             attaches=("after", "signature"), stops=("guide", "plan"), todo=False,
             guards=(Guard("shown_after", _("请拍一张关停后的现场照片。")),)),
        Move("order", _("责令停止经营"), ("noticed",), "ordered", "closure.order", asks=("stop_on", "note"),
             attaches=("receipt",), tone="primary", stops=("guide",),
             starts=(Term("plan", _("制定执行方案"), 15, "d", rule="CLOSE_PLAN"),)),
        Move(
            "plan", _("报批执行方案"), ("ordered",), "planned", "closure.order", asks=("act_on", "team", "steps"),
            needs=("fso",), tone="primary", stops=("plan",),
            starts=(Term("act", _("现场执行"), "act_on", "d", law="执行方案"),),
            help=_("写明哪天、谁去、各做什么；两个以上监管单位到场，派出所维持秩序。镇食安办会签后执行。"),
        ),
        Move("postpone", _("改期"), ("planned",), STAYS, "closure.order", asks=("act_on", "reason"), todo=False,
             stops=("act",),
             starts=(Term("act", _("现场执行"), "act_on", "d", law="执行方案"),)),
        Move(
            "carry_out", _("登记执行结果"), ("planned",), "done", "closure.order",
            asks=("acted_on", "way", "goods", "resisted", "note"),
            attaches=("before", "after", "signature"), tone="primary", stops=("act",),
            guards=(
                Guard("shown_both", _("执行前、执行后的现场照片都要有。")),
                Guard("not_early", _("执行日期不能晚于今天。")),
            ),
        ),
        Move("drop", _("不再关停"), ("noticed", "ordered", "planned"), "dropped", "closure.order", asks=("reason",),
             todo=False,
             needs=("fso",), stops=("guide", "plan", "act"),
             help=_("例如已经办证或者整改合格；须镇食安办同意。")),
    ),
)  # fmt: skip
