"""What can run beside a failed sample: an objection, its publication (re-tests stand apart); quick tests before it."""

from datetime import date
from typing import Any

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from sanxiao.archive.models import Establishment
from sanxiao.docket import clock, flow, terms
from sanxiao.docket.models import Deadline, Rule, the_calendar
from sanxiao.docket.tables import Term
from sanxiao.office.models import User
from sanxiao.office.now import today
from sanxiao.sampling import acts, buyers, drawing, public, result_acts
from sanxiao.sampling.beside_models import Objection, Publication, QuickTest, Retest, open_beside
from sanxiao.sampling.beside_rules import OBJECTION, PUBLICATION, QUICK
from sanxiao.sampling.models import Sample
from sanxiao.sampling.rules import OBJECT_ASK, PROCESS_ASK, RETEST_ASK


def sample_of(user: User, params: dict[str, str]) -> Sample:
    """The sample that an address names, of one's own ground."""
    rows = Sample.objects.seen_by(user).select_related("file__operator", "plan")
    return get_object_or_404(rows, pk=params.get("sample"))


def last_day(sample: Sample, term: Term, start: date | None) -> date | None:
    """Until when something may be asked for, by the rules of the day on which the sample was begun."""
    if start is None:
        return None
    length, unit, _law, _most = terms.length_of(sample, term)
    return clock.due(start, int(length), unit, the_calendar()).on


def ended(row: Retest | Objection, by: User | None) -> None:
    """A re-test or an objection has come to its end: the disposal goes on where nothing else is open."""
    row.save()  # its own state, which decides whether anything is open beside the sample
    result_acts.take_up(fresh(row.sample), by)


def fresh(sample: Sample) -> Sample:
    """The sample as it stands now, with what its acts look at."""
    return Sample.objects.select_related("file__operator", "plan").get(pk=sample.pk)


def take_down(sample: Sample, by: User | None, reason: str) -> None:
    """What was published of a result that does not stand is taken down with it."""
    for row in Publication.objects.filter(sample=sample, state="published"):
        flow.move(row, "take_down", by, within=True, reason=reason)


# --- objection ---------------------------------------------------------------------------------------------------


@OBJECTION.beginning
def begin_objection(user: User, params: dict[str, str]) -> Objection:
    """The operator objects on paper; the office enters it."""
    sample = sample_of(user, params)
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
def objectionended(objection: Objection, by: User | None, _facts: dict[str, Any]) -> None:
    """The result stands."""
    ended(objection, by)


@OBJECTION.effect("uphold")
def objection_upheld(objection: Objection, by: User | None, facts: dict[str, Any]) -> None:
    """The result is no ground for anything any more: the sample is void."""
    sample = fresh(objection.sample)
    if sample.state not in ("disposed", "passed", "cleared", "void"):
        flow.move(sample, "annul", by, within=True, reason=facts["reason"])
        buyers.call_off(sample, by, _("异议成立"))
        take_down(sample, by, _("异议成立"))


# --- publication -------------------------------------------------------------------------------------------------


@PUBLICATION.beginning
def begin_publication(user: User, params: dict[str, str]) -> Publication:
    """The result of one sample."""
    sample = sample_of(user, params)
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
