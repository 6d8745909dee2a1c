"""The flow tables of an order to correct (责令改正) and of each problem that it names.

An order follows from its problems. Every problem has a legal basis and a date of its own, so it is a
small matter of its own: the night watch lapses it alone, its term is extended alone, and it passes only
with its own photo. People act on the order; its acts move the problems, and then the order after them.
"""

from django.utils.translation import gettext_lazy as _

from sanxiao.docket.flow import STAYS, Flow, Guard, Move, State, Term

SERVICES = [
    ("direct", _("直接送达")),
    ("left", _("留置送达（拒收）")),
    ("mail", _("邮寄送达")),
    ("proxy", _("委托送达")),
]
RESULTS = [("pass", _("合格")), ("again", _("再次责令")), ("fail", _("不合格"))]
LADDER = [("remind", _("已提醒")), ("warn", _("已警示")), ("clue", _("转立案线索")), ("ban", _("提请取缔"))]
RECHECK = Term("recheck", _("复查期限"), 5, "wd", rule="FIX_RECHECK")
OPEN = ("issued", "served", "answered", "lapsed")
BEHIND = ("served", "answered", "lapsed")

ORDER = Flow(
    "inspection.order",
    _("整改通知"),
    states=(
        State("issued", _("待送达"), "blue"),
        State("served", _("整改中"), "amber"),
        State("lapsed", _("逾期未改"), "red", side=True),
        State("answered", _("待复查"), "blue"),
        State("passed", _("整改合格"), "green", final=True),
        State("failed", _("整改不合格"), "red", final=True),
        State("closed", _("随关停终结"), "grey", final=True),
        State("void", _("已撤销"), "grey", final=True),
    ),
    moves=(
        Move(
            "issue", _("下达"), ("",), "issued", "order.issue", asks=("found_on", "second", "found", "items"),
            tone="primary",
            guards=(
                Guard("file_current", _("这份档案已合并或撤回，请在现行档案上下达。")),
                Guard("file_trading", _("这一户已登记关停或迁出。")),
                Guard("visit_told", _("先向经营者告知检查结果，再下达整改通知。")),
                Guard("visit_asks", _("这次检查没有需要书面责令整改的问题。")),
                Guard("visit_once", _("这次检查已经下达过整改通知。")),
            ),
            help=_("每个问题各有依据和改正期限。当天为期限的，文书上写“立即改正”。"),
        ),
        Move(
            "serve", _("送达"), ("issued",), "served", "order.serve",
            asks=("served_on", "service", "received_by", "witness", "note"), attaches=("receipt",), tone="primary",
            guards=(
                Guard("witnessed", _("留置送达须写明见证人。")),
                Guard("receipt_kept", _("请拍下签收的送达回证；拒收的选“留置送达”并写明见证人。")),
                Guard("after_issue", _("送达日期不能早于下达日期。")),
                Guard("served_in_time", _("送达日已过了改正期限，请撤销后重新下达。")),
            ),
            help=_("改正期限自送达起算。"),
        ),
        Move(
            "review", _("复查"), ("answered", "lapsed"), STAYS, "order.review",
            asks=("reviewed_on", "review_second", "results", "follow_on"), tone="primary",
            guards=(Guard("after_service", _("复查日期不能早于送达日期。")),),
            help=_("两名执法人员到场，逐项判定；合格须有整改后的照片。再次责令的，另出一份有文号的通知书。"),
        ),
        Move(
            "report", _("申请复查"), ("served", "answered", "lapsed"), "answered", "order.report", asks=("answers",),
            tone="primary", starts=(RECHECK,),
            guards=(Guard("something_to_answer", _("各项问题都已申请复查。")),),
            help=_("改好一项报一项：先拍整改后的照片，再写一句怎么改的。"),
        ),
        Move(
            "report_for", _("代报整改"), ("served", "answered", "lapsed"), "answered", "order.review",
            asks=("answers",), starts=(RECHECK,), todo=False,
            guards=(Guard("something_to_answer", _("各项问题都已申请复查。")),),
            help=_("经营者直接到分局报告，或现场当即改好的，由分局登记。"),
        ),
        Move("resume", _("继续整改"), ("answered", "lapsed"), "served", None, stops=("recheck",)),
        Move("pass", _("整改合格"), ("answered", "lapsed"), "passed", None, stops=("recheck",)),
        Move("fail", _("整改不合格"), ("answered", "lapsed"), "failed", None, stops=("recheck",)),
        Move("extended", _("延长一项的期限"), ("served", "answered", "lapsed"), STAYS, None),
        Move("lapse", _("一项逾期未改"), ("served",), "lapsed", None, starts=(RECHECK,)),
        Move("lapse_more", _("又一项逾期未改"), ("answered", "lapsed"), STAYS, None),
        Move("remind", _("到期提醒"), BEHIND, STAYS, None),
        Move("warn", _("逾期警示"), BEHIND, STAYS, None),
        Move("clue", _("转立案线索"), (*BEHIND, "failed"), STAYS, None),
        Move("ban", _("提请取缔"), (*BEHIND, "failed"), STAYS, None),
        Move(
            "close", _("随关停终结"), OPEN, "closed", "order.issue", asks=("reason",), todo=False,
            guards=(Guard("file_gone", _("这一户没有登记关停或迁出。")),),
        ),
        Move(
            "void", _("撤销"), OPEN, "void", "order.issue", asks=("reason",), tone="danger", todo=False,
            help=_("撤销的通知和文号都留在记录里，文号不再使用。"),
        ),
        Move(
            "link", _("换发回复码"), OPEN, STAYS, "order.answer", todo=False,
            help=_("纸面丢了或传到了别人手里时用：旧码当即失效，请把新码打印出来交给经营者。"),
        ),
        Move(
            "unlink", _("停用回复码"), OPEN, STAYS, "order.answer", todo=False,
            guards=(Guard("has_link", _("没有在用的回复码。")),),
            help=_("停用后，扫码的人看不到这份通知，也不能回复。"),
        ),
    ),
)  # fmt: skip

