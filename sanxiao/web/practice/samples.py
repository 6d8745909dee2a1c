"""Sampling in a told town: a plan for each year, drawn in parts; lots that pass, fail, are tested anew, published."""

from datetime import date, timedelta
from typing import Any

from django.conf import settings

from sanxiao.archive.models import Establishment
from sanxiao.docket import files
from sanxiao.docket.models import Blob
from sanxiao.office.now import today
from sanxiao.papers import pdf
from sanxiao.sampling import drawing, say, sheet
from sanxiao.sampling.beside_models import QuickTest
from sanxiao.sampling.beside_rules import QUICK
from sanxiao.sampling.models import Sample
from sanxiao.sampling.rules import PLAN, SAMPLE
from sanxiao.web.practice.failed_lots import failed, published
from sanxiao.web.practice.tell import Plot, Teller
from sanxiao.web.practice.town import Town, act, attach, fresh

# Lots of a year, by kind and food; each draw of the year adds a part.
PARTS = (
    (("workshop", "soy", 3), ("workshop", "", 3), ("vendor", "", 2), ("eatery", "", 3)),
    (("workshop", "soy", 5), ("workshop", "", 5), ("vendor", "", 5), ("eatery", "", 5)),
    (("workshop", "soy", 7), ("workshop", "", 7), ("vendor", "", 7), ("eatery", "", 7)),
)  # fmt: skip
OUTCOMES = {"pass": 15, "fail": 4, "upheld": 1, "cleared": 1, "refused": 1, "objected": 1, "skip": 2, "void": 1}
# The stages at which some lots stand today, and how many days back each began.
HALTS = (
    ("drawn", 4),
    ("drawn", 2),
    ("sampled", 5),
    ("sampled", 3),
    ("sent", 5),
    ("testing", 15),
    ("testing", 30),
    ("concluded", 24),
    ("failed", 26),
    ("failed", 34),
    ("served", 33),
    ("served", 46),
    ("asked", 34),
    ("chosen", 40),
    ("moved", 44),
    ("objection", 36),
    ("illegal", 30),
)
BAD = {
    "max": ("1.42", "1.0"), "min": ("31", "40"), "text": ("不符合", "n=5，c=2"), "absent": ("0.31", ""),
}  # fmt: skip
UNITS = {"spirit": "瓶", "oil": "瓶", "tableware": "套"}


def sampling(town: Town, teller: Teller, since: date) -> None:
    """Add all plots of sampling to the telling."""
    report = _report()
    for year in range(since.year, today().year + 1):
        first = max(date(year, 2, 12), since + timedelta(days=200))
        if first.year == year and first < today() - timedelta(days=60):
            teller.add(_year(town, teller, year, report), first)
    for n, (stage, days) in enumerate(HALTS):
        teller.add(_aimed(town, stage, report, n), today() - timedelta(days=days))
    for n, days in enumerate((210, 150, 95, 60, 20, 6)):
        teller.add(_quick(town, n), today() - timedelta(days=days))


def _report() -> Blob:
    """A report of a laboratory, as every lot gets one."""
    run = ["本件为练习用的检验报告，不是真的检验报告。", "检验结果见系统中逐项录入的内容。"]
    return files.put(
        pdf.render(
            "notice", {"title": "检验报告（练习）", "org": "检验机构", "paragraphs": run, "practice": not settings.REAL}
        )
    )


def _year(town: Town, teller: Teller, year: int, report: Blob) -> Plot:
    """The plan is made, published, and drawn in three parts; each drawn lot goes its own way."""
    chen = town.people.chen
    plan = PLAN.begun(chen, {})
    facts: dict[str, Any] = {
        "year": year,
        "title": f"{year}年食品三小监督抽检计划",
        "organiser": plan.organiser,
        "note": "",
    }
    plan = act(plan, "make", chen, lines=_lines(PARTS[0]), **facts)
    yield 6
    act(plan, "publish", chen, published_on=today())
    for n, part in enumerate(PARTS):
        if n:
            act(plan, "revise", chen, lines=_lines(part), reason=f"安排第{n + 1}批抽取")
            yield 2
        act(plan, "draw", chen, seed=f"{year}{today().timetuple().tm_yday:03d}-{town.rng.randint(100000, 999999)}")
        for sample in Sample.objects.filter(plan=plan, state="drawn").order_by("created_at", "pk"):
            teller.add(
                _lot(town, sample, town.deal("sample", OUTCOMES), report),
                today() + timedelta(days=town.rng.randint(2, 24)),
            )
        yield 95
    if year < (today() + timedelta(days=100)).year:
        act(plan, "close", chen, note="年度抽检结束")


def _lines(part: tuple[tuple[str, str, int], ...]) -> list[dict[str, Any]]:
    return [{"kind": kind, "food": food, "village": "", "count": count} for kind, food, count in part]


def _aimed(town: Town, stage: str, report: Blob, n: int) -> Plot:
    """A lot aimed at a place for a reason; its story stands still today at a stage."""
    wanted = Establishment.objects.trading().filter(state="normal", kind="workshop" if n % 3 else "eatery")
    file = (
        wanted.exclude(pk__in=Sample.objects.filter(state="drawn").values("file"))
        .order_by("number")[n * 3 : n * 3 + 1]
        .first()
    )
    if file is None:
        return
    officer = town.people.chen if n % 2 else town.people.wu
    sample = act(
        SAMPLE.begun(officer, {"file": str(file.pk)}),
        "target",
        officer,
        why="检查中发现原料来源不清",
        food=drawing.foods_of(file)[0],
    )
    yield from _lot(town, sample, {"illegal": "illegal"}.get(stage, "fail"), report, halt=stage)


