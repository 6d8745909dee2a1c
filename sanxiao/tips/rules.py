"""The flow tables of 投诉 and 举报, of opening an identity, of a reward, and of disposal.

A complaint (投诉) is a consumer's dispute with a demand of his own, ended by mediation; a report (举报) is a clue
to an offence, checked and answered. A paper that is both becomes one of each, each with its own terms. Nothing
here names who told: the identity is sealed to the named handlers before it is stored.
"""

from django.utils.translation import gettext_lazy as _

from sanxiao.docket.flow import STAYS, Flow, Guard, Move, State, Term

CHANNELS = [
    ("web", _("网页")), ("12345", _("12345 热线")), ("12315", _("12315 平台")), ("window", _("来访、来信")),
    ("phone", _("电话")),
]  # fmt: skip
PROBLEMS = [
    ("illness", _("吃了不舒服")), ("spoiled", _("变质、过期、有异物")), ("additive", _("乱加东西、假冒")),
    ("unlicensed", _("没有证、卡")), ("dirty", _("脏、乱、差")), ("again", _("关停后又开张")),
    ("road", _("占道、油烟、扰民")), ("dispute", _("买卖纠纷、要求退赔")), ("official", _("工作人员或村里的问题")),
    ("other", _("其他")),
]  # fmt: skip
WANTS = [("report", _("只反映问题")), ("complaint", _("要求退款、赔偿等")), ("both", _("两样都要"))]
OUTCOMES = [
    ("verified", _("属实")), ("partly", _("部分属实")), ("unproved", _("未发现所反映的问题")), ("unable", _("无法查实")),
]  # fmt: skip
RESULTS = [("agreed", _("达成调解")), ("apologised", _("经营者已自行解决"))]
ENDINGS = [
    ("refused", _("一方不同意或不再接受调解")), ("absent", _("一方无正当理由不到场")), ("none", _("不能达成一致")),
    ("elsewhere", _("已另行申请仲裁、诉讼")), ("other", _("其他情形")),
]  # fmt: skip
SATISFIED = [("yes", _("满意")), ("no", _("不满意"))]
LEVELS = [("1", _("一级")), ("2", _("二级")), ("3", _("三级"))]
PAYMENTS = [("cash", _("现金")), ("voucher", _("银行无记名取款凭证"))]

_ACCEPT = Term("accept", _("受理并告知"), 7, "wd", rule="CMP_ACCEPT")
_NOTICE = Term("notice", _("告知调解终止"), 7, "wd", rule="CMP_END_NOTICE")
_CHECK = Term("check", _("核查"), 15, "wd", rule="TIP_CHECK", extend=15)
_TELL = Term("tell", _("告知实名举报人是否立案"), 5, "wd", rule="TIP_TELL_FILING", when="must_tell_filing")
_NOT_ACCUSED = Guard("not_accused", _("反映的就是这个单位，不能交给它办。"))

COMPLAINT = Flow(
    "tips.complaint",
    _("投诉"),
    states=(
        State("received", _("待受理"), "blue"),
        State("accepted", _("调解中"), "amber"),
        State("ended", _("待告知"), "blue"),
        State("closed", _("已办结"), "green", final=True),
        State("refused", _("不予受理"), "grey", final=True, side=True),
        State("withdrawn", _("已撤回"), "grey", final=True, side=True),
    ),
    moves=(
        Move("receive", _("收到投诉"), ("",), "received", None, starts=(_ACCEPT,)),
        Move("accept", _("受理"), ("received",), "accepted", "tip.receive", asks=("office", "note"), tone="primary",
             stops=("accept",), guards=(_NOT_ACCUSED,),
             starts=(Term("mediate", _("调解"), 60, "d", rule="CMP_MEDIATE", lapse="expire"),),
             help=_("受理后投诉人在回执页上看到“已受理”。")),
        Move("refuse", _("不予受理"), ("received",), "refused", "tip.receive", asks=("ground", "answer"), todo=False,
             tone="danger", stops=("accept",), help=_("写给投诉人的话会显示在回执页上。")),
        Move("test", _("送检，暂停计时"), ("accepted",), STAYS, "tip.check", asks=("reason",), own="office", todo=False,
             pauses=("mediate",), guards=(Guard("runs", _("期限已经暂停。")),)),
        Move("tested", _("检测完成，恢复计时"), ("accepted",), STAYS, "tip.check", asks=("note",), own="office",
             resumes=("mediate",), todo=False, guards=(Guard("paused", _("期限没有暂停。")),)),
        Move("settle", _("达成调解"), ("accepted",), "ended", "tip.check", asks=("result", "note"), own="office",
             tone="primary", stops=("mediate",), starts=(_NOTICE,)),
        Move("end", _("终止调解"), ("accepted",), "ended", "tip.check", asks=("ending", "note"), own="office",
             stops=("mediate",), starts=(_NOTICE,), todo=False),
        Move("expire", _("到期未达成，调解终止"), ("accepted",), "ended", None, stops=("mediate",), starts=(_NOTICE,)),
        Move("tell", _("告知并办结"), ("ended",), "closed", "tip.check", asks=("answer",), own="office",
             tone="primary", stops=("notice",)),
        Move("withdraw", _("投诉人撤回"), ("received", "accepted", "ended"), "withdrawn", None,
             stops=("accept", "mediate", "notice")),
        Move("split", _("另立举报"), ("received", "accepted", "ended"), STAYS, "tip.receive", asks=("note",),
             todo=False, guards=(Guard("single", _("已经分成投诉、举报两件。")),),
             help=_("来件里既有自己的诉求又有违法线索的，分成两件，各按各的期限办。")),
        Move("reopen", _("重新办理"), ("closed", "refused"), "received", "tip.receive", asks=("reason",), todo=False,
             starts=(_ACCEPT,)),
    ),
)  # fmt: skip

