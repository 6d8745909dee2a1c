"""What the moves of an order do to its problems, and the conditions they wait for."""

from collections.abc import Iterable
from datetime import date, timedelta
from functools import partial
from typing import Any

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from sanxiao.archive.acts import begin_disposal
from sanxiao.archive.models import Establishment
from sanxiao.docket import clock, files, flow, terms
from sanxiao.docket.models import Attachment, Rule, the_calendar
from sanxiao.docket.refusal import Refused
from sanxiao.inspection.answering import new_link
from sanxiao.inspection.models import Order, Problem
from sanxiao.inspection.notice import issue_again, issue_notice
from sanxiao.inspection.rules import LADDER, ORDER, PROBLEM, RECHECK, RESULTS
from sanxiao.inspection.visit_acts import order_ended
from sanxiao.inspection.visit_models import Visit
from sanxiao.inspection.visit_rules import ORDERED
from sanxiao.inspection.visits import drop_rechecks, plan, recheck, rechecked
from sanxiao.office.models import User
from sanxiao.office.now import today
from sanxiao.papers.models import Paper, take_number, void_number

FOLLOW_DAYS = 90  # from closing to the follow-up visit, where the town's rules say nothing (order.follow_days)
LONGEST = 90  # days, where the town's rules say nothing (order.max_days)


def longest(area: str, on: date | None = None) -> int:
    """The most days that an order may give, by the town's rule of the day."""
    return int(Rule.objects.value("order.max_days", area, on, LONGEST))


def item_errors(item: dict[str, Any], area: str) -> dict[str, str]:
    """What is wrong with one problem of an order that is about to be issued, by field."""
    words = {"text": _("请写明问题"), "law": _("请写明依据"), "demand": _("请写明改正要求"), "until": _("请填改正期限")}
    wrong = {name: said for name, said in words.items() if not item.get(name)}
    if until := item.get("until"):
        last = today() + timedelta(days=longest(area))
        if not today() <= until <= last:
            wrong["until"] = _("改正期限须在今天到 %(day)s 之间") % {"day": last}
    return wrong


@ORDER.beginning
def begin_order(user: User, params: dict[str, str]) -> Order:
    """An order on a file of one's own ground."""
    places = Establishment.objects.seen_by(user).select_related("operator", "kind")
    if wanted := params.get("visit"):
        visit = get_object_or_404(Visit.objects.seen_by(user).select_related("form"), pk=wanted)
        file = get_object_or_404(places, pk=visit.file_id)
        return Order(file=file, area=file.area, visit=visit, found_on=visit.done_on or today())
    file = get_object_or_404(places, pk=params.get("file"))
    return Order(file=file, area=file.area)


@ORDER.predicate("file_current")
def file_current(order: Order, _facts: dict[str, Any]) -> bool:
    """Neither merged into another nor taken back."""
    return order.file.merged_into_id is None and order.file.state != "void"


@ORDER.predicate("file_trading")
def file_trading(order: Order, _facts: dict[str, Any]) -> bool:
    """There is somebody to correct it."""
    return order.file.state not in ("closed", "moved")


@ORDER.predicate("visit_told")
def visit_told(order: Order, _facts: dict[str, Any]) -> bool:
    """An order that comes of a visit comes after the telling."""
    return order.visit is None or order.visit.state in ("told", "following", "closed")


@ORDER.predicate("visit_asks")
def visit_asks(order: Order, _facts: dict[str, Any]) -> bool:
    """The visit found something to be put right in writing, and has not ended."""
    visit = order.visit
    return visit is None or (visit.action in ORDERED and visit.state != "closed")


@ORDER.predicate("visit_once")
def visit_once(order: Order, _facts: dict[str, Any]) -> bool:
    """One order of a visit."""
    return order.visit is None or not order.visit.orders.exclude(state="void").exists()


