"""Applications, their site visits, the certificates and cards that come of them, and frozen copies of files."""

import uuid
from datetime import date
from typing import Any, ClassVar, Self

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from sanxiao.archive.models import Establishment, Kind
from sanxiao.docket.models import Matter
from sanxiao.licensing.rules import (
    APPLICATION,
    BEFORE_DECISION,
    CARD,
    CERTIFICATE,
    CERTIFICATE_FLOW,
    OPINIONS,
    PURPOSES,
    ROUTES,
)
from sanxiao.office.duties import readers, scope_of
from sanxiao.office.models import ScopedQuerySet, User
from sanxiao.office.now import now, today
from sanxiao.papers import codes

UNDECIDED = (*BEFORE_DECISION, "approved")  # until there is a paper


def route_of(kind: Kind) -> str:
    """The route of a kind: by the bureau, or by village and food-safety office."""
    return CERTIFICATE if kind.route == "bureau" else CARD


class RoutedQuerySet(ScopedQuerySet):
    """Matters of both routes: each is seen by who has a mark in a duty of *its* route, on his ground."""

    def seen_by(self, user: Any) -> Self:
        """Both routes in one list, neither to a person without a mark in it."""
        scope, seen = scope_of(user), Q(pk__in=[])
        for route in (CERTIFICATE, CARD):
            for prefix in scope.prefixes(readers(route)):
                seen |= Q(route=route, area__gte=prefix.ljust(12, "0"), area__lte=prefix.ljust(12, "9"))
        return self.filter(seen)


class ApplicationQuerySet(RoutedQuerySet):
    """Applications."""

    def undecided(self) -> Self:
        """Those that stand in the way of another one for the same file."""
        return self.filter(state__in=UNDECIDED)