REPORT = Flow(
    "tips.report",
    _("举报"),
    states=(
        State("received", _("待受理"), "blue"),
        State("checking", _("核查中"), "amber"),
        State("filed", _("已立案"), "blue", side=True),
        State("unfiled", _("不予立案"), "blue", side=True),
        State("closed", _("已办结"), "green", final=True),
        State("refused", _("不属管辖"), "grey", final=True, side=True),
        State("repeated", _("重复举报"), "grey", final=True, side=True),
        State("withdrawn", _("已撤回"), "grey", final=True, side=True),
    ),
    moves=(
        Move("receive", _("收到举报"), ("",), "received", None, starts=(_CHECK,)),
        Move("accept", _("受理、分派"), ("received",), "checking", "tip.receive", asks=("office", "file", "summary"),
             tone="primary", guards=(_NOT_ACCUSED,),
             help=_("承办单位看到的只是您改写的摘要，看不到原文和照片。摘要里不要有能认出举报人的话。")),
        Move("refuse", _("不属管辖"), ("received",), "refused", "tip.receive", asks=("ground", "answer"), tone="danger",
             todo=False, stops=("check",), help=_("没有管辖权的，告知举报人向哪里反映。")),
        Move("repeat", _("重复举报"), ("received",), "repeated", "tip.receive", asks=("master", "answer"), todo=False,
             stops=("check",), help=_("同一人就同一事实再次举报，没有新线索的，不再重复办理。")),
        Move("reassign", _("改派"), ("checking",), STAYS, "tip.receive", asks=("office", "summary", "reason"),
             todo=False, guards=(_NOT_ACCUSED,)),
        Move("tie", _("对应到档案"), ("received", "checking", "filed", "unfiled"), STAYS, "tip.receive",
             asks=("file",), todo=False),
        Move("lead", _("交村核实建档"), ("received", "checking"), STAYS, "tip.receive", asks=("place_name", "note"),
             todo=False,
             guards=(
                 Guard("no_file", _("已经对应到档案，不用再交村核实。")),
                 Guard("has_village", _("来件没有写在哪个村（社区）。")),
                 Guard("village_not_accused", _("反映的就是这个村（社区），不能交给它核实。")),
                 Guard("no_lead", _("已经交村核实。")),
             ),
             help=_("不在册的地点交给村里核实建档。线索里只有您在这里写的话。")),
        Move("extend", _("延长核查期限"), ("checking",), STAYS, "tip.check", asks=("until", "reason"), own="office",
             extends="check", todo=False),
        Move("test", _("送检，暂停计时"), ("checking",), STAYS, "tip.check", asks=("reason",), own="office",
             pauses=("check",), todo=False, guards=(Guard("runs", _("期限已经暂停。")),)),
        Move("tested", _("检测完成，恢复计时"), ("checking",), STAYS, "tip.check", asks=("note",), own="office",
             resumes=("check",), todo=False, guards=(Guard("paused", _("期限没有暂停。")),)),
        Move("case", _("登记案源"), ("checking",), STAYS, "tip.check", asks=("second", "conduct"), own="office",
             tone="primary", todo=False,
             guards=(
                 Guard("may_punish", _("案件由市场监管分局办理，请改派给分局。")),
                 Guard("has_file", _("先对应到档案；不在册的先交村核实建档。")),
                 Guard("no_case_yet", _("已经登记过案源。")),
             ),
             help=_("案件里只写您在这里写的话，不知道谁、什么时候、怎么反映的；来件的照片也不转去，证据由承办人另行收集。")),
        Move("file_case", _("立案"), ("checking",), "filed", "tip.check", asks=("finding",), own="office",
             stops=("check",), starts=(_TELL,),
             guards=(Guard("case_filed", _("先登记案源；批准立案以后，这里才能办“立案”。")),)),
        Move("no_case", _("不予立案"), ("checking",), "unfiled", "tip.check", asks=("finding",), own="office",
             stops=("check",), starts=(_TELL,),
             guards=(Guard("case_not_open", _("案源还在核查，或者已经立案，不能办“不予立案”。")),)),
        Move("close", _("答复并办结"), ("filed", "unfiled"), "closed", "tip.check", asks=("outcome", "answer"),
             own="office", tone="primary", stops=("tell",)),
        Move("withdraw", _("举报人撤回"), ("received", "checking"), "withdrawn", None, stops=("check",)),
        Move("split", _("另立投诉"), ("received", "checking", "filed", "unfiled"), STAYS, "tip.receive",
             asks=("note",), todo=False,
             guards=(
                 Guard("single", _("已经分成投诉、举报两件。")),
                 Guard("named", _("投诉须有姓名、电话、地址；这件是匿名的。")),
             ),
             help=_("来件里既有自己的诉求又有违法线索的，分成两件，各按各的期限办。")),
        Move("reopen", _("重新核查"), ("closed", "refused", "repeated"), "checking", "tip.receive",
             asks=("reason",), todo=False, starts=(_CHECK,), help=_("有新的事实或者举报人不满意的，重新核查、重新计时。")),
    ),
)  # fmt: skip

