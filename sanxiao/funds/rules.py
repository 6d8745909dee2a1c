"""The flow tables of money: a budget line that the leading group approves, and spending out of it, with its receipt."""

from django.utils.translation import gettext_lazy as _

from sanxiao.docket.flow import STAYS, Flow, Guard, Move, State

LINE = Flow(
    "funds.line",
    _("预算"),
    states=(
        State("drafted", _("待批准"), "amber"),
        State("approved", _("可列支"), "green"),
        State("refused", _("未批准"), "red", final=True, side=True),
        State("closed", _("已结清"), "grey", final=True),
    ),
    moves=(
        Move("draft", _("编制预算"), ("",), "drafted", "budget.draft", asks=("year", "source", "item", "amount", "note"),
             tone="primary"),
        Move("redraft", _("修改"), ("drafted",), STAYS, "budget.draft", asks=("item", "amount", "note"), todo=False),
        Move("approve", _("批准"), ("drafted",), "approved", "budget.approve", asks=("note",), tone="primary",
             apart=("draft", "redraft")),
        Move("refuse", _("不批准"), ("drafted",), "refused", "budget.approve", asks=("reason",), tone="danger"),
        Move(
            "adjust", _("调整预算"), ("approved",), STAYS, "budget.approve", asks=("amount", "reason"), todo=False,
            guards=(Guard("covers", _("不能少于已经列支的钱。")),),
        ),
        Move(
            "close", _("结清"), ("approved",), "closed", "budget.draft", asks=("note",), todo=False,
            guards=(Guard("nothing_open", _("还有没审核或没支付的支出。")),),
        ),
    ),
)  # fmt: skip

_ROOM = Guard("line_open", _("这条预算没有批准，或者已经结清。"))

SPENDING = Flow(
    "funds.spending",
    _("支出"),
    states=(
        State("claimed", _("待审核"), "amber"),
        State("approved", _("待支付"), "blue"),
        State("paid", _("已支付"), "green", final=True),
        State("refused", _("未同意"), "red", final=True, side=True),
        State("withdrawn", _("已撤回"), "grey", final=True, side=True),
        State("reversed", _("已冲销"), "grey", final=True, side=True),
    ),
    moves=(
        Move(
            "claim", _("申请列支"), ("",), "claimed", "spend.claim", own="office", tone="primary", todo=False,
            asks=("line", "activity", "purpose", "amount", "invoice", "spent_on"),
            guards=(_ROOM, Guard("has_receipt", _("请附发票或收据的照片。"))),
            help=_("每一笔都写明用于哪一件工作；附发票或收据的照片。"),
        ),
        Move("withdraw", _("撤回"), ("claimed",), "withdrawn", "spend.claim", own="office", asks=("reason",),
             tone="danger", todo=False),
        Move(
            "approve", _("审核同意"), ("claimed",), "approved", "spend.approve", asks=("note",), tone="primary",
            apart=("claim",), guards=(_ROOM,), needs=("leading",), needs_if="exceeds",
            help=_("超过预算余额的，须领导小组会签；会签同意后才占用预算。"),
        ),
        Move("refuse", _("不同意"), ("claimed",), "refused", "spend.approve", asks=("reason",), tone="danger",
             help=_("写明理由，申请单位会看到。")),
        Move("pay", _("登记支付"), ("approved",), "paid", "spend.pay", asks=("paid_on", "voucher"), tone="primary",
             help=_("凭证号和支付日期。")),
        Move(
            "outcome", _("登记成效"), ("approved", "paid"), STAYS, "spend.claim", own="office", asks=("effect",),
            todo=False, help=_("钱花了，办成了什么；系统里已有的数字会自动列在旁边。"),
        ),
        Move("reverse", _("冲销"), ("approved", "paid"), "reversed", "spend.pay", asks=("reason",), tone="danger",
             todo=False, help=_("记错了、退回了的冲销，钱回到预算里；记录仍在。")),
    ),
)  # fmt: skip
