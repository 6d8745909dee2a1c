"""The flow tables of what can run beside a sample: its re-test, an objection, its publication; and of quick tests."""

from django.utils.translation import gettext_lazy as _

from sanxiao.docket.flow import STAYS, Flow, Guard, Move, State, Term

RETEST_GROUNDS = [
    ("late", _("逾期提出")),
    ("microbe", _("微生物指标不合格")),
    ("expired", _("备份样品超过保质期")),
    ("unusable", _("备份样品无法实现复检目的")),
    ("other", _("其他不予复检的情形")),
]

RETEST = Flow(
    "sampling.retest",
    _("复检"),
    states=(
        State("asked", _("待审查"), "blue"),
        State("accepted", _("待定复检机构"), "blue"),
        State("chosen", _("待移交备份样品"), "blue"),
        State("moved", _("复检中"), "blue"),
        State("concluded", _("待告知"), "amber"),
        State("upheld", _("维持不合格"), "red", final=True),
        State("overturned", _("复检合格"), "green", final=True),
        State("refused", _("不予复检"), "grey", final=True),
        State("withdrawn", _("申请人撤回"), "grey", final=True),
    ),
    moves=(
        Move(
            "ask", _("登记复检申请"), ("",), "asked", "sample.retest", asks=("asked_on", "applicant", "items", "plea"),
            attaches=("document",), tone="primary",
            starts=(Term("accept", _("复检受理"), 5, "wd", rule="SMP_RETEST_ACCEPT"),),
            guards=(
                Guard("was_served", _("检验结果还没有送达。")),
                Guard("only_one", _("这批样品已经申请过复检，复检结论是最终结论。")),
                Guard("asked_after_service", _("申请日期不能早于送达日期。")),
            ),
        ),
        Move(
            "accept", _("受理"), ("asked",), "accepted", "sample.retest", asks=("note",), tone="primary",
            stops=("accept",), starts=(Term("lab", _("确定复检机构"), 5, "wd", rule="SMP_RETEST_LAB"),),
            guards=(
                Guard("in_time", _("收到结果七个工作日后才提出，不予复检。")),
                Guard("no_microbes", _("申请复检的是微生物指标，不予复检。")),
                Guard("spare_alive", _("备份样品已超过保质期，不予复检。")),
                Guard("spare_usable", _("备份样品不可用，不予复检。")),
            ),
        ),
        Move(
            "refuse", _("不予复检"), ("asked", "accepted", "chosen"), "refused", "sample.retest",
            asks=("ground", "reason"), tone="danger", stops=("accept", "lab", "move"),
        ),
        Move(
            "choose", _("随机确定复检机构"), ("accepted",), "chosen", "sample.retest", asks=("seed",), tone="primary",
            stops=("lab",), starts=(Term("move", _("移交备份样品"), 3, "wd", rule="SMP_RETEST_MOVE"),),
            guards=(Guard("labs_left", _("名录里没有初检机构以外的复检机构，请在设置里补充。")),),
            help=_("在名录里除初检机构外随机抽一家；名录和种子记在这一步里，可以重算。"),
        ),
        Move(
            "extend_lab", _("延长确定机构"), ("accepted",), STAYS, "sample.retest", asks=("until", "reason"),
            extends="lab", todo=False,
        ),
        Move(
            "hand_over", _("移交备份样品"), ("chosen",), "moved", "sample.retest", asks=("handed_on", "seal_whole"),
            tone="primary", stops=("move",),
            starts=(Term("result", _("复检结论"), 10, "wd", rule="SMP_RETEST_RESULT"),),
            guards=(
                Guard("seal_is_whole", _("封签破损的，备份样品无法实现复检目的，请办“不予复检”。")),
                Guard("spare_alive", _("备份样品已超过保质期，不予复检。")),
                Guard("after_choice", _("移交日期不能早于申请日期。")),
            ),
        ),
        Move(
            "extend_move", _("延长移交"), ("chosen",), STAYS, "sample.retest", asks=("until", "reason"),
            extends="move", todo=False,
        ),
        Move(
            "extend_result", _("延长复检"), ("moved",), STAYS, "sample.retest", asks=("until", "reason"),
            extends="result", todo=False,
        ),
        Move(
            "conclude", _("登记复检结论"), ("moved",), "concluded", "sample.retest",
            asks=("concluded_on", "verdict", "finding"), tone="primary", stops=("result",),
            starts=(Term("tell", _("告知复检结论"), 5, "wd", rule="SMP_RETEST_TELL"),),
            guards=(
                Guard("report_kept", _("请上传复检报告的 PDF。")),
                Guard("after_handing", _("结论日期不能早于移交日期。")),
            ),
            help=_("复检结论为最终检验结论。"),
        ),
        Move(
            "tell", _("告知申请人"), ("concluded",), STAYS, "sample.retest", asks=("told_on", "received_by"),
            tone="primary", stops=("tell",),
            guards=(Guard("after_result", _("告知日期不能早于结论日期。")),),
        ),
        Move("uphold", _("维持不合格"), ("concluded",), "upheld", None),
        Move("overturn", _("复检合格"), ("concluded",), "overturned", None),
        Move(
            "withdraw", _("撤回申请"), ("asked", "accepted", "chosen"), "withdrawn", "sample.retest", asks=("reason",),
            todo=False, stops=("accept", "lab", "move"),
        ),
    ),
)  # fmt: skip