OPENING = Flow(
    "tips.opening",
    _("查看举报人身份"),
    states=(
        State("asked", _("待另一人同意"), "amber"),
        State("agreed", _("可以查看"), "blue"),
        State("opened", _("已查看"), "green", final=True),
        State("refused", _("不同意"), "grey", final=True),
        State("lapsed", _("过期未查看"), "grey", final=True),
    ),
    moves=(
        Move("ask", _("申请查看身份"), ("",), "asked", "tip.identity", asks=("reason",), todo=False,
             guards=(Guard("sealed", _("这一件没有留下身份，或者已按期销毁。")),
                     Guard("none_open", _("已经有一份申请在办。"))),
             help=_("写明非看不可的理由。须另一名专管人员同意，才能用您自己的钥匙文件查看一次。")),
        Move("agree", _("同意查看"), ("asked",), "agreed", "tip.identity", apart=("ask",), tone="primary",
             starts=(Term("use", _("查看时限"), 3, "wd", rule="TIP_IDENTITY_USE", lapse="lapse"),)),
        Move("refuse", _("不同意"), ("asked",), "refused", "tip.identity", asks=("reason",), apart=("ask",)),
        Move("open", _("查看身份"), ("agreed",), "opened", None, stops=("use",)),
        Move("lapse", _("过期未查看"), ("agreed",), "lapsed", None, stops=("use",)),
    ),
)  # fmt: skip

REWARD = Flow(
    "tips.reward",
    _("举报奖励"),
    states=(
        State("proposed", _("待审批"), "blue"),
        State("approved", _("可以领取"), "green"),
        State("paid", _("已领取"), "green", final=True),
        State("refused", _("不予奖励"), "grey", final=True, side=True),
        State("forfeited", _("逾期未领"), "grey", final=True, side=True),
    ),
    moves=(
        Move("propose", _("提请奖励"), ("",), "proposed", "reward.propose",
             asks=("level", "penalty", "insider", "decision"), todo=False,
             guards=(
                 Guard("wanted", _("举报人没有表示要领奖励。")),
                 Guard("verified", _("要查证属实并办结，才能奖励。")),
                 Guard("none_before", _("这一件已经提请过奖励。")),
                 Guard("has_receipt", _("这一件没有回执码，奖励凭回执码领取。")),
             ),
             help=_("金额按当天的规定计算。审批和发放都不需要知道举报人是谁。")),
        Move("approve", _("批准"), ("proposed",), "approved", "payout.approve", asks=("amount", "note"), tone="primary",
             apart=("propose",),
             guards=(Guard("within_rule", _("金额不能低于规定的下限或者高于上限。")),),
             starts=(Term("claim", _("领取期限"), 60, "d", rule="TIP_REWARD_CLAIM", lapse="forfeit"),)),
        Move("refuse", _("不予奖励"), ("proposed",), "refused", "payout.approve", asks=("reason",), tone="danger",
             todo=False, apart=("propose",)),
        Move("pay", _("凭回执码发放"), ("approved",), "paid", "payout.pay", asks=("receipt", "payment"), tone="primary",
             stops=("claim",), help=_("请领取人出示回执码并输入。不登记姓名、证件。")),
        Move("forfeit", _("逾期未领"), ("approved",), "forfeited", None, stops=("claim",)),
    ),
)  # fmt: skip

DISPOSAL = Flow(
    "tips.disposal",
    _("销毁来件内容"),
    states=(
        State("listed", _("待另一人复核"), "amber"),
        State("done", _("已销毁"), "grey", final=True),
        State("refused", _("不同意销毁"), "grey", final=True),
    ),
    moves=(
        Move("propose", _("提出销毁清单"), ("",), "listed", "tip.dispose", todo=False,
             guards=(Guard("something_due", _("没有到期的来件。")),),
             help=_("清单就是此刻到期、没有暂缓的来件。另一人复核同意后，原文、照片、往来和身份一并销毁，办理记录和统计保留。")),
        Move("agree", _("复核同意，销毁"), ("listed",), "done", "tip.dispose", apart=("propose",), tone="danger"),
        Move("refuse", _("不同意"), ("listed",), "refused", "tip.dispose", asks=("reason",), apart=("propose",)),
    ),
)  # fmt: skip
