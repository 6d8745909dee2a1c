"""What can run beside a failed sample: a re-test, an objection, its publication; and quick tests before any sample."""

from datetime import date
from typing import Any

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from sanxiao.archive.models import Establishment
from sanxiao.docket import clock, flow, terms
from sanxiao.docket.models import Deadline, Rule, the_calendar
from sanxiao.docket.refusal import Refused
from sanxiao.docket.tables import Term
from sanxiao.office.models import User
from sanxiao.office.now import today
from sanxiao.sampling import acts, buyers, drawing, notices, public, result_acts, say
from sanxiao.sampling.beside_models import Objection, Publication, QuickTest, Retest, open_beside
from sanxiao.sampling.beside_rules import OBJECTION, PUBLICATION, QUICK, RETEST, RETEST_GROUNDS
from sanxiao.sampling.models import Sample
from sanxiao.sampling.rules import OBJECT_ASK, PROCESS_ASK, RETEST_ASK

NO_RETEST = ("late", "microbe", "expired", "unusable")


def _sample(user: User, params: dict[str, str]) -> Sample:
    rows = Sample.objects.seen_by(user).select_related("file__operator", "plan")
    return get_object_or_404(rows, pk=params.get("sample"))


def last_day(sample: Sample, term: Term, start: date | None) -> date | None:
    """Until when something may be asked for, by the rules of the day on which the sample was begun."""
    if start is None:
        return None
    length, unit, _law, _most = terms.length_of(sample, term)
    return clock.due(start, int(length), unit, the_calendar()).on


# --- re-test -----------------------------------------------------------------------------------------------------


@RETEST.beginning
def begin_retest(user: User, params: dict[str, str]) -> Retest:
    """The operator asks on paper; the office enters it."""
    sample = _sample(user, params)
    return Retest(sample=sample, file=sample.file, area=sample.area, applicant=sample.file.operator.name)


@RETEST.predicate("was_served")
def was_served(retest: Retest, _facts: dict[str, Any]) -> bool:
    """There is a failed result that was told."""
    return retest.sample.state == "served"


@RETEST.predicate("only_one")
def only_one(retest: Retest, _facts: dict[str, Any]) -> bool:
    """A re-test is final; one that was refused or withdrawn was none."""
    rows = Retest.objects.filter(sample=retest.sample).exclude(state__in=("refused", "withdrawn"))
    return not rows.exclude(pk=retest.pk).exists()


@RETEST.predicate("asked_after_service")
def asked_after_service(retest: Retest, facts: dict[str, Any]) -> bool:
    """Nobody asks before he was told."""
    day, served = facts.get("asked_on"), retest.sample.served_on
    return day is None or served is None or day >= served


@RETEST.effect("ask")
def asked(retest: Retest, _by: User | None, facts: dict[str, Any]) -> None:
    """Only items that failed can be tested again."""
    bad = {row.item for row in retest.sample.failures}
    if not retest.items or set(retest.items) - bad:
        raise Refused(_("请选不合格的项目。"), {"items": _("请选择")}, "invalid")
    facts["items"] = retest.items


def _counts(retest: Retest, ground: str) -> bool:
    return ground in Rule.objects.value("sampling.no_retest", retest.area, retest.sample.rule_on, NO_RETEST)


@RETEST.predicate("in_time")
def in_time(retest: Retest, _facts: dict[str, Any]) -> bool:
    """Asked within the term, counted from service."""
    last = last_day(retest.sample, RETEST_ASK, retest.sample.served_on)
    return not _counts(retest, "late") or last is None or retest.asked_on <= last


@RETEST.predicate("no_microbes")
def no_microbes(retest: Retest, _facts: dict[str, Any]) -> bool:
    """What lives in a sample is no longer what it was."""
    rows = retest.sample.results.all()
    return not _counts(retest, "microbe") or not any(row.microbe and row.item in retest.items for row in rows)


@RETEST.predicate("spare_alive")
def spare_alive(retest: Retest, _facts: dict[str, Any]) -> bool:
    """The spare half has not passed its shelf life."""
    best = retest.sample.best_before
    return not _counts(retest, "expired") or best is None or best >= today()


