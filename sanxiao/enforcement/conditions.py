"""The conditions that the moves of a case wait for; each by the name that its table gives it."""

from decimal import Decimal
from typing import Any

from sanxiao.docket.models import Attachment, Deadline, Rule
from sanxiao.enforcement import crimes
from sanxiao.enforcement.handing import TRANSFER
from sanxiao.enforcement.models import Case
from sanxiao.enforcement.rules import CASE

ON_PAPER = ("direct", "mail", "public")  # ways of service that leave a receipt
NO_PUBLICITY = {"warning"}  # a warning alone is not shown (domain.md 5)


@CASE.predicate("none_alike")
def none_alike(case: Case, _facts: dict[str, Any]) -> bool:
    """One matter gives one case."""
    if case.origin_pk is None:
        return True
    return not Case.objects.from_origin(case.origin_kind, case.origin_pk).exclude(state="refused").exists()


@CASE.predicate("some_proof")
def some_proof(case: Case, _facts: dict[str, Any]) -> bool:
    """A case that came of a recorded matter has its proof there; any other needs its own."""
    return case.origin_pk is not None or Attachment.objects.filter(subject=case.pk, voided_at__isnull=True).exists()


def _clock(case: Case) -> Deadline | None:
    return Deadline.objects.filter(subject=case.pk, term__in=("file", "decide"), done_on__isnull=True).first()


@CASE.predicate("clock_runs")
def clock_runs(case: Case, _facts: dict[str, Any]) -> bool:
    """The term for filing or deciding counts."""
    clock = _clock(case)
    return clock is not None and clock.paused_on is None


@CASE.predicate("clock_stands")
def clock_stands(case: Case, _facts: dict[str, Any]) -> bool:
    """It was stopped."""
    clock = _clock(case)
    return clock is not None and clock.paused_on is not None


@CASE.predicate("punishes")
def punishes(case: Case, _facts: dict[str, Any]) -> bool:
    """The handler proposes a penalty."""
    return bool(case.penalties) and case.degree != "none"


@CASE.predicate("told_on_paper")
def told_on_paper(case: Case, facts: dict[str, Any]) -> bool:
    """A notice that was served has its receipt; one that was refused was left."""
    return _has_receipt(case, facts, "told")


@CASE.predicate("served_on_paper")
def served_on_paper(case: Case, facts: dict[str, Any]) -> bool:
    """The same of the decision."""
    return _has_receipt(case, facts, "receipt")


def _has_receipt(case: Case, facts: dict[str, Any], role: str) -> bool:
    if facts.get("service") not in ON_PAPER:
        return True
    return Attachment.objects.filter(subject=case.pk, role=role, voided_at__isnull=True).exists()


@CASE.predicate("not_by_posting")
def not_by_posting(_case: Case, facts: dict[str, Any]) -> bool:
    """A public notice has thirty days of its own before anything counts as served."""
    return facts.get("service") != "public"


def _running(case: Case, term: str) -> bool:
    return Deadline.objects.filter(subject=case.pk, term=term, done_on__isnull=True).exists()


@CASE.predicate("is_posted")
def is_posted(case: Case, _facts: dict[str, Any]) -> bool:
    """The announcement hangs out."""
    return _running(case, "posted")


@CASE.predicate("not_posted")
def not_posted(case: Case, _facts: dict[str, Any]) -> bool:
    """The decision does not hang out yet."""
    return not _running(case, "deemed")


@CASE.predicate("extended_before")
def extended_before(case: Case, _facts: dict[str, Any]) -> bool:
    """The ordinary extension has been used."""
    clock = _clock(case)
    return clock is not None and clock.paused_on is None and clock.due_on > clock.first_due_on


@CASE.predicate("in_time")
def in_time(case: Case, _facts: dict[str, Any]) -> bool:
    """The term for a defence still runs."""
    return _running(case, "defend")


def grave(case: Case, fine: Decimal, penalties: list[str]) -> bool:
    """Does the penalty open a hearing (行政处罚法 art. 63)? Amounts by the town's rule of the day."""
    bounds = Rule.objects.value("hearing.amount", case.area, case.rule_on, {"person": 10000, "body": 100000})
    bound = bounds["body" if case.file.operator.credit_code else "person"]
    seized = (case.gains or Decimal(0)) if "gains" in penalties else Decimal(0)
    seized += (case.value or Decimal(0)) if "goods" in penalties else Decimal(0)
    return max(fine, seized) >= bound or bool({"suspend", "revoke", "ban"} & set(penalties))


@CASE.predicate("is_grave", "may_be_heard")
def is_grave(case: Case, _facts: dict[str, Any]) -> bool:
    """By what the handler proposed."""
    return grave(case, case.fine, case.penalties)


