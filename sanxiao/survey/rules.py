"""The flow tables of a survey sheet and of a lead."""

from django.utils.translation import gettext_lazy as _

from sanxiao.docket.flow import STAYS, Flow, Guard, Move, State, Term

SOURCES = [("desk", _("纸质表录入")), ("ledger", _("旧台账")), ("phone", _("手机"))]
FINDINGS = [("no", _("未发现")), ("warn", _("需核实")), ("bar", _("疑似禁止品种"))]

SHEET = Flow(
    "survey.sheet",
    _("调查表"),
    states=(
        State("received", _("待建档"), "blue"),
        State("across", _("待食安办核对"), "amber"),
        State("filed", _("已建档"), "green"),
        State("void", _("已作废"), "grey", final=True),
    ),
    moves=(
        Move("send", _("提交调查表"), ("",), "received", "sheet.fill", todo=False),
        Move("file", _("建档"), ("received",), "filed", "sheet.file", tone="primary"),
        Move("hold", _("转食安办核对"), ("received",), "across", None),
        Move(
            "clear", _("不是同一户"), ("across",), "received", "sheet.across", tone="primary",
            help=_("镇里另有一户相像。核对后不是同一户的，退回“待建档”；是同一户的，把这张表作废并写明理由。"),
        ),
        Move(
            "unfile", _("撤回建档"), ("filed",), "received", "sheet.file", asks=("reason",), tone="danger", todo=False,
            guards=(Guard("nothing_since", _("建档之后这一户已有别的办理记录，不能撤回。填错的内容请在档案里“更正”。")),),
            help=_("本表新建的档案作废，本表更新的档案逐项恢复原样；调查表回到“待建档”。"),
        ),
        Move(
            "void", _("作废"), ("received", "across"), "void", "sheet.file", asks=("reason",), tone="danger", todo=False,
            help=_("填错、重复的表作废后不能再用；内容和照片仍保留，可以查看。"),
        ),
    ),
)  # fmt: skip

LEAD = Flow(
    "survey.lead",
    _("线索"),
    states=(
        State("open", _("待核实"), "amber"),
        State("found", _("已建档"), "green", final=True),
        State("known", _("早已在册"), "green", final=True),
        State("none", _("查无此户"), "grey", final=True),
    ),
    moves=(
        Move(
            "send", _("交办线索"), ("",), "open", "lead.send", asks=("name", "address", "kind", "note"), todo=False,
            starts=(Term("follow", _("核实期限"), 10, "wd", rule="follow", law="金城镇方案 五（一）1"),),
        ),
        Move(
            "refer", _("转交另一村"), ("open",), STAYS, "lead.follow", asks=("new_area", "reason"), todo=False,
            help=_("不在本村（社区）的，转给所在的村（社区），写明依据。"),
        ),
        Move("found", _("已建档"), ("open",), "found", None, stops=("follow",)),
        Move(
            "known", _("早已在册"), ("open",), "known", "lead.follow", asks=("file", "note"), stops=("follow",),
            help=_("就是已经建档的某一户：选出那一户。"),
        ),
        Move(
            "none", _("查无此户"), ("open",), "none", "lead.follow", asks=("reason",), attaches=("photo",),
            stops=("follow",), tone="danger",
        ),
    ),
)  # fmt: skip
