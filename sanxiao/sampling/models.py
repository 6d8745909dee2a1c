"""Samples with their two halves, the chain of custody and the results; plans and what runs beside stand apart."""

import uuid
from collections.abc import Iterable
from datetime import date
from typing import Any, ClassVar, Self

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sanxiao.archive.models import Establishment
from sanxiao.docket.models import Deadline, Matter
from sanxiao.inspection.models import Order
from sanxiao.office.models import ScopedQuerySet, User
from sanxiao.office.now import now, today
from sanxiao.sampling import say
from sanxiao.sampling.plan_models import Draw, Plan, Quota
from sanxiao.sampling.rules import (
    BREACHES,
    FAILED,
    LIMIT_KINDS,
    ORIGINS,
    PART_KINDS,
    PART_STATES,
    SAMPLE,
    SERVICES,
    VERDICTS,
    WINDOWS,
)
from sanxiao.survey.models import Form

NOT_TAKEN = ("dropped", "void")


class SampleQuerySet(ScopedQuerySet):
    """Samples. Rooms above ask here instead of through a reverse key."""

    def of(self, file: Establishment) -> Self:
        """All samples of a place and of those merged into it, newest first."""
        return self.filter(file__in=file.pks).order_by("-created_at")

    def counted(self) -> Self:
        """Those that use up a quota: neither given up nor void."""
        return self.exclude(state__in=NOT_TAKEN)

    def failed(self) -> Self:
        """Those whose result stands as failed: not cleared by a re-test, not void."""
        return self.filter(state__in=FAILED)

    def failed_without_case(self, with_case: Any = ()) -> Self:
        """Failed ones without a case. `with_case`: keys of those that have one, as enforcement knows."""
        return self.failed().exclude(pk__in=with_case)

    def illegal(self) -> Self:
        """Failed for illegal addition of non-edible substances: the third type of 两超一非."""
        return self.failed().filter(illegal=True)


class Sample(Matter):
    """一批次样品: from the draw through form, laboratory and service to the disposal."""

    file = models.ForeignKey(Establishment, models.PROTECT, related_name="+", verbose_name=_("被抽样单位"))
    plan = models.ForeignKey(
        Plan, models.PROTECT, null=True, blank=True, related_name="samples", verbose_name=_("抽检计划")
    )
    quota = models.ForeignKey(Quota, models.PROTECT, null=True, blank=True, related_name="samples")
    drawn_by = models.ForeignKey(Draw, models.PROTECT, null=True, blank=True, related_name="samples")
    origin = models.CharField(_("来源"), max_length=8, choices=ORIGINS)
    why = models.CharField(_("列入理由"), max_length=300)
    food = models.CharField(_("食品"), max_length=20)  # code of the town's sampling_items.csv
    samplers = models.JSONField(_("抽样人员"), default=list)
    number = models.CharField(_("抽样单编号"), max_length=40, blank=True, db_index=True)
    form = models.ForeignKey(Form, models.PROTECT, null=True, related_name="+", verbose_name=_("抽样单"))
    answers = models.JSONField(default=dict, encoder=DjangoJSONEncoder)  # of the form; no personal numbers
    food_name = models.CharField(_("样品名称"), max_length=100, blank=True)
    taken_on = models.DateField(_("抽样日期"), null=True)
    paid = models.DecimalField(_("购样费（元）"), max_digits=10, decimal_places=2, null=True)
    best_before = models.DateField(_("保质期至"), null=True)
    lab = models.CharField(_("检验机构"), max_length=40)
    sent_on = models.DateField(_("送检日期"), null=True)
    accepted_on = models.DateField(_("接收日期"), null=True)
    seal_whole = models.BooleanField(_("封签完好"), default=True)
    concluded_on = models.DateField(_("检验结论日期"), null=True)
    report_no = models.CharField(_("检验报告编号"), max_length=60)
    verdict = models.CharField(_("检验结论"), max_length=4, choices=VERDICTS, blank=True)
    illegal = models.BooleanField(_("非法添加"), default=False, editable=False)
    received_on = models.DateField(_("收到报告日期"), null=True)
    alarmed = models.BooleanField(_("紧急报告"), default=False, editable=False)
    served_on = models.DateField(_("送达日期"), null=True)
    service = models.CharField(_("送达方式"), max_length=8, choices=SERVICES, default="")
    received_by = models.CharField(_("签收人"), max_length=40, blank=True)
    witness = models.CharField(_("见证人"), max_length=40, blank=True)
    stop_scope = models.TextField(_("停止销售的范围"), max_length=500)
    stopped_on = models.DateField(_("责令停止销售日期"), null=True, editable=False)
    stop_number = models.CharField(_("停止销售文号"), max_length=60, blank=True, editable=False)
    order = models.ForeignKey(Order, models.PROTECT, null=True, related_name="+", verbose_name=_("整改通知"))
    cause = models.TextField(_("不合格原因"), max_length=500)
    measures = models.TextField(_("处置措施"), max_length=1000)
    quantities = models.CharField(_("封存、召回、销毁数量"), max_length=200, blank=True)
    disposed_on = models.DateField(_("处置完成日期"), null=True)
    state = SAMPLE.field()
    results: Any
    parts: Any

    flow = SAMPLE
    family = "sample"
    fact_labels: ClassVar[dict[str, Any]] = {
        "sheet": _("抽样单"), "hand": _("交接"), "rows": _("检验项目"), "reported_to": _("报告了谁"),
        "buyers": _("采购方"), "until": _("期限至"), "samplers": _("抽样人员"), "failed": _("不合格项目"),
        "breach": _("不合格类型"), "in_time": _("按时"), "draw": _("抽取"), "seed": _("种子"), "weight": _("权重"),
    }  # fmt: skip
    fact_words: ClassVar[dict[str, Any]] = {
        "rows": say.results,
        "failed": say.several_items,
        "sheet": say.form,
        "hand": say.hand,
        "lab": say.lab,
        "breach": say.breach,
        "in_time": say.yes_no,
    }
    objects = SampleQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        indexes = (
            models.Index(fields=("area", "-updated_at", "id"), name="sample_by_area"),
            models.Index(fields=("file", "-created_at"), name="sample_of_file"),
        )
        constraints = (
            models.UniqueConstraint(fields=("number",), condition=~Q(number=""), name="sample_number_once"),
            models.CheckConstraint(condition=Q(paid__isnull=True) | Q(paid__gte=0), name="sample_price_not_below_zero"),
        )

    @property
    def title(self) -> str:
        """The food, and the place it was taken from."""
        return f"{self.food_name or self.food_label} · {self.file.called}"

    @property
    def food_label(self) -> str:
        """The food's class in the language of the screen."""
        return say.food(self.food)

    @property
    def lab_label(self) -> str:
        """The laboratory's name."""
        return say.lab(self.lab, self.area) if self.lab else ""

    @property
    def samplers_label(self) -> str:
        """Who takes or took it."""
        return gettext("、").join(self.samplers)

    def get_absolute_url(self) -> str:
        """The sample's page."""
        return reverse("sample", args=[self.pk])

    def due_from(self, terms: Iterable[Deadline]) -> date | None:
        """The office's own terms alone: what the operator may still ask for is nothing that it could be late with."""
        return super().due_from(term for term in terms if term.term not in WINDOWS)

    @property
    def spare(self) -> "Part | None":
        """The half that is kept for a re-test."""
        return next((part for part in self.parts.all() if part.kind == "spare"), None)

    @property
    def failures(self) -> "list[Result]":
        """Its failed items."""
        return [row for row in self.results.all() if row.verdict == "fail"]


