"""The flow tables of what comes from the field: answers that need a person, walks, back-checks."""

from django.utils.translation import gettext_lazy as _

from sanxiao.docket.flow import Flow, Guard, Move, State

PATCH_KINDS = [("hamlet", _("自然村")), ("street", _("街巷")), ("market", _("市场、集市"))]
SUBMISSION_STATES = [
    ("received", _("已收到")),
    ("waiting", _("等照片")),
    ("held", _("等前一份")),
    ("settled", _("已入库")),
    ("trouble", _("待处理")),
]
SUBMISSION_TONES = {"received": "blue", "waiting": "blue", "held": "amber", "settled": "green", "trouble": "amber"}

TROUBLE = Flow(
    "field.trouble",
    _("手机来件待处理"),
    states=(
        State("open", _("待处理"), "amber"),
        State("done", _("已处理"), "green", final=True),
        State("dropped", _("不再处理"), "grey", final=True),
    ),
    moves=(
        Move("report", _("转待处理"), ("",), "open", None),
        Move(
            "retry", _("再试一次"), ("open",), "open", "field.settle", tone="primary",
            help=_("原因已排除（例如档案已建好、人员已复岗）后，按原样再办一次。"),
        ),
        Move("solve", _("已办妥"), ("open",), "done", None),
        Move(
            "drop", _("不再处理"), ("open",), "dropped", "field.settle", asks=("reason",), tone="danger", todo=False,
            help=_("来件原样保留，可以查看；理由会显示在填报人的手机上。"),
        ),
    ),
)  # fmt: skip

CLASH = Flow(
    "field.clash",
    _("两处修改"),
    states=(State("open", _("待选定"), "amber"), State("chosen", _("已选定"), "green", final=True)),
    moves=(
        Move("report", _("记下冲突"), ("",), "open", None),
        Move(
            "choose", _("选定"), ("open",), "chosen", "field.settle", asks=("chosen",), tone="primary",
            help=_("同一项内容，手机和办公室都改过。逐项选定用哪一个；没有选定之前，档案保持办公室的内容。"),
        ),
    ),
)  # fmt: skip

WALK = Flow(
    "field.walk",
    _("走访登记"),
    states=(State("walked", _("已走访"), "green"), State("void", _("已作废"), "grey", final=True)),
    moves=(
        Move("walk", _("登记走访"), ("",), "walked", "coverage.walk", todo=False),
        Move("void", _("作废"), ("walked",), "void", "coverage.walk", asks=("reason",), tone="danger", todo=False),
    ),
)  # fmt: skip

CHECK = Flow(
    "field.check",
    _("调查复核"),
    states=(
        State("drawn", _("待复核"), "blue"),
        State("done", _("已复核"), "green", final=True),
        State("dropped", _("不再复核"), "grey", final=True),
    ),
    moves=(
        Move("draw", _("抽取"), ("",), "drawn", "check.draw", todo=False),
        Move(
            "record", _("登记复核结果"), ("drawn",), "done", "check.do", tone="primary",
            guards=(Guard("other_person", _("复核人不能是原来的调查人。")),),
        ),
        Move("drop", _("不再复核"), ("drawn",), "dropped", "check.draw", asks=("reason",), tone="danger", todo=False),
    ),
)  # fmt: skip
