"""The flow tables of a joint operation (联合执法): the operation, the part of each office, its stops, calls for the police.

Several offices go on one day, by one list. Each answers for itself: it says whether it comes and with whom, it ticks
its own items, it closes its own part. The whole closes with the last part, never before, and nobody closes another
office's part for it; a part that nobody closes can only be set down as such by the food-safety office.
"""

from django.utils.translation import gettext_lazy as _

from sanxiao.docket.flow import STAYS, Flow, Guard, Move, State, Term

ANSWERS = [("yes", _("符合")), ("no", _("有问题")), ("na", _("不适用"))]
WAYS = [("up", _("上移")), ("down", _("下移")), ("near", _("就近排序"))]
LIVE = ("notified", "underway")  # the day is set, or it goes on
COMES = ("accepted", "underway", "closed", "released")  # a part that said yes, whatever became of it
ASKED = ("invited", *COMES)
LIST = ("listed", "visited", "absent", "shut")

OPERATION = Flow(
    "joint.operation",
    _("联合执法"),
    states=(
        State("planned", _("筹划中"), "blue"),
        State("notified", _("已通知"), "amber"),
        State("underway", _("进行中"), "amber"),
        State("closing", _("各单位办结中"), "amber"),
        State("closed", _("全部办结"), "green", final=True),
        State("cancelled", _("已取消"), "grey", final=True),
    ),
    moves=(
        Move(
            "plan", _("筹划联合执法"), ("",), "planned", "joint.plan", own="lead", tone="primary",
            asks=("topic", "purpose", "where", "led_by", "held_on", "starts_at", "ends_at", "meeting"),
            help=_("村（社区）在自己的地面上牵头；跨村的由食安办或分局牵头。先定事由和日期，再请单位、选对象。"),
        ),
        Move(
            "change", _("修改方案"), ("planned",), STAYS, "joint.plan", own="lead", todo=False,
            asks=("topic", "purpose", "held_on", "starts_at", "ends_at", "meeting"),
        ),
        Move(
            "invite", _("请单位参加"), ("planned", "notified"), STAYS, "joint.plan", own="lead", todo=False,
            asks=("offices",), help=_("勾选要请的单位，写清楚各做什么；当天在岗、有空的人数写在后面。"),
        ),
        Move("take_in", _("选定对象"), ("planned", *LIVE), STAYS, "joint.plan", own="lead", asks=("targets",), todo=False),
        Move("arrange", _("排路线"), ("planned", *LIVE), STAYS, "joint.plan", own="lead", asks=("way",), todo=False),
        Move(
            "notify", _("报批并通知各单位"), ("planned",), "notified", "joint.plan", own="lead", tone="primary",
            needs=("fso",), needs_if="led_by_another", asks=("note",),
            starts=(Term("day", _("行动日期"), "held_on", "d", law="联合执法方案"),),
            guards=(
                Guard("day_lies_ahead", _("行动日期已经过了，请先修改方案。")),
                Guard("several_offices", _("联合执法至少要有两个单位，请先请单位参加。")),
                Guard("has_targets", _("还没有选定对象。")),
            ),
            help=_("食安办会签后，各单位在自己的工作台上看到邀请；检查表按当天有效的项目固定下来。"),
        ),
        Move(
            "postpone", _("改期"), ("notified",), STAYS, "joint.plan", own="lead", todo=False,
            asks=("held_on", "reason"), stops=("day",),
            starts=(Term("day", _("行动日期"), "held_on", "d", law="联合执法方案"),),
            help=_("改期后，各单位须重新答复。"),
        ),
        Move(
            "start", _("开始行动"), ("notified",), "underway", "joint.plan", own="lead", tone="primary", stops=("day",),
            guards=(
                Guard("day_has_come", _("还没有到行动那一天。")),
                Guard("two_are_coming", _("答应参加的还不到两个单位。")),
            ),
        ),
        Move(
            "finish", _("收队"), ("underway",), "closing", "joint.plan", own="lead", asks=("note",), tone="primary",
            attaches=("photo",),
            guards=(
                Guard("every_stop_seen", _("还有对象没有登记情况：去了、没找到、当天关门，或者划掉。")),
                Guard("no_call_waits", _("还有呼叫民警没有处置完，请先处置或撤回。")),
            ),
            help=_("收队以后，各单位各自办结自己的部分；最后一个单位办结，整件就办结。"),
        ),
        Move("close", _("全部办结"), ("closing",), "closed", None, guards=(Guard("all_closed", _("还有单位没有办结。")),)),
        Move(
            "cancel", _("取消行动"), ("planned", "notified"), "cancelled", "joint.plan", own="lead", asks=("reason",),
            tone="danger", todo=False, stops=("day",),
        ),
    ),
)  # fmt: skip

_ANSWER = Term("answer", _("答复是否参加"), 2, "wd", rule="JOINT_ANSWER")
_CLOSE = Term("close", _("办结本单位部分"), 5, "wd", rule="JOINT_CLOSE")

