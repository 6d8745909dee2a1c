"""举报奖励, which names nobody."""

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sanxiao.docket.models import Matter
from sanxiao.office.duties import readers, scope_of
from sanxiao.office.models import ScopedQuerySet
from sanxiao.tips.models.shared import this_day
from sanxiao.tips.models.tracks import Report
from sanxiao.tips.rules import LEVELS, PAYMENTS, REWARD


class RewardQuerySet(ScopedQuerySet):
    """Rewards: for who proposes them and for who pays; nothing of the tip comes along."""

    def seen_by(self, user: Any) -> Self:
        """On one's ground; who may not see the tip (the accused unit) does not see its reward."""
        scope = scope_of(user)
        prefixes = scope.prefixes(readers("reward") | readers("payout"))
        rows = self.within(prefixes) if prefixes else self.none()
        return rows.exclude(report__letter__accused__in=[seat.office_id for seat in scope.seats])


class Reward(Matter):
    """举报奖励: proposed on a verified report, approved by finance, paid against the receipt. It names nobody."""

    report = models.ForeignKey(Report, models.PROTECT, related_name="rewards")
    level = models.CharField(_("奖励等级"), max_length=1, choices=LEVELS)
    penalty = models.PositiveBigIntegerField(_("罚没款（元）"), default=0)
    insider = models.BooleanField(_("内部知情人举报"), default=False)
    decision = models.CharField(_("处罚决定书文号"), max_length=60, blank=True)
    computed = models.PositiveBigIntegerField(_("按规定计算（元）"), default=0, editable=False)
    amount = models.PositiveBigIntegerField(_("奖励金额（元）"), default=0)
    payment = models.CharField(_("发放方式"), max_length=10, choices=PAYMENTS, default="")
    paid_on = models.DateField(_("发放日期"), null=True, editable=False)
    state = REWARD.field()
    created_at = models.DateTimeField(default=this_day, editable=False)
    updated_at = models.DateTimeField(default=this_day, editable=False)

    flow = REWARD
    family = "reward"  # reading goes by two families, see RewardQuerySet
    day_only: ClassVar[bool] = True
    objects = RewardQuerySet.as_manager()  # type: ignore[misc]
    private = ("receipt",)
    fact_labels: ClassVar[dict[str, Any]] = {"receipt": _("回执码")}

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("report",), condition=~Q(state__in=("refused", "forfeited")), name="one_reward_of_a_report"
            ),
        )

    @property
    def title(self) -> str:
        """A short number of its own, never the place."""
        return gettext("奖励 %(no)s") % {"no": str(self.pk)[:8].upper()}

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("tip-reward", args=[self.pk])
