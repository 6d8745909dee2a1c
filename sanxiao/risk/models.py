"""Where a place stands in the order that the model made last: who should be visited first, and why."""

import uuid

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from sanxiao.archive.models import Establishment
from sanxiao.office.models import ScopedQuerySet
from sanxiao.office.now import today


class Rank(models.Model):
    """The place of one file among those ranked together. Written by `ranks.keep` alone; no fact of the file."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    file = models.OneToOneField(Establishment, models.PROTECT, related_name="+", verbose_name=_("经营单位"))
    area = models.CharField(_("所属村（社区）"), max_length=12, db_index=True)
    place = models.PositiveIntegerField(_("排序"))  # 1: the first to be visited
    among = models.PositiveIntegerField(_("共排"))
    score = models.FloatField(_("查出严重问题的可能"))
    reasons = models.JSONField(_("理由"), default=dict)  # by language, what moves it most first
    ranked_on = models.DateField(_("排序日期"), default=today)

    objects = ScopedQuerySet.as_manager()
    family = "file"

    class Meta:
        ordering = ("place",)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(place__gte=1) & models.Q(place__lte=models.F("among")), name="rank_within_the_order"
            ),
        )

    def __str__(self) -> str:
        return f"{self.place}/{self.among}"

    @property
    def said(self) -> list[str]:
        """The reasons in the language of the screen."""
        return list(self.reasons.get("en" if (get_language() or "").startswith("en") else "zh-hans", ()))

    @property
    def share(self) -> float:
        """1 for the first of the order, near 0 for the last."""
        return 1 - (self.place - 1) / self.among
