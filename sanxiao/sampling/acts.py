"""What the moves of a plan and of a sample do, and the conditions they wait for."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from sanxiao.archive.models import Establishment
from sanxiao.docket import flow
from sanxiao.docket.clock import add_months
from sanxiao.docket.models import Attachment, Deadline, Rule
from sanxiao.docket.refusal import Refused
from sanxiao.inspection.models import Order
from sanxiao.office.duties import scope_of
from sanxiao.office.models import User, prefix_of
from sanxiao.office.now import today
from sanxiao.papers.models import take_number, void_number
from sanxiao.sampling import buyers, drawing, notices, say
from sanxiao.sampling.models import Hand, Part, Plan, Quota, Result, Sample, open_beside
from sanxiao.sampling.rules import BREACHES, LIMIT_KINDS, PLAN, SAMPLE, VERDICTS

PDF = "application/pdf"
ON_ITS_WAY = ""  # in the chain: with nobody of the office, and not yet with the laboratory
GRAVITY = ("illegal", "scope", "limit", "other")


# --- the plan ----------------------------------------------------------------------------------------------------


@PLAN.beginning
def begin_plan(user: User, _params: dict[str, str]) -> Plan:
    """A plan for the ground on which this person plans, for this year."""
    seat = scope_of(user).seat_for("sample.plan", None)
    area = seat.prefix.ljust(12, "0") if seat else ""
    said = Rule.objects.value("document.sampling", area, default={})
    title = _("%(year)d年食品三小监督抽检计划") % {"year": today().year}
    return Plan(area=area, year=today().year, title=title, organiser=said.get("issuer", ""))


@PLAN.effect("make", "revise")
def quotas_set(plan: Plan, _by: User | None, facts: dict[str, Any]) -> None:
    """The lines of the plan; one from which was drawn keeps its number."""
    wanted = [_clean(row, no) for no, row in enumerate(facts["lines"], 1)]
    held = {quota.no: quota for quota in plan.quotas.all()}
    for no, row in enumerate(wanted, 1):
        quota = held.pop(no, None) or Quota(plan=plan, no=no)
        if quota.pk and quota.samples.exists() and _differs(quota, row):
            raise Refused(_("第 %(no)d 行已经抽过，只能改批次。") % {"no": no}, {"lines": _("只能改批次")}, "guard")
        for name, value in row.items():
            setattr(quota, name, value)
        quota.save()
    for quota in held.values():
        if quota.samples.exists():
            raise Refused(_("第 %(no)d 行已经抽过，不能删去。") % {"no": quota.no}, {"lines": _("不能删去")}, "guard")
        quota.delete()
    facts["lines"] = [
        {k: v for k, v in row.items() if k != "kind_id"} | {"kind": row["kind_id"] or ""} for row in wanted
    ]


def _clean(row: Mapping[str, Any], no: int) -> dict[str, Any]:
    count = int(row.get("count") or 0)
    if not 1 <= count <= 999:
        raise Refused(_("第 %(no)d 行的批次须在 1 至 999 之间。") % {"no": no}, {"lines": _("1 至 999")}, "invalid")
    return {"kind_id": row.get("kind") or None, "food": row.get("food") or "", "village": row.get("village") or "",
            "count": count}  # fmt: skip


def _differs(quota: Quota, row: Mapping[str, Any]) -> bool:
    return any(getattr(quota, name) != row[name] for name in ("kind_id", "food", "village"))


@PLAN.predicate("quota_kept")
def quota_kept(plan: Plan, facts: dict[str, Any]) -> bool:
    """No line falls below what was drawn for it already."""
    for no, row in enumerate(facts.get("lines") or (), 1):
        quota = plan.quotas.filter(no=no).first()
        if quota and int(row.get("count") or 0) < quota.samples.counted().count():
            return False
    return True


@PLAN.predicate("has_quotas")
def has_quotas(plan: Plan, _facts: dict[str, Any]) -> bool:
    """There is something to draw."""
    return plan.quotas.exists()


@PLAN.predicate("something_left")
def something_left(plan: Plan, _facts: dict[str, Any]) -> bool:
    """Some quota is not used up."""
    return any(drawing.left(quota) for quota in plan.quotas.all())


# --- from the draw to the laboratory -----------------------------------------------------------------------------


@SAMPLE.beginning
def begin_sample(user: User, params: dict[str, str]) -> Sample:
    """A sample aimed at one place of one's own ground."""
    file = get_object_or_404(Establishment.objects.seen_by(user).select_related("kind"), pk=params.get("file"))
    return Sample(file=file, area=file.area, origin="target", food=drawing.foods_of(file)[0])


