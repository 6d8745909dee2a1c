"""The file of one establishment, who runs it, where it stands, how it is classified."""

import uuid
from datetime import date
from typing import Any, ClassVar, Self

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from sanxiao.archive import find
from sanxiao.archive.rules import BATCHES, CASES, CLASSIFICATION, CLOSINGS, FILE, GRADES, MERGE
from sanxiao.docket.models import Event, Matter, Recorded, Rule
from sanxiao.docket.tables import State
from sanxiao.office import seal
from sanxiao.office.models import ScopedQuerySet, User
from sanxiao.office.now import today

ID_TYPES = [
    ("id_card", _("居民身份证")),
    ("hmt_permit", _("港澳台居民居住证")),
    ("passport", _("护照")),
    ("other", _("其他")),
]
TRADING = ("normal", "seasonal", "suspended", "lost")
POINTS = [("device", _("手机定位")), ("typed", _("手工输入")), ("map", _("地图点选"))]


class Kind(models.Model):
    """A kind of establishment. Rows, not code: a town may add 小食杂店."""

    code = models.CharField(max_length=12, primary_key=True)
    name = models.CharField(_("类别"), max_length=20)
    name_en = models.CharField(max_length=40)
    plan_name = models.CharField(max_length=20, blank=True)
    prefix = models.CharField(max_length=4)  # of archive and certificate numbers: ZF TF CY
    form = models.CharField(max_length=20, blank=True)  # the survey table
    document = models.CharField(max_length=40, blank=True)  # the rule that says how its paper is called
    route = models.CharField(max_length=12)  # who decides its paper: bureau · village (then the food-safety office)
    order = models.PositiveSmallIntegerField(default=0)
    active = models.BooleanField(default=True)

    class Meta:
        ordering = ("order",)

    def __str__(self) -> str:
        return self.name_en if (get_language() or "").startswith("en") else self.name


class Operator(Recorded):
    """A person or firm; may own several establishments. Numbers are sealed and found by keyed index."""

    name = models.CharField(_("经营者姓名"), max_length=60)
    id_type = models.CharField(_("证件类型"), max_length=10, choices=ID_TYPES, default="id_card")
    id_number_sealed = models.TextField(blank=True)
    id_number_index = models.CharField(max_length=40, blank=True, db_index=True)
    id_number_tail = models.CharField(max_length=40, blank=True)
    phone_sealed = models.TextField(blank=True)
    phone_index = models.CharField(max_length=40, blank=True, db_index=True)
    phone_tail = models.CharField(max_length=40, blank=True, db_index=True)
    credit_code = models.CharField(_("统一社会信用代码"), max_length=18, blank=True, db_index=True)
    home = models.CharField(_("户籍地或现住址"), max_length=120, blank=True)

    family = "file"
    private = ("id_number", "phone")
    fact_labels: ClassVar[dict[str, Any]] = {"id_number": _("证件号码"), "phone": _("联系电话")}
    _name_read: str | None = None  # None: not from the database
    id_number = seal.sealed("id_number", seal.plain_id)
    phone = seal.sealed("phone", seal.plain_phone)

    def __str__(self) -> str:
        return self.name

    @classmethod
    def from_db(cls, *args: Any, **kwargs: Any) -> Self:
        """Remember the name as read."""
        found = super().from_db(*args, **kwargs)
        found._name_read = found.__dict__.get("name", "")
        return found

    def save(self, *args: Any, **kwargs: Any) -> None:
        """A person who is renamed is found by the new name at every place."""
        super().save(*args, **kwargs)
        if self._name_read not in (None, self.name):
            for place in self.places.all():
                place.operator = self
                find.keep_in_step(place)
                Establishment.objects.filter(pk=place.pk).update(called=place.called, search=place.search)
        self._name_read = self.name


def _questions(names: list[str]) -> str:
    """Questions of the survey by their names, for the log."""
    words, part = Establishment.words(), "label_en" if (get_language() or "").startswith("en") else "label"
    return "、".join(words.get(name, {}).get(part) or name for name in names)


class EstablishmentQuerySet(ScopedQuerySet):
    """Files. `current` leaves out those merged into another and those taken back."""

    def current(self) -> Self:
        """One row per real establishment."""
        return self.filter(merged_into__isnull=True).exclude(state="void")

    def held(self) -> Self:
        """With their operators, and nobody else changes either until the transaction ends. What is compared first and
        written afterwards is read by this: a change in between would be overwritten without a word.
        """
        return self.select_for_update(of=("self", "operator")).select_related("operator", "kind", "merged_into")

    def trading(self) -> Self:
        """Current and not closed or gone."""
        return self.current().filter(state__in=TRADING)

    def matching(self, text: str) -> Self:
        """Those found by part of name, pinyin, initials, number, address, or the last digits of a telephone."""
        return self.filter(find.condition(text)) if text.strip() else self


