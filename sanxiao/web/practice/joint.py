"""Joint operations of a practice town: one closed, one that waits for a silent office, one to come next week.

They have chances of their own, so that the rest of the town's story is told as it was.
"""

from datetime import date, time, timedelta
from random import Random
from typing import Any

from sanxiao.archive.models import Establishment
from sanxiao.docket import flow
from sanxiao.inspection import checklist as sheet
from sanxiao.inspection.visit_models import Visit
from sanxiao.joint import checklist
from sanxiao.joint.models import Operation, Part, Stop
from sanxiao.joint.rules import CALL, OPERATION
from sanxiao.office.models import User
from sanxiao.office.now import at, today
from sanxiao.web.practice.town import Town, act, attach

WRONG = {
    "road": "摊位摆到人行道上，当场收进店内", "clean": "门前有积水和菜叶", "papers": "登记卡没有挂出来",
    "fume": "油烟机滤网多日未清洗", "goods": "有两张进货票据没有留存", "building": "店后搭了一间彩钢棚",
    "sewage": "洗菜水直接倒进雨水井",
}  # fmt: skip
CERTIFICATES = {"chen": "苏坛市监20180017", "wu": "苏坛市监20180009", "qian": "苏坛城管20180021", "ding": "警号 032117"}


def operated(town: Town) -> None:
    """Three operations, told with everybody's own moves."""
    if "zhang" not in town.people.by_name or "ding" not in town.people.by_name:
        return  # another town may have no such village or no police
    rng, people = Random("joint"), town.people
    places = _places(people.zhang, rng)
    if len(places) < 9:
        return
    _closed(town, places[:4], rng)
    _silent(town, places[4:7], rng)
    with at(today() - timedelta(days=2)):
        day, why = today() + timedelta(days=9), "市场周边摊点占道、无证经营回潮"
        operation = _planned(people.zhang, "后阳村市场周边联合检查", why, day, "后阳村便民服务中心")
        _asked(operation, people.zhang, people.chen, people.qian, people.ding, people.zhou)
        _aimed(operation, people.zhang, places[7:12])
        _agreed(operation, people.zhang, people.zhou)
    with at(today() - timedelta(days=1)):
        _accept(town, operation, people.zhang)
        _accept(town, operation, people.qian)


def _places(zhang: User, rng: Random) -> list[Establishment]:
    """Trading places of the village with a position, which nobody is inspecting now."""
    going = Visit.objects.open().values("file")
    rows = Establishment.objects.seen_by(zhang).trading().filter(lat__isnull=False).exclude(pk__in=going)
    found = list(rows.select_related("operator", "kind").defer("facts", "search").order_by("number")[:40])
    return rng.sample(found, min(12, len(found)))


def _closed(town: Town, places: list[Establishment], rng: Random) -> None:
    """Five weeks ago; the squad called the police once, and every office has closed its part."""
    people, day = town.people, today() - timedelta(days=35)
    four = (people.zhang, people.chen, people.qian, people.ding)
    operation = _ready(town, day, "老街早市联合执法", "群众多次反映老街早市无证、占道、油烟扰民", places, four)
    with at(day):
        _gone(town, operation, four, rng)
        stop = operation.stops.order_by("order").first()
        call = CALL.begun(people.qian, {"operation": str(operation.pk), "stop": str(stop.pk) if stop else ""})
        act(call, "call", people.qian, said="经营者阻拦清理占道，围观人多", lat=None, lng=None)
        act(call, "answer", people.ding)
        act(call, "settle", people.ding, outcome="民警到场劝离，未发生冲突", police_no="金派接〔2018〕0631")
        act(operation, "finish", people.zhang, note="")
    words = ("带路、解释，联系经营者", "检查四户，发现问题当场告知", "清理占道三处", "到场处置一起阻拦，秩序平稳")
    for n, (user, word) in enumerate(zip(four, words, strict=True), 1):
        with at(day + timedelta(days=n)):
            _close(operation, user, word)


def _silent(town: Town, places: list[Establishment], rng: Random) -> None:
    """A fortnight ago; the environment office has been reminded and still says nothing."""
    people, day = town.people, today() - timedelta(days=14)
    four = (people.zhou, people.chen, people.qian, people.han)
    operation = _ready(town, day, "餐饮油烟和污水联合检查", "季度会商确定：油烟、污水投诉集中的小餐饮", places, four)
    with at(day):
        _gone(town, operation, four, rng)
        act(operation, "finish", people.zhou, note="")
    for n, user in enumerate(four[:3], 1):
        with at(day + timedelta(days=n)):
            _close(operation, user, "本单位项目已办完，问题已交整改")
    with at(today() - timedelta(days=3)):
        part = Part.objects.get(operation=operation, office__role="environment")
        act(part, "urge", people.zhou, note="请尽快报结，整件等您单位")


