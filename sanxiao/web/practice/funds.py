"""What a practice town has to show of money: lines of two years, claims at every stage, one beyond its line."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sanxiao.funds.models import Line, Spending
from sanxiao.funds.rules import LINE, SPENDING
from sanxiao.guidance.models import Session
from sanxiao.joint.models import Operation
from sanxiao.office.models import User
from sanxiao.office.now import at, today
from sanxiao.publicity.models import Act, Poll
from sanxiao.web.practice.town import Town, act, fresh

LINES = (("town", "宣传培训费", 30000), ("town", "执法检查费", 24000), ("district", "帮扶补贴", 20000))
USES = {
    "poster": ("印制海报、通告", (300, 900)), "banner": ("制作横幅", (200, 600)), "paper": ("报纸版面费", (1500, 3000)),
    "tv": ("专题片制作费", (3000, 6000)), "stand": ("宣传周场地、展板", (800, 2000)),
    "meeting": ("会议用水、资料", (80, 260)),
}  # fmt: skip
EFFECTS = {"guidance.session": "参训的都带回了资料，测试不合格的下次再来"}


def financed(town: Town) -> None:
    """A year of claims."""
    if not {"feng", "sun", "chen"} <= set(town.people.by_name):
        return
    year = today().year
    with at(max(date(year, 1, 5), today() - timedelta(days=300))):
        lines = {item: _line(town, year, source, item, amount) for source, item, amount in LINES}
    with at(today()):
        draft = LINE.begun(town.people.feng, {})
        act(
            draft,
            "draft",
            town.people.feng,
            year=year,
            source="upper",
            item="示范创建补助",
            amount=Decimal(50000),
            note="",
        )
    _claims(town, lines["宣传培训费"], year)
    _too_much(town, lines["执法检查费"])


def _line(town: Town, year: int, source: str, item: str, amount: int) -> Line:
    line = LINE.begun(town.people.feng, {})
    act(line, "draft", town.people.feng, year=year, source=source, item=item, amount=Decimal(amount), note="")
    return act(line, "approve", town.people.sun, note="同意")


def _claims(town: Town, line: Line, year: int) -> None:
    """For what was done this year: most is paid, some waits, one is refused."""
    stages = ["paid", "paid", "paid", "told", "told", "approved", "claimed", "refused"]
    done = (
        Act.objects.done(date(year, 1, 1)).filter(channel__in=USES).select_related("office").order_by("done_on", "pk")
    )
    for n, each in enumerate(list(done)[:22]):
        purpose, (least, most) = USES[each.channel]
        by = town.people.of_office.get(each.office_id)
        if by and by != town.people.feng and each.done_on:  # who examines claims nothing here
            amount = Decimal(town.rng.randint(least, most)) + Decimal("0.50") * (n % 2)
            _claim(town, line, by, each, purpose, amount, each.done_on, stages[n % len(stages)])
    for session in Session.objects.filter(state__in=("held", "closed"), held_on__year=year)[:2]:
        _claim(town, line, town.people.chen, session, "培训资料印刷", Decimal(860), session.held_on, "told")
    for poll in Poll.objects.filter(year=year)[:1]:
        _claim(
            town,
            line,
            town.people.zhou,
            poll,
            "印制答卷条、海报",
            Decimal(420),
            today() - timedelta(days=6),
            "approved",
        )


def _claim(
    town: Town, line: Line, by: User, activity: Any, purpose: str, amount: Decimal, on: date, stage: str
) -> Spending:
    spending = SPENDING.begun(by, {})
    with at(min(on + timedelta(days=3), today())):
        facts: dict[str, Any] = {
            "activity": f"{activity.flow.key}:{activity.pk}", "purpose": purpose, "amount": amount, "spent_on": on,
            "invoice": f"{town.rng.randint(10**7, 10**8)}", "receipts": [town.album.paper("发票")],
        }  # fmt: skip
        act(spending, "claim", by, line=fresh(line), **facts)
        if stage == "claimed" or amount > fresh(line).left:
            return spending
        if stage == "refused":
            return act(spending, "refuse", town.people.feng, reason="没有附验收单，补齐后再报")
        act(spending, "approve", town.people.feng, note="")
        if stage == "approved":
            return spending
        voucher = f"记-{town.rng.randint(10, 400)}"
        act(spending, "pay", town.people.feng, paid_on=today(), voucher=voucher)
        if stage == "told":
            act(spending, "outcome", by, effect=EFFECTS.get(activity.flow.key, "沿街店铺都看到了，来问登记的多了起来"))
    return spending


def _too_much(town: Town, line: Line) -> None:
    """The joint operations cost what was planned; what is asked for now is more than the line has left."""
    operations = list(Operation.objects.exclude(state="planned").order_by("held_on")[:1])
    activity: Any = next(iter(operations or Act.objects.done()[:1]), None)
    if activity is None:
        return
    on = today() - timedelta(days=20)
    _claim(town, line, town.people.chen, activity, "快检试剂、执法记录仪", Decimal(22600), on, "paid")
    spending = _claim(town, line, town.people.chen, activity, "补购快检试剂", Decimal(3600), today(), "claimed")
    act(spending, "approve", town.people.feng, note="快检任务增加")
