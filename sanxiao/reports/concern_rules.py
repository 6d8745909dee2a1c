"""The flow table of a problem or need (困难和需要, T9): a matter of its own that stays open until it is answered."""

from django.utils.translation import gettext_lazy as _

from sanxiao.docket.flow import Flow, Guard, Move, State, Term

PROBLEM, NEED = "problem", "need"
SORTS = [(PROBLEM, _("存在问题")), (NEED, _("需要支持"))]
LAW = "金城镇方案 六（四）"


def _answer() -> Term:
    return Term("answer", _("答复期限"), 10, "wd", law=LAW, rule="CONCERN_ANSWER")


CONCERN = Flow(
    "reports.concern",
    _("困难和需要"),
    states=(
        State("raised", _("待认领"), "amber"),
        State("taken", _("办理中"), "blue"),
        State("answered", _("已答复，待确认"), "blue"),
        State("closed", _("已解决"), "green", final=True),
        State("withdrawn", _("已撤回"), "grey", final=True),
    ),
    moves=(
        Move(
            "raise", _("提出"), ("",), "raised", "concern.raise", asks=("sort", "text"), tone="primary",
            starts=(_answer(),), help=_("写一件事：卡在哪里，涉及哪几户，要哪个单位帮什么。答复之前一直挂着。"),
        ),
        Move(
            "take", _("认领"), ("raised",), "taken", "concern.answer", tone="primary",
            help=_("由您的单位答复。不该您的单位办的，请食安办指定。"),
        ),
        Move(
            "assign", _("指定办理单位"), ("raised", "taken"), "taken", "concern.assign", asks=("taker", "note"),
            guards=(Guard("another_office", _("不能由提出的单位自己答复。")),), todo=False,
        ),
        Move(
            "answer", _("答复"), ("taken",), "answered", "concern.answer", own="taker", asks=("answer",),
            attaches=("document",), tone="primary", stops=("answer",),
            help=_("写明怎么解决、什么时候、找谁。提出的单位认可后才算办结。"),
        ),
        Move(
            "accept", _("认可答复"), ("answered",), "closed", "concern.raise", own="unit", asks=("note",),
            tone="primary",
        ),
        Move(
            "stand", _("仍未解决"), ("answered",), "taken", "concern.raise", own="unit", asks=("reason",),
            starts=(_answer(),), help=_("写明还差什么；回到办理单位，重新计时。原来的答复保留可查。"),
        ),
        Move(
            "withdraw", _("撤回"), ("raised", "taken", "answered"), "withdrawn", "concern.raise", own="unit",
            asks=("reason",), tone="danger", todo=False, stops=("answer",),
        ),
        Move("drop", _("随报告改写撤下"), ("raised",), "withdrawn", None, stops=("answer",)),
    ),
)  # fmt: skip
