"""Zones, their steps, opinions, conditions, units, entrants and the items by which a demonstration zone is scored."""

from decimal import Decimal
from typing import Any, ClassVar, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from sanxiao.archive.models import Establishment, Kind
from sanxiao.docket.models import Matter, Recorded
from sanxiao.office.duties import readers, scope_of
from sanxiao.office.models import Office, ScopedQuerySet
from sanxiao.office.now import today
from sanxiao.zones import outline, say
from sanxiao.zones.rules import (
    CONDITION,
    ENTRANT,
    FIGURES,
    FORMS,
    FUNNEL_OPEN,
    HERE,
    ITEM,
    OPENED,
    OPINION,
    STEP,
    UNIT_KINDS,
    ZONE,
)


def english() -> bool:
    """Is the screen's language English?"""
    return (get_language() or "").startswith("en")


class Zone(Matter):
    """集中区项目: what it is, where, its ground and money, how far it is. `chain`: its set of steps."""

    called = models.CharField(_("名称"), max_length=80)
    kind = models.ForeignKey(Kind, models.PROTECT, related_name="+", verbose_name=_("类别"))
    address = models.CharField(_("位置"), max_length=160)
    lat = models.FloatField(_("纬度"), null=True, blank=True)
    lng = models.FloatField(_("经度"), null=True, blank=True)
    boundary = models.JSONField(_("边界"), default=list, blank=True)  # [[lng, lat], …], see outline.py
    land_m2 = models.PositiveIntegerField(_("占地（平方米）"), validators=[MinValueValidator(1)])
    build_m2 = models.PositiveIntegerField(_("建筑面积（平方米）"), default=0, help_text=_("不建房填 0。"))
    new_land = models.BooleanField(_("要用新的建设用地"), default=False)
    builds = models.BooleanField(_("要动工建设或改造"), default=False, help_text=_("只划线、利用现有场地的不勾。"))
    cost = models.PositiveIntegerField(_("计划投资（万元）"), help_text=_("按万元取整。"))
    fund = models.CharField(_("资金来源"), max_length=120, blank=True)
    build_days = models.PositiveSmallIntegerField(
        _("施工天数"), default=0, validators=[MaxValueValidator(1500)], help_text=_("不动工填 0。")
    )
    open_by = models.DateField(_("计划开业"))
    in_charge = models.CharField(_("项目负责人"), max_length=40)
    chain = models.CharField(max_length=20, editable=False)
    invested = models.PositiveIntegerField(_("已投资（万元）"), default=0, editable=False)
    opened_on = models.DateField(_("开业日期"), null=True, editable=False)
    awarded_on = models.DateField(_("示范验收日期"), null=True, editable=False)
    state = ZONE.field()

    flow = ZONE
    family = "zone"
    fact_labels: ClassVar[dict[str, Any]] = {
        "amount": _("金额（万元）"), "paid_on": _("投入日期"), "source": _("资金来源"), "stalls": _("摊位（单元）"),
        "seed": _("种子"), "pool": _("轮候名单"), "result": _("抽签结果"), "points": _("得分（百分比）"),
        "contract_from": _("合同起始"), "contract_to": _("合同到期"), "steps": _("手续变动"),
    }  # fmt: skip
    fact_words: ClassVar[dict[str, Any]] = {"stalls": say.units, "boundary": say.boundary}

    class Meta:
        ordering = ("-created_at",)
        constraints = (
            models.UniqueConstraint(fields=("area", "called"), name="zone_name_once"),
            models.CheckConstraint(
                condition=Q(lat__isnull=True, lng__isnull=True) | Q(lat__range=(-90, 90), lng__range=(-180, 180)),
                name="zone_point_whole",
            ),
        )

    def __str__(self) -> str:
        return self.called

    @property
    def title(self) -> str:
        """What it is called."""
        return self.called

    @property
    def sort(self) -> str:
        """集中加工区, 集中经营区 or 集中示范区, by the kind."""
        return say.sort_of(self.kind_id)

    @property
    def is_running(self) -> bool:
        """Has it opened, and is it still there?"""
        return self.state in OPENED

    @property
    def drawn_m2(self) -> int:
        """Square metres within the boundary; 0 where none is drawn."""
        return outline.area(self.boundary)

    @property
    def drawn_off(self) -> int:
        """By how many per cent of the ground that was applied for the boundary holds more (or, below 0, less)."""
        return round(100 * (self.drawn_m2 - self.land_m2) / self.land_m2) if self.boundary else 0

    @property
    def facts_for_rules(self) -> dict[str, Any]:
        """What the conditions of the steps look at."""
        return {
            "kind": self.kind_id, "land_m2": self.land_m2, "build_m2": self.build_m2, "cost": self.cost,
            "new_land": self.new_land, "builds": self.builds,
        }  # fmt: skip

    def get_absolute_url(self) -> str:
        """The zone's page."""
        return reverse("zone", args=[self.pk])


