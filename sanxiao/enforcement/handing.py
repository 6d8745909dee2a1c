"""The flow tables of what is handed to others: a crime to the police, a matter to another office (行刑衔接、部门移送).

The police see nothing of a case but the hand-over that was sent to them. While they have it, the case's own clock
stands and no penalty takes the place of a hand-over. An office that is handed a matter takes it or says why not;
who has refused is not asked again, and the food-safety office decides for good: no ping-pong.
"""

from django.utils.translation import gettext_lazy as _

from sanxiao.docket.flow import STAYS, Flow, Guard, Move, State, Term

LAW = "《行政执法机关移送涉嫌犯罪案件的规定》"
CRIMES = [
    ("144", _("生产、销售有毒、有害食品（刑法第一百四十四条）")),
    ("143", _("生产、销售不符合安全标准的食品（刑法第一百四十三条）")),
    ("140", _("生产、销售伪劣产品（刑法第一百四十条）")),
    ("277", _("妨害公务（刑法第二百七十七条）")),
    ("order", _("阻碍执行职务（治安管理处罚法）")),
    ("other", _("其他")),
]
PAPERS = [
    ("letter", _("涉嫌犯罪案件移送书")),
    ("report", _("调查报告")),
    ("goods", _("涉案物品清单")),
    ("test", _("检验报告或者鉴定意见")),
    ("other", _("其他有关材料")),
]
SENT = ("sent", "received", "short", "filed", "refused", "review", "upheld", "prosecutor", "back")

TRANSFER = Flow(
    "enforcement.transfer",
    _("移送公安"),
    states=(
        State("proposed", _("待审批"), "blue"),
        State("approved", _("已批准，待移送"), "amber"),
        State("sent", _("已移送，待接收"), "amber"),
        State("received", _("公安审查中"), "blue"),
        State("short", _("待补充材料"), "amber", side=True),
        State("refused", _("公安不予立案"), "amber", side=True),
        State("review", _("复议中"), "blue", side=True),
        State("upheld", _("维持不立案"), "amber", side=True),
        State("prosecutor", _("检察院监督中"), "blue", side=True),
        State("filed", _("公安已立案"), "green"),
        State("closed", _("已办结"), "green", final=True),
        State("declined", _("不批准移送"), "grey", final=True),
        State("back", _("退回行政处罚"), "grey", final=True),
    ),
    moves=(
        Move(
            "propose", _("报请移送公安"), ("",), "proposed", "case.handle", asks=("crime", "second", "report"),
            tone="primary",
            starts=(Term("approve", _("移送审批"), 3, "d", rule="CRIME_APPROVE"),),
            guards=(
                Guard("case_live", _("案件没有立案，或者已经办结。")),
                Guard("none_running", _("这一案件已经在移送公安。")),
                Guard("not_handed", _("这次阻碍执法已经移送公安。")),
            ),
            help=_("两名以上人员专案核实，写出书面报告，由负责人三日内决定。"),
        ),
        Move(
            "approve", _("批准移送"), ("proposed",), "approved", "case.approve", asks=("note",), tone="primary",
            apart=("propose",), bars=("second",), stops=("approve",),
            starts=(Term("send", _("向公安移送"), 24, "h", rule="CRIME_SEND"),),
        ),
        Move("decline", _("不批准移送"), ("proposed",), "declined", "case.approve", asks=("reason",), tone="danger",
             apart=("propose",), bars=("second",), stops=("approve",), todo=False),
        Move(
            "send", _("移送"), ("approved",), "sent", "case.handle", asks=("papers", "copied"),
            attaches=("document",),
            tone="primary", stops=("send",), starts=(Term("receipt", _("公安签收"), 24, "h", law=LAW),),
            guards=(Guard("papers_whole", _("移送书、调查报告必须随案；有涉案物品、检验报告的也要随案。")),),
            help=_("同时把移送书抄送检察院。"),
        ),
        Move("receive", _("签收"), ("sent",), "received", "transfer.receive", asks=("note",), tone="primary",
             stops=("receipt",), starts=(Term("police", _("公安决定是否立案"), 3, "d", rule="CRIME_POLICE"),)),
        Move(
            "pass_on", _("转送有管辖权的公安机关"), ("sent", "received"), STAYS, "transfer.receive", asks=("reason",),
            todo=False,
            stops=("receipt", "police"), starts=(Term("receipt", _("公安签收"), 24, "h", law=LAW),),
        ),
        Move(
            "want", _("告知补充材料"), ("received",), "short", "transfer.receive", asks=("reason",), todo=False,
            stops=("police",), starts=(Term("supply", _("补充材料"), 3, "d", law=LAW),),
        ),
        Move(
            "supply", _("补充材料"), ("short",), "received", "case.handle", asks=("note",), attaches=("document",),
            tone="primary",
            stops=("supply",), starts=(Term("police", _("公安决定是否立案"), 3, "d", rule="CRIME_POLICE"),),
        ),
        Move(
            "file", _("公安立案"), ("received", "review", "upheld", "prosecutor"), "filed", "transfer.receive",
            asks=("police_no", "note"), tone="primary", stops=("police", "answer", "ask", "supervise"),
            starts=(Term("goods", _("移交涉案物品"), 3, "d", law=LAW, when="goods_held"),),
        ),
        Move(
            "refuse", _("公安不予立案"), ("received",), "refused", "transfer.receive", asks=("reason",),
            stops=("police",),
            starts=(Term("ask", _("提请复议"), 3, "d", law=LAW),), attaches=("document",),
        ),
        Move("ask", _("提请复议"), ("refused",), "review", "case.handle", asks=("reason",), stops=("ask",),
             starts=(Term("answer", _("公安复议答复"), 3, "d", law=LAW),)),
        Move("uphold", _("维持不予立案"), ("review",), "upheld", "transfer.receive", asks=("reason",),
             stops=("answer",),
             starts=(Term("supervise", _("建议检察院立案监督"), 3, "d", law=LAW),)),
        Move("supervise", _("建议检察院立案监督"), ("refused", "upheld"), "prosecutor", "case.handle",
             asks=("reason",),
             stops=("ask", "supervise"), attaches=("document",)),
        Move("hand_goods", _("移交涉案物品"), ("filed",), STAYS, "case.handle", asks=("note",), attaches=("receipt",),
             stops=("goods",), guards=(Guard("goods_wait", _("没有等待移交的涉案物品。")),)),
        Move("close", _("登记处理结果"), ("filed",), "closed", "transfer.receive", asks=("outcome",), todo=False),
        Move("back", _("转回行政处罚"), ("refused", "upheld", "prosecutor", "filed"), "back", "case.approve",
             asks=("reason",),
             todo=False, stops=("ask", "supervise", "answer", "goods")),
    ),
)  # fmt: skip

