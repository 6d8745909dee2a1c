"""责任约谈: operators who let the date of an order pass were called in; most kept what they promised."""

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from sanxiao.docket.models import Event
from sanxiao.inspection.models import Order
from sanxiao.inspection.rules import ORDER
from sanxiao.inspection.talk_models import Talk
from sanxiao.inspection.talk_rules import TALK
from sanxiao.office.now import at, today
from sanxiao.web.practice.town import Town, act, attach

MOST, OPEN = 16, ("called", "held", "promised", "promised")  # talks in all, and how far the newest have come
DEMANDED = "七日内把通知书上没有改的逐项改到位，改好以后拍照报告；再有拖延的，依法立案查处。"
PROMISED = "前阵子家里有事耽搁了，认可指出的问题，保证按期改好。"
SEEN = ("现场看过，逐项都改到位了。", "隔开的墙已砌好，票据补齐，夹在台账里。", "纱窗、挡鼠板都装上了，地面也清了。")
BROKEN = "又去看了两次，还是老样子，转办案人员。"


def talked(town: Town) -> None:
    """Tell of the operators who were warned and did nothing: called in some days later, and looked at again."""
    warned = dict(
        Event.objects.filter(kind=ORDER.key, move="warn").order_by("on", "pk").values_list("subject", "on")[:400]
    )
    rows = Order.objects.filter(pk__in=warned).select_related("file").order_by("-created_at", "id")
    files: set[object] = set()
    for order in rows:
        if len(files) == MOST:
            return
        if order.file_id in files or not order.file.is_trading:
            continue
        halt = OPEN[len(files)] if len(files) < len(OPEN) else ""
        files.add(order.file_id)
        _talk(town, order, _first_day(warned[order.pk], halt), halt, len(files))


def _first_day(warned: date, halt: str) -> date:
    """Some days after the warning; what stands open today was begun lately."""
    back = {"called": 1, "held": 4, "promised": 7}.get(halt, 30)
    return max(warned + timedelta(days=2), today() - timedelta(days=back)) if halt else warned + timedelta(days=2)


def _morning(day: date, hour: int) -> datetime:
    return timezone.make_aware(datetime.combine(min(day, today()), time(hour, 20)))


def _talk(town: Town, order: Order, day: date, halt: str, n: int) -> None:
    chen, second = town.people.chen, town.colleague(town.people.chen).name
    with at(_morning(day, 9)):
        talk: Talk = TALK.begun(chen, {"order": str(order.pk)})
        findings = "\n".join(f"{problem.no}. {problem.text}" for problem in order.problems.all())
        talk = act(
            talk, "call", chen, cause=f"{order.number}：逾期未改", findings=findings, person=talk.person,
            role="经营者", meet_on=today() + timedelta(days=3), meet_at="上午9:30", place=talk.place or "分局",
        )  # fmt: skip
    held = day + timedelta(days=3)
    if halt == "called" or held > today():
        return
    with at(_morning(held, 10)):
        said = {"demanded": DEMANDED, "promised": PROMISED, "promise_on": today() + timedelta(days=10)}
        talk = act(
            talk, "hold", chen, on=today(), held_on=today(), place=talk.place, person=talk.person, role=talk.role,
            second=second, findings=talk.findings, **said,
        )  # fmt: skip
    if halt == "held":
        return
    with at(_morning(held, 11)):
        how = {"signed_on": today(), "signed_how": "signed"}
        if n % 7 == 0:
            how |= {"signed_how": "refused", "refusal": "不认可第二条", "witness": town.people.ding.name}
        else:
            attach(talk, town.album.paper("责任约谈记录"), "约谈记录.jpg", chen, "signature")
        talk = act(talk, "sign", chen, on=today(), **how)
    seen = held + timedelta(days=9)
    if halt or seen > today():
        return
    with at(_morning(seen, 15)):
        move = "break" if n % 6 == 0 else "keep"
        effect = BROKEN if move == "break" else SEEN[n % len(SEEN)]
        act(talk, move, chen, on=today(), seen_on=today(), effect=effect)
