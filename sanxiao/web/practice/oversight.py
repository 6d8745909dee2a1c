"""What a practice town has to show of oversight: rounds and their corrections, answers to urging, a proof, scores,
a bulletin, good practice, and problems that were answered."""

from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import Any

from sanxiao.docket import files, flow
from sanxiao.inspection.models import Order
from sanxiao.office.models import Office, User
from sanxiao.office.now import at, today
from sanxiao.oversight import practices
from sanxiao.oversight.boards import open_board
from sanxiao.oversight.models import Board, Bulletin, Check, Finding, Practice, ProofDraw, Round, Urge
from sanxiao.oversight.proofs import pool_of
from sanxiao.oversight.rules import BULLETIN
from sanxiao.oversight.urging import urge
from sanxiao.reports.concern_models import Concern
from sanxiao.reports.concern_rules import CONCERN
from sanxiao.web.practice.orders import reviewed
from sanxiao.web.practice.pictures import Album
from sanxiao.web.practice.town import Town, act, attach

FOUND = (
    ("minor", "抽查台账，两户停业没有登记", "核实后登记停业，补照片"),
    ("minor", "告知书送达没有签收单", "补签收单"),
    ("serious", "到期的整改没有复查，现场仍有住人", "三天内复查，仍不合格的移送"),
    ("minor", "流动摊贩登记卡没有随身带", "逐摊提醒，当场补发卡套"),
    ("serious", "一户无证小作坊没有建档", "入户填表建档，引导办证"),
)
WHO = {"zhou", "sun", "chen", "qian"}
TERM = 24  # days in which a finding is to be put right
SEEN = {"true": 7, "partly": 2, "false": 1}
WORDS = {"true": "现场与记录一致", "partly": "照片是对的，日期差了几天", "false": "门开着，还在做，与记录不符"}
GOOD = (
    ("夜市摆一张桌子，当场登记发卡", "白天找不到摊主，跑了三趟没见到人",
     "每周五晚上七点到九点，在夜市口摆一张桌子\n协管员带平板，分局来一个人\n填表、拍照、发卡一次办完",
     "四个周五登记四十六户，没有登记的只剩三户"),
    ("一户一张“还差什么”清单贴在门口", "经营者说不清还缺哪样材料",
     "建档当天打印缺项清单\n贴在工作台旁边，补一样划一样\n下次上门只看没划掉的", "材料齐全率从六成到九成"),
    ("整改前后照片发进村民群", "整改了又反弹，没有人盯",
     "整改合格后把前后两张照片发进村民小组群\n请邻居监督，反弹的私信协管员", "三个月没有再犯"),
)  # fmt: skip
RAISED = (
    "夜市摊贩多为外镇人，登记时住处证明难开。",
    "想请分局来村里讲一次小餐饮怎样办食品经营许可证。",
    "老街三户合用一个下水口，改造要镇里协调施工。",
)


def overseen(town: Town) -> None:
    """Tell of the last quarter."""
    if WHO - set(town.people.by_name):  # another town may lack an office
        return
    town = _apart(town)
    _concerns(town)
    _gone_to(town)
    urge()  # what was answered since the last night goes off the sheets
    _rounds(town)
    _sheets(town)
    _proof(town)
    _practices(town)
    _board(town)


def _apart(town: Town) -> Town:
    """Chances and pictures of its own, so that no other story changes."""
    rng = Random("oversight")
    return replace(town, rng=rng, album=Album(rng), _decks={})


def _day(back: int) -> date:
    return today() - timedelta(days=back)


def _villages(town: Town) -> list[Office]:
    areas = list(town.people.cadres)
    return list(Office.objects.on().filter(role="village", area__in=areas).order_by("area"))


