"""Phones and their keys, forms as they are served, what came in, and what needs a person."""

import secrets
import uuid
from typing import Any, ClassVar

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sanxiao.archive.models import Establishment
from sanxiao.docket.models import Blob, Matter, Recorded
from sanxiao.docket.tables import State
from sanxiao.field import say
from sanxiao.field.rules import CHECK, CLASH, PATCH_KINDS, SUBMISSION_STATES, SUBMISSION_TONES, TROUBLE, WALK
from sanxiao.office import seal
from sanxiao.office.models import Office, Post, ScopedQuerySet, User
from sanxiao.office.now import now, today
from sanxiao.office.prepared import Prepared
from sanxiao.survey.models import Form, Sheet


class PhoneQuerySet(models.QuerySet["Phone"]):
    """Phones; a key is looked up by its index alone."""

    def of_key(self, key: str) -> "Phone | None":
        """The phone that holds this key and has not been shut out, with its person and his posts: one statement,
        asked anew every time, so that who is shut out is shut out at once."""
        rows = _OF_KEY.rows(seal.index("phone-key", key)) if len(key) == KEY_LENGTH else []
        if not rows:
            return None
        cut = len(_PHONE), len(_PHONE) + len(_USER)
        phone = Phone.from_db(self.db, _PHONE, rows[0][: cut[0]])
        phone.user = User.from_db(self.db, _USER, rows[0][cut[0] : cut[1]])
        phone.user.__dict__["_posts_held"] = [_post(row[cut[1] :]) for row in rows if row[cut[1]] is not None]
        return phone


def _post(row: tuple[Any, ...]) -> Post:
    pk, since, until, title, acting, office, role, area = row
    return Post(
        id=pk, since=since, until=until, title=title, acting=acting, office=Office(id=office, role=role, area=area)
    )


KEY_LENGTH = 64


