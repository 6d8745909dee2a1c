"""What the room keeps: texts and acts, exposed cases, polls with their codes and answers, requests on credit."""

import uuid
from datetime import date
from typing import Any, ClassVar, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sanxiao.archive.models import Establishment, Operator
from sanxiao.docket.models import Matter
from sanxiao.enforcement.models import Case
from sanxiao.office.duties import readers, scope_of
from sanxiao.office.models import Office, ScopedQuerySet, User
from sanxiao.office.now import today
from sanxiao.papers import codes
from sanxiao.publicity import say
from sanxiao.publicity.rules import ACT, EXPOSURE, POLL, REACH, REPAIR, REQUESTS, TEXT

TOWN = 9  # digits of a town's code
WAYS = [("slip", _("答卷条")), ("open", _("公开二维码"))]


class WithTheTown(ScopedQuerySet):
    """One's own ground, and what the town's offices did for all."""

    def seen_by(self, user: Any) -> Self:
        """Nothing here is secret within a town: a village also sees what its town has."""
        prefixes = scope_of(user).prefixes(readers(self.model.family))
        towns = {prefix[:TOWN].ljust(12, "0") for prefix in prefixes}
        return self.filter(Q(pk__in=super().seen_by(user).values("pk")) | Q(area__in=towns))


class Text(Matter):
    """宣传文稿 in one edition. An act names the edition that it used."""

    code = models.SlugField(_("代号"), max_length=30, help_text=_("同一篇各版用同一个代号，例如 open-letter。"))
    edition = models.CharField(_("版本"), max_length=20, help_text=_("例如 2018-06。"))
    title = models.CharField(_("标题"), max_length=80, blank=False, default="")
    body = models.TextField(_("正文"), max_length=4000, default="")
    since = models.DateField(_("发布日期"), default=today, editable=False)
    state = TEXT.field()

    flow = TEXT
    family = "publicity"
    fact_labels: ClassVar[dict[str, Any]] = {"title": _("标题")}
    fact_words: ClassVar[dict[str, Any]] = {"body": say.short}
    objects = WithTheTown.as_manager()  # type: ignore[misc]

    class Meta:
        ordering = ("code", "-since", "-created_at")
        constraints = (models.UniqueConstraint(fields=("area", "code", "edition"), name="one_text_edition"),)

    def __str__(self) -> str:
        return f"{self.title} {self.edition}"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("publicity-text", args=[self.pk])


class ActQuerySet(WithTheTown):
    """Acts of publicity."""

    def done(self, since: date | None = None, until: date | None = None) -> Self:
        """Done, between two days."""
        rows = self.filter(state="done")
        rows = rows.filter(done_on__gte=since) if since else rows
        return rows.filter(done_on__lte=until) if until else rows


class Act(Matter):
    """宣传活动: by which office, through which channel, with which text, how many it reached and how that is known."""

    office = models.ForeignKey(Office, models.PROTECT, related_name="+", verbose_name=_("单位"), editable=False)
    channel = models.CharField(_("渠道"), max_length=20, default="", blank=False)  # code of publicity.channels
    title = models.CharField(_("宣传什么"), max_length=80, default="", blank=False)
    text = models.ForeignKey(
        Text, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("文稿（版本）")
    )
    wording = models.CharField(
        _("没有文稿的，写明内容"), max_length=300, blank=True, help_text=_("例如报道的标题、口头讲的要点。")
    )
    planned_on = models.DateField(_("计划日期"), null=True)
    done_on = models.DateField(_("开展日期"), null=True)
    place = models.CharField(_("地点或媒体"), max_length=80, default="", blank=False)
    grounds = models.JSONField(_("覆盖的村（社区）"), default=list, blank=True)  # codes; none: the whole ground
    reach = models.PositiveIntegerField(_("覆盖人数"), null=True, validators=(MaxValueValidator(10_000_000),))
    reach_how = models.CharField(_("人数怎么来的"), max_length=10, choices=REACH, default="estimated")
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("登记人"))
    state = ACT.field()

    flow = ACT
    family = "publicity"
    fact_labels: ClassVar[dict[str, Any]] = {"title": _("宣传什么")}
    fact_words: ClassVar[dict[str, Any]] = {"channel": say.channel, "grounds": say.places}
    objects = ActQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        ordering = ("-created_at",)
        indexes = (models.Index(fields=("area", "-updated_at", "id"), name="act_by_area"),)

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("publicity-act", args=[self.pk])

    @property
    def result(self) -> str:
        """What came of it, in a line, for who pays."""
        if self.state != "done":
            return str(self.state_row.name)
        how = self.get_reach_how_display()
        return gettext("覆盖 %(n)d 人次（%(how)s）") % {"n": self.reach or 0, "how": how}


class ExposureQuerySet(ScopedQuerySet):
    """Exposed cases."""

    def public(self) -> Self:
        """What everybody may read today: also where the night watch has not been, and only while its case stands."""
        standing = Case.objects.public().filter(state="closed")
        return self.filter(state="published", public_until__gte=today(), case__in=standing)


