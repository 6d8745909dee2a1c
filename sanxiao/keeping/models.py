"""Lists of what two people destroy, holds, and what the last night found due."""

from typing import Any, ClassVar, Self

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sanxiao.docket.models import Matter
from sanxiao.keeping import say
from sanxiao.keeping.rules import DISPOSAL, HOLD
from sanxiao.office.models import ScopedQuerySet, User
from sanxiao.office.now import today


class Disposal(Matter):
    """销毁清单: the records of one class as they were listed; what became of it stays when they are gone."""

    kind = models.CharField(_("材料类别"), max_length=20, editable=False)  # key of a class (docket.rooms.Keeping)
    rows = models.JSONField(default=list, editable=False)  # [{key, kind, title, area, ended_on, file}]
    count = models.PositiveIntegerField(_("件数"), default=0, editable=False)
    destroyed = models.PositiveIntegerField(_("已销毁件数"), default=0, editable=False)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", editable=False)
    state = DISPOSAL.field()

    flow = DISPOSAL
    family = "keeping"

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("area", "kind"), condition=models.Q(state__in=DISPOSAL.open_states),
                name="one_open_list_of_a_class",
            ),
        )  # fmt: skip

    @property
    def title(self) -> str:
        """The class, and how many."""
        return gettext("%(name)s（%(n)d 件）") % {"name": say.name_of(self.kind), "n": self.count}

    def get_absolute_url(self) -> str:
        """Its page, row by row."""
        return reverse("disposal", args=[self.pk])


class HoldQuerySet(ScopedQuerySet):
    """Holds."""

    def now(self) -> Self:
        """In force."""
        return self.filter(state="held")


class Hold(Matter):
    """暂缓销毁: nothing of this place is destroyed until it is lifted."""

    place = models.UUIDField(db_index=True, editable=False)  # key of the file
    called = models.CharField(max_length=180, editable=False)  # as the file was called then
    why = models.CharField(_("理由"), max_length=500, editable=False)
    state = HOLD.field()

    flow = HOLD
    family = "keeping"
    objects = HoldQuerySet.as_manager()  # type: ignore[misc]
    fact_labels: ClassVar[dict[str, Any]] = {}

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("place",), condition=models.Q(state="held"), name="one_hold_of_a_place"),
        )

    @property
    def file_id_for_log(self) -> Any:
        """It stands in the timeline of the file."""
        return self.place

    @property
    def title(self) -> str:
        """The place."""
        return self.called

    def get_absolute_url(self) -> str:
        """The page of keeping."""
        return reverse("keeping")


class Tally(models.Model):
    """What the last night found due of a class in a town, so that the desk need not look through everything."""

    kind = models.CharField(max_length=20)
    area = models.CharField(max_length=12)
    due = models.PositiveIntegerField(default=0)
    held = models.PositiveIntegerField(default=0)
    on = models.DateField(default=today)

    objects = ScopedQuerySet.as_manager()
    family = "keeping"

    class Meta:
        constraints = (models.UniqueConstraint(fields=("kind", "area"), name="one_tally_of_a_class"),)
