"""Purchases from a workbook, all at once: good rows are taken, every error of every row comes back in a marked copy.

The same workbook again adds nothing: what is there already is counted as such. The heads are those of our own export.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from sanxiao.docket import files, flow
from sanxiao.docket.refusal import Refused
from sanxiao.office.models import User
from sanxiao.office.now import today
from sanxiao.papers import excel
from sanxiao.sources import acts
from sanxiao.sources.models import Batch, Buyer, plain
from sanxiao.sources.naming import ABROAD, Named, villages

MOST = 3000  # rows of one workbook
# Heads by what they mean; the first is ours, the others are those that people write.
HEADS = {
    "buyer": ("进货单位", "采购单位", "单位名称", "食堂"), "supplier": ("供货单位", "供应商", "供货商", "供货单位名称"),
    "where": ("供货单位所在村", "供货单位所在地", "所在村"), "food": ("食品", "品名", "食品名称", "产品名称"),
    "bought_on": ("进货日期", "采购日期", "日期"), "amount": ("数量", "进货数量"), "unit": ("单位", "计量单位"),
    "invoice": ("票据号", "单号", "票号"), "note": ("备注",),
}  # fmt: skip
NEEDED = ("supplier", "food", "bought_on")
OUTSIDE_WORDS = ("外地", "外镇", "区外", "市外")


@dataclass
class Result:
    """What came of a workbook."""

    taken: int = 0
    known: int = 0
    wrong: int = 0
    errors: list[excel.CellError] = field(default_factory=list)
    columns: dict[str, int] = field(default_factory=dict)
    head: int = 1
    sheet: str = ""


class _WrongCells(Exception):
    """A row that cannot be taken: what is wrong, by the meaning of the column."""

    def __init__(self, faults: dict[str, str]) -> None:
        super().__init__()
        self.faults = faults


def take(data: bytes, name: str, by: User, buyer: Buyer | None = None) -> Batch:
    """Read a workbook and take what is right in it. Raises Refused where it is no workbook of purchases."""
    page, result = _page(data, buyer)
    known = {plain(b.name): b for b in Buyer.objects.seen_by(by).select_related("kind", "file").active()}
    places = {plain(a.name): a.code for a in villages(_ground(by, buyer))}
    for number, row in _rows(page, result):
        with transaction.atomic():
            _one(number, row, by, buyer, known, places, result)
    return _kept(data, name, by, buyer, result)


def _ground(by: User, buyer: Buyer | None) -> str:
    if buyer is not None:
        return buyer.area
    first = Buyer.objects.seen_by(by).first()
    return first.area if first else ""


def _page(data: bytes, buyer: Buyer | None) -> tuple[excel.Page, Result]:
    try:
        book = excel.read(data)
    except excel.NotExcel as error:
        raise Refused(str(error), {"book": str(error)}, "invalid") from error
    needed = NEEDED if buyer else ("buyer", *NEEDED)
    for page in book.pages:
        for head in (row.number for row in page.rows[:6]):
            found = _columns(page.headings(head))
            if set(needed) <= set(found):
                if len(page.rows) > MOST:
                    raise Refused(_("一次最多 %(n)d 行，请分成几个文件。") % {"n": MOST}, {}, "invalid")
                return page, Result(columns=found, head=head, sheet=page.name)
    names = "、".join(HEADS[key][0] for key in needed)
    raise Refused(_("没有找到表头：须有“%(names)s”这几列。可先下载空白模板。") % {"names": names}, {}, "invalid")


def _columns(headings: list[str]) -> dict[str, int]:
    """Meaning -> column from 1."""
    found: dict[str, int] = {}
    for number, heading in enumerate(headings, 1):
        said = plain(heading)
        for key, names in HEADS.items():
            if key not in found and said in map(plain, names):
                found[key] = number
                break
    return found


def _rows(page: excel.Page, result: Result) -> Iterator[tuple[int, dict[str, Any]]]:
    for row in page.rows:
        if row.number > result.head:
            told = {key: row.values[col - 1] if col <= len(row.values) else None for key, col in result.columns.items()}
            if any(value is not None for value in told.values()):
                yield row.number, told


def _one(
    number: int, row: dict[str, Any], by: User, buyer: Buyer | None, known: dict[str, Buyer], places: dict[str, str],
    result: Result,
) -> None:  # fmt: skip
    """Take one row, or write down everything that is wrong with it."""
    try:
        facts = _facts(row, buyer, known, places)
        acts.enter(by, way="excel", **facts)
        result.taken += 1
    except _WrongCells as wrong:
        _note(result, number, wrong.faults)
    except acts.Doubled:
        result.known += 1
    except Refused as refusal:
        _note(result, number, {_column_of(f): text for f, text in refusal.fields.items()} or {"": refusal.reason})


def _column_of(name: str) -> str:
    return {"quantity": "amount"}.get(name, name)


def _note(result: Result, number: int, faults: dict[str, str]) -> None:
    result.wrong += 1
    for key, text in faults.items():
        result.errors.append(excel.CellError(number, result.columns.get(key, 0), text, result.sheet))


def _facts(row: dict[str, Any], buyer: Buyer | None, known: dict[str, Buyer], places: dict[str, str]) -> dict[str, Any]:
    """A row as `acts.enter` takes it. Raises _WrongCells with all that is wrong."""
    wrong: dict[str, str] = {}
    named = _text(row.get("buyer"))
    whose = known.get(plain(named)) if named or buyer is None else buyer
    if buyer is not None and named and plain(named) != plain(buyer.name):
        wrong["buyer"] = _("这一行是别的单位的，不属于“%(name)s”") % {"name": buyer.name}
    elif whose is None:
        wrong["buyer"] = _("没有这个进货单位，或不在您的辖区") if named else _("请写明进货单位")
    supplier, food = _text(row.get("supplier")), _text(row.get("food"))
    if not plain(supplier):
        wrong["supplier"] = _("请写明供货单位")
    if not food:
        wrong["food"] = _("请填写食品名称")
    day = _day(row.get("bought_on"), wrong)
    quantity, unit = _amount(row.get("amount"), wrong)
    where = _where(_text(row.get("where")), places, wrong)
    if wrong:
        raise _WrongCells(wrong)
    return {
        "buyer": whose, "named": Named(supplier, where[0], None, where[1]), "food": food, "bought_on": day,
        "quantity": quantity, "unit": _text(row.get("unit")) or unit, "invoice": _text(row.get("invoice")),
        "note": _text(row.get("note")),
    }  # fmt: skip


def _text(value: Any) -> str:
    return re.sub(r"\s+", " ", str(value)).strip() if value is not None else ""


def _day(value: Any, wrong: dict[str, str]) -> date | None:
    if excel.two_digit_year(value):
        wrong["bought_on"] = _("年份只有两位，请写成四位，如 2018-06-05")
        return None
    found = _as_day(value)
    if found is None:
        wrong["bought_on"] = _("请写成年月日，如 2018-06-05") if value is not None else _("请填写进货日期")
    elif found > today():
        wrong["bought_on"] = _("进货日期不能晚于今天")
    return found


def _as_day(value: Any) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    said = re.fullmatch(r"(\d{4})\s*[-./年]\s*(\d{1,2})\s*[-./月]\s*(\d{1,2})\s*日?", _text(value))
    try:
        return date(*(int(part) for part in said.groups())) if said else None
    except ValueError:
        return None


def _amount(value: Any, wrong: dict[str, str]) -> tuple[Decimal | None, str]:
    """A number, perhaps with its unit in the same cell: 12.5公斤."""
    text = _text(value).replace("，", "").replace(",", "")
    if not text:
        return None, ""
    said = re.fullmatch(r"(\d+(?:\.\d+)?)\s*(\D{0,10})", text)
    try:
        number = Decimal(said[1]).quantize(Decimal("0.01")) if said else Decimal(0)
    except InvalidOperation:
        number = Decimal(0)
    if not 0 < number < 10_000_000:
        wrong["amount"] = _("数量须是大于零的数，如 12.5 或 12.5公斤")
        return None, ""
    return number, said[2].strip() if said else ""


def _where(text: str, places: dict[str, str], wrong: dict[str, str]) -> tuple[str, str]:
    """(village, town elsewhere) as a supplier is named."""
    if not text:
        return "", ""
    if code := places.get(plain(text)) or places.get(plain(text.removesuffix("村") + "村")):
        return code, ""
    if any(text.startswith(word) for word in OUTSIDE_WORDS):
        return ABROAD, text
    wrong["where"] = _("本镇没有这个村（社区）；外地的请写“外地”加地名")
    return "", ""


def _kept(data: bytes, name: str, by: User, buyer: Buyer | None, result: Result) -> Batch:
    """The outcome, with the marked copy where something was wrong."""
    batch = Batch(name=name[:200], by=by, buyer=buyer, area=buyer.area if buyer else _first_ground(by), version=1)
    batch.taken, batch.known, batch.wrong = result.taken, result.known, result.wrong
    batch.groups = _groups(result)
    if result.errors:
        batch.marked = files.put(excel.marked_copy(data, result.errors, result.head))
    batch.save()
    flow.log(batch, "import", by, facts={"taken": result.taken, "known": result.known, "wrong": result.wrong})
    return batch


def _first_ground(by: User) -> str:
    return by.posts.on().select_related("office").order_by("pk")[0].office.area


def _groups(result: Result) -> list[dict[str, Any]]:
    """Errors by column and words, with their rows."""
    names = {number: HEADS[key][0] for key, number in result.columns.items()}
    found: dict[tuple[int, str], list[int]] = {}
    for error in result.errors:
        found.setdefault((error.column, error.text), []).append(error.row)
    return [
        {"column": names.get(column, ""), "text": text, "count": len(rows), "rows": rows[:20]}
        for (column, text), rows in found.items()
    ]


def template() -> bytes:
    """An empty workbook with the heads, and how to fill it in."""
    heads = [excel.Column(key, names[0], 16, "date" if key == "bought_on" else "text") for key, names in HEADS.items()]
    notes = (
        "一行一种食品。进货单位、供货单位、食品、进货日期必填；数量可连单位一起写，如 12.5公斤。",
        "供货单位所在村：写本镇的村（社区）；外地的写“外地”加地名，如 外地溧阳市；不清楚的留空。",
    )
    return excel.sheet("进货登记", heads, (), notes=notes)