class Phone(models.Model):
    """One person's phone: the page `/field/` in one browser, or ODK Collect. Its key opens what its person may do."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("使用人"))
    name = models.CharField(_("名称"), max_length=60)
    client = models.CharField(max_length=10, default="page")  # page · collect
    key_index = models.CharField(max_length=40, unique=True)  # the key itself is shown once and not kept
    device = models.CharField(max_length=80, blank=True)  # what the client calls itself; kept, never trusted
    made_at = models.DateTimeField(default=now)
    seen_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    revoke_reason = models.CharField(_("停用原因"), max_length=120, blank=True)

    objects = PhoneQuerySet.as_manager()

    class Meta:
        ordering = ("-made_at",)

    def __str__(self) -> str:
        return self.name

    def new_key(self) -> str:
        """Give the phone a key (64 characters for addresses); only its index is kept."""
        key = secrets.token_urlsafe(48)
        self.key_index = seal.index("phone-key", key)
        return key


_PHONE = [field.attname for field in Phone._meta.concrete_fields]
_USER = [field.attname for field in User._meta.concrete_fields]
_POST = ("id", "since", "until", "title", "acting", "office_id", "office__role", "office__area")
_OF_KEY = Prepared(
    lambda index: (
        Phone.objects.filter(key_index=index, revoked_at__isnull=True, user__is_active=True)
        .order_by()
        .values_list(*_PHONE, *(f"user__{name}" for name in _USER), *(f"user__posts__{name}" for name in _POST))
    )
)


class Draft(models.Model):
    """An uploaded XLSForm on its way to being published: what it says, and what is wrong with it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(_("文件"), max_length=200)
    code = models.CharField(max_length=40, blank=True)
    version = models.CharField(_("版本"), max_length=20, blank=True)
    title = models.CharField(_("名称"), max_length=80, blank=True)
    source = models.JSONField(default=dict)  # as xlsform.source
    faults = models.JSONField(default=list)  # {sheet, row, column, text}
    xform = models.TextField(blank=True)
    previewed_at = models.DateTimeField(null=True)  # opened in our own page, which is a stricter judge than any check
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now)
    published = models.ForeignKey(Form, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("-at",)

    def __str__(self) -> str:
        return self.title or self.name


class Edition(models.Model):
    """The very bytes under which a form is served to phones. Villages and banned foods stand in them, so one
    version of a form may have several editions; every edition ever served is kept, and answers to it are taken."""

    form = models.ForeignKey(Form, models.PROTECT, related_name="+")
    code = models.CharField(max_length=40)
    version = models.CharField(max_length=24)
    xform = models.TextField()
    md5 = models.CharField(max_length=32)
    basis = models.CharField(max_length=64)  # digest of what it was made from
    media = models.JSONField(default=list)  # file names of its manifest
    made_at = models.DateTimeField(default=now)
    closed_at = models.DateTimeField(null=True)  # no answers are taken any more

    class Meta:
        ordering = ("code", "-made_at")
        constraints = (
            models.UniqueConstraint(fields=("code", "version"), name="edition_version_once"),
            models.UniqueConstraint(fields=("code", "basis"), name="edition_basis_once"),
        )

    def __str__(self) -> str:
        return f"{self.code} {self.version}"


class Submission(models.Model):
    """What a phone sent, as it sent it. The row is the receipt: it is written in the transaction that is answered 201.

    `area` is the village that the answers name. `place` is the entity: the file that is made or brought up to date.
    """

    id = models.UUIDField(primary_key=True, editable=False)  # of the instanceID; of its digest where that is no UUID
    instance = models.CharField(max_length=120, unique=True)
    replaces = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    edition = models.ForeignKey(Edition, models.PROTECT, related_name="+")
    area = models.CharField(max_length=12, db_index=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    phone = models.ForeignKey(Phone, models.PROTECT, null=True, related_name="+")
    body = models.TextField()  # sealed XML
    sha256 = models.CharField(max_length=64)
    promised = models.JSONField(default=dict)  # file or question -> {sha256, taken_at, lat, lng, accuracy, mock, hand}
    place = models.UUIDField(null=True, db_index=True)
    base = models.PositiveIntegerField(null=True)  # baseVersion
    trunk = models.PositiveIntegerField(null=True)
    branch = models.UUIDField(null=True)
    observed_on = models.DateField(default=today)
    client_at = models.DateTimeField(null=True)  # the phone's clock when it sent
    skew = models.IntegerField(null=True)  # seconds by which it is ahead of ours
    received_at = models.DateTimeField(default=now)
    state = models.CharField(max_length=10, choices=SUBMISSION_STATES, default="received")
    tries = models.PositiveSmallIntegerField(default=0)
    forced = models.BooleanField(default=False)  # taken though what it builds on never came
    settled_at = models.DateTimeField(null=True)
    result = models.JSONField(default=dict, encoder=DjangoJSONEncoder)  # kind and key of what it became, what merged
    gone_on = models.DateField(null=True)  # its answers were destroyed when their time was over

    objects = ScopedQuerySet.as_manager()
    family = "field"

    class Meta:
        ordering = ("received_at",)
        indexes = (
            models.Index(fields=("received_at",), condition=~Q(state="settled"), name="submission_unsettled"),
            models.Index(fields=("branch", "base"), condition=Q(branch__isnull=False), name="submission_chain"),
        )

    def __str__(self) -> str:
        return self.instance

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("field-submission", args=[self.pk])

    @property
    def state_row(self) -> State:
        """Name and tone of the present state."""
        return State(self.state, dict(SUBMISSION_STATES)[self.state], SUBMISSION_TONES[self.state])

    @property
    def xml(self) -> str:
        """The answers as they came."""
        return seal.unseal(self.body, f"field.submission:{self.pk}:body")

    def keep(self, xml: str) -> None:
        """Seal the answers: they hold ID numbers and telephones."""
        self.body = seal.seal(xml, f"field.submission:{self.pk}:body")


class SubmittedFile(models.Model):
    """A file of a submission; comes with it, or in a later request."""

    submission = models.ForeignKey(Submission, models.PROTECT, related_name="files")
    name = models.CharField(max_length=200)
    blob = models.ForeignKey(Blob, models.PROTECT, null=True, related_name="+")  # none: it could not be read
    fault = models.CharField(max_length=200, blank=True)  # in the source language
    at = models.DateTimeField(default=now)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("submission", "name"), name="submitted_file_once"),)

    @property
    def wrong(self) -> str:
        """What is wrong with it, in the reader's language."""
        return gettext(self.fault) if self.fault else ""


class Promise(models.Model):
    """What a phone said of its files when they were taken: told at once, also where the answers follow days later."""

    instance = models.CharField(max_length=120)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    files = models.JSONField(default=dict)  # as Submission.promised, with told_at
    at = models.DateTimeField(default=now)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("instance", "by"), name="promised_once"),)


class Served(models.Model):
    """A file as a phone was given it: what the phone's changes are changes of."""

    file = models.ForeignKey(Establishment, models.PROTECT, related_name="+")
    version = models.PositiveIntegerField()
    values = models.JSONField(default=dict, encoder=DjangoJSONEncoder)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("file", "version"), name="served_once"),)


