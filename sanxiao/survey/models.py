"""The published survey forms, the sheets filled from them, old ledgers, and leads for villages."""

import json
from datetime import date
from typing import Any, ClassVar

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from sanxiao.archive import find
from sanxiao.archive.models import Establishment, Kind
from sanxiao.docket.models import Matter, Recorded
from sanxiao.office import seal
from sanxiao.office.models import User
from sanxiao.office.now import now
from sanxiao.survey.rules import FINDINGS, LEAD, SHEET, SOURCES

NAMELESS = "无字号"


class FormQuerySet(models.QuerySet["Form"]):
    """Published versions of the forms."""

    def latest_of(self, kind: str) -> "Form | None":
        """The version in use for a kind of establishment."""
        return self.filter(kind=kind).order_by("-published_at", "-id").first()

    def free(self) -> "list[Form]":
        """The newest version of every form that belongs to no kind: revisits, walks, back-checks."""
        found = {form.code: form for form in self.filter(kind__isnull=True).order_by("published_at", "id")}
        return list(found.values())

    def in_use(self) -> "list[Form]":
        """The newest version of every active kind, in the order of the kinds."""
        found = {form.kind_id: form for form in self.filter(kind__active=True).order_by("published_at", "id")}
        return [found[kind] for kind in Kind.objects.values_list("code", flat=True) if kind in found]


class Form(models.Model):
    """One published version of a survey form, kept for ever: a sheet is read by the version it was filled on."""

    code = models.CharField(max_length=40)  # form_id of the XLSForm
    version = models.CharField(_("版本"), max_length=20)
    # None: a form for places of every kind (a revisit), or for none (a walk).
    kind = models.ForeignKey(Kind, models.PROTECT, null=True, related_name="+", verbose_name=_("类别"))
    annex = models.CharField(max_length=4, blank=True)  # its number in the plan
    title = models.CharField(_("名称"), max_length=80)
    title_en = models.CharField(max_length=120, blank=True)
    definition = models.JSONField()  # groups and choices, see xlsform.definition
    source = models.JSONField()  # rows as written, see xlsform.source; the XLSForm is made from them
    source_hash = models.CharField(max_length=64)
    published_at = models.DateTimeField(default=now)

    objects = FormQuerySet.as_manager()

    class Meta:
        ordering = ("kind", "-published_at")
        constraints = (models.UniqueConstraint(fields=("code", "source_hash"), name="form_published_once"),)

    def __str__(self) -> str:
        return self.title_en if self.title_en and (get_language() or "").startswith("en") else self.title

    @cached_property
    def _questions(self) -> dict[str, dict[str, Any]]:
        found = {}
        for group in self.definition["groups"]:
            for question in group["questions"]:
                found[question["name"]] = question
                found |= {inner["name"]: inner for inner in question.get("questions", ())}
        return found

    def questions(self) -> dict[str, dict[str, Any]]:
        """All questions by name, those of repeats too, in the order of the form."""
        return self._questions


class Ledger(Recorded):
    """An old ledger on its way in: the workbook, how its columns are read, what the trial run said."""

    kind = models.ForeignKey(Kind, models.PROTECT, related_name="+", verbose_name=_("类别"))
    form = models.ForeignKey(Form, models.PROTECT, related_name="+")
    name = models.CharField(_("文件"), max_length=200)
    village = models.CharField(_("默认村（社区）"), max_length=12, blank=True)
    page = models.CharField(_("工作表"), max_length=60, blank=True)
    head = models.PositiveIntegerField(default=1)  # row of the (lowest) headings
    depth = models.PositiveSmallIntegerField(default=1)  # rows of headings
    columns = models.JSONField(default=list)  # question names by column, "" is left out
    result = models.JSONField(default=dict, encoder=DjangoJSONEncoder)  # of the trial run; no personal numbers
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")  # none: imported by command
    taken_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)  # the stored workbook is gone

    family = "sheet"

    class Meta:
        ordering = ("-created_at",)

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("ledger", args=[self.pk])


class Mapping(models.Model):
    """How a set of headings was read last time, so that the next ledger of the same make needs no work."""

    form_code = models.CharField(max_length=40)
    headings_hash = models.CharField(max_length=64)
    columns = models.JSONField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("form_code", "headings_hash"), name="headings_read_once"),)