PART = Flow(
    "joint.part",
    _("联合执法（本单位部分）"),
    part=True,
    states=(
        State("named", _("拟请"), "grey"),
        State("invited", _("待答复"), "amber"),
        State("declined", _("不参加"), "red", side=True),
        State("accepted", _("参加"), "blue"),
        State("underway", _("进行中"), "amber"),
        State("closed", _("已办结"), "green", final=True),
        State("released", _("未办结，已注明"), "red", final=True),
        State("absent", _("未答复，未到"), "red", final=True),
        State("dropped", _("已取消"), "grey", final=True),
    ),
    moves=(
        Move("name", _("列入"), ("", "dropped"), "named", None),
        Move("invite", _("邀请"), ("named", "accepted"), "invited", None, starts=(_ANSWER,)),
        Move(
            "accept", _("参加，报人员"), ("invited",), "accepted", "joint.part", own="office",
            asks=("people", "vehicles", "note"), tone="primary", stops=("answer",),
            help=_("勾选去的人，写执法证号；当天休假或另有安排的，后面写着，仍要派出须写明理由。"),
        ),
        Move(
            "decline", _("不参加"), ("invited",), "declined", "joint.part", own="office", asks=("reason",), todo=False,
            stops=("answer",), guards=(Guard("not_the_lead", _("牵头单位不能不参加；办不成的，请取消或改期。")),),
        ),
        Move(
            "ask_again", _("再请一次"), ("declined",), "invited", "joint.plan", own="lead", asks=("reason",), todo=False,
            starts=(_ANSWER,), guards=(Guard("still_to_come", _("行动已经开始，不能再请。")),),
        ),
        Move(
            "people", _("换人"), ("accepted", "underway"), STAYS, "joint.part", own="office",
            asks=("people", "vehicles", "note"), todo=False,
        ),
        Move("begin", _("开始"), ("accepted",), "underway", None),
        Move("count", _("开始计时"), ("underway",), STAYS, None, starts=(_CLOSE,)),
        Move(
            "close", _("办结本单位部分"), ("underway",), "closed", "joint.part", own="office",
            asks=("came", "cars", "summary"), tone="primary", stops=("close",), attaches=("photo",),
            guards=(
                Guard("is_over", _("收队以后再办结。")),
                Guard("own_items_done", _("到过的对象里，本单位的项目还没有填完。")),
            ),
            help=_("核对到场的人和车，写一段本单位做了什么、还有什么要办。别的单位不能代办。"),
        ),
        Move(
            "urge", _("催办"), ("invited", "underway"), STAYS, "joint.plan", own="lead", asks=("note",), todo=False,
            guards=(Guard("keeps_waiting", _("还没有到催办的时候：已发邀请或者已经收队的，才能催。")),),
            help=_("催办记入记录，对方工作台上看得到。"),
        ),
        Move(
            "release", _("注明未办结"), ("underway",), "released", "joint.release", asks=("reason",), todo=False,
            tone="danger", stops=("close",),
            guards=(Guard("past_its_term", _("办结期限还没有过，请先催办。")),),
            help=_("逾期不办的，由食安办写明原因；整件才能办结，这个单位仍记为未办结。"),
        ),
        Move("miss", _("没有答复"), ("invited", "accepted"), "absent", None, stops=("answer",)),
        Move("drop", _("取消"), ("named", "invited", "declined", "accepted"), "dropped", None, stops=("answer",)),
    ),
)  # fmt: skip

_ON = Guard("op_is_on", _("行动还没有开始，或者已经办结。"))

STOP = Flow(
    "joint.stop",
    _("联合执法对象"),
    states=(
        State("listed", _("待去"), "grey"),
        State("visited", _("已到"), "green", final=True),
        State("absent", _("没找到"), "amber", final=True),
        State("shut", _("当天关门"), "amber", final=True),
        State("dropped", _("划掉"), "grey", final=True),
    ),
    moves=(
        Move("list", _("列为联合执法对象"), ("",), "listed", None),
        Move("place", _("换次序"), ("listed", "visited", "absent", "shut"), STAYS, None),
        Move(
            "tick", _("填本单位项目"), ("listed", "visited", "absent", "shut"), "visited", "joint.part",
            asks=("answers", "note"), tone="primary", guards=(_ON,), todo=False,
        ),
        Move("miss", _("没找到"), ("listed",), "absent", "joint.part", asks=("note",), attaches=("photo",), guards=(_ON,),
             todo=False),
        Move("shut", _("当天关门"), ("listed",), "shut", "joint.part", asks=("note",), attaches=("photo",), guards=(_ON,),
             todo=False),
        Move("drop", _("划掉"), ("listed",), "dropped", "joint.plan", own="lead", asks=("reason",), todo=False),
        Move("leave", _("随行动取消"), ("listed",), "dropped", None),
    ),
)  # fmt: skip

CALL = Flow(
    "joint.call",
    _("呼叫民警"),
    states=(
        State("called", _("待出警"), "red"),
        State("answered", _("已接报"), "amber"),
        State("settled", _("已处置"), "green", final=True),
        State("recalled", _("已撤回"), "grey", final=True),
    ),
    moves=(
        Move(
            "call", _("呼叫民警"), ("",), "called", "call.make", asks=("said", "spot", "lat", "lng"), tone="danger",
            guards=(Guard("op_is_live", _("这次行动没有在进行。")),),
            help=_("情况紧急先打电话，再按这里：派出所的工作台上马上看到，时间和地点自动记下。"),
        ),
        Move("answer", _("接报出警"), ("called",), "answered", "call.answer", asks=("note",), tone="primary"),
        Move(
            "settle", _("登记处置"), ("called", "answered"), "settled", "call.answer", asks=("outcome", "police_no"),
            tone="primary",
        ),
        Move("recall", _("撤回"), ("called", "answered"), "recalled", "call.make", asks=("reason",), todo=False),
    ),
)  # fmt: skip
