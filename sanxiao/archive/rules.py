"""The flow tables of the file, its classification, and its merging."""

from django.utils.translation import gettext_lazy as _

from sanxiao.docket.flow import STAYS, Flow, Guard, Move, State, Term

CASES = [
    ("0", _("（0）已持证")),
    ("1", _("（1）具备条件未办证")),
    ("2", _("（2）有缺陷愿整改")),
    ("3", _("（3）不具备条件")),
]
BATCHES = [("upgrade", _("提升")), ("regulate", _("规范")), ("phase_out", _("淘汰"))]
# The risk grade as `risk` keeps it in the file: a letter, a word, and a shape of its own on the map.
GRADES = (
    State("A", _("A级（低）"), "green"),
    State("B", _("B级（较低）"), "blue"),
    State("C", _("C级（较高）"), "amber"),
    State("D", _("D级（高）"), "red"),
)
CLOSINGS = [
    ("self", _("自行关停")),
    ("banned", _("依法取缔")),
    ("changed", _("转业")),
    ("moved", _("搬迁")),
    ("death", _("经营者死亡")),
    ("other", _("其他")),
]
WEEKDAYS = [
    (1, _("周一")), (2, _("周二")), (3, _("周三")), (4, _("周四")), (5, _("周五")), (6, _("周六")), (7, _("周日")),
]  # fmt: skip
STANDING = Guard("standing", _("这份档案已合并到另一份，请到那一份办理。"))

ALIVE = ("normal", "seasonal", "suspended", "lost", "moved", "closed")

FILE = Flow(
    "archive.file",
    _("档案"),
    states=(
        State("normal", _("正常"), "green"),
        State("seasonal", _("季节性"), "blue"),
        State("suspended", _("停业"), "amber"),
        State("lost", _("失联"), "amber"),
        State("moved", _("已迁出"), "grey"),
        State("closed", _("已关停"), "grey"),
        State("void", _("建档撤回"), "grey", final=True),
    ),
    moves=(
        Move("open", _("建档"), ("",), "normal", "file.open"),
        Move(
            "rest", _("登记停业"), ("normal", "seasonal"), "suspended", "file.life", asks=("on", "reason"),
            guards=(STANDING,), todo=False, help=_("暂时不做，还会再开。不再做了，用“登记关停”。"),
        ),
        Move(
            "season", _("登记季节性经营"), ("normal",), "seasonal", "file.life", asks=("on", "reason"),
            guards=(STANDING,), todo=False, help=_("每年只做一段时间，例如中秋前后、夏季夜市。写明是哪几个月。"),
        ),
        Move(
            "lose", _("登记失联"), ("normal", "seasonal", "suspended"), "lost", "file.life", asks=("on", "reason"),
            guards=(STANDING,), todo=False, help=_("多次上门、电话都找不到人。找到后用“恢复经营”。"),
        ),
        Move(
            "resume", _("恢复经营"), ("suspended", "seasonal", "lost"), "normal", "file.life", asks=("on", "note"),
            guards=(STANDING,), todo=False,
        ),
        Move(
            "relocate", _("登记搬迁"), ("normal", "seasonal", "suspended"), STAYS, "file.life",
            asks=("on", "address", "lat", "lng", "reason"), attaches=("photo",), guards=(STANDING,), todo=False,
            help=_("在本村（社区）内搬迁。旧地址留在时间线上；迁往别的村，用“迁往外村”。"),
        ),
        Move(
            "transfer", _("迁往外村"), ("normal", "seasonal", "suspended"), STAYS, "file.life",
            asks=("on", "new_area", "address", "reason"), needs=("fso",), guards=(STANDING,), todo=False,
            help=_("镇食安办会签后，档案连同全部办件归新的村（社区）管理，本村不再看到。"),
        ),
        Move(
            "leave", _("登记迁出本镇"), ("normal", "seasonal", "suspended", "lost"), "moved", "file.life",
            asks=("on", "reason"), guards=(STANDING,), todo=False,
        ),
        Move(
            "close", _("登记关停"), ("normal", "seasonal", "suspended", "lost"), "closed", "file.life",
            asks=("on", "closing", "reason"), attaches=("photo",), guards=(STANDING,), tone="danger", todo=False,
            help=_("不再经营。档案留存，可以查到；再开时用“登记重开”。"),
        ),
        Move(
            "reopen", _("登记重开"), ("closed", "moved"), "normal", "file.life", asks=("on", "reason"), todo=False,
            guards=(STANDING, Guard("not_banned", _("已被取缔，重开须由金城分局办理新的登记。"))),
        ),
        Move("resurvey", _("按调查表更新"), ALIVE, STAYS, None, todo=False),  # by a sheet, which names from -> to
        Move("undo", _("撤回建档"), ALIVE, "void", None),
    ),
)  # fmt: skip

CLASSIFICATION = Flow(
    "archive.classification",
    _("分类处置"),
    states=(
        State("proposed", _("待审定"), "blue"),
        State("decided", _("已审定"), "amber"),
        State("underway", _("处置中"), "blue"),
        State("settled", _("已办结"), "green", final=True),
        State("replaced", _("已重新分类"), "grey", final=True),
    ),
    moves=(
        Move(
            "propose", _("提出分类意见"), ("",), "proposed", "class.propose",
            asks=("proposed_case", "proposed_batch", "note"), tone="primary",
            guards=(Guard("none_pending", _("这一户已有分类意见在审定。")),),
        ),
        Move(
            "decide", _("审定分类"), ("proposed",), "decided", "class.decide", asks=("case", "batch", "note"),
            needs=("fso",), needs_if="eliminates", tone="primary", todo=True,
            guards=(Guard("differs_with_reason", _("与村级意见不同，请写明理由。")),),
            starts=(Term("act", _("首项任务期限"), "act_days", "d", law="金城镇方案 五（二）1"),),
            help=_("列入“淘汰”的，须镇食安办会签后生效。"),
        ),
        Move("begin", _("开始处置"), ("decided",), "underway", None, stops=("act",)),
        Move("settle", _("处置办结"), ("decided", "underway"), "settled", None, stops=("act",)),
        Move("replace", _("重新分类"), ("decided", "underway", "settled"), "replaced", None),
        Move("withdraw", _("退回意见"), ("proposed",), "replaced", "class.decide", asks=("reason",), todo=False),
    ),
)  # fmt: skip

MERGE = Flow(
    "archive.merge",
    _("合并档案"),
    states=(State("done", _("已合并"), "green"), State("undone", _("已拆回"), "grey", final=True)),
    moves=(
        Move(
            "merge", _("合并"), ("",), "done", "file.merge", asks=("reason",), tone="primary",
            guards=(Guard("both_current", _("两份档案须都未被合并过，且不是同一份。")),),
        ),
        Move(
            "undo", _("拆回"), ("done",), "undone", "file.merge", asks=("reason",), todo=False,
            guards=(Guard("still_joined", _("保留的那份后来又被合并，请先拆回那一次。")),),
        ),
    ),
)  # fmt: skip