class Part(models.Model):
    """One half of a sample: tested, or kept for a re-test. Each has a seal of its own."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    sample = models.ForeignKey(Sample, models.PROTECT, related_name="parts")
    kind = models.CharField(_("样品"), max_length=6, choices=PART_KINDS)
    quantity = models.DecimalField(_("数量"), max_digits=10, decimal_places=3)
    unit = models.CharField(_("计量单位"), max_length=10)
    seal = models.CharField(_("封签号"), max_length=40)
    kept_by = models.CharField(_("现存"), max_length=80, blank=True)
    kept_until = models.DateField(_("保存至"), null=True)
    state = models.CharField(_("状态"), max_length=8, choices=PART_STATES, default="kept")

    class Meta:
        ordering = ("sample", "-kind")
        constraints = (
            models.UniqueConstraint(fields=("sample", "kind"), name="one_half_of_a_kind"),
            models.UniqueConstraint(fields=("seal",), name="each_seal_once"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="half_of_a_sample_not_empty"),
        )

    def __str__(self) -> str:
        return str(self.get_kind_display())


class Hand(models.Model):
    """One link of the custody chain: who gave which half to whom, and whether the seal was whole."""

    part = models.ForeignKey(Part, models.PROTECT, related_name="hands")
    on = models.DateField(_("日期"), default=today)
    giver = models.CharField(_("交出人"), max_length=60)
    taker = models.CharField(_("接收人"), max_length=60)
    seal_whole = models.BooleanField(_("封签完好"), default=True)
    note = models.CharField(_("说明"), max_length=200, blank=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=now)

    class Meta:
        ordering = ("at", "id")


class Result(models.Model):
    """One item of the report, with its limit. A failed one says of which type it is (两超一非)."""

    sample = models.ForeignKey(Sample, models.PROTECT, related_name="results")
    no = models.PositiveSmallIntegerField(_("序号"))
    item = models.CharField(_("检验项目"), max_length=80)
    result = models.CharField(_("实测值"), max_length=60)
    unit = models.CharField(_("计量单位"), max_length=20, blank=True)
    limit_kind = models.CharField(_("限量类型"), max_length=6, choices=LIMIT_KINDS)
    limit = models.CharField(_("限量"), max_length=60, blank=True)
    basis = models.CharField(_("判定依据"), max_length=120, blank=True)
    method = models.CharField(_("检验方法"), max_length=120, blank=True)
    verdict = models.CharField(_("单项结论"), max_length=4, choices=VERDICTS)
    breach = models.CharField(_("不合格类型"), max_length=8, choices=BREACHES, blank=True)
    microbe = models.BooleanField(_("微生物"), default=False)
    called: str  # laid on by say.lay: the item in the language of the screen

    class Meta:
        ordering = ("sample", "no")
        constraints = (
            models.UniqueConstraint(fields=("sample", "item"), name="each_item_once"),
            models.CheckConstraint(condition=Q(limit_kind="absent") | ~Q(limit=""), name="result_has_its_limit"),
            models.CheckConstraint(
                condition=Q(verdict="pass", breach="") | (Q(verdict="fail") & ~Q(breach="")),
                name="failure_has_its_type",
            ),
        )

    @property
    def limit_words(self) -> str:
        """'≤ 0.5', '≥ 40', '不得检出'."""
        sign = {"max": "≤ ", "min": "≥ "}.get(self.limit_kind, "")
        return f"{sign}{self.limit}" if self.limit else str(self.get_limit_kind_display())


# What runs beside a sample stands in a module of its own and points at samples: it is read when Sample is there.
import sanxiao.sampling.beside_models  # noqa: E402,F401
