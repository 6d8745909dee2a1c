"""The code by which an operator answers an order without an account, and what he sent by it."""

import uuid
from typing import Any

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from sanxiao.archive.models import Establishment
from sanxiao.docket.models import Attachment, Matter
from sanxiao.inspection.answer_rules import ANSWER
from sanxiao.office.models import User
from sanxiao.office.now import now
from sanxiao.papers import codes


class AnswerLink(models.Model):
    """One code of one order. It opens that order's problems and nothing else; a new one ends the old."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    order = models.ForeignKey("inspection.Order", models.PROTECT, related_name="links")
    code = models.CharField(max_length=codes.LENGTH, unique=True, default=codes.new, editable=False)
    made_at = models.DateTimeField(default=now)
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("order",), condition=Q(ended_at__isnull=True), name="one_code_of_an_order"),
        )


class Answer(Matter):
    """What an operator says of one problem, with photos. Nobody has looked at it before it is accepted."""

    link = models.ForeignKey(AnswerLink, models.PROTECT, related_name="+")
    order = models.ForeignKey("inspection.Order", models.PROTECT, related_name="+")
    problem = models.ForeignKey("inspection.Problem", models.PROTECT, related_name="+")
    file = models.ForeignKey(Establishment, models.PROTECT, related_name="+")
    done = models.TextField(_("怎么改的"), max_length=500)
    reason = models.CharField(_("退回的理由"), max_length=300, blank=True)
    state = ANSWER.field()
    pictures: list[Attachment]  # laid on by answering.at_desk, with the next
    offers: list[Any]

    flow = ANSWER
    family = "order"

    class Meta:
        ordering = ("-created_at", "id")
        constraints = (
            models.UniqueConstraint(fields=("problem",), condition=Q(state="sent"), name="one_answer_waits"),
        )

    @property
    def title(self) -> str:
        """The place, and which problem it is about."""
        return f"{self.file.called} · {self.problem.title}"

    @property
    def file_id_for_log(self) -> None:
        """What came from an unknown hand stands in the file only when somebody has taken it over."""
        return None

    @property
    def receipt(self) -> str:
        """The number that the operator can name when he calls."""
        return str(self.pk)[:8].upper()

    def get_absolute_url(self) -> str:
        """It is read on the order's page."""
        return f"{reverse('order', args=[self.order_id])}#answers"
