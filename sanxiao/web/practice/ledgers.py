"""An old ledger of the bureau's branch: a workbook with faults, read in, its good rows filed together."""

import io
from datetime import timedelta
from typing import Any

import xlsxwriter

from sanxiao.archive.models import Establishment
from sanxiao.office.now import today
from sanxiao.survey import ledgers, trial
from sanxiao.survey.models import Sheet
from sanxiao.web.practice.places import Place
from sanxiao.web.practice.story import after_filing
from sanxiao.web.practice.tell import Plot, Teller
from sanxiao.web.practice.town import Life, Town

HEADS = (
    "序号", "所属村", "店名", "经营者姓名", "身份证号", "联系电话", "经营地址", "从业人数",
    "健康证数", "经营面积", "主营品种",
)  # fmt: skip
NAME = "2024年小餐饮底册.xlsx"


def imported(town: Town, teller: Teller, places: list[Place], lives: list[Life]) -> Plot:
    """Uploaded, tried, taken and filed by the officer of the branch; each row then lives on among `lives`."""
    form, officer = town.forms["eatery"], town.people.chen
    villages = ledgers.villages_of(officer)
    ledger = ledgers.keep(form, NAME, workbook(town, places), officer, next(iter(villages))[:9].ljust(12, "0"))
    trial.try_out(ledger, villages)
    yield 1
    trial.take(ledger, officer, villages)
    yield 1
    trial.file_all(ledger, officer)
    by_name = {(place.area, place.name, place.person): place for place in places}
    for sheet in Sheet.objects.filter(ledger=ledger, state="filed"):
        Establishment.objects.filter(pk=sheet.file_id).update(practice=True)
        place = by_name[sheet.area, sheet.name, sheet.operator]
        life = Life(place, town.people.cadres[place.area], file_id=sheet.file_id)
        lives.append(life)
        teller.add(after_filing(town, life), today() + timedelta(days=town.rng.randint(2, 60)))


def workbook(town: Town, places: list[Place]) -> bytes:
    """The ledger as an office kept it; three of its last rows are wrong, as they always are."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        page = book.add_worksheet("小餐饮")
        page.write(0, 0, "金城镇小餐饮底册（练习资料，全部编造）")
        for column, head in enumerate(HEADS):
            page.write(2, column, head)
        for row, place in enumerate(places):
            for column, value in enumerate(_row(town, place, row + 1)):
                page.write(row + 3, column, value)
        for row, fault in enumerate(_faults(town, places)):
            for column, value in enumerate(fault):
                page.write(len(places) + 3 + row, column, value)
    return out.getvalue()


def _row(town: Town, place: Place, number: int) -> list[Any]:
    workers = town.rng.choice((1, 2, 2, 3, 4))
    return [
        number, town.ground.areas[place.area], place.name, place.person, place.id_number, place.phone, place.address,
        workers, workers if place.case != "2" else 0, town.rng.choice((24, 30, 36, 48)),
        "、".join(place.foods["varieties"][:3]),
    ]  # fmt: skip


def _faults(town: Town, places: list[Place]) -> list[list[Any]]:
    """A number with a wrong check sign, a village that is none, a row that stands there twice."""
    wrong, nowhere, twice = (_row(town, place, len(places) + n + 1) for n, place in enumerate(places[:3]))
    wrong[2], wrong[4] = "某某面馆", places[0].id_number[:-1] + ("1" if places[0].id_number[-1] != "1" else "2")
    nowhere[1], nowhere[2] = "城东村", "某某饭店"
    return [wrong, nowhere, twice]