@CASE.predicate("hearing_asked")
def hearing_asked(case: Case, _facts: dict[str, Any]) -> bool:
    """And not yet held."""
    return case.hearing_asked and case.heard_on is None


@CASE.predicate("heard_out")
def heard_out(case: Case, _facts: dict[str, Any]) -> bool:
    """The party has spoken, has said that it will not, or its term has passed; a posted notice must have hung out."""
    if is_posted(case, {}):
        return False
    return not in_time(case, {}) or Deadline.objects.past().filter(subject=case.pk, term="defend").exists()


@CASE.predicate("police_asked")
def police_asked(case: Case, _facts: dict[str, Any]) -> bool:
    """What is a crime by its facts was proposed for the police: accepted, declined or come back, but not left out."""
    return not crimes.suspected(case) or case.transfers.exists()


@CASE.predicate("not_at_police")
def not_at_police(case: Case, _facts: dict[str, Any]) -> bool:
    """No penalty takes the place of a hand-over."""
    return not case.transfers.filter(state__in=TRANSFER.open_states).exists()


@CASE.predicate("hearing_done")
def hearing_done(case: Case, _facts: dict[str, Any]) -> bool:
    """Who asked to be heard was heard."""
    return not hearing_asked(case, {})


@CASE.predicate("discussed")
def discussed(case: Case, facts: dict[str, Any]) -> bool:
    """A grave penalty is discussed by the heads together."""
    fine, kinds = facts.get("fine", case.fine) or Decimal(0), facts.get("penalties", case.penalties)
    return case.discussed_on is not None or not grave(case, fine, kinds)


@CASE.predicate("not_heavier")
def not_heavier(case: Case, facts: dict[str, Any]) -> bool:
    """A defence never makes it worse (行政处罚法 art. 45)."""
    if not facts:
        return True
    more = (facts.get("fine") or Decimal(0)) > (case.noticed_fine or Decimal(0))
    return not more and set(facts.get("penalties", [])) <= set(case.noticed_penalties)


@CASE.predicate("is_published")
def is_published(case: Case, _facts: dict[str, Any]) -> bool:
    """A warning alone is not shown to the public."""
    return bool(set(case.penalties) - NO_PUBLICITY)


@CASE.predicate("has_fine")
def has_fine(case: Case, _facts: dict[str, Any]) -> bool:
    """There is something to pay."""
    return case.owed > 0


@CASE.predicate("goods_settled")
def goods_settled(case: Case, _facts: dict[str, Any]) -> bool:
    """Nothing lies in store any more."""
    return not case.measures.unsettled().exists()


@CASE.predicate("to_report")
def to_report(case: Case, _facts: dict[str, Any]) -> bool:
    """A penalty on the spot waits to be put on record."""
    return Deadline.objects.filter(subject=case.pk, term="report", done_on__isnull=True).exists()


@CASE.predicate("to_publish")
def to_publish(case: Case, _facts: dict[str, Any]) -> bool:
    """A decision that belongs before the public and is not there."""
    return (
        case.annulled_on is None
        and case.decided_on is not None
        and is_published(case, {})
        and case.published_on is None
    )


@CASE.predicate("is_public")
def is_public(case: Case, _facts: dict[str, Any]) -> bool:
    """It is shown now."""
    return case.published_on is not None and case.unpublished_on is None


@CASE.predicate("is_down")
def is_down(case: Case, _facts: dict[str, Any]) -> bool:
    """It is not shown."""
    return not is_public(case, {})


@CASE.predicate("was_public")
def was_public(case: Case, _facts: dict[str, Any]) -> bool:
    """It has stood before the public, here and so elsewhere."""
    return case.published_on is not None


@CASE.predicate("to_take_down")
def to_take_down(case: Case, _facts: dict[str, Any]) -> bool:
    """It may still stand elsewhere."""
    return _running(case, "take_down")


@CASE.predicate("taken_down")
def taken_down(case: Case, _facts: dict[str, Any]) -> bool:
    """It stands nowhere any more."""
    return not to_take_down(case, {})


@CASE.predicate("is_publicised")
def is_publicised(case: Case, _facts: dict[str, Any]) -> bool:
    """Nothing remains to be published."""
    return not to_publish(case, {})


def summary_limit(case: Case) -> int:
    """The most that may be fined on the spot."""
    bounds = Rule.objects.value("penalty.summary", case.area, case.rule_on, {"person": 200, "body": 3000})
    return int(bounds["body" if case.file.operator.credit_code else "person"])


@CASE.predicate("within_summary")
def within_summary(case: Case, facts: dict[str, Any]) -> bool:
    """A small fine or a warning, nothing else."""
    kinds = set(facts.get("penalties", []))
    return kinds <= {"warning", "fine"} and (facts.get("fine") or Decimal(0)) <= summary_limit(case)
