"""What was paid of a penalty, and the plan of rates by which it may be paid."""

import uuid
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from sanxiao.enforcement.models.cases import Case, money
from sanxiao.office.now import now


class Payment(models.Model):
    """One payment of a fine."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="payments")
    amount = money(_("金额（元）"))
    paid_on = models.DateField(_("缴款日期"))
    slip = models.CharField(_("票据号"), max_length=40)
    at = models.DateTimeField(default=now)

    class Meta:
        ordering = ("paid_on", "at")
        constraints = (
            models.UniqueConstraint(fields=("slip",), name="one_payment_of_a_slip"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="payment_is_something"),
        )


class InstalmentQuerySet(models.QuerySet):
    """Rates of plans."""

    def now(self) -> Self:
        """Of the plan that holds: an older one stays on record."""
        return self.filter(replaced_on__isnull=True)


class Instalment(models.Model):
    """One rate of an approved plan (分期、延期缴纳): how much by which day."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="instalments")
    no = models.PositiveSmallIntegerField(_("期次"))
    due_on = models.DateField(_("缴款期限"))
    amount = money(_("金额（元）"))
    replaced_on = models.DateField(null=True, editable=False)

    objects = InstalmentQuerySet.as_manager()

    class Meta:
        ordering = ("case", "no")
        constraints = (
            models.UniqueConstraint(
                fields=("case", "no"), condition=Q(replaced_on__isnull=True), name="instalment_number_once"
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="instalment_is_something"),
        )
