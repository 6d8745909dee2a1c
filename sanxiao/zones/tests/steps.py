"""The steps of a zone, so that a test can begin where it is about something."""

from datetime import date
from typing import Any

from sanxiao.archive.models import Establishment, Kind
from sanxiao.docket import files, flow
from sanxiao.inspection.tests.steps import picture
from sanxiao.lookback.tests.steps import place as a_place
from sanxiao.office.now import at, today
from sanxiao.zones.models import Condition, Entrant, Opinion, Step, Zone
from tests.cast import HOUYANG

JUNE = date(2018, 6, 5)
MARKET = {
    "called": "后阳摊贩集中经营区", "kind": "vendor", "address": "后阳村老街东", "lat": 31.72, "lng": 119.57,
    "land_m2": 800, "build_m2": 0, "new_land": False, "builds": False, "cost": 12, "fund": "镇财政", "build_days": 0,
    "open_by": date(2018, 9, 1), "in_charge": "张桂兰",
}  # fmt: skip
WORKS = MARKET | {
    "called": "后阳小作坊集中加工区", "kind": "workshop", "land_m2": 6000, "build_m2": 2400, "new_land": True,
    "builds": True, "cost": 300, "build_days": 90, "open_by": date(2019, 6, 1),
}  # fmt: skip


def propose(by, said: dict[str, Any] = MARKET, **changes: Any) -> Zone:
    """A project, on 后阳村's ground."""
    said = said | {"area": HOUYANG} | changes
    zone = Zone(area=said.pop("area"))
    flow.move(zone, "propose", by, **said | {"kind": Kind.objects.get(pk=said["kind"])})
    return zone


def step(zone: Zone, key: str) -> Step:
    """A step as it is now."""
    return Step.objects.select_related("zone").get(zone=zone, key=key)


def zone(found: Zone) -> Zone:
    """The zone as it is now."""
    return Zone.objects.select_related("kind").get(pk=found.pk)


def move(row: Any, name: str, by: Any, **facts: Any) -> Any:
    """Make a move on a row as it is now, and give it as it is then."""
    rows = type(row)._base_manager
    held = rows.get(pk=row.pk)
    flow.move(held, name, by, **facts)
    return rows.get(pk=row.pk)


def attach(row: Any, by: Any, role: str) -> None:
    """A photo of a paper."""
    files.keep(row, picture(), "证件.jpg", by, role=role)


def ask(row: Step, by: Any, *roles: str, order: str = "together") -> list[Opinion]:
    """The leading office asks the others."""
    move(row, "ask", by, offices=list(roles), order=order, note="")
    return list(Opinion.objects.filter(step=row).select_related("office").order_by("no"))


def grant(row: Step, by: Any, **changes: Any) -> Step:
    """A yes, with its number."""
    return move(row, "grant", by, **{"decided_on": today(), "document_no": f"{row.key}-1", "note": "同意", **changes})


WHO = {"leading": "sun", "planning": "shen", "environment": "han", "land": "cao", "construction": "pan",
       "urban": "qian", "bureau": "chen", "fso": "zhou", "finance": "feng"}  # fmt: skip


def through(zone_: Zone, town: Any, key: str, **changes: Any) -> Step:
    """A step from the application to the yes, with the opinions that it needs."""
    row, me = step(zone_, key), None
    if row.state == "ready" and row.form == "approval":
        row = move(row, "request", town.zhang, note="")
    if row.form == "approval":
        me = getattr(town, WHO[row.role])
        row = move(row, "accept", me, note="")
        if row.consults:
            for opinion in ask(row, me, *row.consults):
                move(opinion, "agree", getattr(town, WHO[opinion.office.role]), note="同意")
        return grant(step(zone_, key), me, **changes)
    if row.form == "work":
        row = move(row, "start", town.zhang, decided_on=today())
        return move(row, "finish", town.zhang, decided_on=today(), note="")
    attach(row, town.zhang, "permit")
    return move(row, "file", town.zhang, decided_on=today(), document_no=f"{key}-1", note="", **changes)


def divide(zone_: Zone, by: Any, count: int = 6, across: int = 3) -> None:
    """So many stalls."""
    units = [
        {"number": f"A{n + 1}", "row": 1 + n // across, "col": 1 + n % across, "area_m2": None, "kind": "stall"}
        for n in range(count)
    ]
    move(zone_, "divide", by, stalls=units)


def opened(town: Any, said: dict[str, Any] = MARKET, *, count: int = 6, **changes: Any) -> Zone:
    """A market that is open, with its stalls."""
    found = propose(town.zhang, said, **changes)
    for key in ("proposal", "designate", "opening"):
        through(found, town, key)
    divide(found, town.zhang, count)
    return move(found, "open", town.zhang, note="")


def vendor(by: Any, name: str, **said: Any) -> Establishment:
    """A vendor on file."""
    return a_place(by, name, kind_id="vendor", **said)


def invite(zone_: Zone, file: Establishment, by: Any) -> Entrant:
    """Somebody is asked to come."""
    entrant = Entrant(place=file, zone=zone_, area=zone_.area)
    flow.move(entrant, "invite", by, zone=zone_, note="")
    return Entrant.objects.get(pk=entrant.pk)


def waiting(zone_: Zone, file: Establishment, by: Any) -> Entrant:
    """Somebody on the waiting list."""
    entrant = move(invite(zone_, file, by), "agree", by, agreed_on=today(), note="")
    return move(entrant, "queue", by)


def allot(entrant: Entrant, by: Any, number: str = "A1", **changes: Any) -> Entrant:
    """A unit and a contract of a year."""
    unit = entrant.zone.units.get(number=number)
    said = {"unit": unit, "contract_no": "HT-1", "contract_from": today(), "contract_to": date(2019, 6, 30), "note": ""}
    return move(entrant, "allot", by, **said | changes)


def moved_in(zone_: Zone, file: Establishment, by: Any, number: str = "A1") -> Entrant:
    """Somebody who is there."""
    return move(allot(waiting(zone_, file, by), by, number), "move_in", by, moved_on=today(), note="")


__all__ = ["JUNE", "MARKET", "WORKS", "Condition", "at"]