def _ready(
    town: Town, day: date, topic: str, purpose: str, places: list[Establishment], four: tuple[User, ...]
) -> Operation:
    lead = four[0]
    with at(day - timedelta(days=6)):
        operation = _planned(lead, topic, purpose, day, "镇政府门口")
        _asked(operation, *four)
        _aimed(operation, lead, places)
        _agreed(operation, lead, town.people.zhou)
    with at(day - timedelta(days=4)):
        for user in four:
            _accept(town, operation, user)
    return operation


def _planned(lead: User, topic: str, purpose: str, day: date, meeting: str) -> Operation:
    operation = OPERATION.begun(lead, {})
    facts: dict[str, Any] = {"where": operation.area, "led_by": operation.lead, "held_on": day, "meeting": meeting}
    return act(operation, "plan", lead, topic=topic, purpose=purpose, starts_at=time(8), ends_at=time(11), **facts)


def _asked(operation: Operation, *people: User) -> None:
    offices = [user.posts.on().select_related("office").first().office for user in people]  # type: ignore[union-attr]
    tasks = {"bureau": "检查食品安全，核对证照和进货", "urban": "处理占道经营、违章搭建", "police": "维持秩序",
             "environment": "查看油烟、污水", "village": "带路、联系经营者", "fso": "统筹协调"}  # fmt: skip
    rows = [{"office": office.pk, "name": str(office), "task": tasks.get(office.role, "")} for office in offices]
    act(operation, "invite", people[0], offices=rows)


def _aimed(operation: Operation, lead: User, places: list[Establishment]) -> None:
    rows = [{"file": place.pk, "reasons": [f"风险等级 {place.grade}"] if place.grade else []} for place in places]
    act(operation, "take_in", lead, targets=rows)


def _agreed(operation: Operation, lead: User, signs: User) -> None:
    act(operation, "notify", lead)
    if operation.lead.role != "fso":
        flow.sign(Operation.objects.select_related("lead").get(pk=operation.pk), signs, agrees=True)


def _part(operation: Operation, user: User) -> Part:
    office = user.posts.on().first().office_id  # type: ignore[union-attr]
    return Part.objects.select_related("operation__lead", "office").get(operation=operation, office=office)


def _accept(town: Town, operation: Operation, user: User) -> None:
    people = [user, town.people.wu] if user == town.people.chen else [user]
    rows = [
        {"user": u.pk, "name": u.name, "phone": u.phone, "certificate": CERTIFICATES.get(u.username, "")}
        for u in people
    ]
    act(_part(operation, user), "accept", user, people=rows, vehicles=1)


def _gone(town: Town, operation: Operation, people: tuple[User, ...], rng: Random) -> None:
    """From place to place: each office ticks its own, the bureau judges its visits; one place is shut that day."""
    act(operation, "start", people[0])
    stops = list(Stop.objects.filter(operation=operation).select_related("file__kind", "visit").order_by("order"))
    for n, stop in enumerate(stops):
        stop.operation = operation
        if n == len(stops) - 1:
            act(stop, "shut", people[0], note="卷帘门关着，邻居说回老家了")
            continue
        for user in people:
            _ticked(town, operation, stop, user, rng)
        _visited(stop, people[1])


def _ticked(town: Town, operation: Operation, stop: Stop, user: User, rng: Random) -> None:
    answers = {}
    for row in checklist.for_stop(stop, _part(operation, user).office.role):
        wrong = row.code in WRONG and rng.random() < 0.3
        answers[row.code] = {"a": "no", "note": WRONG[row.code]} if wrong else {"a": "yes"}
        if wrong:
            attach(stop, town.album.problem("联合执法", after=False), "现场.jpg", user, f"item:{row.code}")
    act(stop, "tick", user, answers=answers)


def _visited(stop: Stop, officer: User) -> None:
    """The bureau's visit is made by its own checklist; all was well there."""
    if stop.visit is None:
        return
    visit = act(
        stop.visit, "begin", officer, on=today(), begun_on=today(), team=stop.visit.team, credentials="行政执法证"
    )
    assert visit.form is not None
    answers = {item.code: {"a": "yes"} for item in sheet.items_of(visit.form)}
    act(visit, "judge", officer, answers=answers)


def _close(operation: Operation, user: User, summary: str) -> None:
    part = _part(operation, user)
    act(part, "close", user, came=[row["user"] for row in part.people], cars=part.vehicles, summary=summary)
