"""The flow tables of 督查: a round of inspection and what it finds, bulletins, urging, proof, scores, good practice."""

from django.utils.translation import gettext_lazy as _

from sanxiao.docket.flow import STAYS, Flow, Guard, Move, State, Term

LAW = "金城镇方案 六（四）"
PROOF = Guard("proof", _("请附照片或材料作凭据。"))
TWO_OTHERS = Guard("two_others", _("须是两个人，都不是办这件事的单位的，也不是经办人。"))

ROUND = Flow(
    "oversight.round",
    _("督查"),
    states=(
        State("planned", _("已计划"), "grey"),
        State("underway", _("督查中"), "amber"),
        State("told", _("已反馈"), "blue"),
        State("correcting", _("整改中"), "blue"),
        State("closed", _("已收尾"), "green", final=True),
        State("void", _("已取消"), "grey", final=True),
    ),
    moves=(
        Move(
            "plan", _("制定督查计划"), ("",), "planned", "oversight.lead",
            asks=("called", "topic", "starts_on", "ends_on", "team", "whom"), tone="primary",
            help=_("被督查的单位在开始督查以后才看得到。"),
        ),
        Move("start", _("开始督查"), ("planned",), "underway", "oversight.lead", tone="primary"),
        Move(
            "visit", _("登记走访"), ("underway",), STAYS, "oversight.lead", asks=("whom", "seen_on", "words"),
            help=_("每个单位都要走到；没有问题的，也写一句看了什么。"),
        ),
        Move(
            "tell", _("反馈问题"), ("underway",), "told", "oversight.lead", tone="primary",
            guards=(Guard("all_seen", _("还有单位没有登记走访。")),),
            help=_("问题发给各单位，整改期限从今天起按各自的日期计。"),
        ),
        Move("correct", _("开始整改"), ("told",), "correcting", None),
        Move(
            "close", _("收尾"), ("told", "correcting"), "closed", "oversight.lead", asks=("note",),
            guards=(Guard("all_settled", _("还有没有销号的问题。")),), tone="primary",
        ),
        Move("cancel", _("取消"), ("planned", "underway"), "void", "oversight.lead", asks=("reason",), tone="danger",
             todo=False),
    ),
)  # fmt: skip


def _correct() -> Term:
    return Term("correct", _("整改期限"), "due_by", "d", law=LAW)


FINDING = Flow(
    "oversight.finding",
    _("督查问题"),
    states=(
        State("noted", _("待反馈"), "grey"),
        State("told", _("待整改"), "amber"),
        State("returned", _("退回重改"), "red", side=True),
        State("reported", _("待核查"), "blue"),
        State("closed", _("已销号"), "green", final=True),
        State("void", _("已撤销"), "grey", final=True),
    ),
    moves=(
        Move(
            "note", _("记录问题"), ("",), "noted", "oversight.lead",
            asks=("unit", "gravity", "text", "demand", "due_by", "file"), attaches=("before",), tone="primary",
        ),
        Move("tell", _("反馈"), ("noted",), "told", None, starts=(_correct(),)),
        Move(
            "report", _("报告整改"), ("told", "returned"), "reported", "oversight.correct", own="unit", asks=("done",),
            attaches=("after", "document"), tone="primary", stops=("correct",), guards=(PROOF,),
            help=_("写明怎么改的，附整改后的照片或材料。"),
        ),
        Move(
            "close", _("销号"), ("reported",), "closed", "oversight.lead", asks=("note",), apart=("report",),
            tone="primary", help=_("看过凭据，必要时到场看过，才销号。不能核查自己单位的整改。"),
        ),
        Move(
            "return", _("退回重改"), ("reported",), "returned", "oversight.lead", asks=("reason", "due_by"),
            apart=("report",), starts=(_correct(),),
        ),
        Move("void", _("撤销"), ("noted", "told", "returned"), "void", "oversight.lead", asks=("reason",),
             tone="danger", todo=False, stops=("correct",)),
    ),
)  # fmt: skip

