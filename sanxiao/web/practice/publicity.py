"""What a practice town has to show of publicity: texts, acts, exposed cases, four polls, requests on credit records."""

from datetime import date, timedelta
from typing import Any

from sanxiao.docket import flow
from sanxiao.docket.refusal import Refused
from sanxiao.enforcement.models import Case
from sanxiao.office.models import Office, User
from sanxiao.office.now import at, today
from sanxiao.publicity import credit, exposing
from sanxiao.publicity.models import Act, Exposure, Poll, Reply, Slip, Text
from sanxiao.publicity.rules import ACT, EXPOSURE, POLL, REPAIR, TEXT
from sanxiao.publicity.survey import Quarter
from sanxiao.web.practice.town import Town, act, fresh

TEXTS = (
    ("letter", "致食品三小经营者的一封信",
     "各位经营者：\n\n请及时办理登记，管好进货票据，保持店面整洁。需要帮忙的，村里和分局都可以代办。"),
    ("notice", "关于开展食品三小专项整治的通告",
     "自即日起，在全镇范围内开展食品小作坊、小摊贩、小餐饮专项整治。欢迎广大群众监督，举报电话12315、12345。"),
    ("radio", "食品安全广播稿",
     "村民朋友们：买熟食、豆制品，请看清有没有登记证、登记卡；发现问题，请扫店里的二维码或者打12315。"),
)  # fmt: skip
VILLAGE = (
    ("poster", "张贴整治通告", "村委会公告栏、菜场", (150, 400)),
    ("broadcast", "播放食品安全广播稿", "村村响", (400, 1200)),
    ("visit", "入户发放一封信", "三个村民小组", (60, 180)), ("meeting", "经营者座谈会", "村委会会议室", (15, 50)),
    ("banner", "悬挂横幅", "主要路口", (200, 600)),
)  # fmt: skip
TOWN_WIDE = (
    ("wechat", "整治进展推送", "“金城发布”公众号", (900, 4000)),
    ("paper", "曝光典型案例报道", "区报第三版", (3000, 8000)),
    ("tv", "专项整治专题报道", "区电视台", (5000, 20000)), ("stand", "食品安全宣传周", "镇文化广场", (120, 500)),
)  # fmt: skip
USED = {"poster": "notice", "broadcast": "radio", "visit": "letter", "wechat": "notice"}  # channel -> text
QUARTERS, VOICES = 4, 13  # polls, and villages in which slips were handed out
WORDS = (
    "菜场东边还是脏",
    "比去年干净多了",
    "希望多查添加剂",
    "早点摊油烟大",
    "不知道去哪里投诉",
    "现在买豆腐看得到证了",
)


def publicised(town: Town) -> None:
    """Tell of the last year."""
    if not {"xu", "chen", "lu", "wu", "zhou"} <= set(town.people.by_name):
        return  # another town may lack an office
    texts = _texts(town)
    _acts(town, texts)
    _exposed(town)
    _polls(town)
    _requests(town)


def _day(back: int) -> date:
    return today() - timedelta(days=back)


def _texts(town: Town) -> list[Text]:
    made = []
    for edition, back in (("一版", 400), ("二版", 160)):
        with at(_day(back)):
            made = [
                act(TEXT.begun(town.people.xu, {}), "publish", town.people.xu, code=code, edition=edition, title=title,
                    body=body)
                for code, title, body in (TEXTS if back == 400 else TEXTS[:1])
            ]  # fmt: skip
    return made + list(Text.objects.filter(state="current").exclude(pk__in=[text.pk for text in made]))


def _acts(town: Town, texts: list[Text]) -> None:
    """Most units every quarter; some have done nothing in this one."""
    slip, start = town.album.paper("宣传现场"), Quarter.of(today()).since
    for office in Office.objects.on().exclude(role="admin"):
        by = town.people.of_office.get(office.pk)
        if by is None:
            continue
        kinds = VILLAGE if office.role == "village" else TOWN_WIDE
        days = [start - timedelta(days=town.rng.randint(1, 240)) for _n in range(town.rng.choice((1, 2, 2)))]
        if town.chance(0.7):  # the others stand on the list of those who have done nothing this quarter
            days.append(start + timedelta(days=town.rng.randint(0, (today() - start).days)))
        for on in days:
            _one(town, by, kinds[town.rng.randrange(len(kinds))], texts, on, slip)
    with at(today()):
        plan = {"channel": "stand", "title": "秋季食品安全宣传", "text": texts[0], "place": "集镇广场", "grounds": []}
        act(ACT.begun(town.people.xu, {}), "plan", town.people.xu, planned_on=today() + timedelta(days=9), **plan)


def _one(town: Town, by: User, kind: Any, texts: list[Text], on: date, photo: Any) -> Act:
    channel, title, place, (least, most) = kind
    how = "counted" if channel in ("meeting", "visit", "wechat") else "estimated"
    text = next((each for each in texts if each.code == USED.get(channel)), None)
    with at(on):
        found = act(
            ACT.begun(by, {}), "record", by, channel=channel, title=title, text=text, done_on=today(), place=place,
            wording="" if text else title, grounds=[], reach=town.rng.randint(least, most), reach_how=how,
            photos=[photo] if town.chance(0.4) else [],
        )  # fmt: skip
    return found


