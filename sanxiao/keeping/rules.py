"""The flow tables of a list of records to be destroyed, and of a hold.

One person proposes the list as it is at that moment, a second agrees, some days pass in which anybody of them may stop
it or set a hold, and only then is it carried out. The night watch counts what is due and destroys nothing.
"""

from django.utils.translation import gettext_lazy as _

from sanxiao.docket.flow import Flow, Guard, Move, State, Term

DISPOSAL = Flow(
    "keeping.disposal",
    _("销毁清单"),
    states=(
        State("listed", _("待另一人复核"), "amber"),
        State("agreed", _("已同意，等待期"), "blue"),
        State("done", _("已销毁"), "grey", final=True),
        State("refused", _("不销毁"), "grey", final=True, side=True),
    ),
    moves=(
        Move("propose", _("提出销毁清单"), ("",), "listed", "keeping.dispose", asks=("note",), tone="primary",
             todo=False,
             guards=(Guard("something_due", _("没有到期、可以销毁的。")),),
             help=_("清单就是此刻到期、没有暂缓的。另一人逐条复核同意，等待期过后才能销毁；办理记录、文号和统计都保留。")),
        Move("agree", _("复核同意"), ("listed",), "agreed", "keeping.dispose", asks=("note",), apart=("propose",),
             tone="primary", starts=(Term("wait", _("等待期"), 7, "d", rule="KEEP_WAIT"),)),
        Move("refuse", _("不同意"), ("listed",), "refused", "keeping.dispose", asks=("reason",), apart=("propose",)),
        Move("stop", _("停止"), ("listed", "agreed"), "refused", "keeping.dispose", asks=("reason",), todo=False,
             stops=("wait",)),
        Move("destroy", _("执行销毁"), ("agreed",), "done", "keeping.dispose", tone="danger", stops=("wait",),
             guards=(Guard("waited", _("等待期还没有过。")),),
             help=_("销毁后不能恢复。清单提出后又暂缓的，自动跳过。")),
    ),
)  # fmt: skip

HOLD = Flow(
    "keeping.hold",
    _("暂缓销毁"),
    states=(
        State("held", _("暂缓中"), "amber"),
        State("lifted", _("已解除"), "grey", final=True),
    ),
    moves=(
        Move("place", _("暂缓销毁"), ("",), "held", "keeping.hold", asks=("reason",), todo=False,
             guards=(Guard("not_held", _("这一户已经暂缓销毁。")),),
             help=_("有诉讼、复议、调查或者信访的，写明理由；解除以前这一户的材料都不销毁。未结的案件会自动暂缓，不用另写。")),
        Move("lift", _("解除暂缓"), ("held",), "lifted", "keeping.hold", asks=("reason",), todo=False),
    ),
)  # fmt: skip
