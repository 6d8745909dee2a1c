"""Areas, offices, people and the posts they hold, all with dates."""

from datetime import date
from typing import Any, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from sanxiao.office.duties import Seat, readers, scope_of
from sanxiao.office.now import today

LEVELS = [
    ("province", _("省")),
    ("city", _("市")),
    ("county", _("区县")),
    ("town", _("镇街")),
    ("community", _("社区居委会")),
    ("village", _("行政村")),
]


def prefix_of(code: str) -> str:
    """The significant head of a 12-digit area code: 320413100000 -> 320413100."""
    for width in (2, 4, 6, 9):
        if not code[width:].strip("0"):
            return code[:width]
    return code


class DatedQuerySet(models.QuerySet):
    """Rows that hold from `since` until and including `until`."""

    def on(self, day: date | None = None) -> Self:
        """Those valid on a day, today by default."""
        day = day or today()
        return self.filter(Q(since__lte=day), Q(until__isnull=True) | Q(until__gte=day))


class Dated(models.Model):
    """A row with a period of validity."""

    since = models.DateField(_("起"), default=date(2000, 1, 1))
    until = models.DateField(_("止"), null=True, blank=True)

    class Meta:
        abstract = True

    def holds_on(self, day: date) -> bool:
        """Is the row valid on a day? As `DatedQuerySet.on` asks the database."""
        return self.since <= day and (self.until is None or self.until >= day)


class ScopedQuerySet(models.QuerySet):
    """Records on somebody's ground. The model says in `family` which duties open it for reading."""

    def seen_by(self, user: Any) -> Self:
        """What a person may see today: ground × family of duties; nothing when he holds no post."""
        prefixes = scope_of(user).prefixes(readers(self.model.family))
        return self.within(prefixes) if prefixes else self.none()

    def within(self, prefixes: tuple[str, ...]) -> Self:
        """Records whose area begins with one of the prefixes."""
        ground = Q()
        for prefix in prefixes:
            # A range, not LIKE: it uses the plain index on both databases, in every collation.
            ground |= Q(area__gte=prefix.ljust(12, "0"), area__lte=prefix.ljust(12, "9"))
        return self.filter(ground)


class Area(Dated):
    """A place of the administrative tree, province to village, by its 12-digit code."""

    code = models.CharField(_("代码"), max_length=12)
    name = models.CharField(_("名称"), max_length=60)
    name_en = models.CharField(max_length=80, blank=True)
    level = models.CharField(_("级别"), max_length=10, choices=LEVELS)
    source = models.CharField(_("来源"), max_length=200, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        ordering = ("code",)
        constraints = (
            models.UniqueConstraint(fields=("code", "since"), name="area_once_at_a_time"),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="area_until_not_before_since"
            ),
        )

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The name in the language of the screen."""
        return self.name_en if self.name_en and (get_language() or "").startswith("en") else self.name

    @property
    def prefix(self) -> str:
        """The head that all codes below this one share."""
        return prefix_of(self.code)

    @property
    def is_ground(self) -> bool:
        """A village or residents' committee, where people are counted."""
        return self.level in ("village", "community")


class Office(Dated):
    """A unit with a duty in the campaign: one of the ten offices, the leading group, a village."""

    role = models.CharField(_("职能"), max_length=20)
    area = models.CharField(_("辖区"), max_length=12)
    name = models.CharField(_("名称"), max_length=60)
    name_en = models.CharField(max_length=80, blank=True)
    aliases = models.CharField(_("别称"), max_length=120, blank=True)
    clause = models.CharField(_("方案条款"), max_length=20, blank=True)
    duty = models.TextField(_("职责原文"), blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        ordering = ("area", "id")
        constraints = (models.UniqueConstraint(fields=("area", "role", "since"), name="one_office_per_role_and_area"),)

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The name in the language of the screen."""
        return self.name_en if self.name_en and (get_language() or "").startswith("en") else self.name


class UserManager(BaseUserManager["User"]):
    """Makes accounts; everything else about people goes through posts."""

    def create_user(self, username: str, password: str | None = None, **fields: Any) -> "User":
        """A new account; without a password it cannot sign in yet."""
        user = self.model(username=self.model.normalize_username(username), **fields)
        user.set_password(password)
        user.save()
        return user


class User(AbstractBaseUser):
    """A person. What he may do follows from the posts he holds, never from the account."""

    username = models.CharField(
        _("登录名"), max_length=40, unique=True, error_messages={"unique": _("这个登录名已有人使用，请换一个。")}
    )
    name = models.CharField(_("姓名"), max_length=40)
    phone = models.CharField(_("办公电话"), max_length=20, blank=True)
    is_active = models.BooleanField(_("可登录"), default=True)
    must_change_password = models.BooleanField(default=False)
    large_type = models.BooleanField(_("大字"), default=False)
    practice = models.BooleanField(default=False)

    objects = UserManager()
    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ("name",)  # type: ignore[assignment]

    class Meta:
        ordering = ("username",)

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        """The person's name."""
        return self.name


class Post(Dated):
    """A person's seat in an office, dated: when it ends, sight and rights end with it, at once."""

    user = models.ForeignKey(User, models.PROTECT, related_name="posts")
    office = models.ForeignKey(Office, models.PROTECT, related_name="posts")
    title = models.CharField(_("职务"), max_length=40, blank=True)
    acting = models.BooleanField(_("代理"), default=False)

    objects = DatedQuerySet.as_manager()

    class Meta:
        ordering = ("-since", "id")
        constraints = (
            models.UniqueConstraint(fields=("user", "office", "since", "acting"), name="one_post_once"),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="post_until_not_before_since"
            ),
        )

    def __str__(self) -> str:
        return f"{self.office}·{self.title}" if self.title else str(self.office)

    def seat(self) -> Seat:
        """What this post lets its holder see and do."""
        return Seat(self.office.role, prefix_of(self.office.area), self.office_id, self.title, self.acting)
