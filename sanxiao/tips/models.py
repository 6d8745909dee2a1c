"""The box, letters with their sealed informer, the two tracks, talk, keys of handlers, openings, rewards, routes.

No row of this room holds a time of day, and none an order: what comes from the public page waits in the box, whose
rows are shuffled at every posting, and is taken out by the day (see `box`).
"""

import json
import uuid
from datetime import date, datetime
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sanxiao.archive.models import Establishment
from sanxiao.docket.models import Matter, Recorded
from sanxiao.enforcement import say
from sanxiao.enforcement.models import Case
from sanxiao.office import seal
from sanxiao.office.duties import DUTIES, LEADS, readers, scope_of
from sanxiao.office.models import Dated, DatedQuerySet, Office, ScopedQuerySet, User
from sanxiao.office.now import midnight, today
from sanxiao.office.places import name_of
from sanxiao.tips.rules import (
    CHANNELS,
    COMPLAINT,
    DISPOSAL,
    ENDINGS,
    LEVELS,
    OPENING,
    OUTCOMES,
    PAYMENTS,
    PROBLEMS,
    REPORT,
    RESULTS,
    REWARD,
    SATISFIED,
    WANTS,
)

INTAKE = "tip.receive"


def this_day() -> datetime:
    """The first moment of today: all that is written of a time."""
    return midnight(today())


def hidden(name: str) -> property:
    """A text over the column `<name>_sealed`, encrypted with the program's key and bound to its row."""

    def place(obj: models.Model) -> str:
        return f"{obj._meta.label_lower}:{obj.pk}:{name}"

    def read(obj: models.Model) -> str:
        return seal.unseal(getattr(obj, f"{name}_sealed"), place(obj))

    def write(obj: models.Model, value: str) -> None:
        setattr(obj, f"{name}_sealed", seal.seal(value or "", place(obj)))

    return property(read, write, doc=f"{name}, in clear; stored sealed")


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


class Handler(Dated):
    """A named person to whom identities are sealed. Without a key of his own he is only named."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("专管人员"))
    area = models.CharField(max_length=12)
    public_key = models.CharField(max_length=64, blank=True)
    key_since = models.DateField(null=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        ordering = ("since", "id")
        constraints = (
            models.UniqueConstraint(fields=("user",), condition=Q(until__isnull=True), name="one_handler_of_a_person"),
        )

    @classmethod
    def sealing(cls) -> "list[Handler]":
        """Those to whom an identity that comes now is sealed: named, with a key, and still in an office that may."""
        rows = cls.objects.on().exclude(public_key="").select_related("user").order_by("id")
        roles = DUTIES["tip.identity"].roles(LEADS)
        return [row for row in rows if row.user.is_active and scope_of(row.user).roles & roles]

    @classmethod
    def of(cls, user: Any) -> "Handler | None":
        """This person as a handler today, or None."""
        return cls.objects.on().filter(user=user.pk).first() if user.is_authenticated else None


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


class TrackQuerySet(ScopedQuerySet):
    """Complaints and reports: the receiving desks see all, other offices what is given to them, the accused nothing."""

    def seen_by(self, user: Any) -> Self:
        """Ground × duty × not the accused unit."""
        scope = scope_of(user)
        offices = [seat.office_id for seat in scope.seats]
        seen, intake, checks = Q(pk__in=[]), DUTIES[INTAKE].roles(LEADS), DUTIES["tip.check"].roles(LEADS)
        for seat in scope.seats:
            ground = Q(area__gte=seat.prefix.ljust(12, "0"), area__lte=seat.prefix.ljust(12, "9"))
            if seat.role in intake:
                seen |= ground
            elif seat.role in checks:
                seen |= ground & Q(office=seat.office_id) & ~Q(state="received")
        return self.filter(seen).exclude(letter__accused__in=offices).select_related("letter")

    def counted(self) -> Self:
        """Those that stand in figures: what is told of a unit of our own stands in none."""
        return self.filter(letter__accused__isnull=True)


class Track(Matter):
    """One of the two ways on which a letter is dealt with."""

    office = models.ForeignKey(Office, models.PROTECT, null=True, related_name="+", verbose_name=_("承办单位"))
    file = models.ForeignKey(
        Establishment, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("对应的档案")
    )
    summary_sealed = models.TextField(blank=True)
    ground = models.CharField(_("理由类别"), max_length=80, default="")
    satisfied = models.CharField(_("评价"), max_length=3, choices=SATISFIED, blank=True, editable=False)
    created_at = models.DateTimeField(default=this_day, editable=False)
    updated_at = models.DateTimeField(default=this_day, editable=False)

    summary = hidden("summary")
    letter: Any
    area_called: str  # laid on by a list
    objects = TrackQuerySet.as_manager()  # type: ignore[misc]
    family = "tip"
    day_only: ClassVar[bool] = True
    private = ("summary", "answer", "finding", "place_name")
    fact_labels: ClassVar[dict[str, Any]] = {
        "summary": _("摘要"), "answer": _("给来件人的答复"), "finding": _("核查情况"), "place_name": _("地点名称"),
        "satisfied": _("评价"), "master": _("原来的一件"),
    }  # fmt: skip

    class Meta:
        abstract = True

    @property
    def file_id_for_log(self) -> None:
        """Nothing of a tip stands in the timeline of a file."""
        return

    @property
    def title(self) -> str:
        """The problem, and the file where it is known; the informer's own words for the place are the desk's alone."""
        problem = str(self.letter.get_problem_display())
        return f"{problem} · {self.file.called}" if self.file else problem

    def get_absolute_url(self) -> str:
        """The page of the letter, opened at this track."""
        return reverse("tip", args=[self.flow.key.split(".")[1], self.pk])


class Complaint(Track):
    """投诉: a consumer's dispute, received, mediated, answered."""

    letter = models.ForeignKey(Letter, models.PROTECT, related_name="complaints")
    result = models.CharField(_("调解结果"), max_length=10, choices=RESULTS, default="")
    ending = models.CharField(_("终止的情形"), max_length=10, choices=ENDINGS, default="")
    state = COMPLAINT.field()

    flow = COMPLAINT

    class Meta:
        constraints = (models.UniqueConstraint(fields=("letter",), name="one_complaint_of_a_letter"),)
        indexes = (models.Index(fields=("area", "rule_on"), name="complaint_by_day"),)