@ORDER.predicate("file_gone")
def file_gone(order: Order, facts: dict[str, Any]) -> bool:
    """Nobody is left to correct it."""
    return not file_trading(order, facts)


@ORDER.effect("issue")
def issued(order: Order, by: User | None, facts: dict[str, Any]) -> None:
    """下达: number, problems and the official paper; the disposal of the file has begun."""
    for item in facts["items"]:
        if wrong := item_errors(item, order.area):
            raise Refused("；".join(wrong.values()), {"items": "；".join(wrong.values())}, "invalid")
    _another(by, facts.get("second", ""), "second")
    order.officer, order.issued_on = by, today()
    order.number = take_number("order", order.area, order)
    problems = [_problem(order, no, item) for no, item in enumerate(facts["items"], 1)]
    for problem in problems:
        flow.move(problem, "name", by, within=True)
    _carry_photos(order, problems, facts["items"], by)
    new_link(order, by)
    issue_notice(order, problems, by)
    begin_disposal(order.file, by)


def _carry_photos(order: Order, problems: list[Problem], items: list[dict[str, Any]], by: User | None) -> None:
    """What the visit photographed is the picture of before: nothing is taken or typed twice."""
    wanted = {
        f"before:{item['item']}": problem for item, problem in zip(items, problems, strict=True) if "item" in item
    }
    if order.visit_id is None or not wanted:
        return
    held = Attachment.objects.filter(subject=order.visit_id, role__in=wanted, voided_at__isnull=True)
    for photo in held.select_related("blob"):
        files.keep(wanted[photo.role], photo.blob, photo.name, by, role="before", taken_at=photo.taken_at)


def _problem(order: Order, no: int, item: dict[str, Any]) -> Problem:
    return Problem(
        id=order.problem_pk(no), order=order, file=order.file, area=order.area, no=no, code=item.get("code", ""),
        text=item["text"], law=item["law"], demand=item["demand"], key=bool(item.get("key")),
        at_once=item["until"] == today(), first_on=item["until"], fix_on=item["until"],
    )  # fmt: skip


def _another(by: User | None, second: str, field: str) -> None:
    """Two officers act, and they are two."""
    if by is not None and second == by.name:
        raise Refused(_("须两名执法人员，请选另一位同事。"), {field: _("请选另一位")}, "invalid")


@ORDER.predicate("witnessed")
def witnessed(_order: Order, facts: dict[str, Any]) -> bool:
    """Who leaves a notice that was refused has a witness."""
    return facts.get("service") != "left" or bool(facts.get("witness"))


@ORDER.predicate("receipt_kept")
def receipt_kept(order: Order, facts: dict[str, Any]) -> bool:
    """A signed receipt is photographed; a refused one has its witness instead."""
    if facts.get("service") in (None, "left"):
        return True
    return Attachment.objects.filter(subject=order.pk, role="receipt", voided_at__isnull=True).exists()


@ORDER.predicate("after_issue")
def after_issue(order: Order, facts: dict[str, Any]) -> bool:
    """Nothing is served before it is written."""
    return facts.get("served_on") is None or facts["served_on"] >= order.issued_on


@ORDER.predicate("served_in_time")
def served_in_time(order: Order, facts: dict[str, Any]) -> bool:
    """A date that had passed on the day of service would have been no term."""
    day = facts.get("served_on") or today()
    return not order.problems.filter(at_once=False, fix_on__lt=day).exists()


@ORDER.predicate("after_service")
def after_service(order: Order, facts: dict[str, Any]) -> bool:
    """Nothing is re-checked before it was ordered."""
    return facts.get("reviewed_on") is None or facts["reviewed_on"] >= order.served_on


@ORDER.predicate("something_to_answer")
def something_to_answer(order: Order, _facts: dict[str, Any]) -> bool:
    """Some problem is not yet reported as corrected."""
    return order.problems.waiting().exists()


