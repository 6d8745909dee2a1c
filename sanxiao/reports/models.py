"""Quarterly reports, their frozen versions, and the list behind every frozen number."""

import uuid
from typing import Any, Self

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from sanxiao.docket.models import Deadline, Event, Matter
from sanxiao.office.duties import ASSISTS, DUTIES, LEADS, TOLD, scope_of
from sanxiao.office.models import Office, ScopedQuerySet, User
from sanxiao.office.now import now
from sanxiao.reports.concern_models import Concern as Concern  # a model of this room, in a file of its own
from sanxiao.reports.quarters import Quarter
from sanxiao.reports.rules import GATES, REPORT, SCOPES, TOWN

NARRATIVE = ("progress", "problems", "needs", "next_steps")


class ReportQuerySet(ScopedQuerySet):
    """Reports. A unit sees its own; who accepts reports, or is told of it, sees all of the ground."""

    def seen_by(self, user: Any) -> Self:
        """Ground × family as everywhere, and the unit's own unless the person's office receives reports."""
        scope = scope_of(user)
        rows = super().seen_by(user)
        if scope.roles & DUTIES["report.accept"].roles(LEADS, ASSISTS, TOLD):
            return rows
        return rows.filter(unit__in=[seat.office_id for seat in scope.seats])

    def of(self, quarter: Quarter) -> Self:
        """Those of one quarter."""
        return self.filter(year=quarter.year, no=quarter.no)


class Report(Matter):
    """The report of one unit, or of the whole town, on one quarter. Only its words are typed."""

    unit = models.ForeignKey(Office, models.PROTECT, related_name="+", verbose_name=_("填报单位"))
    scope = models.CharField(_("范围"), max_length=4, choices=SCOPES, editable=False)
    gate = models.CharField(_("审核"), max_length=6, choices=GATES, editable=False)
    year = models.PositiveSmallIntegerField(editable=False)
    no = models.PositiveSmallIntegerField(_("季度"), editable=False)
    due_by = models.DateField(_("应报日期"), editable=False)
    progress = models.TextField(_("整治进展"), blank=True)
    problems = models.TextField(_("存在问题"), blank=True)
    needs = models.TextField(_("需要支持"), blank=True)
    next_steps = models.TextField(_("下一步打算"), blank=True)
    explanation = models.TextField(_("核对说明"), blank=True)
    state = REPORT.field()
    _subject: Any  # its numbers, once read: see subject.subject_of

    flow = REPORT
    family = "report"
    objects = ReportQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("area", "unit", "scope", "year", "no"), name="one_report_per_quarter"),
            models.CheckConstraint(condition=Q(no__gte=1, no__lte=4), name="quarter_of_four"),
        )
        indexes = (models.Index(fields=("year", "no", "area"), name="report_by_quarter"),)

    @property
    def quarter(self) -> Quarter:
        """The quarter it is about."""
        return Quarter(self.year, self.no)

    @property
    def is_town(self) -> bool:
        """Is it the report of the whole town?"""
        return self.scope == TOWN

    @property
    def who(self) -> str:
        """Whose report it is, in words."""
        return str(_("全镇汇总")) if self.is_town else str(self.unit)

    @property
    def title(self) -> str:
        """Quarter and unit."""
        return f"{self.quarter.label} {self.who}"

    def get_absolute_url(self) -> str:
        """The report's page."""
        return reverse("report", args=[self.pk])

    @property
    def latest(self) -> "Version | None":
        """The last version that was submitted; one query, kept while this object lives."""
        if not hasattr(self, "_latest"):
            self._latest = self.versions.order_by("-serial").first()
        return self._latest

    @property
    def is_frozen(self) -> bool:
        """Are the figures those of the last version, and no longer counted anew?"""
        return self.state in ("submitted", "accepted")


class Version(models.Model):
    """What was submitted: figures, checks and words as they were. Never edited; a correction makes another."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    report = models.ForeignKey(Report, models.PROTECT, related_name="versions")
    serial = models.PositiveSmallIntegerField()
    cells = models.JSONField(default=dict)  # "new.q|320413100206|workshop": 3; noughts are left out
    checks = models.JSONField(default=list, encoder=DjangoJSONEncoder)
    words = models.JSONField(default=dict)  # NARRATIVE and explanation
    concerns = models.JSONField(default=list, encoder=DjangoJSONEncoder)  # T9 in words, see concerns.packed
    reason = models.TextField(_("更正理由"), blank=True)
    late = models.BooleanField()
    digest = models.CharField(max_length=64)  # of the cells and lists: ties a print to what was frozen
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    on = models.DateField()
    at = models.DateTimeField(default=now)

    class Meta:
        ordering = ("serial",)
        constraints = (models.UniqueConstraint(fields=("report", "serial"), name="one_version_at_a_time"),)


class FrozenList(models.Model):
    """The records behind one frozen number: events with their sign, or files."""

    version = models.ForeignKey(Version, models.PROTECT, related_name="lists")
    cell = models.CharField(max_length=120)
    items = models.JSONField(default=list, encoder=DjangoJSONEncoder)  # [[event, sign], …] or [file, …]

    class Meta:
        constraints = (models.UniqueConstraint(fields=("version", "cell"), name="one_list_per_number"),)


class Hit(Event):
    """An event as a line of the list behind a number."""

    class Meta:
        proxy = True

    def get_absolute_url(self) -> str:
        """The file in which it happened; where it concerns none, the problem or need, otherwise nothing to open."""
        if self.file:
            return reverse("file", args=[self.file])
        return reverse("concern", args=[self.subject]) if self.kind == Concern.flow.key else ""


class Due(Deadline):
    """A legal term as a line of a list."""

    class Meta:
        proxy = True

    def get_absolute_url(self) -> str:
        """The file it concerns, otherwise the matter itself."""
        if self.file:
            return reverse("file", args=[self.file])
        return reverse("matter", args=[self.kind, self.subject])
