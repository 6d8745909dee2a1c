"""What a practice town has to show of guidance: most were told, two trainings, letters, some help and its effect."""

from datetime import date, timedelta
from typing import Any

from sanxiao.archive.models import Establishment, Kind
from sanxiao.docket import files
from sanxiao.docket.models import Event
from sanxiao.guidance import training
from sanxiao.guidance.models import Attendance, Help, Leaflet, Letter, Session, Told
from sanxiao.guidance.rules import HELP, MAILING, SESSION
from sanxiao.office.models import User
from sanxiao.office.now import at, today
from sanxiao.web.practice.town import Town, act

TOLD_IN, NEW_AFTER = 300, 60  # days back: telling begins, the newer leaflet of the eateries comes out
SURVEYED = 660  # days back: who was on file by then was told in the survey itself, as the plan wants it
ENOUGH = 100  # places; among fewer a list of one village may be empty
WAYS = {"hand": 8, "meeting": 3, "phone": 1, "refused": 1}
HELPED = (
    ("advice", "隔出加工间，装纱窗和灭蝇灯", "上门看了两次，画了隔墙位置", "加工和住宿分开了，没有苍蝇"),
    ("subsidy", "补贴买消毒柜", "消毒柜已装好", "餐具每天消毒，有记录"),
    ("errand", "代跑登记，材料帮着备", "材料齐了，已代交", "证办下来了，挂在墙上"),
    ("zone", "介绍进集中加工区", "带去看了场地", "已签入驻意向"),
    ("supply", "对接批发市场的正规供货商", "介绍了两家有证的供货商", "进货票据齐了"),
)  # fmt: skip
NEW_TEXT = """集中供餐、用餐高峰前请先检查冷藏和消毒设备；四季豆、豆浆要彻底煮熟。

登记卡和许可证挂在明显处；从业人员健康证在有效期内。

进货查证、留票；不采购没有登记证的小作坊的食品。

有困难请向所在村（社区）或市场监管分局说，我们帮着办。"""


def guided(town: Town) -> None:
    """Tell of the last year."""
    places = list(Establishment.objects.trading().select_related("kind", "operator").defer("facts").order_by("number"))
    _telling(town, places)
    if "zhang" in town.people.by_name and len(places) >= ENOUGH:  # another town may have no such village
        _letters(town)
        _sessions(town, places)
        _help(town, places)


def _day(back: int) -> date:
    return today() - timedelta(days=back)


def _telling(town: Town, places: list[Establishment]) -> None:
    """From village to village, door by door; the eateries' newer leaflet has not reached everybody."""
    old = {kind: leaflet for leaflet in Leaflet.objects.filter(state="current") for kind in leaflet.kinds}
    slip, sheet = town.album.paper("告知签收单"), town.album.paper("会议签到表")
    share = {area: town.rng.choice((0.55, 0.75, 0.9, 1.0)) for area in sorted(town.ground.areas)}
    new = _new_leaflet(town, old["eatery"])
    for place in places:
        if town.chance(share.get(place.area, 0)):
            proof = {"hand": slip, "meeting": sheet}
            leaflet, back = old[place.kind_id], town.rng.randint(NEW_AFTER + 5, TOLD_IN)
            if place.kind_id == "eatery" and town.chance(0.6):
                leaflet, back = new, town.rng.randint(1, NEW_AFTER - 5)
            elif today() - place.created_at.date() > timedelta(days=SURVEYED):
                back = SURVEYED - back % 15
            way = town.deal("told", WAYS)
            by = town.people.cadres[place.area]
            note = {"phone": "在外地，电话里说清楚了", "refused": "不肯签，邻居在场"}.get(way, "")
            with at(_day(back)):
                told = Told(file=place, area=place.area)
                held = [proof[way]] if way in proof else []
                act(told, "record", by, leaflet=leaflet, told_on=today(), way=way, note=note, proof=held)


def _new_leaflet(town: Town, old: Leaflet) -> Leaflet:
    with at(_day(NEW_AFTER)):
        leaflet = Leaflet(area=old.area)
        facts = {"code": old.code, "edition": f"{today():%Y-%m}", "kinds": old.kinds, "since": today()}
        words = {"title": old.title, "title_en": "", "text": NEW_TEXT, "text_en": ""}
        return act(leaflet, "publish", town.people.zhou, **facts, **words)


def _letters(town: Town) -> None:
    """One letter that was carried out, and one that waits to be sent."""
    zhou, area = town.people.zhou, _ground(town)
    with at(_day(25)):
        sent = MAILING.begun(zhou, {"kind": "workshop", "area": area})
        text = "{名称}：\n\n按照专项整治工作安排，请于本月内到{村}便民服务点办理登记手续，需要代办的请告诉村里。"
        act(sent, "draft", zhou, title="关于办理小作坊登记的函", text=text, way="hand")
        act(sent, "issue", zhou)
    for letter in Letter.objects.filter(mailing=sent).select_related("file", "mailing"):
        with at(_day(town.rng.randint(12, 22))):
            _carried(town, letter)
    draft = MAILING.begun(zhou, {"kind": "vendor", "area": area})
    said = "{名称}：\n\n夏季高温，请把熟食加盖、当天卖完；需要帮忙的请找{村}。"
    act(draft, "draft", zhou, title="夏季食品安全提醒", text=said, way="sms")


