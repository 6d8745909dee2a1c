"""The steps of a sample's story, so that a test can begin where it is about something."""

import io
from datetime import date
from typing import Any

from PIL import Image

from sanxiao.docket import files, flow
from sanxiao.office.now import at, today
from sanxiao.sampling import sheet
from sanxiao.sampling.beside_models import Objection, Publication, Retest
from sanxiao.sampling.models import Sample
from sanxiao.sampling.plan_models import Plan

JUNE = date(2018, 6, 5)
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
SEED = "2018156-0712233133-09"


def picture(colour: str = "green") -> bytes:
    """A small JPEG."""
    out = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(out, "JPEG")
    return out.getvalue()


def plan(by: Any, *quotas: dict[str, Any], published: bool = True) -> Plan:
    """This year's plan; one line of three workshops where nothing else is said."""
    made = Plan(area="320413100000", year=today().year, title=f"{today().year}年计划", organiser="金坛区市场监督管理局")
    flow.move(made, "make", by, year=made.year, title=made.title, organiser=made.organiser, note="",
              lines=list(quotas) or [{"kind": "workshop", "food": "", "village": "", "count": 3}])  # fmt: skip
    if published:
        flow.move(made, "publish", by, published_on=today())
    return made


def target(file: Any, by: Any, **more: Any) -> Sample:
    """A sample aimed at a place."""
    made = Sample(file=file, area=file.area, origin="target", food="soy")
    flow.move(made, "target", by, **{"why": "群众反映豆腐有异味", "food": "soy", **more})
    return again(made)


def answers(**more: Any) -> dict[str, Any]:
    """The sampling form of some tofu."""
    return {
        "task_source": "clue", "report_class": "supervision", "purpose": "routine", "stage": "making",
        "place_type": "finished", "area_type": "rural", "own_make": "yes", "food_name": "豆腐", "food": "soy",
        "sample_type": "food", "source": "made", "attribute": "ordinary", "pack_class": "none", "spec": "散装",
        "date_kind": "produced", "date_basis": "told", "made_on": str(today()), "shelf_days": 2, "unit_price": 6.0,
        "imported": "no", "taken_on": str(today()), "method": "plain", "shape": "half", "packing": "食品级样品袋",
        "storage": "cold", "unit": "千克", "base": 30.0, "quantity": 1.5, "spare_quantity": 1.5,
        "seal_test": "F0001", "seal_spare": "F0002", "spare_kept_by": "分局样品室", "paid": 18.0, "second": "吴昊",
        "signature_refused": "no", **more,
    }  # fmt: skip


def take(sample: Sample, by: Any, **more: Any) -> Sample:
    """抽样单 filled in."""
    flow.move(sample, "take", by, sheet={"form": sheet.form(), "answers": answers(**more)})
    return again(sample)


def send(sample: Sample, by: Any, lab: str = "cz") -> Sample:
    """On its way, and arrived the same day."""
    flow.move(sample, "send", by, on=today(), lab=lab, sent_on=today())
    return again(sample)


def accept(sample: Sample, by: Any) -> Sample:
    """The laboratory has it."""
    flow.move(sample, "accept", by, on=today(), accepted_on=today(), seal_whole=True)
    return again(sample)


GOOD = {
    "item": "铝的残留量（干样品，以Al计）",
    "result": "12",
    "unit": "mg/kg",
    "limit_kind": "max",
    "limit": "100",
    "verdict": "pass",
}
BAD = {
    "item": "苯甲酸及其钠盐（以苯甲酸计）",
    "result": "1.4",
    "unit": "g/kg",
    "limit_kind": "max",
    "limit": "1.0",
    "basis": "GB 2760",
    "method": "GB 5009.28",
    "verdict": "fail",
    "breach": "limit",
}
MICROBE = {
    "item": "大肠菌群",
    "result": "超标",
    "unit": "CFU/g",
    "limit_kind": "text",
    "limit": "n=5,c=2",
    "verdict": "fail",
    "breach": "other",
}
ILLEGAL = {
    "item": "碱性嫩黄O",
    "result": "0.3",
    "unit": "mg/kg",
    "limit_kind": "absent",
    "limit": "",
    "verdict": "fail",
    "breach": "illegal",
}