class Step(Matter):
    """One step of a zone's chain at one office, as the dated table had it on the day of the proposal."""

    zone = models.ForeignKey(Zone, models.PROTECT, related_name="steps")
    no = models.PositiveSmallIntegerField(_("序号"))
    key = models.CharField(max_length=20)
    name = models.CharField(_("手续"), max_length=60)
    name_en = models.CharField(max_length=80, blank=True)
    form = models.CharField(_("方式"), max_length=10, choices=FORMS)
    role = models.CharField(max_length=20)
    after = models.JSONField(default=list)  # keys of the steps before it
    consults = models.JSONField(default=list)  # roles that must be asked
    term = models.CharField(max_length=20, blank=True)
    days = models.PositiveSmallIntegerField(default=0)
    valid_years = models.PositiveSmallIntegerField(default=0)
    why = models.CharField(max_length=120, blank=True)
    why_en = models.CharField(max_length=160, blank=True)
    clause = models.CharField(_("方案条款"), max_length=40, blank=True)
    mark = models.CharField(_("可靠度"), max_length=4, blank=True)
    remark = models.CharField(max_length=200, blank=True)
    planned_from = models.DateField(_("计划开始"), null=True)
    planned_to = models.DateField(_("计划完成"), null=True)
    ready_on = models.DateField(_("可以办的日期"), null=True)
    decided_on = models.DateField(_("日期"), default=today)
    finished_on = models.DateField(_("办结日期"), null=True)
    document_no = models.CharField(_("文号、证号"), max_length=60, blank=True)
    valid_until = models.DateField(_("有效期至"), null=True, blank=True)
    warned_on = models.DateField(null=True)
    state = STEP.field()

    flow = STEP
    family = "zone"
    fact_labels: ClassVar[dict[str, Any]] = {
        "offices": _("征求的单位"), "order": _("方式"), "conditions": _("附加条件"),
    }  # fmt: skip
    fact_words: ClassVar[dict[str, Any]] = {
        "offices": say.offices, "order": say.order, "conditions": say.conditions,
    }  # fmt: skip

    class Meta:
        ordering = ("no",)
        indexes = (models.Index(fields=("area", "-updated_at", "id"), name="zone_step_by_area"),)
        constraints = (models.UniqueConstraint(fields=("zone", "key"), name="zone_step_once"),)

    def __str__(self) -> str:
        return self.name_en if self.name_en and english() else self.name

    @property
    def title(self) -> str:
        """The zone and the step."""
        return f"{self.zone.called} · {self}"

    @property
    def reason(self) -> str:
        """Why it applies, in words."""
        return self.why_en if self.why_en and english() else self.why

    @property
    def is_through(self) -> bool:
        """Does it hold up nothing that comes after?"""
        return self.state in ("done", "skipped")

    def get_absolute_url(self) -> str:
        """The step's page."""
        return reverse("zone-step", args=[self.pk])


