"""Budget lines and spending. Sums are decimals in yuan and fen; what is promised of a line stands on the line."""

from decimal import Decimal
from typing import Any, ClassVar, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from sanxiao.docket.models import Matter
from sanxiao.funds import say
from sanxiao.funds.rules import LINE, SPENDING
from sanxiao.office.duties import ASSISTS, DUTIES, LEADS, TOLD, readers, scope_of
from sanxiao.office.models import Office, ScopedQuerySet, User
from sanxiao.office.now import today

TOWN = 9  # digits of a town's code
FEN = Decimal("0.01")


def money(label: Any, **options: Any) -> models.DecimalField:
    """A sum in yuan that is something."""
    return models.DecimalField(label, max_digits=12, decimal_places=2, validators=(MinValueValidator(FEN),), **options)


class LineQuerySet(ScopedQuerySet):
    """Budget lines: of the whole town, for everybody who may claim."""

    def seen_by(self, user: Any) -> Self:
        """Who spends sees what there is to spend."""
        roles = readers("budget") | readers("spend")
        towns = {prefix[:TOWN].ljust(12, "0") for prefix in scope_of(user).prefixes(roles)}
        return self.filter(area__in=towns)


class Line(Matter):
    """预算: so much in a year from one source. `promised`: what approved and paid spending takes of it."""

    year = models.PositiveSmallIntegerField(
        _("年度"), default=2018, validators=(MinValueValidator(2018), MaxValueValidator(2100))
    )
    source = models.CharField(_("来源"), max_length=20, default="", blank=False)  # code of funds.sources
    item = models.CharField(_("名称"), max_length=60, default="", blank=False, help_text=_("例如 宣传培训费。"))
    amount = money(_("金额（元）"), default=None, null=True)
    promised = models.DecimalField(max_digits=12, decimal_places=2, default=Decimal(0), editable=False)
    state = LINE.field()

    flow = LINE
    family = "budget"
    fact_words: ClassVar[dict[str, Any]] = {"source": say.source, "year": str, "amount": say.yuan}
    objects = LineQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        ordering = ("-year", "item", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("area", "year", "source", "item"), condition=~Q(state="refused"), name="one_line_of_a_name"
            ),
            models.CheckConstraint(condition=Q(promised__gte=0), name="nothing_less_than_nothing_promised"),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """Year and name."""
        return f"{self.year} {self.item}"

    @property
    def left(self) -> Decimal:
        """What can still be promised; negative when more was approved."""
        return (self.amount or Decimal(0)) - self.promised

    @property
    def percent(self) -> int:
        """How much of it is promised, in whole per cent; more than 100 where more was approved."""
        return round(100 * self.promised / self.amount) if self.amount else 0

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("funds-line", args=[self.pk])


class SpendingQuerySet(ScopedQuerySet):
    """Spending."""

    def seen_by(self, user: Any) -> Self:
        """One's own unit's; that of all units for who examines, approves or coordinates (a mark in spend.approve)."""
        seats = scope_of(user).seats
        wide = DUTIES["spend.approve"].roles(LEADS, ASSISTS, TOLD)
        prefixes = tuple(sorted({seat.prefix for seat in seats if seat.role in wide}))
        own = self.filter(office__in=[seat.office_id for seat in seats])
        return (
            self.filter(Q(pk__in=own.values("pk")) | Q(pk__in=self.within(prefixes).values("pk"))) if prefixes else own
        )

    def live(self) -> Self:
        """What takes money of a line: approved or paid."""
        return self.filter(state__in=("approved", "paid"))


class Spending(Matter):
    """支出: of which line, by which unit, for which activity, how much, with which receipt, and what came of it.

    The activity is named as the log names its subjects, by kind and key, for it may be a matter of any room; it is
    chosen from what the claimant may see, and shown to a reader only as far as he may see it.
    """

    line = models.ForeignKey(Line, models.PROTECT, related_name="spendings", verbose_name=_("预算"))
    office = models.ForeignKey(Office, models.PROTECT, related_name="+", verbose_name=_("单位"), editable=False)
    number = models.CharField(_("编号"), max_length=40, blank=True, editable=False)
    kind = models.CharField(max_length=40, editable=False)  # key of a flow
    subject = models.UUIDField(null=True, editable=False)
    subject_name = models.CharField(_("用于"), max_length=120, editable=False)  # as it was called when it was claimed
    purpose = models.CharField(
        _("用途"), max_length=120, default="", blank=False, help_text=_("例如 印制海报 500 张。")
    )
    amount = money(_("金额（元）"), default=None, null=True)
    invoice = models.CharField(_("发票或收据号码"), max_length=40, default="", blank=False)
    spent_on = models.DateField(_("开支日期"), default=today)
    paid_on = models.DateField(_("支付日期"), null=True)
    voucher = models.CharField(_("支付凭证号"), max_length=40, default="", blank=False)
    effect = models.CharField(_("成效"), max_length=300, default="", blank=False)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("申请人"))
    state = SPENDING.field()

    flow = SPENDING
    family = "spend"
    fact_labels: ClassVar[dict[str, Any]] = {"activity": _("用于"), "over": _("超出预算（元）")}
    fact_words: ClassVar[dict[str, Any]] = {"amount": say.yuan, "over": say.yuan, "activity": say.activity}
    objects = SpendingQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        ordering = ("-created_at",)
        indexes = (
            models.Index(fields=("area", "-updated_at", "id"), name="spending_by_area"),
            models.Index(fields=("kind", "subject"), name="spending_of_activity"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("area", "invoice"),
                condition=Q(state__in=("claimed", "approved", "paid")), name="one_spending_of_an_invoice",
            ),
        )  # fmt: skip

    @property
    def title(self) -> str:
        """What for, and how much."""
        return f"{self.purpose} · {say.yuan(self.amount)}" if self.amount else self.purpose

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("funds-spending", args=[self.pk])


def paid_of(lines: list[Line]) -> Decimal:
    """What was paid out of these lines, by whomever; added up here, where decimals are exact."""
    sums = Spending.objects.filter(line__in=lines, state="paid").values_list("amount", flat=True)
    return sum((amount or Decimal(0) for amount in sums), Decimal(0))