class Exposure(Matter):
    """典型案例: the masked story of a closed case, shown until a day that follows from the rules."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="+", editable=False)
    file = models.ForeignKey(Establishment, models.PROTECT, related_name="+", editable=False)
    number = models.CharField(_("编号"), max_length=60, blank=True, editable=False)
    title = models.CharField(_("标题"), max_length=60, default="", blank=False)
    body = models.TextField(_("公开的文字"), max_length=2000, default="")
    published_on = models.DateField(_("公开日期"), null=True, editable=False)
    public_until = models.DateField(_("公开至"), null=True, editable=False)
    ended_on = models.DateField(_("撤下日期"), null=True, editable=False)
    state = EXPOSURE.field()

    flow = EXPOSURE
    family = "expose"
    fact_labels: ClassVar[dict[str, Any]] = {"title": _("标题")}
    fact_words: ClassVar[dict[str, Any]] = {"body": say.short}
    objects = ExposureQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        ordering = ("-created_at",)
        constraints = (
            models.UniqueConstraint(fields=("case",), condition=~Q(state="dropped"), name="one_exposure_of_a_case"),
            models.CheckConstraint(
                condition=Q(published_on__isnull=True) | Q(public_until__isnull=False), name="exposure_has_an_end"
            ),
        )

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Its page at the desk."""
        return reverse("exposure", args=[self.pk])


class Poll(Matter):
    """满意度调查 of one quarter: a code for every village, slips for households, answers without persons."""

    year = models.PositiveSmallIntegerField(
        _("年份"), default=2018, validators=(MinValueValidator(2018), MaxValueValidator(2100))
    )
    quarter = models.PositiveSmallIntegerField(
        _("季度"), default=1, validators=(MinValueValidator(1), MaxValueValidator(4))
    )
    closes_on = models.DateField(_("收到哪天为止"), null=True)
    state = POLL.field()

    flow = POLL
    family = "poll"
    fact_labels: ClassVar[dict[str, Any]] = {"ground": _("村（社区）"), "count": _("条数")}
    fact_words: ClassVar[dict[str, Any]] = {"ground": say.place, "count": str, "year": str, "quarter": str}
    objects = WithTheTown.as_manager()  # type: ignore[misc]

    class Meta:
        ordering = ("-year", "-quarter")
        constraints = (models.UniqueConstraint(fields=("area", "year", "quarter"), name="one_poll_a_quarter"),)

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """2018年第2季度满意度调查."""
        return gettext("%(year)d年第%(quarter)d季度满意度调查") % {"year": self.year, "quarter": self.quarter}

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("poll", args=[self.pk])


class Door(models.Model):
    """The open code of a village in a poll, as it hangs on its poster."""

    poll = models.ForeignKey(Poll, models.PROTECT, related_name="doors")
    area = models.CharField(max_length=12)
    code = models.CharField(max_length=codes.LENGTH, unique=True, default=codes.new)

    class Meta:
        ordering = ("area",)
        constraints = (models.UniqueConstraint(fields=("poll", "area"), name="one_door_a_village"),)


class Slip(models.Model):
    """An answer slip of one household: its code by keyed index alone, and whether it was used; no day, no person."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    poll = models.ForeignKey(Poll, models.PROTECT, related_name="slips")
    area = models.CharField(max_length=12)
    batch = models.PositiveSmallIntegerField()
    index = models.CharField(max_length=40, unique=True)
    used = models.BooleanField(default=False)

    class Meta:
        indexes = (models.Index(fields=("poll", "area", "batch"), name="slip_by_batch"),)


class Reply(models.Model):
    """One filled questionnaire: of which village and by which way, on which day; nothing leads to who filled it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    poll = models.ForeignKey(Poll, models.PROTECT, related_name="replies")
    area = models.CharField(max_length=12)
    way = models.CharField(max_length=5, choices=WAYS)
    on = models.DateField(default=today)
    answers = models.JSONField(default=dict)  # question -> choice, or a list of choices
    words = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("id",)  # by chance, not by time
        indexes = (models.Index(fields=("poll", "area", "way"), name="reply_counted"),)


class Person(Operator):
    """An operator as his credit record shows him: the same row, with a page of its own."""

    class Meta:
        proxy = True

    def get_absolute_url(self) -> str:
        """His credit record."""
        return reverse("credit", args=[self.pk])


class RepairQuerySet(ScopedQuerySet):
    """Requests on credit records."""

    def granted(self) -> Self:
        """Entries that no longer count."""
        return self.filter(state="granted")


class Repair(Matter):
    """信用异议、信用修复: one entry of a person's record, why it should no longer count, what was decided."""

    operator = models.ForeignKey(Operator, models.PROTECT, related_name="+", editable=False)
    file = models.ForeignKey(Establishment, models.PROTECT, related_name="+", editable=False)
    request = models.CharField(_("要求"), max_length=10, choices=REQUESTS, default="objection")
    entry = models.CharField(_("哪一条记录"), max_length=120, default="", blank=False)  # key of credit.Entry
    words = models.CharField(_("记录"), max_length=200, blank=True, editable=False)
    answer = models.TextField(_("答复"), max_length=1000, blank=True, editable=False)
    state = REPAIR.field()

    flow = REPAIR
    family = "credit"
    fact_words: ClassVar[dict[str, Any]] = {"entry": say.nothing}
    objects = RepairQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        ordering = ("-created_at",)
        constraints = (
            models.UniqueConstraint(
                fields=("operator", "entry"), condition=Q(state="asked"), name="one_open_request_an_entry"
            ),
        )

    @property
    def title(self) -> str:
        """Whose, and what about."""
        return f"{self.operator.name} · {self.words}"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("credit-repair", args=[self.pk])
