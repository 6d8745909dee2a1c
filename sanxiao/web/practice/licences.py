"""Applications and the papers that come of them, by both routes, in every state that a desk can hold."""

from dataclasses import dataclass
from typing import Any

from sanxiao.docket.models import Rule
from sanxiao.inspection.models import Order
from sanxiao.licensing import eligibility
from sanxiao.licensing.models import Application, Certificate
from sanxiao.licensing.rules import APPLICATION, CARD
from sanxiao.office.models import User
from sanxiao.office.now import today
from sanxiao.web.practice.tell import Plot
from sanxiao.web.practice.town import Life, Town, act, fresh

OUTCOMES = {"granted": 15, "returned": 3, "refused": 1, "withdrawn": 1, "abandoned": 1, "never": 16}
FORGETS = 0.06
# Who did not apply, or in vain, is won over in the last push, so many days before today, and not earlier than so soon.
PUSH, AGAIN = (20, 55), (30, 60)
DEFECTS = {
    "workshop": ["场所平面和设备布局图：材料不清，请标明生熟分区", "从业人员健康证明：缺少材料，还差一人"],
    "vendor": ["从业人员健康证明：健康证已过期，请换新证"],
    "eatery": ["营业执照复印件：缺少材料", "场所使用权证明：材料与登记事项不一致"],
}


@dataclass
class Desk:
    """Who handles and who decides on a route."""

    handler: User
    decider: User
    issuer: User


def desk(town: Town, life: Life, app: Application) -> Desk:
    """Cards: the village, then the food-safety office. Certificates: one officer of the branch, then the other."""
    people = town.people
    if app.route == CARD:
        return Desk(life.cadre, people.zhou, people.zhou)
    return Desk(people.chen, people.wu, people.chen)


def licensed(town: Town, life: Life) -> Plot:
    """Applications until there is a paper; True when it is handed over. Who let it rest is visited and asks again."""
    outcome = "granted" if life.halt else town.deal(f"application.{life.place.kind}", OUTCOMES)
    if (yield from _asked(town, life, outcome)):
        return True
    if life.halt or (outcome != "granted" and town.chance(0.1)):
        return False
    yield max((town.until - today()).days - town.rng.randint(*PUSH), town.rng.randint(*AGAIN))
    if life.file.state != "normal" or paper_of(life):
        return False
    return (yield from _asked(town, life, "granted"))


def _asked(town: Town, life: Life, outcome: str) -> Plot:
    """One application, or none, as it is dealt."""
    if outcome == "never" or life.halt == "case1":
        return False
    yield life.wait(town, 2, 25)
    if eligibility.barred_now(life.file):
        return False
    app = begun(town, life)
    if life.halt == "draft":
        return False
    yield life.wait(town, 0, 3)
    act(app, "submit", life.cadre, committed=True)
    if life.halt == "received":
        return False
    yield life.wait(town, 0, 2)
    if outcome == "withdrawn":
        act(app, "withdraw", life.cadre, reason="经营者打算转让店面")
        return False
    back = outcome in ("returned", "abandoned") or life.halt == "returned"
    if back and not (yield from _returned(town, life, app, outcome)):
        return False
    return (yield from _handled(town, life, app, outcome))


def begun(town: Town, life: Life, purpose: str = "") -> Application:
    """The draft with its materials."""
    app = APPLICATION.begun(life.cadre, {"file": str(life.file_id), "purpose": purpose})
    wanted = Rule.objects.value(f"materials.{app.file.kind_id}", app.area, default=[])
    have = {row["code"]: bool(row["required"]) or town.chance(0.5) for row in wanted}
    return act(app, "begin", life.cadre, purpose=app.purpose, materials=have, statement="")


def _returned(town: Town, life: Life, app: Application, outcome: str) -> Plot:
    act(app, "return", desk(town, life, app).handler, defects=DEFECTS[life.place.kind])
    if life.halt == "returned" or outcome == "abandoned":
        return False  # twenty days later the night watch ends it
    yield life.wait(town, 4, 15)
    act(app, "resubmit", life.cadre, materials=app.materials, statement="已按告知书补齐")
    yield 1
    return True


def _handled(town: Town, life: Life, app: Application, outcome: str) -> Plot:
    """From acceptance to the decision; a renewal that takes too long is granted by the night watch."""
    who = desk(town, life, app)
    act(app, "accept", who.handler, note="")
    if life.halt == "accepted":
        return False
    yield life.wait(town, 1, 6)
    visit = app.route != CARD or town.chance(0.5) or life.halt in ("failed", "visited")
    if visit and not (yield from _looked_at(town, life, app)):
        return False
    if not _granted_by_night(app):
        act(app, "propose", who.handler, opinion="grant", note="")
        if life.halt == "proposed":
            return False
        yield life.wait(town, 0, 3)
    if outcome == "refused":
        act(app, "refuse", who.decider, ground="场所、布局、设施不符合要求", reason="复核照片，加工间与厕所直通")
        return False
    while Order.objects.open_for(life.file).exists() and not _granted_by_night(app):
        yield 5  # an inspection has found something meanwhile: nothing is granted before it is put right
    if not _granted_by_night(app):
        act(app, "grant", who.decider, note="")
    return (yield from _issued(town, life, app, who))


