"""Number series without gaps or doubles, and the papers that were issued."""

import uuid
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from sanxiao.docket import files
from sanxiao.docket.models import Blob, Rule
from sanxiao.office.models import ScopedQuerySet, User
from sanxiao.office.now import now, today
from sanxiao.papers import pdf


class Series(models.Model):
    """The counter of one kind of number, for one area and year (0: never begins anew; 20183: a quarter)."""

    key = models.CharField(max_length=40)
    area = models.CharField(max_length=12)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("key", "area", "year"), name="one_series"),)


class Number(models.Model):
    """The register of numbers: each serial of a series once, used or void, never reused."""

    key = models.CharField(max_length=40)
    area = models.CharField(max_length=12)
    year = models.PositiveSmallIntegerField()
    serial = models.PositiveIntegerField()
    text = models.CharField(_("编号"), max_length=60)
    kind = models.CharField(max_length=40)
    subject = models.UUIDField()
    at = models.DateTimeField(default=now)
    voided_on = models.DateField(null=True)
    void_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("key", "area", "year", "serial"), name="each_serial_once"),
            models.UniqueConstraint(fields=("area", "key", "text"), name="each_number_once"),
        )


def take_number(key: str, area: str, subject: Any, *, on: date | None = None, **words: str) -> str:
    """The next number of a series, in the caller's transaction: rolled back with it, so no gap.

    How it looks says the dated row `number.<key>`: `pattern` over year, quarter, serial, serial5, county6,
    township3, village3, the row's own `kind` and `words`; `restart` year, quarter or never. A pattern
    without the village counts for the whole town. Raises LookupError where a town has no such row.
    """
    return take_numbers(key, area, [subject], on=on, **words)[0]


def take_numbers(key: str, area: str, subjects: Sequence[Any], *, on: date | None = None, **words: str) -> list[str]:
    """The next numbers of a series for many subjects, as `take_number` gives one; three queries for any number."""
    on = on or today()
    said = Rule.objects.value(f"number.{key}", area, on)
    if said is None:
        raise LookupError(f"rules of the town: number.{key} is missing")
    pattern, restart = said["pattern"], said.get("restart", "year")
    ground = area if "{village3}" in pattern else area[:9].ljust(12, "0")
    quarter = (on.month + 2) // 3
    year = {"never": 0, "year": on.year, "quarter": on.year * 10 + quarter}[restart]
    told = {"kind": said.get("kind", ""), "year": on.year, "quarter": quarter, **words}
    told |= {"county6": area[:6], "township3": area[6:9], "village3": area[9:]}
    with transaction.atomic(savepoint=False):
        series = Series.objects.filter(key=key, area=ground, year=year)
        while not series.update(last=F("last") + len(subjects)):
            Series.objects.get_or_create(key=key, area=ground, year=year)
        last = series.values_list("last", flat=True).get()
        numbers = [
            Number(
                key=key, area=ground, year=year, serial=serial, kind=subject._meta.label_lower, subject=subject.pk,
                text=pattern.format(serial=serial, serial5=f"{serial:05d}", **told), at=now(),
            )
            for serial, subject in enumerate(subjects, last - len(subjects) + 1)
        ]  # fmt: skip
        Number.objects.bulk_create(numbers, batch_size=1000)
    return [number.text for number in numbers]


def void_number(text: str, area: str, reason: str) -> None:
    """Enter a number as void in the register; it is not given again."""
    Number.objects.filter(text=text, area__in=(area, area[:9].ljust(12, "0"))).update(
        voided_on=today(), void_reason=reason
    )


class Paper(models.Model):
    """An issued document. Its facts are frozen; the PDF is made once and stays the same bytes."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    template = models.CharField(max_length=40)
    title = models.CharField(_("名称"), max_length=120)
    number = models.CharField(_("文号"), max_length=60, blank=True)
    kind = models.CharField(max_length=40)
    subject = models.UUIDField(db_index=True)
    file = models.UUIDField(null=True, db_index=True)
    area = models.CharField(max_length=12)
    facts = models.JSONField(encoder=DjangoJSONEncoder)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=now)
    blob = models.ForeignKey(Blob, models.PROTECT, null=True, related_name="+")

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ("-at", "id")

    def __str__(self) -> str:
        return f"{self.title} {self.number}".strip()

    def pdf(self) -> bytes:
        """The document; drawn at the first asking (never inside the transaction that issued it)."""
        if self.blob_id is None:
            self.blob = files.put(pdf.render(self.template, self.facts))
            Paper.objects.filter(pk=self.pk, blob__isnull=True).update(blob=self.blob)
            self.refresh_from_db(fields=["blob"])
        return files.path_of(str(self.blob_id)).read_bytes()


def issue_paper(
    subject: Any, template: str, title: str, facts: dict[str, Any], by: User | None, number: str = ""
) -> Paper:
    """Freeze the facts of a document about a matter. Facts hold masked personal numbers only."""
    return Paper.objects.create(
        template=template, title=title, number=number, kind=subject.flow.key, subject=subject.pk,
        file=subject.file_id_for_log, area=subject.area, facts=facts, by=by, at=now(),
    )  # fmt: skip
