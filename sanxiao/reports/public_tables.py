"""表8 and 表11, the campaign towards the public: who was told and helped, publicity, tips, and what it cost."""

from django.utils.translation import gettext_lazy as _

from sanxiao.reports.columns import Column, Flows, Hits, Sums, Table, Told

TOLD, ATTENDANCE, LETTER, HELP = "guidance.told", "guidance.attendance", "guidance.letter", "guidance.help"
PUBLICITY, EXPOSURE, SPENDING = "publicity.act", "publicity.exposure", "funds.spending"
MARK_COLUMNS = {PUBLICITY: "channel"}

T8 = Table(
    "t8",
    _("表8　宣传引导"),
    _("户次、人次"),
    (
        Column("told", _("告知"), Flows((Hits(TOLD, ("record",)), Hits(TOLD, ("void",), sign=-1)))),
        Column("letters", _("送达信件"), Flows((Hits(LETTER, ("deliver",)),))),
        Column("trained", _("培训人次"), Flows((Hits(ATTENDANCE, ("come",)),))),
        Column("passed_test", _("测试合格人次"), Flows((Hits(ATTENDANCE, ("pass",)),))),
        Column("helped", _("帮扶户次"), Flows((Hits(HELP, ("give",)),))),
        Column("effect_seen", _("已见效果"), Flows((Hits(HELP, ("see",)),))),
    ),
    note=_("告知已减去作废的；同一户告知新旧两版各计一次。"),
)  # fmt: skip


def _publicity(*channels: str) -> Flows:
    """Acts of publicity by these channels (all when none is named), less those that were withdrawn."""
    done = Hits(PUBLICITY, ("record", "carry_out"), mark=channels)
    return Flows((done, Hits(PUBLICITY, ("withdraw",), sign=-1, mark=channels)))


T8B = Table(
    "t8b",
    _("表8之二　宣传曝光"),
    _("次、人次、件"),
    (
        Column("publicity", _("宣传活动"), _publicity()),
        Column("posters", _("海报、横幅"), _publicity("poster", "banner"), group=_("其中")),
        Column("news", _("新闻报道"), _publicity("wechat", "paper", "tv"), group=_("其中")),
        Column("broadcasts", _("广播"), _publicity("broadcast"), group=_("其中")),
        Column("publicity_meetings", _("会议"), _publicity("meeting"), group=_("其中")),
        Column("publicity_visits", _("入户、宣传点"), _publicity("visit", "stand"), group=_("其中")),
        Column(
            "reach", _("覆盖人次"), note=_("点过数的和估计的都在内，哪一种看名单"),
            how=Sums((*_publicity().hits,), fact="reach"),
        ),
        Column("exposed", _("曝光典型案例"), Flows((Hits(EXPOSURE, ("publish",)),))),
        Column("exposed_down", _("已撤下"), Flows((Hits(EXPOSURE, ("expire", "fall", "take_down")),))),
    ),
    note=_("撤回登记的已减去；镇级单位的记在镇。"),
)  # fmt: skip

T8C = Table(
    "t8c",
    _("表8之三　投诉举报"),
    _("件、元"),
    (
        Column("tip_complaints", _("收到"), Told("complaints"), group=_("投诉")),
        Column("tip_complaints_closed", _("办结"), Told("complaints_closed"), group=_("投诉")),
        Column("tip_reports", _("收到"), Told("reports"), group=_("举报")),
        Column("tip_reports_closed", _("办结"), Told("reports_closed"), group=_("举报")),
        Column("tip_rewards", _("件"), Told("rewards"), group=_("奖励")),
        Column("tip_rewards_yuan", _("元"), Told("rewards_yuan"), group=_("奖励")),
    ),
    note=_("为保护举报人，只计全镇、只计本季，不列名单；数太小的不显示（…）。反映本镇单位和工作人员的不计入。"),
    town=True,
)

T8S = (T8, T8B, T8C)

T11 = Table(
    "t11",
    _("表11　专项经费"),
    _("笔、元"),
    (
        Column("claims", _("申请列支"), Flows((Hits(SPENDING, ("claim",)), Hits(SPENDING, ("withdraw",), sign=-1)))),
        Column("claims_refused", _("未同意"), Flows((Hits(SPENDING, ("refuse",)),))),
        Column(
            "promised", _("已列支（元）"),
            Sums((Hits(SPENDING, ("approve",)), Hits(SPENDING, ("reverse",), sign=-1)), fact="amount"),
        ),
        Column(
            "spent", _("已支付（元）"),
            Sums((Hits(SPENDING, ("pay",)), Hits(SPENDING, ("reverse",), sign=-1, frm=("paid",))), fact="amount"),
        ),
    ),
    note=_("每笔按元取整后相加；冲销的已减去。镇级单位的记在镇。"),
)  # fmt: skip
