"""Visits: planned, made, judged, told, published, and followed up until what they found is put right."""

import uuid
from datetime import date
from typing import Any, ClassVar, Self

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from sanxiao.archive.models import Establishment
from sanxiao.docket.models import Matter, Team
from sanxiao.inspection import visit_say
from sanxiao.inspection.models import Order
from sanxiao.inspection.visit_rules import ACTIONS, CLUES, GOING, KINDS, RESULTS, TOLD_HOW, TONES, VISIT
from sanxiao.office.models import ScopedQuerySet, User
from sanxiao.office.now import today
from sanxiao.survey.models import Form


class VisitQuerySet(ScopedQuerySet):
    """Visits. Rooms above ask here instead of through a reverse key."""

    def of(self, file: Establishment) -> Self:
        """All visits to a file and to those merged into it, newest first; cancelled ones too."""
        return self.filter(file__in=file.pks).order_by("-created_at")

    def because(self, why: str) -> Self:
        """Those that an upper room planned under its own key."""
        return self.filter(why=why)

    def open(self) -> Self:
        """Something is still to come."""
        return self.filter(state__in=VISIT.open_states)

    def waiting(self) -> Self:
        """Not yet made and judged."""
        return self.filter(state__in=("later", "planned", "awaiting", "underway"))

    def done(self) -> Self:
        """Made, newest first: `done_on` and `result` are there; of a higher office's check `done_on` alone."""
        return self.filter(done_on__isnull=False).exclude(state="void").order_by("-done_on", "-created_at")

    def judged(self) -> Self:
        """Our own, made by a checklist: score and result are there."""
        return self.done().filter(score__isnull=False)

    def on_ground(self) -> Self:
        """Those that somebody may still go to: planned, or begun."""
        return self.filter(state__in=("planned", "underway"))

    def clues(self) -> Self:
        """立案线索: told findings that enforcement is to look into."""
        return self.filter(action__in=CLUES, told_on__isnull=False).exclude(state="void")


class DueQuerySet(ScopedQuerySet):
    """Next dates of places."""

    def unplanned(self) -> Self:
        """No visit by the whole checklist is planned or under way."""
        going = Visit.objects.filter(state__in=GOING).exclude(kind="flying")
        return self.exclude(file__in=going.values("file"))


