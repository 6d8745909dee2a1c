"""The quarterly reports of two years: written by every unit, some late, some returned, all but the last accepted."""

from datetime import timedelta
from typing import Any

from sanxiao.docket import flow
from sanxiao.docket.refusal import Refused
from sanxiao.office.models import User
from sanxiao.office.now import now, today
from sanxiao.reports.concern_models import Concern
from sanxiao.reports.models import Report
from sanxiao.reports.quarters import Quarter, last_ended
from sanxiao.web.practice.tell import Plot, Teller, at_night
from sanxiao.web.practice.town import Town, act, fresh

PACE = {"in_time": 20, "late": 2, "returned": 2}
LAST = {"in_time": 16, "late": 3, "returned": 2, "waiting": 5, "sent_back": 2}  # of the last quarter
PROGRESS = (
    "本季度按村组逐户走访，新发现的已填表建档，具备条件的督促办证，有缺陷的引导整改。",
    "开展联合检查两次，对问题较多的几户下达了整改通知，到期的已复查。",
    "完成了辖区内三小行业的动态更新，停业、搬迁的已登记，照片和坐标陆续补齐。",
    "配合专项行动开展宣传和检查，发放告知书，对不愿整改的上门做工作。",
)
PROBLEMS = (
    "流动摊贩出摊时间不固定，查找困难。",
    "部分经营者年纪大，办证材料要多跑几趟。",
    "租房经营的，房东不愿配合改造。",
    "",
)
ANSWERS = (
    "已与房东协商，由镇里出面签三方协议。",
    "分局每月5日到村里集中办理一次。",
    "城管中队调整巡查时间，每周两次夜查。",
)
ROUNDS = 12  # after each quarter the offices go through the problems that were raised, every few days
NEXT = ("继续督促未办证的申请登记。", "对到期的整改逐户复查。", "把缺照片、缺坐标的档案补齐。")


def quarters(town: Town, teller: Teller) -> Plot:
    """After every quarter the night watch has opened the reports; each unit then writes its own."""
    while True:
        yield at_night(Quarter.of(today()).next.since + timedelta(days=1))
        ended = last_ended(today())
        last = ended == last_ended(teller.until.date())
        teller.add(_concerns(town), today() + timedelta(days=2))
        for report in Report.objects.of(ended).select_related("unit"):
            teller.add(told(town, report, last=last), today() + timedelta(days=2 if report.is_town else 1))


def told(town: Town, report: Report, *, last: bool) -> Plot:
    """One report from its draft to its acceptance, as far as it comes."""
    writer = town.people.of_office.get(report.unit_id)
    pace = town.deal("last report" if last else "report", LAST if last else PACE)
    if last and report.gate == "adopt":  # the leader has one to read, and the town's own waits for the visitor
        pace = "owing" if report.is_town else "waiting"
    if writer is None or pace == "owing":
        return
    yield town.rng.randint(9, 14) if pace == "late" else town.rng.randint(0, 3)
    write(town, report, writer)
    yield town.rng.randint(1, 6)
    if pace == "waiting":
        return
    if pace in ("returned", "sent_back"):
        act(report, "return", _judge(town, report, writer), reason="请写明未办结的几户和原因")
        yield town.rng.randint(1, 4)
        if pace == "sent_back":
            return
        write(town, report, writer)
        yield town.rng.randint(1, 3)
    act(report, "accept", _judge(town, report, writer), note="")


def _concerns(town: Town) -> Plot:
    """困难和需要: an office takes what was raised, answers some days later, and most units are content."""
    takers = (town.people.chen, town.people.by_name.get("qian", town.people.chen), town.people.zhou)
    seats = {taker.pk: {post.office_id for post in taker.posts.all()} for taker in takers}
    for turn in range(ROUNDS):
        yield 3
        rows = Concern.objects.select_related("unit").order_by("area", "created_at", "id")
        for concern in rows.filter(state="answered"):
            writer = town.people.of_office.get(concern.unit_id)
            if writer and town.chance(0.8):
                act(concern, "accept", writer, note="")
        for n, concern in enumerate(rows.filter(state="taken")):
            taker = next(each for each in takers if concern.taker_id in seats[each.pk])
            act(concern, "answer", taker, answer=ANSWERS[(n + turn) % len(ANSWERS)])
        for n, concern in enumerate(rows.filter(state="raised")):
            first = (n + turn) % len(takers)
            ranked = takers[first:] + takers[:first]
            act(concern, "take", next(each for each in ranked if concern.unit_id not in seats[each.pk]))


def _judge(town: Town, report: Report, writer: User) -> User:
    """Who accepts: the leading group for the two offices and the town, else one who has not written it."""
    if report.gate == "adopt":
        return town.people.sun
    return town.people.zhou if town.chance(0.6) and writer != town.people.zhou else town.people.wu


def write(town: Town, report: Report, writer: User) -> None:
    """The words, and the submission; numbers that contradict each other are explained."""
    said: dict[str, Any] = {
        "progress": f"{town.rng.choice(PROGRESS)}（{now():%m月%d日}）",
        "problems": town.rng.choice(PROBLEMS),
        "next_steps": town.rng.choice(NEXT),
    }
    flow.amend(fresh(report), writer, "report.write", **said)
    try:
        act(report, "submit", writer)
    except Refused:
        why = "本季度有迁入迁出和重新分类，存量与流量的差由此而来，已逐户核对。"
        flow.amend(fresh(report), writer, "report.write", explanation=why)
        act(report, "submit", writer)
