"""Cases: what follows an order that was not obeyed, penalties on the spot, one crime for the police, and closings.

No case is left to lie: one that is slow waits at a stage for as long as the law allows, so those open today are young.
"""

from datetime import time, timedelta
from decimal import Decimal
from typing import Any

from sanxiao.docket import flow
from sanxiao.enforcement import clauses
from sanxiao.enforcement.hearings import first_day
from sanxiao.enforcement.models import Case, Closure, Incident, Measure, Transfer
from sanxiao.office.now import today
from sanxiao.web.practice.tell import Plot
from sanxiao.web.practice.town import Life, Town, act, attach, fresh

STAGES = {
    "quick": 7, "clue": 1, "filed": 2, "reviewing": 1, "noticed": 1, "heard": 2, "served": 2, "refused": 1, "police": 1,
}  # fmt: skip
SLOW = {"clue": 15, "filed": 55, "reviewing": 8, "noticed": 14, "served": 12}  # days that a slow case waits there
CONDUCT = "经责令改正，逾期仍未改正，加工间与生活区未隔开，无有效健康证。"
POISON = "生产的豆制品检出碱性嫩黄，涉嫌在食品中添加非食用物质。"


def prosecuted(town: Town, life: Life) -> Plot:
    """A case from the clue to its closing; where it is slow is dealt. True when it was closed with a penalty."""
    stage = town.deal("prosecution", STAGES)
    case = registered(town, life, POISON if stage == "police" else CONDUCT)
    yield SLOW["clue"] if stage == "clue" else town.rng.randint(2, 12)
    if stage == "refused":
        act(case, "refuse", town.people.lu, refusal="slight", reason="当事人已自行停业，设备搬空")
        return False
    act(case, "file", town.people.lu, note="")
    if town.chance(0.5) or stage == "police":
        seized(town, case)
    if stage == "police":
        yield from handed_to_police(town, case)
        return False
    yield town.rng.randint(5, 20)
    act(case, "record", town.people.chen, record_kind="questions", did_on=today(), reason="经营者承认逾期未改")
    if stage == "filed":
        yield SLOW["filed"]
    yield from to_the_decision(town, case, stage)
    return True


def registered(town: Town, life: Life, conduct: str) -> Case:
    """登记案源, with a photo."""
    case = Case(file=life.file, area=life.file.area, officer=town.people.chen)
    facts = {"origin": "order", "received_on": today(), "second": town.people.wu, "conduct": conduct, "note": ""}
    case = act(case, "register", town.people.chen, **facts)
    attach(case, town.album.problem("违法现场", after=False), "现场.jpg", town.people.chen, "evidence")
    return case


def seized(town: Town, case: Case) -> None:
    """Twenty kilograms of something, with its list."""
    goods = [
        {"name": "半成品", "spec": "散装", "quantity": Decimal(town.rng.randint(5, 40)), "unit": "公斤", "note": ""}
    ]
    facts = {"how": "seize", "place": "分局仓库", "taken_on": today(), "custodian": "陈伟", "goods": goods}
    measure = act(Measure(case=fresh(case), area=case.area), "take", town.people.chen, **facts)
    act(measure, "report", town.people.lu, note="")


def to_the_decision(town: Town, case: Case, stage: str) -> Plot:
    """From the end of the investigation to the closing."""
    people = town.people
    fine = Decimal(20000 if stage == "heard" else town.rng.choice([500, 1000, 2000, 3000, 5000]))
    facts: dict[str, Any] = {
        "conduct": case.conduct, "clauses": clauses.on(case.received_on, case.area)[:1], "value": fine / 4,
        "gains": Decimal(0), "degree": "lenient" if fine < 2000 else "normal", "degree_reasons": "初次违法，配合调查",
        "penalties": ["fine", "goods"], "fine": fine, "opinion": f"建议罚款{fine}元，没收半成品",
    }  # fmt: skip
    act(case, "finish", people.chen, **facts)
    yield SLOW["reviewing"] if stage == "reviewing" else town.rng.randint(2, 6)
    act(case, "pass", people.song, note="事实清楚，依据适当")
    attach(fresh(case), town.album.paper("处罚告知书送达回证"), "告知回证.jpg", people.chen, "told")
    act(case, "notice", people.chen, noticed_on=today(), service="direct")
    if stage == "heard":
        yield from heard(town, case)
    elif town.chance(0.4):
        act(case, "defend", people.chen, defence="家中困难，请求从轻")
    yield SLOW["noticed"] if stage == "noticed" else 8
    yield 8  # five working days to defend oneself, over any holiday
    act(case, "decide", people.lu, penalties=["fine", "goods"], fine=fine, decision="事实清楚，证据确凿，裁量适当。")
    attach(fresh(case), town.album.paper("处罚决定书送达回证"), "决定回证.jpg", people.chen, "receipt")
    act(case, "serve", people.chen, served_on=today(), service="direct", received_by=case.file.operator.name)
    yield SLOW["served"] if stage == "served" else town.rng.randint(2, 10)
    slip = f"{today():%Y}{town.rng.randint(10**7, 10**8)}"
    act(case, "pay", people.chen, amount=fine, paid_on=today(), slip=slip)
    for measure in Measure.objects.filter(case=case.pk).unsettled():
        fate = "returned" if measure.state == "lapsed" else "destroyed"
        act(measure, "settle", people.chen, fates={"1": fate}, witness=people.zhou.name, note="")
    act(case, "execute", people.chen, note="")
    act(case, "publish", people.chen, published_on=today(), note="")
    yield town.rng.randint(1, 6)
    act(case, "close", people.lu, ending="paid", note="")


