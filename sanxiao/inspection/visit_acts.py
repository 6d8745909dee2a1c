"""What the moves of a visit do, and the conditions they wait for."""

from datetime import date, timedelta
from typing import Any

from django.db.models import Q
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from sanxiao.archive.acts import upgrade_seen
from sanxiao.archive.models import Establishment
from sanxiao.docket import flow
from sanxiao.docket.clock import add_months
from sanxiao.docket.models import Attachment, Rule
from sanxiao.docket.refusal import Refused
from sanxiao.inspection import checklist, due
from sanxiao.inspection.models import Order
from sanxiao.inspection.visit_models import Visit
from sanxiao.inspection.visit_rules import AT_CLOSED, BY_HAND, DECISIONS, GOING, OUTCOMES, VISIT
from sanxiao.inspection.visit_sheet import issue_sheet
from sanxiao.inspection.visits import fewest
from sanxiao.office.models import User
from sanxiao.office.now import today
from sanxiao.papers.models import take_number, void_number

QUIET_MONTHS, CAP, AHEAD = 3, 4, 14  # where the town's rules say nothing (visit.quiet, .cap, .ahead_days)
Facts = dict[str, Any]


def said(visit: Visit, facts: Facts, name: str) -> Any:
    """A fact as it will be: what was just typed, or what stands on the visit."""
    return facts.get(name, getattr(visit, name))


@VISIT.beginning
def begin_visit(user: User, params: dict[str, str]) -> Visit:
    """A visit to a place of one's own ground; the kind may be said in the address."""
    files = Establishment.objects.seen_by(user).select_related("operator", "kind")
    file = get_object_or_404(files, pk=params.get("file"))
    kind = params.get("kind", "")
    return Visit(file=file, area=file.area, **({"kind": kind} if kind in dict(BY_HAND) else {}))


# --- conditions --------------------------------------------------------------------------------------------------


@VISIT.predicate("file_current")
def file_current(visit: Visit, _facts: Facts) -> bool:
    """Neither merged into another nor taken back."""
    return visit.file.merged_into_id is None and visit.file.state != "void"


@VISIT.predicate("may_go_there")
def may_go_there(visit: Visit, facts: Facts) -> bool:
    """A closed place is visited only to see whether it is closed."""
    return visit.file.state not in ("closed", "moved") or not facts or said(visit, facts, "kind") in AT_CLOSED


@VISIT.predicate("in_order_of_days")
def in_order_of_days(visit: Visit, facts: Facts) -> bool:
    """The last day is not before the first."""
    first, last = said(visit, facts, "planned_from"), said(visit, facts, "planned_to")
    return first is None or last is None or first <= last


@VISIT.predicate("none_like_it")
def none_like_it(visit: Visit, facts: Facts) -> bool:
    """One visit of a kind and reason at a time."""
    if not facts:
        return True
    like = Visit.objects.filter(file=visit.file, kind=said(visit, facts, "kind"), why=visit.why)
    return not like.filter(state__in=GOING).exists()


@VISIT.predicate("enough_inspectors")
def enough_inspectors(visit: Visit, facts: Facts) -> bool:
    """Two or more, by the rule of the day."""
    if not facts:
        return True
    return len({row["user"] or row["name"] for row in said(visit, facts, "team")}) >= fewest(visit.area, visit.rule_on)


@VISIT.predicate("outside_quiet")
def outside_quiet(visit: Visit, facts: Facts) -> bool:
    """A higher office has not just checked the same; or it is said why once more."""
    day = _day_of(facts)
    if day is None or facts.get("override"):
        return True
    rule = Rule.objects.value("visit.quiet", visit.area, day, {})
    if said(visit, facts, "kind") in rule.get("exempt", ("recheck", "complaint")):
        return True
    since = add_months(day, -int(rule.get("months", QUIET_MONTHS)))
    higher = Visit.objects.filter(file__in=visit.file.pks, done_on__gt=since, done_on__lte=day).exclude(higher="")
    return not any(_same_items(visit.scope, row) for row in higher.values_list("scope", flat=True))


def _same_items(mine: list[str], theirs: list[str]) -> bool:
    return not mine or not theirs or bool(set(mine) & set(theirs))


@VISIT.predicate("below_cap")
def below_cap(visit: Visit, facts: Facts) -> bool:
    """Not more visits a year than the town allows; or it is said why once more."""
    day = _day_of(facts)
    rule = Rule.objects.value("visit.cap", visit.area, day, {}) if day else {}
    counted = rule.get("kinds", ("routine", "special", "joint"))
    if day is None or facts.get("override") or said(visit, facts, "kind") not in counted:
        return True
    return visits_in_year(visit.file, day.year, counted) < int(rule.get("most", CAP))


