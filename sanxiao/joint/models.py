"""Joint operations: the plan, the part of each office, the places it goes to, what was found, calls for the police."""

from datetime import date, time
from typing import Any, ClassVar, Self

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from sanxiao.archive.models import Establishment
from sanxiao.docket.models import Matter, Team
from sanxiao.inspection.visit_models import Visit
from sanxiao.joint import say
from sanxiao.joint.rules import ANSWERS, ASKED, CALL, COMES, LIVE, OPERATION, PART, STOP
from sanxiao.office.duties import readers, scope_of
from sanxiao.office.models import Dated, DatedQuerySet, Office, ScopedQuerySet, User
from sanxiao.office.now import now, today

OVERSEES = frozenset({"fso", "leading", "bureau", "village"})  # see every operation on their ground


def seen_operations(user: Any) -> Q:
    """Operations that a person may see: all on his ground for who oversees, otherwise those his office is asked to."""
    scope = scope_of(user)
    ground = Q(pk__in=[])
    for prefix in scope.prefixes(readers("joint") & OVERSEES):
        ground |= Q(area__gte=prefix.ljust(12, "0"), area__lte=prefix.ljust(12, "9"))
    offices = [seat.office_id for seat in scope.seats]
    asked = Part.objects.filter(office__in=offices).exclude(state__in=("named", "dropped"))
    return ground | Q(lead__in=offices) | Q(pk__in=asked.values("operation"))


class OperationQuerySet(ScopedQuerySet):
    """Joint operations."""

    def seen_by(self, user: Any) -> Self:
        """On the ground of who oversees; for others those that their office is asked to."""
        return self.filter(seen_operations(user)) if scope_of(user).seats else self.none()

    def of_the_day(self, day: date) -> Self:
        """Held on a day, and not called off."""
        return self.filter(held_on=day).exclude(state="cancelled")