@RETEST.predicate("spare_usable")
def spare_usable(retest: Retest, _facts: dict[str, Any]) -> bool:
    """The spare half is there under a whole seal, and kept until today."""
    spare = retest.sample.spare
    return not _counts(retest, "unusable") or (spare is not None and spare.state == "kept")


def likely_ground(retest: Retest) -> str:
    """The ground on which a re-test would be refused, or ''."""
    checks = (("late", in_time), ("microbe", no_microbes), ("expired", spare_alive), ("unusable", spare_usable))
    return next((ground for ground, holds in checks if not holds(retest, {})), "")


@RETEST.effect("accept")
def retest_accepted(retest: Retest, by: User | None, _facts: dict[str, Any]) -> None:
    """The disposal may rest; the stop of sale does not."""
    result_acts.pause(retest.sample, "retest", by)


@RETEST.effect("refuse")
def retest_refused(retest: Retest, by: User | None, facts: dict[str, Any]) -> None:
    """The reason is told in writing; the result stands."""
    retest.refusal = str(facts["reason"])[:500]
    if retest.ground not in dict(RETEST_GROUNDS):
        raise Refused(_("请选不予复检的情形。"), {"ground": _("请选择")}, "invalid")
    notices.refusal(retest, by)
    _ended(retest, by)


@RETEST.effect("withdraw")
def retest_withdrawn(retest: Retest, by: User | None, _facts: dict[str, Any]) -> None:
    """The result stands."""
    _ended(retest, by)


def _ended(row: Retest | Objection, by: User | None) -> None:
    row.save()  # its own state, which decides whether anything is open beside the sample
    result_acts.take_up(fresh(row.sample), by)


def fresh(sample: Sample) -> Sample:
    """The sample as it stands now, with what its acts look at."""
    return Sample.objects.select_related("file__operator", "plan").get(pk=sample.pk)


def labs_for(retest: Retest) -> list[str]:
    """The laboratories that re-test, without the one that tested first; in the order of their codes."""
    rows = say.labs(retest.area)
    return sorted(row["code"] for row in rows if row.get("retest") and row["code"] != retest.sample.lab)


@RETEST.predicate("labs_left")
def labs_left(retest: Retest, _facts: dict[str, Any]) -> bool:
    """There is another laboratory to choose."""
    return bool(labs_for(retest))


@RETEST.effect("choose")
def chosen(retest: Retest, _by: User | None, facts: dict[str, Any]) -> None:
    """By lot: the smallest hash of seed, sample and laboratory; list and seed stand in the log."""
    pool = labs_for(retest)
    said = f"{retest.seed}|{retest.sample.number}"
    retest.lab = min(pool, key=lambda code: (drawing.bits(f"{said}|{code}"), code))
    facts |= {"pool": pool, "lab": retest.lab}


@RETEST.predicate("seal_is_whole")
def seal_is_whole(retest: Retest, facts: dict[str, Any]) -> bool:
    """A broken seal proves nothing."""
    return acts.seal_is_whole(retest, facts)


@RETEST.predicate("after_choice")
def after_choice(retest: Retest, facts: dict[str, Any]) -> bool:
    """Nothing is handed over before it was asked for."""
    return facts.get("handed_on") is None or facts["handed_on"] >= retest.asked_on


@RETEST.effect("hand_over")
def handed_over(retest: Retest, by: User | None, _facts: dict[str, Any]) -> None:
    """The spare half goes to the second laboratory."""
    spare = retest.sample.parts.get(kind="spare")
    acts.hand_over(spare, spare.kept_by, say.lab_of_paper(retest.lab, retest.area), by, on=retest.handed_on)
    spare.state = "used"
    spare.save(update_fields=["state"])


@RETEST.predicate("report_kept")
def report_kept(retest: Retest, facts: dict[str, Any]) -> bool:
    """The second report is there too."""
    return result_acts.report_kept(retest, facts)


