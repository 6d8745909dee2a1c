"""What every matter shares: the log, terms, counter-signatures, attachments, dated rules."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import Any, ClassVar, Self

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from sanxiao.docket import rooms
from sanxiao.docket.clock import Calendar
from sanxiao.docket.tables import Flow, State
from sanxiao.office.models import Dated, DatedQuerySet, Office, ScopedQuerySet, User, prefix_of
from sanxiao.office.now import midnight, now, today
from sanxiao.office.settled import is_settled, once


class Recorded(models.Model):
    """A record with an area, a version that rises with every change, and the log of its changes."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    area = models.CharField(_("所属村（社区）"), max_length=12, db_index=True)
    version = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(default=now, editable=False)
    updated_at = models.DateTimeField(default=now, editable=False)

    objects = ScopedQuerySet.as_manager()
    family: ClassVar[str]  # first word of the duties that open it for reading
    private: ClassVar[tuple[str, ...]] = ()  # sealed fields, which the log shows by index alone
    day_only: ClassVar[bool] = False  # True where no time of day may be kept (who told is betrayed by time)

    class Meta:
        abstract = True

    def moment(self) -> datetime:
        """The present moment as this record and its log may hold it."""
        return midnight(today()) if self.day_only else now()

    @property
    def file_id_for_log(self) -> uuid.UUID | None:
        """The establishment's file in whose timeline the events stand."""
        return getattr(self, "file_id", None)


@dataclass(frozen=True)
class Team:
    """People that a matter names in a list of rows ({<key>: user, "name": …}), and the states in which it is a plan."""

    field: str
    duty: str  # by which the list changes
    states: tuple[str, ...]
    key: str = "user"
    lead: str = ""  # the field that names who goes first, where there is one

    def names(self, row: Any, user: User) -> bool:
        """Is a person to go along in a matter that is still a plan?"""
        if row.state not in self.states:
            return False
        leads = bool(self.lead) and getattr(row, f"{self.lead}_id") == user.pk
        return leads or any(each.get(self.key) == user.pk for each in getattr(row, self.field))

    def with_other(self, row: Any, giver: User, taker: User) -> dict[str, Any]:
        """What changes when one goes in the other's place; nothing where he goes along already.

        What was the giver's own (telephone, certificate) is not the taker's.
        """
        if self.names(row, taker):
            return {}
        rows = getattr(row, self.field)
        told = {**dict.fromkeys(("phone", "certificate"), ""), self.key: taker.pk, "name": taker.name}
        team = [
            {**each, **{k: v for k, v in told.items() if k in each}} if each.get(self.key) == giver.pk else each
            for each in rows
        ]
        found: dict[str, Any] = {self.field: team} if team != rows else {}
        if self.lead and getattr(row, f"{self.lead}_id") == giver.pk:
            found[self.lead] = taker
        return found


class Matter(Recorded):
    """A record that goes through a flow (办件). Its state is written by `flow.move` alone."""

    rule_on = models.DateField(_("受理日"), default=today, editable=False)
    due_on = models.DateField(_("期限"), null=True, editable=False, db_index=True)

    flow: ClassVar[Flow]
    state: Any  # = FLOW.field() in the subclass
    # Fields that name who has it in hand, each with the duty by which it changes: they pass to a successor.
    in_hand: ClassVar[Mapping[str, str]] = MappingProxyType({})
    in_team: ClassVar[Team | None] = None  # who is to go along passes on as well, as long as nobody has gone

    class Meta:
        abstract = True

    @property
    def state_row(self) -> State:
        """Name and tone of the present state."""
        return self.flow.state(self.state)

    @property
    def is_open(self) -> bool:
        """Is something still to come?"""
        return not self.state_row.final

    def due_from(self, terms: "Iterable[Deadline]") -> date | None:
        """Its date by its unmet terms: the earliest that runs. A whole looks at its parts as well."""
        return min((term.due_on for term in terms if term.paused_on is None), default=None)


class EventQuerySet(ScopedQuerySet):
    """The log. It is read by matter, by file, and counted for reports."""

    def of(self, obj: Any) -> Self:
        """Events of one object, newest first."""
        return self.filter(subject=obj.pk).order_by("-id")

    def told(self) -> Self:
        """Without the steps of parts, which the whole tells in its own."""
        return self.exclude(kind__in=[flow.key for flow in rooms.flows() if flow.part])

    def update(self, **_kwargs: Any) -> int:
        """Never: the log is written once."""
        raise TypeError("events are never edited")

    def delete(self) -> tuple[int, dict[str, int]]:
        """Never: the log is written once."""
        raise TypeError("events are never deleted")


