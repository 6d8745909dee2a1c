"""What the rows about a hearing do, and the conditions they wait for."""

from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from sanxiao.docket import clock
from sanxiao.docket.models import Attachment, Rule, the_calendar
from sanxiao.docket.refusal import Refused
from sanxiao.enforcement import days, documents
from sanxiao.enforcement.conditions import ON_PAPER
from sanxiao.enforcement.models import Case
from sanxiao.enforcement.rules import CASE
from sanxiao.office.models import User
from sanxiao.office.now import today
from sanxiao.papers.models import take_number

TELL = "term.CASE_HEARING_TELL"
# Of a hearing that was called: blank again when the party wants none, and when the case is taken up anew.
CALLED: dict[str, Any] = {"hearing_on": None, "hearing_at": None, "hearing_place": "", "hearing_told_on": None}


def tell_by(case: Case, hearing_on: date) -> date:
    """The last day on which the party may be handed the notice of a hearing on that day, by the rule of the case."""
    rule = Rule.objects.at(TELL, case.area, case.rule_on)
    length, unit = (int(rule.value["length"]), rule.unit) if rule else (7, "wd")
    day, calendar = hearing_on - timedelta(days=length), the_calendar()
    while clock.due(day, length, unit, calendar, roll=False).on > hearing_on:
        day -= timedelta(days=1)
    return day


def first_day(case: Case) -> date:
    """The earliest day for a hearing whose notice is handed over today."""
    day = today()
    while tell_by(case, day) < today():
        day += timedelta(days=1)
    return day


def clause_of(case: Case) -> str:
    """The clause by which it is called."""
    rule = Rule.objects.at(TELL, case.area, case.rule_on)
    return rule.law if rule else ""


@CASE.predicate("not_asked")
def not_asked(case: Case, _facts: dict[str, Any]) -> bool:
    """Nobody asks twice."""
    return not case.hearing_asked


@CASE.predicate("hearing_called")
def hearing_called(case: Case, _facts: dict[str, Any]) -> bool:
    """It has its day, hour, place and chair."""
    return case.hearing_on is not None


@CASE.predicate("hearing_told")
def hearing_told(case: Case, _facts: dict[str, Any]) -> bool:
    """The party has the notice of this very day."""
    return case.hearing_told_on is not None


@CASE.predicate("hearing_untold")
def hearing_untold(case: Case, _facts: dict[str, Any]) -> bool:
    """It has not."""
    return case.hearing_told_on is None


@CASE.predicate("called_on_paper")
def called_on_paper(case: Case, facts: dict[str, Any]) -> bool:
    """A notice that was signed for has its receipt; one that was refused was left."""
    if facts.get("service") not in ON_PAPER:
        return True
    return Attachment.objects.filter(subject=case.pk, role="called", voided_at__isnull=True).exists()


@CASE.effect("ask_hearing")
def asks_hearing(case: Case, _by: User | None, _facts: dict[str, Any]) -> None:
    """The clock stands until it was held."""
    case.hearing_asked = True


@CASE.effect("call_hearing")
def called(case: Case, by: User | None, facts: dict[str, Any]) -> None:
    """听证通知书. It must be possible to hand it over in time; a new day wants a new notice."""
    last = facts["hearing_tell_by"] = tell_by(case, facts["hearing_on"])
    if last < today():
        said = _("通知书须按规定提前送达当事人，最早可以定在 %(day)s。") % {"day": first_day(case)}
        raise Refused(said, {"hearing_on": said}, "invalid")
    if facts["presided_by"] in (case.officer.name, case.second.name if case.second else ""):
        said = _("听证由非本案调查人员主持。")
        raise Refused(said, {"presided_by": said}, "invalid")
    case.hearing_told_on = None
    number = take_number("hearing", case.area, case)
    documents.called_to_hearing(case, by, number, clause_of(case), facts.get("hearing_staff", ""))


@CASE.effect("tell_hearing")
def told(case: Case, _by: User | None, facts: dict[str, Any]) -> None:
    """Handed over in time, else the hearing is set for another day."""
    days.not_ahead(facts["hearing_told_on"], "hearing_told_on")
    days.not_before(facts["hearing_told_on"], case.noticed_on, "hearing_told_on")
    if case.hearing_on and facts["hearing_told_on"] > (last := tell_by(case, case.hearing_on)):
        said = _("这次听证的通知书至迟在 %(day)s 送达；请改定听证日期。") % {"day": last}
        raise Refused(said, {"hearing_told_on": said}, "invalid")


@CASE.effect("hear")
def heard(case: Case, by: User | None, facts: dict[str, Any]) -> None:
    """听证报告. Not before the day of which the party was told."""
    days.not_ahead(facts["heard_on"], "heard_on")
    days.not_before(facts["heard_on"], case.hearing_on, "heard_on")
    documents.heard(case, by)


@CASE.effect("drop_hearing")
def dropped(case: Case, _by: User | None, _facts: dict[str, Any]) -> None:
    """As if it had not been asked for; what was called and why it fell stays in the log."""
    case.hearing_asked, case.presided_by = False, ""
    for name, blank in CALLED.items():
        setattr(case, name, blank)
