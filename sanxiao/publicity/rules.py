"""The flow tables of publicity: texts and acts, exposed cases, the public's questionnaire, objection and repair."""

from django.utils.translation import gettext_lazy as _

from sanxiao.docket.flow import STAYS, Flow, Guard, Move, State, Term

REACH = [("counted", _("点过数")), ("estimated", _("估计"))]
REQUESTS = [("objection", _("异议：记录不对")), ("repair", _("修复：已经改正"))]

TEXT = Flow(
    "publicity.text",
    _("宣传文稿"),
    states=(State("current", _("使用中"), "green", final=True), State("past", _("不再使用"), "grey", final=True)),
    moves=(
        Move(
            "publish", _("发布文稿"), ("",), "current", "publicity.text", asks=("code", "edition", "title", "body"),
            tone="primary", help=_("同一篇文稿发布新版后，旧版自动停用；每次宣传用的是哪一版，都记在那次宣传上。"),
        ),
        Move("replace", _("由新版代替"), ("current",), "past", None),
        Move("retire", _("停用这一版"), ("current",), "past", "publicity.text", asks=("reason",), tone="danger",
             todo=False),
    ),
)  # fmt: skip

_DONE = (
    Guard("day_has_come", _("还没有到计划的那一天。")),
    Guard("says_something", _("请选一篇文稿，或写明宣传了什么。")),
)

ACT = Flow(
    "publicity.act",
    _("宣传活动"),
    states=(
        State("planned", _("待开展"), "amber"),
        State("done", _("已开展"), "green", final=True),
        State("withdrawn", _("已撤回"), "grey", final=True, side=True),
        State("dropped", _("已取消"), "grey", final=True, side=True),
    ),
    moves=(
        Move(
            "plan", _("安排宣传"), ("",), "planned", "publicity.do", own="office",
            asks=("channel", "title", "text", "planned_on", "place", "grounds"), tone="primary",
        ),
        Move(
            "record", _("登记宣传"), ("",), "done", "publicity.do", own="office", tone="primary", todo=False,
            asks=("channel", "title", "text", "wording", "done_on", "place", "grounds", "reach", "reach_how"),
            guards=_DONE, help=_("已经做了的，直接登记；拍一张照片作凭据。"),
        ),
        Move(
            "carry_out", _("登记开展情况"), ("planned",), "done", "publicity.do", own="office",
            asks=("done_on", "text", "wording", "reach", "reach_how", "note"), attaches=("photo",), tone="primary",
            guards=_DONE, help=_("用的哪一版文稿、覆盖多少人、人数怎么来的；拍一张照片作凭据。"),
        ),
        Move("drop", _("取消"), ("planned",), "dropped", "publicity.do", own="office", asks=("reason",),
             tone="danger", todo=False),
        Move("withdraw", _("撤回登记"), ("done",), "withdrawn", "publicity.do", own="office", asks=("reason",),
             tone="danger", todo=False, help=_("登记错了的撤回；数字随之减去，记录仍在。")),
    ),
)  # fmt: skip

_FIT = (
    Guard("case_closed", _("只曝光已经结案的案件。")),
    Guard("decision_public", _("处罚决定没有公示、已经撤下或者依法不公示，不能曝光。")),
    Guard("grown_up", _("案件涉及未满十八周岁的人，不能曝光。")),
    Guard("none_other", _("这件案件已经曝光过，或者正在报批。")),
)

