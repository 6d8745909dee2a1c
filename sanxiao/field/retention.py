"""What phones sent: once settled and old, the answers as they came are destroyed; digest, hour and result stay."""

from collections.abc import Iterator, Sequence
from datetime import date
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from sanxiao.docket import files
from sanxiao.docket.rooms import Keeping, Kept
from sanxiao.field.models import Submission, SubmittedFile
from sanxiao.office.now import midnight, today


def over(day: date) -> Iterator[Kept]:
    """Settled ones whose answers are still there."""
    rows = Submission.objects.filter(state="settled", settled_at__lt=midnight(day), gone_on=None)
    rows = rows.select_related("edition").defer("body", "edition__xform").order_by("settled_at", "pk")
    for row in rows:
        ended = row.settled_at.date() if row.settled_at else day
        yield Kept(row.pk, "field.submission", f"{row.edition.code} {row.instance}", row.area, ended, row.place)


def destroy(keys: Sequence[UUID]) -> None:
    """The sealed answers and their pictures; pictures that hang on a matter stay with it."""
    Submission.objects.filter(pk__in=keys).update(body="", promised={}, gone_on=today())
    rows = SubmittedFile.objects.filter(submission__in=keys, blob__isnull=False)
    digests = set(rows.values_list("blob", flat=True))
    rows.update(blob=None)
    files.unneeded(digests)


SUBMISSIONS = Keeping("submissions", _("手机原始填报"), over, destroy)