@SAMPLE.predicate("file_trading")
def file_trading(sample: Any, _facts: dict[str, Any]) -> bool:
    """There is somebody to take a sample from."""
    file = sample.file
    return file.merged_into_id is None and file.state not in ("closed", "moved", "void")


@SAMPLE.predicate("none_waiting")
def none_waiting(sample: Sample, _facts: dict[str, Any]) -> bool:
    """One waiting sample of a place is enough."""
    return not Sample.objects.of(sample.file).filter(state="drawn").exclude(pk=sample.pk).exists()


@SAMPLE.effect("target")
def targeted(sample: Sample, by: User | None, _facts: dict[str, Any]) -> None:
    """It counts for the open plan of the year, and has its two samplers drawn like any other."""
    plans = Plan.objects.filter(state="open", year=today().year, area__startswith=prefix_of(sample.area)[:9])
    sample.plan = plans.order_by("created_at").first()
    who = drawing.officers(sample.area)
    wanted = int(Rule.objects.value("sampling.samplers", sample.area, default=drawing.SAMPLERS))
    names = drawing.samplers_of(str(sample.pk), drawing.number_of(sample.file), [u.username for u in who], wanted)
    sample.samplers = [user.name for name in names for user in who if user.username == name]


@SAMPLE.effect("take")
def taken(sample: Sample, by: User | None, facts: dict[str, Any]) -> None:
    """抽样单: its number, the two halves under their seals, the first link of each chain."""
    told = facts["sheet"]
    answers = dict(told["answers"])
    sample.form, sample.answers = told.get("form"), answers
    sample.food_name, sample.food = answers["food_name"], answers["food"]
    sample.taken_on = date.fromisoformat(str(answers["taken_on"]))
    sample.paid = Decimal(str(answers["paid"]))
    sample.best_before = _best_before(answers)
    taker = by.name if by else ""
    if answers["second"].strip() == taker:
        raise Refused(_("抽样须两人以上，请填另一位同事。"), {"second": _("请填另一位")}, "invalid")
    sample.samplers = [taker, answers["second"].strip()]
    sample.number = _number(sample, answers.get("paper_number", "").strip())
    sample.save()
    for kind, quantity, seal, keeper in (
        ("test", answers["quantity"], answers["seal_test"], taker),
        ("spare", answers["spare_quantity"], answers["seal_spare"], answers["spare_kept_by"]),
    ):
        part = Part(sample=sample, kind=kind, quantity=Decimal(str(quantity)), unit=answers["unit"], seal=seal.strip())
        part.kept_by = keeper
        _sealed(part)
        Hand.objects.create(part=part, on=sample.taken_on, giver=sample.file.called, taker=keeper, by=by)
    facts["sheet"] = {"answers": {name: answers[name] for name in ("food_name", "quantity", "unit")}}
    facts["samplers"] = sample.samplers


def _best_before(answers: Mapping[str, Any]) -> date | None:
    made, days = answers.get("made_on"), answers.get("shelf_days")
    return date.fromisoformat(str(made)) + timedelta(days=int(days)) if made and days else None


def _number(sample: Sample, typed: str) -> str:
    """The number of a printed form, or the next of the series; one that is taken is refused with whose it is."""
    if not typed:
        return take_number("sample", sample.area, sample)
    held = Sample.objects.filter(number=typed).exclude(pk=sample.pk).select_related("file").first()
    if held is not None:
        reason = _("抽样单编号 %(number)s 已用于另一批样品（%(day)s），请核对纸质抽样单。") % {
            "number": typed, "day": held.taken_on,
        }  # fmt: skip
        raise Refused(reason, {"paper_number": reason}, "invalid")
    return typed