class Visit(Matter):
    """One visit to one place: why, when, by whom, what the checklist said, and what follows from it."""

    file = models.ForeignKey(Establishment, models.PROTECT, related_name="+", verbose_name=_("经营单位"))
    kind = models.CharField(_("检查类型"), max_length=10, choices=KINDS, default="routine")
    why = models.CharField(max_length=80, blank=True, db_index=True)  # an upper room's key, by which it finds its own
    cause = models.CharField(_("检查事由"), max_length=200, blank=True)
    planned_from = models.DateField(_("计划日期，自"), null=True)
    planned_to = models.DateField(_("计划日期，至"), null=True)
    officer = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("主查人"))
    team = models.JSONField(_("检查人员"), default=list, blank=True)  # [{user, name, office}], the first leads
    vehicles = models.PositiveSmallIntegerField(
        _("出动车辆（车次）"), default=0, blank=True, help_text=_("一趟车走几户的，只在第一户填；没有用车的填 0。")
    )
    override = models.CharField(
        _("仍须检查的理由"), max_length=300, blank=True, help_text=_("在静默期内或者超过年度上限时必须写明。")
    )
    credentials = models.CharField(
        _("出示的证件"), max_length=60, default="行政执法证", help_text=_("执法证件，或者检查任务书。")
    )
    filled = models.UUIDField(null=True, unique=True, editable=False)  # the phone's answer that it was made of
    begun_on = models.DateField(_("检查日期"), null=True)
    form = models.ForeignKey(Form, models.PROTECT, null=True, related_name="+", verbose_name=_("检查表"))
    scope = models.JSONField(_("检查项目"), default=list, blank=True)  # codes of items; empty: all of the checklist
    # item -> {a: yes|no|na, gravity, note}
    answers = models.JSONField(_("检查情况"), default=dict, blank=True, encoder=DjangoJSONEncoder)
    earned = models.PositiveSmallIntegerField(null=True, editable=False)
    applicable = models.PositiveSmallIntegerField(null=True, editable=False)
    score = models.FloatField(_("得分"), null=True, editable=False)
    result = models.CharField(_("结果"), max_length=8, choices=RESULTS, blank=True, editable=False, db_index=True)
    action = models.CharField(_("处理"), max_length=12, choices=ACTIONS, blank=True, editable=False)
    done_on = models.DateField(_("检查日期"), null=True)
    number = models.CharField(_("记录表编号"), max_length=60, blank=True, db_index=True)
    told_on = models.DateField(_("告知日期"), null=True)
    told_how = models.CharField(_("告知方式"), max_length=8, choices=TOLD_HOW, default="")
    told_to = models.CharField(_("签字人"), max_length=40, blank=True)
    refusal = models.CharField(_("拒签原因"), max_length=200, blank=True)
    witness = models.CharField(_("见证人"), max_length=40, blank=True)
    recording = models.CharField(_("录音录像编号"), max_length=60, blank=True)
    published_on = models.DateField(_("公开日期"), null=True)
    higher = models.CharField(_("上级检查机关"), max_length=80, default="")  # whose check this was, when not ours
    order = models.ForeignKey(Order, models.PROTECT, null=True, related_name="visits")  # a re-check: of which order
    before = models.ForeignKey("self", models.PROTECT, null=True, related_name="after")  # what it follows up
    state = VISIT.field()

    flow = VISIT
    family = "visit"
    in_team = Team("team", "visit.plan", ("later", "planned", "awaiting"), lead="officer")
    fact_labels: ClassVar[dict[str, Any]] = {
        "until": _("下次日期"), "lot": _("抽取种子"), "persons": _("出动人数"),
    }  # fmt: skip
    fact_words: ClassVar[dict[str, Any]] = {"team": visit_say.team, "answers": visit_say.answers}
    objects = VisitQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        indexes = (
            models.Index(fields=("area", "-updated_at", "id"), name="visit_by_area"),
            models.Index(fields=("file", "-done_on"), name="visit_of_file"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("order",), condition=Q(state="awaiting"), name="one_recheck_waits_for_an_order"
            ),
            models.UniqueConstraint(
                fields=("file", "kind", "why"),
                condition=Q(state__in=GOING),
                name="one_visit_of_a_kind_under_way",
            ),
            models.UniqueConstraint(fields=("area", "number"), condition=~Q(number=""), name="visit_number_once"),
            models.CheckConstraint(
                condition=Q(planned_to__isnull=True) | Q(planned_to__gte=models.F("planned_from")),
                name="visit_not_over_before_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(score__isnull=True) | (Q(score__gte=0) & Q(score__lte=100)), name="visit_score_in_bounds"
            ),
        )

    def __str__(self) -> str:
        return f"{self.file.called} {self.get_kind_display()}"

    @property
    def title(self) -> str:
        """The place it is about."""
        return self.file.called

    @property
    def tone(self) -> str:
        """Colour of its result."""
        return TONES[self.result]

    @property
    def day(self) -> date | None:
        """When it was made, or is to be made at the latest."""
        return self.done_on or self.begun_on or self.planned_to

    @property
    def inspectors(self) -> str:
        """Names of the team, the leader first."""
        return "、".join(row["name"] for row in self.team)

    def get_absolute_url(self) -> str:
        """The visit's page."""
        return reverse("visit", args=[self.pk])


class Due(models.Model):
    """应查: the next date of one trading place, by its grade. Counted by the night watch, never typed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    file = models.OneToOneField(Establishment, models.PROTECT, related_name="+", verbose_name=_("经营单位"))
    area = models.CharField(_("所属村（社区）"), max_length=12, db_index=True)
    officer = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("监管员"))
    last_on = models.DateField(_("上次全项检查"), null=True)
    letter = models.CharField(_("风险等级"), max_length=1)
    points = models.FloatField(_("风险分值"))
    per_year = models.FloatField(_("每年次数"))
    due_on = models.DateField(_("应查日期"), db_index=True)
    reasons = models.JSONField(_("理由"), default=dict)  # by language, what weighs most first
    counted_on = models.DateField()

    objects = DueQuerySet.as_manager()
    family = "visit"

    class Meta:
        ordering = ("due_on", "-points")

    @property
    def said(self) -> list[str]:
        """The reasons in the language of the screen."""
        return list(self.reasons.get("en" if (get_language() or "").startswith("en") else "zh-hans", ()))

    @property
    def is_late(self) -> bool:
        """Should it have been inspected by now?"""
        return self.due_on < today()

    def get_absolute_url(self) -> str:
        """The place's page, with the tab of its visits."""
        return f"{self.file.get_absolute_url()}?tab=visit"
