"""The steps of a visit's story, so that a test can begin where it is about something."""

from datetime import date, timedelta

from sanxiao.docket import files, flow
from sanxiao.inspection import checklist, visits
from sanxiao.inspection.models import Order
from sanxiao.inspection.tests import steps
from sanxiao.inspection.visit_models import Visit
from sanxiao.office.now import today

JULY = date(2018, 7, 3)
FLIES = "i09"  # protection against flies: general
PAPERS = "i01"  # certificate: key


def plan(file, by, kind="routine", days=7, team=(), **said) -> Visit:
    """A visit within the next days."""
    visit = visits.plan(
        file, kind, by=by, between=(today(), today() + timedelta(days)), team=team, within=False, **said
    )
    return again(visit)


def begin(visit, by, *others) -> Visit:
    """On the spot today, with the colleague."""
    team = visits.team_rows([by, *others])
    flow.move(visit, "begin", by, begun_on=today(), team=team, credentials="行政执法证")
    return again(visit)


def start(file, by, *others, kind="routine", **said) -> Visit:
    """A visit that nobody planned."""
    visit = Visit(file=file, area=file.area)
    facts = {"kind": kind, "begun_on": today(), "team": visits.team_rows([by, *others]), "credentials": "行政执法证"}
    flow.move(visit, "start", by, **facts, **said)
    return again(visit)


def answers(visit, **failed) -> dict:
    """All items 是, but those named: item=gravity ('na' for 不适用)."""
    rows = {item.code: {"a": "yes"} for item in checklist.items_of(visit.form)}
    for code, gravity in failed.items():
        rows[code] = {"a": "na"} if gravity == "na" else {"a": "no", "gravity": gravity, "note": "现场发现"}
    return rows


def judge(visit, by, **failed) -> Visit:
    """The whole checklist answered."""
    flow.move(visit, "judge", by, answers=answers(visit, **failed))
    return again(visit)


def tell(visit, by, **said) -> Visit:
    """Told and signed on the spot."""
    files.keep(visit, steps.picture(), "签字.jpg", by, role="signature")
    flow.move(visit, "tell", by, **{"told_on": today(), "told_how": "signed", "told_to": "王秀兰", **said})
    return again(visit)


def publish(visit, by) -> Visit:
    """On the public list."""
    flow.move(visit, "publish", by, published_on=today())
    return again(visit)


def whole(file, by, *others, **failed) -> Visit:
    """From the door to the public list."""
    return publish(tell(judge(start(file, by, *others), by, **failed), by), by)


def order_of(visit, by, *items) -> Order:
    """The order that a visit leads to, with some problems."""
    order = Order(file=visit.file, area=visit.area, visit=visit)
    rows = list(items) or [steps.item()]
    flow.move(order, "issue", by, found_on=visit.done_on, second="吴昊", items=rows)
    return steps.again(order)


def again(visit) -> Visit:
    """The visit as the database has it."""
    return Visit.objects.select_related("file__operator", "file__kind", "form").get(pk=visit.pk)
