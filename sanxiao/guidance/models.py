"""Leaflets and who was told, letters, training, help. Each hangs on a file, or is told of one."""

from typing import Any, ClassVar, Self

from django.core.serializers.json import DjangoJSONEncoder
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from sanxiao.archive.models import Establishment, Kind
from sanxiao.docket.models import Matter
from sanxiao.guidance.rules import ATTENDANCE, HELP, LEAFLET, LETTER, LETTER_WAYS, MAILING, SESSION, TOLD, WAYS
from sanxiao.guidance.say import kind_of_help, kinds_of_places, short
from sanxiao.office.duties import readers, scope_of
from sanxiao.office.models import ScopedQuerySet, User
from sanxiao.office.now import today
from sanxiao.papers import codes

TOWN = 9  # digits of a town's code


class OfTheTown(ScopedQuerySet):
    """What a town has for all its villages: read by everybody of the town who reads the family."""

    def seen_by(self, user: Any) -> Self:
        """Of one's own town."""
        towns = {prefix[:TOWN].ljust(12, "0") for prefix in scope_of(user).prefixes(readers(self.model.family))}
        return self.filter(area__in=towns)


class OnFiles(ScopedQuerySet):
    """What hangs on files."""

    def of(self, file: Establishment) -> Self:
        """Those on a file and on what was merged into it, newest first."""
        return self.filter(file__in=file.pks).order_by("-created_at")


class WithItsParts(ScopedQuerySet):
    """What has a part for every place: seen on one's own ground, and where one of its places is on it."""

    def seen_by(self, user: Any) -> Self:
        """One's own, and those of the town that reach one's own places; the parts are cut to the ground apart."""
        parts = self.model.part().objects.seen_by(user).filter(**{self.model.part_key: models.OuterRef("pk")})
        return self.filter(Q(pk__in=super().seen_by(user).values("pk")) | models.Exists(parts))


class Leaflet(Matter):
    """A 告知书 in one version: words in both languages, for which kinds, since when. A file may hang on it."""

    code = models.SlugField(
        _("代号"), max_length=30, help_text=_("同一种告知书各版用同一个代号，例如 notice-workshop。")
    )
    edition = models.CharField(_("版本"), max_length=20, help_text=_("例如 2018-05。"))
    kinds = models.JSONField(_("给哪几类单位"), default=list, blank=True)  # codes of kinds; empty: all
    since = models.DateField(_("发布日期"), default=today)
    title = models.CharField(_("标题"), max_length=80)
    title_en = models.CharField(_("英文标题"), max_length=120, blank=True)
    text = models.TextField(_("正文"))
    text_en = models.TextField(_("英文正文"), blank=True)
    state = LEAFLET.field()

    flow = LEAFLET
    family = "guide"
    fact_labels: ClassVar[dict[str, Any]] = {"title": _("标题"), "since": _("发布日期")}
    fact_words: ClassVar[dict[str, Any]] = {"text": short, "text_en": short, "kinds": kinds_of_places}
    objects = OfTheTown.as_manager()  # type: ignore[misc]

    class Meta:
        ordering = ("code", "-since")
        constraints = (models.UniqueConstraint(fields=("area", "code", "edition"), name="one_leaflet_edition"),)

    def __str__(self) -> str:
        english = self.title_en if self.title_en and (get_language() or "").startswith("en") else self.title
        return f"{english} {self.edition}"

    def is_for(self, kind: str) -> bool:
        """Is it for places of this kind?"""
        return not self.kinds or kind in self.kinds

    def get_absolute_url(self) -> str:
        """Its page at the desk."""
        return reverse("leaflet", args=[self.pk])


