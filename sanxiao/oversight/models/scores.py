"""Scorecards of a quarter: what was measured for each unit, frozen with the list behind every number."""

from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.urls import reverse

from sanxiao.docket.models import Matter
from sanxiao.oversight.models.sight import SightQuerySet, towns
from sanxiao.oversight.rules import BOARD
from sanxiao.reports.quarters import Quarter


class BoardQuerySet(SightQuerySet):
    """What the leading group has adopted is everybody's to read."""

    def own(self, user: Any) -> Q:
        """Those adopted in one's own town."""
        return Q(state="adopted", area__in=towns(user))


class Board(Matter):
    """季度考核: all units of a town in one quarter. `cells` is empty as long as the figures are live."""

    year = models.PositiveSmallIntegerField(editable=False)
    no = models.PositiveSmallIntegerField(editable=False)
    cells = models.JSONField(default=dict, editable=False)  # {"<office>": {"<measure>": [part, whole]}}
    rule = models.JSONField(default=dict, editable=False, encoder=DjangoJSONEncoder)  # weights, bands, small
    state = BOARD.field()

    flow = BOARD
    family = "oversight"
    objects = BoardQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        constraints = (models.UniqueConstraint(fields=("area", "year", "no"), name="one_board_a_quarter"),)

    @property
    def quarter(self) -> Quarter:
        """The quarter it is about."""
        return Quarter(self.year, self.no)

    @property
    def title(self) -> str:
        """Quarter and name."""
        return f"{self.quarter.label} {self.flow.name}"

    @property
    def is_frozen(self) -> bool:
        """Do the figures stand as they were proposed?"""
        return self.state != "open"

    def get_absolute_url(self) -> str:
        """The board's page."""
        return reverse("oversight-board", args=[self.pk])


class BoardList(models.Model):
    """The records behind one frozen number: those that came out well, and the rest."""

    board = models.ForeignKey(Board, models.CASCADE, related_name="lists")
    cell = models.CharField(max_length=60)  # "<office>.<measure>"
    sort = models.CharField(max_length=10)  # items · terms · reports · checks
    good = models.JSONField(default=list, encoder=DjangoJSONEncoder)
    rest = models.JSONField(default=list, encoder=DjangoJSONEncoder)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("board", "cell"), name="one_list_a_score"),)
