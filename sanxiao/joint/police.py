"""How the police are reached: the numbers of the town's settings, and the policemen who are along."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from sanxiao.docket.models import Rule
from sanxiao.joint.models import Operation

EMERGENCY = "110"  # where the town's rules say nothing (joint.police)


@dataclass(frozen=True)
class Number:
    """A telephone and whose it is."""

    name: str
    telephone: str


def numbers(operation: Operation) -> list[Number]:
    """The station where the town has written its number, the policemen who are along, and the emergency number."""
    said: dict[str, Any] = Rule.objects.value("joint.police", operation.area, operation.held_on, {})
    found = []
    if station := str(said.get("station") or ""):
        found.append(Number(_("派出所值班电话"), station))
    along = operation.parts.filter(office__role="police").coming().select_related("office").first()
    if along is not None:
        found += [Number(row["name"], row["phone"]) for row in along.people if row.get("phone")]
    return [*found, Number(_("报警电话"), str(said.get("emergency") or EMERGENCY))]