def _sealed(part: Part) -> None:
    """Keep a half; a seal that is on another one already is refused."""
    name = f"seal_{part.kind}"
    reason = _("封签号 %(seal)s 已用在另一份样品上。") % {"seal": part.seal}
    if Part.objects.filter(seal=part.seal).exists():
        raise Refused(reason, {name: reason}, "invalid")
    try:
        with transaction.atomic():
            part.save(force_insert=True)
    except IntegrityError as error:  # two officers with one roll of seals
        raise Refused(reason, {name: reason}, "invalid") from error


@SAMPLE.effect("hand_on")
def handed_on(sample: Sample, by: User | None, facts: dict[str, Any]) -> None:
    """One more link; a half whose seal is broken is of no use for a re-test."""
    told = facts["hand"]
    part = sample.parts.get(kind=told["part"])
    hand_over(
        part, told["giver"], told["taker"], by, whole=told["seal_whole"], on=told["on"], note=told.get("note", "")
    )
    facts["hand"] = {key: str(value) for key, value in told.items()}


def hand_over(
    part: Part, giver: str, taker: str, by: User | None, *, whole: bool = True, on: date | None = None, note: str = ""
) -> None:
    """Write a link of the chain and where the half is now."""
    Hand.objects.create(part=part, on=on or today(), giver=giver, taker=taker, seal_whole=whole, note=note, by=by)
    part.kept_by = taker
    if not whole:
        part.state = "unfit"
    part.save()


@SAMPLE.predicate("after_taking")
def after_taking(sample: Sample, facts: dict[str, Any]) -> bool:
    """Nothing is sent before it was taken."""
    return _not_before(facts.get("sent_on"), sample.taken_on)


def _not_before(day: date | None, earlier: date | None) -> bool:
    return day is None or earlier is None or day >= earlier


@SAMPLE.effect("send")
def sent(sample: Sample, by: User | None, _facts: dict[str, Any]) -> None:
    """The test half leaves the office."""
    if not any(row["code"] == sample.lab for row in say.labs(sample.area)):
        raise Refused(_("请从名录里选检验机构。"), {"lab": _("请选择")}, "invalid")
    part = sample.parts.get(kind="test")
    hand_over(part, by.name if by else "", ON_ITS_WAY, by, on=sample.sent_on)


@SAMPLE.predicate("seal_is_whole")
def seal_is_whole(_sample: Any, facts: dict[str, Any]) -> bool:
    """A broken seal proves nothing."""
    return facts.get("seal_whole", True) is True


@SAMPLE.predicate("after_sending")
def after_sending(sample: Sample, facts: dict[str, Any]) -> bool:
    """Nothing arrives before it was sent."""
    return _not_before(facts.get("accepted_on"), sample.sent_on)


@SAMPLE.effect("accept")
def accepted(sample: Sample, by: User | None, _facts: dict[str, Any]) -> None:
    """The laboratory has it."""
    hand_over(
        sample.parts.get(kind="test"), ON_ITS_WAY, say.lab_of_paper(sample.lab, sample.area), by, on=sample.accepted_on
    )


@SAMPLE.effect("reject", "void")
def made_void(sample: Sample, _by: User | None, facts: dict[str, Any]) -> None:
    """The number is spent; the quota is free again."""
    void_number(sample.number, sample.area, str(facts["reason"])[:200])


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
    return _not_before(facts.get("concluded_on"), sample.accepted_on)


@SAMPLE.predicate("after_conclusion")
def after_conclusion(sample: Sample, facts: dict[str, Any]) -> bool:
    """No report before the result."""
    return _not_before(facts.get("received_on"), sample.concluded_on)


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
    return _not_before(facts.get("served_on"), sample.received_on)


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
    return _not_before(facts.get("disposed_on"), sample.served_on)


def pause(sample: Sample, what: str, by: User | None) -> None:
    """A re-test or an objection is accepted: the disposal's term rests, where the town's rule says so."""
    listed = Rule.objects.value("sampling.pause_while", sample.area, sample.rule_on, [])
    if sample.state == "served" and what in listed:
        flow.move(sample, "hold", by, within=True)


def take_up(sample: Sample, by: User | None) -> None:
    """It is over: the disposal's term runs on, if nothing else is open."""
    if sample.state == "served" and not open_beside(sample).exists():
        flow.move(sample, "go_on", by, within=True)
