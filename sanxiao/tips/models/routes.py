"""Which office gets what."""

import uuid
from datetime import date

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from sanxiao.office.models import Dated, DatedQuerySet, User
from sanxiao.tips.rules import PROBLEMS


class Route(Dated):
    """分派规则: which office gets what, by problem, place and season. The narrowest row that fits wins.

    Rows with `draft_of` are somebody's draft: they count in his bench alone, until he puts them in force.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    problem = models.CharField(_("问题"), max_length=12, choices=PROBLEMS, blank=True)
    area = models.CharField(_("地点"), max_length=12)
    from_month = models.PositiveSmallIntegerField(_("每年自（月）"), null=True, blank=True)
    to_month = models.PositiveSmallIntegerField(_("至（月）"), null=True, blank=True)
    role = models.CharField(_("承办单位"), max_length=20)
    draft_of = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    ends = models.ForeignKey("self", models.SET_NULL, null=True, related_name="+")  # the row that a draft takes out
    note = models.CharField(_("说明"), max_length=120, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        ordering = ("problem", "area", "from_month", "since", "id")
        constraints = (
            models.CheckConstraint(
                condition=Q(from_month__isnull=True, to_month__isnull=True)
                | Q(from_month__range=(1, 12), to_month__range=(1, 12)),
                name="route_season_whole",
            ),
        )

    def in_season(self, day: date) -> bool:
        """Does its part of the year hold the day? It may go over New Year (11 to 2)."""
        if self.from_month is None or self.to_month is None:
            return True
        first, last = self.from_month, self.to_month
        return first <= day.month <= last if first <= last else day.month >= first or day.month <= last