class Told(Matter):
    """Proof that one operator was told: which version, on which day, how."""

    file = models.ForeignKey(Establishment, models.PROTECT, related_name="+")
    leaflet = models.ForeignKey(Leaflet, models.PROTECT, related_name="+", verbose_name=_("告知书"))
    told_on = models.DateField(_("告知日期"), default=today)
    way = models.CharField(_("怎么告知的"), max_length=8, choices=WAYS, default="hand")
    note = models.CharField(_("说明"), max_length=200, blank=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("告知人"))
    state = TOLD.field()

    flow = TOLD
    family = "guide"
    objects = OnFiles.as_manager()  # type: ignore[misc]

    class Meta:
        ordering = ("-told_on", "id")
        constraints = (
            models.UniqueConstraint(fields=("leaflet", "file"), condition=Q(state="told"), name="told_once"),
        )

    @property
    def title(self) -> str:
        """Place and version."""
        return f"{self.file.called} · {self.leaflet}"

    def get_absolute_url(self) -> str:
        """It is read on the file's page."""
        return f"{self.file.get_absolute_url()}?tab=guidance"


class Mailing(Matter):
    """One letter to many places: the words with their blanks, and the filter that says to whom."""

    number = models.CharField(_("文号"), max_length=60, blank=True)
    title = models.CharField(_("标题"), max_length=80, blank=False, default="")
    text = models.TextField(
        _("正文"), default="", help_text=_("可以用 {名称} {经营者} {村} {编号}，各家自动填上。空一行分段。")
    )
    way = models.CharField(_("怎么送"), max_length=8, choices=LETTER_WAYS, default="hand")
    wanted = models.CharField(max_length=400, blank=True, editable=False)  # the filter, as in the address of the list
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("起草人"))
    issued_on = models.DateField(_("发出日期"), null=True, editable=False)
    count = models.PositiveIntegerField(_("封数"), default=0, editable=False)
    state = MAILING.field()

    flow = MAILING
    family = "guide"
    fact_labels: ClassVar[dict[str, Any]] = {"title": _("标题")}
    fact_words: ClassVar[dict[str, Any]] = {"text": short}
    part_key = "mailing"
    objects = WithItsParts.as_manager()  # type: ignore[misc]

    class Meta:
        ordering = ("-created_at",)

    def __str__(self) -> str:
        return self.title

    @staticmethod
    def part() -> Any:
        """Its letters."""
        return Letter

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("mailing", args=[self.pk])


class Letter(Matter):
    """The copy for one place, which stands in its file; whether it arrived."""

    mailing = models.ForeignKey(Mailing, models.PROTECT, related_name="letters")
    file = models.ForeignKey(Establishment, models.PROTECT, related_name="+")
    way = models.CharField(_("怎么送"), max_length=8, choices=LETTER_WAYS, default="hand")
    delivered_on = models.DateField(_("送到日期"), null=True)
    reason = models.CharField(_("退信原因"), max_length=200, blank=True)
    state = LETTER.field()

    flow = LETTER
    family = "guide"
    objects = OnFiles.as_manager()  # type: ignore[misc]

    class Meta:
        ordering = ("area", "id")
        constraints = (models.UniqueConstraint(fields=("mailing", "file"), name="one_letter_each"),)

    @property
    def title(self) -> str:
        """Place and letter."""
        return f"{self.file.called} · {self.mailing.title}"

    def get_absolute_url(self) -> str:
        """It is read with its fellows."""
        return self.mailing.get_absolute_url()


