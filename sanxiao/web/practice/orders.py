"""Orders to correct: issued, served, answered, re-checked; passed in time, late, again, failed, or still open."""

from datetime import timedelta
from typing import Any

from sanxiao.archive import classify
from sanxiao.docket import flow
from sanxiao.docket.models import Rule
from sanxiao.inspection.models import Order
from sanxiao.inspection.rules import ORDER
from sanxiao.office.now import today
from sanxiao.reports import dirty
from sanxiao.web.practice.tell import Plot
from sanxiao.web.practice.town import Life, Town, act, attach, fresh

OUTCOMES = {"passed": 11, "late": 3, "again": 2, "failed": 1, "silent": 1, "void": 1, "extended": 1}
DONE = {
    "pest_protection": "已装纱窗、灭蝇灯和挡鼠板",
    "dirty": "已清洗地面墙面，杂物搬走",
    "health_certificate": "已补办健康证",
    "purchase_tickets": "已向供货商补齐票据，装订成册",
    "living_separate": "已砌墙隔开，另开门",
    "waste_outlet": "已接入污水管网",
    "workshop_label": "周转箱已贴“作坊食品”标签",
    "additive_records": "已专柜存放，逐次登记",
    "covered": "已配玻璃罩和夹子",
    "waste_bin": "已配加盖垃圾桶",
    "outside_area": "已搬进划定区域",
    "disinfection": "消毒柜已启用，有记录",
    "fume_cleaner": "已装油烟净化器",
    "kitchen_waste": "已签收运协议",
    "kitchen_zones": "已分设水池并贴标识",
}
NEWEST = 110  # days: of what is ordered so late, more fails
UNSURE = ("，条款待核", "；条款待核", "条款待核")
NO_PICTURE = "下达时没有拍照，按检查记录逐项核对"


def corrected(town: Town, life: Life) -> Plot:
    """An order from issue to its end; True when the place may go on to its paper."""
    if life.halt == "case2":
        return False
    yield 32 if life.halt == "lapsed" else life.wait(town, 2, 14)  # its re-check is still to come
    order = issued(town, life)
    if life.halt == "issued":
        return False
    second = Order.objects.of(life.file).filter(state="failed").exists()
    outcome = "passed" if life.halt or second else town.deal("order", OUTCOMES)
    if outcome == "passed" and not (life.halt or second) and (town.until - today()).days < NEWEST and town.chance(0.3):
        outcome = "failed"  # so that cases lie open on the desks of today
    if outcome == "void":
        yield 2
        act(order, "void", town.people.chen, reason="经营者名称写错，另行下达")
        yield 1
        order = issued(town, life)
        outcome = "passed"
    shortest = min((p.fix_on - today()).days for p in order.problems.all())
    yield 0 if shortest < 12 else life.wait(town, 0, 2)  # nothing is served after its own date
    served(town, life, order)
    if life.halt == "served":
        return False
    return (yield from _after_service(town, life, order, outcome))