class Event(models.Model):
    """One change: audit trail, timeline of the file, outbox and statistics in one. Never edited."""

    kind = models.CharField(max_length=40)
    subject = models.UUIDField(db_index=True)
    file = models.UUIDField(null=True, db_index=True)
    area = models.CharField(max_length=12)
    move = models.CharField(max_length=30)
    frm = models.CharField(max_length=20, blank=True)
    to = models.CharField(max_length=20, blank=True)
    office = models.ForeignKey(Office, models.PROTECT, null=True, related_name="+")
    actor = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    facts = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    on = models.DateField()  # when it happened; `at` is when it was entered
    at = models.DateTimeField(default=now)

    objects = EventQuerySet.as_manager()

    class Meta:
        indexes = (
            models.Index(fields=("kind", "move", "area", "on"), name="event_counted"),
            models.Index(fields=("file", "-id"), name="event_of_file"),
        )

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert; an event once written is not written again."""
        if self.pk:
            raise TypeError("events are never edited")
        super().save(*args, **kwargs)

    def delete(self, *_args: Any, **_kwargs: Any) -> tuple[int, dict[str, int]]:
        """Never."""
        raise TypeError("events are never deleted")


class DeadlineQuerySet(ScopedQuerySet):
    """Terms that run, are paused, or are done."""

    def running(self) -> Self:
        """Not yet met and not paused."""
        return self.filter(done_on__isnull=True, paused_on__isnull=True)

    def past(self, day: date | None = None) -> Self:
        """Running, and over."""
        return self.running().filter(due_on__lt=day or today())


class Deadline(models.Model):
    """A legal term of one matter. The due date is stored with its clause, never a counter of days."""

    kind = models.CharField(max_length=40)
    subject = models.UUIDField(db_index=True)
    file = models.UUIDField(null=True)
    area = models.CharField(max_length=12)
    term = models.CharField(max_length=30)
    name = models.CharField(_("期限"), max_length=60)
    law = models.CharField(_("依据"), max_length=200, blank=True)
    length = models.PositiveIntegerField(null=True)
    unit = models.CharField(max_length=6)
    starts_on = models.DateField()
    due_on = models.DateField(_("到期日"))
    due_at = models.DateTimeField(null=True)
    first_due_on = models.DateField()
    lapse = models.CharField(max_length=30, blank=True)
    provisional = models.BooleanField(default=False)
    paused_on = models.DateField(null=True)
    done_on = models.DateField(null=True)
    outcome = models.CharField(max_length=10, blank=True)  # met · lapsed · dropped

    objects = DeadlineQuerySet.as_manager()

    class Meta:
        indexes = (models.Index(fields=("due_on", "area"), condition=Q(done_on__isnull=True), name="deadline_open"),)
        constraints = (
            models.UniqueConstraint(
                fields=("subject", "term"), condition=Q(done_on__isnull=True), name="one_running_term_of_a_kind"
            ),
            models.CheckConstraint(condition=Q(due_on__gte=F("starts_on")), name="due_not_before_start"),
        )

    @property
    def is_late(self) -> bool:
        """Past, not met and not paused."""
        return self.done_on is None and self.paused_on is None and self.due_on < today()

    @property
    def days_left(self) -> int:
        """Calendar days until the due date; negative when past."""
        return (self.due_on - today()).days

    @property
    def tone(self) -> str:
        """Green, amber from 80 % of the term on, red when past, grey when paused or done."""
        if self.done_on or self.paused_on:
            return "grey"
        if self.is_late:
            return "red"
        whole = max((self.due_on - self.starts_on).days, 1)
        return "amber" if (today() - self.starts_on).days >= 0.8 * whole else "green"


class Pause(models.Model):
    """An interval in which a term did not run, with its reason."""

    deadline = models.ForeignKey(Deadline, models.PROTECT, related_name="pauses")
    since = models.DateField()
    until = models.DateField(null=True)
    left = models.IntegerField()  # units of the term left when it was paused
    reason = models.TextField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("deadline",), condition=Q(until__isnull=True), name="one_open_pause"),
        )


class Proposal(models.Model):
    """A move that waits for counter-signatures; it is made when all have agreed."""

    OPEN, DONE, REFUSED, DROPPED = "open", "done", "refused", "dropped"
    kind = models.CharField(max_length=40)
    subject = models.UUIDField()
    file = models.UUIDField(null=True)
    area = models.CharField(max_length=12)
    move = models.CharField(max_length=30)
    needs = models.JSONField(default=list)  # roles, in order of signing when `in_order`
    in_order = models.BooleanField(default=False)
    facts = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now)
    state = models.CharField(max_length=10, default=OPEN)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("subject",), condition=Q(state="open"), name="one_open_proposal"),
        )

    def missing(self) -> list[str]:
        """Roles that have not yet signed; only the next one when they sign in order."""
        signed = {s.role for s in self.signatures.all()}
        left = [role for role in self.needs if role not in signed]
        return left[:1] if self.in_order else left


class Signature(models.Model):
    """One office's yes or no to a proposal."""

    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="signatures")
    role = models.CharField(max_length=20)
    agrees = models.BooleanField()
    note = models.TextField(blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    office = models.ForeignKey(Office, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("proposal", "role"), name="one_signature_per_office"),)


class Blob(models.Model):
    """The bytes of a file, stored once under their SHA-256."""

    sha256 = models.CharField(primary_key=True, max_length=64)
    size = models.PositiveBigIntegerField()
    mime = models.CharField(max_length=80)
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    at = models.DateTimeField(default=now)
    gone_on = models.DateField(null=True)  # its bytes were destroyed; the digest stays


