"""What becomes of a place: it is surveyed, filed, classed, put right, given its paper, and goes on living."""

import uuid
from datetime import timedelta
from typing import Any

from sanxiao.archive.models import Classification, Establishment
from sanxiao.archive.rules import CLASSIFICATION, MERGE
from sanxiao.docket import flow
from sanxiao.inspection.models import Order
from sanxiao.inspection.visit_models import Visit
from sanxiao.office.now import today
from sanxiao.survey import answers, intake
from sanxiao.survey.models import Sheet
from sanxiao.web.practice import places
from sanxiao.web.practice.cases import closed_down, prosecuted
from sanxiao.web.practice.licences import licensed, suspended
from sanxiao.web.practice.lives import closes, goes_on
from sanxiao.web.practice.orders import corrected
from sanxiao.web.practice.tell import Plot
from sanxiao.web.practice.town import Life, Town, act, attach, fresh
from sanxiao.web.practice.visits import one

LICENSED = 0.75  # of the eateries that could be, so many had a food business licence before anybody came
NEWEST = 100  # days: the last villages go to work at once on what they find
BATCH = {"0": "upgrade", "1": "regulate", "2": "regulate", "3": "phase_out"}


def told(town: Town, life: Life) -> Plot:
    """The whole story of a place, from the sheet on paper to today."""
    if life.place.kind == "eatery" and life.place.case in "12" and not life.halt and town.chance(LICENSED):
        life.place.case = "0"
    life.quick |= (town.until - today()).days < NEWEST
    sheet = surveyed(town, life)
    if life.halt == "sheet":
        return
    yield life.wait(town, 1, 6)
    if town.chance(0.012) and not life.halt:
        act(sheet, "void", life.cadre, reason="重复录入，另一张表为准")
        return
    filed(town, life, sheet)
    yield from after_filing(town, life)


def after_filing(town: Town, life: Life) -> Plot:
    """Everything that follows when there is a file."""
    if life.halt == "filed":
        return
    yield life.wait(town, 2, 20)
    if town.chance(0.35):
        warden: dict[str, Any] = {"officer": town.people.chen, "warden": life.cadre.name}
        flow.amend(life.file, town.people.chen, "file.edit", **warden)
        yield life.wait(town, 1, 5)
    case = yield from classed(town, life)
    if case is None or life.halt in ("opinion", "signing"):
        return
    if case == "3":
        yield from eliminated(town, life)
        return
    if case == "2" and not (yield from corrected(town, life)) and not (yield from _after_failing(town, life)):
        return
    if case in ("1", "2") and not (yield from licensed(town, life)):
        return
    if case == "0" and not life.halt:
        yield from looked_up(town, life)
    if life.halt == "suspended":
        suspended(town, life)
    elif not life.halt:
        yield from goes_on(town, life)


def looked_up(town: Town, life: Life) -> Plot:
    """提升: who held his papers is visited once within half a year, unless somebody has been there by then."""
    yield town.rng.randint(15, 150)
    visits = Visit.objects.filter(file=life.file_id).exclude(state="void")
    if life.file.is_trading and not visits.exclude(state="planned").exists():
        yield from one(town, life, town.rng, "routine")


def _after_failing(town: Town, life: Life) -> Plot:
    """What was not put right in time becomes a case; who has paid puts it right or gives up. True: he is ready now."""
    if not Order.objects.of(life.file).filter(state="failed").exists() or not (yield from prosecuted(town, life)):
        return False
    yield town.rng.randint(10, 40)
    if town.deal("after a case", {"mends": 3, "gives up": 2}) == "gives up":
        yield from closes(town, life)
        return False
    again = yield from corrected(town, life)
    return again


# --- survey ----------------------------------------------------------------------------------------------------


def surveyed(town: Town, life: Life) -> Sheet:
    """A paper sheet is typed in at the village's desk; some lack the photo, the position or the signature."""
    place, cadre = life.place, life.cadre
    seen = today() - timedelta(days=town.rng.randint(0, 5))
    second = town.people.qian if town.chance(0.2) else town.people.chen
    raw = places.answers(place, town.ground, seen, (cadre.name, second.name))
    pictures = _pictures(town, life)
    form = town.forms[place.kind]
    found = answers.check(form, raw, town.checks[place.kind], strict=True, has=[p.role for p in pictures])
    if found.errors:
        raise ValueError(f"{place.name}: {found.errors}")
    sheet = intake.sheet_of(form, found, source="desk", pk=uuid.UUID(int=town.rng.getrandbits(128), version=4))
    return intake.send(sheet, cadre, pictures)


