"""The flow table of 责任约谈: who is responsible is called in, told what is wrong, and held to what he promised.

Food Safety Law 114: a talk stands beside the ladder of an order and never in its place. Nothing that was ordered waits
for it, and its end changes no order; a promise that was not kept is for a person to follow up.
"""

from django.utils.translation import gettext_lazy as _

from sanxiao.docket.flow import STAYS, Flow, Guard, Move, State, Term

LAW = "《中华人民共和国食品安全法》第一百一十四条"
SIGNED_HOW = [("signed", _("当场签字")), ("refused", _("拒绝签字"))]
HELD = ("held", "promised")  # it has taken place and is not ended
_SAID = ("person", "role", "second", "findings", "demanded", "promised", "promise_on")
_STANDS = (
    Guard("file_current", _("这份档案已合并或撤回，请在现行档案上办理。")),
    Guard("file_trading", _("这一户已登记关停或迁出。")),
    Guard("none_waiting", _("这一户已有一次约谈在安排或等待签字。")),
)
_DAYS = (Guard("promise_ahead", _("承诺完成的日期不能早于约谈日期。")),)

TALK = Flow(
    "inspection.talk",
    _("责任约谈"),
    states=(
        State("called", _("待约谈"), "blue"),
        State("held", _("待签字"), "blue"),
        State("promised", _("兑现承诺中"), "amber"),
        State("kept", _("承诺已兑现"), "green", final=True),
        State("broken", _("承诺未兑现"), "red", final=True),
        State("void", _("已取消"), "grey", final=True),
    ),
    moves=(
        Move(
            "call", _("约谈"), ("",), "called", "talk.hold",
            asks=("cause", "findings", "person", "role", "meet_on", "meet_at", "place"), tone="primary",
            guards=_STANDS, starts=(Term("talk", _("约谈日期"), "meet_on", "d", law=LAW),),
            help=_("存在食品安全隐患、没有及时消除的，约谈经营者或者主要负责人；出具约谈通知书。"),
        ),
        Move(
            "record", _("登记当场约谈"), ("",), "held", "talk.hold", asks=("cause", "held_on", "place", *_SAID),
            guards=(*_STANDS, *_DAYS), todo=False,
            help=_("已经当面约谈过的直接登记，不用先发通知书。"),
        ),
        Move(
            "absent", _("没有到场，改期"), ("called",), STAYS, "talk.hold", asks=("reason", "until"),
            starts=(Term("talk", _("约谈日期"), "until", "d", law=LAW),), todo=False,
            guards=(Guard("later_day", _("改期须定在今天或以后。")),),
        ),
        Move(
            "hold", _("登记约谈"), ("called",), "held", "talk.hold", asks=("held_on", "place", *_SAID), tone="primary",
            stops=("talk",), guards=_DAYS,
            help=_("两名执法人员在场；写明指出的问题、提出的要求和对方的承诺，打印约谈记录签字。"),
        ),
        Move(
            "sign", _("签字"), ("held",), "promised", "talk.hold",
            asks=("signed_on", "signed_how", "refusal", "witness"), attaches=("signature",), tone="primary",
            guards=(
                Guard("record_signed", _("请拍下签了字的约谈记录。")),
                Guard("refusal_proved", _("拒绝签字的，须写明原因和见证人。")),
                Guard("after_talk", _("签字日期不能早于约谈日期。")),
            ),
            starts=(Term("promise", _("承诺完成日期"), "promise_on", "d", law=LAW),),
        ),
        Move(
            "keep", _("承诺已兑现"), ("promised",), "kept", "talk.hold", asks=("seen_on", "effect"),
            attaches=("after",), tone="primary", stops=("promise",),
            guards=(Guard("seen_after", _("查看日期不能早于约谈日期。")),),
            help=_("到现场看过，写明隐患怎样消除的，最好拍一张照片。"),
        ),
        Move(
            "break", _("承诺未兑现"), ("promised",), "broken", "talk.hold", asks=("seen_on", "effect"),
            attaches=("after",), tone="danger", stops=("promise",), todo=False,
            guards=(Guard("seen_after", _("查看日期不能早于约谈日期。")),),
            help=_("写明哪些没有做到；接着下达整改通知，或者转立案。"),
        ),
        Move(
            "void", _("取消"), ("called", *HELD), "void", "talk.hold", asks=("reason",), tone="danger", todo=False,
            help=_("取消的约谈和文号都留在记录里，文号不再使用。"),
        ),
    ),
)  # fmt: skip