class Sheet(Matter):
    """One filled survey table. Raw and never edited: what is wrong is voided and filled anew."""

    form = models.ForeignKey(Form, models.PROTECT, related_name="+", verbose_name=_("表"))
    kind = models.ForeignKey(Kind, models.PROTECT, related_name="+", verbose_name=_("类别"))
    source = models.CharField(_("来源"), max_length=8, choices=SOURCES, default="desk")
    number = models.CharField(_("调查表编号"), max_length=40, blank=True, db_index=True)
    name = models.CharField(_("字号名称"), max_length=100)
    operator = models.CharField(_("经营者"), max_length=60)
    address = models.CharField(_("经营地址"), max_length=160, blank=True)
    lat = models.FloatField(null=True)
    lng = models.FloatField(null=True)
    point_source = models.CharField(max_length=8, blank=True)
    seen_on = models.DateField(_("调查日期"))
    surveyors = models.JSONField(_("调查人"), default=list)
    answers = models.JSONField(default=dict, encoder=DjangoJSONEncoder)  # without the private ones
    sealed = models.TextField(blank=True)  # the private answers, one sealed JSON
    id_index = models.CharField(max_length=40, blank=True, db_index=True)
    phone_index = models.CharField(max_length=40, blank=True, db_index=True)
    missing = models.JSONField(_("缺项"), default=list)  # photo · position · signature
    lacking = models.JSONField(default=list)  # other required questions without an answer (old ledgers)
    prohibited = models.CharField(_("禁止品种"), max_length=4, choices=FINDINGS, default="no")
    digest = models.CharField(max_length=40, blank=True, db_index=True)  # kind, village, name, operator, address
    ledger = models.ForeignKey(Ledger, models.PROTECT, null=True, related_name="+", verbose_name=_("旧台账"))
    row = models.PositiveIntegerField(null=True)  # its row in the workbook
    file = models.ForeignKey(Establishment, models.PROTECT, null=True, related_name="+")
    created_file = models.BooleanField(default=False)
    before = models.JSONField(default=dict, encoder=DjangoJSONEncoder)  # what filing changed, as it was
    place = models.UUIDField(null=True, db_index=True)  # under which key a phone knows the place; a new file takes it
    doubts = models.JSONField(default=list)  # of a phone's answers: {name, text, text_en, said}; nothing is refused
    # Of a phone's answers about a file: what was taken, kept as the office has it, or left to be chosen.
    merge = models.JSONField(default=dict)  # {take, keep, clash: [names]}
    search = models.TextField(blank=True, editable=False)
    state = SHEET.field()

    flow = SHEET
    family = "sheet"
    private = ("sealed",)
    filed_on: date | None = None  # the day on which its file begins, where that is not the day of the press
    fact_labels: ClassVar[dict[str, Any]] = {
        "target": _("更新的档案"), "made": _("新建的档案"), "changed": _("变化"), "field": _("项目"),
    }  # fmt: skip

    class Meta:
        indexes = (models.Index(fields=("area", "-updated_at", "id"), name="sheet_by_area"),)
        constraints = (
            models.UniqueConstraint(
                fields=("digest",), condition=Q(source="ledger") & ~Q(state="void"), name="ledger_row_once"
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def title(self) -> str:
        """The place it tells of."""
        return self.name

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("sheet", args=[self.pk])

    @property
    def waits(self) -> str:
        """What it waits for, in the words for whoever sent it; of the other place nothing is said."""
        if self.state == "across":
            return gettext("镇里可能已有这一户，请食安办核对。")
        if self.state == "received" and self.source == "phone":
            return gettext("已收到，还没有建档：要由人核对是不是已有的一户。")
        return ""

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the search text in step."""
        self.search = self.search_text()
        super().save(*args, **kwargs)

    def search_text(self) -> str:
        """What it is found by; nothing in it is a personal number."""
        spelled = (find.spelled(self.name), find.spelled(self.operator, person=True))
        return " ".join(p for p in (self.name, self.operator, self.number, self.address, *spelled) if p).lower()

    def hide(self, private: dict[str, Any]) -> None:
        """Seal the private answers, and index the two by which people are found."""
        kept = {name: value for name, value in private.items() if value not in (None, "", [])}
        self.sealed = seal.seal(json.dumps(kept, ensure_ascii=False), self._place()) if kept else ""
        self.id_index = seal.index("id_number", seal.plain_id(kept.get("id_number", "")))
        self.phone_index = seal.index("phone", seal.plain_phone(kept.get("phone", "")))

    def hidden(self) -> dict[str, Any]:
        """The private answers in clear; for filing, masking, and a reveal that is logged."""
        return json.loads(seal.unseal(self.sealed, self._place())) if self.sealed else {}

    def _place(self) -> str:
        return f"survey.sheet:{self.pk}:sealed"


class Lead(Matter):
    """线索: a place that nobody has on file yet, or that should be looked at; the village follows it up.

    Rooms above make them (`leads.send`): an unknown supplier, a tip, a purchase. `origin` is their word for it.
    """

    origin = models.CharField(_("来源"), max_length=40)
    name = models.CharField(_("名称"), max_length=100)
    address = models.CharField(_("地址"), max_length=160, blank=True)
    lat = models.FloatField(null=True, blank=True)
    lng = models.FloatField(null=True, blank=True)
    kind = models.ForeignKey(Kind, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("类别"))
    note = models.TextField(_("说明"), blank=True)
    new_area = models.CharField(_("转交的村（社区）"), max_length=12, blank=True)
    source_kind = models.CharField(max_length=40, blank=True)  # the matter it came out of, for the way back
    source = models.UUIDField(null=True, db_index=True)
    file = models.ForeignKey(Establishment, models.PROTECT, null=True, related_name="+")
    sheet = models.ForeignKey(Sheet, models.PROTECT, null=True, related_name="+")
    state = LEAD.field()

    flow = LEAD
    family = "lead"

    def __str__(self) -> str:
        return self.name

    @property
    def title(self) -> str:
        """What is to be found."""
        return self.name

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("lead", args=[self.pk])


def digest_of(kind: str, area: str, name: str, operator: str, address: str) -> str:
    """By what a row of a ledger is known again; keyed, since it holds a person's name and address."""
    parts = ("".join(part.split()).lower() for part in (kind, area, name, operator, address))
    return seal.index("sheet", "\n".join(parts))
