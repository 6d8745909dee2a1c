"""The flow tables of supervised sampling: the yearly plan, and a sample from the draw to the disposal.

A sample is one line; what runs beside it and may happen or not (a re-test, an objection, a publication) is a matter of
its own with terms of its own, in `beside_rules.py`. A failed sample moves on only by a person's act: no term of it
lapses into another state.
"""

from django.utils.translation import gettext_lazy as _

from sanxiao.docket.flow import STAYS, Flow, Guard, Move, State, Term

SERVICES = [
    ("direct", _("直接送达")),
    ("left", _("留置送达（拒收）")),
    ("mail", _("邮寄送达")),
    ("proxy", _("委托送达")),
]
ORIGINS = [("draw", _("随机抽取")), ("target", _("靶向抽检")), ("quick", _("快检转正式抽检"))]
VERDICTS = [("pass", _("合格")), ("fail", _("不合格"))]
# 两超一非: the type of a failed item, which decides the law that follows (domain.md 4).
BREACHES = [
    ("scope", _("超范围使用添加剂")),
    ("limit", _("超限量使用添加剂")),
    ("illegal", _("非法添加非食用物质")),
    ("other", _("其他不合格")),
]
LIMIT_KINDS = [("max", _("不超过")), ("min", _("不低于")), ("text", _("按文字判定")), ("absent", _("不得检出"))]
PART_KINDS = [("test", _("检验样品")), ("spare", _("复检备份样品"))]
PART_STATES = [("kept", _("封存")), ("used", _("已用")), ("unfit", _("不可用")), ("released", _("保存期满"))]

TAKEN = ("sampled", "sent", "testing", "concluded", "failed", "served")
FAILED = ("failed", "served", "disposed")

PLAN = Flow(
    "sampling.plan",
    _("年度抽检计划"),
    states=(
        State("draft", _("编制中"), "blue"),
        State("open", _("执行中"), "green"),
        State("closed", _("已结束"), "grey", final=True),
    ),
    moves=(
        Move(
            "make", _("编制"), ("",), "draft", "sample.plan", asks=("year", "title", "organiser", "note", "lines"),
            tone="primary", help=_("每行一个指标：哪类经营者、哪种食品、哪个村（社区），抽多少批次；空着的表示不限。"),
        ),
        Move(
            "revise", _("调整指标"), ("draft", "open"), STAYS, "sample.plan", asks=("lines", "reason"), todo=False,
            guards=(Guard("quota_kept", _("已抽取的批次数多于新指标，请先核对。")),),
        ),
        Move(
            "publish", _("公布计划"), ("draft",), "open", "sample.plan", asks=("published_on",), tone="primary",
            guards=(Guard("has_quotas", _("计划还没有指标。")),),
            help=_("公布以后才能抽取。抽取方法和每次抽取的名单、权重、种子都可导出，外人可以照着重算。"),
        ),
        Move(
            "draw", _("抽取"), ("open",), STAYS, "sample.draw", asks=("seed",), tone="primary",
            guards=(Guard("something_left", _("各项指标都已抽够。")),),
            help=_("用事先公布、事后可查的数字作种子，例如约定日期的福利彩票开奖号码。同样的名单、权重和种子，谁来抽都一样。"),
        ),
        Move("close", _("结束"), ("open",), "closed", "sample.plan", asks=("note",), todo=False),
    ),
)  # fmt: skip

RETEST_ASK = Term("retest_ask", _("申请复检"), 7, "wd", rule="SMP_RETEST_ASK", lapse="retest_over")
OBJECT_ASK = Term("object_ask", _("对结果提出异议"), 7, "wd", rule="SMP_OBJECT_ASK", lapse="object_over")
PROCESS_ASK = Term("process_ask", _("对抽样过程提出异议"), 7, "wd", rule="SMP_OBJECT_PROCESS_ASK", lapse="process_over")
WINDOWS = ("retest_ask", "object_ask", "process_ask")  # terms of the operator: what ends with them is only his right