class Trouble(Matter):
    """A submission that could not be taken as it is."""

    submission = models.OneToOneField(Submission, models.PROTECT, related_name="+")
    reason = models.TextField(_("原因"))
    state = TROUBLE.field()

    flow = TROUBLE
    family = "field"

    @property
    def title(self) -> str:
        """Which form, and why."""
        return f"{self.submission.edition.form} · {self.why}"

    @property
    def why(self) -> str:
        """The reason in the reader's language, where the submission still lies there for it."""
        held = self.submission.result
        return say.kept(held, "reason") if held.get("reason") == self.reason else self.reason

    def get_absolute_url(self) -> str:
        """The submission's page."""
        return reverse("field-submission", args=[self.submission_id])


class Clash(Matter):
    """Fields that a phone and somebody else changed differently since the phone was given the file."""

    submission = models.ForeignKey(Submission, models.PROTECT, related_name="+")
    file = models.ForeignKey(Establishment, models.PROTECT, related_name="+")
    fields = models.JSONField(default=list, encoder=DjangoJSONEncoder)  # {name, base, ours, theirs}
    chosen = models.JSONField(_("选定"), default=dict)  # name -> ours · theirs
    state = CLASH.field()

    flow = CLASH
    family = "field"
    fact_words: ClassVar[dict[str, Any]] = {"chosen": say.chosen}

    class Meta:
        constraints = (models.UniqueConstraint(fields=("submission", "file"), name="clash_once"),)

    @property
    def title(self) -> str:
        """The place."""
        return self.file.called

    def get_absolute_url(self) -> str:
        """Where one chooses."""
        return reverse("field-clash", args=[self.pk])


class Patch(Recorded):
    """A street, hamlet or market of a village: what is walked, and by whom."""

    name = models.CharField(_("片区"), max_length=60)
    kind = models.CharField(_("类型"), max_length=8, choices=PATCH_KINDS, default="hamlet")
    walker = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("责任人"))
    lat = models.FloatField(null=True, blank=True)
    lng = models.FloatField(null=True, blank=True)
    found_in_field = models.BooleanField(default=False)  # named by whoever stood there
    since = models.DateField(default=today)
    until = models.DateField(null=True, blank=True)

    family = "coverage"

    class Meta:
        ordering = ("area", "name")
        constraints = (
            models.UniqueConstraint(fields=("area", "name"), condition=Q(until__isnull=True), name="patch_once"),
        )

    def __str__(self) -> str:
        return self.name


class Walk(Matter):
    """A patch was walked on a day; nothing found is signed for."""

    patch = models.ForeignKey(Patch, models.PROTECT, related_name="walks", verbose_name=_("片区"))
    walked_on = models.DateField(_("走访日期"), default=today)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("走访人"))
    found = models.PositiveIntegerField(_("发现户数"), default=0)
    none_found = models.BooleanField(_("未发现食品三小"), default=False)
    note = models.TextField(_("说明"), blank=True)
    submission = models.ForeignKey(Submission, models.PROTECT, null=True, related_name="+")
    state = WALK.field()

    flow = WALK
    family = "coverage"

    class Meta:
        ordering = ("-walked_on",)
        constraints = (
            models.CheckConstraint(condition=Q(none_found=False) | Q(found=0), name="none_found_means_none"),
        )

    @property
    def title(self) -> str:
        """What was walked."""
        return self.patch.name

    def get_absolute_url(self) -> str:
        """Its village's coverage."""
        return f"{reverse('coverage')}?village={self.area}"


class Check(Matter):
    """A sheet drawn by lot, asked again by somebody else."""

    sheet = models.ForeignKey(Sheet, models.PROTECT, related_name="+", verbose_name=_("调查表"))
    seed = models.CharField(max_length=40)  # of the draw; the same seed draws the same
    share = models.PositiveSmallIntegerField()  # per cent
    surveyor = models.CharField(_("调查人"), max_length=60)
    checked_on = models.DateField(_("复核日期"), null=True)
    checker = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("复核人"))
    answers = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    differing = models.JSONField(default=list)  # names of questions answered otherwise
    asked = models.PositiveSmallIntegerField(default=0)
    submission = models.ForeignKey(Submission, models.PROTECT, null=True, related_name="+")
    state = CHECK.field()

    flow = CHECK
    family = "check"
    fact_labels: ClassVar[dict[str, Any]] = {"differing": _("答得不一样的"), "checker": _("复核人")}
    fact_words: ClassVar[dict[str, Any]] = {"differing": say.questions}

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("sheet",), condition=~Q(state="dropped"), name="sheet_checked_once"),
        )

    @property
    def title(self) -> str:
        """The place of the sheet."""
        return self.sheet.name

    @property
    def file_id_for_log(self) -> uuid.UUID | None:
        """It stands in the timeline of the sheet's file."""
        return self.sheet.file_id

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("field-check", args=[self.pk])