class Session(Matter):
    """A training: topic, day, place; its code opens the test on the operators' own phones."""

    topic = models.CharField(_("主题"), max_length=80, blank=False, default="")
    kind = models.ForeignKey(
        Kind, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("测试题（按类别）"),
        help_text=_("用哪一类的题目测试。"),
    )  # fmt: skip
    held_on = models.DateField(_("日期"), default=today)
    starts_at = models.CharField(_("时间"), max_length=20, blank=True, help_text=_("例如 下午2:00。"))
    place = models.CharField(_("地点"), max_length=80, blank=False, default="")
    speaker = models.CharField(_("主讲人"), max_length=40, blank=True)
    code = models.CharField(max_length=codes.LENGTH, unique=True, default=codes.new, editable=False)
    state = SESSION.field()

    flow = SESSION
    family = "guide"
    part_key = "session"
    objects = WithItsParts.as_manager()  # type: ignore[misc]
    fact_labels: ClassVar[dict[str, Any]] = {"who": _("加入"), "came": _("到场"), "scores": _("成绩")}
    fact_words: ClassVar[dict[str, Any]] = {
        "who": str, "came": lambda said: str(len(said["there"])), "scores": lambda rows: str(len(rows)),
    }  # fmt: skip

    class Meta:
        ordering = ("-held_on", "id")

    @property
    def title(self) -> str:
        """Topic and day."""
        return f"{self.topic} {self.held_on}"

    @staticmethod
    def part() -> Any:
        """Its people."""
        return Attendance

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("session", args=[self.pk])


class AttendanceQuerySet(OnFiles):
    """Who was at a training, and what the test said."""

    def there(self) -> Self:
        """Who came."""
        return self.filter(state__in=("came", "passed", "failed"))


class Attendance(Matter):
    """One place at one training: invited, there or not, with the score of the test."""

    session = models.ForeignKey(Session, models.PROTECT, related_name="people")
    file = models.ForeignKey(Establishment, models.PROTECT, related_name="+")
    person = models.CharField(_("参加人"), max_length=40, blank=True)  # who came for it, when not the operator
    score = models.PositiveSmallIntegerField(
        _("得分"), null=True, validators=(MinValueValidator(0), MaxValueValidator(100))
    )
    answers = models.JSONField(default=dict, encoder=DjangoJSONEncoder)  # question -> choice, of the last try by phone
    tries = models.PositiveSmallIntegerField(default=0)
    tested_on = models.DateField(_("测试日期"), null=True)
    state = ATTENDANCE.field()

    flow = ATTENDANCE
    family = "guide"
    objects = AttendanceQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        ordering = ("area", "id")
        constraints = (
            models.UniqueConstraint(fields=("session", "file"), name="once_in_a_session"),
            models.CheckConstraint(condition=Q(score__isnull=True) | Q(score__lte=100), name="score_in_a_hundred"),
        )

    @property
    def title(self) -> str:
        """Place and session."""
        return f"{self.file.called} · {self.session.topic}"

    def get_absolute_url(self) -> str:
        """It is read with its session."""
        return self.session.get_absolute_url()


class Help(Matter):
    """What was done for a place, like a penalty is recorded: what, when, how much, and what came of it."""

    file = models.ForeignKey(Establishment, models.PROTECT, related_name="+")
    what = models.CharField(_("帮扶方式"), max_length=30, default="", blank=False)  # code of the rule help.kinds
    plan_text = models.CharField(_("打算怎么帮"), max_length=300, default="", blank=False)
    planned_on = models.DateField(_("登记日期"), default=today)
    given_on = models.DateField(_("帮扶日期"), null=True)
    given_text = models.CharField(_("做了什么"), max_length=300, default="", blank=False)
    amount = models.DecimalField(
        _("补贴金额（元）"), max_digits=10, decimal_places=2, null=True, blank=True, validators=(MinValueValidator(0),)
    )
    fund = models.CharField(_("列支渠道"), max_length=80, blank=True)
    seen_on = models.DateField(_("看效果的日期"), null=True)
    effect = models.CharField(_("效果"), max_length=300, default="", blank=False)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("帮扶人"))
    state = HELP.field()

    flow = HELP
    family = "help"
    fact_words: ClassVar[dict[str, Any]] = {"what": kind_of_help}
    objects = OnFiles.as_manager()  # type: ignore[misc]

    class Meta:
        ordering = ("-planned_on", "id")
        constraints = (
            models.CheckConstraint(condition=Q(amount__isnull=True) | Q(amount__gte=0), name="no_negative_subsidy"),
        )

    @property
    def title(self) -> str:
        """The place."""
        return self.file.called

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("help", args=[self.pk])