def conclude(sample: Sample, by: Any, *rows: dict[str, Any], report_no: str = "J2018-001") -> Sample:
    """The rows of the report."""
    facts = {"concluded_on": today(), "report_no": report_no, "rows": list(rows) or [GOOD, BAD]}
    flow.move(sample, "conclude", by, on=today(), **facts)
    return again(sample)


def receive(sample: Sample, by: Any) -> Sample:
    """The report came as a PDF."""
    files.keep(sample, PDF + sample.number.encode(), "报告.pdf", by, role="lab_report")
    flow.move(sample, "receive", by, on=today(), received_on=today())
    return again(sample)


def failed(file: Any, by: Any, *rows: dict[str, Any], **more: Any) -> Sample:
    """From the target to the failed report, all on one day."""
    sample = take(target(file, by), by, **more)
    return receive(conclude(accept(send(sample, by), by), by, *rows), by)


def serve(sample: Sample, by: Any, **more: Any) -> Sample:
    """The operator was told and has signed."""
    files.keep(sample, picture(), "回证.jpg", by, role="receipt")
    facts = {"served_on": today(), "service": "direct", "received_by": "王秀兰", "witness": "", **more}
    flow.move(sample, "serve", by, on=facts["served_on"], **facts)
    return again(sample)


def stop(sample: Sample, by: Any) -> Sample:
    """责令停止销售."""
    flow.move(sample, "stop", by, stop_scope="豆腐（2018-06-05）")
    return again(sample)


def ask(sample: Sample, by: Any, items: list[str] | None = None, **more: Any) -> Retest:
    """A re-test is asked for."""
    made = Retest(sample=sample, file=sample.file, area=sample.area)
    facts = {
        "asked_on": today(),
        "applicant": "王秀兰",
        "items": items or [r.item for r in sample.failures],
        "plea": "",
        **more,
    }
    flow.move(made, "ask", by, on=facts["asked_on"], **facts)
    return retest(made)


def retest(row: Retest) -> Retest:
    """The re-test as the database has it."""
    return Retest.objects.select_related("sample__file__operator", "file").get(pk=row.pk)


def through(row: Retest, by: Any, verdict: str) -> Retest:
    """From the accepted application to the told result."""
    flow.move(row, "accept", by, note="")
    flow.move(retest(row), "choose", by, seed="2018-0611")
    flow.move(retest(row), "hand_over", by, handed_on=today(), seal_whole=True)
    row = retest(row)
    files.keep(row, PDF + b"retest", "复检报告.pdf", by, role="lab_report")
    flow.move(row, "conclude", by, concluded_on=today(), verdict=verdict, finding="苯甲酸 0.9 g/kg")
    flow.move(retest(row), "tell", by, told_on=today(), received_by="王秀兰")
    return retest(row)


def objection(sample: Sample, by: Any, kind: str = "method", **more: Any) -> Objection:
    """An objection is entered."""
    made = Objection(sample=sample, file=sample.file, area=sample.area)
    flow.move(
        made, "raise", by, **{"kind": kind, "raised_on": today(), "applicant": "王秀兰", "plea": "方法不对", **more}
    )
    return Objection.objects.select_related("sample__file__operator", "file").get(pk=made.pk)


def publish(sample: Sample, by: Any) -> Publication:
    """What the public may read."""
    made = Publication(sample=sample, file=sample.file, area=sample.area)
    flow.move(made, "publish", by, summary="已责令停止销售")
    return made


def again(sample: Sample) -> Sample:
    """The sample as the database has it."""
    return Sample.objects.select_related("file__operator", "file__kind", "plan", "order").get(pk=sample.pk)


__all__ = ["BAD", "GOOD", "ILLEGAL", "JUNE", "MICROBE", "PDF", "SEED", "accept", "again", "answers", "ask", "at"]