BULLETIN = Flow(
    "oversight.bulletin",
    _("通报"),
    states=(
        State("draft", _("草稿"), "amber"),
        State("sent", _("待签发"), "blue"),
        State("issued", _("已印发"), "green", final=True),
        State("void", _("已作废"), "grey", final=True),
    ),
    moves=(
        Move(
            "draft", _("起草通报"), ("",), "draft", "bulletin.write", asks=("title", "addressee", "body"),
            tone="primary", help=_("正文已按系统里的数据拟好，请修改。“# ”开头的一行是一级标题，序号自动编。"),
        ),
        Move("send", _("送签"), ("draft",), "sent", "bulletin.write", tone="primary"),
        Move("return", _("退回修改"), ("sent",), "draft", "bulletin.sign", asks=("reason",)),
        Move(
            "issue", _("签发"), ("sent",), "issued", "bulletin.sign", tone="primary", apart=("draft", "send"),
            help=_("签发后编文号，文字和 PDF 不再改变，各单位都能看到。"),
        ),
        Move("void", _("作废"), ("draft", "sent"), "void", "bulletin.write", asks=("reason",), tone="danger",
             todo=False),
    ),
)  # fmt: skip

BLUE, ORANGE, RED = "blue", "orange", "red"
COLOURS = [(BLUE, _("蓝色")), (ORANGE, _("橙色")), (RED, _("红色"))]

URGE = Flow(
    "oversight.urge",
    _("催办单"),
    states=(
        State("open", _("待回应"), "amber"),
        State("answered", _("已回应，待办结"), "blue"),
        State("done", _("已办结"), "green", final=True),
        State("raised", _("已升级"), "grey", final=True),
    ),
    moves=(
        Move("issue", _("发出"), ("",), "open", None),
        Move("add", _("加入事项"), ("open", "answered"), "open", None),
        Move(
            "answer", _("回应"), ("open",), "answered", "oversight.answer", own="unit", asks=("answer",),
            tone="primary", help=_("写明为什么迟、哪天办完。催办单在事项办完之后自己结束，不用另报。"),
        ),
        Move("settle", _("事项办结"), ("open", "answered"), STAYS, None),
        Move("end", _("全部办结"), ("open", "answered"), "done", None),
        Move("raise", _("升级"), ("open", "answered"), "raised", None),
    ),
)  # fmt: skip

DRAW = Flow(
    "oversight.draw",
    _("办结核验"),
    states=(
        State("drawn", _("核验中"), "amber"),
        State("closed", _("已出结果"), "green", final=True),
        State("void", _("已作废"), "grey", final=True),
    ),
    moves=(
        Move(
            "draw", _("抽取"), ("",), "drawn", "oversight.draw",
            asks=("called", "unit", "sorts", "from_on", "until_on", "size", "seed"), tone="primary",
            help=_("从已办结的事项里随机抽，到现场看是不是真的办了。种子、名单和抽法都公开，谁都可以重抽一遍。"),
        ),
        Move(
            "close", _("出结果"), ("drawn",), "closed", "oversight.draw", asks=("note",), tone="primary",
            guards=(Guard("all_checked", _("还有没核验的。核验完，或逐件写明不核验的理由。")),),
        ),
        Move("void", _("作废"), ("drawn",), "void", "oversight.draw", asks=("reason",), tone="danger", todo=False,
             help=_("已经核验的结果留着；还没核验的不再核验，这次不计分。")),
    ),
)  # fmt: skip

WAITING = ("drawn", "assigned")
RESULTS = (
    ("true", _("属实"), "green", "primary", _("现场与记录一致。")),
    ("partly", _("部分属实"), "amber", "plain", _("写明哪一处对不上。")),
    ("false", _("不实"), "red", "danger", _("写明现场是什么样；系统随即向办理单位发出督查问题。")),
)

