"""What follows a failed lot: service, stop of sale, re-test, objection, disposal with an order, publication."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from sanxiao.docket import files
from sanxiao.docket.models import Blob
from sanxiao.inspection.models import Order
from sanxiao.inspection.rules import ORDER
from sanxiao.office.now import today
from sanxiao.sampling import acts, buyers, result_acts
from sanxiao.sampling.beside import last_day
from sanxiao.sampling.beside_models import Publication
from sanxiao.sampling.beside_rules import OBJECTION, PUBLICATION, RETEST
from sanxiao.sampling.models import Sample
from sanxiao.sampling.rules import RETEST_ASK
from sanxiao.web.practice.tell import Plot
from sanxiao.web.practice.town import Town, act, attach, fresh


def failed(town: Town, sample: Sample, officer: Any, outcome: str, halt: str, report: Blob) -> Plot:
    """Service, stop of sale, perhaps a re-test or an objection, the disposal, the publication."""
    yield 1
    attach(fresh(sample), town.album.paper("送达回证"), "送达回证.jpg", officer, "receipt")
    facts = {"served_on": today(), "service": "direct", "received_by": sample.file.operator.name, "witness": ""}
    sample = act(sample, "serve", officer, on=today(), **facts)
    sample = act(sample, "stop", officer, stop_scope=f"{sample.food_name}（{sample.taken_on}）")
    if halt in ("served", "illegal"):
        return
    yield 2
    if outcome in ("upheld", "cleared", "refused") or halt in ("asked", "chosen", "moved"):
        yield from _retested(sample, officer, outcome, halt, report)
        if halt or fresh(sample).state != "served":
            return
    if outcome == "objected" or halt == "objection":
        yield from _objected(sample, officer, halt)
        if halt:
            return
    yield from _disposed(town, sample, officer)


def _retested(sample: Sample, officer: Any, outcome: str, halt: str, report: Blob) -> Plot:
    late = outcome == "refused"
    if late:
        yield 12
    row = RETEST.begun(officer, {"sample": str(sample.pk)})
    items = [r.item for r in sample.failures]
    row = act(
        row, "ask", officer, on=today(), asked_on=today(), applicant=row.applicant, items=items, plea="对检验结果不服"
    )
    if halt == "asked":
        return
    yield 2
    if late or not all(holds(row, {}) for holds in _accepting()):
        act(row, "refuse", officer, ground="late" if late else "microbe", reason="不符合复检条件")
        return
    act(row, "accept", officer, note="")
    yield 1
    act(row, "choose", officer, seed=f"{today():%Y%m%d}")
    if halt == "chosen":
        return
    yield 1
    act(row, "hand_over", officer, on=today(), handed_on=today(), seal_whole=True)
    if halt == "moved":
        return
    yield 8
    files.keep(fresh(row), report, "复检报告.pdf", officer, role="lab_report")
    verdict = "pass" if outcome == "cleared" else "fail"
    act(
        row,
        "conclude",
        officer,
        on=today(),
        concluded_on=today(),
        verdict=verdict,
        finding=f"{items[0]}：{'合格' if verdict == 'pass' else '不合格'}",
    )
    yield 2
    act(row, "tell", officer, on=today(), told_on=today(), received_by=row.applicant)


def _accepting() -> Iterator[Any]:
    return (RETEST.predicates[guard.name] for guard in RETEST.row("accept").guards)


def _objected(sample: Sample, officer: Any, halt: str) -> Plot:
    row = OBJECTION.begun(officer, {"sample": str(sample.pk)})
    said = {"kind": "method", "raised_on": today(), "applicant": row.applicant, "plea": "认为检验方法不适用"}
    row = act(row, "raise", officer, on=today(), **said)
    yield 2
    act(row, "accept", officer, note="")
    if halt:
        return
    yield 15
    act(row, "reject", officer, reason="检验方法符合产品标准规定")


def _disposed(town: Town, sample: Sample, officer: Any) -> Plot:
    """Buyers told, an order linked where there is one, the cause found; after the terms the result is published."""
    yield town.rng.randint(12, 40)
    _warned(sample, officer)
    order = Order.objects.of(fresh(sample).file).exclude(state="void").first()
    if order is None and acts.file_trading(fresh(sample), {}):
        order = yield from _ordered(town, sample, officer)
    if order is not None:
        sample = act(sample, "link", officer, order=fresh(order))
    if result_acts.order_linked(fresh(sample), {}):
        _warned(sample, officer)  # somebody may have bought it since
        said = {
            "cause": "配料称量不准，记录不全",
            "measures": "停用、培训，复抽合格后恢复",
            "quantities": "封存12千克，召回3千克",
        }
        act(sample, "dispose", officer, on=today(), disposed_on=today(), **said)
    sample = fresh(sample)
    last = last_day(sample, RETEST_ASK, sample.served_on)
    if last is not None and today() > last:
        row = published(sample, town, "已责令停止销售，核查处置完成。")
        yield 3
        if row and town.chance(0.3):
            act(row, "reply", officer, reply="已更换计量器具，专人称量。")
        if row and town.chance(0.25):
            act(row, "take_down", officer, reason="公示期满")


def _warned(sample: Sample, officer: Any) -> None:
    if result_acts.somebody_buys(fresh(sample), {}) and (untold := buyers.untold(fresh(sample))):
        act(sample, "warn", officer, buyers=[str(buyer.buyer.pk) for buyer in untold])


def _ordered(town: Town, sample: Sample, officer: Any) -> Plot:
    """An order to correct on what the laboratory found, put right within its ten days."""
    order = ORDER.begun(officer, {"file": str(sample.file_id)})
    item = {
        "text": f"{sample.food_name}经抽检不合格",
        "law": "《中华人民共和国食品安全法》第三十四条",
        "demand": "停用不合格原料，重新核定配方",
        "until": today() + timedelta(days=10),
    }
    facts = {"found_on": today(), "second": town.colleague(officer).name, "found": "", "items": [item]}
    order = act(order, "issue", officer, **facts)
    attach(fresh(order), town.album.paper("送达回证"), "送达回证.jpg", officer, "receipt")
    said = {
        "served_on": today(),
        "service": "direct",
        "received_by": sample.file.operator.name,
        "witness": "",
        "note": "",
    }
    act(order, "serve", officer, on=today(), **said)
    yield 5
    problem = order.problems.get()
    attach(problem, town.album.problem(problem.text, after=True), "整改后.jpg", officer, "after")
    act(order, "report_for", officer, answers=[{"no": 1, "done": "已重新核定配方，专人称量"}])
    yield 2
    results = [{"no": 1, "result": "pass", "note": "问题由检验报告认定，没有现场照片"}]
    act(
        order,
        "review",
        officer,
        on=today(),
        reviewed_on=today(),
        review_second=town.colleague(officer).name,
        results=results,
    )
    return order


def published(sample: Sample, town: Town, summary: str) -> Publication | None:
    """The result is made public where the gate lets it through."""
    row = PUBLICATION.begun(town.people.wu, {"sample": str(sample.pk)})
    if all(PUBLICATION.predicates[guard.name](row, {}) for guard in PUBLICATION.row("publish").guards):
        return act(row, "publish", town.people.wu, summary=summary)
    return None