class Application(Matter):
    """办证申请: made on behalf of the operator, handled by one, decided by another."""

    file = models.ForeignKey(Establishment, models.PROTECT, related_name="+", verbose_name=_("档案"))
    route = models.CharField(_("办理路径"), max_length=12, choices=ROUTES, editable=False)
    purpose = models.CharField(_("申请事项"), max_length=8, choices=PURPOSES, default="new")
    previous = models.ForeignKey(
        "Certificate", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("原证卡")
    )
    number = models.CharField(_("申请编号"), max_length=40, blank=True, editable=False, db_index=True)
    materials = models.JSONField(_("申请材料"), default=dict)  # {code: is it there}; photos are attachments by code
    statement = models.TextField(_("申请说明"), blank=True)
    committed = models.BooleanField(_("经营者已签食品安全承诺书"), default=False)
    defects = models.JSONField(_("需补正的内容"), default=list)  # sentences
    opinion = models.CharField(_("办理意见"), max_length=8, choices=OPINIONS, default="")
    ground = models.CharField(_("理由类别"), max_length=80, default="")
    official_no = models.CharField(_("官方编号"), max_length=40, blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", editable=False)
    decided_on = models.DateField(_("决定日期"), null=True, editable=False)
    handed_on = models.DateField(_("领取日期"), null=True)
    received_by = models.CharField(_("领取人"), max_length=60, default="")
    applied_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", editable=False)
    state = APPLICATION.field()
    uploads: list[tuple[str, Any]]  # photos of a form on their way to the effect of its move

    flow = APPLICATION
    family = "paper"  # reading goes by route, see RoutedQuerySet
    objects = ApplicationQuerySet.as_manager()  # type: ignore[misc]
    fact_labels: ClassVar[dict[str, Any]] = {
        "officers": _("核查人员"), "items": _("核查项目"), "visited_on": _("核查日期"), "application": _("申请表"),
        "filing": _("登记备案表"), "identity": _("身份证明"), "business_licence": _("营业执照"),
        "layout": _("平面和设备布局图"), "process": _("工艺流程"), "foods": _("品种和添加剂清单"),
        "health": _("健康证明"), "premises": _("场所使用权证明"), "commitment": _("承诺书"), "photo": _("照片"),
        "licence": _("食品经营许可证"),
    }  # fmt: skip

    class Meta:
        indexes = (models.Index(fields=("area", "-updated_at", "id"), name="application_by_area"),)
        constraints = (
            models.UniqueConstraint(
                fields=("file",), condition=Q(state__in=UNDECIDED), name="one_application_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(purpose="new", previous__isnull=True) | Q(previous__isnull=False) & ~Q(purpose="new"),
                name="previous_paper_unless_new",
            ),
        )

    def __str__(self) -> str:
        return f"{self.file.called} {self.number}".strip()

    @property
    def title(self) -> str:
        """The place, and what is asked for."""
        return f"{self.file.called} · {self.get_purpose_display()}"

    @property
    def renewal_until(self) -> date | None:
        """The last day of the old paper: without a decision by then the renewal is deemed granted."""
        return self.previous.valid_to if self.previous else None

    def get_absolute_url(self) -> str:
        """The application's page."""
        return reverse("application", args=[self.pk])


class Visit(models.Model):
    """One site check (现场核查) of an application: by whom, when, what was found."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    application = models.ForeignKey(Application, models.PROTECT, related_name="visits")
    on = models.DateField(_("核查日期"))
    officers = models.JSONField(_("核查人员"))  # names; at least as many as the town's rule says
    items = models.JSONField(_("核查项目"))  # {its text: does it pass}
    passed = models.BooleanField(_("合格"))
    note = models.TextField(_("情况说明"), blank=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=now)
    shown_items: list[tuple[str, bool]]  # in the language of the screen, set by the page

    class Meta:
        ordering = ("at", "id")


class CertificateQuerySet(RoutedQuerySet):
    """Certificates and cards."""

    def in_force(self, on: date | None = None) -> Self:
        """Valid on the day, suspended ones left out."""
        on = on or today()
        return self.filter(state="valid", valid_from__lte=on, valid_to__gte=on)

    def held(self) -> Self:
        """The one paper that stands for its number now: valid, suspended, or run out and not followed."""
        return self.filter(state__in=("valid", "suspended", "expired"))

    def ending(self, until: date) -> Self:
        """Valid or suspended, with the last day not after `until`."""
        return self.filter(state__in=("valid", "suspended"), valid_to__lte=until)


class Certificate(Matter):
    """证卡: one printed document with its number, its code and the facts of its face, frozen."""

    file = models.ForeignKey(Establishment, models.PROTECT, related_name="+", verbose_name=_("档案"))
    application = models.ForeignKey(
        Application, models.PROTECT, null=True, related_name="certificates", verbose_name=_("申请")
    )
    route = models.CharField(_("办理路径"), max_length=12, choices=ROUTES, editable=False)
    kind_code = models.CharField(max_length=12, editable=False)
    document = models.CharField(_("证卡名称"), max_length=60)  # as printed
    number = models.CharField(_("证卡编号"), max_length=60, db_index=True)
    official_no = models.CharField(_("官方编号"), max_length=40, blank=True)
    code = models.CharField(_("查验码"), max_length=codes.LENGTH, unique=True, default=codes.new, editable=False)
    copy_no = models.PositiveSmallIntegerField(_("第几次制发"), default=1)
    facts = models.JSONField(default=dict, encoder=DjangoJSONEncoder)  # of the face; personal numbers masked
    issued_on = models.DateField(_("发证日期"))
    valid_from = models.DateField(_("有效期自"))
    valid_to = models.DateField(_("有效期至"), db_index=True)
    follows = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="followed_by", verbose_name=_("前证")
    )
    ground = models.CharField(_("理由类别"), max_length=80, default="")
    ended_on = models.DateField(_("失效日期"), null=True, editable=False)
    state = CERTIFICATE_FLOW.field()

    flow = CERTIFICATE_FLOW
    family = "paper"  # reading goes by route, see RoutedQuerySet
    objects = CertificateQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        indexes = (models.Index(fields=("area", "valid_to"), name="certificate_by_end"),)
        constraints = (
            models.UniqueConstraint(fields=("number",), condition=~Q(state="replaced"), name="one_paper_for_a_number"),
            models.UniqueConstraint(
                fields=("file",), condition=Q(state__in=("valid", "suspended")), name="one_paper_for_a_file"
            ),
            models.CheckConstraint(condition=Q(valid_to__gte=models.F("valid_from")), name="valid_to_not_before_from"),
        )

    def __str__(self) -> str:
        return f"{self.document} {self.number}"

    @property
    def title(self) -> str:
        """The place and the document."""
        return f"{self.file.called} · {self.document}"

    @property
    def shown_code(self) -> str:
        """The code in groups of four."""
        return codes.shown(self.code)

    @property
    def days_left(self) -> int:
        """Calendar days of validity left; negative when it has run out."""
        return (self.valid_to - today()).days

    def get_absolute_url(self) -> str:
        """The certificate's page."""
        return reverse("certificate", args=[self.pk])


class Snapshot(models.Model):
    """The file as it was when something was decided on it. Written once."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=40)
    subject = models.UUIDField(db_index=True)
    file = models.ForeignKey(Establishment, models.PROTECT, related_name="+")
    move = models.CharField(max_length=30)
    facts = models.JSONField(encoder=DjangoJSONEncoder)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=now)

    class Meta:
        ordering = ("at", "id")