@RETEST.predicate("after_handing")
def after_handing(retest: Retest, facts: dict[str, Any]) -> bool:
    """No result before the sample is there."""
    return facts.get("concluded_on") is None or facts["concluded_on"] >= retest.handed_on


@RETEST.predicate("after_result")
def after_result(retest: Retest, facts: dict[str, Any]) -> bool:
    """Nothing is told before it is known."""
    return facts.get("told_on") is None or facts["told_on"] >= retest.concluded_on


@RETEST.effect("tell")
def told(retest: Retest, by: User | None, _facts: dict[str, Any]) -> None:
    """The result is final: the sample is cleared, or its disposal goes on."""
    notices.telling(retest, by)
    if retest.verdict == "pass":
        flow.move(retest, "overturn", by, within=True, on=retest.told_on)
        sample = fresh(retest.sample)
        if sample.state != "served":
            return  # an objection that stood has made it void in the meantime
        flow.move(sample, "clear", by, within=True, on=retest.told_on)
        buyers.call_off(sample, by, _("复检合格"))
        _take_down(sample, by, _("复检合格"))
    else:
        flow.move(retest, "uphold", by, within=True, on=retest.told_on)
        result_acts.take_up(fresh(retest.sample), by)


def _take_down(sample: Sample, by: User | None, reason: str) -> None:
    """What was published of a result that does not stand is taken down with it."""
    for row in Publication.objects.filter(sample=sample, state="published"):
        flow.move(row, "take_down", by, within=True, reason=reason)


# --- objection ---------------------------------------------------------------------------------------------------


@OBJECTION.beginning
def begin_objection(user: User, params: dict[str, str]) -> Objection:
    """The operator objects on paper; the office enters it."""
    sample = _sample(user, params)
    kind = "process" if sample.state != "served" else ""
    return Objection(sample=sample, file=sample.file, area=sample.area, applicant=sample.file.operator.name, kind=kind)


@OBJECTION.predicate("may_object")
def may_object(objection: Objection, facts: dict[str, Any]) -> bool:
    """To how it was taken from then on, to the result from its service on; while the sample is alive."""
    sample, kind = objection.sample, facts.get("kind") or objection.kind
    if not sample.is_open or sample.taken_on is None:
        return False
    return kind in ("", "process") or sample.served_on is not None


@OBJECTION.predicate("none_open")
def none_open(objection: Objection, _facts: dict[str, Any]) -> bool:
    """One at a time."""
    rows = Objection.objects.filter(sample=objection.sample, state__in=OBJECTION.open_states)
    return not rows.exclude(pk=objection.pk).exists()


@OBJECTION.predicate("in_time")
def objected_in_time(objection: Objection, _facts: dict[str, Any]) -> bool:
    """Within the term of its kind."""
    sample = objection.sample
    if objection.kind == "process":
        last = last_day(sample, PROCESS_ASK, sample.taken_on)
    else:
        last = last_day(sample, OBJECT_ASK, sample.served_on)
    return last is None or objection.raised_on <= last


@OBJECTION.predicate("on_process")
def on_process(objection: Objection, _facts: dict[str, Any]) -> bool:
    """About how the sample was taken."""
    return objection.kind == "process"


@OBJECTION.predicate("on_result")
def on_result(objection: Objection, _facts: dict[str, Any]) -> bool:
    """About what the result rests on."""
    return objection.kind != "process"


@OBJECTION.effect("accept")
def objection_accepted(objection: Objection, by: User | None, _facts: dict[str, Any]) -> None:
    """The disposal may rest."""
    result_acts.pause(objection.sample, "objection", by)


@OBJECTION.effect("refuse", "reject", "withdraw")
def objection_ended(objection: Objection, by: User | None, _facts: dict[str, Any]) -> None:
    """The result stands."""
    _ended(objection, by)


@OBJECTION.effect("uphold")
def objection_upheld(objection: Objection, by: User | None, facts: dict[str, Any]) -> None:
    """The result is no ground for anything any more: the sample is void."""
    sample = fresh(objection.sample)
    if sample.state not in ("disposed", "passed", "cleared", "void"):
        flow.move(sample, "annul", by, within=True, reason=facts["reason"])
        buyers.call_off(sample, by, _("异议成立"))
        _take_down(sample, by, _("异议成立"))


