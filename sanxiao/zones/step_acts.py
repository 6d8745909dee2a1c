"""What the moves of a step, of its opinions and of its conditions do, and the conditions they wait for."""

from collections.abc import Iterable
from functools import partial
from typing import Any

from django.utils.translation import gettext as _

from sanxiao.docket import clock, flow
from sanxiao.docket.models import Attachment, Rule
from sanxiao.docket.refusal import Refused
from sanxiao.office.models import User
from sanxiao.office.now import today
from sanxiao.zones import chain, say
from sanxiao.zones.acts import advance, again
from sanxiao.zones.models import Condition, Opinion, Step
from sanxiao.zones.rules import BY_THE_VILLAGE, CONDITION, DECIDE, OPINION, STEP

EIA = ("eia_report", "eia_table", "eia_form")
OUT = ("queued", "asked", "lapsed")  # opinions that are not in


# --- conditions of the moves -------------------------------------------------------------------------------------


@STEP.predicate("goes_to_an_office")
def goes_to_an_office(step: Step, _facts: dict[str, Any]) -> bool:
    """Somebody decides on it."""
    return step.form == "approval"


@STEP.predicate("done_by_the_village")
def done_by_the_village(step: Step, _facts: dict[str, Any]) -> bool:
    """It is done and recorded, without anybody's decision."""
    return step.form in BY_THE_VILLAGE


@STEP.predicate("is_work")
def is_work(step: Step, _facts: dict[str, Any]) -> bool:
    """It is begun and finished."""
    return step.form == "work"


@STEP.predicate("turn")
def turn(step: Step, _facts: dict[str, Any]) -> bool:
    """What comes before it is done, and still holds."""
    return not chain.waits_for(step.key, chain.by_key(Step.objects.filter(zone=step.zone_id)))


@STEP.predicate("not_the_first")
def not_the_first(step: Step, _facts: dict[str, Any]) -> bool:
    """Without approval there is no project."""
    return step.key != chain.FIRST


@STEP.predicate("not_overtaken")
def not_overtaken(step: Step, _facts: dict[str, Any]) -> bool:
    """Nothing that rests on it has been begun."""
    known = chain.by_key(Step.objects.filter(zone=step.zone_id))
    after = [known[key] for key in chain.followers(step.key, known)]
    return step.key != chain.FIRST and all(other.state in ("waiting", "ready") for other in after)


@STEP.predicate("eia_fresh")
def eia_fresh(step: Step, facts: dict[str, Any]) -> bool:
    """An EIA decision is looked at again when building begins so many years later."""
    years = Rule.objects.value("eia.lapse_years", step.area, today(), 0)
    on = facts.get("decided_on") or today()
    decided = Step.objects.filter(zone=step.zone_id, key__in=EIA, state="done", finished_on__isnull=False)
    return not years or all(clock.add_months(row.finished_on, 12 * int(years)) > on for row in decided)


@STEP.predicate("has_paper")
def has_paper(step: Step, facts: dict[str, Any]) -> bool:
    """Its own paper is attached."""
    return (
        "decided_on" not in facts
        or Attachment.objects.filter(subject=step.pk, role="permit", voided_at__isnull=True).exists()
    )


@STEP.predicate("dated_right")
def dated_right(step: Step, facts: dict[str, Any]) -> bool:
    """Nothing is decided tomorrow, and nothing ends before it begins."""
    on, until = facts.get("decided_on"), facts.get("valid_until")
    return (on is None or on <= today()) and (on is None or until is None or until > on)


@STEP.predicate("has_validity")
def has_validity(step: Step, _facts: dict[str, Any]) -> bool:
    """The paper says until when it holds."""
    return step.valid_until is not None


def _by(rule: str, step: Step, _facts: dict[str, Any]) -> bool:
    return step.term == rule


for _term in DECIDE:
    STEP.predicate(_term.when)(partial(_by, _term.rule))