def _lot(town: Town, sample: Sample, outcome: str, report: Blob, halt: str = "") -> Plot:
    """One lot from the drawn place to its end, or to where it stands today."""
    if halt == "drawn":
        return
    yield 1
    officer = town.people.chen if fresh(sample).pk.int % 2 else town.people.wu
    if fresh(sample).file.state not in ("normal", "seasonal") or outcome == "skip":
        act(sample, "skip", officer, reason="到店两次均关门" if outcome == "skip" else "已停业")
        return
    sample = _taken(town, sample, officer)
    if halt == "sampled":
        return
    if outcome == "void":
        act(sample, "void", officer, reason="样品破损，另行抽取")
        return
    yield 1
    act(sample, "send", officer, on=today(), lab=town.rng.choice(("cz", "cz", "js")), sent_on=today())
    if halt == "sent":
        return
    yield 1
    act(sample, "accept", officer, on=today(), accepted_on=today(), seal_whole=True)
    if halt == "testing":
        return
    yield 8 if halt else town.rng.randint(9, 20)
    rows = _rows(town, sample, outcome)
    no = f"J{today():%Y%m}{town.rng.randint(1000, 9999)}"
    act(sample, "conclude", officer, on=today(), concluded_on=today(), report_no=no, rows=rows)
    if halt == "concluded":
        return
    yield 1
    files.keep(fresh(sample), report, "检验报告.pdf", officer, role="lab_report")
    sample = act(sample, "receive", officer, on=today(), received_on=today())
    if sample.state == "passed":
        yield 30
        published(sample, town, "合格")
    elif halt != "failed":
        yield from failed(town, sample, officer, outcome, halt, report)


def _taken(town: Town, sample: Sample, officer: Any) -> Sample:
    """抽样单, with a picture of the sealed halves."""
    attach(fresh(sample), town.album.paper("样品封签"), "样品及封签.jpg", officer, "photo")
    food = next(row["name"] for row in say.foods(sample.area) if row["code"] == sample.food)
    number = sample.pk.hex[:6].upper()
    told = {
        "task_source": "plan" if sample.origin == "draw" else "clue",
        "report_class": "supervision",
        "purpose": "routine",
        "stage": "catering" if sample.file.kind_id == "eatery" else "making",
        "place_type": "finished",
        "area_type": "rural",
        "own_make": "yes",
        "food_name": food if sample.food != "other" else "自制食品",
        "food": sample.food,
        "sample_type": "food",
        "source": "made",
        "pack_class": "none",
        "spec": "散装",
        "date_kind": "produced",
        "date_basis": "told",
        "made_on": today().isoformat(),
        "imported": "no",
        "taken_on": today().isoformat(),
        "method": "plain",
        "shape": "solid",
        "packing": "食品级样品袋",
        "storage": "cold",
        "unit": UNITS.get(sample.food, "千克"),
        "base": float(town.rng.randint(8, 60)),
        "quantity": 1.5,
        "spare_quantity": 1.5,
        "seal_test": f"F{number}1",
        "seal_spare": f"F{number}2",
        "spare_kept_by": "分局样品室",
        "paid": float(town.rng.randint(8, 60)),
        "second": town.colleague(officer).name,
        "signature_refused": "no",
    }
    return act(sample, "take", officer, on=today(), sheet={"form": sheet.form(), "answers": told})


def _rows(town: Town, sample: Sample, outcome: str) -> list[dict[str, Any]]:
    """The usual items; one of them beyond its limit where the lot is to fail."""
    usual: list[dict[str, Any]] = next(
        (row["items"] for row in say.foods(sample.area) if row["code"] == sample.food), []
    )
    usual = usual or [{"item": "感官", "unit": "", "limit_kind": "text", "breach": "other"}]
    bad = _bad(town, usual, outcome)
    rows = []
    for item in usual[:6] if bad in usual[:6] or bad is None else [*usual[:5], bad]:
        failed = item is bad
        value, limit = BAD[item["limit_kind"]]
        good = {"absent": "未检出", "text": "符合", "min": "45", "max": "0.21"}[item["limit_kind"]]
        rows.append(
            {
                "item": item["item"],
                "result": value if failed else good,
                "unit": item["unit"],
                "limit_kind": item["limit_kind"],
                "limit": limit,
                "basis": "检验报告所列标准",
                "method": "检验报告所列方法",
                "verdict": "fail" if failed else "pass",
                "breach": item["breach"] if failed else "",
            }
        )
    return rows


def _bad(town: Town, usual: list[dict[str, Any]], outcome: str) -> dict[str, Any] | None:
    if outcome == "pass":
        return None
    if outcome == "illegal":
        return next((item for item in usual if item["breach"] == "illegal"), usual[0])
    retested = outcome in ("upheld", "cleared")
    listed = [item for item in usual if item["breach"] != "illegal" and not (retested and item.get("microbe"))]
    return town.rng.choice(listed or usual)


def _quick(town: Town, n: int) -> Plot:
    """A quick test at the market: most find nothing; a positive one leads to a formal sample, or waits."""
    file = (
        Establishment.objects.trading()
        .filter(kind="vendor", state="normal")
        .order_by("number")[n * 2 : n * 2 + 1]
        .first()
    )
    if file is None:
        return
    who = town.people.zhou if n % 2 else town.people.chen
    row: QuickTest = QUICK.begun(who, {"file": str(file.pk)})
    move = "positive" if n in (2, 5) else "negative"
    row = act(
        row,
        move,
        who,
        tested_on=today(),
        food_name="青菜" if n % 2 else "豆制品",
        item="农药残留" if n % 2 else "甲醛",
        kit="快检卡",
        farm=bool(n % 2),
    )
    yield 1
    if n == 2:
        act(row, "steer", town.people.chen, note="")
