"""The flow of one answer that an operator sent by the code on his notice: looked at, taken over or sent back."""

from django.utils.translation import gettext_lazy as _

from sanxiao.docket.flow import Flow, Guard, Move, State

ANSWER = Flow(
    "inspection.answer",
    _("扫码回复"),
    part=True,
    states=(
        State("sent", _("待核对"), "blue"),
        State("accepted", _("已采用"), "green", final=True),
        State("returned", _("已退回"), "amber", final=True),
        State("dropped", _("不再需要"), "grey", final=True),
    ),
    moves=(
        Move("send", _("经营者扫码回复"), ("",), "sent", None),
        Move(
            "accept", _("采用，申请复查"), ("sent",), "accepted", "order.answer", tone="primary",
            guards=(Guard("still_waits", _("这一项已经申请复查或已经办结，不用再采用。")),),
            help=_("采用后，照片和这句话进入这一项的整改情况，并申请复查。"),
        ),
        Move(
            "return", _("退回"), ("sent",), "returned", "order.answer", asks=("reason",),
            help=_("写明要补什么，经营者扫同一个码就能看到。请只写这一项的事。"),
        ),
        Move("drop", _("不再需要"), ("sent",), "dropped", None),
    ),
)  # fmt: skip
