"""The flow tables of a look-back campaign, of each look-back, of a revisit of what was closed, and of an alarm.

What came of an outing is a move of its own, so that it counts by itself and a person presses what he saw.
"""

from django.utils.translation import gettext_lazy as _

from sanxiao.docket.flow import STAYS, Flow, Guard, Move, State, Term

LAW = "金城镇方案 五（三）"
PROOF = Guard("proof", _("请拍一张现场照片作凭据。"))
NOT_LATE = Guard("not_late", _("到场日期不能晚于今天。"))
IN_TIME = Guard("in_time", _("到场时间不能早于关停，也不能晚于现在。"))

CAMPAIGN = Flow(
    "lookback.campaign",
    _("回头看专项"),
    states=(
        State("frozen", _("名单已定，待分组"), "blue"),
        State("shared", _("进行中"), "amber"),
        State("closed", _("已收尾"), "green", final=True),
        State("void", _("已作废"), "grey", final=True),
    ),
    moves=(
        Move(
            "freeze", _("确定名单"), ("",), "frozen", "lookback.plan", asks=("called", "until_on", "size", "rule"), tone="primary",
            help=_("名单确定后不再变动；之后新符合条件的，另开一次。"),
        ),
        Move(
            "share", _("抽签分组"), ("frozen",), "shared", "lookback.plan", asks=("teams",), tone="primary",
            help=_("每组两人：分局一人，另一人来自村或其他科室。没有人看自己的村、自己经办的户。"),
        ),
        Move(
            "close", _("收尾"), ("shared",), "closed", "lookback.plan", asks=("note",),
            guards=(Guard("all_seen", _("还有没看的户。看完，或逐户写明不看的理由。")),), todo=False,
        ),
        Move("void", _("作废"), ("frozen", "shared"), "void", "lookback.plan", asks=("reason",), tone="danger",
             todo=False, help=_("已经看过的结果都留着；还没看的不再看。")),
    ),
)  # fmt: skip

SEEN = ("seen_on", "found")
LOOK = Flow(
    "lookback.look",
    _("回头看"),
    states=(
        State("listed", _("待分组"), "grey"),
        State("assigned", _("待回头看"), "amber"),
        State("good", _("保持良好"), "green", final=True),
        State("slipped", _("有滑坡"), "red", final=True),
        State("shut", _("已不再经营"), "grey", final=True),
        State("gone", _("人去屋空"), "grey", final=True),
        State("dropped", _("不再看"), "grey", final=True),
    ),
    moves=(
        Move("list", _("列入名单"), ("",), "listed", None),
        Move(
            "assign", _("分给一组"), ("listed",), "assigned", None,
            starts=(Term("look", _("回头看期限"), "until_on", "d", law=LAW),),
        ),
        Move(
            "hand", _("指定两人"), ("listed", "assigned"), "assigned", "lookback.plan",
            asks=("first", "second", "reason"), todo=False,
            guards=(Guard("two_of_two", _("须是两个人：一人来自分局，另一人来自村或其他科室。")),
                    Guard("not_own", _("不能看自己的村、自己经办的户。"))),
            starts=(Term("look", _("回头看期限"), "until_on", "d", law=LAW),),
            help=_("抽签没有分到人，或抽到的人不能去时，由您指定，写明理由。"),
        ),
        *(
            Move(key, name, ("assigned",), key, "lookback.do", asks=SEEN, attaches=("photo",), stops=("look",),
                 tone=tone, todo=False, guards=(NOT_LATE, *([PROOF] if key != "gone" else [])), help=text)
            for key, name, tone, text in (
                ("good", _("保持良好"), "primary", _("证照在、整改过的问题没有再犯。")),
                ("slipped", _("有滑坡"), "danger", _("写明哪些又犯了；要改正的，接着在档案上下达整改通知。")),
                ("shut", _("已不再经营"), "plain", _("写明看到的情况；是关停的，请在档案上登记关停。")),
                ("gone", _("人去屋空"), "plain", _("写明向谁打听、怎么说。")),
            )
        ),
        Move("drop", _("不再看"), ("listed", "assigned"), "dropped", "lookback.plan", asks=("reason",),
             stops=("look",), tone="danger", todo=False),
        Move("end", _("随专项作废"), ("listed", "assigned"), "dropped", None, stops=("look",)),
    ),
)  # fmt: skip

REVISIT = Flow(
    "lookback.revisit",
    _("关停回查"),
    states=(
        State("planned", _("待回查"), "amber"),
        State("still", _("仍然关停"), "green", final=True),
        State("revived", _("死灰复燃"), "red", final=True),
        State("other", _("改作他用"), "blue", final=True),
        State("missed", _("逾期没查"), "red", final=True),
        State("dropped", _("不再回查"), "grey", final=True),
    ),
    moves=(
        Move(
            "plan", _("排定回查"), ("",), "planned", None,
            starts=(Term("revisit", _("回查期限"), "until_on", "d", law=LAW),),
        ),
        *(
            Move(key, name, ("planned",), key, "revival.visit", asks=("seen_at", "companion", "found"),
                 attaches=("photo",), stops=("revisit",), tone=tone, todo=False, guards=(IN_TIME, PROOF), help=text)
            for key, name, tone, text in (
                ("still", _("仍然关停"), "primary", _("门关着、没有生产的迹象。")),
                ("revived", _("死灰复燃"), "danger", _("又在生产经营。写明看到、闻到、听到什么；登记后分局马上收到。")),
                ("other", _("改作他用"), "plain", _("写明现在做什么用。")),
            )
        ),
        Move("miss", _("逾期没查"), ("planned",), "missed", None, stops=("revisit",)),
        Move("drop", _("不再回查"), ("planned",), "dropped", None, stops=("revisit",)),
    ),
)  # fmt: skip

ALARM = Flow(
    "lookback.alarm",
    _("死灰复燃线索"),
    states=(
        State("raised", _("待核实"), "red"),
        State("looked", _("已核实，待认定"), "amber"),
        State("confirmed", _("确属死灰复燃"), "red", final=True),
        State("dismissed", _("不是同一家"), "grey", final=True),
    ),
    moves=(
        Move(
            "raise", _("发现线索"), ("",), "raised", None,
            starts=(Term("look", _("核实期限"), 3, "wd", rule="REVIVAL_LOOK", law=LAW),),
        ),
        Move("see", _("又有新迹象"), ("raised", "looked", "confirmed", "dismissed"), STAYS, None),
        Move(
            "look", _("现场核实"), ("raised",), "looked", "revival.look", asks=("looked_on", "found"),
            attaches=("photo",), tone="primary", stops=("look",),
            help=_("到现场看一眼：是不是那一家、在不在生产。写下看到的，最好拍照。"),
        ),
        Move(
            "confirm", _("确属死灰复燃"), ("raised", "looked"), "confirmed", "revival.judge", asks=("note",),
            tone="danger", stops=("look",),
            guards=(Guard("something_seen", _("还没有人到现场看过，请先核实。")),),
        ),
        Move(
            "dismiss", _("不是同一家"), ("raised", "looked"), "dismissed", "revival.judge", asks=("reason",),
            stops=("look",), help=_("写明怎么知道不是。同一家以后再有别的记录，也不会再来打扰。"),
        ),
    ),
)  # fmt: skip
