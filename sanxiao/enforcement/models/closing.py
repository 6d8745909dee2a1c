"""Closings as operations, violence against officers, and persons barred from the trade."""

from datetime import date
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from sanxiao.archive.models import Establishment, Operator
from sanxiao.docket.models import Matter, Recorded
from sanxiao.enforcement.closing_rules import CLOSURE, GROUNDS, WAYS
from sanxiao.enforcement.models.cases import Case
from sanxiao.enforcement.models.handing import Transfer
from sanxiao.office import seal
from sanxiao.office.models import ScopedQuerySet
from sanxiao.office.now import today

HARM = [("words", _("辱骂、威胁")), ("hands", _("推搡、殴打")), ("tools", _("持械")), ("goods", _("毁损车辆、设备"))]


class Closure(Matter):
    """关停取缔: from the notice to the photo of the closed door."""

    file = models.ForeignKey(Establishment, models.PROTECT, related_name="+", verbose_name=_("档案"))
    case = models.ForeignKey(Case, models.PROTECT, null=True, related_name="closures")
    number = models.CharField(_("文号"), max_length=60, blank=True, editable=False)
    ground = models.CharField(_("关停理由"), max_length=12, choices=GROUNDS)
    guided_until = models.DateField(_("引导期至"))
    stop_on = models.DateField(_("责令停止日期"), null=True)
    act_on = models.DateField(_("执行日期"), null=True)
    team = models.TextField(_("参加单位和人员"), max_length=500, default="")
    steps = models.TextField(_("各单位任务和预案"), max_length=2000, default="")
    acted_on = models.DateField(_("实际执行日期"), null=True)
    way = models.CharField(_("结果"), max_length=8, choices=WAYS, default="")
    goods = models.TextField(_("现场财物清单"), max_length=2000, blank=True)
    resisted = models.BooleanField(_("遇到阻碍执法"), default=False, blank=True)
    state = CLOSURE.field()

    flow = CLOSURE
    family = "closure"

    class Meta:
        indexes = (models.Index(fields=("area", "-updated_at", "id"), name="closure_by_area"),)
        constraints = (
            models.UniqueConstraint(
                fields=("file",), condition=Q(state__in=CLOSURE.open_states), name="one_closure_at_a_time"
            ),
        )

    @property
    def title(self) -> str:
        """The place it is about."""
        return self.file.called

    def get_absolute_url(self) -> str:
        """The closing's page."""
        return reverse("closure", args=[self.pk])


class Incident(Recorded):
    """Violence against officers at a place: what happened, whether the police came. It warns who goes there next."""

    file = models.ForeignKey(Establishment, models.PROTECT, related_name="+", verbose_name=_("档案"))
    on = models.DateField(_("日期"), default=today)
    harm = models.CharField(_("情形"), max_length=8, choices=HARM)
    said = models.TextField(_("经过"), max_length=2000)
    injured = models.CharField(_("受伤人员"), max_length=120, blank=True)
    police_called = models.BooleanField(_("已报警"), default=False)
    police_no = models.CharField(_("接处警编号"), max_length=60, blank=True)
    transfer = models.ForeignKey(Transfer, models.PROTECT, null=True, related_name="incidents", editable=False)

    family = "incident"
    act_names: ClassVar[dict[str, Any]] = {"record": _("记录阻碍执法"), "link": _("关联移送公安")}
    fact_labels: ClassVar[dict[str, Any]] = {"hand_over": _("移送公安"), "harm": _("情形")}
    fact_words: ClassVar[dict[str, Any]] = {
        "harm": lambda key: str(dict(HARM).get(key, key)),
        "hand_over": lambda pk: str(Transfer.objects.filter(pk=pk).first() or pk),
    }

    class Meta:
        ordering = ("-on", "-created_at")

    def __str__(self) -> str:
        return f"{self.on} {self.file.called} {self.get_harm_display()}"

    def get_absolute_url(self) -> str:
        """The page of what happened."""
        return reverse("incident", args=[self.pk])


class BarredQuerySet(ScopedQuerySet):
    """Persons who may not work in the trade."""

    def now(self, on: date | None = None) -> Self:
        """In force on the day."""
        on = on or today()
        return self.filter(since__lte=on, lifted_on__isnull=True).filter(Q(until__isnull=True) | Q(until__gte=on))

    def of(self, operator: Operator) -> Self:
        """The same person, by the keyed index of the ID number."""
        if not operator.id_number_index:
            return self.none()
        return self.filter(id_number_index=operator.id_number_index)


class Barred(Recorded):
    """限制从业: a person, from when to when, by which decision. Checked when somebody applies for a paper."""

    name = models.CharField(_("姓名"), max_length=60)
    id_number_sealed = models.TextField(blank=True)
    id_number_index = models.CharField(max_length=40, db_index=True)
    id_number_tail = models.CharField(max_length=40, blank=True)
    since = models.DateField(_("起"))
    until = models.DateField(_("止"), null=True, blank=True, help_text=_("终身禁止的留空。"))
    basis = models.CharField(_("依据"), max_length=200)
    case = models.ForeignKey(Case, models.PROTECT, null=True, related_name="+")
    lifted_on = models.DateField(_("解除日期"), null=True, editable=False)
    id_number = seal.sealed("id_number", seal.plain_id)

    family = "barred"
    private = ("id_number",)
    act_names: ClassVar[dict[str, Any]] = {"bar": _("登记限制从业")}
    fact_labels: ClassVar[dict[str, Any]] = {"id_number": _("证件号码")}
    objects = BarredQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        ordering = ("-since", "name")

    @property
    def is_over(self) -> bool:
        """Lifted, or run out."""
        return self.lifted_on is not None or (self.until is not None and self.until < today())

    def get_absolute_url(self) -> str:
        """The page of one person on the list."""
        return reverse("barred-one", args=[self.pk])