@ORDER.effect("serve")
def served(order: Order, by: User | None, _facts: dict[str, Any]) -> None:
    """The terms run from service."""
    for problem in _parts(order):
        flow.move(problem, "run", by, within=True, on=order.served_on)


@PROBLEM.effect("run")
def running(problem: Problem, _by: User | None, _facts: dict[str, Any]) -> None:
    """At once means: on the day of service."""
    if problem.at_once:
        problem.fix_on = problem.order.served_on or today()


@ORDER.effect("report", "report_for")
def reported(order: Order, by: User | None, facts: dict[str, Any]) -> None:
    """What was corrected is reported, problem by problem; the others keep their dates."""
    parts = {problem.no: problem for problem in _parts(order).waiting()}
    for answer in facts["answers"]:
        problem = _part(parts, answer)
        problem.answered_on = today()
        flow.move(problem, "answer", by, within=True, done=answer.get("done", ""))
    recheck(order, _recheck_due(order, today()))


@ORDER.effect("review")
def reviewed(order: Order, by: User | None, facts: dict[str, Any]) -> None:
    """Every problem that was reported or is past its date is judged; the order follows."""
    _another(by, facts["review_second"], "review_second")
    parts = {problem.no: problem for problem in _parts(order).to_judge()}
    if missing := set(parts) - {row["no"] for row in facts["results"]}:
        reason = _("还有问题没有判定：第 %(names)s 项") % {"names": "、".join(map(str, sorted(missing)))}
        raise Refused(reason, {"results": _("请逐项判定")}, "invalid")
    for row in facts["results"]:
        _judge(_part(parts, row), row, by, order.reviewed_on)
    if again := [parts[row["no"]] for row in facts["results"] if row["result"] == "again"]:
        facts["notice"] = issue_again(order, again, by).number
    _follow(order, by)


def _recheck_due(order: Order, since: date) -> date:
    """By when a re-check is to be made that becomes due on a day: the same term that the order's own clock counts."""
    length, unit, _law, _most = terms.length_of(order, RECHECK)
    return clock.due(since, int(length), unit, the_calendar()).on


def _judge(problem: Problem, row: dict[str, Any], by: User | None, on: date | None) -> None:
    result, why = row.get("result"), row.get("note", "")
    if result not in dict(RESULTS):
        raise Refused(_("请逐项判定。"), {"results": _("请选择")}, "invalid")
    if result != "pass" and not why:
        raise Refused(_("“%(problem)s”没有判合格，请写明情况。") % {"problem": problem.title}, code="invalid")
    problem.verdict = why
    if result == "again":
        if wrong := item_errors({"text": 1, "law": 1, "demand": 1, "until": row.get("until")}, problem.area):
            raise Refused(f"{problem.title}{_('：')}{wrong['until']}", {"results": wrong["until"]}, "invalid")
        flow.move(problem, "again", by, within=True, on=on, until=row["until"], reason=why)
    else:
        flow.move(problem, result, by, within=True, on=on)


def _follow(order: Order, by: User | None) -> None:
    """The order's state after a re-check: still running, failed or passed."""
    states = set(order.problems.values_list("state", flat=True))
    name = "resume" if "open" in states else "fail" if "failed" in states else "pass"
    names = [by.name if by else "", order.review_second]
    rechecked(order, order.reviewed_on or today(), names, passed=name == "pass")
    flow.move(order, name, by, within=True, on=order.reviewed_on)


@ORDER.effect("pass")
def passed(order: Order, by: User | None, _facts: dict[str, Any]) -> None:
    """The visit that found it is answered for; a day is set on which somebody looks whether it stays so."""
    order_ended(order)
    days = int(Rule.objects.value("order.follow_days", order.area, today(), FOLLOW_DAYS))
    order.follow_on = order.follow_on or today() + timedelta(days=days)
    place = order.file.standing
    if place.is_trading:
        cause = _("整改销号后的跟踪检查：%(number)s") % {"number": order.number}
        plan(place, "routine", by=by, on=order.follow_on, why=f"order:{order.pk}", cause=cause, override=cause)


