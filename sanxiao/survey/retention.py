"""Survey tables that were filed or voided long ago: the sealed personal answers go, the rest stays.

The photos of a filed table are those of its place: they stay as long as the place trades, and go with it.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from uuid import UUID

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from sanxiao.archive.retention import GONE
from sanxiao.docket import files
from sanxiao.docket.models import Attachment
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


def photos_over(day: date) -> Iterator[Kept]:
    """Tables that still have photos and were voided before the day, or whose place closed or left before it."""
    early = {"updated_at__lt": midnight(day)}
    shown = Attachment.objects.filter(subject=OuterRef("pk"), gone_on=None)
    ended = Q(state="void", **early)
    for place in ("file", "file__merged_into"):  # of what was merged the standing file says how long
        gone = {f"{place}__state__in": GONE, f"{place}__updated_at__lt": midnight(day), f"{place}__merged_into": None}
        ended |= Q(state="filed", **gone)
    for row in Sheet.objects.filter(ended).filter(Exists(shown)).select_related("file").order_by("updated_at", "pk"):
        ended_at = row.file.standing.updated_at if row.state == "filed" and row.file else row.updated_at
        yield Kept(row.pk, SHEET.key, f"{row.name} {row.number}".strip(), row.area, ended_at.date(), row.file_id)


def destroy_photos(keys: Sequence[UUID]) -> None:
    """The photos and the signature on these tables."""
    files.destroy(Attachment.objects.filter(subject__in=keys, gone_on=None))


SHEETS = Keeping("sheets", _("调查表中的证件号码和电话"), over, destroy)
PHOTOS = Keeping("sheet_photos", _("调查表的照片和签名"), photos_over, destroy_photos, kinds=(SHEET.key,))
