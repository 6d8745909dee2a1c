"""What the survey has come across: filled sheets and leads, for whoever watches over those who closed."""

from collections.abc import Iterator
from datetime import datetime

from django.utils import timezone

from sanxiao.archive.find import NAMELESS
from sanxiao.docket.rooms import Sighting
from sanxiao.survey.models import Lead, Sheet
from sanxiao.survey.rules import LEAD, SHEET

GONE = ("closed", "moved")  # a sheet that says so has seen nobody at work


def sightings(since: datetime) -> Iterator[Sighting]:
    """Sheets and leads that came in, or were tied to a file, since a moment; old ledgers tell of old days."""
    sheets = Sheet.objects.filter(updated_at__gte=since).exclude(state="void").exclude(source="ledger")
    for sheet in sheets.select_related("file").defer("sealed", "before", "search", "file__facts", "file__search"):
        if sheet.answers.get("operating_state") in GONE:
            continue
        made = sheet.file and timezone.localtime(sheet.file.created_at).date()
        called = f"{sheet.operator}（{sheet.name}）" if sheet.name in NAMELESS else sheet.name
        yield Sighting(
            f"{SHEET.key}:{sheet.pk}", SHEET.key, "send", sheet.seen_on, sheet.area, sheet.get_absolute_url(),
            called, sheet.operator, sheet.id_index, sheet.phone_index, sheet.address, sheet.lat, sheet.lng,
            sheet.file_id, made,
        )  # fmt: skip
    for lead in Lead.objects.filter(updated_at__gte=since).exclude(state="none").select_related("file"):
        made = lead.file and timezone.localtime(lead.file.created_at).date()
        yield Sighting(
            f"{LEAD.key}:{lead.pk}", LEAD.key, "send", timezone.localtime(lead.created_at).date(), lead.area,
            lead.get_absolute_url(), lead.name, address=lead.address, lat=lead.lat, lng=lead.lng, file=lead.file_id,
            file_since=made,
        )  # fmt: skip