def visits_in_year(file: Establishment, year: int, kinds: Any) -> int:
    """Visits of these kinds made or planned in a year; those cancelled do not count."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    rows = Visit.objects.filter(file__in=file.pks, kind__in=kinds, higher="").exclude(state="void")
    made = Q(begun_on__range=(first, last))
    return rows.filter(made | Q(begun_on__isnull=True, planned_from__range=(first, last))).count()


def _day_of(facts: Facts) -> date | None:
    return facts.get("begun_on") or facts.get("planned_from")


@VISIT.predicate("checklist_there")
def checklist_there(visit: Visit, _facts: Facts) -> bool:
    """There is something to go by."""
    return visit.form_id is not None


@VISIT.predicate("sheet_signed")
def sheet_signed(visit: Visit, facts: Facts) -> bool:
    """Who signed has his signature in the picture."""
    if facts.get("told_how") != "signed":
        return True
    return Attachment.objects.filter(subject=visit.pk, role="signature", voided_at__isnull=True).exists()


@VISIT.predicate("refusal_proved")
def refusal_proved(visit: Visit, facts: Facts) -> bool:
    """A refusal has its reason, and somebody or something that saw it."""
    if facts.get("told_how") != "refused":
        return True
    return bool(facts.get("refusal")) and bool(facts.get("witness") or facts.get("recording"))


@VISIT.predicate("after_visit")
def after_visit(visit: Visit, facts: Facts) -> bool:
    """Nothing is told before it was found."""
    told = facts.get("told_on")
    return told is None or visit.done_on is None or told >= visit.done_on


@VISIT.predicate("ordered_first")
def ordered_first(visit: Visit, _facts: Facts) -> bool:
    """What failed has been ordered to be put right, once at least; unless nobody is left to do it."""
    return not visit.file.standing.is_trading or visit.orders.exclude(state="void").exists()


@VISIT.predicate("no_open_order")
def no_open_order(visit: Visit, _facts: Facts) -> bool:
    """Nothing that it ordered still runs."""
    return not any(order.is_open for order in visit.orders.all())


# --- what the moves do -------------------------------------------------------------------------------------------


@VISIT.effect("plan", "assign")
def planned(visit: Visit, _by: User | None, _facts: Facts) -> None:
    """Who leads is the first of the team. What is far off stands on no desk until its date comes near."""
    _lead(visit)
    far = visit.planned_from is not None and visit.planned_from > soon(visit.area)
    if far != (visit.state == "later"):
        flow.move(visit, "shelve" if far else "come", None, within=True)


def soon(area: str) -> date:
    """Up to which day planned visits stand on the desks."""
    return today() + timedelta(days=int(Rule.objects.value("visit.ahead_days", area, today(), AHEAD)))


def bring_near() -> int:
    """By night: visits whose date has come near; returns how many."""
    done = 0
    for visit in Visit.objects.filter(state="later").defer("answers"):
        if visit.planned_from is not None and visit.planned_from <= soon(visit.area):
            flow.move(visit, "come", None)
            done += 1
    return done


def drop_gone() -> int:
    """By night: no visit waits at a place that has closed or moved away, unless it is to see just that; how many."""
    done = 0
    waiting = Visit.objects.filter(state__in=("planned", "later"), file__state__in=("closed", "moved"))
    for visit in waiting.exclude(kind__in=AT_CLOSED).select_related("file").defer("answers"):
        flow.move(visit, "drop", None, reason=_("这一户已登记关停或迁出"))
        done += 1
    return done


def _lead(visit: Visit) -> None:
    visit.officer_id = visit.team[0]["user"] if visit.team else None


@VISIT.effect("begin", "start", "early")
def begun(visit: Visit, _by: User | None, _facts: Facts) -> None:
    """The checklist in use on the day stays that of the visit."""
    if visit.begun_on and visit.begun_on > today():
        raise Refused(_("检查日期不能晚于今天。"), {"begun_on": _("不能晚于今天")}, "invalid")
    _lead(visit)
    if visit.form_id is None:
        visit.form = checklist.in_use(visit.file.kind_id)


@VISIT.effect("save")
def saved(visit: Visit, _by: User | None, facts: Facts) -> None:
    """A draft: the answers stay on the visit, the log says how many there are."""
    facts["answers"] = {code: {"a": row.get("a", "")} for code, row in visit.answers.items()}


@VISIT.effect("judge")
def judged(visit: Visit, by: User | None, facts: Facts) -> None:
    """Score, result and what follows, by the checklist's own edition; the sheet gets its number."""
    assert visit.form is not None
    items = checklist.items_of(visit.form)
    wrong = checklist.faults(items, visit.answers, whole=visit.kind != "flying")
    wrong = wrong or unproved(visit, items) or _nothing(visit)
    if wrong:
        names = _("、").join(item.no for item in items if item.code in wrong)
        first = next(iter(wrong.values()))
        raise Refused(
            _("第 %(names)s 项：%(why)s") % {"names": names, "why": first} if names else first, wrong, "invalid"
        )
    told = checklist.judged(
        items, visit.answers, most_general=checklist.most_general(visit.area, visit.begun_on or today())
    )
    visit.earned, visit.applicable, visit.score = told.earned, told.applicable, told.score
    visit.result, visit.action = told.result, told.action
    visit.answers = {code: {**row, **_decided(code, told.actions)} for code, row in visit.answers.items()}
    visit.done_on = visit.begun_on
    visit.number = take_number("visit", visit.area, visit)
    issue_sheet(visit, items, by)
    due.visited(visit)
    facts |= sent_out(visit)


