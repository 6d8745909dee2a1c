"""The flow tables of guidance: leaflets, who was told, letters, training with its tests, help."""

from django.utils.translation import gettext_lazy as _

from sanxiao.docket.flow import STAYS, Flow, Guard, Move, State

WAYS = [
    ("hand", _("当面告知并签收")),
    ("meeting", _("集中告知（会议、集市）")),
    ("refused", _("当面告知，拒绝签收")),
    ("phone", _("电话告知")),
    ("letter", _("随信寄送")),
]
PROVED = ("hand", "meeting")  # these have a signature or a photo
SAID = ("refused", "phone")  # these say in words who was told and how
LETTER_WAYS = [("hand", _("上门递送")), ("post", _("邮寄")), ("sms", _("短信"))]

LEAFLET = Flow(
    "guidance.leaflet",
    _("告知书"),
    states=(State("current", _("使用中"), "green", final=True), State("past", _("不再使用"), "grey", final=True)),
    moves=(
        Move(
            "publish", _("发布告知书"), ("",), "current", "guide.publish",
            asks=("code", "edition", "kinds", "since", "title", "text", "title_en", "text_en"), tone="primary",
            help=_("同一种告知书发布新版后，旧版自动停用；只收到旧版的单位会列出来，再告知一次。"),
        ),
        Move("replace", _("由新版代替"), ("current",), "past", None),
        Move("retire", _("停用这一版"), ("current",), "past", "guide.publish", asks=("reason",), tone="danger", todo=False),
    ),
)  # fmt: skip

TOLD = Flow(
    "guidance.told",
    _("告知记录"),
    states=(State("told", _("已告知"), "green", final=True), State("void", _("已作废"), "grey", final=True)),
    moves=(
        Move(
            "record", _("登记告知"), ("",), "told", "guide.tell", asks=("leaflet", "told_on", "way", "note"),
            tone="primary",
            guards=(
                Guard("proved", _("请附签收单或现场照片；没有签收的，选“拒绝签收”并写明。")),
                Guard("explained", _("请写明是谁、在什么情况下告知的。")),
                Guard("for_this_kind", _("这份告知书不是给这一类单位的。")),
                Guard("in_use_then", _("告知日期不能早于告知书的发布日期。")),
            ),
            help=_("一户一条：用的哪一版、哪天、怎么告知的，凭签收或照片。"),
        ),
        Move("void", _("作废"), ("told",), "void", "guide.tell", asks=("reason",), tone="danger", todo=False),
    ),
)  # fmt: skip

MAILING = Flow(
    "guidance.mailing",
    _("成批信件"),
    states=(
        State("draft", _("草稿"), "amber"),
        State("issued", _("已发出"), "green", final=True),
        State("dropped", _("已放弃"), "grey", final=True),
    ),
    moves=(
        Move(
            "draft", _("起草"), ("",), "draft", "guide.write", asks=("title", "text", "way"), tone="primary",
            guards=(Guard("somebody", _("筛选出来没有单位，请换一个条件。")),),
        ),
        Move("rewrite", _("改稿"), ("draft",), STAYS, "guide.write", asks=("title", "text", "way"), todo=False),
        Move(
            "issue", _("发出"), ("draft",), "issued", "guide.write", tone="primary",
            guards=(
                Guard("somebody", _("筛选出来没有单位，请换一个条件。")),
                Guard("not_too_many", _("一次最多给 1000 户发信，请按村分几次发。")),
            ),
            help=_("发出时按当时的名单，一户一封，各存一份进档案；发出后不能再改。"),
        ),
        Move("drop", _("放弃"), ("draft",), "dropped", "guide.write", tone="danger", todo=False),
    ),
)  # fmt: skip

LETTER = Flow(
    "guidance.letter",
    _("信件"),
    part=True,
    states=(
        State("made", _("待送"), "amber"),
        State("delivered", _("已送达"), "green", final=True),
        State("returned", _("被退回"), "red"),
    ),
    moves=(
        Move("make", _("制作"), ("",), "made", None),
        Move(
            "deliver", _("送到"), ("made", "returned"), "delivered", "guide.deliver", asks=("delivered_on", "way"),
            tone="primary", todo=False,
            guards=(Guard("not_before", _("送到的日期不能早于发出日期。")),),
        ),
        Move("return", _("退信"), ("made",), "returned", "guide.deliver", asks=("reason",), todo=False),
    ),
)  # fmt: skip