class Establishment(Matter):
    """一户一档. Unlicensed and mobile subjects are full records."""

    number = models.CharField(_("档案编号"), max_length=40, blank=True, db_index=True)
    kind = models.ForeignKey(Kind, models.PROTECT, related_name="+", verbose_name=_("类别"))
    name = models.CharField(_("字号名称"), max_length=100)
    operator = models.ForeignKey(Operator, models.PROTECT, related_name="places", verbose_name=_("经营者"))
    address = models.CharField(_("经营地址"), max_length=160)
    lat = models.FloatField(_("纬度"), null=True, blank=True)
    lng = models.FloatField(_("经度"), null=True, blank=True)
    point_source = models.CharField(_("定位方式"), max_length=8, choices=POINTS, blank=True)
    opened_on = models.DateField(_("开业日期"), null=True, blank=True)
    mobile = models.BooleanField(_("流动经营"), default=False)
    state = FILE.field()
    closing = models.CharField(_("关停方式"), max_length=20, choices=CLOSINGS, blank=True)
    new_area = models.CharField(_("迁往的村（社区）"), max_length=12, blank=True)
    facts = models.JSONField(_("调查内容"), default=dict, encoder=DjangoJSONEncoder)  # answers, no personal numbers
    missing = models.JSONField(default=list)  # photo · position · signature still wanted
    case = models.CharField(_("处置类型"), max_length=1, choices=CASES, blank=True, db_index=True)
    batch = models.CharField(_("批次"), max_length=10, choices=BATCHES, blank=True, db_index=True)
    # Kept by `risk` for lists and the map; worked out anew every night and by acts that change it. No fact of the file.
    grade = models.CharField(
        _("风险等级"), max_length=1, choices=[(row.key, row.name) for row in GRADES], blank=True, editable=False
    )
    grade_points = models.FloatField(_("风险分"), default=0, editable=False)
    visit_by = models.DateField(_("应查日期"), null=True, editable=False)
    officer = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("监管责任人")
    )
    warden = models.CharField(_("村级网格员"), max_length=40, blank=True)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="absorbed")
    predecessor = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="successors")
    called = models.CharField(max_length=180, blank=True, editable=False)
    search = models.TextField(blank=True, editable=False)
    practice = models.BooleanField(default=False, editable=False)

    flow = FILE
    family = "file"
    fact_labels: ClassVar[dict[str, Any]] = {
        "sheet": _("调查表"), "keep": _("办公室已改，保留"), "clash": _("两边都改了，待选定"), **Operator.fact_labels,
    }  # fmt: skip
    fact_words: ClassVar[dict[str, Any]] = {"keep": _questions, "clash": _questions}
    objects = EstablishmentQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        indexes = (
            models.Index(fields=("area", "-updated_at", "id"), name="file_by_area"),
            models.Index(fields=("kind", "area"), name="file_by_kind"),
            models.Index(fields=("lat", "lng"), name="file_by_point"),
            models.Index(fields=("-grade_points", "id"), name="file_by_risk"),
            models.Index(fields=("visit_by", "area"), name="file_by_visit"),
        )
        constraints = (
            models.UniqueConstraint(fields=("area", "number"), condition=~Q(number=""), name="file_number_once"),
            models.CheckConstraint(
                condition=Q(lat__isnull=True, lng__isnull=True) | Q(lat__range=(-90, 90), lng__range=(-180, 180)),
                name="file_point_whole",
            ),
        )

    def __str__(self) -> str:
        return self.called

    @property
    def title(self) -> str:
        """How the file is called on every page; a place without a name, by who runs it."""
        return self.called

    @property
    def file_id_for_log(self) -> uuid.UUID:
        """Its own events stand in its own timeline."""
        return self.pk

    def get_absolute_url(self) -> str:
        """The file's page."""
        return reverse("file", args=[self.pk])

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep in step what it is called and found by."""
        find.keep_in_step(self)
        super().save(*args, **kwargs)

    @classmethod
    def words(cls) -> dict[str, dict[str, Any]]:
        """How the answers of the survey are called, for the timeline; the forms of all kinds together."""
        said: dict[str, dict[str, Any]] = {}
        for labels in Rule.objects.on().filter(key__startswith="labels.").values_list("value", flat=True):
            said |= labels
        return said

    @staticmethod
    def merges_of(pks: list[uuid.UUID]) -> QuerySet:
        """Keys of the merges that took these files away."""
        return Merge.objects.filter(absorbed__in=pks).values("pk")

    @property
    def grade_row(self) -> State | None:
        """Name and tone of the risk grade; None before there is one."""
        return next((row for row in GRADES if row.key == self.grade), None)

    @cached_property
    def pks(self) -> list[uuid.UUID]:
        """Its own key and those of the files merged into it (at any depth): children hang on any of them.

        Asked once for an object as it was read, for every room's tab asks; a merge forgets it.
        """
        found, edge = [self.pk], [self.pk]
        while edge:
            edge = list(Establishment.objects.filter(merged_into__in=edge).values_list("pk", flat=True))
            found += edge
        return found

    @cached_property
    def kinds_had(self) -> frozenset[str]:
        """The kinds of matters that it ever had, by its log; asked once for an object as it was read."""
        rows = Event.objects.filter(file__in=self.pks).order_by()
        return frozenset(rows.values_list("kind", flat=True).distinct())

    @property
    def is_trading(self) -> bool:
        """A real place of its own that is not closed or gone."""
        return self.state in TRADING and not self.merged_into_id

    @property
    def standing(self) -> "Establishment":
        """The file that stands for it today: itself, or the one it was merged into."""
        found = self
        while found.merged_into is not None:
            found = found.merged_into
        return found


class Pitch(models.Model):
    """Where and when a vendor stands: a place, weekly hours, market days."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    file = models.ForeignKey(Establishment, models.PROTECT, related_name="pitches")
    area = models.CharField(max_length=12)
    name = models.CharField(_("摊位号或出摊地点"), max_length=120)
    lat = models.FloatField(null=True, blank=True)
    lng = models.FloatField(null=True, blank=True)
    windows = models.JSONField(_("出摊时段"), default=list)  # [{"days": [1..7], "from": "05:30", "to": "09:00"}]
    market_days = models.CharField(_("集日"), max_length=60, blank=True)
    since = models.DateField(default=today)
    until = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("since", "id")

    def __str__(self) -> str:
        return self.name