def _concerns(town: Town) -> None:
    """What was raised with the reports has been answered; these came since, and nobody has taken them yet."""
    for n, (unit, text) in enumerate(zip(_villages(town)[1:], RAISED, strict=False)):
        who = town.people.cadres[unit.area]
        with at(_day(1 + n)):
            concern: Concern = CONCERN.begun(who, {})
            act(concern, "raise", who, sort="need" if n else "problem", text=text)


def _gone_to(town: Town) -> None:
    """Orders that nobody answered, and to which nobody had gone: three weeks ago the officers did."""
    for order in Order.objects.filter(state="lapsed", issued_on__lt=_day(40)).order_by("issued_on", "number"):
        with at(_day(21)):
            reviewed(town, order, "fail")


def _rounds(town: Town) -> None:
    """One is closed, one is being corrected, one is planned and nobody of the units knows."""
    villages = _villages(town)
    if len(villages) < 6:
        return
    bureau = Office.objects.on().get(role="bureau")
    _round(town, 75, "摸底建档督查", [*villages[:3]], "closed")
    second = _round(town, 24, "整改复查督查", [*villages[2:5], bureau], "correcting")
    _bulletin(town, second)
    _plan(town, 0, "节前食品安全督查", villages[5:8])


def _plan(town: Town, back: int, called: str, units: list[Office]) -> Round:
    people = town.people
    team = [{"pk": who.pk, "name": who.name} for who in (people.zhou, people.qian)]
    with at(_day(back)):
        round_ = Round(area=people.zhou.posts.get().office.area, starts_on=today(), ends_on=today() + timedelta(days=3))
        said: dict[str, Any] = {"called": called, "topic": "看台账、看现场、看整改凭据，随机走访经营户。"}
        flow.move(round_, "plan", people.zhou, team=team, whom=[unit.pk for unit in units], **said)
    return round_


def _round(town: Town, back: int, called: str, units: list[Office], until: str) -> Round:
    """Visited unit by unit, told, corrected as far as it has come."""
    zhou, round_ = town.people.zhou, _plan(town, back, called, units)
    with at(_day(back)):
        act(round_, "start", zhou)
    with at(_day(back - 2)):
        for n, unit in enumerate(units):
            for gravity, text, demand in FOUND[n : n + (2 if n else 1)]:
                finding = Finding(area=unit.area, round=round_)
                said: dict[str, Any] = {
                    "gravity": gravity,
                    "text": text,
                    "demand": demand,
                    "due_by": today() + timedelta(days=TERM),
                }
                flow.move(finding, "note", zhou, unit=unit, **said)
                attach(finding, town.album.problem("督查发现", after=False), "督查.jpg", zhou, "before")
            act(round_, "visit", zhou, whom=unit.pk, seen_on=today(), words=f"走访{n + 2}户，看了台账")
        act(round_, "tell", zhou)
    rows = list(round_.findings.select_related("unit", "round").order_by("created_at"))
    for n, finding in enumerate(rows):
        _corrected(town, finding, back - 9, "closed" if until == "closed" else ("closed", "reported", "", "")[n % 4])
    if until == "closed":
        with at(_day(back - 20)):
            act(round_, "close", zhou, note="问题全部销号")
    return round_


def _corrected(town: Town, finding: Finding, back: int, until: str) -> None:
    who = town.people.of_office.get(finding.unit_id)
    if not until or who is None:
        return
    with at(_day(back)):
        attach(finding, town.album.problem("整改后", after=True), "整改后.jpg", who, "after")
        act(finding, "report", who, done="已按要求整改，附照片")
    if until == "closed":
        with at(_day(back - 2)):
            act(finding, "close", town.people.zhou, note="到场看过，属实")


def _bulletin(town: Town, round_: Round) -> None:
    """通报 on the round, issued; and one of the quarter that waits for its signature."""
    with at(_day(18)):
        bulletin: Bulletin = BULLETIN.begun(town.people.zhou, {"round": str(round_.pk)})
        flow.move(bulletin, "draft", town.people.zhou)
        act(bulletin, "send", town.people.zhou)
        act(bulletin, "issue", town.people.sun)
    with at(_day(1)):
        bulletin = BULLETIN.begun(town.people.zhou, {})
        flow.move(bulletin, "draft", town.people.zhou)
        act(bulletin, "send", town.people.zhou)


