"""What is sealed, seized or kept as evidence: its list, its clock, and what becomes of every piece."""

from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _

from sanxiao.docket.models import Deadline
from sanxiao.docket.refusal import Refused
from sanxiao.enforcement import days, documents
from sanxiao.enforcement.acts import keep_uploads
from sanxiao.enforcement.measure_rules import FATES, MEASURE
from sanxiao.enforcement.models import Case, Exhibit, Measure, known
from sanxiao.enforcement.rules import CASE
from sanxiao.office.models import User
from sanxiao.office.now import today
from sanxiao.papers.models import take_number

AFTER_LAPSE = {"returned", "tested"}  # what may still be done with goods whose time ran out
ONLY_DECIDED = {"confiscated", "destroyed"}


@MEASURE.beginning
def begin_measure(user: User, params: dict[str, str]) -> Measure:
    """A measure in a case that this person may see."""
    case = known(Case, params.get("case"))
    if case is None or not Case.objects.seen_by(user).filter(pk=case.pk).exists():
        raise Http404
    return Measure(case=case, area=case.area)


@MEASURE.predicate("case_open")
def case_open(measure: Measure, _facts: dict[str, Any]) -> bool:
    """Nothing is seized after the end."""
    return measure.case.state in CASE.open_states


@MEASURE.predicate("compels")
def compels(measure: Measure, _facts: dict[str, Any]) -> bool:
    """Sealing and seizure are compulsory measures; keeping as evidence is none."""
    return measure.how in ("seal", "seize")


@MEASURE.predicate("keeps")
def keeps(measure: Measure, _facts: dict[str, Any]) -> bool:
    """Evidence registered and kept."""
    return measure.how == "register"


def _running(measure: Measure, *terms: str) -> Deadline | None:
    return Deadline.objects.filter(subject=measure.pk, term__in=terms, done_on__isnull=True).first()


@MEASURE.predicate("to_report")
def to_report(measure: Measure, _facts: dict[str, Any]) -> bool:
    """Taken on the spot and not yet approved."""
    return _running(measure, "report") is not None


@MEASURE.predicate("clock_runs")
def clock_runs(measure: Measure, _facts: dict[str, Any]) -> bool:
    """Its time counts."""
    clock = _running(measure, "hold")
    return clock is not None and clock.paused_on is None


@MEASURE.predicate("clock_stands")
def clock_stands(measure: Measure, _facts: dict[str, Any]) -> bool:
    """Its time was stopped for a test."""
    clock = _running(measure, "hold")
    return clock is not None and clock.paused_on is not None


@MEASURE.predicate("fates_allowed")
def fates_allowed(measure: Measure, facts: dict[str, Any]) -> bool:
    """Goods whose time ran out go back; what is confiscated or destroyed needs a decision that says so."""
    chosen = set(facts.get("fates", {}).values())
    if measure.state == "lapsed" and not chosen <= AFTER_LAPSE:
        return False
    return not chosen & ONLY_DECIDED or (measure.case.decided_on is not None and "goods" in measure.case.penalties)


@MEASURE.effect("take")
def taken(measure: Measure, by: User | None, facts: dict[str, Any]) -> None:
    """The list line by line, and the paper with its number."""
    days.not_ahead(measure.taken_on, "taken_on")
    measure.number = take_number("measure", measure.area, measure)
    keep_uploads(measure, by)
    Exhibit.objects.bulk_create(
        Exhibit(
            measure=measure, no=no, name=row["name"], spec=row.get("spec", ""), quantity=row["quantity"],
            unit=row["unit"], note=row.get("note", ""),
        )
        for no, row in enumerate(facts["goods"], 1)
    )  # fmt: skip
    documents.measure(measure, by)


@MEASURE.effect("extend")
def lengthened(measure: Measure, by: User | None, facts: dict[str, Any]) -> None:
    """延长行政强制措施期限决定书."""
    documents.lengthened(measure, by, facts["until"], facts["reason"])


@MEASURE.effect("test")
def sent_to_test(measure: Measure, by: User | None, facts: dict[str, Any]) -> None:
    """检测期间告知书."""
    documents.told_of_test(measure.case, measure, by, facts["reason"])


@MEASURE.effect("settle")
def settled(measure: Measure, by: User | None, facts: dict[str, Any]) -> None:
    """Every piece has its fate; who destroys does so before a witness."""
    rows, chosen = list(measure.exhibits.all()), {int(no): fate for no, fate in facts["fates"].items()}
    if missing := [str(row.no) for row in rows if chosen.get(row.no) not in dict(FATES)]:
        said = _("还没有写明去向：第 %(names)s 项") % {"names": "、".join(missing)}
        raise Refused(said, {"fates": said}, "invalid")
    if "destroyed" in chosen.values() and not measure.witness:
        said = _("销毁须写明监销人。")
        raise Refused(said, {"witness": said}, "invalid")
    for row in rows:
        row.fate, row.fate_on = chosen[row.no], today()
    Exhibit.objects.bulk_update(rows, ["fate", "fate_on"])
    documents.goods_settled(measure, by)
