"""The steps of looking back, so that a test can begin where it is about something."""

import itertools
from datetime import date

from sanxiao.archive.models import Establishment, Kind, Operator
from sanxiao.docket import files, flow
from sanxiao.inspection.tests.steps import picture
from sanxiao.lookback import alarms, revisits
from sanxiao.lookback.models import Campaign, Look, Revisit
from sanxiao.office.now import at, now, today
from tests.cast import HOUYANG, TOFU_FACTS

MAY, JUNE = date(2018, 5, 8), date(2018, 6, 20)
XU, XU_PHONE = "320413196506120014", "13961234568"
_serial = itertools.count(100)


def place(by, name: str, *, person: str = "", number: str = "", phone: str = "", **said) -> Establishment:
    """A place on file, with an operator of its own."""
    said = {
        "kind_id": "workshop",
        "address": f"后阳村某路{next(_serial)}号",
        "area": HOUYANG,
        "facts": TOFU_FACTS,
    } | said
    who = Operator(name=person or f"{name}店主", area=said["area"])
    who.id_number, who.phone = number, phone
    who.save()
    file = Establishment(operator=who, name=name, **said)
    file.kind = Kind.objects.get(pk=said["kind_id"])
    flow.move(file, "open", by)
    return file


def cannery(by) -> Establishment:
    """徐根宝's cannery at the bridge, which gave up on 8 May 2018."""
    with at(date(2018, 4, 10)):
        file = place(by, "徐记罐头坊", person="徐根宝", number=XU, phone=XU_PHONE, address="后阳村桥头3号",
                     lat=31.72, lng=119.57)  # fmt: skip
    with at(MAY):
        flow.move(file, "close", by, on=today(), closing="self", reason="设备已搬空")
    return file


def planned(file) -> Revisit:
    """The revisit that the night watch has planned last."""
    revisits.plan()
    return Revisit.objects.select_related("file__operator").filter(file=file).latest("step")


def visit(row, by, move="still", **changes) -> Revisit:
    """Somebody was there, with a photo."""
    files.keep(row, picture(), "现场.jpg", by)
    flow.move(row, move, by, **{"seen_at": now(), "companion": "吴昊", "found": "门锁着", **changes})
    return Revisit.objects.select_related("file").get(pk=row.pk)


def frozen(by, **changes) -> Campaign:
    """Everything filed this year is on the list."""
    said = {"basis": "filed", "since": "2018-01-01", "until": today().isoformat(), **changes.pop("rule", {})}
    campaign = Campaign(area="320413100000")
    facts = {"called": "上半年回头看", "until_on": date(2018, 7, 20), "rule": said} | changes
    flow.move(campaign, "freeze", by, **facts)
    return campaign


def shared(by, teams: int = 2, **changes) -> Campaign:
    """The list, shared out by lot."""
    campaign = frozen(by, **changes)
    flow.move(campaign, "share", by, teams=teams)
    return campaign


def assigned(campaign) -> Look:
    """A look-back of the campaign that has its team."""
    rows = campaign.looks.filter(state="assigned").select_related("file__operator", "campaign", "first", "second")
    return rows.order_by("no").first()


def look(row, move="good", by=None, **changes) -> Look:
    """The bureau's one of the team records it, with a photo."""
    files.keep(row, picture(), "现场.jpg", by or row.first)
    flow.move(row, move, by or row.first, **{"seen_on": today(), "found": "证照在，纱窗完好", **changes})
    return Look.objects.select_related("file", "visit").get(pk=row.pk)


__all__ = [
    "HOUYANG",
    "JUNE",
    "MAY",
    "XU",
    "XU_PHONE",
    "alarms",
    "assigned",
    "at",
    "cannery",
    "frozen",
    "look",
    "picture",
]
__all__ += ["place", "planned", "shared", "visit"]