OBJECTION_KINDS = [
    ("process", _("抽样过程")),
    ("genuine", _("样品真实性")),
    ("method", _("检验方法")),
    ("standard", _("标准适用")),
]

OBJECTION = Flow(
    "sampling.objection",
    _("异议"),
    states=(
        State("raised", _("待审查"), "blue"),
        State("accepted", _("审核中"), "amber"),
        State("upheld", _("异议成立"), "green", final=True),
        State("rejected", _("异议不成立"), "grey", final=True),
        State("refused", _("不予受理"), "grey", final=True),
        State("withdrawn", _("已撤回"), "grey", final=True),
    ),
    moves=(
        Move(
            "raise", _("登记异议"), ("",), "raised", "sample.retest", asks=("kind", "raised_on", "applicant", "plea"),
            attaches=("document",), tone="primary",
            starts=(Term("accept", _("异议受理"), 5, "wd", rule="SMP_OBJECT_ACCEPT"),),
            guards=(
                Guard("may_object", _("对结果的异议在结果送达以后提出，对抽样过程的异议在抽样以后提出。")),
                Guard("none_open", _("已有一件异议正在办理。")),
            ),
        ),
        Move(
            "accept", _("受理"), ("raised",), "accepted", "sample.retest", asks=("note",), tone="primary",
            stops=("accept",), guards=(Guard("in_time", _("已过提出异议的期限。")),),
            starts=(
                Term("process", _("异议审核"), 20, "wd", rule="SMP_OBJECT_PROCESS", when="on_process"),
                Term("other", _("异议审核"), 30, "wd", rule="SMP_OBJECT_OTHER", when="on_result"),
            ),
        ),
        Move(
            "refuse", _("不予受理"), ("raised",), "refused", "sample.retest", asks=("reason",), tone="danger",
            stops=("accept",),
        ),
        Move(
            "uphold", _("异议成立"), ("accepted",), "upheld", "sample.retest", asks=("reason",), tone="danger",
            stops=("process", "other"), help=_("这批样品的结果不再作为依据，样品作废。"),
        ),
        Move(
            "reject", _("异议不成立"), ("accepted",), "rejected", "sample.retest", asks=("reason",), tone="primary",
            stops=("process", "other"),
        ),
        Move(
            "withdraw", _("撤回"), ("raised", "accepted"), "withdrawn", "sample.retest", asks=("reason",), todo=False,
            stops=("accept", "process", "other"),
        ),
    ),
)  # fmt: skip

PUBLICATION = Flow(
    "sampling.publication",
    _("结果公示"),
    states=(
        State("published", _("公示中"), "green"),
        State("withdrawn", _("已撤下"), "grey", final=True),
    ),
    moves=(
        Move(
            "publish", _("公示"), ("",), "published", "sample.publish", asks=("summary",), tone="primary",
            guards=(
                Guard("result_final", _("检验结果还没有定。")),
                Guard("nothing_pending", _("还有复检或异议没有办结。")),
                Guard("terms_over", _("申请复检和提出异议的期限还没有满。")),
                Guard("not_published", _("这批结果已在公示。")),
            ),
            help=_("只有组织抽检的监管部门可以公布；公开的只有食品、不合格项目、生产者和被抽样单位的名称地址，没有个人信息。"),
        ),
        Move(
            "reply", _("附上申辩"), ("published",), STAYS, "sample.publish", asks=("reply",), todo=False,
            help=_("经营者的书面说明，照原意附在公示下面。"),
        ),
        Move(
            "take_down", _("撤下"), ("published",), "withdrawn", "sample.publish", asks=("reason",), tone="danger",
            todo=False,
        ),
    ),
)  # fmt: skip

QUICK = Flow(
    "sampling.quick",
    _("快速检测"),
    states=(
        State("negative", _("阴性"), "green", final=True),
        State("positive", _("阳性待定"), "amber"),
        State("formal", _("已转正式抽检"), "blue", final=True),
        State("let_go", _("未转正式抽检"), "grey", final=True),
    ),
    moves=(
        Move(
            "negative", _("登记阴性"), ("",), "negative", "sample.quick",
            asks=("tested_on", "food_name", "item", "kit", "farm"),
            guards=(Guard("file_trading", _("这一户已登记关停、迁出，或档案已合并。")),),
        ),
        Move(
            "positive", _("登记阳性"), ("",), "positive", "sample.quick",
            asks=("tested_on", "food_name", "item", "kit", "farm"), tone="primary",
            starts=(
                Term(
                    "quick_retest", _("农产品快检申请复检"), 4, "h", rule="SMP_QUICK_RETEST", when="is_farm",
                    lapse="retest_over",
                ),
            ),
            guards=(Guard("file_trading", _("这一户已登记关停、迁出，或档案已合并。")),),
            help=_("快检结果只作线索，不作处罚依据；阳性的转正式抽检。"),
        ),
        Move("retest_over", _("快检复检申请期满"), ("positive",), STAYS, None, stops=("quick_retest",)),
        Move("steer", _("转正式抽检"), ("positive",), "formal", "sample.draw", asks=("note",), tone="primary"),
        Move("let_go", _("不转正式抽检"), ("positive",), "let_go", "sample.quick", asks=("reason",), todo=False),
    ),
)  # fmt: skip

BESIDE = (RETEST, OBJECTION, PUBLICATION, QUICK)