def _after_service(town: Town, life: Life, order: Order, outcome: str) -> Plot:
    days = max((p.fix_on - today()).days for p in order.problems.all())
    if outcome == "extended":
        yield from _extended(town, order)
    if outcome in ("late", "silent") or life.halt == "lapsed":
        yield days + town.rng.randint(8, 11)  # the night watch has been there before
        if outcome == "silent":
            yield 1
            reviewed(town, order, "fail")  # nobody answered: the officers go there all the same
        if outcome == "silent" or life.halt:
            return False
    elif days > 1:
        yield 1 if life.quick else max(1, min(days - 1, town.rng.randint(days // 2, days)))
    if not answered(town, life, order) or life.halt == "answered":
        return False
    yield life.wait(town, 1, 5)
    if outcome == "again":
        reviewed(town, order, "again")
        yield 5
        answered(town, life, order)
        yield town.rng.randint(1, 4)
    reviewed(town, order, "fail" if outcome == "failed" else "pass")
    return outcome != "failed"


def _extended(town: Town, order: Order) -> Plot:
    problem = order.problems.filter(at_once=False, state="open").last()
    if problem is None:
        return
    act(problem, "extend", town.people.chen, until=problem.fix_on + timedelta(days=10), reason="改造施工未完")
    yield 1
    problem = fresh(problem)
    if flow.open_proposal(problem):
        flow.sign(problem, town.people.zhou, agrees=True)


def issued(town: Town, life: Life) -> Order:
    """下达: what the survey found, each with its own date, some with a picture of how it was."""
    officer = town.people.chen if town.chance(0.8) else town.people.wu
    order = ORDER.begun(officer, {"file": str(life.file_id)})
    items = _items(order, tidy=bool(life.halt))
    facts = {"found_on": today(), "second": town.colleague(officer).name, "found": "", "items": items}
    order = act(order, "issue", officer, **facts)
    for problem in order.problems.all():
        if town.chance(0.7):
            attach(problem, town.album.problem(problem.text, after=False), "整改前.jpg", officer, "before")
    return order


def _items(order: Order, *, tidy: bool) -> list[dict[str, Any]]:
    """The likely problems, one to three of them, with the date that is usual for each; no dirt where it is `tidy`."""
    listed = {row["code"]: row for row in Rule.objects.value(f"problem.{order.file.kind_id}", order.area)}
    reasons = [r["problem"] for r in classify.propose(order.file).reasons if r.get("problem")]
    ours = [code for code, said in listed.items() if not said["law"].startswith("移送")]
    dirt = dirty.codes(order.area) if tidy else frozenset()
    codes = [code for code in dict.fromkeys(reasons) if code in ours and code not in dirt][:3]
    if len(codes) < 2:
        usual = ("health_certificate", "purchase_tickets" if tidy else "dirty")
        codes += [code for code in usual if code not in codes and code in listed][: 2 - len(codes)]
    return [_item(listed[code]) for code in codes]


def _item(said: dict[str, Any]) -> dict[str, Any]:
    law, days = said["law"], int(said["days"])
    for mark in UNSURE:
        law = law.replace(mark, "")
    return {
        "code": said["code"], "key": said["key"], "text": said["text"], "law": law or "《中华人民共和国食品安全法》",
        "demand": "立即停止并改正" if days == 0 else "限期改正到位", "until": today() + timedelta(days=days),
    }  # fmt: skip


def served(town: Town, life: Life, order: Order) -> None:
    """送达: the signed slip is photographed; who refuses it has it left before a witness."""
    left = town.chance(0.06)
    facts = {"served_on": today(), "service": "direct", "received_by": life.place.person, "witness": "", "note": ""}
    if left:
        facts |= {"service": "left", "received_by": "", "witness": town.people.ding.name, "note": "经营者拒绝签收"}
    else:
        attach(fresh(order), town.album.paper("送达回证"), "送达回证.jpg", life.cadre, "receipt")
    act(order, "serve", life.cadre, on=today(), **facts)


def answered(town: Town, life: Life, order: Order) -> bool:
    """申请复查: a picture and a sentence for every problem; False when the night has already ended it all."""
    waiting = list(fresh(order).problems.waiting())
    if not waiting:
        return False
    said = []
    for problem in waiting:
        attach(problem, town.album.problem(problem.text, after=True), "整改后.jpg", life.cadre, "after")
        said.append({"no": problem.no, "done": DONE.get(problem.code, "已按要求改正")})
    act(order, "report", life.cadre, answers=said)
    return True


def reviewed(town: Town, order: Order, verdict: str) -> None:
    """复查: two officers; the first problem gets the verdict, the others pass, unless nothing shows that they may."""
    officer = town.people.chen
    order = fresh(order)
    rows: list[dict[str, Any]] = []
    for problem in order.problems.to_judge():
        row = {"no": problem.no, "result": "pass", "note": "" if problem.has_picture("before") else NO_PICTURE}
        if (not rows and verdict != "pass") or not problem.has_proof():
            result = verdict if verdict == "again" and problem.has_proof() else "fail"
            row |= {"result": result, "note": "改了一半，仍有积水" if result == "again" else "未改正，移交立案"}
            if result == "again":
                row["until"] = today() + timedelta(days=10)
        rows.append(row)
    second = town.colleague(officer).name
    follow = {"follow_on": town.follow_day()} if verdict == "pass" else {}
    act(order, "review", officer, on=today(), reviewed_on=today(), review_second=second, results=rows, **follow)