# --- publication -------------------------------------------------------------------------------------------------


@PUBLICATION.beginning
def begin_publication(user: User, params: dict[str, str]) -> Publication:
    """The result of one sample."""
    sample = _sample(user, params)
    return Publication(sample=sample, file=sample.file, area=sample.area)


@PUBLICATION.predicate("result_final")
def result_final(publication: Publication, _facts: dict[str, Any]) -> bool:
    """Passed, cleared, or failed and told; in an emergency failed is enough."""
    sample = publication.sample
    return sample.state in ("passed", "cleared", "served", "disposed") or (sample.alarmed and sample.state == "failed")


@PUBLICATION.predicate("nothing_pending")
def nothing_pending(publication: Publication, _facts: dict[str, Any]) -> bool:
    """No re-test and no objection is open; danger does not wait."""
    return publication.sample.alarmed or not open_beside(publication.sample).exists()


@PUBLICATION.predicate("terms_over")
def terms_over(publication: Publication, _facts: dict[str, Any]) -> bool:
    """The operator's terms have run out, or the town's rule does not wait for them; danger does not wait."""
    sample = publication.sample
    how = Rule.objects.value("sampling.publish_after", sample.area, sample.rule_on, {})
    if sample.alarmed or sample.state in ("passed", "cleared") or how.get("fail", "terms") != "terms":
        return True
    running = Deadline.objects.filter(subject=sample.pk, term__in=("retest_ask", "object_ask"))
    last = [last_day(sample, term, sample.served_on) for term in (RETEST_ASK, OBJECT_ASK)]
    return not running.filter(done_on__isnull=True, due_on__gte=today()).exists() and all(
        day is None or day < today() for day in last
    )


@PUBLICATION.predicate("not_published")
def not_published(publication: Publication, _facts: dict[str, Any]) -> bool:
    """It does not stand there already."""
    rows = Publication.objects.filter(sample=publication.sample, state="published")
    return not rows.exclude(pk=publication.pk).exists()


@PUBLICATION.effect("publish")
def published(publication: Publication, _by: User | None, _facts: dict[str, Any]) -> None:
    """What the public reads is frozen."""
    publication.published_on = today()
    publication.facts = public.facts_of(publication.sample)


@PUBLICATION.effect("take_down")
def taken_down(publication: Publication, _by: User | None, _facts: dict[str, Any]) -> None:
    """It stands in the record, and nowhere else."""
    publication.ended_on = today()


# --- quick tests -------------------------------------------------------------------------------------------------


@QUICK.beginning
def begin_quick(user: User, params: dict[str, str]) -> QuickTest:
    """A quick test at one place of one's own ground."""
    file = get_object_or_404(Establishment.objects.seen_by(user).select_related("kind"), pk=params.get("file"))
    return QuickTest(file=file, area=file.area)


@QUICK.predicate("file_trading")
def file_trading(quick: QuickTest, facts: dict[str, Any]) -> bool:
    """There is somebody to test."""
    return acts.file_trading(quick, facts)


@QUICK.predicate("is_farm")
def is_farm(quick: QuickTest, _facts: dict[str, Any]) -> bool:
    """Farm produce has a term of hours."""
    return quick.farm


@QUICK.effect("steer")
def steered(quick: QuickTest, by: User | None, _facts: dict[str, Any]) -> None:
    """A formal sample is to be taken; the quick result grounds nothing."""
    waiting = Sample.objects.of(quick.file).filter(state="drawn").first()
    if waiting is None:
        waiting = Sample(file=quick.file, area=quick.area, origin="quick", food=drawing.foods_of(quick.file)[0])
        waiting.why = _("快检阳性：%(food)s %(item)s") % {"food": quick.food_name, "item": quick.item}
        flow.move(waiting, "target", by, within=True, why=waiting.why)
    quick.sample = waiting
