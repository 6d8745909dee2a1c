"""The flow table of a survey sheet."""

from django.utils.translation import gettext_lazy as _

from sanxiao.docket.flow import Flow, Guard, Move, State

SOURCES = [("desk", _("纸质表录入")), ("ledger", _("旧台账")), ("phone", _("手机"))]
FINDINGS = [("no", _("未发现")), ("warn", _("需核实")), ("bar", _("疑似禁止品种"))]

SHEET = Flow(
    "survey.sheet",
    _("调查表"),
    states=(
        State("received", _("待建档"), "blue"),
        State("filed", _("已建档"), "green"),
        State("void", _("已作废"), "grey", final=True),
    ),
    moves=(
        Move("send", _("提交调查表"), ("",), "received", "sheet.fill", todo=False),
        Move("file", _("建档"), ("received",), "filed", "sheet.file", tone="primary"),
        Move(
            "unfile", _("撤回建档"), ("filed",), "received", "sheet.file", asks=("reason",), tone="danger", todo=False,
            guards=(Guard("nothing_since", _("建档之后这一户已有别的办理记录，不能撤回。填错的内容请在档案里“更正”。")),),
            help=_("本表新建的档案作废，本表更新的档案逐项恢复原样；调查表回到“待建档”。"),
        ),
        Move(
            "void", _("作废"), ("received",), "void", "sheet.file", asks=("reason",), tone="danger", todo=False,
            help=_("填错、重复的表作废后不能再用；内容和照片仍保留，可以查看。"),
        ),
    ),
)  # fmt: skip
