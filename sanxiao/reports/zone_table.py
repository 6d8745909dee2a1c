"""表7　集中区: projects by what happened to them, how far their steps came, entrants, and money in 万元."""

from django.utils.translation import gettext_lazy as _

from sanxiao.reports.columns import Column, Flows, Hits, Stock, Sums, Table

ZONE, STEP, ENTRANT = "zones.zone", "zones.step", "zones.entrant"
# Of a step which one it is; of zones and steps the kind of places that they are for.
MARK_COLUMNS = {STEP: "key"}
KIND_COLUMNS = {ZONE: "kind_id", STEP: "zone__kind_id"}

_proposed, _built = Hits(ZONE, ("propose",)), Hits(ZONE, ("build",))
_dropped_plans = Hits(ZONE, ("drop",), -1, frm=("proposed", "approved"))
_opened_marked = Hits(ZONE, ("open",), -1, frm=("approved",))
PLANNED = (_proposed, Hits(ZONE, ("build",), -1), _opened_marked, _dropped_plans)
BUILDING = (_built, Hits(ZONE, ("open",), -1, frm=("building",)), Hits(ZONE, ("drop",), -1, frm=("building",)))
OPEN = (Hits(ZONE, ("open",)), Hits(ZONE, ("shut",), -1))


def _reached(*keys: str) -> Flows:
    """Steps that were decided or recorded, less those that are looked at again."""
    return Flows((Hits(STEP, ("grant", "file", "finish"), mark=keys), Hits(STEP, ("recheck",), -1, mark=keys)))


T7 = Table(
    "t7",
    _("表7　集中区"),
    _("个、项、户、万元"),
    (
        Column("zone_planned", _("拟建"), Stock(PLANNED, files=False), group=_("期末")),
        Column("zone_building", _("在建"), Stock(BUILDING, files=False), group=_("期末")),
        Column("zone_open", _("已建成开业"), Stock(OPEN, files=False), group=_("期末")),
        Column("zone_proposed", _("新提出"), Flows((_proposed,))),
        Column("zone_opened", _("新开业"), Flows((Hits(ZONE, ("open",)),))),
        Column(
            "zone_model", _("通过示范验收"), Flows((Hits(ZONE, ("award",)), Hits(ZONE, ("untitle",), -1))),
            note=_("已减去撤销称号的"),
        ),
        Column("step_project", _("立项"), _reached("proposal"), group=_("走到哪一步")),
        Column("step_land", _("选址和用地"), _reached("siting", "land_review", "land_permit"), group=_("走到哪一步")),
        Column("step_eia", _("环评"), _reached("eia_report", "eia_table", "eia_form"), group=_("走到哪一步")),
        Column("step_build", _("规划和施工许可"), _reached("project_permit", "build_permit"), group=_("走到哪一步")),
        Column("step_built", _("完工"), _reached("building"), group=_("走到哪一步")),
        Column("step_accepted", _("各项验收"), _reached("quality", "env_accept", "fire", "drainage"),
               group=_("走到哪一步")),
        Column("entrants_in", _("新入驻"), Flows((Hits(ENTRANT, ("move_in",)),)), group=_("入驻户")),
        Column("entrants_out", _("退出"), Flows((Hits(ENTRANT, ("leave",)),)), group=_("入驻户")),
        Column("invested", _("投资（万元）"), Sums((Hits(ZONE, ("invest",)),), fact="amount")),
    ),
    note=_("走到哪一步按办结的手续件数计，已减去退回重审的；投资按登记的金额计。"),
)  # fmt: skip