def _ground(town: Town) -> str:
    return next(code for code, cadre in town.people.cadres.items() if cadre == town.people.zhang)


def _carried(town: Town, letter: Letter) -> None:
    by = town.people.cadres[letter.area]
    if town.chance(0.12):
        act(letter, "return", by, reason="门锁着，邻居说外出了")
    elif town.chance(0.85):
        act(letter, "deliver", by, on=today(), delivered_on=today(), way="hand")


def _sessions(town: Town, places: list[Establishment]) -> None:
    """Two that were held, with tests on paper and by phone, and one that is still to come."""
    makers = [p for p in places if p.kind_id == "workshop"][:40]
    _held(town, town.people.chen, makers, "小作坊食品安全培训", "workshop", 45, close=True)
    mine = [p for p in places if p.kind_id == "vendor" and p.area == _ground(town)][:14]
    _held(town, town.people.zhang, mine, "摊贩规范经营培训", "vendor", 3, close=False)
    coming = _planned(town.people.wu, "小餐饮消毒与留样", "eatery", today() + timedelta(days=6), "镇会议中心")
    _listed(coming, town.people.wu, [p for p in places if p.kind_id == "eatery"][:30])


def _planned(by: User, topic: str, kind: str, on: date, place: str) -> Session:
    found = SESSION.begun(by, {})
    facts: dict[str, Any] = {"topic": topic, "kind": Kind.objects.get(pk=kind), "held_on": on, "place": place}
    return act(found, "plan", by, starts_at="下午2:00", speaker=by.name, **facts)


def _listed(session: Session, by: User, places: list[Establishment]) -> None:
    for place in places:
        act(Attendance(session=session, file=place, area=place.area), "invite", by, within=True)


def _held(
    town: Town, by: User, places: list[Establishment], topic: str, kind: str, back: int, *, close: bool
) -> None:  # fmt: skip
    with at(_day(back + 8)):
        session = _planned(by, topic, kind, today() + timedelta(days=8), "村委会二楼")
        _listed(session, by, places)
    with at(_day(back)):
        there = [str(p.pk) for p in session.people.all() if town.chance(0.82)]
        files.keep(session, town.album.paper("培训签到表"), "签到表.jpg", by, role="signin")
        act(session, "roll", by, came={"there": there})
        questions = training.questions_of(session)
        for person in session.people.there().select_related("file", "session"):
            if town.chance(0.85):
                wrong = town.rng.choice((0, 0, 0, 1, 1, 2, 3, 4))
                training.answer(person, questions, _answers(questions, wrong))
        if close:
            act(session, "close", by)


def _answers(questions: list[Any], wrong: int) -> dict[str, str]:
    other = {"a": "b", "b": "c", "c": "a"}
    return {q["code"]: other[q["right"]] if n < wrong else q["right"] for n, q in enumerate(questions)}


def _help(town: Town, places: list[Establishment]) -> None:
    """Places that are to be put in order got help; of some the effect has been seen."""
    better = dict(
        Event.objects.filter(kind="licensing.application", move="issue", on__gte=_day(250)).values_list("file", "on")
    )
    wanting = [p for p in places if p.case in ("1", "2")]
    for place in [*[p for p in wanting if p.pk in better][:10], *[p for p in wanting if p.pk not in better][:12]]:
        what, plan, done, effect = HELPED[town.rng.randrange(len(HELPED))]
        by, back = town.people.cadres[place.area], town.rng.randint(20, 240)
        if place.pk in better:
            back = (today() - better[place.pk]).days + town.rng.randint(8, 30)
        with at(_day(back)):
            found: Help = HELP.begun(by, {"file": str(place.pk)})
            act(found, "plan", by, what=what, plan_text=plan, planned_on=today())
        if town.chance(0.85):
            _given(town, found, by, back, done, effect)


def _given(town: Town, found: Help, by: User, back: int, done: str, effect: str) -> None:
    amount = town.rng.choice((800, 1200, 2000)) if found.what == "subsidy" else None
    with at(_day(back - 6)):
        files.keep(found, town.album.problem(found.plan_text, after=False), "帮扶前.jpg", by, role="before")
        money = {"amount": amount, "fund": "镇食品安全专项经费" if amount else ""}
        act(found, "give", by, given_on=today(), given_text=done, **money)
    if town.chance(0.7):
        with at(_day(back - 15)):
            files.keep(found, town.album.problem(found.plan_text, after=True), "帮扶后.jpg", by, role="after")
            act(found, "see", by, seen_on=today(), effect=effect)