def _pictures(town: Town, life: Life) -> list[intake.Picture]:
    """The shop from the street and the operator's signature, where the paper sheet had them."""
    place, found = life.place, []
    if life.photo != "none":
        said = place.name if life.photo == "named" else str(place.foods["trade"])
        front = town.album.front(place.kind, said)
        found.append(intake.Picture("photos", "门面.jpg", front.pk))
    if town.chance(0.8):
        signed = town.album.paper("经营者签名")
        found.append(intake.Picture("signature", "签名.jpg", signed.pk))
    return found


def filed(town: Town, life: Life, sheet: Sheet) -> None:
    """建档, marked as practice from its first moment."""
    life.file_id = act(sheet, "file", life.cadre).file_id
    Establishment.objects.filter(pk=life.file_id).update(practice=True)


# --- classification --------------------------------------------------------------------------------------------


def classed(town: Town, life: Life) -> Plot:
    """The village proposes, the branch decides, 淘汰 needs the food-safety office; returns the case, None if open."""
    row = _proposed(town, life)
    if life.halt == "opinion":
        return None
    yield life.wait(town, 1, 9)
    if town.chance(0.02) and not life.halt:
        act(row, "withdraw", town.people.chen, reason="请补充场所权属后再提")
        yield life.wait(town, 5, 15)
        row = _proposed(town, life)
        yield life.wait(town, 1, 6)
    case, why = row.proposed_case, ""
    if case == "3" and town.chance(0.15):
        case, why = "2", "经营者当面表示愿意整改，先给一次机会"
    elif case == "1" and town.chance(0.03):
        case, why = "2", "现场复看，加工间还有缺陷"
    act(row, "decide", town.people.chen, case=case, batch=_batch(row, case), note=why)
    if case == "3":
        return (yield from _second_office(town, life, row))
    return case


def _proposed(town: Town, life: Life) -> Classification:
    row = CLASSIFICATION.begun(life.cadre, {"file": str(life.file_id)})
    case = row.computed_case or life.place.case
    batch = row.computed_batch or BATCH[case]
    if row.surveyor_case and row.surveyor_case != case and town.chance(0.3):
        case, batch = row.surveyor_case, BATCH[row.surveyor_case]
    return act(row, "propose", life.cadre, proposed_case=case, proposed_batch=batch, note="")


def _batch(row: Classification, case: str) -> str:
    return row.proposed_batch if case == row.proposed_case else BATCH[case]


def _second_office(town: Town, life: Life, row: Classification) -> Plot:
    if life.halt == "signing":
        return None
    yield life.wait(town, 1, 6)
    if town.chance(0.12):
        flow.sign(fresh(row), town.people.zhou, agrees=False, note="先帮扶，三个月后再看")
        yield life.wait(town, 2, 6)
        act(row, "decide", town.people.chen, case="2", batch="regulate", note="按食安办意见先引导整改")
        return "2"
    flow.sign(fresh(row), town.people.zhou, agrees=True)
    return "3"


def eliminated(town: Town, life: Life) -> Plot:
    """A place that cannot stay closes in time, or late, or not yet; now and then one opens again."""
    if life.halt == "to_close" or town.chance(0.12):
        return
    yield life.wait(town, 8, 45)
    how = town.deal("closing", {"self": 6, "banned": 2, "changed": 2})
    if how == "banned":
        yield from closed_down(town, life)
        return
    why = {"self": "经营者自行停业，设备已搬空", "changed": "改卖日用杂货"}[how]
    file = life.file
    attach(file, town.album.front(life.place.kind, "已关停"), "关停后.jpg", life.cadre, "photo")
    act(file, "close", life.cadre, on=today(), closing=how, reason=why)
    if how == "self" and town.chance(0.15):
        yield town.rng.randint(60, 200)
        act(life.file, "reopen", life.cadre, on=today(), reason="在原址装修后重新开业")


# --- one place in two files ------------------------------------------------------------------------------------


def doubled(town: Town, life: Life, other: Life, *, merged: bool) -> Plot:
    """The same shop is surveyed again as if it were new; sooner or later somebody notices, or not yet."""
    sheet = surveyed(town, other)
    yield 1
    filed(town, other, sheet)
    if merged and life.file_id:
        yield town.rng.randint(20, 60)
        row = MERGE.begun(town.people.zhou, {"file": str(life.file_id), "other": str(other.file_id)})
        act(row, "merge", town.people.zhou, reason="同一户，两个村干部先后各填了一张表")


def second_sheet(town: Town, life: Life) -> Plot:
    """A place is surveyed again after a year, and its file is brought up to date."""
    if life.file_id is None or life.file.state in ("closed", "moved", "void"):
        return
    sheet = surveyed(town, life)
    yield town.rng.randint(1, 4)
    facts: dict[str, Any] = {"target": str(life.file_id)}
    act(sheet, "file", life.cadre, **facts)
