"""What was told: the box, letters with the sealed copies of who told, and the talk over the receipt.

No row holds a time of day, and none an order: what comes from the public page waits in the box, whose rows are
shuffled at every posting, and is taken out by the day (see `tips.box`).
"""

import json
import uuid
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from sanxiao.docket.models import Recorded
from sanxiao.office.duties import DUTIES, LEADS, scope_of
from sanxiao.office.models import Office, ScopedQuerySet, User
from sanxiao.office.now import today
from sanxiao.office.places import name_of
from sanxiao.tips.models.handlers import Handler
from sanxiao.tips.models.shared import INTAKE, hidden, this_day
from sanxiao.tips.rules import CHANNELS, PROBLEMS, WANTS

if TYPE_CHECKING:
    from sanxiao.tips.models.tracks import Track


class Envelope(models.Model):
    """What came from the public page and has not been taken out of the box. `day` is all that is known of its time.

    `receipt`: the hash by which the informer sees his own; `content`: sealed JSON; `pictures`: sealed, re-encoded;
    `copies`: the identity, one sealed copy for each handler.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    day = models.DateField(default=today)
    receipt = models.CharField(max_length=40, db_index=True)
    what = models.CharField(max_length=8)  # letter · word (a message) · mark (satisfied or not) · back (withdrawn)
    content_sealed = models.TextField()
    pictures = models.JSONField(default=list)
    copies = models.JSONField(default=dict)  # {handler key: sealed}

    content = hidden("content")


class LetterQuerySet(ScopedQuerySet):
    """来件 as they came: for who opens the post, and never for a unit that is told of."""

    def seen_by(self, user: Any) -> Self:
        """Letters on one's ground, for those who receive; the accused unit is outside."""
        scope = scope_of(user)
        prefixes = scope.prefixes(DUTIES[INTAKE].roles(LEADS))
        if not prefixes:
            return self.none()
        return self.within(prefixes).exclude(accused__in=[seat.office_id for seat in scope.seats])


class Letter(Recorded):
    """来件: what somebody told. Its words are encrypted, who told is sealed to the handlers (`Copy`)."""

    received_on = models.DateField(_("收到日期"))
    channel = models.CharField(_("来源"), max_length=8, choices=CHANNELS, default="web")
    number = models.CharField(_("来件编号"), max_length=40, blank=True)  # of the 12345 or 12315 list
    problem = models.CharField(_("问题"), max_length=12, choices=PROBLEMS)
    want = models.CharField(_("诉求"), max_length=10, choices=WANTS, default="report")
    content_sealed = models.TextField(blank=True)  # JSON: text, place, demand, lat, lng
    receipt = models.CharField(max_length=40, blank=True)
    named = models.BooleanField(_("实名"), default=False)
    contact = models.CharField(max_length=6, blank=True, db_index=True)
    tail = models.CharField(max_length=2, blank=True)
    accused = models.ForeignKey(
        Office, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("被反映的单位")
    )
    wants_reward = models.BooleanField(_("愿意领取奖励"), default=False)
    english = models.BooleanField(default=False)  # in which language the informer reads
    closed_on = models.DateField(null=True, editable=False)  # when its last track ended
    identity_gone_on = models.DateField(null=True, editable=False)
    content_gone_on = models.DateField(null=True, editable=False)
    hold = models.CharField(_("暂缓销毁的理由"), max_length=200, blank=True)
    created_at = models.DateTimeField(default=this_day, editable=False)
    updated_at = models.DateTimeField(default=this_day, editable=False)

    objects = LetterQuerySet.as_manager()  # type: ignore[misc]
    family = "tip"
    day_only: ClassVar[bool] = True
    fact_labels: ClassVar[dict[str, Any]] = {"hold": _("暂缓销毁的理由")}

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("channel", "number"), condition=~Q(number=""), name="letter_number_once"),
            models.UniqueConstraint(fields=("receipt",), condition=~Q(receipt=""), name="letter_receipt_once"),
        )
        indexes = (models.Index(fields=("area", "received_on"), name="letter_by_day"),)

    content_text = hidden("content")

    @property
    def content(self) -> dict[str, Any]:
        """text, place, demand, lat, lng; empty once destroyed."""
        if not hasattr(self, "_content"):
            self._content: dict[str, Any] = json.loads(self.content_text) if self.content_sealed else {}
        return self._content

    @content.setter
    def content(self, said: dict[str, Any]) -> None:
        self.content_text = json.dumps(said, ensure_ascii=False)
        self._content = said

    @property
    def title(self) -> str:
        """The problem and the place."""
        return f"{self.get_problem_display()} · {self.content.get('place') or name_of(self.area)}"

    def tracks(self) -> "list[Track]":
        """Its complaint and its report, whichever there are."""
        return [*self.complaints.all(), *self.reports.all()]


class Copy(models.Model):
    """One sealed copy of an identity, for one handler."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    letter = models.ForeignKey(Letter, models.CASCADE, related_name="copies")
    handler = models.ForeignKey(Handler, models.PROTECT, related_name="copies")
    sealed = models.TextField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("letter", "handler"), name="one_copy_for_a_handler"),)


class Message(models.Model):
    """One turn of the talk between the desk and whoever holds the receipt."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    letter = models.ForeignKey(Letter, models.CASCADE, related_name="messages")
    no = models.PositiveSmallIntegerField()
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")  # none: the informer
    on = models.DateField(default=today)
    text_sealed = models.TextField()
    read = models.BooleanField(default=False)  # of the informer's: somebody at the desk has seen it

    text = hidden("text")

    class Meta:
        ordering = ("no",)
        constraints = (models.UniqueConstraint(fields=("letter", "no"), name="one_turn_at_a_time"),)
