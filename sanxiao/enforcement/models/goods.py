"""What is sealed, seized or kept as evidence, piece by piece."""

import uuid
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from sanxiao.docket.models import Matter
from sanxiao.enforcement import say
from sanxiao.enforcement.measure_rules import FATES, MEASURE, MEASURES
from sanxiao.enforcement.models.cases import Case
from sanxiao.office.models import ScopedQuerySet
from sanxiao.office.now import today


class MeasureQuerySet(ScopedQuerySet):
    """Compulsory measures and evidence kept."""

    def unsettled(self) -> Self:
        """Goods of which nobody has said yet what became of them."""
        return self.exclude(state="settled")


class Measure(Matter):
    """查封、扣押、先行登记保存: what was sealed or taken, where it lies, and for how long it may."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="measures")
    number = models.CharField(_("文号"), max_length=60, blank=True, editable=False)
    how = models.CharField(_("措施"), max_length=8, choices=MEASURES)
    place = models.CharField(_("存放地点"), max_length=120)
    taken_on = models.DateField(_("采取日期"), default=today)
    custodian = models.CharField(_("保管人"), max_length=40)
    witness = models.CharField(_("监销人或见证人"), max_length=60, blank=True)
    state = MEASURE.field()

    flow = MEASURE
    family = "case"
    objects = MeasureQuerySet.as_manager()  # type: ignore[misc]
    fact_labels: ClassVar[dict[str, Any]] = {"goods": _("财物清单"), "fates": _("财物去向")}
    fact_words: ClassVar[dict[str, Any]] = {"goods": say.goods, "fates": say.fates}

    @property
    def title(self) -> str:
        """What was done, and its number."""
        return f"{self.get_how_display()} {self.number}".strip()

    @property
    def file_id_for_log(self) -> uuid.UUID:
        """It stands in the timeline of the case's file."""
        return self.case.file_id

    def get_absolute_url(self) -> str:
        """It is read on the case's page."""
        return f"{self.case.get_absolute_url()}#m{self.pk}"


class Exhibit(models.Model):
    """One line of the list of goods: what, how many, and in the end what became of it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    measure = models.ForeignKey(Measure, models.PROTECT, related_name="exhibits")
    no = models.PositiveSmallIntegerField(_("序号"))
    name = models.CharField(_("名称"), max_length=60)
    spec = models.CharField(_("规格或批号"), max_length=60, blank=True)
    quantity = models.DecimalField(_("数量"), max_digits=12, decimal_places=3)
    unit = models.CharField(_("单位"), max_length=12)
    note = models.CharField(_("备注"), max_length=120, blank=True)
    fate = models.CharField(_("去向"), max_length=12, choices=FATES, blank=True)
    fate_on = models.DateField(null=True)

    class Meta:
        ordering = ("measure", "no")
        constraints = (
            models.UniqueConstraint(fields=("measure", "no"), name="exhibit_number_once"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="exhibit_is_something"),
        )
