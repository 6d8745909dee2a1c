"""Survey tables that were filed or voided long ago: the sealed personal answers go, the rest stays."""

from collections.abc import Iterator, Sequence
from datetime import date
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from sanxiao.docket.rooms import Keeping, Kept
from sanxiao.office.now import midnight
from sanxiao.survey.models import Sheet
from sanxiao.survey.rules import SHEET

ENDED = ("filed", "void")


def over(day: date) -> Iterator[Kept]:
    """Those that still hold personal answers."""
    rows = Sheet.objects.filter(state__in=ENDED, updated_at__lt=midnight(day)).exclude(sealed="")
    for row in rows.order_by("updated_at", "pk"):
        yield Kept(row.pk, SHEET.key, f"{row.name} {row.number}".strip(), row.area, row.updated_at.date(), row.file_id)


def destroy(keys: Sequence[UUID]) -> None:
    """The sealed answers, and the two indices by which a person was found."""
    Sheet.objects.filter(pk__in=keys).update(sealed="", id_index="", phone_index="")


SHEETS = Keeping("sheets", _("调查表中的证件号码和电话"), over, destroy)
