"""Cases and the people in them."""

import uuid
from collections.abc import Sequence
from decimal import Decimal
from types import MappingProxyType
from typing import Any, ClassVar, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q, Sum
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from sanxiao.archive.models import Establishment, Operator
from sanxiao.docket.models import Matter
from sanxiao.enforcement import say
from sanxiao.enforcement.rules import (
    CASE,
    DEGREES,
    ENDINGS,
    ORIGINS,
    REFUSALS,
    ROLES,
    SERVICES,
)
from sanxiao.office import seal
from sanxiao.office.models import ScopedQuerySet, User
from sanxiao.office.now import today


def money(label: Any, **options: Any) -> models.DecimalField:
    """A sum in yuan."""
    return models.DecimalField(label, max_digits=14, decimal_places=2, **options)


def _is_in(id_index: str) -> Q:
    """The condition that a person has a part in a case: as its operator, or by any role. None without an index."""
    if not id_index:
        return Q(pk__in=[])
    parts = Party.objects.filter(id_number_index=id_index).values("case")
    return Q(file__operator__id_number_index=id_index) | Q(pk__in=parts)


class CaseQuerySet(ScopedQuerySet):
    """Cases. Rooms above ask here instead of through a reverse key."""

    def of(self, file: Establishment) -> Self:
        """Cases on a file and on those merged into it, newest first."""
        return self.filter(file__in=file.pks).order_by("-created_at")

    def of_person(self, operator: Operator) -> Self:
        """Cases of the same person over all places and roles: found by the keyed index of the ID number."""
        return self.filter(Q(file__operator=operator) | _is_in(operator.id_number_index)).order_by("-created_at")

    def of_number(self, id_index: str) -> Self:
        """Cases in which a person has any part, by the keyed index of the ID number."""
        return self.filter(_is_in(id_index)).order_by("-created_at")

    def from_origin(self, kind: str, pk: Any) -> Self:
        """Cases that came of one visit, sample, tip or purchase."""
        return self.filter(origin_kind=kind, origin_pk=pk)

    def open(self) -> Self:
        """Not closed, refused or handed over."""
        return self.filter(state__in=CASE.open_states)

    def public(self) -> Self:
        """Decisions that are shown to everybody today."""
        shown = self.filter(published_on__isnull=False, unpublished_on__isnull=True, annulled_on=None)
        return shown.filter(Q(public_until__isnull=True) | Q(public_until__gte=today()))