def latest(step: Step) -> list[Opinion]:
    """The opinions of the last round in which they were asked for."""
    rows = list(step.opinions.select_related("office", "step__zone"))
    last = max((row.round for row in rows), default=0)
    return [row for row in rows if row.round == last]


@STEP.predicate("asked_all")
def asked_all(step: Step, _facts: dict[str, Any]) -> bool:
    """Every office that the table names was asked."""
    asked = set(step.opinions.exclude(state="ended", answered_on=None).values_list("office__role", flat=True))
    return set(step.consults) <= asked


@STEP.predicate("objection_answered")
def objection_answered(step: Step, facts: dict[str, Any]) -> bool:
    """Who decides against an objection says why."""
    against = any(row.state == "objected" for row in latest(step))
    return not against or "decided_on" not in facts or bool(facts.get("note"))


# --- what they do ------------------------------------------------------------------------------------------------


@STEP.effect("make_ready")
def made_ready(step: Step, _by: User | None, _facts: dict[str, Any]) -> None:
    """From today it is somebody's turn. Who accepts what was built says the rule of the day."""
    step.ready_on = today()
    if step.form == "acceptance":
        way = Rule.objects.value("zone.acceptance", step.area, today(), "approval")
        step.form = "self" if way == "self_acceptance" else "approval"
        if step.form == "self":
            step.role = "village"


@STEP.effect("ask")
def asked(step: Step, by: User | None, facts: dict[str, Any]) -> None:
    """At once, or one after the other."""
    offices, roles = say.offices_by_role(step.area), list(facts["offices"])
    if wrong := [role for role in roles if role not in offices or role == step.role]:
        raise Refused(_("不能征求：%(names)s") % {"names": say.offices(wrong)}, {"offices": _("请选择")}, "invalid")
    in_turn = facts.get("order") == "in_turn"
    number = max((row.round for row in step.opinions.all()), default=0) + 1
    for no, role in enumerate(roles, 1):
        opinion = Opinion(step=step, area=step.area, office=offices[role], no=no, round=number, rule_on=today())
        flow.move(opinion, "queue", by, within=True)
        if no == 1 or not in_turn:
            flow.move(opinion, "ask", by, within=True)


@OPINION.effect("ask")
def opinion_asked(opinion: Opinion, _by: User | None, _facts: dict[str, Any]) -> None:
    """Its days begin."""
    opinion.asked_on = today()


@OPINION.effect("agree", "condition", "object")
def answered(opinion: Opinion, by: User | None, facts: dict[str, Any]) -> None:
    """The words stay with the step; the next is asked, or all are in."""
    opinion.answered_on = today()
    opinion.words = facts.get("reason") or facts.get("note") or ""
    opinion.save(update_fields=["answered_on", "words"])
    go_on(opinion, by)


@OPINION.effect("lapse")
def lapsed(opinion: Opinion, by: User | None, _facts: dict[str, Any]) -> None:
    """Who is silent holds nobody up for longer than his days."""
    go_on(opinion, by)


def go_on(opinion: Opinion, by: User | None) -> None:
    """The next in turn is asked; where nobody is waited for, the step goes on."""
    step = Step.objects.select_related("zone").get(pk=opinion.step_id)
    if step.state != "consulting":
        return
    others = [row for row in latest(step) if row.pk != opinion.pk]
    following = next((row for row in others if row.state == "queued"), None)
    if any(row.state == "asked" for row in others):
        return
    if following:
        flow.move(following, "ask", by, within=True)
    else:
        flow.move(step, "heard", by, within=True)


@OPINION.predicate("not_today")
def not_today(opinion: Opinion, _facts: dict[str, Any]) -> bool:
    """Once a day is enough."""
    return opinion.urged_on != today()


@OPINION.effect("urge")
def urged(opinion: Opinion, _by: User | None, _facts: dict[str, Any]) -> None:
    """It is counted, and seen on the desk of the one who is silent."""
    opinion.urged += 1
    opinion.urged_on = today()