class Report(Track):
    """举报: a clue to an offence, checked, decided on, answered."""

    letter = models.ForeignKey(Letter, models.PROTECT, related_name="reports")
    outcome = models.CharField(_("核查结论"), max_length=10, choices=OUTCOMES, default="")
    finding_sealed = models.TextField(blank=True)
    master = models.ForeignKey("self", models.PROTECT, null=True, related_name="repeats", verbose_name=_("原来的一件"))
    lead = models.UUIDField(null=True, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, null=True, related_name="+", editable=False)  # it knows no report
    state = REPORT.field()

    flow = REPORT
    fact_labels: ClassVar[dict[str, Any]] = {**Track.fact_labels, "second": _("协办人"), "case": _("案号")}
    fact_words: ClassVar[dict[str, Any]] = {"second": say.person}
    finding = hidden("finding")

    class Meta:
        constraints = (models.UniqueConstraint(fields=("letter",), name="one_report_of_a_letter"),)
        indexes = (models.Index(fields=("area", "rule_on"), name="report_by_day"),)


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


class RewardQuerySet(ScopedQuerySet):
    """Rewards: for who proposes them and for who pays; nothing of the tip comes along."""

    def seen_by(self, user: Any) -> Self:
        """On one's ground; who may not see the tip (the accused unit) does not see its reward."""
        scope = scope_of(user)
        prefixes = scope.prefixes(readers("reward") | readers("payout"))
        rows = self.within(prefixes) if prefixes else self.none()
        return rows.exclude(report__letter__accused__in=[seat.office_id for seat in scope.seats])


class Reward(Matter):
    """举报奖励: proposed on a verified report, approved by finance, paid against the receipt. It names nobody."""

    report = models.ForeignKey(Report, models.PROTECT, related_name="rewards")
    level = models.CharField(_("奖励等级"), max_length=1, choices=LEVELS)
    penalty = models.PositiveBigIntegerField(_("罚没款（元）"), default=0)
    insider = models.BooleanField(_("内部知情人举报"), default=False)
    decision = models.CharField(_("处罚决定书文号"), max_length=60, blank=True)
    computed = models.PositiveBigIntegerField(_("按规定计算（元）"), default=0, editable=False)
    amount = models.PositiveBigIntegerField(_("奖励金额（元）"), default=0)
    payment = models.CharField(_("发放方式"), max_length=10, choices=PAYMENTS, default="")
    paid_on = models.DateField(_("发放日期"), null=True, editable=False)
    state = REWARD.field()
    created_at = models.DateTimeField(default=this_day, editable=False)
    updated_at = models.DateTimeField(default=this_day, editable=False)

    flow = REWARD
    family = "reward"  # reading goes by two families, see RewardQuerySet
    day_only: ClassVar[bool] = True
    objects = RewardQuerySet.as_manager()  # type: ignore[misc]
    private = ("receipt",)
    fact_labels: ClassVar[dict[str, Any]] = {"receipt": _("回执码")}

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("report",), condition=~Q(state__in=("refused", "forfeited")), name="one_reward_of_a_report"
            ),
        )

    @property
    def title(self) -> str:
        """A short number of its own, never the place."""
        return gettext("奖励 %(no)s") % {"no": str(self.pk)[:8].upper()}

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("tip-reward", args=[self.pk])


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


class Route(Dated):
    """分派规则: which office gets what, by problem, place and season. The narrowest row that fits wins.

    Rows with `draft_of` are somebody's draft: they count in his bench alone, until he puts them in force.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    problem = models.CharField(_("问题"), max_length=12, choices=PROBLEMS, blank=True)
    area = models.CharField(_("地点"), max_length=12)
    from_month = models.PositiveSmallIntegerField(_("每年自（月）"), null=True, blank=True)
    to_month = models.PositiveSmallIntegerField(_("至（月）"), null=True, blank=True)
    role = models.CharField(_("承办单位"), max_length=20)
    draft_of = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    ends = models.ForeignKey("self", models.SET_NULL, null=True, related_name="+")  # the row that a draft takes out
    note = models.CharField(_("说明"), max_length=120, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        ordering = ("problem", "area", "from_month", "since", "id")
        constraints = (
            models.CheckConstraint(
                condition=Q(from_month__isnull=True, to_month__isnull=True)
                | Q(from_month__range=(1, 12), to_month__range=(1, 12)),
                name="route_season_whole",
            ),
        )

    def in_season(self, day: date) -> bool:
        """Does its part of the year hold the day? It may go over New Year (11 to 2)."""
        if self.from_month is None or self.to_month is None:
            return True
        first, last = self.from_month, self.to_month
        return first <= day.month <= last if first <= last else day.month >= first or day.month <= last


def unanswered(rows: Any) -> Any:
    """Tracks whose informer has written what nobody at the desk has read."""
    fresh = Message.objects.filter(letter=OuterRef("letter"), by__isnull=True, read=False)
    return rows.filter(Exists(fresh))