SESSION = Flow(
    "guidance.session",
    _("培训"),
    states=(
        State("planned", _("待举办"), "amber"),
        State("held", _("已举办，测试中"), "blue"),
        State("closed", _("培训办结"), "green", final=True),
        State("cancelled", _("已取消"), "grey", final=True),
    ),
    moves=(
        Move(
            "plan", _("安排培训"), ("",), "planned", "guide.train",
            asks=("topic", "kind", "held_on", "starts_at", "place", "speaker"), tone="primary",
        ),
        Move(
            "invite", _("加入名单"), ("planned", "held"), STAYS, "guide.train", asks=("who",), todo=False,
            help=_("按村、类别或名称加入；已经在名单上的不会重复。"),
        ),
        Move(
            "roll", _("点名"), ("planned", "held"), "held", "guide.train", asks=("came",), attaches=("signin",),
            tone="primary",
            guards=(
                Guard("has_list", _("名单是空的，请先加入参加人。")),
                Guard("day_has_come", _("还没有到培训那一天。")),
            ),
            help=_("勾到场的人；附一张签到表的照片。"),
        ),
        Move(
            "mark", _("登记笔试成绩"), ("held",), STAYS, "guide.train", asks=("scores",), todo=False,
            help=_("只填交了卷的人，按百分填。扫码答题的不用再填。"),
        ),
        Move("close", _("办结"), ("held",), "closed", "guide.train"),
        Move("cancel", _("取消"), ("planned",), "cancelled", "guide.train", asks=("reason",), tone="danger",
             todo=False),
    ),
)  # fmt: skip

ATTENDANCE = Flow(
    "guidance.attendance",
    _("参训"),
    part=True,
    states=(
        State("invited", _("已通知"), "grey"),
        State("came", _("已参加"), "blue", final=True),
        State("absent", _("缺席"), "red", final=True),
        State("passed", _("测试合格"), "green", final=True),
        State("failed", _("测试不合格"), "amber", final=True),
    ),
    moves=(
        Move("invite", _("通知参加"), ("",), "invited", None),
        Move("come", _("到场"), ("invited", "absent"), "came", None),
        Move("miss", _("缺席"), ("invited",), "absent", None),
        Move("pass", _("测试合格"), ("came", "failed"), "passed", None),
        Move("fail", _("测试不合格"), ("came", "failed"), "failed", None),
    ),
)  # fmt: skip

HELP = Flow(
    "guidance.help",
    _("帮扶"),
    states=(
        State("planned", _("拟帮扶"), "amber"),
        State("given", _("已帮扶，待看效果"), "blue"),
        State("seen", _("已见效果"), "green", final=True),
        State("dropped", _("已取消"), "grey", final=True),
    ),
    moves=(
        Move(
            "plan", _("登记帮扶"), ("",), "planned", "help.give", asks=("what", "plan_text", "planned_on"),
            tone="primary",
            guards=(Guard("still_there", _("这一户已登记关停、迁出，或档案已合并。")),),
            help=_("写清楚打算帮什么、谁去帮；帮过以后再登记一次，看到效果再登记一次。"),
        ),
        Move(
            "give", _("已帮扶"), ("planned",), "given", "help.give",
            asks=("given_on", "given_text", "amount", "fund"), attaches=("before",), tone="primary",
            guards=(Guard("fund_named", _("有补贴金额的，请写明从哪里列支。")),),
            help=_("拍一张帮扶前的照片，日后好对照。"),
        ),
        Move(
            "see", _("登记效果"), ("given",), "seen", "help.give", asks=("seen_on", "effect"), attaches=("after",),
            tone="primary",
            guards=(Guard("after_giving", _("看效果的日期不能早于帮扶日期。")),),
            help=_("写一句有什么变化，拍一张照片。"),
        ),
        Move("drop", _("取消"), ("planned", "given"), "dropped", "help.give", asks=("reason",), tone="danger",
             todo=False),
    ),
)  # fmt: skip
