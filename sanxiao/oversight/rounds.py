"""What the moves of a round and of its findings do, and the conditions they wait for."""

from typing import Any

from django.utils.translation import gettext as _

from sanxiao.docket import clock, files, flow
from sanxiao.docket.models import Attachment, Rule, the_calendar
from sanxiao.docket.refusal import Refused
from sanxiao.office.duties import scope_of
from sanxiao.office.models import Office, User
from sanxiao.office.now import today
from sanxiao.oversight.models import Finding, Round, Visit
from sanxiao.oversight.people import sits_in
from sanxiao.oversight.rules import FINDING, ROUND

DAYS = 15  # working days, where the town's rules say nothing


def ground(user: User, duty: str) -> str:
    """The ground of a matter that this person begins: that of the seat by which he leads the duty."""
    seat = scope_of(user).seat_for(duty, None)
    return (seat.prefix if seat else "").ljust(12, "0")


def keep_uploads(obj: Any, by: User) -> None:
    """Files that came with the form of a matter that was just begun (see forms.BeginForm)."""
    for role, upload in obj.__dict__.pop("uploads", ()):
        files.keep(obj, upload, upload.name or role, by, role=role)


# --- the round ---------------------------------------------------------------------------------------------------


@ROUND.beginning
def begin_round(user: User, _params: dict[str, str]) -> Round:
    """A round over the person's whole ground."""
    return Round(area=ground(user, "oversight.lead"))


@ROUND.effect("plan")
def planned(round_: Round, _by: User, facts: dict[str, Any]) -> None:
    """Every unit gets its line."""
    Visit.objects.bulk_create(Visit(round=round_, unit_id=unit) for unit in dict.fromkeys(facts["whom"]))


@ROUND.effect("visit")
def visited(round_: Round, _by: User, facts: dict[str, Any]) -> None:
    """Somebody was there, and says what was seen."""
    if facts["seen_on"] > today():
        raise Refused(_("走访日期不能晚于今天。"), {"seen_on": _("不能晚于今天")}, "invalid")
    rows = Visit.objects.filter(round=round_, unit_id=facts["whom"])
    if not rows.update(seen_on=facts["seen_on"], words=facts["words"]):
        raise Refused(_("这次督查没有这个单位。"), {"whom": _("请选名单里的单位")}, "invalid")


@ROUND.predicate("all_seen")
def all_seen(round_: Round, _facts: dict[str, Any]) -> bool:
    """Every unit was visited: none is judged from a desk."""
    return not round_.visits.filter(seen_on__isnull=True).exists()


@ROUND.effect("tell")
def told(round_: Round, by: User, facts: dict[str, Any]) -> None:
    """All findings go to their units, and their terms begin."""
    rows = list(round_.findings.filter(state="noted").select_related("unit"))
    for finding in rows:
        tell(finding, by)
    facts["count"] = len(rows)


@ROUND.predicate("all_settled")
def all_settled(round_: Round, _facts: dict[str, Any]) -> bool:
    """Nothing is left on the correction list."""
    return not round_.findings.filter(state__in=FINDING.open_states).exists()


@ROUND.effect("cancel")
def cancelled(round_: Round, by: User, facts: dict[str, Any]) -> None:
    """What was noted and never told goes with it."""
    for finding in round_.findings.filter(state="noted"):
        flow.move(finding, "void", by, within=True, reason=facts["reason"])


# --- a finding ---------------------------------------------------------------------------------------------------


@FINDING.beginning
def begin_finding(user: User, params: dict[str, str]) -> Finding:
    """One of a round that goes on, at one of its units. Raises LookupError (404) for any other."""
    round_ = Round.objects.seen_by(user).filter(pk=params.get("round") or None, state="underway").first()
    finding = Finding(area=ground(user, "oversight.lead"), round=round_, due_by=usual_due(user))
    unit = params.get("unit", "")
    office = Office.objects.filter(pk=unit).first() if unit.isdigit() else None
    if office is not None:
        finding.unit, finding.area = office, office.area
    return finding


def usual_due(user: User) -> Any:
    """The day until which a finding is put right, where nobody says another."""
    return due_from_today(ground(user, "oversight.lead"), "term.FINDING_CORRECT", DAYS)


def due_from_today(area: str, key: str, usual: int) -> Any:
    """So many working days from today, by the town's rule."""
    row = Rule.objects.at(key, area)
    said = row.value if row else usual
    length = said["length"] if isinstance(said, dict) else said
    return clock.due(today(), int(length), "wd", the_calendar()).on


@FINDING.effect("note")
def noted(finding: Finding, by: User, _facts: dict[str, Any]) -> None:
    """It lies on the ground of its unit; only units of the round can have one, or who failed a proof."""
    here = finding.round is not None and finding.round.visits.filter(unit=finding.unit_id).exists()
    if not (here or finding.about):
        raise Refused(_("问题要记在正在进行的一次督查里，单位要在它的名单上。"), code="guard")
    keep_uploads(finding, by)
    _not_before(finding)
    finding.area = finding.unit.area


@FINDING.effect("return")
def returned(finding: Finding, _by: User, _facts: dict[str, Any]) -> None:
    """A new date, to come."""
    _not_before(finding)


def _not_before(finding: Finding) -> None:
    if finding.due_by <= today():
        raise Refused(_("整改期限须在今天之后。"), {"due_by": _("须在今天之后")}, "invalid")


def tell(finding: Finding, by: User | None) -> None:
    """The unit hears of it."""
    flow.move(finding, "tell", by, within=True)


@FINDING.effect("tell")
def heard(finding: Finding, _by: User | None, _facts: dict[str, Any]) -> None:
    """Who was told later than planned has the usual days all the same."""
    if finding.due_by <= today():
        finding.due_by = due_from_today(finding.area, "term.FINDING_CORRECT", DAYS)


@FINDING.predicate("proof")
def has_proof(finding: Finding, facts: dict[str, Any]) -> bool:
    """A picture or a paper of the correction, asked when it is reported: the button itself waits for none."""
    proofs = Attachment.objects.filter(subject=finding.pk, role__in=("after", "document"), voided_at__isnull=True)
    return not facts or proofs.exists()


@FINDING.effect("report")
def reported(finding: Finding, by: User, _facts: dict[str, Any]) -> None:
    """With the first correction the round is one of correcting."""
    if finding.round_id:
        round_ = Round.objects.get(pk=finding.round_id)
        if round_.state == "told":
            flow.move(round_, "correct", by, within=True)


@FINDING.effect("close")
def closed(finding: Finding, by: User, _facts: dict[str, Any]) -> None:
    """Nobody ticks off his own unit."""
    if sits_in(by, finding.unit_id):
        raise Refused(_("不能核查自己单位的整改。"), code="forbidden")