def _granted_by_night(app: Application) -> bool:
    return fresh(app).state == "approved"


def _looked_at(town: Town, life: Life, app: Application) -> Plot:
    """The site check, which some fail at first; True when the place has passed."""
    if _granted_by_night(app):
        return True
    if life.halt == "failed" or (town.chance(0.06) and not life.halt):
        visited(town, life, app, passed=False)
        if life.halt == "failed":
            return False
        yield life.wait(town, 3, 8)
    if not _granted_by_night(app):
        visited(town, life, app, passed=True)
    if life.halt == "visited":
        return False
    yield life.wait(town, 0, 2)
    return True


def _issued(town: Town, life: Life, app: Application, who: Desk) -> Plot:
    if life.halt == "approved":
        return False
    yield life.wait(town, 0, 2)
    app._state.fields_cache.pop("previous", None)  # the paper that is renewed may have run out since it was read
    act(app, "issue", who.issuer, official_no="", note="")
    if life.halt == "made":
        return False
    yield life.wait(town, 0, 4)
    act(app, "hand_over", who.issuer, on=today(), handed_on=today(), received_by=life.place.person, note="")
    return True


def visited(town: Town, life: Life, app: Application, *, passed: bool) -> None:
    """The site check by two people, item by item."""
    rows = Rule.objects.value(f"site_check.{life.place.kind}", app.area, default=[])
    items = {row["text"]: passed or n != 1 for n, row in enumerate(rows)}
    officers = [town.people.chen.name, town.people.wu.name if app.route != CARD else life.cadre.name]
    handler = desk(town, life, app).handler
    said = {"officers": officers, "items": items, "note": "" if passed else "加工间与杂物间未隔开"}
    act(app, "visit_pass" if passed else "visit_fail", handler, on=today(), visited_on=today(), **said)


def paper_of(life: Life) -> Certificate | None:
    """The paper that the place holds now."""
    return Certificate.objects.filter(file=life.file_id, state__in=("valid", "suspended")).first()


def renewed(town: Town, life: Life) -> Plot:
    """Shortly before its end the paper is renewed; some forget, and it expires."""
    while paper := paper_of(life):
        days = (paper.valid_to - today()).days
        if town.chance(FORGETS):
            return
        if days > 28:
            yield days - town.rng.randint(4, 22)
        if life.file.state != "normal" or eligibility.barred_now(life.file):
            return
        app = begun(town, life, "renew")
        yield 1
        act(app, "submit", life.cadre, committed=True)
        yield town.rng.randint(0, 2)
        if not (yield from _handled(town, life, app, "granted")):
            return


def suspended(town: Town, life: Life) -> None:
    """The paper rests because its holder asked for it."""
    if paper := paper_of(life):
        manager = town.people.chen if paper.route != CARD else town.people.zhou
        act(paper, "suspend", manager, ground="经营者申请停业", reason="家中有事，停业两个月")


def disturbed(town: Town, life: Life) -> Plot:
    """What can happen to a paper: lost and replaced, suspended and resumed, revoked, cancelled."""
    paper = paper_of(life)
    if paper is None or paper.state != "valid":
        return
    manager = town.people.chen if paper.route != CARD else town.people.zhou
    what = town.deal("disturbed", {"replace": 4, "suspend": 3, "revoke": 1, "cancel": 2})
    facts: dict[str, dict[str, Any]] = {
        "replace": {"ground": "遗失", "note": "经营者书面说明遗失经过"},
        "suspend": {"ground": "经营者申请停业", "reason": "家中有事，停业两个月"},
        "revoke": {"ground": "以欺骗等不正当手段取得", "reason": "提交的场所证明系伪造"},
        "cancel": {"ground": "经营者申请", "reason": "不再经营食品"},
    }
    act(paper, what, manager, **facts[what])
    if what == "suspend" and town.chance(0.6):
        yield town.rng.randint(30, 70)
        held = paper_of(life)
        if held and held.state == "suspended":
            act(paper, "resume", manager, reason="恢复营业")
    elif what == "cancel":
        yield 1
        file = life.file
        if file.state == "normal":
            act(file, "close", life.cadre, on=today(), closing="changed", reason="改做别的生意")