class Case(Matter):
    """案件: what is suspected of whom, who handles it, what was decided and what became of it."""

    file = models.ForeignKey(Establishment, models.PROTECT, related_name="+", verbose_name=_("当事人（档案）"))
    number = models.CharField(_("案号"), max_length=60, blank=True, db_index=True, editable=False)
    origin = models.CharField(_("案件来源"), max_length=10, choices=ORIGINS, default="visit")
    origin_kind = models.CharField(max_length=40, blank=True, editable=False)  # key of a flow, '' when on paper
    origin_pk = models.UUIDField(null=True, editable=False, db_index=True)
    origin_url = models.CharField(max_length=200, blank=True, editable=False)
    received_on = models.DateField(_("发现或收到日期"), default=today)
    officer = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("承办人"), editable=False)
    second = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("协办人"))
    conduct = models.TextField(_("涉嫌违法行为"), max_length=2000)
    clauses = models.JSONField(
        _("违反条款和处罚依据"), default=list
    )  # [{"code", "law", "text", "basis"}], as of the day
    value = money(_("货值金额（元）"), null=True, blank=True)
    gains = money(_("违法所得（元）"), null=True, blank=True)
    degree = models.CharField(_("裁量"), max_length=10, choices=DEGREES, default="")
    degree_reasons = models.TextField(_("裁量理由"), max_length=1000, default="")
    opinion = models.TextField(_("处理建议"), max_length=2000, default="")
    penalties = models.JSONField(_("处罚种类"), default=list, blank=True)  # keys of PENALTIES
    fine = money(_("罚款（元）"), default=Decimal(0), blank=True)
    noticed_fine = money(_("告知的罚款（元）"), null=True, editable=False)
    noticed_penalties = models.JSONField(default=list, editable=False)
    refusal = models.CharField(_("不予立案的情形"), max_length=12, choices=REFUSALS, default="")
    filed_on = models.DateField(_("立案日期"), null=True, editable=False)
    noticed_on = models.DateField(_("告知日期"), null=True)
    defence = models.TextField(_("陈述申辩内容"), max_length=2000, default="")
    hearing_asked = models.BooleanField(default=False, editable=False)
    hearing_on = models.DateField(_("听证定于"), null=True)
    hearing_at = models.TimeField(_("听证时间"), null=True)
    hearing_place = models.CharField(_("听证地点"), max_length=120, default="")
    hearing_told_on = models.DateField(_("听证通知书送达日期"), null=True)
    heard_on = models.DateField(_("听证日期"), null=True)
    presided_by = models.CharField(_("听证主持人"), max_length=40, default="")
    hearing = models.TextField(_("听证意见"), max_length=2000, default="")
    discussed_on = models.DateField(_("讨论日期"), null=True)
    present = models.CharField(_("参加人员"), max_length=200, default="")
    outcome = models.TextField(_("讨论意见"), max_length=1000, default="")
    decision = models.TextField(_("决定理由"), max_length=2000, default="")
    decided_on = models.DateField(_("决定日期"), null=True, editable=False)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", editable=False)
    summary = models.BooleanField(_("当场处罚"), default=False, editable=False)
    served_on = models.DateField(_("送达日期"), null=True)
    service = models.CharField(_("送达方式"), max_length=8, choices=SERVICES, default="")
    received_by = models.CharField(_("签收人"), max_length=40, blank=True)
    urged_on = models.DateField(_("催告日期"), null=True)
    to_court_on = models.DateField(_("申请法院执行"), null=True, editable=False)
    late_waived_on = models.DateField(_("减免加处罚款"), null=True, editable=False)
    ending = models.CharField(_("结案情形"), max_length=12, choices=ENDINGS, default="")
    published_on = models.DateField(_("公示日期"), null=True)
    public_until = models.DateField(_("公示至"), null=True, editable=False)
    unpublished_on = models.DateField(_("撤下日期"), null=True, editable=False)
    annulled_on = models.DateField(_("撤销日期"), null=True, editable=False)
    state = CASE.field()

    flow = CASE
    in_hand = MappingProxyType({"officer": "case.handle", "second": "case.handle"})
    family = "case"
    private = ("id_number", "phone")
    objects = CaseQuerySet.as_manager()  # type: ignore[misc]
    fact_labels: ClassVar[dict[str, Any]] = {
        "record_kind": _("材料"), "did_on": _("日期"), "amount": _("金额（元）"), "paid_on": _("缴款日期"),
        "slip": _("票据号"), "surcharge": _("加处罚款（元）"), "began": _("开始时间"), "ended": _("结束时间"),
        "scene_at": _("地点"), "credentials": _("执法人员及证号"), "present": _("到场人员"), "signed": _("签名"),
        "witness": _("见证人"), "off_scale": _("超出裁量基准"), "role": _("身份"), "who": _("姓名或名称"),
        "id_number": _("证件号码"), "phone": _("电话"), "rates": _("分期"), "next_rate_on": _("下一期缴款期限"),
        "hearing_tell_by": _("听证通知书至迟送达"), "hearing_staff": _("听证员、记录员"),
    }  # fmt: skip
    fact_words: ClassVar[dict[str, Any]] = {
        "penalties": say.penalties, "clauses": say.clauses, "record_kind": say.record, "second": say.person,
        "signed": say.signed, "role": say.role, "rates": say.rates,
    }  # fmt: skip

    class Meta:
        indexes = (models.Index(fields=("area", "-updated_at", "id"), name="case_by_area"),)
        constraints = (
            models.UniqueConstraint(fields=("area", "number"), condition=~Q(number=""), name="case_number_once"),
            models.UniqueConstraint(
                fields=("origin_kind", "origin_pk"), condition=Q(origin_pk__isnull=False) & ~Q(state="refused"),
                name="one_case_of_an_origin",
            ),
            models.CheckConstraint(condition=Q(fine__gte=0), name="case_fine_not_negative"),
        )  # fmt: skip

    @property
    def title(self) -> str:
        """The place, and what is suspected in a few words."""
        return f"{self.file.called} · {self.conduct[:24]}"

    def get_absolute_url(self) -> str:
        """The case's page."""
        return reverse("case", args=[self.pk])

    @property
    def paid(self) -> Decimal:
        """What was paid so far."""
        return self.payments.aggregate(sum=Sum("amount"))["sum"] or Decimal(0)

    @property
    def owed(self) -> Decimal:
        """Fine and gains to be paid; what is surcharged for lateness is counted on the day, see acts.surcharge."""
        return self.fine + ((self.gains or Decimal(0)) if "gains" in self.penalties else Decimal(0))

    @property
    def left(self) -> Decimal:
        """What is still to be paid of fine and gains."""
        return max(self.owed - self.paid, Decimal(0))


class Party(models.Model):
    """A person in a case by role. ID number and telephone are sealed; the index finds the person over all cases."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="parties")
    area = models.CharField(max_length=12)
    role = models.CharField(_("身份"), max_length=8, choices=ROLES)
    name = models.CharField(_("姓名或名称"), max_length=60)
    id_number_sealed = models.TextField(blank=True)
    id_number_index = models.CharField(max_length=40, blank=True, db_index=True)
    id_number_tail = models.CharField(max_length=40, blank=True)
    phone_sealed = models.TextField(blank=True)
    phone_index = models.CharField(max_length=40, blank=True, db_index=True)
    phone_tail = models.CharField(max_length=40, blank=True)
    note = models.CharField(_("说明"), max_length=120, blank=True)
    id_number = seal.sealed("id_number", seal.plain_id)
    phone = seal.sealed("phone", seal.plain_phone)
    others: Sequence[Case] = ()  # laid on by a page: other cases in which the person has a part

    class Meta:
        ordering = ("role", "name")

    def __str__(self) -> str:
        return f"{self.get_role_display()} {self.name}"


def known(kind: type[models.Model], pk: Any) -> Any:
    """A row by a key that somebody typed into an address, or None."""
    try:
        return kind._base_manager.filter(pk=pk).first() if pk else None
    except (ValidationError, ValueError):
        return None
