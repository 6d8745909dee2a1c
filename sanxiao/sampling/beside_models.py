"""What can run beside a sample: its re-test, an objection, its publication; and quick tests before any sample."""

from typing import Any, ClassVar

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from sanxiao.archive.models import Establishment
from sanxiao.docket.models import Matter
from sanxiao.office.now import today
from sanxiao.sampling import say
from sanxiao.sampling.beside_rules import OBJECTION, OBJECTION_KINDS, PUBLICATION, QUICK, RETEST, RETEST_GROUNDS
from sanxiao.sampling.models import Sample
from sanxiao.sampling.rules import VERDICTS


class Retest(Matter):
    """复检: asked for once; its result is final."""

    file = models.ForeignKey(Establishment, models.PROTECT, related_name="+")
    sample = models.ForeignKey(Sample, models.PROTECT, related_name="retests")
    asked_on = models.DateField(_("申请日期"), default=today)
    applicant = models.CharField(_("申请人"), max_length=60)
    items = models.JSONField(_("申请复检的项目"), default=list)
    plea = models.TextField(_("申请理由"), blank=True)
    ground = models.CharField(_("不予复检的情形"), max_length=8, choices=RETEST_GROUNDS)
    refusal = models.CharField(max_length=500, blank=True, editable=False)  # the words in which it was refused
    lab = models.CharField(_("复检机构"), max_length=40, blank=True)
    seed = models.CharField(_("种子"), max_length=60)
    handed_on = models.DateField(_("移交日期"), null=True)
    seal_whole = models.BooleanField(_("封签完好"), default=True)
    concluded_on = models.DateField(_("结论日期"), null=True)
    verdict = models.CharField(_("复检结论"), max_length=4, choices=VERDICTS)
    finding = models.TextField(_("复检结果"), help_text=_("逐项写实测值和结论。"))
    told_on = models.DateField(_("告知日期"), null=True)
    received_by = models.CharField(_("签收人"), max_length=40)
    state = RETEST.field()

    flow = RETEST
    family = "sample"
    fact_labels: ClassVar[dict[str, Any]] = {"until": _("期限至"), "pool": _("候选机构")}
    fact_words: ClassVar[dict[str, Any]] = {"lab": say.lab, "pool": say.pool, "items": say.several_items}

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("sample",), condition=~Q(state__in=("refused", "withdrawn")), name="retested_once"
            ),
        )

    @property
    def title(self) -> str:
        """Of which sample."""
        return self.sample.title

    @property
    def items_label(self) -> str:
        """What is to be tested again."""
        return say.several_items(self.items)

    @property
    def lab_label(self) -> str:
        """The laboratory's name."""
        return say.lab(self.lab, self.area) if self.lab else ""

    def get_absolute_url(self) -> str:
        """It is read on the sample's page."""
        return f"{reverse('sample', args=[self.sample_id])}#retest"


class Objection(Matter):
    """异议: to how the sample was taken, or to what its result rests on."""

    file = models.ForeignKey(Establishment, models.PROTECT, related_name="+")
    sample = models.ForeignKey(Sample, models.PROTECT, related_name="objections")
    kind = models.CharField(_("异议事项"), max_length=8, choices=OBJECTION_KINDS)
    raised_on = models.DateField(_("提出日期"), default=today)
    applicant = models.CharField(_("提出人"), max_length=60)
    plea = models.TextField(_("异议内容"))
    state = OBJECTION.field()

    flow = OBJECTION
    family = "sample"

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("sample",), condition=Q(state__in=("raised", "accepted")), name="one_open_objection"
            ),
        )

    @property
    def title(self) -> str:
        """Of which sample."""
        return self.sample.title

    def get_absolute_url(self) -> str:
        """It is read on the sample's page."""
        return f"{reverse('sample', args=[self.sample_id])}#objection"


class Publication(Matter):
    """结果公示: what the public may read of a result, frozen when it is published."""

    file = models.ForeignKey(Establishment, models.PROTECT, related_name="+")
    sample = models.ForeignKey(Sample, models.PROTECT, related_name="publications")
    facts = models.JSONField(default=dict, encoder=DjangoJSONEncoder)  # the allow-list of `public.facts_of`
    summary = models.TextField(_("核查处置情况"), max_length=500)
    reply = models.TextField(_("经营者的说明"), max_length=1000)
    published_on = models.DateField(_("公示日期"), null=True, editable=False, db_index=True)
    ended_on = models.DateField(_("撤下日期"), null=True, editable=False)
    state = PUBLICATION.field()

    flow = PUBLICATION
    family = "sample"

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("sample",), condition=Q(state="published"), name="published_once_at_a_time"
            ),
        )

    @property
    def title(self) -> str:
        """Of which sample."""
        return self.sample.title

    def get_absolute_url(self) -> str:
        """It is handled on the sample's page."""
        return f"{reverse('sample', args=[self.sample_id])}#publication"


class QuickTest(Matter):
    """快检: a hint on the spot. Alone it grounds nothing; a positive one leads to a formal test."""

    file = models.ForeignKey(Establishment, models.PROTECT, related_name="+")
    sample = models.ForeignKey(
        Sample, models.PROTECT, null=True, related_name="quick_tests", verbose_name=_("正式抽检")
    )
    food_name = models.CharField(_("样品名称"), max_length=100)
    item = models.CharField(_("快检项目"), max_length=80)
    kit = models.CharField(_("快检方法或产品"), max_length=100, blank=True)
    farm = models.BooleanField(_("食用农产品"), default=False)
    tested_on = models.DateField(_("快检日期"), default=today)
    state = QUICK.field()
    called: str  # laid on by say.lay: the item in the language of the screen

    flow = QUICK
    family = "sample"
    fact_words: ClassVar[dict[str, Any]] = {"item": say.item}

    @property
    def title(self) -> str:
        """What was tested where."""
        return f"{self.food_name} · {say.item(self.item)} · {self.file.called}"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("quick-test", args=[self.pk])


def open_beside(sample: Sample) -> QuerySet[Any]:
    """Re-tests and objections of a sample that are not ended: its result is not settled while there is one."""
    retests = Retest.objects.filter(sample=sample, state__in=RETEST.open_states).values("pk")
    return retests.union(Objection.objects.filter(sample=sample, state__in=OBJECTION.open_states).values("pk"))
