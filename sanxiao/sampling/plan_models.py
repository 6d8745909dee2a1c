"""Plans with their quotas, and the draws from them."""

import uuid
from typing import Any, ClassVar

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from sanxiao.archive.models import Kind
from sanxiao.docket.models import Matter
from sanxiao.office.models import User
from sanxiao.office.now import now, today
from sanxiao.sampling import say
from sanxiao.sampling.rules import PLAN


class Plan(Matter):
    """年度抽检计划: how many lots of what are to be drawn in a year."""

    year = models.PositiveSmallIntegerField(_("年度"))
    title = models.CharField(_("名称"), max_length=80)
    organiser = models.CharField(_("组织抽检的监管部门"), max_length=80)
    note = models.TextField(_("说明"), blank=True)
    published_on = models.DateField(_("公布日期"), null=True)
    state = PLAN.field()
    quotas: Any

    flow = PLAN
    family = "sample"
    fact_labels: ClassVar[dict[str, Any]] = {
        "lines": _("指标"), "seed": _("种子"), "drawn": _("抽中"), "pool": _("候选"), "short": _("候选不足"),
    }  # fmt: skip
    fact_words: ClassVar[dict[str, Any]] = {"lines": say.quotas}

    class Meta:
        constraints = (models.UniqueConstraint(fields=("area", "year", "title"), name="plan_named_once"),)

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """The plan's page."""
        return reverse("sampling-plan", args=[self.pk])


class Quota(models.Model):
    """One line of a plan. What is empty is not limited: any kind, any food, any village."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    plan = models.ForeignKey(Plan, models.PROTECT, related_name="quotas")
    no = models.PositiveSmallIntegerField(_("序号"))
    kind = models.ForeignKey(Kind, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("类别"))
    food = models.CharField(_("食品"), max_length=20, blank=True)
    village = models.CharField(_("村（社区）"), max_length=12, blank=True)
    count = models.PositiveSmallIntegerField(_("批次数"))

    class Meta:
        ordering = ("plan", "no")
        constraints = (models.UniqueConstraint(fields=("plan", "no"), name="quota_numbered_once"),)


class Draw(models.Model):
    """One draw: seed, pool with weights and reasons, result. Written once; anybody can reckon it again."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    plan = models.ForeignKey(Plan, models.PROTECT, related_name="draws")
    seed = models.CharField(_("种子"), max_length=60)
    method = models.CharField(max_length=20)
    on = models.DateField(default=today)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=now)
    # {"quotas": [{no, kind, food, village, wanted, drawn}],
    #  "pool": [{quota, number, weight, reasons, key, rank, drawn}],
    #  "samplers": [username, …], "drawn": [{number, quota, samplers}]}
    record = models.JSONField(encoder=DjangoJSONEncoder)

    class Meta:
        ordering = ("at", "id")
        constraints = (models.UniqueConstraint(fields=("plan", "seed"), name="a_seed_draws_once"),)

    def get_absolute_url(self) -> str:
        """The draw's page: pool, weights, keys, result."""
        return reverse("sampling-draw", args=[self.pk])
