"""The life of a place as a short dated chain: filed, moved, rested, closed, reopened."""

from typing import Any

from django.utils.translation import gettext as _

from sanxiao.archive.models import Establishment
from sanxiao.archive.rules import CLOSINGS, FILE
from sanxiao.docket.models import Event
from sanxiao.office.places import names_of

STEPS = ("open", "rest", "season", "lose", "resume", "relocate", "transfer", "leave", "close", "reopen", "undo")


def chain(file: Establishment) -> list[dict[str, Any]]:
    """Each step of the life: on, name, detail, tone; by the day it happened, oldest first."""
    events = list(Event.objects.filter(kind=FILE.key, subject=file.pk, move__in=STEPS).order_by("on", "id"))
    areas = names_of(code for event in events for code in event.facts.get("changes", {}).get("area", ()))
    return [
        {
            "on": event.on, "name": str(FILE.row(event.move).name), "detail": _detail(event, areas),
            "tone": FILE.state(event.to).tone,
        }
        for event in events
    ]  # fmt: skip


def _detail(event: Event, areas: dict[str, str]) -> str:
    changes, blank = event.facts.get("changes", {}), _("空")
    said = []
    for name in ("area", "address"):
        if name in changes:
            was, now_is = (areas.get(v, v) if name == "area" else v for v in changes[name])
            said.append(f"{was or blank} → {now_is}")
    if closing := dict(CLOSINGS).get(event.facts.get("closing", "")):
        said.append(str(closing))
    if reason := event.facts.get("reason"):
        said.append(str(reason))
    return _("，").join(said)