def sent_out(visit: Visit) -> dict[str, int]:
    """出动: how many inspectors and vehicles, as the quarterly report counts them.

    Who goes out in an operation of several offices is counted there, office by office, and not once more here.
    """
    if visit.kind == "joint" and visit.why:
        return {}
    return {"persons": len(visit.team), **({"vehicles": visit.vehicles} if visit.vehicles else {})}


@VISIT.effect("rechecked", "note")
def seen_again(visit: Visit, _by: User | None, facts: Facts) -> None:
    """A re-check, and a look-back in its short form, were made by people too."""
    facts |= sent_out(visit)


def _decided(code: str, actions: dict[str, str]) -> dict[str, str]:
    return {"action": actions[code]} if code in actions else {}


def _nothing(visit: Visit) -> dict[str, str]:
    looked = any((row or {}).get("a") in ("yes", "no") for row in visit.answers.values())
    return {} if looked else {"answers": _("至少要有一项答“是”或“否”。")}


def unproved(visit: Visit, items: list[checklist.Item]) -> dict[str, str]:
    """Items said to be put right on the spot, without a photo of before and one of after."""
    spots = [i for i in items if (row := visit.answers.get(i.code) or {}).get("a") == "no" and _spot(i, row)]
    if not spots:
        return {}
    held = Attachment.objects.filter(subject=visit.pk, voided_at__isnull=True, blob__width__isnull=False)
    roles = set(held.values_list("role", flat=True))
    both = {i.code: {f"before:{i.code}", f"after:{i.code}"} for i in spots}
    return {code: _("当场改正的，须有改正前后的照片") for code, need in both.items() if not need <= roles}


def _spot(item: checklist.Item, row: dict[str, Any]) -> bool:
    return DECISIONS[item.key, row["gravity"]] == "spot"


@VISIT.effect("reopen")
def reopened(visit: Visit, _by: User | None, facts: Facts) -> None:
    """The number of the sheet is spent; answers stay to be corrected. Whom it counted is taken off with it."""
    facts |= sent_out(visit)
    void_number(visit.number, visit.area, facts["reason"])
    visit.number, visit.result, visit.action, visit.done_on = "", "", "", None
    visit.score = visit.earned = visit.applicable = None


@VISIT.effect("miss")
def missed(visit: Visit, _by: User | None, facts: Facts) -> None:
    """Nobody was met: it is planned anew, and moves on no further."""
    if facts["until"] < today():
        raise Refused(_("下次日期不能早于今天。"), {"until": _("不能早于今天")}, "invalid")
    visit.planned_from, visit.planned_to, visit.begun_on = today(), facts["until"], None


@VISIT.effect("publish")
def published(visit: Visit, by: User | None, _facts: Facts) -> None:
    """After publication the result says whether anything is still to be followed up."""
    goes_on = OUTCOMES[visit.result, visit.action] == "following" and not _answered_for(visit)
    flow.move(visit, "follow" if goes_on else "settle", by, within=True)


@VISIT.effect("follow")
def followed(visit: Visit, by: User | None, _facts: Facts) -> None:
    """What the visit found is being put right."""
    upgrade_seen(visit.file, by, reached=False)


@VISIT.effect("settle")
def settled(visit: Visit, by: User | None, _facts: Facts) -> None:
    """Nothing remains of the visit."""
    upgrade_seen(visit.file, by, reached=True)


def _answered_for(visit: Visit) -> bool:
    """Its order has already been carried out or ended with the place."""
    orders = [order for order in visit.orders.all() if order.state != "void"]
    return bool(orders) and all(order.state in ("passed", "closed") for order in orders)


@VISIT.effect("higher")
def higher_noted(visit: Visit, _by: User | None, _facts: Facts) -> None:
    """A check of a higher office: whose, when; nothing of ours follows from it."""
    if not visit.higher:
        raise Refused(_("请写明检查机关。"), {"higher": _("请填写")}, "invalid")
    if visit.done_on is None or visit.done_on > today():
        raise Refused(_("检查日期不能晚于今天。"), {"done_on": _("不能晚于今天")}, "invalid")


def order_ended(order: Order) -> None:
    """An order that is carried out, or ends with its place, ends the visit it came of; a failed one does not."""
    if order.visit_id is None:
        return
    visit = Visit.objects.filter(pk=order.visit_id, state="following").select_related("file").first()
    if visit is not None and _answered_for(visit):
        flow.move(visit, "settle", None)
