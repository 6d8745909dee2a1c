"""The plan as data: phases with the gap between them, every clause and what proves it, the leading group's roster.

These rows are a document, not matters: they come from the town's folder and are read by everybody with
a post in the town. Texts are the plan's own words and are never edited here.
"""

from datetime import date
from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from sanxiao.office.duties import readers, scope_of
from sanxiao.office.models import Dated, DatedQuerySet

PHASES = [("phase", _("方案阶段")), ("gap", _("阶段之间")), ("after", _("专项结束后"))]
CLAUSES = [("goal", _("内容")), ("duty", _("分工")), ("step", _("步骤")), ("requirement", _("要求"))]
MUST, QUARTER = "must", "quarter"
NEEDS = [(MUST, _("必须有")), (QUARTER, _("每季度一次"))]
TOWN = 9  # digits of a town's code


def english() -> bool:
    """Is the screen English?"""
    return (get_language() or "").startswith("en")


class PlanQuerySet(DatedQuerySet):
    """Rows of a town's plan."""

    def of_town(self, area: str) -> Self:
        """Those of the town in which an area lies."""
        return self.filter(area=area[:TOWN].ljust(12, "0"))

    def seen_by(self, user: Any) -> Self:
        """The plans of the towns in which this person holds a post, or which lie on his ground."""
        found = Q(pk__in=[])
        for prefix in scope_of(user).prefixes(readers("plan")):
            if len(prefix) >= TOWN:
                found |= Q(area=prefix[:TOWN].ljust(12, "0"))
            else:
                found |= Q(area__gte=prefix.ljust(12, "0"), area__lte=prefix.ljust(12, "9"))
        return self.filter(found)


class PlanRow(models.Model):
    """A row of one town's plan."""

    area = models.CharField(max_length=12)

    objects = PlanQuerySet.as_manager()

    class Meta:
        abstract = True


class Phase(PlanRow, Dated):
    """A phase of the campaign, or the gap between two, in which work and reports go on.

    A campaign may go round again: `round` is empty for the days that the plan itself names, otherwise the name of a
    round with days of its own (practice towns have one over their made-up history).
    """

    round = models.CharField(max_length=20, blank=True)
    code = models.CharField(max_length=20)
    kind = models.CharField(max_length=8, choices=PHASES)
    name = models.CharField(max_length=60)
    name_en = models.CharField(max_length=80)
    clause = models.CharField(max_length=20, blank=True)
    goal = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ("since",)
        constraints = (models.UniqueConstraint(fields=("area", "round", "code"), name="phase_once_in_a_round"),)

    def __str__(self) -> str:
        return self.name_en if english() else self.name

    @property
    def is_gap(self) -> bool:
        """Between two phases of the plan."""
        return self.kind == "gap"


class Clause(PlanRow):
    """A numbered clause, in the plan's own words, with the offices that have a part in it (the first leads)."""

    number = models.CharField(max_length=20)
    parent = models.CharField(max_length=20, blank=True)
    order = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=60)
    title_en = models.CharField(max_length=80)
    kind = models.CharField(max_length=12, choices=CLAUSES)
    phase = models.CharField(max_length=20, blank=True)
    roles = models.JSONField(default=list)
    features = models.JSONField(default=list)  # rows of the feature list that serve it
    text = models.TextField()

    class Meta:
        ordering = ("order",)
        constraints = (models.UniqueConstraint(fields=("area", "number"), name="clause_once_in_a_town"),)

    def __str__(self) -> str:
        return f"{self.number} {self.title_en if english() else self.title}"

    @property
    def name(self) -> str:
        """Its title in the language of the screen."""
        return self.title_en if english() else self.title


class GroupMember(PlanRow):
    """A seat in the leading group, as the plan lists it."""

    order = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=20)
    title_en = models.CharField(max_length=40)
    role = models.CharField(max_length=20)
    post = models.CharField(max_length=40, blank=True)
    post_en = models.CharField(max_length=60, blank=True)
    in_plan = models.CharField(max_length=60)
    clause = models.CharField(max_length=20)

    class Meta:
        ordering = ("order",)
        constraints = (models.UniqueConstraint(fields=("area", "order"), name="group_seat_once_in_a_town"),)

    @property
    def seat(self) -> str:
        """组长, 副组长, 成员."""
        return self.title_en if english() else self.title

    @property
    def post_name(self) -> str:
        """The post that the plan names; empty where it names the office only."""
        return self.post_en if english() else self.post


class Proof(PlanRow):
    """What counts as proof that a clause was done: moves of one kind of matter, read from the log.

    `role` is whose proof it is ('*': that of every office with a part in the clause). `key` names the row in addresses
    and targets; the kind may be one of any room, also of those above this one: it is only read. `need` says whether
    the part is a gap without it, or without one after the end of every quarter; empty: one of the part's rows will do.
    """

    key = models.SlugField(max_length=40)
    clause = models.CharField(max_length=20)
    role = models.CharField(max_length=20)
    kind = models.CharField(max_length=40)
    moves = models.JSONField(default=list)
    unit = models.CharField(max_length=10)
    need = models.CharField(max_length=8, choices=NEEDS, blank=True)
    name = models.CharField(max_length=60)
    name_en = models.CharField(max_length=80)
    order = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ("order",)
        constraints = (models.UniqueConstraint(fields=("area", "key"), name="proof_once_in_a_town"),)

    def __str__(self) -> str:
        return self.name_en if english() else self.name

    @property
    def measure(self) -> str:
        """户, 份, 次: what is counted; English says it in the name."""
        return "" if english() else self.unit


def phase_on(day: date | None = None, area: str = "") -> Phase | None:
    """The phase of a day (today by default) in an area's town; between two phases the gap's own row.

    Without an area the first town's. None before the campaign. Reports and work go on in a gap. Where a later round
    has begun, its phase stands before the long-term supervision of the round before it.
    """
    rows = Phase.objects.on(day)
    return (rows.of_town(area) if area else rows).order_by("area", "-since").first()
