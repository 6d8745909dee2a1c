"""What a unit is asked for: a number by a day (target), or something to be done (task)."""

import uuid
from typing import Any, ClassVar, Self

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from sanxiao.campaign.models.meetings import Decision
from sanxiao.campaign.rules import TARGET, TASK
from sanxiao.docket.models import Matter
from sanxiao.office.duties import DUTIES, LEADS, scope_of
from sanxiao.office.models import Office, ScopedQuerySet
from sanxiao.office.now import today


class OfUnits(ScopedQuerySet):
    """What concerns one unit: seen by it, by who gave it, and by those who may give to anybody."""

    duty = ""  # who leads it sees all on his ground
    offices: tuple[str, ...] = ("unit",)

    def seen_by(self, user: Any) -> Self:
        """One's own unit's; all on the ground for the offices that direct the campaign."""
        scope = scope_of(user)
        mine = [seat.office_id for seat in scope.seats]
        found = Q(pk__in=[])
        for name in self.offices:
            found |= Q(**{f"{name}__in": mine})
        for prefix in scope.prefixes(DUTIES[self.duty].roles(LEADS)):
            found |= Q(area__gte=prefix.ljust(12, "0"), area__lte=prefix.ljust(12, "9"))
        return self.filter(found)


class TargetQuerySet(OfUnits):
    """Targets."""

    duty = "target.set"


class Target(Matter):
    """So many of something by a day, for one unit in one phase; how many there are is counted from the log."""

    unit = models.ForeignKey(Office, models.PROTECT, null=True, related_name="+", verbose_name=_("承担单位"))
    round = models.CharField(max_length=20, blank=True, editable=False)
    phase = models.CharField(_("所属阶段"), max_length=20)
    rule = models.CharField(_("考核指标"), max_length=40)  # key of a Proof
    number = models.PositiveIntegerField(_("目标数"), null=True, validators=(MinValueValidator(1),))
    wanted_on = models.DateField(_("完成日期"))
    note = models.CharField(_("说明"), max_length=200, blank=True)
    state = TARGET.field()

    flow = TARGET
    family = "target"
    fact_labels: ClassVar[dict[str, Any]] = {"units": _("承担单位"), "percent": _("按在营户数的百分比")}
    objects = TargetQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        ordering = ("wanted_on", "area", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("unit", "round", "phase", "rule"), condition=Q(state="set"), name="one_target_of_a_sort"
            ),
        )

    @property
    def title(self) -> str:
        """Whose it is."""
        return f"{self.unit} {self.number}" if self.unit else str(_("新目标"))

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("target", args=[self.pk])


class TaskQuerySet(OfUnits):
    """Tasks."""

    duty = "task.assign"
    offices = ("unit", "giver")

    def open(self) -> Self:
        """Something is still to come."""
        return self.filter(state__in=TASK.open_states)


class Task(Matter):
    """交办任务: what one office asks of one unit, by a day, with its feedback and the records behind it."""

    giver = models.ForeignKey(Office, models.PROTECT, related_name="+", verbose_name=_("交办单位"))
    unit = models.ForeignKey(Office, models.PROTECT, null=True, related_name="+", verbose_name=_("承办单位"))
    better = models.ForeignKey(
        Office, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("应当由谁办理")
    )
    batch = models.UUIDField(default=uuid.uuid4, editable=False, db_index=True)  # given to several at once
    heading = models.CharField(_("任务"), max_length=80)
    demand = models.TextField(_("要求"), max_length=2000)
    wanted_on = models.DateField(_("要求办结日期"))
    urgent = models.BooleanField(_("急件"), default=False)
    clause = models.CharField(_("方案条款"), max_length=20, blank=True)
    decision = models.ForeignKey(Decision, models.PROTECT, null=True, editable=False, related_name="tasks")
    report = models.TextField(_("办理结果"), max_length=4000, default="")
    links = models.JSONField(_("相关记录"), default=list, blank=True)  # {kind, id, title}
    reported_on = models.DateField(null=True, editable=False)
    done_on = models.DateField(_("办结日期"), null=True, editable=False)
    state = TASK.field()

    flow = TASK
    family = "task"
    fact_labels: ClassVar[dict[str, Any]] = {"units": _("承办单位")}
    fact_words: ClassVar[dict[str, Any]] = {"links": lambda rows: str(len(rows))}
    objects = TaskQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        ordering = ("-created_at", "id")
        indexes = (models.Index(fields=("clause", "area"), name="task_of_clause"),)
        constraints = (models.UniqueConstraint(fields=("batch", "unit"), name="task_once_a_unit"),)

    @property
    def title(self) -> str:
        """What it is about, urgent ones marked."""
        return f"【{_('急')}】{self.heading}" if self.urgent else self.heading or str(self.giver)

    @property
    def is_late(self) -> bool:
        """Was it, or is it, past its day without a report?"""
        return self.is_open and self.state != "reported" and bool(self.due_on and self.due_on < today())

    def get_absolute_url(self) -> str:
        """The page that both sides share."""
        return reverse("task", args=[self.pk])