CHECK = Flow(
    "oversight.check",
    _("核验"),
    states=(
        State("drawn", _("待指定核验人"), "grey"),
        State("assigned", _("待核验"), "amber"),
        *(State(key, name, tone, final=True) for key, name, tone, _button, _help in RESULTS),
        State("dropped", _("不再核验"), "grey", final=True),
    ),
    moves=(
        Move("draw", _("抽中"), ("",), "drawn", None),
        Move(
            "assign", _("分给两人"), ("drawn",), "assigned", None,
            starts=(Term("check", _("核验期限"), "until_on", "d", law=LAW),),
        ),
        Move(
            "hand", _("指定两人"), ("drawn", "assigned"), "assigned", "oversight.draw",
            asks=("first", "second", "reason"), todo=False, guards=(TWO_OTHERS,),
            starts=(Term("check", _("核验期限"), "until_on", "d", law=LAW),),
        ),
        *(
            Move(key, name, ("assigned",), key, "oversight.check", asks=("seen_on", "found"), attaches=("photo",),
                 stops=("check",), tone=button, todo=False,
                 guards=(Guard("not_ahead", _("到场日期不能晚于今天。")), PROOF), help=text)
            for key, name, _tone, button, text in RESULTS
        ),
        Move("drop", _("不再核验"), ("drawn", "assigned"), "dropped", "oversight.draw", asks=("reason",),
             stops=("check",), tone="danger", todo=False),
        Move("end", _("随抽取作废"), ("drawn", "assigned"), "dropped", None, stops=("check",)),
    ),
)  # fmt: skip

BOARD = Flow(
    "oversight.board",
    _("季度考核"),
    states=(
        State("open", _("待提请"), "amber"),
        State("proposed", _("待审定"), "blue"),
        State("adopted", _("已审定"), "green", final=True),
    ),
    moves=(
        Move("open", _("开始计算"), ("",), "open", None),
        Move(
            "propose", _("提请审定"), ("open",), "proposed", "oversight.score", asks=("note",), tone="primary",
            help=_("得分和每个数字背后的名单在提请时冻结，领导小组审定的就是看到的。"),
        ),
        Move("return", _("退回"), ("proposed",), "open", "oversight.adopt", asks=("reason",), apart=("propose",)),
        Move(
            "adopt", _("审定通过"), ("proposed",), "adopted", "oversight.adopt", asks=("note",), tone="primary",
            apart=("propose",), help=_("审定后各单位都能看到得分。"),
        ),
    ),
)  # fmt: skip

PRACTICE = Flow(
    "oversight.practice",
    _("经验做法"),
    states=(
        State("sent", _("待审核"), "amber"),
        State("returned", _("退回修改"), "red", side=True),
        State("shown", _("已推广"), "green", final=True),
        State("withdrawn", _("已撤下"), "grey", final=True),
    ),
    moves=(
        Move(
            "send", _("报送经验做法"), ("",), "sent", "practice.write", asks=("called", "trouble", "how", "effect"),
            attaches=("photo",), tone="primary", help=_("写清楚别人照着就能做：原来难在哪里，怎么做的，见了什么效果。"),
        ),
        Move(
            "revise", _("修改后再报"), ("returned",), "sent", "practice.write", own="unit",
            asks=("called", "trouble", "how", "effect"), attaches=("photo",), tone="primary",
        ),
        Move("return", _("退回"), ("sent",), "returned", "practice.approve", asks=("reason",), apart=("send", "revise")),
        Move(
            "show", _("推广"), ("sent",), "shown", "practice.approve", asks=("note",), tone="primary",
            apart=("send", "revise"), help=_("各单位都能看到、评论，照着做。"),
        ),
        Move("photo", _("补照片"), ("sent", "returned", "shown"), STAYS, "practice.write", own="unit",
             attaches=("photo",), todo=False),
        Move("withdraw", _("撤下"), ("sent", "returned", "shown"), "withdrawn", "practice.approve", asks=("reason",),
             tone="danger", todo=False),
    ),
)  # fmt: skip

FLOWS = (ROUND, FINDING, BULLETIN, URGE, DRAW, CHECK, BOARD, PRACTICE)
