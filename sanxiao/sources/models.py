"""Buyers, the suppliers that their invoices name, lines of purchases, checks, and warnings."""

import hashlib
import re
import unicodedata
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar, Self
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from sanxiao.archive import find
from sanxiao.archive.models import Establishment
from sanxiao.docket.models import Blob, Matter, Recorded
from sanxiao.docket.tables import State
from sanxiao.office import seal
from sanxiao.office.models import ScopedQuerySet, User
from sanxiao.office.now import today
from sanxiao.sources import say
from sanxiao.sources.rules import ALERT, BUYER, CHECK, MEASURES, PURCHASE, SUPPLIER, WAYS
from sanxiao.survey.models import Lead

FORBIDDEN = ("suspended", "expired", "none", "closed")  # verdicts of a place on file from which nobody may buy


def plain(name: str) -> str:
    """A name as names are compared: half width, no spaces, no signs, lower case."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", name)).lower()


class BuyerKind(models.Model):
    """A kind of buyer: rows of the town's folder, each with the months within which it is checked again."""

    code = models.CharField(max_length=12, primary_key=True)
    name = models.CharField(_("类别"), max_length=30)
    name_en = models.CharField(max_length=40)
    months = models.PositiveSmallIntegerField(default=3)
    order = models.PositiveSmallIntegerField(default=0)
    active = models.BooleanField(default=True)

    class Meta:
        ordering = ("order",)

    def __str__(self) -> str:
        return self.name_en if (get_language() or "").startswith("en") else self.name


class BuyerQuerySet(ScopedQuerySet):
    """Buyers."""

    def active(self) -> Self:
        """Those that still buy."""
        return self.filter(state="active")

    def matching(self, text: str) -> Self:
        """By parts of name, pinyin, address."""
        found = Q()
        for word in text.replace("\0", " ").lower().split()[:6]:
            found &= Q(search__contains=word[:50])
        return self.filter(found)