class Operation(Matter):
    """One day of several offices: why, when, where they meet, who leads."""

    lead = models.ForeignKey(Office, models.PROTECT, related_name="+", verbose_name=_("牵头单位"))
    number = models.CharField(_("编号"), max_length=60, blank=True, editable=False, db_index=True)
    topic = models.CharField(_("主题"), max_length=60)
    purpose = models.TextField(_("事由和目的"), max_length=1000)
    held_on = models.DateField(_("日期"), db_index=True)
    starts_at = models.TimeField(_("开始时间"), default=time(9))
    ends_at = models.TimeField(_("结束时间"), default=time(12))
    meeting = models.CharField(_("集合地点"), max_length=120)
    # the checklist as it stood on the day of the notice: [{code, topic, text, text_en, law, kinds, roles}]
    items = models.JSONField(default=list, editable=False, encoder=DjangoJSONEncoder)
    started_on = models.DateField(null=True, editable=False)
    finished_on = models.DateField(_("收队日期"), null=True, editable=False)
    closed_on = models.DateField(null=True, editable=False)
    state = OPERATION.field()

    flow = OPERATION
    family = "joint"
    fact_labels: ClassVar[dict[str, Any]] = {
        "targets": _("对象"), "offices": _("参加单位"), "way": _("次序"), "where": _("范围"), "led_by": _("牵头单位"),
        "override": _("仍须检查的理由"),
    }  # fmt: skip
    fact_words: ClassVar[dict[str, Any]] = {"targets": say.targets, "offices": say.offices, "way": say.way}
    objects = OperationQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        indexes = (models.Index(fields=("area", "-updated_at", "id"), name="operation_by_area"),)
        constraints = (
            models.UniqueConstraint(fields=("area", "number"), condition=~Q(number=""), name="operation_number_once"),
            models.CheckConstraint(condition=Q(ends_at__gt=models.F("starts_at")), name="operation_ends_after_start"),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """Its topic and day."""
        return f"{self.topic} {self.held_on}"

    @property
    def why(self) -> str:
        """The key by which its visits are found."""
        return f"joint:{self.pk}"

    @property
    def is_live(self) -> bool:
        """Is the day set, or does it go on?"""
        return self.state in LIVE

    def get_absolute_url(self) -> str:
        """The operation's page."""
        return reverse("operation", args=[self.pk])


class PartQuerySet(ScopedQuerySet):
    """Parts of offices."""

    def seen_by(self, user: Any) -> Self:
        """Those of the operations that this person sees."""
        return self.filter(operation__in=Operation.objects.seen_by(user).values("pk"))

    def asked(self) -> Self:
        """Invited, or coming, or came."""
        return self.filter(state__in=ASKED)

    def coming(self) -> Self:
        """Said yes."""
        return self.filter(state__in=COMES)

    def unsettled(self) -> Self:
        """Still to be closed by their office."""
        return self.filter(state__in=PART.open_states).exclude(state="declined")


class Part(Matter):
    """What one office does in an operation: its task, its people, its word at the end."""

    operation = models.ForeignKey(Operation, models.PROTECT, related_name="parts")
    office = models.ForeignKey(Office, models.PROTECT, related_name="+", verbose_name=_("单位"))
    task = models.CharField(_("任务"), max_length=300, blank=True)
    people = models.JSONField(_("人员"), default=list)  # [{user, name, phone, certificate}]
    vehicles = models.PositiveSmallIntegerField(_("车辆（辆）"), default=0)
    came = models.JSONField(_("到场人员"), default=list, blank=True)  # keys of users
    cars = models.PositiveSmallIntegerField(_("出动车辆（车次）"), default=0)
    summary = models.TextField(_("本单位小结"), max_length=2000, default="")
    urged = models.PositiveSmallIntegerField(default=0, editable=False)
    held_since = models.DateField(default=today, editable=False)  # from when it has been held by the office
    state = PART.field()

    flow = PART
    family = "joint"
    in_team = Team("people", "joint.part", ("named", "invited", "accepted"))
    fact_labels: ClassVar[dict[str, Any]] = {"persons": _("到场人数")}
    fact_words: ClassVar[dict[str, Any]] = {"people": say.people, "came": say.count}
    objects = PartQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        ordering = ("created_at", "id")
        constraints = (models.UniqueConstraint(fields=("operation", "office"), name="one_part_of_an_office"),)

    @property
    def title(self) -> str:
        """Which operation."""
        return self.operation.title

    @property
    def lead_id(self) -> int:
        """The office that leads the whole; of a part that no operation has yet, none (0)."""
        return self.operation.lead_id if self.operation_id else 0

    @property
    def lead(self) -> Office:
        """The office that leads the whole."""
        return self.operation.lead

    @property
    def is_lead(self) -> bool:
        """Is it the leading office's own?"""
        return self.office_id == self.operation.lead_id

    @property
    def names(self) -> str:
        """Its people by name."""
        return "、".join(row["name"] for row in self.people)

    @property
    def days_held(self) -> int:
        """For how many days the office has had it in hand."""
        return (today() - self.held_since).days

    def get_absolute_url(self) -> str:
        """The operation's page, at the part."""
        return f"{reverse('operation', args=[self.operation_id])}#part-{self.pk}"


class StopQuerySet(ScopedQuerySet):
    """Places that an operation goes to."""

    def seen_by(self, user: Any) -> Self:
        """On one's own ground, of operations that one sees."""
        return super().seen_by(user).filter(operation__in=Operation.objects.seen_by(user).values("pk"))

    def standing(self) -> Self:
        """Not struck off, in the order of the route."""
        return self.exclude(state="dropped").order_by("order", "created_at", "id")


class Stop(Matter):
    """A place on the list, when it comes on the route, and what was found there."""

    operation = models.ForeignKey(Operation, models.PROTECT, related_name="stops")
    file = models.ForeignKey(Establishment, models.PROTECT, related_name="+", verbose_name=_("经营单位"))
    order = models.PositiveSmallIntegerField(default=0)
    reasons = models.JSONField(default=list, blank=True)  # why it was chosen, in words of that day
    override = models.CharField(_("仍须检查的理由"), max_length=300, blank=True)
    visit = models.ForeignKey(Visit, models.PROTECT, null=True, related_name="+")
    seen_at = models.DateTimeField(_("到场时间"), null=True)
    note = models.TextField(_("备注"), max_length=500, blank=True)
    filled = models.JSONField(default=list, editable=False)  # the phones' answers that it has taken
    state = STOP.field()

    flow = STOP
    family = "joint"
    fact_labels: ClassVar[dict[str, Any]] = {"answers": _("检查情况")}
    fact_words: ClassVar[dict[str, Any]] = {"answers": say.answers}
    objects = StopQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        ordering = ("order", "created_at", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("operation", "file"), condition=~Q(state="dropped"), name="one_stop_at_a_place"
            ),
        )

    @property
    def title(self) -> str:
        """The place."""
        return self.file.called

    @property
    def lead_id(self) -> int:
        """The office that leads the whole; of a part that no operation has yet, none (0)."""
        return self.operation.lead_id if self.operation_id else 0

    def get_absolute_url(self) -> str:
        """The page of the place in this operation."""
        return reverse("joint-stop", args=[self.pk])


