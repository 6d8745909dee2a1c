"""What the moves of a sample do from the laboratory's report to the disposal, and the conditions they wait for."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from sanxiao.docket import flow
from sanxiao.docket.clock import add_months
from sanxiao.docket.models import Attachment, Deadline, Rule
from sanxiao.docket.refusal import Refused
from sanxiao.inspection.models import Order
from sanxiao.office.models import User
from sanxiao.office.now import today
from sanxiao.papers.models import take_number
from sanxiao.sampling import buyers, notices, say
from sanxiao.sampling.acts import not_before
from sanxiao.sampling.beside_models import open_beside
from sanxiao.sampling.models import Result, Sample
from sanxiao.sampling.rules import BREACHES, LIMIT_KINDS, SAMPLE, VERDICTS

PDF = "application/pdf"
GRAVITY = ("illegal", "scope", "limit", "other")


# --- the result --------------------------------------------------------------------------------------------------


def result_errors(row: Mapping[str, Any], seen: set[str]) -> dict[str, str]:
    """What is wrong with one row of a report, by field; alike for desk and workbook. `seen`: items before."""
    wrong: dict[str, str] = {}
    item = str(row.get("item") or "").strip()
    if not item:
        wrong["item"] = _("请填检验项目")
    elif item in seen:
        wrong["item"] = _("“%(item)s”填了两次") % {"item": item}
    if not str(row.get("result") or "").strip():
        wrong["result"] = _("请填实测值")
    if row.get("limit_kind") not in dict(LIMIT_KINDS):
        wrong["limit_kind"] = _("请选限量类型")
    elif row["limit_kind"] != "absent" and not str(row.get("limit") or "").strip():
        wrong["limit"] = _("没有限量就不能判定；不得检出的项目，限量类型选“不得检出”")
    if row.get("verdict") not in dict(VERDICTS):
        wrong["verdict"] = _("请选单项结论")
    elif row["verdict"] == "fail" and row.get("breach") not in dict(BREACHES):
        wrong["breach"] = _("不合格的须写明类型：超范围、超限量、非法添加或其他")
    elif row["verdict"] == "pass" and row.get("breach"):
        wrong["breach"] = _("合格的项目没有不合格类型")
    return wrong


@SAMPLE.effect("conclude")
def concluded(sample: Sample, _by: User | None, facts: dict[str, Any]) -> None:
    """The rows of the report; the sample fails with its first failed item."""
    rows: list[dict[str, Any]] = list(facts["rows"])
    seen: set[str] = set()
    for no, row in enumerate(rows, 1):
        if wrong := result_errors(row, seen):
            words = "；".join(wrong.values())
            raise Refused(_("第 %(no)d 项：%(words)s") % {"no": no, "words": words}, {"rows": words}, "invalid")
        seen.add(str(row["item"]).strip())
    if not rows:
        raise Refused(_("请至少填一个检验项目。"), {"rows": _("请填写")}, "invalid")
    microbes = {item["item"] for food in say.foods(sample.area) for item in food["items"] if item["microbe"]}
    made = [_result(sample, no, row, microbes) for no, row in enumerate(rows, 1)]
    Result.objects.bulk_create(made)
    sample.verdict = "fail" if any(row.verdict == "fail" for row in made) else "pass"
    sample.illegal = any(row.breach == "illegal" for row in made)
    facts["rows"] = [{"item": r.item, "result": r.result, "unit": r.unit, "verdict": r.verdict} for r in made]
    _keep_spare(sample)


def _result(sample: Sample, no: int, row: Mapping[str, Any], microbes: set[str]) -> Result:
    said = {name: str(row.get(name) or "").strip() for name in ("item", "result", "unit", "limit", "basis", "method")}
    microbe = said["item"] in microbes or bool(row.get("microbe"))
    return Result(
        sample=sample, no=no, **said, limit_kind=row["limit_kind"], verdict=row["verdict"], microbe=microbe,
        breach=row.get("breach") or "",
    )  # fmt: skip


def _keep_spare(sample: Sample) -> None:
    """How long the spare half must be kept: by the result, and no longer than it lasts."""
    months = Rule.objects.value("sampling.spare_months", sample.area, sample.rule_on, {})
    if (spare := sample.parts.filter(kind="spare").first()) and sample.concluded_on and months:
        until = add_months(sample.concluded_on, int(months[sample.verdict]))
        spare.kept_until = min(until, sample.best_before) if sample.best_before else until
        spare.save(update_fields=["kept_until"])


@SAMPLE.predicate("all_pass")
def all_pass(sample: Sample, _facts: dict[str, Any]) -> bool:
    """The laboratory found nothing."""
    return sample.verdict == "pass"


@SAMPLE.predicate("some_fail")
def some_fail(sample: Sample, _facts: dict[str, Any]) -> bool:
    """The laboratory found something."""
    return sample.verdict == "fail"


@SAMPLE.predicate("after_accepting")
def after_accepting(sample: Sample, facts: dict[str, Any]) -> bool:
    """No result before the sample is there."""
    return not_before(facts.get("concluded_on"), sample.accepted_on)


@SAMPLE.predicate("after_conclusion")
def after_conclusion(sample: Sample, facts: dict[str, Any]) -> bool:
    """No report before the result."""
    return not_before(facts.get("received_on"), sample.concluded_on)


@SAMPLE.predicate("report_kept")
def report_kept(obj: Any, facts: dict[str, Any]) -> bool:
    """The laboratory's report is there, as a PDF; asked when the move is made."""
    if not {"received_on", "concluded_on"} & set(facts):
        return True
    kept = Attachment.objects.filter(subject=obj.pk, role="lab_report", voided_at__isnull=True)
    return kept.filter(blob__mime=PDF).exists()


