"""The steps of an order's story, so that a test can begin where it is about something."""

import io
from datetime import date, timedelta

from PIL import Image

from sanxiao.docket import files, flow
from sanxiao.inspection.models import Order, Problem
from sanxiao.office.now import at, today

FLIES, PAPERS = "防尘、防蝇、防鼠设施缺失或失效", "从业人员无有效健康证"
JUNE = date(2018, 6, 5)
NO_PICTURE = "下达时没有拍照"


def picture(colour: str = "green") -> bytes:
    """A small JPEG."""
    out = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(out, "JPEG")
    return out.getvalue()


def item(text: str = FLIES, days: int = 7, **changes) -> dict:
    """One problem as the form gives it."""
    law = "《中华人民共和国食品安全法》第三十三条"
    said = {"code": "pest_protection", "text": text, "law": law, "demand": "装好纱窗"}
    return {**said, "until": today() + timedelta(days=days), **changes}


def issue(file, by, *items, shot=False, **changes) -> Order:
    """An order of two problems: flies within 7 days, papers within 15; `shot`: photographed as it was."""
    order = Order(file=file, area=file.area)
    rows = list(items) or [item(), item(PAPERS, 15, code="health_certificate", key=True)]
    flow.move(order, "issue", by, **{"found_on": today(), "second": "吴昊", "items": rows, **changes})
    for problem in order.problems.all() if shot else ():
        files.keep(problem, picture("brown"), "整改前.jpg", by, role="before")
    return again(order)


def serve(order, by, **changes) -> Order:
    """Handed over on the day, with the receipt photographed."""
    files.keep(order, picture(), "回证.jpg", by, role="receipt")
    facts = {"served_on": today(), "service": "direct", "received_by": "王秀兰", **changes}
    flow.move(order, "serve", by, on=facts["served_on"], **facts)
    return again(order)


def prove(order, no: int, by) -> Problem:
    """The photo of one problem after its correction."""
    problem = order.problems.get(no=no)
    files.keep(problem, picture("white"), f"{no}.jpg", by, role="after")
    return problem


def answer(order, by, *numbers: int) -> Order:
    """Report some problems as corrected, each with its photo."""
    for no in numbers:
        prove(order, no, by)
    flow.move(order, "report", by, answers=[{"no": no, "done": "已改好"} for no in numbers])
    return again(order)


def review(order, by, results: dict[int, str], **changes) -> Order:
    """Judge; what is not passed is said to be 'still dirty', a new date is in a week."""
    rows = []
    for no, result in results.items():
        note = {"note": "仍有苍蝇"} if result != "pass" else {}
        if result == "pass" and not order.problems.get(no=no).has_picture("before"):
            note = {"note": NO_PICTURE}
        until = {"until": today() + timedelta(7)} if result == "again" else {}
        rows.append({"no": no, "result": result, **note, **until})
    facts = {"reviewed_on": today(), "review_second": "吴昊", "results": rows, **changes}
    flow.move(order, "review", by, on=facts["reviewed_on"], **facts)
    return again(order)


def again(order: Order) -> Order:
    """The order as the database has it."""
    return Order.objects.select_related("file__operator").get(pk=order.pk)


def states(order: Order) -> list[str]:
    """States of its problems, in order."""
    return list(order.problems.values_list("state", flat=True))


__all__ = ["FLIES", "JUNE", "PAPERS", "again", "answer", "at", "files", "issue", "item", "picture", "prove", "review"]
__all__ += ["serve", "states"]
