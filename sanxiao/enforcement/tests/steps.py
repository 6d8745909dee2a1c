"""The steps of a case's story, so that a test can begin where it is about something."""

import io
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any

from PIL import Image

from sanxiao.archive.models import Establishment
from sanxiao.docket import files, flow
from sanxiao.enforcement import clauses
from sanxiao.enforcement.models import Case, Measure
from sanxiao.office.now import at, today

CONDUCT = "生产的豆腐皮检出碱性嫩黄，涉嫌在食品中添加非食用物质。"
MAY = date(2026, 5, 11)  # a Monday
PENALTIES = ["fine", "goods"]


def picture(colour: str = "green") -> bytes:
    """A small JPEG."""
    out = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(out, "JPEG")
    return out.getvalue()


def register(file: Establishment, town: Any, **changes: Any) -> Case:
    """Chen registers what a sample showed; Wu stands beside him."""
    case = Case(file=file, area=file.area, officer=town.chen)
    facts = {"origin": "sample", "received_on": today(), "second": town.wu, "conduct": CONDUCT, **changes}
    flow.move(case, "register", town.chen, **facts)
    return again(case)


def proof(case: Case, town: Any, role: str = "evidence", colour: str = "red") -> None:
    """A photo on the case."""
    files.keep(case, picture(colour), f"{role}.jpg", town.chen, role=role)


def filed(file: Establishment, town: Any, **changes: Any) -> Case:
    """Approved by somebody who does not handle it."""
    case = register(file, town, **changes)
    proof(case, town)
    flow.move(case, "file", town.lu)
    return again(case)


def finished(case: Case, town: Any, **changes: Any) -> Case:
    """The handler says what it was and what it should cost."""
    facts = {
        "conduct": CONDUCT, "clauses": clauses.on(case.received_on, case.area)[:1], "value": Decimal(800),
        "gains": Decimal(0), "degree": "normal", "degree_reasons": "初次违法，配合调查", "penalties": PENALTIES,
        "fine": Decimal(5000), "opinion": "建议罚款五千元，没收豆腐皮", **changes,
    }  # fmt: skip
    flow.move(case, "finish", town.chen, **facts)
    return again(case)


def noticed(case: Case, town: Any) -> Case:
    """Reviewed by a third person and announced to the party."""
    flow.move(case, "pass", town.song)
    proof(again(case), town, "told", "blue")
    case = again(case)
    flow.move(case, "notice", town.chen, noticed_on=today(), service="direct")
    return again(case)


def call(**changes: Any) -> dict[str, Any]:
    """What a call to a hearing says: in a fortnight, at nine, in the branch, before Song."""
    said = {"hearing_on": days(14), "hearing_at": time(9), "hearing_place": "金城分局二楼会议室", "presided_by": "宋岩"}
    return said | changes


def called(case: Case, town: Any) -> Case:
    """The party asked to be heard, was called and told in time; it is the day of the hearing today."""
    flow.move(case, "call_hearing", town.song, **call())
    flow.move(again(case), "tell_hearing", town.chen, hearing_told_on=today(), service="left")
    Case.objects.filter(pk=case.pk).update(hearing_on=today())
    return again(case)


def decided(case: Case, town: Any, **changes: Any) -> Case:
    """The party waives, the head decides."""
    flow.move(case, "waive", town.chen)
    facts = {"penalties": case.penalties, "fine": case.fine, "decision": "事实清楚，证据确凿。", **changes}
    flow.move(again(case), "decide", town.lu, **facts)
    return again(case)


def served(case: Case, town: Any) -> Case:
    """Handed over against a signature."""
    proof(case, town, "receipt", "white")
    facts = {"served_on": today(), "service": "direct", "received_by": "王秀兰"}
    flow.move(again(case), "serve", town.chen, **facts)
    return again(case)


def take(case: Case, town: Any, how: str = "seize", **changes: Any) -> Measure:
    """Twenty kilograms of tofu skin."""
    measure = Measure(case=case, area=case.area)
    goods = [{"name": "豆腐皮", "spec": "散装", "quantity": Decimal(20), "unit": "公斤"}]
    facts = {"how": how, "place": "分局仓库", "taken_on": today(), "custodian": "陈伟", "goods": goods, **changes}
    flow.move(measure, "take", town.chen, **facts)
    return Measure.objects.select_related("case").get(pk=measure.pk)


def again(case: Case) -> Case:
    """The case as the database has it."""
    return Case.objects.select_related("file__operator", "officer", "second").get(pk=case.pk)


def days(count: int) -> date:
    """So many days from today."""
    return today() + timedelta(days=count)


__all__ = ["MAY", "again", "at", "decided", "filed", "finished", "noticed", "register", "served", "take"]
