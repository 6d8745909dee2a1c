"""Short words for the steps of this room, so that tests read like a story."""

from datetime import date
from typing import Any

from sanxiao.archive.models import Establishment, Pitch
from sanxiao.docket import flow
from sanxiao.licensing.acts import begin_application
from sanxiao.licensing.models import Application, Certificate
from tests import cast

ALL = {
    "workshop": ("application", "identity", "business_licence", "layout", "process", "foods", "health", "premises",
                 "commitment"),
    "vendor": ("filing", "identity", "health", "commitment"),
    "eatery": ("filing", "identity", "business_licence", "layout", "health", "premises", "commitment"),
}  # fmt: skip
ITEMS = ("address", "separate", "layout", "pests", "water", "additives", "health", "foods")  # of a workshop
MORNING = [{"days": [1, 2, 3, 4, 5, 6, 7], "from": "05:30", "to": "09:00"}]


def stall(by: Any, **changes: Any) -> Establishment:
    """A breakfast stall in 后阳村."""
    facts = {"food_varieties": "油条、豆浆", "workers": "1", "health_certs": "1", "in_area": "yes"}
    file = cast.tofu_shop(by, kind_id="vendor", name="老街早点摊", address="后阳老街口", **changes)
    Establishment.objects.filter(pk=file.pk).update(facts=facts)
    Pitch.objects.create(file=file, area=file.area, name="老街口", lat=31.72, lng=119.57, windows=MORNING)
    file.refresh_from_db()
    return file


def begin(file: Establishment, by: Any, **params: str) -> Application:
    """A draft with all materials there."""
    app = begin_application(by, {"file": str(file.pk), **params})
    materials = dict.fromkeys(ALL[file.kind_id], True)
    flow.move(app, "begin", by, purpose=app.purpose, materials=materials)
    return again(app)


def again(obj: Any) -> Any:
    """The same thing as somebody else reads it now."""
    return type(obj).objects.get(pk=obj.pk)


def go(obj: Any, *moves: tuple[str, Any] | tuple[str, Any, dict[str, Any]]) -> Any:
    """Make several moves, each by the person named."""
    for name, by, *facts in moves:
        flow.move(obj, name, by, **(facts[0] if facts else {}))
        obj = again(obj)
    return obj


def passing(**changes: bool) -> dict[str, Any]:
    """A site check by Chen and Wu's colleague; every item passes but those named."""
    return {
        "officers": ["陈伟", "孙协管"],
        "items": dict.fromkeys(ITEMS, True) | changes,
        "visited_on": date(2018, 6, 4),
    }


SIGNED = {"committed": True}
GRANT = {"opinion": "grant"}
HANDED = {"received_by": "王秀兰", "handed_on": date(2018, 6, 8)}


def submitted(file: Establishment, town: Any, **params: str) -> Application:
    """Handed in by Zhang."""
    return go(begin(file, town.zhang, **params), ("submit", town.zhang, SIGNED))


def proposed(file: Establishment, town: Any, **params: str) -> Application:
    """Handled by Chen (workshops) or by Zhang (cards), waiting for the decision."""
    app = submitted(file, town, **params)
    who = town.chen if app.route == "certificate" else town.zhang
    app = go(app, ("accept", who))
    if app.route == "certificate" and app.purpose != "replace":
        app = go(app, ("visit_pass", who, passing()))
    return go(app, ("propose", who, GRANT))


def decider(app: Application, town: Any) -> Any:
    """Wu reviews certificates, Zhou cards."""
    return town.wu if app.route == "certificate" else town.zhou


def certified(file: Establishment, town: Any, **params: str) -> Certificate:
    """All the way to the paper; handed over."""
    app = proposed(file, town, **params)
    who = decider(app, town)
    app = go(app, ("grant", who), ("issue", who), ("hand_over", who, HANDED))
    return app.certificates.get()
