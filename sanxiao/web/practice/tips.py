"""投诉举报 in the told town: keys of two handlers, and some forty letters through the real box, in every state."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.conf import settings

from sanxiao.archive.models import Establishment
from sanxiao.office.models import Office, User
from sanxiao.office.now import today
from sanxiao.tips import box, identity, receipts
from sanxiao.tips.models import Letter, Report, Track
from sanxiao.tips.rules import OPENING, REWARD
from sanxiao.web.practice.tell import Plot, Teller
from sanxiao.web.practice.town import Town, act, attach

PASSPHRASE = "Lianxi-2018-2018"  # noqa: S105  of made-up keys, beside made-up data
STAGES = (
    "received", "received", "received", "checking", "checking", "checking", "checking", "tested", "late", "filed",
    "unfiled", "refused", "lead", "word", "unhappy", "accused", "both", "mediating", "mediating", "settled",
    "complaint", "complaint_refused", "rewarded", "paid", "asked", "withdrawn",
)  # fmt: skip
OLDER = 18  # told and answered in the two years before
BACK = {"received": 2, "late": 45, "complaint": 4, "unhappy": 25, "rewarded": 40, "paid": 70}
WORDS = (
    ("dirty", "门口污水横流，苍蝇很多", "地上都是油，锅也不盖", "加工的地方旁边就是垃圾"),
    ("spoiled", "买的豆腐发酸，问他说是早上做的", "面包里吃出头发", "卤菜发黏，有味道"),
    ("unlicensed", "在出租屋里做卤菜，没有证", "天天送货，从来没见过证"),
    ("road", "早点摊占了半条路，油烟往楼上跑", "收摊不打扫，地上全是油"),
    ("additive", "做出来的年糕白得不正常", "百叶颜色太黄，怕是加了东西"),
    ("illness", "一家三口吃了拉肚子"),
    ("again", "上个月关掉的又开了，夜里做"),
)
PLACES = ("老街口", "菜场东门", "小学对面", "桥头", "卫生院旁边", "三组路边", "新村门口")
ANSWERS = (
    "经现场检查，情况属实，已责令改正并复查合格。",
    "检查时未发现所反映的问题，已加强巡查。",
    "部分属实，已要求当场整改。",
)


def tips(town: Town, teller: Teller) -> None:
    """The handlers' keys two years ago, old letters over the time, and those that stand at a stage today."""
    teller.add(_keys(town), today() - timedelta(days=728))
    for n in range(OLDER):
        teller.add(_told(town, "closed" if n % 4 else "mediated"), today() - timedelta(days=town.rng.randint(60, 700)))
    for stage in STAGES:
        teller.add(_told(town, stage), today() - timedelta(days=BACK.get(stage, 12) + town.rng.randint(0, 2)))


def _keys(town: Town) -> Plot:
    """Two handlers, named by the leader; their key files lie beside the data for who practises."""
    folder = settings.DATA_DIR / "tip-keys"
    folder.mkdir(mode=0o700, exist_ok=True)
    for user in (town.people.chen, town.people.zhou):
        identity.name(user, town.people.sun)
        path = folder / f"{user.username}.tipkey"
        path.touch(mode=0o600)
        path.write_bytes(identity.new_key(user, PASSPHRASE, PASSPHRASE))
    yield 0


def _told(town: Town, stage: str) -> Plot:
    """One letter from the street to its end, as far as it comes."""
    receipt = receipts.from_once(f"{town.rng.getrandbits(128):032x}")
    box.drop(_letter(town, stage), receipt)
    yield 1
    box.empty()
    letter = Letter.objects.filter(receipt=receipts.index(receipt)).first()
    if letter is None:
        return
    yield town.rng.randint(0, 2)
    for track in letter.tracks():
        follow = _complaint if track.flow.key == "tips.complaint" else _report
        yield from follow(town, track, stage, receipt)


def _letter(town: Town, stage: str) -> box.Posted:
    problem, *texts = town.rng.choice(WORDS)
    area = town.rng.choice(sorted(town.ground.areas))
    want = "complaint" if stage in ("mediating", "settled", "complaint", "complaint_refused", "mediated") else "report"
    want = "both" if stage == "both" else want
    said: dict[str, Any] = {
        "problem": "dispute" if want == "complaint" else problem, "text": town.rng.choice(texts), "area": area,
        "place": town.rng.choice(PLACES), "lat": None, "lng": None, "want": want, "lang": "zh",
        "demand": "退款并道歉" if want != "report" else "", "accused": "", "reward": stage in ("rewarded", "paid"),
    }  # fmt: skip
    if stage == "accused":
        village = Office.objects.on().filter(role="village", area=area).first()
        said |= {"problem": "official", "accused": str(village.pk) if village else "", "text": "亲戚开的店，从来不查"}
    who: dict[str, str] = {}
    if want != "report" or stage == "asked" or town.chance(0.3):
        phone = "13912340001" if town.chance(0.15) else town.ground.a_phone()
        who = {"name": town.rng.choice(("赵一", "钱二", "孙三", "李四")), "phone": phone, "home": "编造的地址"}
    return box.Posted(said, who, ())


