"""Urging sheets: one for a unit and a colour, with the matters that are late."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from sanxiao.docket import rooms
from sanxiao.docket.models import Matter
from sanxiao.office.models import Office
from sanxiao.office.now import today
from sanxiao.oversight.models.sight import SightQuerySet, offices
from sanxiao.oversight.rules import COLOURS, URGE

RUNNING = ("open", "answered")


class UrgeQuerySet(SightQuerySet):
    """A unit sees the sheets that it got."""

    def own(self, user: Any) -> Q:
        """Those of one's own unit."""
        return Q(unit__in=offices(user))


class Urge(Matter):
    """催办单: blue, orange or red. It ends by itself when its matters are done."""

    unit = models.ForeignKey(Office, models.PROTECT, related_name="+", verbose_name=_("被催办单位"))
    colour = models.CharField(_("颜色"), max_length=6, choices=COLOURS, editable=False)
    number = models.CharField(_("编号"), max_length=60, editable=False)
    issued_on = models.DateField(_("发出日期"), default=today, editable=False)
    answer = models.TextField(_("回应"), max_length=1000)
    answered_on = models.DateField(_("回应日期"), null=True, editable=False)
    ended_on = models.DateField(_("结束日期"), null=True, editable=False)
    state = URGE.field()

    flow = URGE
    family = "oversight"
    fact_labels: ClassVar[dict[str, Any]] = {"count": _("事项")}
    objects = UrgeQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        indexes = (models.Index(fields=("area", "-updated_at", "id"), name="urge_by_area"),)
        constraints = (
            models.UniqueConstraint(
                fields=("area", "unit", "colour"), condition=Q(state__in=RUNNING), name="one_sheet_of_a_colour"
            ),
        )

    @property
    def title(self) -> str:
        """Colour and unit."""
        return f"{self.get_colour_display()}{self.flow.name} {self.unit}"

    def get_absolute_url(self) -> str:
        """The sheet's page."""
        return reverse("oversight-urge", args=[self.pk])


class Item(models.Model):
    """A late matter on a sheet: until it is done, or has gone on to the next colour."""

    sheet = models.ForeignKey(Urge, models.PROTECT, related_name="items")
    kind = models.CharField(max_length=40)
    subject = models.UUIDField(db_index=True)
    term = models.CharField(max_length=30)
    name = models.CharField(_("期限"), max_length=60)
    title = models.CharField(_("事项"), max_length=200)
    since = models.DateField(_("到期日"))
    added_on = models.DateField(default=today)
    done_on = models.DateField(null=True)
    moved_on = models.DateField(null=True)

    class Meta:
        ordering = ("since", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("subject", "term"),
                condition=Q(done_on__isnull=True, moved_on__isnull=True),
                name="urged_on_one_sheet",
            ),
        )

    @property
    def url(self) -> str:
        """The late matter's own page."""
        return reverse("matter", args=[self.kind, self.subject])

    @property
    def flow_name(self) -> str:
        """What kind of matter it is."""
        return str(rooms.flow_of(self.kind))