class Attachment(models.Model):
    """A file that belongs to a matter. Wrong ones are voided with a reason, never deleted."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=40)
    subject = models.UUIDField(db_index=True)
    file = models.UUIDField(null=True, db_index=True)
    area = models.CharField(max_length=12)
    blob = models.ForeignKey(Blob, models.PROTECT, related_name="+")
    name = models.CharField(_("名称"), max_length=200)
    role = models.CharField(_("用途"), max_length=40, blank=True)  # photo, before, after, licence, signature …
    taken_at = models.DateTimeField(_("拍摄时间"), null=True)
    lat = models.FloatField(null=True)
    lng = models.FloatField(null=True)
    accuracy = models.FloatField(null=True)  # metres within which the place is, as the phone said
    mock = models.BooleanField(default=False)  # the phone itself calls the place made up
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=now)
    voided_at = models.DateTimeField(null=True)
    void_reason = models.TextField(blank=True)
    gone_on = models.DateField(null=True)  # destroyed when its time was over: what is left is that it was there
    away: int | None  # laid on by who shows it: metres from the place, where that is oddly far

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ("at", "id")


class Handover(models.Model):
    """A seat handed to somebody else, for a leave or for good, with the open work listed and signed for."""

    OFFERED, RECEIVED, REFUSED, WITHDRAWN, ENDED = "offered", "received", "refused", "withdrawn", "ended"
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    office = models.ForeignKey(Office, models.PROTECT, related_name="+")
    title = models.CharField(_("职务"), max_length=40, blank=True)
    giver = models.ForeignKey(User, models.PROTECT, related_name="+")
    taker = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("接手人"))
    acting = models.BooleanField(_("仅代理（休假）"), default=True)
    since = models.DateField(_("起"))
    until = models.DateField(_("止"), null=True, blank=True)
    matters = models.JSONField(default=list, encoder=DjangoJSONEncoder)
    note = models.TextField(_("说明"), blank=True)
    state = models.CharField(max_length=10, default=OFFERED)
    at = models.DateTimeField(default=now)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-at",)


class RuleQuerySet(DatedQuerySet):
    """Settings and rules that differ by place and change with time."""

    def at(self, key: str, area: str = "", on: date | None = None) -> "Rule | None":
        """The row of the nearest area above `area` that holds on the day."""
        above = [prefix_of(area)[:w].ljust(12, "0") for w in (2, 4, 6, 9, 12)] if area else []
        if is_settled():
            held = once(("rule", key), lambda: list(self.filter(key=key).order_by("-area", "-since")))
            return next((row for row in held if row.holds_on(on or today()) and (not area or row.area in above)), None)
        rows = self.on(on).filter(key=key)
        if area:
            rows = rows.filter(area__in=above)
        return rows.order_by("-area", "-since").first()

    def value(self, key: str, area: str = "", on: date | None = None, default: Any = None) -> Any:
        """Just the value; `default` where no row says anything."""
        row = self.at(key, area, on)
        return default if row is None else row.value


class Rule(Dated):
    """A dated setting with the mark of its source (domain.md: V S D N U I P). Changed by a new row."""

    key = models.CharField(_("键"), max_length=80, db_index=True)
    area = models.CharField(_("适用范围"), max_length=12)
    name = models.CharField(_("名称"), max_length=120)
    name_en = models.CharField(max_length=160, blank=True)
    value = models.JSONField(_("值"), encoder=DjangoJSONEncoder)
    unit = models.CharField(_("单位"), max_length=12, blank=True)
    law = models.CharField(_("依据"), max_length=200, blank=True)
    mark = models.CharField(_("可靠度"), max_length=10, blank=True)
    source = models.CharField(_("来源"), max_length=200, blank=True)
    note = models.TextField(_("说明"), blank=True)

    objects = RuleQuerySet.as_manager()

    class Meta:
        ordering = ("key", "area", "since")
        constraints = (models.UniqueConstraint(fields=("key", "area", "since"), name="one_rule_at_a_time"),)

    @property
    def label(self) -> str:
        """The name in the language of the screen."""
        return self.name_en if self.name_en and (get_language() or "").startswith("en") else self.name


class CalendarDay(models.Model):
    """A day that differs from Monday-to-Friday, by the State Council's notice."""

    day = models.DateField(primary_key=True)
    working = models.BooleanField()
    name = models.CharField(max_length=40, blank=True)


def the_calendar() -> Calendar:
    """The working calendar as loaded (about 25 rows a year; one query)."""
    return once("calendar", _read_calendar)


def _read_calendar() -> Calendar:
    days = dict(CalendarDay.objects.values_list("day", "working"))
    return Calendar(days, frozenset(day.year for day in days))


class Job(models.Model):
    """Work in the background with its progress, so that a person can leave and come back."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    act = models.CharField(max_length=80)
    name = models.CharField(max_length=120)
    facts = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=10, default="waiting")  # waiting · running · done · failed
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    message = models.TextField(blank=True)
    result = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    at = models.DateTimeField(default=now)
    ended_at = models.DateTimeField(null=True)
