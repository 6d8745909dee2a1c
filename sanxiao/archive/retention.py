"""Files of places that closed or left: when their time is over, numbers and pictures go and the rest stays."""

from collections.abc import Iterator, Sequence
from datetime import date
from uuid import UUID

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from sanxiao.archive.models import TRADING, Establishment, Operator
from sanxiao.archive.rules import FILE
from sanxiao.docket import files
from sanxiao.docket.models import Attachment
from sanxiao.docket.rooms import Keeping, Kept
from sanxiao.office.now import midnight

GONE = ("closed", "moved", "void")


def over(day: date) -> Iterator[Kept]:
    """Places that closed or left before the day, whose person has no other place that trades."""
    other = Establishment.objects.filter(operator=OuterRef("operator"), state__in=TRADING)
    shown = Attachment.objects.filter(subject=OuterRef("pk"), gone_on=None)
    sealed = ~Q(operator__id_number_sealed="") | ~Q(operator__phone_sealed="")
    rows = Establishment.objects.filter(state__in=GONE, updated_at__lt=midnight(day)).exclude(Exists(other))
    for row in rows.filter(sealed | Exists(shown)).order_by("updated_at", "pk"):
        yield Kept(row.pk, FILE.key, f"{row.called} {row.number}".strip(), row.area, row.updated_at.date(), row.pk)


def destroy(keys: Sequence[UUID]) -> None:
    """ID number, telephone and home of the person, and the pictures on the file."""
    people = Establishment.objects.filter(pk__in=keys).values("operator")
    Operator.objects.filter(pk__in=people).update(
        id_number_sealed="", id_number_index="", id_number_tail="", phone_sealed="", phone_index="", phone_tail="",
        home="",
    )  # fmt: skip
    files.destroy(Attachment.objects.filter(subject__in=keys, gone_on=None))


CLOSED = Keeping("closed_file", _("关停、迁出户的证件号码、电话和照片"), over, destroy, kinds=(FILE.key,))
