"""责任约谈: who was called in about what, what was demanded and promised, and whether the promise was kept."""

from datetime import date
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from sanxiao.archive.models import Establishment
from sanxiao.docket.models import Matter
from sanxiao.inspection.models import Order
from sanxiao.inspection.talk_rules import HELD, SIGNED_HOW, TALK
from sanxiao.inspection.visit_models import Visit
from sanxiao.office.models import ScopedQuerySet, User


class TalkQuerySet(ScopedQuerySet):
    """Talks. Rooms above ask here instead of through a reverse key."""

    def of(self, file: Establishment) -> Self:
        """All talks with the operator of a file and of those merged into it, newest first; cancelled ones too."""
        return self.filter(file__in=file.pks).order_by("-created_at")

    def happened(self) -> Self:
        """Those that took place."""
        return self.filter(state__in=(*HELD, "kept", "broken"))


class Talk(Matter):
    """One talk with the person responsible for one place."""

    file = models.ForeignKey(Establishment, models.PROTECT, related_name="+", verbose_name=_("经营单位"))
    order = models.ForeignKey(
        Order, models.PROTECT, null=True, blank=True, related_name="talks", verbose_name=_("整改通知")
    )
    visit = models.ForeignKey(
        Visit, models.PROTECT, null=True, blank=True, related_name="talks", verbose_name=_("检查")
    )
    number = models.CharField(_("文号"), max_length=60, blank=True, db_index=True)
    officer = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("约谈人"))
    second = models.CharField(_("同行执法人员"), max_length=40, default="")
    cause = models.CharField(_("约谈事由"), max_length=200)
    findings = models.TextField(_("指出的问题"), max_length=2000)
    person = models.CharField(_("被约谈人"), max_length=40)
    role = models.CharField(
        _("身份"), max_length=40, default="经营者", help_text=_("经营者、法定代表人或者主要负责人。")
    )
    meet_on = models.DateField(_("约谈日期"), null=True)
    meet_at = models.CharField(_("时间"), max_length=20, blank=True, help_text=_("例如 下午2:00。"))
    place = models.CharField(_("地点"), max_length=80)
    held_on = models.DateField(_("约谈日期"), null=True)
    demanded = models.TextField(_("提出的要求"), max_length=1000)
    promised = models.TextField(_("对方的说明和承诺"), max_length=1000)
    promise_on = models.DateField(_("承诺完成日期"), null=True)
    signed_on = models.DateField(_("签字日期"), null=True)
    signed_how = models.CharField(_("签字情况"), max_length=8, choices=SIGNED_HOW, default="")
    refusal = models.CharField(_("拒签原因"), max_length=200, blank=True)
    witness = models.CharField(_("见证人"), max_length=40, blank=True)
    seen_on = models.DateField(_("查看日期"), null=True)
    effect = models.TextField(_("效果"), max_length=500)
    state = TALK.field()

    flow = TALK
    family = "talk"
    fact_labels: ClassVar[dict[str, Any]] = {"until": _("改到")}
    objects = TalkQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        indexes = (models.Index(fields=("area", "-updated_at", "id"), name="talk_by_area"),)
        constraints = (
            models.UniqueConstraint(fields=("area", "number"), condition=~Q(number=""), name="talk_number_once"),
            models.UniqueConstraint(
                fields=("file",), condition=Q(state__in=("called", "held")), name="one_talk_waits_for_a_place"
            ),
        )

    @property
    def title(self) -> str:
        """The place it is about."""
        return self.file.called

    @property
    def day(self) -> date | None:
        """When it took place, or is to."""
        return self.held_on or self.meet_on

    def get_absolute_url(self) -> str:
        """The talk's page."""
        return reverse("talk", args=[self.pk])
