"""The flow table of a quarterly report: opened by the program, written by its unit, accepted, frozen."""

from django.utils.translation import gettext_lazy as _

from sanxiao.docket.flow import Flow, Guard, Move, State, Term

UNIT, TOWN = "unit", "town"
SCOPES = [(UNIT, _("本单位")), (TOWN, _("全镇"))]
# Who accepts: the two offices in general, the leading group where one of the two is itself the writer.
GATES = [("accept", _("食安办、分局审核")), ("adopt", _("领导小组审核"))]

REPORT = Flow(
    "reports.report",
    _("季度报告"),
    states=(
        State("due", _("待填报"), "amber"),
        State("returned", _("已退回"), "red", side=True),
        State("correcting", _("更正中"), "amber", side=True),
        State("submitted", _("已提交"), "blue"),
        State("accepted", _("已接收"), "green", final=True),
    ),
    moves=(
        Move(
            "open", _("开始填报"), ("",), "due", None,
            starts=(Term("report", _("季度报告"), "due_by", "wd", law="金城镇方案 六（四）", rule="QTR_REPORT"),),
        ),
        Move(
            "submit", _("提交"), ("due", "returned", "correcting"), "submitted", "report.write", own="unit",
            tone="primary", stops=("report",),
            guards=(
                Guard("written", _("请先写“整治进展”并保存。")),
                Guard("explained", _("有核对不符的数字，请先在“核对说明”里写明原因并保存。")),
            ),
            help=_("提交后，数字和每个数字背后的名单一并冻结，以后的办理不再改变这份报告。"),
        ),
        Move(
            "return", _("退回"), ("submitted",), "returned", "report.{gate}", asks=("reason",), apart=("submit",),
            help=_("写明要改什么。退回前的那一稿保留可查。"),
        ),
        Move(
            "accept", _("接收"), ("submitted",), "accepted", "report.{gate}", asks=("note",), tone="primary",
            apart=("submit",),
        ),
        Move(
            "correct", _("更正已接收的报告"), ("accepted",), "correcting", "report.write", own="unit",
            asks=("reason",), todo=False,
            help=_("另出一稿，重新计数；原稿不动，两稿并列，并列出每个改变了的数字。"),
        ),
    ),
)  # fmt: skip