class Buyer(Matter):
    """进货单位: a canteen, school, shop, stall or market that buys from the three smalls; may be on file itself."""

    kind = models.ForeignKey(BuyerKind, models.PROTECT, related_name="+", verbose_name=_("类别"))
    name = models.CharField(_("名称"), max_length=100)
    key = models.CharField(max_length=100, editable=False)
    address = models.CharField(_("地址"), max_length=160, blank=True)
    lat = models.FloatField(_("纬度"), null=True, blank=True)
    lng = models.FloatField(_("经度"), null=True, blank=True)
    contact = models.CharField(_("联系人"), max_length=40, blank=True)
    phone_sealed = models.TextField(blank=True)
    phone_index = models.CharField(max_length=40, blank=True)
    phone_tail = models.CharField(max_length=40, blank=True)
    officer = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("核查责任人")
    )
    file = models.ForeignKey(
        Establishment, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("本单位的档案")
    )
    source = models.CharField(max_length=20, blank=True, editable=False)  # schools: as loaded with the town
    checked_on = models.DateField(_("上次核查"), null=True, editable=False, db_index=True)
    check_by = models.DateField(_("应核查于"), editable=False, db_index=True, default=today)
    search = models.TextField(blank=True, editable=False)
    state = BUYER.field()

    flow = BUYER
    family = "source"
    private = ("phone",)
    fact_labels: ClassVar[dict[str, Any]] = {"phone": _("联系电话")}
    phone = seal.sealed("phone", seal.plain_phone)
    objects = BuyerQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        indexes = (models.Index(fields=("area", "check_by", "id"), name="buyer_by_check"),)
        constraints = (
            models.UniqueConstraint(fields=("area", "kind", "key"), name="buyer_once"),
            models.UniqueConstraint(fields=("file",), condition=Q(file__isnull=False), name="buyer_of_a_file_once"),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def title(self) -> str:
        """Its name."""
        return self.name

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("buyer", args=[self.pk])

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep in step what it is known and found by."""
        self.key = plain(self.name)
        self.search = " ".join(filter(None, (self.name, self.address, self.contact, find.spelled(self.name)))).lower()
        super().save(*args, **kwargs)

    @property
    def is_late(self) -> bool:
        """Its check is overdue."""
        return self.state == "active" and self.check_by < today()


class SupplierQuerySet(ScopedQuerySet):
    """Suppliers."""

    def with_place(self) -> Self:
        """With `place_now`, the key of the file that stands for it: its own, or the one that its lead has found."""
        rows = self.select_related("place__kind", "place__operator", "lead__file__kind", "lead__file__operator")
        return rows.annotate(place_now=Coalesce(F("place"), F("lead__file")))

    def clues(self) -> Self:
        """立案线索: places on file from which somebody bought though they could not sell on that day.

        Whose paper was wanting but came since is no clue: the loop was meant for him, and it is closed.
        """
        bad = Purchase.objects.standing().filter(supplier=models.OuterRef("pk"), verdict__in=FORBIDDEN)
        found = self.filter(Q(place__isnull=False) | Q(lead__file__isnull=False), ended_on__isnull=True)
        return found.filter(models.Exists(bad))

    def of_files(self, pks: list[UUID]) -> Self:
        """Those that are one of these files."""
        return self.filter(Q(place__in=pks) | Q(place__isnull=True, lead__file__in=pks))


class Supplier(Matter):
    """供货单位: a name on invoices, and which place it is. One row for a name in a village, however many buy there."""

    name = models.CharField(_("名称"), max_length=100)
    key = models.CharField(max_length=100, editable=False)
    # `area`: its village as far as anybody knows; the town's own code where nobody does.
    place = models.ForeignKey(Establishment, models.PROTECT, null=True, related_name="+", verbose_name=_("哪一户"))
    lead = models.ForeignKey(Lead, models.PROTECT, null=True, related_name="+", verbose_name=_("线索"))
    first_on = models.DateField(_("首次发现"), default=today)
    village = models.CharField(_("交给哪个村（社区）"), max_length=12, default="")
    asked = models.JSONField(default=list)  # villages that have looked for it, in order
    town = models.CharField(_("所在地（外地）"), max_length=80, default="")
    licence = models.CharField(_("许可证号"), max_length=40, blank=True)
    note = models.TextField(_("说明"), blank=True)
    loop = models.BooleanField(default=False, editable=False)  # it was not on file when it was first named
    ended_on = models.DateField(_("闭环日期"), null=True, editable=False)
    state = SUPPLIER.field()
    standing: Any  # laid on by standing.lay: how it stands today

    flow = SUPPLIER
    family = "source"
    fact_labels: ClassVar[dict[str, Any]] = {"lead": _("线索"), "buyer": _("进货单位")}
    fact_words: ClassVar[dict[str, Any]] = {"village": say.area}
    objects = SupplierQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        indexes = (models.Index(fields=("area", "state", "first_on"), name="supplier_by_state"),)
        constraints = (models.UniqueConstraint(fields=("area", "key"), name="supplier_once"),)

    def __str__(self) -> str:
        return self.name

    @property
    def title(self) -> str:
        """Its name."""
        return self.name

    @property
    def file_id_for_log(self) -> UUID | None:
        """The timeline of the place that it is."""
        return self.place_id

    @property
    def found_place(self) -> Establishment | None:
        """The file that stands for it: its own, or the one that its lead has found."""
        place = self.place or (self.lead.file if self.lead else None)
        return place.standing if place is not None and place.merged_into_id else place

    def get_absolute_url(self) -> str:
        """Its page: the loop."""
        return reverse("supplier", args=[self.pk])

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep in step what it is known by."""
        self.key = plain(self.name)
        super().save(*args, **kwargs)


class PurchaseQuerySet(ScopedQuerySet):
    """Lines of purchases."""

    def standing(self) -> Self:
        """Those that were not voided."""
        return self.filter(state="entered")


class Purchase(Matter):
    """One line of an invoice: what was bought from whom on which day, and how the supplier stood that day."""

    buyer = models.ForeignKey(Buyer, models.PROTECT, related_name="+", verbose_name=_("进货单位"))
    file = models.ForeignKey(Establishment, models.PROTECT, null=True, related_name="+", editable=False)  # the buyer's
    supplier = models.ForeignKey(Supplier, models.PROTECT, related_name="+", verbose_name=_("供货单位"))
    named = models.CharField(_("票据上的供货单位"), max_length=100)
    food = models.CharField(_("食品"), max_length=60)
    bought_on = models.DateField(_("进货日期"), default=today)
    quantity = models.DecimalField(
        _("数量"),
        max_digits=9,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal("0.01"))],
    )
    unit = models.CharField(_("计量单位"), max_length=10, blank=True)
    invoice = models.CharField(_("票据号"), max_length=40, blank=True)
    note = models.CharField(_("备注"), max_length=200, blank=True)
    way = models.CharField(_("录入方式"), max_length=8, choices=WAYS, default="desk")
    verdict = models.CharField(_("进货时的证照"), max_length=12)
    verdict_words = models.JSONField(default=dict, encoder=DjangoJSONEncoder)  # number, name and last day of the paper
    digest = models.CharField(max_length=40, editable=False)
    state = PURCHASE.field()
    then: State  # laid on by shown.lines_of: the verdict of the day as a chip

    flow = PURCHASE
    family = "source"
    objects = PurchaseQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        indexes = (
            models.Index(fields=("area", "-bought_on", "id"), name="purchase_by_day"),
            models.Index(fields=("supplier", "-bought_on"), name="purchase_of_supplier"),
        )
        constraints = (
            models.UniqueConstraint(fields=("digest",), condition=Q(state="entered"), name="invoice_line_once"),
        )

    def __str__(self) -> str:
        return f"{self.food} · {self.named}"

    @property
    def title(self) -> str:
        """What, from whom."""
        return str(self)

    @property
    def amount(self) -> str:
        """'12.5 公斤'; empty when nobody wrote it."""
        return f"{self.quantity.normalize():f} {self.unit}".strip() if self.quantity is not None else ""

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("purchase", args=[self.pk])

    def seal_digest(self) -> None:
        """By what a line is known again: the same line twice is one line."""
        amount = "" if self.quantity is None else f"{self.quantity.normalize():f}"
        said = (str(self.buyer_id), str(self.supplier_id), plain(self.food), str(self.bought_on), amount,
                plain(self.unit), plain(self.invoice))  # fmt: skip
        self.digest = hashlib.sha256("\n".join(said).encode()).hexdigest()[:40]


