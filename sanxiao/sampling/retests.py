"""The re-test of a failed sample: asked for in time, accepted or refused with a ground, made elsewhere, told."""

from typing import Any

from django.utils.translation import gettext as _

from sanxiao.docket import flow
from sanxiao.docket.models import Rule
from sanxiao.docket.refusal import Refused
from sanxiao.office.models import User
from sanxiao.office.now import today
from sanxiao.sampling import acts, buyers, drawing, notices, result_acts, say
from sanxiao.sampling.beside import ended, fresh, last_day, sample_of, take_down
from sanxiao.sampling.beside_models import Retest
from sanxiao.sampling.beside_rules import RETEST, RETEST_GROUNDS
from sanxiao.sampling.rules import RETEST_ASK

NO_RETEST = ("late", "microbe", "expired", "unusable")


@RETEST.beginning
def begin_retest(user: User, params: dict[str, str]) -> Retest:
    """The operator asks on paper; the office enters it."""
    sample = sample_of(user, params)
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
    ended(retest, by)


@RETEST.effect("withdraw")
def retest_withdrawn(retest: Retest, by: User | None, _facts: dict[str, Any]) -> None:
    """The result stands."""
    ended(retest, by)


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
        take_down(sample, by, _("复检合格"))
    else:
        flow.move(retest, "uphold", by, within=True, on=retest.told_on)
        result_acts.take_up(fresh(retest.sample), by)
