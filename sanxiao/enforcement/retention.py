"""Case files: kept long; then evidence, pictures and personal numbers go, the decision and its papers stay."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from uuid import UUID

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sanxiao.docket import files
from sanxiao.docket.models import Attachment
from sanxiao.docket.rooms import Keeping, Kept
from sanxiao.enforcement.measure_rules import MEASURE
from sanxiao.enforcement.models import Case, Measure, Party
from sanxiao.enforcement.rules import CASE
from sanxiao.office.now import midnight

FINAL = [state.key for state in CASE.states if state.final]


def over(day: date) -> Iterator[Kept]:
    """Cases that were closed before the day and still hold evidence or numbers."""
    measures = Measure.objects.filter(case=OuterRef(OuterRef("pk"))).values("pk")
    shown = Attachment.objects.filter(Q(subject=OuterRef("pk")) | Q(subject__in=measures), gone_on=None)
    known = Party.objects.filter(case=OuterRef("pk")).filter(~Q(id_number_sealed="") | ~Q(phone_sealed=""))
    rows = Case.objects.filter(state__in=FINAL, updated_at__lt=midnight(day)).filter(Exists(shown) | Exists(known))
    for row in rows.select_related("file").order_by("updated_at", "pk"):
        yield Kept(row.pk, CASE.key, f"{row.number} {row.file.called}", row.area, row.updated_at.date(), row.file_id)


def destroy(keys: Sequence[UUID]) -> None:
    """Evidence of the case and of its measures, and the sealed numbers of everybody in it."""
    measures = Measure.objects.filter(case__in=keys).values_list("pk", flat=True)
    files.destroy(Attachment.objects.filter(subject__in=[*keys, *measures], gone_on=None))
    Party.objects.filter(case__in=keys).update(
        id_number_sealed="", id_number_index="", id_number_tail="", phone_sealed="", phone_index="", phone_tail=""
    )


def holds(places: Sequence[UUID]) -> Mapping[UUID, str]:
    """Nothing of a place goes while one of its cases is open."""
    rows = Case.objects.open().filter(file__in=places).values_list("file", "number")
    return {file: _("案件 %(no)s 还没有办结") % {"no": number} for file, number in rows}


CASES = Keeping("case_files", gettext_lazy("案件证据和当事人号码"), over, destroy, kinds=(CASE.key, MEASURE.key))
