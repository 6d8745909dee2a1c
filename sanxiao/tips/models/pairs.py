"""What one person asks and another must agree to: a look at an identity, a list of letters to be destroyed."""

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sanxiao.docket.models import Matter
from sanxiao.office.models import ScopedQuerySet, User
from sanxiao.tips.models.handlers import Handler
from sanxiao.tips.models.letters import Letter
from sanxiao.tips.models.shared import this_day
from sanxiao.tips.rules import DISPOSAL, OPENING


class OpeningQuerySet(ScopedQuerySet):
    """Requests to see an identity: for named handlers alone, of letters that they may see."""

    def seen_by(self, user: Any) -> Self:
        """None for who is no handler."""
        if Handler.of(user) is None:
            return self.none()
        return self.filter(letter__in=Letter.objects.seen_by(user))


class Opening(Matter):
    """One look at an identity: asked for with a reason, agreed to by a second handler, logged without the identity."""

    letter = models.ForeignKey(Letter, models.PROTECT, related_name="openings")
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("申请人"))
    why = models.CharField(_("理由"), max_length=200)
    state = OPENING.field()
    created_at = models.DateTimeField(default=this_day, editable=False)
    updated_at = models.DateTimeField(default=this_day, editable=False)

    flow = OPENING
    family = "tip"
    day_only: ClassVar[bool] = True
    objects = OpeningQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("letter",), condition=Q(state__in=("asked", "agreed")), name="one_opening_at_a_time"
            ),
        )

    @property
    def title(self) -> str:
        """Whose, by the letter's own title."""
        return gettext("查看身份：%(title)s") % {"title": self.letter.title}

    def get_absolute_url(self) -> str:
        """The letter's page."""
        return self.letter.tracks()[0].get_absolute_url()


class Disposal(Matter):
    """A list of letters whose time is over, proposed by one person and destroyed by another's yes."""

    letters = models.JSONField(default=list)
    count = models.PositiveIntegerField(_("件数"), default=0)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    state = DISPOSAL.field()
    created_at = models.DateTimeField(default=this_day, editable=False)
    updated_at = models.DateTimeField(default=this_day, editable=False)

    flow = DISPOSAL
    family = "tip"
    day_only: ClassVar[bool] = True

    @property
    def title(self) -> str:
        """How many letters."""
        return gettext("销毁清单（%(n)d 件）") % {"n": self.count}

    def get_absolute_url(self) -> str:
        """The page of retention."""
        return reverse("tip-retention")