@SAMPLE.effect("receive")
def received(sample: Sample, by: User | None, _facts: dict[str, Any]) -> None:
    """With the report the result is the office's: passed and done, or failed and running."""
    name = "fail" if sample.verdict == "fail" else "pass"
    flow.move(sample, name, by, within=True, on=sample.received_on)


@SAMPLE.effect("fail")
def failed(sample: Sample, by: User | None, facts: dict[str, Any]) -> None:
    """The notice of the result is ready to be served."""
    facts |= {"failed": [row.item for row in sample.failures], "breach": gravest(sample)}
    notices.result(sample, by)


def gravest(sample: Sample) -> str:
    """The gravest type among the failed items, by which the lot counts; '' where nothing failed."""
    found = {row.breach for row in sample.failures}
    return next((kind for kind in GRAVITY if kind in found), "")


@SAMPLE.effect("clear", "annul")
def undone(sample: Sample, _by: User | None, facts: dict[str, Any]) -> None:
    """Of which type the lot was, so that it is taken off there."""
    facts["breach"] = gravest(sample)


@SAMPLE.effect("dispose")
def disposed(sample: Sample, _by: User | None, facts: dict[str, Any]) -> None:
    """Whether it came in time, by the term as it then stood."""
    term = Deadline.objects.filter(subject=sample.pk, term="dispose", done_on__isnull=True).first()
    late = term is not None and sample.disposed_on is not None and sample.disposed_on > term.due_on
    facts["in_time"] = "no" if late else "yes"


@SAMPLE.effect("alarm")
def alarmed(sample: Sample, _by: User | None, _facts: dict[str, Any]) -> None:
    """From now on the public may be told at once."""
    sample.alarmed = True


# --- service and disposal ----------------------------------------------------------------------------------------


@SAMPLE.predicate("witnessed")
def witnessed(_sample: Sample, facts: dict[str, Any]) -> bool:
    """Who leaves a notice that was refused has a witness."""
    return facts.get("service") != "left" or bool(facts.get("witness"))