EXPOSURE = Flow(
    "publicity.exposure",
    _("典型案例曝光"),
    states=(
        State("draft", _("待审批"), "amber"),
        State("published", _("公开曝光中"), "green"),
        State("ended", _("期满撤下"), "grey", final=True),
        State("removed", _("提前撤下"), "red", final=True, side=True),
        State("dropped", _("不予曝光"), "grey", final=True, side=True),
    ),
    moves=(
        Move(
            "propose", _("提出曝光"), ("",), "draft", "expose.propose", asks=("title", "body"), tone="primary",
            guards=_FIT,
            help=_("文字由案卷自动拟写，姓名、号码、门牌已遮去；可以改，但不能把遮去的写回来。"),
        ),
        Move(
            "rewrite", _("修改文字"), ("draft",), STAYS, "expose.propose", asks=("title", "body"), todo=False,
            guards=(Guard("not_signing", _("正在会签，不能改；请先等会签结束。")),),
        ),
        Move(
            "publish", _("公开曝光"), ("draft",), "published", "expose.propose", tone="primary",
            needs=("bureau", "party"), in_order=True,
            guards=(*_FIT, Guard("is_clean", _("文字里还有不能公开的内容。"))),
            starts=(Term("removal", _("到期撤下"), "public_until", "d", lapse="expire",
                         law="《市场监督管理行政处罚信息公示规定》；本镇设置 exposure.days"),),
            help=_("先由办案单位的另一人、再由党政办会签；两家都同意才公开。"),
        ),
        Move("drop", _("不予曝光"), ("draft",), "dropped", "expose.propose", asks=("reason",), tone="danger",
             todo=False),
        Move("expire", _("期满撤下"), ("published",), "ended", None, stops=("removal",)),
        Move("fall", _("随处罚决定撤下"), ("published",), "removed", None),
        Move("take_down", _("提前撤下"), ("published",), "removed", "expose.end", asks=("reason",), tone="danger",
             todo=False, help=_("立即从公开页面消失；记录仍在。")),
    ),
)  # fmt: skip

POLL = Flow(
    "publicity.poll",
    _("满意度调查"),
    states=(State("open", _("调查中"), "green"), State("closed", _("已结束"), "grey", final=True)),
    moves=(
        Move(
            "start", _("开始调查"), ("",), "open", "poll.run", asks=("year", "quarter", "closes_on"), tone="primary",
            starts=(Term("answers", _("收集答卷"), "closes_on", "d", lapse="end", law="方案二、六（三）"),),
            guards=(Guard("has_questions", _("设置里没有调查题目（poll.questions）。")),),
            help=_("每个村（社区）一个公开二维码；另可印一次性答卷条，由镇里发到户。"),
        ),
        Move(
            "slips", _("印答卷条"), ("open",), STAYS, "poll.run", asks=("ground", "count"), todo=False,
            help=_("一户一条，每条只能答一次；条上的码不存明文，也不记发给了谁。"),
        ),
        Move("end", _("期满结束"), ("open",), "closed", None, stops=("answers",)),
        Move("close", _("提前结束"), ("open",), "closed", "poll.run", asks=("reason",), tone="danger", todo=False,
             stops=("answers",)),
    ),
)  # fmt: skip

REPAIR = Flow(
    "publicity.repair",
    _("信用异议与修复"),
    states=(
        State("asked", _("待审查"), "amber"),
        State("granted", _("已同意"), "green", final=True),
        State("refused", _("未同意"), "red", final=True),
    ),
    moves=(
        Move(
            "ask", _("提出异议或申请修复"), ("",), "asked", "credit.ask", asks=("request", "entry", "reason"),
            tone="primary",
            guards=(
                Guard("known_entry", _("没有这一条扣分记录，或者它已经不计了。")),
                Guard("none_open", _("这一条已经有申请在审查。")),
                Guard("waited", _("还没有满修复的最短期限；记录不对的，可以提异议。")),
            ),
            starts=(Term("decide", _("审查异议、修复申请"), 10, "wd", rule="CREDIT_REPAIR"),),
            help=_("经营者书面提出，由村或分局登记；附申请书照片。"),
        ),
        Move("grant", _("同意，不再计分"), ("asked",), "granted", "credit.decide", asks=("note",), apart=("ask",),
             tone="primary", stops=("decide",)),
        Move("refuse", _("不同意"), ("asked",), "refused", "credit.decide", asks=("reason",), apart=("ask",),
             tone="danger", stops=("decide",), help=_("写明理由，答复经营者。")),
    ),
)  # fmt: skip