class Opinion(Matter):
    """What one office says to a step. `no`: its place in the order in which they were named."""

    step = models.ForeignKey(Step, models.PROTECT, related_name="opinions")
    office = models.ForeignKey(Office, models.PROTECT, related_name="+", verbose_name=_("单位"))
    no = models.PositiveSmallIntegerField(default=0)
    round = models.PositiveSmallIntegerField(default=1)
    asked_on = models.DateField(_("征求日期"), null=True)
    answered_on = models.DateField(_("回复日期"), null=True)
    words = models.TextField(_("意见"), blank=True)
    urged = models.PositiveSmallIntegerField(_("催办次数"), default=0)
    urged_on = models.DateField(_("最近催办"), null=True)
    reminded_on = models.DateField(null=True)
    state = OPINION.field()

    flow = OPINION
    family = "zone"

    class Meta:
        ordering = ("round", "no", "office_id")
        constraints = (models.UniqueConstraint(fields=("step", "round", "office"), name="zone_opinion_once_a_round"),)

    @property
    def title(self) -> str:
        """The step it is about."""
        return self.step.title

    @property
    def is_in(self) -> bool:
        """Has the office answered?"""
        return self.state in ("agreed", "conditioned", "objected")

    def get_absolute_url(self) -> str:
        """It is read on the step's page."""
        return f"{reverse('zone-step', args=[self.step_id])}#o{self.pk}"


class Condition(Matter):
    """What a decision asks for besides; followed until it is met."""

    step = models.ForeignKey(Step, models.PROTECT, related_name="conditions")
    role = models.CharField(max_length=20)
    text = models.CharField(_("条件内容"), max_length=200)
    until_on = models.DateField(_("落实期限"), null=True)
    met_on = models.DateField(_("落实日期"), null=True)
    state = CONDITION.field()

    flow = CONDITION
    family = "zone"

    class Meta:
        ordering = ("created_at", "id")

    @property
    def title(self) -> str:
        """The zone, and what is asked for."""
        return f"{self.step.zone.called} · {self.text}"

    def get_absolute_url(self) -> str:
        """It is read on the step's page."""
        return f"{reverse('zone-step', args=[self.step_id])}#c{self.pk}"


class Unit(Recorded):
    """One stall, room or shop on the zone's plan, at a row and a column."""

    zone = models.ForeignKey(Zone, models.PROTECT, related_name="units")
    number = models.CharField(_("编号"), max_length=12)
    row = models.PositiveSmallIntegerField(_("排"))
    col = models.PositiveSmallIntegerField(_("列"))
    area_m2 = models.DecimalField(_("面积（平方米）"), max_digits=7, decimal_places=1, null=True, blank=True)
    kind = models.CharField(_("种类"), max_length=8, choices=UNIT_KINDS, default="stall")
    usable = models.BooleanField(_("可以分配"), default=True, help_text=_("留作通道、维修的不勾。"))
    note = models.CharField(_("备注"), max_length=120, blank=True)

    family = "zone"

    class Meta:
        ordering = ("zone", "row", "col")
        constraints = (
            models.UniqueConstraint(fields=("zone", "number"), name="zone_unit_number_once"),
            models.UniqueConstraint(fields=("zone", "row", "col"), name="zone_unit_place_once"),
        )

    def __str__(self) -> str:
        return self.number

    @property
    def title(self) -> str:
        """The zone and the number."""
        return f"{self.zone.called} · {self.number}"

    def get_absolute_url(self) -> str:
        """The unit's page."""
        return reverse("zone-unit", args=[self.pk])


class EntrantQuerySet(ScopedQuerySet):
    """Entrants: seen from the zone's ground, and from that of the place that is to move."""

    def seen_by(self, user: Any) -> Self:
        """Those of zones on one's ground, and those of one's own places."""
        prefixes = scope_of(user).prefixes(readers(self.model.family))
        if not prefixes:
            return self.none()
        mine = Q()
        for prefix in prefixes:
            for name in ("area", "place__area"):
                mine |= Q(**{f"{name}__gte": prefix.ljust(12, "0"), f"{name}__lte": prefix.ljust(12, "9")})
        return self.filter(mine)

    def of(self, file: Establishment) -> Self:
        """Those of a file and of what was merged into it, newest first."""
        return self.filter(place__in=file.pks).order_by("-created_at")


