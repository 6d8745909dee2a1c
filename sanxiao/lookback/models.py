"""Look-back campaigns and their lists, revisits of closed places, and alarms that one may have come back."""

from datetime import date, datetime
from types import MappingProxyType
from typing import Any, ClassVar, Self
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from sanxiao.archive.models import Establishment
from sanxiao.archive.rules import CLOSINGS
from sanxiao.docket.models import Attachment, Matter
from sanxiao.inspection.visit_models import Visit
from sanxiao.lookback import say
from sanxiao.lookback.rules import ALARM, CAMPAIGN, LOOK, REVISIT
from sanxiao.office.models import ScopedQuerySet, User
from sanxiao.office.now import now, today


class Campaign(Matter):
    """回头看专项: a rule, the list that it gave on one day, and the teams among which it was shared out by lot."""

    called = models.CharField(_("名称"), max_length=80)
    rule = models.JSONField(_("条件"), default=dict, encoder=DjangoJSONEncoder)  # see rule.py
    until_on = models.DateField(_("看完的期限"))
    size = models.PositiveIntegerField(_("抽取户数"), null=True, blank=True, help_text=_("不填就全部列入。"))
    pool = models.PositiveIntegerField(_("符合条件"), default=0, editable=False)
    seed = models.CharField(_("抽取种子"), max_length=40, editable=False)
    lot = models.CharField(_("分组种子"), max_length=40, blank=True, editable=False)
    teams = models.JSONField(_("分组"), default=list)  # [{"first": pk, "second": pk, "names": [one, other]}]
    state = CAMPAIGN.field()

    flow = CAMPAIGN
    family = "lookback"
    fact_labels: ClassVar[dict[str, Any]] = {"list": _("列入户数"), "unassigned": _("没有分到人")}
    fact_words: ClassVar[dict[str, Any]] = {"rule": say.rule, "teams": say.teams}

    def __str__(self) -> str:
        return self.called

    @property
    def title(self) -> str:
        """What it is called."""
        return self.called

    def get_absolute_url(self) -> str:
        """The campaign's page."""
        return reverse("lookback-campaign", args=[self.pk])


class LookQuerySet(ScopedQuerySet):
    """Look-backs. Whoever is of the team sees it too, though the place lies on other ground."""

    def seen_by(self, user: Any) -> Self:
        """Those of one's ground, and those of one's own team."""
        ground = super().seen_by(user)
        mine = Q(first=user.pk) | Q(second=user.pk) if user.is_authenticated else Q(pk__in=[])
        return self.filter(Q(pk__in=ground.values("pk")) | mine & ~Q(state="listed"))

    def of_team(self, user: Any) -> Self:
        """Those for which a person, or who has this key, goes out himself."""
        return self.filter(Q(first=user) | Q(second=user))


class Look(Matter):
    """回头看一户: one place of a campaign's list, its team of two, and what they found."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="looks", verbose_name=_("专项"))
    file = models.ForeignKey(Establishment, models.PROTECT, related_name="+", verbose_name=_("经营单位"))
    no = models.PositiveIntegerField(_("序号"))
    first = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("分局人员"))
    second = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("同行人员"))
    until_on = models.DateField(_("期限"))
    seen_on = models.DateField(_("到场日期"), default=today)
    found = models.TextField(_("看到的情况"), max_length=500)
    visit = models.ForeignKey(Visit, models.PROTECT, null=True, related_name="+", verbose_name=_("检查记录"))
    state = LOOK.field()
    place: str  # laid on by the page of the campaign: the name of the village

    flow = LOOK
    in_hand = MappingProxyType({"first": "lookback.do", "second": "lookback.do"})
    family = "lookback"
    objects = LookQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        indexes = (models.Index(fields=("area", "-updated_at", "id"), name="look_by_area"),)
        constraints = (models.UniqueConstraint(fields=("campaign", "file"), name="look_once_a_campaign"),)

    @property
    def title(self) -> str:
        """The place it is about."""
        return self.file.called

    @property
    def team(self) -> list[User]:
        """Who goes, none before it was assigned."""
        return [who for who in (self.first, self.second) if who]

    def get_absolute_url(self) -> str:
        """The look-back's page."""
        return reverse("lookback-look", args=[self.pk])


