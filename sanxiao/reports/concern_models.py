"""A problem or need of a unit. It belongs to whoever raised it, and stays in every report until it is answered."""

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from sanxiao.docket.models import Matter
from sanxiao.office.duties import ASSISTS, DUTIES, LEADS, TOLD, scope_of
from sanxiao.office.models import Office, ScopedQuerySet
from sanxiao.reports.concern_rules import CONCERN, SORTS


class ConcernQuerySet(ScopedQuerySet):
    """Problems and needs. A unit sees its own; whoever may answer sees all of the ground."""

    def seen_by(self, user: Any) -> Self:
        """Ground × family as everywhere; who may only raise them sees those of the own unit."""
        scope = scope_of(user)
        rows = super().seen_by(user)
        if scope.roles & DUTIES["concern.answer"].roles(LEADS, ASSISTS, TOLD):
            return rows
        return rows.filter(unit__in=[seat.office_id for seat in scope.seats])

    def running(self) -> Self:
        """Those that nobody has settled yet."""
        return self.filter(state__in=CONCERN.open_states)


class Concern(Matter):
    """困难和需要: what a unit cannot solve alone, who answers for it, and what the answer is."""

    unit = models.ForeignKey(Office, models.PROTECT, related_name="+", verbose_name=_("提出单位"))
    sort = models.CharField(_("类型"), max_length=8, choices=SORTS)
    text = models.TextField(_("内容"), max_length=2000)
    report = models.ForeignKey(
        "reports.Report", models.PROTECT, null=True, related_name="concerns", verbose_name=_("随哪份报告提出")
    )
    taker = models.ForeignKey(Office, models.PROTECT, null=True, related_name="+", verbose_name=_("办理单位"))
    answer = models.TextField(_("答复"), max_length=2000)
    answered_on = models.DateField(_("答复日期"), null=True, editable=False)
    state = CONCERN.field()

    flow = CONCERN
    family = "concern"
    fact_labels: ClassVar[dict[str, Any]] = {"quarter": _("随季度报告")}
    objects = ConcernQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        indexes = (models.Index(fields=("area", "-updated_at", "id"), name="concern_by_area"),)
        constraints = (
            models.CheckConstraint(
                condition=Q(taker__isnull=True) | ~Q(taker=models.F("unit")), name="concern_answered_by_another"
            ),
        )

    @property
    def title(self) -> str:
        """Its first words."""
        line = " ".join(self.text.split())
        return line if len(line) <= 40 else f"{line[:39]}…"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("concern", args=[self.pk])