class Finding(models.Model):
    """The answer to one item at one place; a merged item is answered once, and it says by whom."""

    stop = models.ForeignKey(Stop, models.PROTECT, related_name="findings")
    code = models.CharField(max_length=40)
    a = models.CharField(max_length=3, choices=ANSWERS)
    note = models.CharField(max_length=300, blank=True)
    office = models.ForeignKey(Office, models.PROTECT, related_name="+")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now)

    class Meta:
        ordering = ("at", "id")
        constraints = (models.UniqueConstraint(fields=("stop", "code"), name="one_answer_to_an_item"),)


class CallQuerySet(ScopedQuerySet):
    """Calls for the police."""

    def seen_by(self, user: Any) -> Self:
        """The police all on their ground; others those of operations that they see."""
        found = Q(operation__in=Operation.objects.seen_by(user).values("pk"))
        for prefix in scope_of(user).prefixes(frozenset({"police"})):
            found |= Q(area__gte=prefix.ljust(12, "0"), area__lte=prefix.ljust(12, "9"))
        return self.filter(found)

    def waiting(self) -> Self:
        """Nobody has dealt with it yet."""
        return self.filter(state__in=CALL.open_states)


class Call(Matter):
    """A call for police help from the field: when, where, why, and what came of it."""

    operation = models.ForeignKey(Operation, models.PROTECT, related_name="calls")
    stop = models.ForeignKey(Stop, models.PROTECT, null=True, related_name="calls")
    by = models.ForeignKey(User, models.PROTECT, related_name="+", editable=False)
    at = models.DateTimeField(_("呼叫时间"), default=now, editable=False)
    said = models.CharField(_("什么情况"), max_length=300)
    spot = models.CharField(_("在哪里"), max_length=120, blank=True)
    lat = models.FloatField(_("纬度"), null=True, blank=True)
    lng = models.FloatField(_("经度"), null=True, blank=True)
    outcome = models.TextField(_("处置结果"), max_length=1000, default="")
    police_no = models.CharField(_("接处警编号"), max_length=60, blank=True)
    state = CALL.field()

    flow = CALL
    family = "call"
    objects = CallQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        ordering = ("-at", "id")

    @property
    def file_id_for_log(self) -> Any:
        """It stands in the timeline of the place where there is one."""
        return self.stop.file_id if self.stop else None

    @property
    def title(self) -> str:
        """Where, and why."""
        return f"{self.stop.file.called if self.stop else self.spot or self.operation.topic} · {self.said[:24]}"

    def get_absolute_url(self) -> str:
        """The page of the call."""
        return reverse("joint-call", args=[self.pk])


class Item(Dated):
    """An item of the joint checklist as one office has it; rows of one code are one item with several offices."""

    code = models.CharField(max_length=30)
    area = models.CharField(max_length=12)
    role = models.CharField(max_length=20)
    order = models.PositiveSmallIntegerField(default=0)
    topic = models.CharField(max_length=40)
    topic_en = models.CharField(max_length=60)
    text = models.CharField(max_length=200)
    text_en = models.CharField(max_length=300)
    kinds = models.JSONField(default=list)  # codes of kinds; empty: all
    law = models.CharField(max_length=200, blank=True)
    mark = models.CharField(max_length=10, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        ordering = ("order", "id")
        constraints = (models.UniqueConstraint(fields=("area", "code", "role", "since"), name="joint_item_once"),)

    @property
    def words(self) -> str:
        """Its text in the language of the screen."""
        return self.text_en if (get_language() or "").startswith("en") else self.text