def _sheets(town: Town) -> None:
    """Some units have answered their sheet."""
    for n, sheet in enumerate(Urge.objects.filter(state="open").select_related("unit").order_by("created_at")):
        who = town.people.of_office.get(sheet.unit_id)
        if who and n % 3 == 0:
            act(sheet, "answer", who, answer="人手紧，本周五前逐件办完。")


def _proof(town: Town) -> None:
    """Ten were drawn two weeks ago and looked at; ten more wait."""
    zhou = town.people.zhou
    old = _draw(town, 30, "上月办结核验", 90)
    for check in old.checks.filter(state="assigned").select_related("first", "second", "file__kind") if old else ():
        _checked(town, check)
    if old and not old.checks.filter(state__in=("drawn", "assigned")).exists():
        with at(_day(12)):
            act(old, "close", zhou, note="结果随通报印发")
    _draw(town, 4, "本月办结核验", 30)


def _draw(town: Town, back: int, called: str, days: int) -> ProofDraw | None:
    with at(_day(back)):
        sorts = ["order", "lead", "look", "revisit", "closed"]
        draw = ProofDraw(area=town.people.zhou.posts.get().office.area, sorts=sorts)
        draw.from_on, draw.until_on = today() - timedelta(days=days), today()
        if not pool_of(draw):
            return None
        seed = f"{today():%Y%m%d} 福彩 {town.rng.randint(100, 999)}"
        said: dict[str, Any] = {
            "called": called,
            "sorts": sorts,
            "from_on": draw.from_on,
            "until_on": draw.until_on,
            "unit": None,
        }
        flow.move(draw, "draw", town.people.zhou, size=10, seed=seed, **said)
    return draw


def _checked(town: Town, check: Check) -> None:
    who: User | None = check.first
    if who is None:
        return
    result = town.deal("proof", SEEN)
    with at(_day(town.rng.randint(14, 26))):
        kind = check.file.kind_id if check.file else "vendor"
        attach(check, town.album.front(kind, "核验"), "核验.jpg", who, "photo")
        act(check, result, who, seen_on=today(), found=WORDS[result], on=today())


def _practices(town: Town) -> None:
    """Two are shown, commented on and done elsewhere; one waits to be approved."""
    villages = _villages(town)
    for n, (called, trouble, how, effect) in enumerate(GOOD[: len(villages)]):
        unit, who = villages[n], town.people.cadres[villages[n].area]
        with at(_day(40 - n)):
            row = Practice(unit=unit, area=unit.area, home=f"{unit.area[:9]}000")
            flow.move(row, "send", who, called=called, trouble=trouble, how=how, effect=effect)
            files.keep(row, town.album.paper("经验做法"), "做法.jpg", who)
        if n < 2:
            with at(_day(36 - n)):
                act(row, "show", town.people.zhou, note="")
            _followed(town, Practice.objects.get(pk=row.pk), villages[n + 3 : n + 5])


def _followed(town: Town, row: Practice, others: list[Office]) -> None:
    for n, other in enumerate(others):
        with at(_day(25 - n)):
            who = town.people.cadres[other.area]
            practices.comment(row, who, ("我们村也难在这里，下周试试。", "桌子放哪里好？我们放在村口。")[n % 2])
            practices.copy(row, who, "照这个办法，从下周五开始。", today() + timedelta(days=45))


def _board(town: Town) -> None:
    """The board of the last quarter is proposed and waits for the leading group."""
    open_board()
    board = Board.objects.filter(state="open").order_by("-year", "-no").first()
    if board is not None:
        with at(_day(1)):
            act(board, "propose", town.people.zhou, note="请领导小组审定")
