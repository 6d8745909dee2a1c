"""The flow table of a compulsory measure or of evidence kept (查封、扣押、先行登记保存), and what becomes of goods.

Sealing and seizure hold thirty days, evidence registered and kept seven working days; what runs out goes back. What is
confiscated or destroyed needs a decision that says so.
"""

from django.utils.translation import gettext_lazy as _

from sanxiao.docket.flow import STAYS, Flow, Guard, Move, State, Term

MEASURES = [("seal", _("查封")), ("seize", _("扣押")), ("register", _("先行登记保存"))]
FATES = [
    ("returned", _("退还")),
    ("destroyed", _("销毁")),
    ("confiscated", _("没收")),
    ("tested", _("送检耗用")),
    ("police", _("随案移送公安")),
]

MEASURE = Flow(
    "enforcement.measure",
    _("强制措施与证据保存"),
    part=True,
    states=(
        State("in_force", _("执行中"), "amber"),
        State("lapsed", _("已到期，自动解除"), "red", side=True),
        State("settled", _("已处理"), "green", final=True),
    ),
    moves=(
        Move("take", _("采取措施"), ("",), "in_force", "case.handle",
             asks=("how", "place", "taken_on", "custodian", "goods"), attaches=("photo", "receipt"), tone="primary",
             starts=(
                 Term("hold", _("查封、扣押期限"), 30, "d", rule="CASE_SEIZE", extend=30, lapse="lapse",
                 when="compels"),
                 Term("keep", _("登记保存处理"), 7, "wd", rule="CASE_EVIDENCE", lapse="lapse", when="keeps"),
                 Term("report", _("当场采取措施补报"), 24, "h", rule="CASE_SEIZE_REPORT", when="compels"),
             ),
             guards=(Guard("case_open", _("案件已经办结。")),),
             help=_("逐件登记名称、规格、单位、数量；当事人在清单上签字。")),
        Move("report", _("补办批准"), ("in_force",), STAYS, "case.approve", asks=("note",), stops=("report",),
             guards=(Guard("to_report", _("没有等待补办批准的措施。")),)),
        Move("extend", _("延长期限"), ("in_force",), STAYS, "case.approve", asks=("until", "reason"), extends="hold",
             todo=False, guards=(Guard("compels", _("登记保存不能延长，须在期限内作出处理。")),)),
        Move("test", _("送检（停止计算）"), ("in_force",), STAYS, "case.handle", asks=("reason",), pauses=("hold",),
             todo=False, guards=(Guard("clock_runs", _("期限已经停止计算。")),)),
        Move("tested", _("收到检验结论"), ("in_force",), STAYS, "case.handle", asks=("note",), resumes=("hold",),
             todo=False,
             guards=(Guard("clock_stands", _("期限没有停止计算。")),)),
        Move("lapse", _("期满自动解除"), ("in_force",), "lapsed", None, stops=("hold", "keep")),
        Move("settle", _("处理财物"), ("in_force", "lapsed"), "settled", "case.handle",
             asks=("fates", "witness", "note"),
             attaches=("photo", "receipt"), stops=("hold", "keep", "report"), tone="primary",
             guards=(Guard("fates_allowed", _("期满解除的只能退还；没收、销毁须有处罚决定。")),),
             help=_("逐件写明去向：退还、销毁、没收、送检耗用、随案移送。销毁须有监销人。")),
    ),
)  # fmt: skip