class Check(Matter):
    """进货核查: who looked at a buyer's invoices and stores, when, and what was found."""

    buyer = models.ForeignKey(Buyer, models.PROTECT, related_name="+", verbose_name=_("进货单位"))
    file = models.ForeignKey(Establishment, models.PROTECT, null=True, related_name="+", editable=False)
    checked_on = models.DateField(_("核查日期"), default=today)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("核查人"))
    second = models.CharField(_("同行人员"), max_length=40, blank=True)
    seen = models.CharField(_("看了什么"), max_length=200, blank=True)
    problems = models.JSONField(_("问题"), default=list)  # codes of the rule sources.problems
    note = models.TextField(_("说明"), blank=True)
    advice = models.TextField(_("处理建议"), default="")
    fix_by = models.DateField(_("处理期限"), null=True)
    outcome = models.TextField(_("怎么处理的"), default="")
    way = models.CharField(_("录入方式"), max_length=8, choices=WAYS, default="desk")
    state = CHECK.field()

    flow = CHECK
    family = "source"
    fact_words: ClassVar[dict[str, Any]] = {"problems": say.problems}

    class Meta:
        indexes = (models.Index(fields=("area", "-checked_on", "id"), name="check_by_day"),)
        constraints = (
            models.UniqueConstraint(fields=("buyer",), condition=Q(state="found"), name="one_open_check_of_a_buyer"),
        )

    @property
    def title(self) -> str:
        """The buyer."""
        return self.buyer.name

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("source-check", args=[self.pk])


class Alert(Matter):
    """停用通知: a buyer is told to stop using what it bought from a place, and answers."""

    buyer = models.ForeignKey(Buyer, models.PROTECT, related_name="+", verbose_name=_("进货单位"))
    file = models.ForeignKey(Establishment, models.PROTECT, null=True, related_name="+", editable=False)
    place = models.ForeignKey(Establishment, models.PROTECT, related_name="+", verbose_name=_("供货单位"))
    food = models.CharField(_("食品"), max_length=60, blank=True)
    why = models.TextField(_("原因"))
    source_kind = models.CharField(max_length=40, blank=True)  # the matter it came out of: a failed sample
    source = models.UUIDField(null=True, db_index=True)
    sent_on = models.DateField(_("通知日期"), default=today)
    last_on = models.DateField(_("最近进货"), null=True)
    measure = models.CharField(_("处置"), max_length=8, choices=MEASURES, default="")
    quantity = models.DecimalField(
        _("停用、下架数量"), max_digits=9, decimal_places=2, null=True, blank=True,
        validators=[MinValueValidator(Decimal("0.01"))],
    )  # fmt: skip
    unit = models.CharField(_("计量单位"), max_length=10, blank=True, default="公斤")
    answered_by = models.CharField(_("答复人"), max_length=40, default="")
    answered_on = models.DateField(_("答复日期"), null=True, editable=False)
    note = models.TextField(_("说明"), blank=True)
    state = ALERT.field()

    flow = ALERT
    family = "source"

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("buyer", "source"), condition=Q(source__isnull=False), name="one_alert_for_a_buyer_and_source"
            ),
            models.UniqueConstraint(
                fields=("buyer", "place"), condition=Q(source__isnull=True, state="sent"), name="one_open_alert_by_hand"
            ),
        )

    @property
    def title(self) -> str:
        """The buyer, and of what it is warned."""
        return f"{self.buyer.name} · {self.food or self.place.called}"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("alert", args=[self.pk])


class Batch(Recorded):
    """A workbook of purchases that was brought: what was taken, and the marked copy of what was wrong."""

    name = models.CharField(_("文件"), max_length=200)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    buyer = models.ForeignKey(Buyer, models.PROTECT, null=True, related_name="+")
    taken = models.PositiveIntegerField(default=0)
    known = models.PositiveIntegerField(default=0)
    wrong = models.PositiveIntegerField(default=0)
    groups = models.JSONField(default=list)  # errors by column: {column, text, count, rows}
    marked = models.ForeignKey(Blob, models.PROTECT, null=True, related_name="+")

    family = "source"

    class Meta:
        ordering = ("-created_at",)

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """What came of it."""
        return reverse("purchase-batch", args=[self.pk])


def quarter_of(day: date) -> tuple[date, date]:
    """First and last day of the quarter of a day."""
    month = 3 * ((day.month - 1) // 3) + 1
    first = date(day.year, month, 1)
    following = date(day.year + (month == 10), 1 if month == 10 else month + 3, 1)
    return first, date.fromordinal(following.toordinal() - 1)