class ClassificationQuerySet(ScopedQuerySet):
    """Decisions with their period, so that a past quarter can be shown as it was."""

    def as_of(self, day: date) -> Self:
        """Those in force on a day, one for each place: two files found to be one are one, then too."""
        held = self.filter(decided_on__lte=day).filter(Q(ended_on__isnull=True) | Q(ended_on__gt=day))
        of_the_survivor = held.filter(file=OuterRef("file__merged_into"))
        return held.exclude(Q(file__merged_into__isnull=False) & Exists(of_the_survivor))


class Classification(Matter):
    """One opinion and decision on case and batch; a new decision ends the old one, never overwrites it."""

    file = models.ForeignKey(Establishment, models.PROTECT, related_name="classifications")
    computed_case = models.CharField(_("系统建议处置类型"), max_length=1, choices=CASES, blank=True)
    computed_batch = models.CharField(_("系统建议批次"), max_length=10, choices=BATCHES, blank=True)
    reasons = models.JSONField(_("依据"), default=list)
    surveyor_case = models.CharField(_("调查人意见（处置类型）"), max_length=1, choices=CASES, blank=True)
    surveyor_batch = models.CharField(_("调查人意见（批次）"), max_length=10, choices=BATCHES, blank=True)
    proposed_case = models.CharField(_("村级意见（处置类型）"), max_length=1, choices=CASES)
    proposed_batch = models.CharField(_("村级意见（批次）"), max_length=10, choices=BATCHES)
    case = models.CharField(_("审定处置类型"), max_length=1, choices=CASES, blank=False, default="")
    batch = models.CharField(_("审定批次"), max_length=10, choices=BATCHES, blank=False, default="")
    act_days = models.PositiveSmallIntegerField(null=True, editable=False)
    decided_on = models.DateField(null=True, editable=False, db_index=True)
    ended_on = models.DateField(null=True, editable=False)
    state = CLASSIFICATION.field()

    flow = CLASSIFICATION
    family = "class"
    objects = ClassificationQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("file",),
                condition=Q(decided_on__isnull=False, ended_on__isnull=True),
                name="one_decision_in_force",
            ),
        )

    @property
    def title(self) -> str:
        """The place it is about."""
        return self.file.called

    def get_absolute_url(self) -> str:
        """It is read on the file's page."""
        return self.file.get_absolute_url() + "?tab=class"


class Merge(Matter):
    """Two files found to be one. Children stay where they are, so that it can be undone exactly."""

    survivor = models.ForeignKey(Establishment, models.PROTECT, related_name="merges")
    absorbed = models.ForeignKey(Establishment, models.PROTECT, related_name="+")
    before = models.JSONField(default=dict, encoder=DjangoJSONEncoder)  # every column of both, as they were
    # What the survivor took over: column (or "facts.<answer>") -> {"was": …, "given": …}; no "was": there was none.
    taken = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    state = MERGE.field()

    flow = MERGE
    family = "file"
    fact_labels: ClassVar[dict[str, Any]] = {
        "takes": _("采用另一份的"), "name": _("字号名称"), "operator": _("经营者"), "address": _("经营地址"),
        "point": _("坐标"), "opened_on": _("开业日期"), "mobile": _("流动经营"), "officer": _("监管责任人"),
        "warden": _("村级网格员"), "class": _("处置类型与批次"),
    }  # fmt: skip

    @property
    def title(self) -> str:
        """Both names."""
        return f"{self.survivor.called} ← {self.absorbed.called}"

    @property
    def file_id_for_log(self) -> uuid.UUID:
        """It stands in the survivor's timeline."""
        return self.survivor_id

    def get_absolute_url(self) -> str:
        """The survivor's page."""
        return self.survivor.get_absolute_url()
