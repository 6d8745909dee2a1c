"""Inspections over the two years: planned and unplanned, of all kinds, with what followed from them.

They have chances of their own, so that the rest of the town's story is told as it was.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from typing import Any

from sanxiao.archive.models import Establishment
from sanxiao.inspection import checklist, visit_acts, visit_order, visits
from sanxiao.inspection.models import Order
from sanxiao.inspection.visit_models import Due, Visit
from sanxiao.inspection.visit_rules import ORDERED
from sanxiao.office.now import today
from sanxiao.web.practice import orders
from sanxiao.web.practice.tell import Plot, Teller
from sanxiao.web.practice.town import Life, Town, act, attach, fresh

DUE_KINDS = {"routine": 8, "special": 1, "joint": 1}  # a flying visit is none by the whole checklist
KINDS = {"routine": 10, "special": 3, "flying": 2, "joint": 2, "complaint": 2, "trace": 1, "lookback": 2}
RESULTS = {"conform": 16, "basic": 4, "fail": 1}
POOR_RESULTS = {"conform": 4, "basic": 5, "fail": 5}
CAUSES = {
    "special": "节前专项检查", "flying": "不打招呼", "joint": "与城管、派出所联合执法",
    "complaint": "12345 工单反映卫生差", "trace": "追查无证小作坊食品去向", "lookback": "整治回头看",
}  # fmt: skip
NOTES = ("墙角有积水", "当日没有登记", "有两张票据没有留存", "纱窗破了一块", "临时堆放杂物", "标签少写了保质期")
HIGHER = "常州市金坛区市场监督管理局"
FIRST, PAUSE, OPEN_TODAY = 70, (6, 11), 6  # days before the first one, between two, and how many are planned today
NEAR = timedelta(days=9)  # a visit is made up to so many days before its last day
SOON = timedelta(days=16)  # who is due within these days is gone to now, spread over the days to the next round
AT_ONCE, SPREAD = 16, 5  # how many in a round, and over how many days
LATE, LATER = 0.5, (30, 240)  # so many are put off, and by how many days: nobody there, forgotten, a busy month
POOR = 0.12  # so many places are kept badly: their visits find more, again and again


def inspections(town: Town, teller: Teller, lives: list[Life]) -> Plot:
    """Every week the bureau goes to places whose visit has come, or to one more; each goes on as its own story."""
    rng = Random(f"visits {len(lives)}")
    decks: dict[bool, list[str]] = {True: [], False: []}
    sent: dict[Any, date] = {}
    yield FIRST
    while True:
        near = planned(lives, rng)[:3]
        timely = list(due(lives, sent))
        for life in near or ([] if timely else chosen(lives, rng)):
            teller.add(one(town, life, rng, _dealt(decks, False, rng)), today())
        for n, life in enumerate(timely):
            day = today() + timedelta(days=n % (SPREAD + 1))
            teller.add(one(town, life, rng, _dealt(decks, True, rng)), day)
        yield rng.randint(*PAUSE)


def _dealt(decks: dict[bool, list[str]], is_due: bool, rng: Random) -> str:
    """A kind of visit, from the shuffled deck of those that are due or of the others."""
    kinds = DUE_KINDS if is_due else KINDS
    decks[is_due] = decks[is_due] or rng.sample([k for k, n in kinds.items() for _n in range(n)], sum(kinds.values()))
    return decks[is_due].pop()


def due(lives: list[Life], sent: dict[Any, date]) -> Iterator[Life]:
    """Places whose visit by their grade is soon due, the earliest first; some are put off for a while."""
    of = {life.file_id: life for life in lives if life.file_id and not life.halt}
    rows = Due.objects.unplanned().filter(due_on__lte=today() + SOON, file__in=list(of))
    found = 0
    for key, day in rows.order_by("due_on", "file__number").values_list("file", "due_on"):
        if found < AT_ONCE and day + put_off(of[key]) <= today() + SOON and sent.get(key, date.min) < today() - SOON:
            found += 1
            sent[key] = today()
            yield of[key]


def put_off(life: Life) -> timedelta:
    """By how much the visits of a place come late."""
    own = Random(f"late {life.place.address}")
    return timedelta(days=own.randint(*LATER) + SOON.days if own.random() < LATE else 0)


def usual(life: Life) -> dict[str, int]:
    """What visits of a place find, by share."""
    return POOR_RESULTS if Random(f"kept {life.place.address}").random() < POOR else RESULTS


def planned(lives: list[Life], rng: Random) -> list[Life]:
    """Places where a visit that was planned earlier has come near, those that are due first."""
    visit_acts.bring_near()  # in the first year the night watch only counts terms
    near = Visit.objects.filter(state="planned", due_on__lte=today() + NEAR).order_by("due_on", "created_at")
    waiting = {key: n for n, key in enumerate(near.values_list("file", flat=True))}
    found = [life for life in lives if life.file_id in waiting]
    rng.shuffle(found)
    return sorted(found, key=lambda life: waiting[life.file_id])


def chosen(lives: list[Life], rng: Random) -> list[Life]:
    """One place that is on file and has no visit under way."""
    going = set(Visit.objects.open().values_list("file", flat=True))
    found = [life for life in lives if life.file_id and life.file_id not in going and not life.halt]
    return rng.sample(found, min(1, len(found)))


def one(town: Town, life: Life, rng: Random, kind: str) -> Plot:
    """One visit from the door to what became of it."""
    waiting = Visit.objects.filter(file=life.file_id, state="planned").select_related("file").first()
    file = life.file
    if not file.is_trading:
        return
    officer = rng.choice([town.people.chen, town.people.chen, town.people.wu])
    visit = begun(town, file, officer, kind, waiting, rng)
    if visit.state == "planned":
        return
    said = answered(visit, rng, usual(life))
    for code, row in said.items():
        if row.get("gravity") == "spot":
            for use, after in (("before", False), ("after", True)):
                attach(visit, town.album.problem("当场改正", after=after), f"{use}.jpg", officer, f"{use}:{code}")
    visit = act(visit, "judge", officer, answers=said)
    yield 0
    told(town, visit, life, rng)
    if visit.action in ORDERED:
        yield rng.randint(0, 1)
        if not life.file.is_trading:
            return
        order = ordered(town, fresh(visit))
        orders.served(town, life, order)  # handed over with the result, before any date has run out
        yield from followed(town, life, order, rng)
    yield rng.randint(2, 18)
    if fresh(visit).state == "told":
        act(visit, "publish", officer, on=today(), published_on=today())


def begun(town: Town, file: Establishment, officer: Any, kind: str, waiting: Visit | None, rng: Random) -> Visit:
    """Planned before, or on the spot; now and then nobody is met, and it is planned anew."""
    team = visits.team_rows([officer, town.colleague(officer), *([town.people.qian] if kind == "joint" else [])])
    car = today().toordinal() % 2  # by car every other day, on foot or by bicycle else
    if waiting is None:
        visit = Visit(file=file, area=file.area)
        more = {"cause": CAUSES[kind]} if kind in CAUSES else {}
        return act(
            visit,
            "start",
            officer,
            kind=kind,
            begun_on=today(),
            team=team,
            vehicles=car,
            override="整治期间加密检查",
            **more,
        )
    visit = act(
        waiting, "begin", officer, on=today(), begun_on=today(), team=team, vehicles=car, credentials="行政执法证"
    )
    if rng.random() < 0.05:
        return act(visit, "miss", officer, reason="店门关闭，邻居说外出", until=today() + timedelta(days=9))
    return visit


def answered(visit: Visit, rng: Random, results: dict[str, int]) -> dict[str, dict[str, Any]]:
    """The checklist: most is well, a few items are not; a flying visit looks at some."""
    assert visit.form is not None
    items = checklist.items_of(visit.form)
    result = rng.choices(list(results), list(results.values()))[0]
    failed = rng.sample([i for i in items if not i.key], {"conform": 0, "basic": rng.randint(1, 3), "fail": 2}[result])
    failed += rng.sample([i for i in items if i.key], 1) if result == "fail" else []
    rows: dict[str, dict[str, Any]] = {item.code: {"a": "yes"} for item in items}
    if visit.kind == "flying":
        rows = {item.code: {"a": "yes"} for item in rng.sample(items, 8)}
    if visit.kind != "flying" and rng.random() < 0.6:
        rows[items[-1].code] = {"a": "na"}  # there was no order before
    for item in failed:
        gravity = "spot" if not item.key and result == "basic" and rng.random() < 0.4 else "slight"
        gravity = item.gravity if item.key and rng.random() < 0.5 else gravity
        rows[item.code] = {"a": "no", "gravity": gravity, "note": rng.choice(NOTES)}
    return rows


def told(town: Town, visit: Visit, life: Life, rng: Random) -> None:
    """Signed on the spot; now and then refused before a witness."""
    officer = visit.officer
    if rng.random() < 0.05:
        how = {"told_how": "refused", "refusal": "不认可检查结果", "witness": town.people.ding.name}
    else:
        attach(fresh(visit), town.album.paper("检查结果记录表"), "签字页.jpg", officer, "signature")  # type: ignore[arg-type]
        how = {"told_how": "signed", "told_to": life.place.person}
    act(visit, "tell", officer, on=today(), told_on=today(), **how)


def ordered(town: Town, visit: Visit) -> Order:
    """The order comes filled in from the findings."""
    order = Order(file=visit.file, area=visit.area, visit=visit)
    items = [{**item, "law": item["law"] or "《中华人民共和国食品安全法》"} for item in visit_order.items(visit)]
    officer = visit.officer or town.people.chen
    second = town.colleague(officer).name
    return act(order, "issue", officer, found_on=visit.done_on, second=second, items=items)


def followed(town: Town, life: Life, order: Order, rng: Random) -> Plot:
    """Put right in time, most of the time; else the night watch and the ladder see to it."""
    order = fresh(order)
    days = max((problem.fix_on - today()).days for problem in order.problems.all())
    yield max(1, days - rng.randint(0, 2)) if days else 1
    if rng.random() < 0.12:
        yield 12
        if rng.random() < 0.75:  # nobody answered: the officers go there all the same
            orders.reviewed(town, order, "fail")
        return
    if orders.answered(town, life, order):
        yield rng.randint(1, 4)
        orders.reviewed(town, order, "pass" if rng.random() < 0.9 else "fail")


def on_the_desk(town: Town, lives: list[Life]) -> Plot:
    """What stands open today: some visits planned by lot, one draft, a check of the district bureau."""
    rng = Random(f"desk {len(lives)}")
    found = [life for life in lives if life.file_id and life.file.state == "normal" and not life.halt]
    going = set(Visit.objects.open().values_list("file", flat=True))
    free = [life.file for life in rng.sample(found, len(found)) if life.file_id not in going][: OPEN_TODAY + 2]
    for n, file in enumerate(free[:OPEN_TODAY]):
        pair = visits.random_pair(file.area, str(file.pk))
        last = today() + timedelta(days=n + 1)
        visits.plan(
            file, "routine", by=town.people.chen, between=(today(), last), team=pair, cause="按风险等级应查",
            override="整治期间加密检查",
        )  # fmt: skip
    for file in free[OPEN_TODAY : OPEN_TODAY + 1]:
        visit = act(
            Visit(file=file, area=file.area), "start", town.people.chen, kind="special", begun_on=today(),
            team=visits.team_rows([town.people.chen, town.people.wu]), cause=CAUSES["special"],
            override="整治期间加密检查",
        )  # fmt: skip
        act(visit, "save", town.people.chen, answers={"i01": {"a": "yes"}, "i02": {"a": "yes"}})
    for file in free[OPEN_TODAY + 1 :]:
        act(Visit(file=file, area=file.area), "higher", town.people.zhou, higher=HIGHER, done_on=today())
    yield 0
