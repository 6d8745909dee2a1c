"""Good practice: what a unit has found to work, what others say of it, and who does it too."""

import uuid
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from sanxiao.campaign.models import Task
from sanxiao.docket.models import Matter
from sanxiao.office.models import Office, User
from sanxiao.office.now import now, today
from sanxiao.oversight.models.sight import SightQuerySet, offices, towns
from sanxiao.oversight.rules import PRACTICE


class PracticeQuerySet(SightQuerySet):
    """What is shown is everybody's to read; before, it belongs to its unit and to who approves."""

    def own(self, user: Any) -> Q:
        """One's own unit's, and those shown in one's own town."""
        return Q(unit__in=offices(user)) | Q(state="shown", home__in=towns(user))


class Practice(Matter):
    """经验做法: a trouble, the way out of it, and what came of it."""

    unit = models.ForeignKey(Office, models.PROTECT, related_name="+", verbose_name=_("报送单位"))
    home = models.CharField(max_length=12, editable=False)  # the town in which it is shown
    called = models.CharField(_("名称"), max_length=80)
    trouble = models.TextField(_("原来的难处"), max_length=1000)
    how = models.TextField(_("做法"), max_length=3000)
    effect = models.TextField(_("效果"), max_length=1000)
    state = PRACTICE.field()

    flow = PRACTICE
    family = "practice"
    fact_labels: ClassVar[dict[str, Any]] = {"text": _("评论")}
    objects = PracticeQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        indexes = (models.Index(fields=("home", "-updated_at", "id"), name="practice_by_town"),)

    @property
    def title(self) -> str:
        """What it is called."""
        return self.called

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("oversight-practice", args=[self.pk])


class Comment(models.Model):
    """What somebody says of a practice."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    practice = models.ForeignKey(Practice, models.PROTECT, related_name="comments")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    office = models.ForeignKey(Office, models.PROTECT, null=True, related_name="+")
    text = models.TextField(_("评论"), max_length=500)
    at = models.DateTimeField(default=now)

    class Meta:
        ordering = ("at", "id")


class Use(models.Model):
    """A unit does it too, once, in its own words."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    practice = models.ForeignKey(Practice, models.PROTECT, related_name="uses")
    unit = models.ForeignKey(Office, models.PROTECT, related_name="+", verbose_name=_("单位"))
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    note = models.TextField(_("打算怎么做"), max_length=500)
    task = models.ForeignKey(Task, models.PROTECT, null=True, related_name="+")  # what it has become in its own work
    on = models.DateField(default=today)

    class Meta:
        ordering = ("on", "id")
        constraints = (models.UniqueConstraint(fields=("practice", "unit"), name="copied_once_by_a_unit"),)
