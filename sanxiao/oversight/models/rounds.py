"""Rounds of inspection, what they find at a unit, and the bulletins that are written about it."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from sanxiao.archive.models import Establishment
from sanxiao.docket.models import Matter, Team
from sanxiao.office.models import Office
from sanxiao.office.now import today
from sanxiao.oversight import say
from sanxiao.oversight.models.sight import SightQuerySet, offices, towns
from sanxiao.oversight.rules import BULLETIN, FINDING, ROUND
from sanxiao.papers.models import Paper

HIDDEN = ("planned", "void")  # states of a round of which the visited unit does not know
GRAVITY = [("minor", _("一般")), ("serious", _("较重")), ("grave", _("严重"))]


class RoundQuerySet(SightQuerySet):
    """A unit sees the rounds that have come to it, from their beginning on."""

    def own(self, user: Any) -> Q:
        """Those of one's own unit that are no secret any more."""
        return Q(pk__in=Visit.objects.filter(unit__in=offices(user)).values("round")) & ~Q(state__in=HIDDEN)


class Round(Matter):
    """督查: a topic, a team, and the units it goes to."""

    called = models.CharField(_("名称"), max_length=80)
    topic = models.TextField(_("督查内容"), max_length=1000)
    starts_on = models.DateField(_("开始日期"), default=today)
    ends_on = models.DateField(_("结束日期"))
    team = models.JSONField(_("督查组"), default=list)  # [{"pk": 3, "name": "周敏"}]
    state = ROUND.field()

    flow = ROUND
    family = "oversight"
    in_team = Team("team", "oversight.lead", ("planned",), key="pk")
    fact_labels: ClassVar[dict[str, Any]] = {
        "whom": _("被督查单位"),
        "seen_on": _("走访日期"),
        "words": _("看到的情况"),
    }
    fact_words: ClassVar[dict[str, Any]] = {"team": say.team, "whom": say.units}
    objects = RoundQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        constraints = (models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="round_ends_after"),)

    @property
    def title(self) -> str:
        """What it is called."""
        return self.called

    @property
    def team_names(self) -> str:
        """Who goes, in words."""
        return say.team(self.team)

    def get_absolute_url(self) -> str:
        """The round's page."""
        return reverse("oversight-round", args=[self.pk])


class Visit(models.Model):
    """One unit of a round: when somebody was there, and what they saw."""

    round = models.ForeignKey(Round, models.PROTECT, related_name="visits")
    unit = models.ForeignKey(Office, models.PROTECT, related_name="+", verbose_name=_("单位"))
    seen_on = models.DateField(_("走访日期"), null=True)
    words = models.TextField(_("看到的情况"), blank=True)

    class Meta:
        ordering = ("unit__area", "unit__id")
        constraints = (models.UniqueConstraint(fields=("round", "unit"), name="unit_once_a_round"),)


class FindingQuerySet(SightQuerySet):
    """A unit sees its own findings once it has been told."""

    def own(self, user: Any) -> Q:
        """What was told to one's own unit."""
        return Q(unit__in=offices(user)) & ~Q(state="noted")


class Finding(Matter):
    """督查问题: one thing that a unit has to put right, from a round or from a proof that failed."""

    round = models.ForeignKey(Round, models.PROTECT, null=True, related_name="findings", verbose_name=_("督查"))
    unit = models.ForeignKey(Office, models.PROTECT, related_name="+", verbose_name=_("责任单位"))
    gravity = models.CharField(_("程度"), max_length=8, choices=GRAVITY, default="minor")
    text = models.TextField(_("问题"), max_length=1000)
    demand = models.TextField(_("整改要求"), max_length=1000)
    due_by = models.DateField(_("整改期限"))
    file = models.ForeignKey(
        Establishment, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("涉及的一户")
    )
    done = models.TextField(_("整改情况"), max_length=1000)
    about = models.UUIDField(null=True, editable=False)  # the matter that a failed proof was about
    about_kind = models.CharField(max_length=40, blank=True, editable=False)
    state = FINDING.field()

    flow = FINDING
    family = "oversight"
    objects = FindingQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        indexes = (models.Index(fields=("area", "-updated_at", "id"), name="finding_by_area"),)

    @property
    def title(self) -> str:
        """Its first words."""
        return say.short(self.text)

    @property
    def file_id_for_log(self) -> None:
        """It is about a unit: the file of the place tells nothing of it."""
        return None

    def get_absolute_url(self) -> str:
        """The finding's page."""
        return reverse("oversight-finding", args=[self.pk])


class BulletinQuerySet(SightQuerySet):
    """What was issued is everybody's to read; drafts belong to who writes them."""

    def own(self, user: Any) -> Q:
        """Those issued in one's own town."""
        return Q(state="issued", area__in=towns(user))


class Bulletin(Matter):
    """通报: drafted from data, edited, issued with a number, and then as it is."""

    title = models.CharField(_("标题"), max_length=120)
    addressee = models.CharField(_("主送"), max_length=120)
    body = models.TextField(_("正文"))
    about = models.CharField(max_length=8, editable=False)  # round · quarter · urging
    round = models.ForeignKey(Round, models.PROTECT, null=True, related_name="bulletins", verbose_name=_("督查"))
    quarter = models.CharField(_("季度"), max_length=6, blank=True, editable=False)
    number = models.CharField(_("文号"), max_length=60, blank=True, editable=False)
    paper = models.ForeignKey(Paper, models.PROTECT, null=True, related_name="+", editable=False)
    state = BULLETIN.field()

    flow = BULLETIN
    family = "oversight"
    objects = BulletinQuerySet.as_manager()  # type: ignore[misc]

    def get_absolute_url(self) -> str:
        """The bulletin's page."""
        return reverse("oversight-bulletin", args=[self.pk])