def _climbed(step: str, order: Order, _by: User | None, _facts: dict[str, Any]) -> None:
    order.step = step


for _key, _name in LADDER:
    ORDER.effect(_key)(partial(_climbed, _key))


def _parts(order: Order) -> Any:
    return order.problems.select_related("file")  # their `order` is this very object


def _part(parts: dict[int, Problem], row: dict[str, Any]) -> Problem:
    problem = parts.get(row.get("no") or 0)
    if problem is None:
        raise Refused(_("没有第 %(no)s 项，或它不在这一步。") % {"no": row.get("no")}, code="invalid")
    return problem


@PROBLEM.predicate("own_proof")
def own_proof(problem: Problem, _facts: dict[str, Any]) -> bool:
    """The photo is its own, not that of another problem."""
    return problem.has_proof()


@PROBLEM.predicate("own_pair")
def own_pair(problem: Problem, _facts: dict[str, Any]) -> bool:
    """There is a picture of before to hold beside it; what nobody photographed in time has the reason in words."""
    return bool(problem.verdict) or problem.has_picture("before")


@PROBLEM.predicate("first_time")
def first_time(problem: Problem, _facts: dict[str, Any]) -> bool:
    """A new date is given once."""
    return not problem.again


@PROBLEM.effect("again")
def ordered_again(problem: Problem, _by: User | None, facts: dict[str, Any]) -> None:
    """The new date runs; the first one stays on the row."""
    problem.again, problem.fix_on, problem.at_once = True, facts["until"], False


@PROBLEM.predicate("within_longest")
def within_longest(problem: Problem, facts: dict[str, Any]) -> bool:
    """No extension beyond what an order may give at all."""
    until = facts.get("until")
    last = problem.rule_on + timedelta(days=longest(problem.area, problem.rule_on))
    return until is None or until <= last


@PROBLEM.effect("extend")
def extended(problem: Problem, by: User | None, facts: dict[str, Any]) -> None:
    """The order tells it; the first date stays on the row and on the term."""
    problem.extended, problem.fix_on = True, facts["until"]
    told = {"until": facts["until"], "reason": facts["reason"]}
    flow.move(problem.order, "extended", by, within=True, problem=problem.title, **told)


@PROBLEM.effect("picture")
def pictured(problem: Problem, _by: User | None, _facts: dict[str, Any]) -> None:
    """The act is the photo."""
    if not Attachment.objects.filter(subject=problem.pk, role="before", voided_at__isnull=True).exists():
        raise Refused(_("请先拍一张整改前的照片。"), code="invalid")


@PROBLEM.effect("lapse")
def lapsed(problem: Problem, _by: User | None, _facts: dict[str, Any]) -> None:
    """One problem is past its date: a re-check is due, counted from that date."""
    order = problem.order
    name = "lapse" if order.state == "served" else "lapse_more"
    flow.move(order, name, None, within=True, on=problem.fix_on, problem=problem.title)
    recheck(order, _recheck_due(order, problem.fix_on))


@ORDER.effect("void")
def voided(order: Order, by: User | None, facts: dict[str, Any]) -> None:
    """Its numbers are spent, also those of a second notice; nothing of the order is deleted."""
    for number in Paper.objects.filter(subject=order.pk).exclude(number="").values_list("number", flat=True):
        void_number(number, order.area, facts["reason"])
    _drop(_parts(order), by)
    drop_rechecks(order, _("整改通知已撤销"))


@ORDER.effect("close")
def closed(order: Order, by: User | None, _facts: dict[str, Any]) -> None:
    """With the place the problems end."""
    _drop(_parts(order), by)
    drop_rechecks(order, _("随关停终结"))
    order_ended(order)


def _drop(problems: Iterable[Problem], by: User | None) -> None:
    for problem in problems:
        if problem.is_open:
            flow.move(problem, "drop", by, within=True)