def heard(town: Town, case: Case) -> Plot:
    """A grave fine: the party wants to be heard, is called in time, speaks, and the heads discuss it together."""
    people, album = town.people, town.album
    attach(fresh(case), album.paper("听证申请"), "听证申请.jpg", people.chen, "request")
    act(case, "ask_hearing", people.chen, note="")
    yield 2
    day = first_day(fresh(case))
    chair = {"presided_by": people.song.name, "hearing_place": f"{people.song.posts.all()[0].office}会议室"}
    act(case, "call_hearing", people.song, hearing_on=day, hearing_at=time(9), hearing_staff="", **chair)
    act(case, "tell_hearing", people.chen, hearing_told_on=today(), service="left")
    yield (day - today()).days
    attach(fresh(case), album.paper("听证笔录"), "听证笔录.jpg", people.song, "minutes")
    said = "当事人承认事实，称家中困难，请求减轻；办案人员出示现场照片和整改通知。"
    act(case, "hear", people.song, heard_on=today(), presided_by=people.song.name, hearing=said)
    yield 2
    attach(fresh(case), album.paper("集体讨论记录"), "集体讨论记录.jpg", people.lu, "minutes")
    act(case, "discuss", people.lu, discussed_on=today(), present="吴昊、陆军、宋岩", outcome="同意，按一般情节处罚。")


def handed_to_police(town: Town, case: Case) -> Plot:
    """Poison in food: the police are handed the case and file it."""
    people = town.people
    transfer = Transfer(case=fresh(case), file=case.file, area=case.area, officer=people.chen)
    report = "检验报告检出碱性嫩黄，经营者承认添加。"
    transfer = act(transfer, "propose", people.chen, crime="144", second=people.wu, report=report)
    yield 1
    act(transfer, "approve", people.lu, note="")
    act(transfer, "send", people.chen, papers=["letter", "report", "goods", "test"], copied=True)
    act(transfer, "receive", people.ding, note="")
    yield 2
    number = f"坛公（食）立字〔{today():%Y}〕{town.rng.randint(1, 90)}号"
    act(transfer, "file", people.ding, police_no=number, note="")
    act(transfer, "hand_goods", people.chen, note="")


def closed_down(town: Town, life: Life) -> Plot:
    """关停取缔: notice, guidance, order, plan, the day itself; the file is closed with it."""
    people = town.people
    closure = Closure(file=life.file, area=life.file.area)
    why = {
        "ground": "phase_out",
        "reason": "前店后居，面积不足，不能改造",
        "guided_until": today() + timedelta(days=20),
    }
    closure = act(closure, "notice", life.cadre, **why)
    yield 21
    act(closure, "order", people.chen, stop_on=today(), note="")
    yield town.rng.randint(2, 6)
    plan = {
        "act_on": today() + timedelta(days=3),
        "team": "分局、城管中队、派出所、村",
        "steps": "分局查验，城管清场，派出所维持秩序",
    }
    act(closure, "plan", people.chen, **plan)
    flow.sign(fresh(closure), people.zhou, agrees=True)
    yield 3
    resisted = town.deal("resistance", {"no": 5, "yes": 1}) == "yes"
    if resisted:
        shoved(town, life)
    held = fresh(closure)
    attach(held, town.album.front(life.place.kind, life.place.name), "执行前.jpg", people.chen, "before")
    attach(held, town.album.front(life.place.kind, "已关停"), "执行后.jpg", people.chen, "after")
    facts = {"acted_on": today(), "way": "banned", "goods": "", "resisted": resisted, "note": "联合执法取缔"}
    act(closure, "carry_out", people.chen, on=today(), **facts)


def shoved(town: Town, life: Life) -> None:
    """Somebody lays hands on the officers: it is written down, and the police take it over."""
    people, file = town.people, fresh(life.file)
    said = "经营者推搡执法人员，抢夺执法记录仪，经劝阻后停止。"
    number = f"{today():%Y%m%d}{town.rng.randint(1000, 9999)}"
    one = Incident(file=file, area=file.area, harm="hands", said=said, police_called=True, police_no=number)
    one.save()
    flow.touch(one, people.chen, "incident.record", "record", harm=one.harm)
    handed = Transfer(file=file, area=file.area, officer=people.chen)
    handed.incident = one
    handed = act(handed, "propose", people.chen, crime="277", second=people.wu, report=said)
    act(handed, "approve", people.lu, note="")
    act(handed, "send", people.chen, papers=["letter", "report"], copied=True)
    act(handed, "receive", people.ding, note="")