class Entrant(Matter):
    """An establishment on its way into a zone: from the invitation to the contract and the day it leaves.

    It lies on the zone's ground, wherever the establishment came from, and stays there when that one moves.
    """

    zone = models.ForeignKey(Zone, models.PROTECT, related_name="entrants", verbose_name=_("集中区"))
    place = models.ForeignKey(Establishment, models.PROTECT, related_name="+", verbose_name=_("经营单位"))
    agreed_on = models.DateField(_("同意日期"), null=True)
    queue_no = models.PositiveIntegerField(_("轮候号"), null=True)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="tenants", verbose_name=_("摊位（单元）"))
    contract_no = models.CharField(_("合同号"), max_length=40, blank=True)
    contract_from = models.DateField(_("合同起始"), null=True)
    contract_to = models.DateField(_("合同到期"), null=True)
    rent = models.DecimalField(_("租金（元/年）"), max_digits=10, decimal_places=2, null=True, blank=True)
    moved_on = models.DateField(_("入驻日期"), null=True)
    left_on = models.DateField(_("退出日期"), null=True)
    seed = models.CharField(_("种子"), max_length=40, blank=True)
    warned_on = models.DateField(null=True)
    state = ENTRANT.field()

    flow = ENTRANT
    family = "zone"
    fact_labels: ClassVar[dict[str, Any]] = {"unit": _("摊位（单元）"), "zone": _("集中区")}
    objects = EntrantQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        indexes = (models.Index(fields=("area", "-updated_at", "id"), name="entrant_by_area"),)
        constraints = (
            models.UniqueConstraint(fields=("unit",), condition=Q(state__in=HERE), name="one_tenant_of_a_unit"),
            models.UniqueConstraint(
                fields=("zone", "place"), condition=Q(state__in=FUNNEL_OPEN), name="entrant_once_in_a_zone"
            ),
            models.UniqueConstraint(fields=("zone", "queue_no"), name="queue_number_once"),
        )

    @property
    def title(self) -> str:
        """Who moves, and where to, once that is said."""
        return f"{self.place.called} → {self.zone.called}" if self.zone_id else self.place.called

    @property
    def file_id_for_log(self) -> Any:
        """It stands in the establishment's timeline."""
        return self.place_id

    @property
    def is_here(self) -> bool:
        """Does it hold a unit?"""
        return self.state in HERE

    def get_absolute_url(self) -> str:
        """The entrant's page."""
        return reverse("zone-entrant", args=[self.pk])


class Item(Matter):
    """One item of a scoring, as the dated table had it when the zone applied. `round`: which application."""

    zone = models.ForeignKey(Zone, models.PROTECT, related_name="items")
    round = models.PositiveSmallIntegerField(default=1)
    no = models.PositiveSmallIntegerField(_("序号"))
    code = models.CharField(max_length=20)
    text = models.CharField(_("评分项目"), max_length=120)
    text_en = models.CharField(max_length=160, blank=True)
    most = models.PositiveSmallIntegerField(_("最高分"))
    key = models.BooleanField(_("重点项"), default=False)
    figure = models.CharField(_("算出的数字"), max_length=10, choices=FIGURES, blank=True)
    least = models.PositiveSmallIntegerField(_("须达到（%）"), default=0)
    value = models.DecimalField(_("算出的数（%）"), max_digits=4, decimal_places=1, null=True)
    claimed = models.PositiveSmallIntegerField(_("自评得分"), null=True)
    points = models.PositiveSmallIntegerField(_("评定得分"), null=True)
    state = ITEM.field()
    now_value: Decimal | None  # laid on by the page: what the figure is today

    flow = ITEM
    family = "zone"
    fact_labels: ClassVar[dict[str, Any]] = {"value": _("算出的数（%）"), "whole": _("样本")}

    class Meta:
        ordering = ("zone", "round", "no")
        constraints = (models.UniqueConstraint(fields=("zone", "round", "code"), name="zone_item_once"),)

    def __str__(self) -> str:
        return self.text_en if self.text_en and english() else self.text

    @property
    def title(self) -> str:
        """The zone and the item."""
        return f"{self.zone.called} · {self}"

    def get_absolute_url(self) -> str:
        """It is read on the scoring's page."""
        return f"{reverse('zone-scoring', args=[self.zone_id])}#i{self.pk}"