class Revisit(Matter):
    """关停回查: one visit to a closed place at an hour drawn by lot. `closing` is the event that closed it."""

    file = models.ForeignKey(Establishment, models.PROTECT, related_name="+", verbose_name=_("经营单位"))
    closing = models.BigIntegerField(editable=False)
    closed_on = models.DateField(_("关停日期"))
    how = models.CharField(_("关停方式"), max_length=20, choices=CLOSINGS)
    step = models.PositiveSmallIntegerField(_("第几次"))
    visit_on = models.DateField(_("排定日期"))
    window = models.JSONField(_("时段"), default=dict)  # as the rule had it: key, name, name_en, from, to
    until_on = models.DateField(_("最迟"))
    seed = models.CharField(_("种子"), max_length=40)
    seen_at = models.DateTimeField(_("到场时间"), default=now)
    companion = models.CharField(_("同行人员"), max_length=40, default="")
    found = models.TextField(_("看到的情况"), max_length=500)
    visit = models.ForeignKey(Visit, models.PROTECT, null=True, related_name="+", verbose_name=_("检查记录"))
    state = REVISIT.field()

    flow = REVISIT
    family = "revival"
    fact_labels: ClassVar[dict[str, Any]] = {"window": _("时段"), "due": _("满期日")}
    fact_words: ClassVar[dict[str, Any]] = {"window": say.window}

    class Meta:
        indexes = (models.Index(fields=("area", "-updated_at", "id"), name="revisit_by_area"),)
        constraints = (models.UniqueConstraint(fields=("closing", "step"), name="revisit_once_a_step"),)

    @property
    def title(self) -> str:
        """The place it is about."""
        return self.file.called

    @property
    def when(self) -> str:
        """The hour in words: 夜间 20:30–23:00."""
        return say.window(self.window)

    @property
    def seen_on(self) -> date:
        """The day on which somebody was there."""
        return timezone.localtime(self.seen_at).date()

    def get_absolute_url(self) -> str:
        """The revisit's page."""
        return reverse("lookback-revisit", args=[self.pk])


class Alarm(Matter):
    """死灰复燃线索: a closed place or its operator may be at it again, there where it was seen.

    One for each closing and place: whatever else is seen of that place is added to it, also once it was dismissed.
    """

    file = models.ForeignKey(Establishment, models.PROTECT, related_name="+", verbose_name=_("已关停的一户"))
    closing = models.BigIntegerField(editable=False)
    closed_on = models.DateField(_("关停日期"))
    place = models.CharField(max_length=80, editable=False)  # key of the establishment seen, or of the first sighting
    seen = models.ForeignKey(Establishment, models.PROTECT, null=True, related_name="+", verbose_name=_("出现的一户"))
    called = models.CharField(_("出现的名称"), max_length=180, blank=True)
    operator = models.CharField(_("出现的经营者"), max_length=60, blank=True)
    address = models.CharField(_("出现的地址"), max_length=160, blank=True)
    reasons = models.JSONField(_("为什么像"), default=list)  # codes, see watching.py
    looked_on = models.DateField(_("核实日期"), default=today)
    found = models.TextField(_("看到的情况"), max_length=500)
    state = ALARM.field()

    flow = ALARM
    family = "revival"
    fact_labels: ClassVar[dict[str, Any]] = {"seen": _("迹象"), "reasons": _("为什么像")}
    fact_words: ClassVar[dict[str, Any]] = {"reasons": say.reasons, "seen": say.seen}

    class Meta:
        indexes = (models.Index(fields=("area", "-updated_at", "id"), name="alarm_by_area"),)
        constraints = (models.UniqueConstraint(fields=("closing", "place"), name="alarm_once_a_place"),)

    @property
    def title(self) -> str:
        """The place that was closed."""
        return self.file.called

    @property
    def why(self) -> str:
        """Why it may be the same, in words."""
        return say.reasons(self.reasons)

    def get_absolute_url(self) -> str:
        """The alarm's page."""
        return reverse("lookback-alarm", args=[self.pk])


class Trace(models.Model):
    """One sighting that an alarm rests on: what it was, when, and where to read it."""

    alarm = models.ForeignKey(Alarm, models.CASCADE, related_name="traces")
    key = models.CharField(max_length=80)
    kind = models.CharField(max_length=40)
    move = models.CharField(max_length=30)
    on = models.DateField()
    url = models.CharField(max_length=200)
    at = models.DateTimeField(default=now)

    class Meta:
        ordering = ("on", "id")
        constraints = (models.UniqueConstraint(fields=("alarm", "key"), name="trace_once"),)

    @property
    def name(self) -> str:
        """What it was, in the words of its flow."""
        return say.seen({"kind": self.kind, "move": self.move})


class Heard(models.Model):
    """How far the watch has listened: one row."""

    event = models.BigIntegerField(default=0)
    until: datetime = models.DateTimeField()  # type: ignore[assignment]


def proofs(pks: list[UUID]) -> models.QuerySet[Attachment]:
    """Pictures of these matters that stand."""
    return Attachment.objects.filter(subject__in=pks, voided_at__isnull=True, blob__width__isnull=False)
