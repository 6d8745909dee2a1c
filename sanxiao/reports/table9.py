"""表9 困难和需要: how many were raised, answered and settled, and how many stay open (the words stand below it)."""

from django.utils.translation import gettext_lazy as _

from sanxiao.reports.columns import Column, Flows, Hits, Stock, Table

CONCERN = "reports.concern"
_raised = (Hits(CONCERN, ("raise",)), Hits(CONCERN, ("drop",), sign=-1))

T9 = Table(
    "t9",
    _("表9　困难和需要"),
    _("件"),
    (
        Column("concerns", _("提出"), Flows(_raised), note=_("随季度报告提出的，记在季末；报告改写撤下的已减去")),
        Column("concerns_taken", _("认领、交办"), Flows((Hits(CONCERN, ("take", "assign"), frm=("raised",)),))),
        Column("concerns_answered", _("答复"), Flows((Hits(CONCERN, ("answer",)),))),
        Column("concerns_stand", _("仍未解决"), Flows((Hits(CONCERN, ("stand",)),))),
        Column("concerns_settled", _("已解决"), Flows((Hits(CONCERN, ("accept",)),))),
        Column(
            "concerns_open", _("期末未了"),
            Stock((*_raised, Hits(CONCERN, ("accept", "withdraw"), sign=-1)), files=False),
        ),
    ),
    note=_("困难和需要按提出单位所在的村（社区）计，不分类别；答复后由提出的单位认可，才算解决。"),
)  # fmt: skip