# --- exposed cases -----------------------------------------------------------------------------------------------


def _exposed(town: Town) -> None:
    """What was closed is exposed ten days later: most has run out by now, one was taken down, the newest waits."""
    rows = Case.objects.filter(state="closed", published_on__isnull=False, unpublished_on__isnull=True)
    cases = list(rows.select_related("file__operator", "file__kind").order_by("-published_on", "pk")[:8])[::-1]
    for n, case in enumerate(cases):
        end = "waiting" if n == len(cases) - 1 else "removed" if n == 1 else "shown"
        with at(min((case.published_on or today()) + timedelta(days=10), today())):
            there = next(exposing.eligible(Case.objects.public().filter(pk=case.pk)), None)
            exposure = _through(town, case, end) if there else None
        if exposure and exposure.state == "published" and exposure.public_until and exposure.public_until < today():
            with at(exposure.public_until + timedelta(days=1)):
                act(exposure, "expire", None)


def _through(town: Town, case: Case, end: str) -> Exposure:
    title, body = exposing.draft(case)
    exposure = EXPOSURE.begun(town.people.chen, {"case": str(case.pk)})
    act(exposure, "propose", town.people.chen, title=title, body=body)
    act(exposure, "publish", town.people.chen)
    flow.sign(fresh(exposure), town.people.lu, agrees=True)
    if end == "waiting":
        return exposure
    flow.sign(fresh(exposure), town.people.xu, agrees=True, note="同意刊发")
    if end == "removed":
        act(exposure, "take_down", town.people.xu, reason="当事人已整改到位，申请提前撤下，经核实同意")
    return fresh(exposure)


# --- polls -------------------------------------------------------------------------------------------------------


def _polls(town: Town) -> None:
    """Four quarters in which people come to feel a little safer."""
    quarter, past = Quarter.of(today()), []
    for _n in range(QUARTERS):
        past.append(quarter)
        quarter = Quarter.of(quarter.since - timedelta(days=1))
    for step, each in enumerate(reversed(past)):
        with at(min(each.since + timedelta(days=20), today())):
            poll = POLL.begun(town.people.zhou, {})
            closes = max(each.until, today())
            act(poll, "start", town.people.zhou, year=each.year, quarter=each.no, closes_on=closes)
            for area in list(poll.doors.values_list("area", flat=True))[:VOICES]:
                _voices(town, poll, area, 0.52 + 0.06 * step)
        if each != past[0]:
            with at(closes + timedelta(days=1)):
                act(poll, "end", None)


def _voices(town: Town, poll: Poll, area: str, share: float) -> None:
    """Slips of one village, of which some come back, and a few answers by the open code."""
    act(poll, "slips", town.people.zhou, ground=area, count=12)
    used = list(Slip.objects.filter(poll=poll, area=area)[: town.rng.choice((2, 7, 8, 9, 10, 11))])
    Slip.objects.filter(pk__in=[slip.pk for slip in used]).update(used=True)
    ways = ["slip"] * len(used) + ["open"] * town.rng.randint(0, 3)
    Reply.objects.bulk_create([_reply(town, poll, area, way, share) for way in ways])


def _reply(town: Town, poll: Poll, area: str, way: str, share: float) -> Reply:
    def told(good: float) -> str:
        return town.rng.choice(("5", "4", "4") if town.chance(good) else ("3", "3", "2", "1"))

    answers: dict[str, Any] = {
        "trust": told(share), "content": told(share + 0.08), "change": town.rng.choice(("better", "better", "same")),
        "worry": sorted(set(town.rng.choices(("dirty", "additive", "unlicensed", "spoiled", "origin", "road"), k=2))),
        "tell": "yes" if town.chance(0.5) else "no",
    }  # fmt: skip
    words = town.rng.choice(WORDS) if town.chance(0.12) else ""
    return Reply(poll=poll, area=area, way=way, on=today(), answers=answers, words=words)


# --- credit ------------------------------------------------------------------------------------------------------


def _requests(town: Town) -> None:
    """One objection that stood, one that waits."""
    cases = [case for case in Case.objects.filter(state="closed").select_related("file__operator") if case.penalties]
    for case, granted in zip(cases[:2], (True, False), strict=False):
        by = town.people.cadres.get(case.file.area)
        entry = next((e for e in credit.record_of(case.file.operator).entries if e.is_bad and e.counts), None)
        if by is None or entry is None:
            continue
        request = REPAIR.begun(by, {"file": str(case.file_id)})
        try:
            act(request, "ask", by, request="objection", entry=entry.key, reason="经营者说处罚时店已转给别人")
        except Refused:
            continue
        if granted:
            act(request, "grant", town.people.wu, note="转让协议属实，不计入原经营者")