REFERRAL = Flow(
    "enforcement.referral",
    _("移送其他单位"),
    states=(
        State("sent", _("待接收"), "amber"),
        State("refused", _("退回，待食安办指定"), "red", side=True),
        State("taken", _("办理中"), "blue"),
        State("answered", _("已答复"), "green", final=True),
        State("withdrawn", _("已撤回"), "grey", final=True),
    ),
    moves=(
        Move("send", _("移送"), ("",), "sent", "referral.send", asks=("to", "matter", "wanted_on"),
             attaches=("document",),
             tone="primary", starts=(Term("take", _("接收或者说明理由"), 5, "wd", rule="REFER_TAKE"),),
             guards=(Guard("not_itself", _("不能移送给自己的单位。")),)),
        Move("take", _("接收"), ("sent",), "taken", "referral.take", own="to", asks=("note",), tone="primary",
             stops=("take",),
             starts=(Term("answer", _("办理并答复"), "wanted_on", "d", law="移送函"),)),
        Move("refuse", _("退回"), ("sent",), "refused", "referral.take", own="to", asks=("better", "reason"),
             stops=("take",),
             guards=(Guard("may_refuse", _("这件由食安办指定，不能再退。")),),
             help=_("写明不属于本单位的依据，和应当由哪个单位办理。")),
        Move("assign", _("指定办理单位"), ("refused", "sent"), "sent", "referral.assign", asks=("to", "reason"),
             tone="primary",
             stops=("take",), starts=(Term("take", _("接收"), 2, "wd", rule="REFER_ASSIGNED"),)),
        Move("answer", _("答复结果"), ("taken",), "answered", "referral.take", own="to", asks=("result",),
             attaches=("document",),
             tone="primary", stops=("answer",)),
        Move("withdraw", _("撤回"), ("sent", "refused"), "withdrawn", "referral.send", asks=("reason",), todo=False,
             stops=("take",)),
    ),
)  # fmt: skip
