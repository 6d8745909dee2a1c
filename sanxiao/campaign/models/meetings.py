"""Meetings: who is invited and came, what was decided, which tasks came of it."""

from typing import Any, ClassVar, Self

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from sanxiao.campaign.rules import INVITE, LEVELS, MEETING, MEETINGS
from sanxiao.docket.models import Matter
from sanxiao.office.duties import DUTIES, LEADS, scope_of
from sanxiao.office.models import Office, ScopedQuerySet
from sanxiao.papers import codes


def _in_charge(user: Any) -> Q:
    """Everything on the ground of those who may call the whole town together."""
    found = Q(pk__in=[])
    for prefix in scope_of(user).prefixes(DUTIES["meeting.town"].roles(LEADS)):
        found |= Q(area__gte=prefix.ljust(12, "0"), area__lte=prefix.ljust(12, "9"))
    return found


class MeetingQuerySet(ScopedQuerySet):
    """Meetings: for who calls them, who is invited, and who is in charge of all."""

    def seen_by(self, user: Any) -> Self:
        """One's own office's; those to which it is invited, once the notice is out; all for those in charge."""
        mine = [seat.office_id for seat in scope_of(user).seats]
        asked = Invite.objects.filter(meeting=OuterRef("pk"), office__in=mine)
        return self.filter(Q(host__in=mine) | (~Q(state="planned") & Exists(asked)) | _in_charge(user))

    def held(self) -> Self:
        """Those that took place."""
        return self.filter(state__in=("held", "minuted"))


class Meeting(Matter):
    """A meeting of the whole town, or of one unit."""

    host = models.ForeignKey(Office, models.PROTECT, related_name="+", verbose_name=_("召集单位"))
    level = models.CharField(max_length=6, choices=LEVELS, default="own", editable=False)
    kind = models.CharField(_("会议类型"), max_length=10, choices=MEETINGS, default="mobilise")
    topic = models.CharField(_("会议名称"), max_length=80)
    held_on = models.DateField(_("日期"))
    starts_at = models.CharField(_("时间"), max_length=20, blank=True, help_text=_("例如 下午2:00。"))
    place = models.CharField(_("地点"), max_length=80)
    chair = models.CharField(_("主持人"), max_length=40, blank=True)
    agenda = models.TextField(_("议程"), max_length=2000, blank=True)
    attended = models.PositiveIntegerField(_("到会人数"), null=True, validators=(MinValueValidator(1),))
    minutes = models.TextField(_("会议纪要"), max_length=8000, default="")
    code = models.CharField(max_length=codes.LENGTH, unique=True, default=codes.new, editable=False)
    state = MEETING.field()

    flow = MEETING
    family = "meeting"
    fact_labels: ClassVar[dict[str, Any]] = {
        "invited": _("参会单位"), "came": _("到会单位"), "decided": _("议定事项"),
    }  # fmt: skip
    fact_words: ClassVar[dict[str, Any]] = {
        "minutes": lambda text: f"{text[:60]}…" if len(text) > 60 else text, "agenda": lambda text: f"{text[:60]}",
    }  # fmt: skip
    objects = MeetingQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        ordering = ("-held_on", "id")

    @property
    def title(self) -> str:
        """Its name."""
        return self.topic or str(self.host)

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("meeting", args=[self.pk])


class InviteQuerySet(ScopedQuerySet):
    """Invitations."""

    def seen_by(self, user: Any) -> Self:
        """Those to meetings that one may see, once the notice is out."""
        seen = Meeting.objects.seen_by(user).exclude(state__in=("planned", "cancelled"))
        return self.filter(meeting__in=seen.values("pk"))


class Invite(Matter):
    """One unit at one meeting: invited, signed in by whom, or not there."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="invites")
    office = models.ForeignKey(Office, models.PROTECT, related_name="+", verbose_name=_("参会单位"))
    people = models.JSONField(_("签到"), default=list, blank=True)  # {name, at}
    by_hand = models.BooleanField(_("补签"), default=False, editable=False)
    state = INVITE.field()

    flow = INVITE
    family = "meeting"
    fact_labels: ClassVar[dict[str, Any]] = {"who": _("签到人")}
    objects = InviteQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        ordering = ("area", "office_id")
        constraints = (models.UniqueConstraint(fields=("meeting", "office"), name="invited_once"),)

    @property
    def title(self) -> str:
        """Which meeting."""
        return f"{self.meeting.topic} · {self.meeting.held_on}"

    @property
    def names(self) -> list[str]:
        """Who signed."""
        return [row["name"] for row in self.people]

    def get_absolute_url(self) -> str:
        """It is read with its meeting."""
        return self.meeting.get_absolute_url()


class Decision(models.Model):
    """议定事项: one line of the minutes; its tasks say who does it."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="decisions")
    no = models.PositiveSmallIntegerField()
    text = models.TextField(_("议定事项"), max_length=1000)
    due_on = models.DateField(_("期限"), null=True)

    class Meta:
        ordering = ("no",)
        constraints = (models.UniqueConstraint(fields=("meeting", "no"), name="decision_once"),)

    def __str__(self) -> str:
        return self.text