PROBLEM = Flow(
    "inspection.problem",
    _("整改问题"),
    part=True,
    states=(
        State("named", _("待送达"), "grey"),
        State("open", _("整改中"), "amber"),
        State("answered", _("待复查"), "blue"),
        State("lapsed", _("逾期未改"), "red"),
        State("passed", _("合格"), "green", final=True),
        State("failed", _("不合格"), "red", final=True),
        State("dropped", _("已终结"), "grey", final=True),
    ),
    moves=(
        Move("name", _("指出问题"), ("",), "named", None),
        Move(
            "run", _("开始计时"), ("named",), "open", None,
            starts=(Term("fix", _("改正期限"), "fix_on", "d", law="责令改正通知书", lapse="lapse"),),
        ),
        Move(
            "answer", _("申请复查"), ("open", "lapsed"), "answered", None, asks=("done",), stops=("fix",),
            guards=(Guard("own_proof", _("每个问题都要有它自己的整改后照片。")),),
        ),
        Move(
            "pass", _("合格"), ("answered", "lapsed"), "passed", None, stops=("fix",),
            guards=(
                Guard("own_proof", _("每个问题都要有它自己的整改后照片。")),
                Guard("own_pair", _("销号要有整改前后两张照片；没有拍整改前照片的，须写明原因。")),
            ),
        ),
        Move(
            "again", _("再次责令"), ("answered", "lapsed"), "open", None, asks=("until", "reason"),
            guards=(Guard("first_time", _("已经再次责令过一次，只能判合格或不合格。")),),
            starts=(Term("fix", _("改正期限（再次责令）"), "until", "d", law="责令改正通知书", lapse="lapse"),),
        ),
        Move("fail", _("不合格"), ("answered", "lapsed"), "failed", None, stops=("fix",)),
        Move(
            "extend", _("延长期限"), ("open",), STAYS, "order.issue", asks=("until", "reason"), needs=("fso",),
            extends="fix", todo=False,
            guards=(Guard("within_longest", _("超过了改正期限的上限。")),),
            help=_("须写明理由，镇食安办会签后生效；原期限保留在记录里。"),
        ),
        Move(
            "picture", _("补拍整改前照片"), ("named", "open"), STAYS, "order.serve", attaches=("before",), todo=False
        ),
        Move("lapse", _("逾期未改"), ("open",), "lapsed", None, stops=("fix",)),
        Move("drop", _("终结"), ("named", "open", "answered", "lapsed"), "dropped", None),
    ),
)  # fmt: skip
