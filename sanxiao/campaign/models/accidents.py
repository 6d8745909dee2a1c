"""Food safety accidents, which no other record of the house would tell of."""

from typing import Any, ClassVar, Self

from django.core.validators import MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from sanxiao.campaign.rules import ACCIDENT, LEVELS_OF_HARM, MAJOR, ORIGINS
from sanxiao.docket.models import Matter
from sanxiao.office.models import ScopedQuerySet


class AccidentQuerySet(ScopedQuerySet):
    """Accidents."""

    def counted(self) -> Self:
        """Those that stand, entered by mistake apart."""
        return self.exclude(state="void")

    def major_from_the_source(self) -> Self:
        """What the plan wants to have none of: major ones whose source lies in the three smalls."""
        return self.counted().filter(level__in=MAJOR, origin="small")


class Accident(Matter):
    """食品安全事故: when, where, how grave, and where its source lay."""

    happened_on = models.DateField(_("发生日期"))
    level = models.CharField(_("级别"), max_length=8, choices=LEVELS_OF_HARM, default="general")
    people = models.PositiveIntegerField(_("涉及人数"), validators=(MinValueValidator(1),))
    what = models.TextField(_("经过"), max_length=2000)
    origin = models.CharField(_("源头"), max_length=8, choices=ORIGINS, default="unknown")
    finding = models.TextField(_("调查结论"), max_length=2000, default="")
    state = ACCIDENT.field()

    flow = ACCIDENT
    family = "accident"
    fact_labels: ClassVar[dict[str, Any]] = {"ground": _("发生地")}
    objects = AccidentQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        ordering = ("-happened_on", "id")

    @property
    def title(self) -> str:
        """How grave, and when."""
        return f"{self.get_level_display()} {self.happened_on or ''}".strip()

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("accident", args=[self.pk])