def _bureau() -> Office | None:
    return Office.objects.on().filter(role="bureau").first()


def _complaint(town: Town, row: Track, stage: str, _receipt: str) -> Plot:
    chen = town.people.chen
    if stage == "complaint":
        return
    if stage == "complaint_refused":
        act(row, "refuse", chen, ground="too_late", answer="事情已超过三年，按规定不能受理，可以向法院起诉。")
        return
    act(row, "accept", chen, office=_bureau(), note="")
    yield town.rng.randint(3, 9)
    if stage == "mediating" or stage == "both":
        return
    act(row, "settle", chen, result="agreed", note="经营者退款并道歉")
    if stage == "settled":
        return
    yield 2
    act(row, "tell", chen, answer="已达成调解：退款并道歉。")


def _report(town: Town, row: Track, stage: str, receipt: str) -> Plot:
    if stage in ("received", "both"):
        return
    if stage == "withdrawn":
        box.drop_word(receipt, "back", {"text": "是我看错了"})
        return
    if stage == "refused":
        act(row, "refuse", town.people.chen, ground="jurisdiction", answer="这一件归区里管，请向区市场监管局反映。")
        return
    by = _taken(town, row, stage)
    yield town.rng.randint(1, 5)
    ends: dict[str, Callable[[], Any]] = {
        "tested": lambda: act(row, "test", by, reason="抽样送检"),
        "filed": lambda: _to_law(town, row, by),
        "unfiled": lambda: act(row, "no_case", by, finding="当场改正"),
        "word": lambda: box.drop_word(receipt, "word", {"text": "昨天晚上又看到他们在倒水"}),
        "lead": lambda: act(row, "lead", town.people.chen, place_name="路边无名作坊", note="请核实是否建档"),
        "asked": lambda: _ask(town, row),
        "checking": lambda: None, "late": lambda: None, "accused": lambda: None,
    }  # fmt: skip
    if stage in ends:
        ends[stage]()
        return
    act(row, "no_case", by, finding="现场检查、责令改正")
    yield town.rng.randint(1, 4)
    outcome = "verified" if stage in ("rewarded", "paid") else town.rng.choice(("verified", "partly", "unproved"))
    act(row, "close", by, outcome=outcome, answer=town.rng.choice(ANSWERS))
    yield from _afterwards(town, row, stage, receipt)


def _taken(town: Town, row: Track, stage: str) -> User:
    """Accepted and given to the office of the routes; returns who checks."""
    files = Establishment.objects.current().filter(area=row.area).order_by("number")
    file = files.first() if stage in ("closed", "checking", "filed") else None
    office = row.office or _bureau()
    desk = town.people.zhou if office and office.role == "fso" else town.people.chen
    facts = {"file": file} if file else {}
    act(row, "accept", desk, office=office, summary="群众反映卫生和证照问题，请现场核查", **facts)
    of_office = town.people.of_office.get(office.pk) if office else None
    return town.people.chen if office and office.role == "bureau" else of_office or desk


def _to_law(town: Town, row: Track, by: User) -> None:
    """The branch opens a case of its own with its own photo; then the report is noted as filed."""
    if by == town.people.chen and isinstance(row, Report) and not row.file_id:
        act(row, "no_case", by, finding="按所说的位置没有找到，继续留意")
        return
    if by == town.people.chen and isinstance(row, Report):
        act(row, "case", by, second=town.people.wu, conduct="现场检查发现未取得登记证从事食品生产加工。")
        case = Report.objects.select_related("case__file").get(pk=row.pk).case
        attach(case, town.album.problem("违法现场", after=False), "现场.jpg", by, "evidence")
        act(case, "file", town.people.lu, note="")
    act(row, "file_case", by, finding="无证经营，已立案")


def _ask(town: Town, row: Track) -> None:
    """A handler asks to see who it was; the other's yes is still to come."""
    opening = OPENING.begun(town.people.chen, {"letter": str(row.letter.pk)})
    opening.why = "须当面取证、做笔录"
    act(opening, "ask", town.people.chen, reason=opening.why)


def _afterwards(town: Town, row: Track, stage: str, receipt: str) -> Plot:
    """The mark of the informer, and the reward."""
    if stage in ("closed", "unhappy"):
        satisfied = "no" if stage == "unhappy" else town.deal("mark", {"yes": 4, "no": 1})
        said = {"satisfied": satisfied} | ({"text": "还是老样子"} if stage == "unhappy" else {})
        box.drop_word(receipt, "mark", said)
    if stage not in ("rewarded", "paid"):
        return
    yield 3
    reward = REWARD.begun(town.people.chen, {"report": str(Report.objects.get(pk=row.pk).pk)})
    act(reward, "propose", town.people.chen, level="3", penalty=50_000, insider=False, decision="编造的文号")
    yield 2
    act(reward, "approve", town.people.feng, amount=reward.computed)
    if stage == "paid":
        yield 6
        act(reward, "pay", town.people.feng, receipt=receipt, payment="cash")