@OPINION.effect("remind")
def reminded(opinion: Opinion, _by: User | None, _facts: dict[str, Any]) -> None:
    """Once."""
    opinion.reminded_on = today()


def _through(step: Step, by: User | None) -> None:
    """A step is done: nobody is waited for any more, the zone follows, and what comes after is ready."""
    for opinion in step.opinions.filter(state__in=OUT):
        flow.move(opinion, "end", by, within=True)
    step.save()
    zone = again(step.zone)
    if step.key == chain.FIRST and zone.state == "proposed":
        flow.move(zone, "approve", by, within=True)
    advance(zone, by)


@STEP.effect("grant")
def granted(step: Step, by: User | None, facts: dict[str, Any]) -> None:
    """The paper with its number and validity; what it asks for besides is followed."""
    step.finished_on, step.warned_on = step.decided_on, None
    for row in facts.get("conditions", ()):
        condition = Condition(
            step=step, area=step.area, role=step.role, text=row["text"], until_on=row.get("until"), rule_on=today()
        )
        flow.move(condition, "set", by, within=True)
    _through(step, by)


@STEP.effect("file", "finish")
def recorded(step: Step, by: User | None, _facts: dict[str, Any]) -> None:
    """Done and recorded by the one in charge."""
    if step.ready_on and step.decided_on < step.ready_on and step.form == "work":
        raise Refused(_("完工日期不能早于开工。"), {"decided_on": _("不能早于开工")}, "invalid")
    step.finished_on, step.warned_on = step.decided_on, None
    _through(step, by)


@STEP.effect("start")
def started(step: Step, by: User | None, _facts: dict[str, Any]) -> None:
    """Building begins, and with it the zone is being built."""
    step.ready_on = step.decided_on
    zone = again(step.zone)
    if zone.state == "approved":
        flow.move(zone, "build", by, within=True, on=step.decided_on)


@STEP.effect("skip", "leave_out")
def skipped(step: Step, by: User | None, _facts: dict[str, Any]) -> None:
    """What came after it waits for it no longer."""
    step.finished_on = None
    step.save()
    if step.zone.state != "" and Step.objects.filter(zone=step.zone_id, key=chain.FIRST, state="done").exists():
        advance(step.zone, by)


@STEP.effect("restore", "take_in")
def restored(step: Step, by: User | None, _facts: dict[str, Any]) -> None:
    """It is to be done after all; who stood ready after it waits again."""
    step.ready_on = None
    step.save()
    advance(step.zone, by)


@STEP.effect("recheck")
def rechecked(step: Step, _by: User | None, _facts: dict[str, Any]) -> None:
    """As if it had never been decided; the old paper stays attached."""
    step.finished_on, step.valid_until, step.ready_on = None, None, today()


@STEP.effect("warn")
def warned(step: Step, _by: User | None, _facts: dict[str, Any]) -> None:
    """Once for a paper."""
    step.warned_on = today()


@STEP.effect("refuse", "give_back", "hold")
def sent_away(step: Step, by: User | None, _facts: dict[str, Any]) -> None:
    """Who has not answered until now is not waited for."""
    _drop(step.opinions.filter(state__in=OUT), by)


def _drop(opinions: Iterable[Opinion], by: User | None) -> None:
    for opinion in opinions:
        flow.move(opinion, "end", by, within=True)


# --- conditions --------------------------------------------------------------------------------------------------


@CONDITION.predicate("has_date")
def has_date(condition: Condition, _facts: dict[str, Any]) -> bool:
    """The decision gave a date."""
    return condition.until_on is not None


@CONDITION.effect("prove")
def proved(condition: Condition, _by: User | None, _facts: dict[str, Any]) -> None:
    """Something shows that it is met."""
    if not Attachment.objects.filter(subject=condition.pk, role="proof", voided_at__isnull=True).exists():
        raise Refused(_("请附上落实的照片或材料。"), code="guard")


@CONDITION.effect("meet")
def met(condition: Condition, _by: User | None, _facts: dict[str, Any]) -> None:
    """The day."""
    condition.met_on = today()