SAMPLE = Flow(
    "sampling.sample",
    _("监督抽检"),
    states=(
        State("drawn", _("待抽样"), "blue"),
        State("sampled", _("待送检"), "blue"),
        State("sent", _("送检途中"), "blue"),
        State("testing", _("检验中"), "blue"),
        State("concluded", _("报告待收"), "blue"),
        State("failed", _("不合格待送达"), "red", side=True),
        State("served", _("核查处置中"), "amber", side=True),
        State("passed", _("合格"), "green", final=True),
        State("cleared", _("复检合格"), "green", final=True),
        State("disposed", _("不合格已处置"), "red", final=True),
        State("dropped", _("未抽成"), "grey", final=True),
        State("void", _("已作废"), "grey", final=True),
    ),
    moves=(
        Move("draw", _("抽中"), ("",), "drawn", None),
        Move(
            "target", _("列入抽检"), ("",), "drawn", "sample.draw", asks=("why", "food"), tone="primary",
            guards=(
                Guard("file_trading", _("这一户已登记关停、迁出，或档案已合并。")),
                Guard("none_waiting", _("这一户已有一批等待抽样。")),
            ),
            help=_("随机抽取之外，按检查、投诉或快检的线索列入；写明理由。"),
        ),
        Move(
            "take", _("现场抽样"), ("drawn",), "sampled", "sample.take", asks=("sheet",),
            tone="primary", starts=(
                Term("deliver", _("送达检验机构"), 5, "wd", rule="SMP_DELIVER"), PROCESS_ASK,
            ),
            help=_("两名以上抽样人员到场，不事先通知；样品付费购买，分检验样品和备份样品，各自封签。"),
        ),
        Move(
            "skip", _("未抽成"), ("drawn",), "dropped", "sample.take", asks=("reason",), todo=False,
            help=_("关门、停产、没有这种食品等，写明当时情况。名额回到计划里，可以再抽。"),
        ),
        Move(
            "hand_on", _("登记交接"), ("sampled", "sent", "testing", "concluded", "failed", "served"), STAYS,
            "sample.take", asks=("hand",), todo=False, help=_("样品每换一次手都记一笔：谁交、谁接、封签是否完好。"),
        ),
        Move(
            "send", _("送检"), ("sampled",), "sent", "sample.take", asks=("lab", "sent_on"), tone="primary",
            guards=(Guard("after_taking", _("送检日期不能早于抽样日期。")),),
        ),
        Move(
            "extend_deliver", _("延长送检"), ("sampled", "sent"), STAYS, "sample.take", asks=("until", "reason"),
            extends="deliver", todo=False, help=_("须经组织抽检的监管部门同意，写明理由。"),
        ),
        Move(
            "accept", _("检验机构接收"), ("sent",), "testing", "sample.record", asks=("accepted_on", "seal_whole"),
            tone="primary", stops=("deliver",), starts=(Term("report", _("出具检验报告"), 20, "wd", rule="SMP_REPORT"),),
            guards=(
                Guard("seal_is_whole", _("封签破损、样品不符的，请办“检验机构拒收”。")),
                Guard("after_sending", _("接收日期不能早于送检日期。")),
            ),
        ),
        Move(
            "reject", _("检验机构拒收"), ("sent",), "void", "sample.record", asks=("reason",), tone="danger", todo=False,
        ),
        Move(
            "extend_report", _("延长检验"), ("testing",), STAYS, "sample.record", asks=("until", "reason"),
            extends="report", todo=False, help=_("与检验机构另有约定的，写明约定。"),
        ),
        Move(
            "conclude", _("录入检验结果"), ("testing",), "concluded", "sample.record",
            asks=("concluded_on", "report_no", "rows"), tone="primary", stops=("report",),
            starts=(
                Term("lab_pass", _("送交合格报告"), 7, "wd", rule="SMP_LAB_PASS", when="all_pass"),
                Term("lab_fail", _("送交不合格报告"), 2, "wd", rule="SMP_LAB_FAIL", when="some_fail"),
            ),
            guards=(Guard("after_accepting", _("检验结论日期不能早于接收日期。")),),
            help=_("逐项照检验报告填写；也可以在“导入检验结果”一次导入多批。"),
        ),
        Move(
            "receive", _("收到检验报告"), ("concluded",), STAYS, "sample.record", asks=("received_on",),
            tone="primary",
            guards=(
                Guard("report_kept", _("请上传检验报告的 PDF。")),
                Guard("after_conclusion", _("收到日期不能早于检验结论日期。")),
            ),
            help=_("合格的到此办结；不合格的自收到之日起计算送达和核查处置的期限。"),
        ),
        Move("pass", _("检验合格"), ("concluded",), "passed", None, stops=("lab_pass",)),
        Move(
            "fail", _("检验不合格"), ("concluded",), "failed", None, stops=("lab_fail",),
            starts=(
                Term("serve", _("送达不合格报告"), 5, "wd", rule="SMP_SERVE"),
                Term("dispose", _("核查处置"), 90, "d", rule="SMP_DISPOSE"),
            ),
        ),
        Move(
            "alarm", _("紧急报告"), ("testing", "concluded", "failed", "served"), STAYS, "sample.record",
            asks=("reported_to", "reason"), tone="danger", todo=False,
            help=_("发现严重食品安全风险的，立即报告并写明报告了谁；此后公示不必等异议和复检期满。"),
        ),
        Move(
            "serve", _("送达结果"), ("failed",), "served", "sample.serve",
            asks=("served_on", "service", "received_by", "witness"), attaches=("receipt",), tone="primary",
            stops=("serve",), starts=(RETEST_ASK, OBJECT_ASK),
            guards=(
                Guard("witnessed", _("留置送达须写明见证人。")),
                Guard("receipt_kept", _("请拍下签收的送达回证；拒收的选“留置送达”并写明见证人。")),
                Guard("after_receiving", _("送达日期不能早于收到报告的日期。")),
            ),
            help=_("检验报告和结果通知书一并送达；七个工作日内可以申请复检、提出异议。"),
        ),
        Move(
            "stop", _("责令停止销售"), ("failed", "served"), STAYS, "sample.dispose", asks=("stop_scope",),
            tone="primary", guards=(Guard("not_stopped", _("已经责令停止销售。")),),
            help=_("不合格批次立即停止生产销售、封存、召回；申请复检和异议期间也不停止执行。"),
        ),
        Move(
            "warn", _("通知采购方"), ("failed", "served"), STAYS, "sample.dispose", asks=("buyers",),
            guards=(Guard("somebody_buys", _("档案里没有登记过采购方，或都已通知。")),), todo=False,
            help=_("逐户通知买过这批食品的学校、食堂、超市、餐馆停止使用；对方怎样答复记在进货核查里。"),
        ),
        Move(
            "link", _("关联整改通知"), ("served",), STAYS, "sample.dispose", asks=("order",), todo=False,
            guards=(Guard("has_order", _("这一户还没有整改通知，请先下达。")),),
        ),
        Move(
            "extend_dispose", _("延长核查处置"), ("failed", "served"), STAYS, "sample.dispose", asks=("until", "reason"),
            extends="dispose", todo=False, help=_("因特殊原因不能按时完成的，书面说明理由后延长。"),
        ),
        Move("hold", _("核查处置暂停计时"), ("served",), STAYS, None, pauses=("dispose",)),
        Move("go_on", _("核查处置恢复计时"), ("served",), STAYS, None, resumes=("dispose",)),
        Move(
            "dispose", _("核查处置完成"), ("served",), "disposed", "sample.dispose",
            asks=("disposed_on", "cause", "measures", "quantities"), tone="primary", stops=("dispose",),
            guards=(
                Guard("nothing_pending", _("还有复检或异议没有办结。")),
                Guard("was_stopped", _("还没有责令停止销售。")),
                Guard("order_linked", _("还没有关联整改通知。")),
                Guard("buyers_warned", _("还有采购方没有通知。")),
                Guard("after_service", _("处置完成日期不能早于送达日期。")),
            ),
        ),
        Move("clear", _("复检合格"), ("served",), "cleared", None, stops=("dispose",)),
        Move("annul", _("异议成立，结果不作为依据"), TAKEN, "void", None),
        Move("retest_over", _("复检申请期满"), ("served",), STAYS, None, stops=("retest_ask",)),
        Move("object_over", _("异议期满"), ("served",), STAYS, None, stops=("object_ask",)),
        Move("process_over", _("抽样过程异议期满"), TAKEN, STAYS, None, stops=("process_ask",)),
        Move(
            "void", _("作废"), ("sampled", "sent", "testing"), "void", "sample.take", asks=("reason",), tone="danger",
            todo=False, help=_("抽样单和编号留在记录里，编号不再使用。"),
        ),
    ),
)  # fmt: skip