@SAMPLE.predicate("receipt_kept")
def receipt_kept(sample: Sample, facts: dict[str, Any]) -> bool:
    """A signed receipt is photographed; a refused one has its witness instead."""
    if facts.get("service") in (None, "left"):
        return True
    return Attachment.objects.filter(subject=sample.pk, role="receipt", voided_at__isnull=True).exists()


@SAMPLE.predicate("after_receiving")
def after_receiving(sample: Sample, facts: dict[str, Any]) -> bool:
    """Nothing is served before it is there."""
    return not_before(facts.get("served_on"), sample.received_on)


@SAMPLE.predicate("not_stopped")
def not_stopped(sample: Sample, _facts: dict[str, Any]) -> bool:
    """One order to stop is enough."""
    return sample.stopped_on is None


@SAMPLE.effect("stop")
def stopped(sample: Sample, by: User | None, _facts: dict[str, Any]) -> None:
    """责令停止销售: a paper with a number of its own."""
    sample.stopped_on = today()
    sample.stop_number = take_number("stop_sale", sample.area, sample)
    notices.stop_sale(sample, by)


@SAMPLE.predicate("somebody_buys")
def somebody_buys(sample: Sample, _facts: dict[str, Any]) -> bool:
    """There is a buyer to be told."""
    return bool(buyers.untold(sample))


@SAMPLE.effect("warn")
def warned(sample: Sample, by: User | None, facts: dict[str, Any]) -> None:
    """Each chosen buyer is warned; his answer is kept where buyers are."""
    facts["buyers"] = buyers.warn(sample, facts["buyers"], by)


@SAMPLE.predicate("buyers_warned")
def buyers_warned(sample: Sample, _facts: dict[str, Any]) -> bool:
    """Nobody who bought it is left untold."""
    return not buyers.untold(sample)


@SAMPLE.predicate("has_order")
def has_order(sample: Sample, _facts: dict[str, Any]) -> bool:
    """There is an order on the place that could be meant."""
    return Order.objects.of(sample.file).exclude(state="void").exists()


@SAMPLE.effect("link")
def linked(sample: Sample, _by: User | None, facts: dict[str, Any]) -> None:
    """Only an order on this very place."""
    if sample.order is None or sample.order.file_id not in sample.file.pks:
        raise Refused(_("请选这一户的整改通知。"), {"order": _("请选择")}, "invalid")
    facts["order"] = sample.order.number


@SAMPLE.predicate("order_linked")
def order_linked(sample: Sample, _facts: dict[str, Any]) -> bool:
    """What was found is put right by an order; illegal addition goes to a case; who is gone needs none."""
    return sample.order_id is not None or sample.illegal or sample.file.state in ("closed", "moved")


@SAMPLE.predicate("was_stopped")
def was_stopped(sample: Sample, _facts: dict[str, Any]) -> bool:
    """The sale was ordered to stop."""
    return sample.stopped_on is not None


@SAMPLE.predicate("nothing_pending")
def nothing_pending(sample: Sample, _facts: dict[str, Any]) -> bool:
    """No re-test and no objection is open."""
    return not open_beside(sample).exists()


@SAMPLE.predicate("after_service")
def after_service(sample: Sample, facts: dict[str, Any]) -> bool:
    """Nothing is done with before it was told."""
    return not_before(facts.get("disposed_on"), sample.served_on)


def pause(sample: Sample, what: str, by: User | None) -> None:
    """A re-test or an objection is accepted: the disposal's term rests, where the town's rule says so."""
    listed = Rule.objects.value("sampling.pause_while", sample.area, sample.rule_on, [])
    if sample.state == "served" and what in listed:
        flow.move(sample, "hold", by, within=True)


def take_up(sample: Sample, by: User | None) -> None:
    """It is over: the disposal's term runs on, if nothing else is open."""
    if sample.state == "served" and not open_beside(sample).exists():
        flow.move(sample, "go_on", by, within=True)
