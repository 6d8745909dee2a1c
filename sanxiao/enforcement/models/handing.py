"""What is handed to the police and to other offices."""

from types import MappingProxyType
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from sanxiao.archive.models import Establishment
from sanxiao.docket.models import Matter
from sanxiao.enforcement import say
from sanxiao.enforcement.handing import CRIMES, REFERRAL, SENT, TRANSFER
from sanxiao.enforcement.models.cases import Case
from sanxiao.office.duties import may_read, readers, scope_of
from sanxiao.office.models import Office, ScopedQuerySet, User

POLICE = frozenset({"police"})


class TransferQuerySet(ScopedQuerySet):
    """Hand-overs. The police see what was sent to them, and nothing before."""

    def seen_by(self, user: Any) -> Self:
        """Whose duty it is to read cases sees all on his ground; the police what has left the bureau."""
        if may_read(user, "case"):
            return super().seen_by(user)
        prefixes = scope_of(user).prefixes(readers("transfer") & POLICE)
        return self.within(prefixes).filter(state__in=SENT) if prefixes else self.none()


class Transfer(Matter):
    """移送公安: one suspected crime, from the report to the answer. It comes of a case, or of violence against officers
    (then the incident names it, and there is no case)."""

    case = models.ForeignKey(Case, models.PROTECT, null=True, related_name="transfers")
    file = models.ForeignKey(Establishment, models.PROTECT, related_name="+")
    number = models.CharField(_("文号"), max_length=60, blank=True, editable=False)
    crime = models.CharField(_("涉嫌罪名"), max_length=8, choices=CRIMES)
    officer = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("专案人员"), editable=False)
    second = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("另一名专案人员"))
    report = models.TextField(_("核实情况和移送理由"), max_length=4000)
    papers = models.JSONField(_("随案材料"), default=list)  # keys of PAPERS
    copied = models.BooleanField(_("已抄送检察院"), default=False)
    police_no = models.CharField(_("公安案号"), max_length=60, default="")
    outcome = models.TextField(_("处理结果"), max_length=1000, default="")
    state = TRANSFER.field()

    flow = TRANSFER
    in_hand = MappingProxyType({"officer": "case.handle", "second": "case.handle"})
    family = "transfer"
    incident: Any = None  # laid on by its beginning: what it is about where there is no case
    objects = TransferQuerySet.as_manager()  # type: ignore[misc]
    fact_words: ClassVar[dict[str, Any]] = {"papers": say.papers, "second": say.person}

    class Meta:
        indexes = (models.Index(fields=("area", "-updated_at", "id"), name="transfer_by_area"),)
        constraints = (
            models.UniqueConstraint(
                fields=("case",), condition=Q(state__in=TRANSFER.open_states), name="one_transfer_at_a_time"
            ),
            models.UniqueConstraint(fields=("area", "number"), condition=~Q(number=""), name="transfer_number_once"),
        )

    def __str__(self) -> str:
        return f"{self.number} {self.get_crime_display()}".strip()

    @property
    def title(self) -> str:
        """Whom it is about, and for what."""
        return f"{self.file.called} · {self.get_crime_display()}"

    def get_absolute_url(self) -> str:
        """The page that both sides share."""
        return reverse("transfer", args=[self.pk])


class ReferralQuerySet(ScopedQuerySet):
    """Matters handed to other offices: seen by both sides and by who decides between them."""

    def seen_by(self, user: Any) -> Self:
        """The office that sent it, has it or refused it; the food-safety office and the leading group all."""
        scope = scope_of(user)
        if scope.roles & {"fso", "leading"}:
            return super().seen_by(user)
        mine = [seat.office_id for seat in scope.seats]
        return self.filter(Q(to__in=mine) | Q(sender__in=mine) | Q(better__in=mine) | Q(refused_by__in=mine))


class Referral(Matter):
    """移送其他单位: what one office finds that is another's to do."""

    file = models.ForeignKey(Establishment, models.PROTECT, related_name="+", verbose_name=_("档案"))
    case = models.ForeignKey(Case, models.PROTECT, null=True, related_name="referrals")
    number = models.CharField(_("文号"), max_length=60, blank=True, editable=False)
    sender = models.ForeignKey(Office, models.PROTECT, related_name="+", verbose_name=_("移送单位"), editable=False)
    to = models.ForeignKey(Office, models.PROTECT, null=True, related_name="+", verbose_name=_("接收单位"))
    better = models.ForeignKey(Office, models.PROTECT, null=True, related_name="+", verbose_name=_("应当由谁办理"))
    refused_by = models.ForeignKey(Office, models.PROTECT, null=True, related_name="+", editable=False)
    matter = models.TextField(_("移送事项"), max_length=2000)
    wanted_on = models.DateField(_("希望答复日期"))
    assigned = models.BooleanField(_("食安办指定"), default=False, editable=False)
    result = models.TextField(_("办理结果"), max_length=2000, default="")
    state = REFERRAL.field()

    flow = REFERRAL
    family = "referral"
    objects = ReferralQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        indexes = (models.Index(fields=("area", "-updated_at", "id"), name="referral_by_area"),)
        constraints = (
            models.UniqueConstraint(fields=("area", "number"), condition=~Q(number=""), name="referral_number_once"),
        )

    @property
    def title(self) -> str:
        """The place and the matter."""
        return f"{self.file.called} · {self.matter[:24]}"

    def get_absolute_url(self) -> str:
        """The page that both sides share."""
        return reverse("referral", args=[self.pk])
