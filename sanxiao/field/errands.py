"""What waits outside: errands that the rooms hand down, and the patches of one's village, for the phone."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from sanxiao.docket import rooms
from sanxiao.docket.rooms import Errand
from sanxiao.field.asking import Asker, for_page
from sanxiao.field.checks import is_surveyor
from sanxiao.field.models import Check, Clash
from sanxiao.field.patches import progress
from sanxiao.office.duties import may
from sanxiao.office.places import grounds

MOST = 500


@for_page("GET")
def errands(_request: HttpRequest, asker: Asker) -> JsonResponse:
    """Errands by date, and the patches."""
    return JsonResponse(answer_for(asker.user))


def answer_for(user: Any) -> dict[str, Any]:
    """The body of the answer (docs/phone.md)."""
    found = rooms.gather("errands", user)
    found.sort(key=lambda e: (e.due_on is None, e.due_on))  # those of one day in their room's order: a route is one
    return {"errands": [_shown(errand) for errand in found[:MOST]], "patches": list(_patches(user))}


def _shown(errand: Errand) -> dict[str, Any]:
    return {
        "key": errand.key, "name": str(errand.name), "note": str(errand.note), "place": errand.place,
        "file": str(errand.file) if errand.file else None, "village": errand.area, "lat": errand.lat,
        "lng": errand.lng, "due_on": errand.due_on.isoformat() if errand.due_on else None, "form": errand.form,
        "url": errand.url, "tone": errand.tone, "known": dict(errand.known),
    }  # fmt: skip


def _patches(user: Any) -> Iterator[dict[str, Any]]:
    """The patches of the ground on which this person walks."""
    here = [area.code for area in grounds(user, "coverage.walk")]
    for row in progress(user, here):
        for spot in row.spots:
            yield {
                "id": str(spot.patch.pk), "name": spot.patch.name, "village": row.area, "kind": spot.patch.kind,
                "mine": spot.patch.walker_id == user.pk, "none_found": bool(spot.walk and spot.walk.none_found),
                "walked_on": spot.walk.walked_on.isoformat() if spot.walk else None,
            }  # fmt: skip


def of_the_field(user: Any) -> Iterator[Errand]:
    """Sheets to be asked again, by who did not fill them; and two values of which one is to be chosen."""
    if may(user, "check.do"):
        waiting = Check.objects.seen_by(user).filter(state="drawn").select_related("sheet__file")
        for check in waiting.order_by("created_at")[:MOST]:
            if not is_surveyor(check, user):
                sheet = check.sheet
                yield Errand(
                    f"check:{check.pk}", _("调查复核"), check.area, sheet.surveyors[0] if sheet.surveyors else "",
                    sheet.file_id, sheet.name, sheet.lat, sheet.lng, form="check" if sheet.file_id else "",
                    url=check.get_absolute_url(),
                )  # fmt: skip
    if may(user, "field.settle"):
        for clash in Clash.objects.seen_by(user).filter(state="open").select_related("file")[:MOST]:
            file = clash.file
            yield Errand(
                f"clash:{clash.pk}", _("两处都改了，请选定"), clash.area, "", file.pk, file.name, file.lat, file.lng,
                url=reverse("field-clash", args=[clash.pk]), tone="amber",
            )  # fmt: skip
