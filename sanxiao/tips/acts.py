"""What the moves of complaints and reports do besides changing a state, and the conditions they wait for."""

import secrets
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from sanxiao.archive.models import Establishment
from sanxiao.docket import flow
from sanxiao.docket.models import Attachment, Deadline, Rule
from sanxiao.docket.refusal import Refused
from sanxiao.enforcement.acts import from_public
from sanxiao.office.duties import DUTIES, LEADS
from sanxiao.office.models import Office, User
from sanxiao.office.now import today
from sanxiao.survey import leads
from sanxiao.tips import receipts, routing
from sanxiao.tips.models import Complaint, Letter, Message, Opening, Report, Track
from sanxiao.tips.rules import COMPLAINT, OPENING, REPORT
from sanxiao.tips.taking import hang

ORIGIN = "tip"
OPEN = ("received", "accepted", "ended", "checking", "filed", "unfiled")


# --- a letter is opened ------------------------------------------------------------------------------------------


def open_letter(letter: Letter, pictures: Iterable[bytes]) -> list[Track]:
    """Begin the tracks of a letter: a complaint, a report, or one of each. Terms count from the day it came."""
    kept = list(pictures)
    models: list[type[Track]] = [Complaint] if letter.want == "complaint" else [Report]
    if letter.want == "both":
        models = [Complaint, Report]
        secrets.SystemRandom().shuffle(models)
    return [_begin(model, letter, kept) for model in models]


def _begin(model: type[Track], letter: Letter, pictures: Iterable[bytes], on: date | None = None) -> Track:
    day = on or letter.received_on
    track = model(area=letter.area, rule_on=letter.received_on, office=routing.office_for(letter))
    track.letter = letter
    flow.move(track, "receive", None, on=day)
    hang(track, pictures)
    return track


def said_later(letter: Letter, what: str, said: dict[str, Any], on: date) -> None:
    """What the holder of the receipt wrote after the letter: a word, a mark on the answer, a withdrawal."""
    if letter.content_gone_on:
        return
    if text := said.get("text"):
        write(letter, None, text, on)
    for track in letter.tracks():
        if what == "mark" and track.state == "closed":
            type(track).objects.filter(pk=track.pk).update(satisfied=said["satisfied"])
            flow.log(track, "mark", None, facts={"satisfied": said["satisfied"]}, on=on)
        elif what == "back" and track.state in track.flow.row("withdraw").frm:
            flow.move(track, "withdraw", None, on=on)
    settle(letter)


def write(letter: Letter, by: User | None, text: str, on: date | None = None) -> Message:
    """One more turn of the talk."""
    last = Message.objects.filter(letter=letter).order_by("-no").values_list("no", flat=True).first()
    message = Message(letter=letter, no=(last or 0) + 1, by=by, on=on or today(), read=by is not None)
    message.text = text
    message.save(force_insert=True)
    return message


def answered(letter: Letter, by: User | None, text: str) -> None:
    """The desk speaks: what the informer wrote before has been read with it."""
    Message.objects.filter(letter=letter, by__isnull=True, read=False).update(read=True)
    write(letter, by, text)


def told(letter: Letter, by: User | None, chinese: str, english: str) -> None:
    """A standing word for the receipt page, in the language in which the letter was written."""
    write(letter, by, english if letter.english else chinese)


def settle(letter: Letter) -> None:
    """Note the day on which nothing of a letter is open any more; from it the identity's time runs."""
    is_open = any(track.is_open for track in letter.tracks())
    closed = None if is_open else (letter.closed_on or today())
    Letter.objects.filter(pk=letter.pk).update(closed_on=closed)
    letter.closed_on = closed


# --- conditions --------------------------------------------------------------------------------------------------


@COMPLAINT.predicate("not_accused")
@REPORT.predicate("not_accused")
def not_accused(track: Track, facts: dict[str, Any]) -> bool:
    """The unit that is told of does not handle it."""
    office = facts.get("office")
    return office is None or office.pk != track.letter.accused_id


@COMPLAINT.predicate("single")
@REPORT.predicate("single")
def single(track: Track, _facts: dict[str, Any]) -> bool:
    """The letter has no second track yet."""
    return len(track.letter.tracks()) == 1


@REPORT.predicate("named")
def named(report: Report, _facts: dict[str, Any]) -> bool:
    """The informer gave a name."""
    return report.letter.named


def _term(track: Track, key: str) -> Deadline | None:
    return Deadline.objects.filter(subject=track.pk, term=key, done_on__isnull=True).first()


def _running(track: Track) -> Deadline | None:
    return _term(track, "mediate" if isinstance(track, Complaint) else "check")


@COMPLAINT.predicate("runs")
@REPORT.predicate("runs")
def runs(track: Track, _facts: dict[str, Any]) -> bool:
    """The main term is not paused."""
    term = _running(track)
    return term is not None and term.paused_on is None


@COMPLAINT.predicate("paused")
@REPORT.predicate("paused")
def paused(track: Track, _facts: dict[str, Any]) -> bool:
    """The main term is paused."""
    term = _running(track)
    return term is not None and term.paused_on is not None


@REPORT.predicate("must_tell_filing")
def must_tell_filing(report: Report, _facts: dict[str, Any]) -> bool:
    """Who gave a name is told of the filing, where the rule of the day of receipt still says so."""
    return report.letter.named and Rule.objects.at("term.TIP_TELL_FILING", report.area, report.rule_on) is not None


@REPORT.predicate("no_file")
def no_file(report: Report, _facts: dict[str, Any]) -> bool:
    """The place has no file."""
    return report.file_id is None


@REPORT.predicate("has_village")
def has_village(report: Report, _facts: dict[str, Any]) -> bool:
    """It is known in which village the place lies."""
    return bool(report.area[9:].strip("0"))


@REPORT.predicate("village_not_accused")
def village_not_accused(report: Report, _facts: dict[str, Any]) -> bool:
    """The village itself is not what is told of."""
    accused = report.letter.accused
    return accused is None or accused.area != report.area


@REPORT.predicate("no_lead")
def no_lead(report: Report, _facts: dict[str, Any]) -> bool:
    """No lead has been sent for it."""
    return report.lead is None


@REPORT.predicate("may_punish")
def may_punish(report: Report, _facts: dict[str, Any]) -> bool:
    """It lies with an office that handles cases."""
    return report.office is not None and report.office.role in DUTIES["case.handle"].roles(LEADS)


@REPORT.predicate("has_file")
def has_file(report: Report, _facts: dict[str, Any]) -> bool:
    """A case is about a place on file."""
    return report.file_id is not None


@REPORT.predicate("no_case_yet")
def no_case_yet(report: Report, _facts: dict[str, Any]) -> bool:
    """One report gives one case; a refused one may be followed by another when new facts come."""
    return report.case is None or report.case.state == "refused"


@REPORT.predicate("case_filed")
def case_filed(report: Report, _facts: dict[str, Any]) -> bool:
    """Where the office handles cases in this program, its case has been approved; others file by their own rules."""
    if not may_punish(report, {}):
        return True
    return report.case is not None and report.case.state not in ("clue", "refused")


@REPORT.predicate("case_not_open")
def case_not_open(report: Report, _facts: dict[str, Any]) -> bool:
    """What has become a case is not answered as if it had not."""
    return report.case is None or report.case.state == "refused"


# --- effects -----------------------------------------------------------------------------------------------------


@COMPLAINT.effect("accept")
def complaint_accepted(complaint: Complaint, by: User | None, _facts: dict[str, Any]) -> None:
    """The informer reads that it is received."""
    told(complaint.letter, by, "您的投诉已受理，将组织调解。", "Your complaint has been accepted and will be mediated.")


@REPORT.effect("accept")
def report_accepted(report: Report, by: User | None, facts: dict[str, Any]) -> None:
    """The office that checks reads the summary alone; the file, when it is known, is one of the ground."""
    _check_file(report)
    told(report.letter, by, "您的举报已收下，正在核查。", "Your report has been taken up and is being checked.")
    report.summary = facts["summary"]


@REPORT.effect("tie")
def report_tied(report: Report, _by: User | None, _facts: dict[str, Any]) -> None:
    """The file is one of the ground."""
    _check_file(report)


def _check_file(report: Report) -> None:
    if report.file_id and not Establishment.objects.current().filter(pk=report.file_id).exists():
        raise Refused(_("请选一份现行的档案。"), {"file": _("请选择")}, "invalid")


@REPORT.effect("lead")
def lead_sent(report: Report, by: User | None, facts: dict[str, Any]) -> None:
    """The village gets what the desk has written, and nothing of the letter: no date of it, no point, no link back.

    The report keeps the key of its lead; the lead does not know the report.
    """
    lead = leads.send(by, origin=ORIGIN, area=report.area, name=facts["place_name"], note=facts.get("note", ""))
    report.lead = lead.pk


@REPORT.effect("case")
def case_begun(report: Report, by: User | None, facts: dict[str, Any]) -> None:
    """The report keeps the key of its case; the case does not know the report."""
    if by is None or report.file is None:
        return
    said = {"second": facts["second"], "conduct": facts.pop("conduct"), "received_on": report.rule_on}
    report.case = from_public(report.file, by, **said)
    facts["case"] = report.case.number


@COMPLAINT.effect("refuse")
@COMPLAINT.effect("tell")
@REPORT.effect("refuse")
@REPORT.effect("repeat")
@REPORT.effect("close")
def told_the_end(track: Track, by: User | None, facts: dict[str, Any]) -> None:
    """The answer goes to the receipt page."""
    answered(track.letter, by, facts["answer"])
    settle(track.letter)


@COMPLAINT.effect("withdraw")
@REPORT.effect("withdraw")
def taken_back(track: Track, _by: User | None, _facts: dict[str, Any]) -> None:
    """Nothing is open any more."""
    settle(track.letter)


@COMPLAINT.effect("reopen")
@REPORT.effect("reopen")
def begun_again(track: Track, by: User | None, _facts: dict[str, Any]) -> None:
    """The informer reads it; his mark on the old answer falls away."""
    track.satisfied = ""
    if isinstance(track, Report):
        track.outcome = ""
    told(track.letter, by, "这一件已重新办理。", "This matter has been taken up again.")
    settle(track.letter)


@COMPLAINT.effect("split")
@REPORT.effect("split")
def split(track: Track, _by: User | None, _facts: dict[str, Any]) -> None:
    """The second track, from the same day of receipt; the pictures hang on both."""
    other: type[Track] = Report if isinstance(track, Complaint) else Complaint
    twin = _begin(other, track.letter, [])
    for each in Attachment.objects.filter(subject=track.pk, voided_at__isnull=True):
        Attachment.objects.create(
            kind=twin.flow.key, subject=twin.pk, area=twin.area, blob_id=each.blob_id, name=each.name, role=each.role,
            at=twin.moment(),
        )  # fmt: skip
    Letter.objects.filter(pk=track.letter.pk).update(want="both")


# --- identities --------------------------------------------------------------------------------------------------


@OPENING.predicate("sealed")
def is_sealed(opening: Opening, _facts: dict[str, Any]) -> bool:
    """There is an identity to open."""
    return opening.letter.copies.exists()


@OPENING.predicate("none_open")
def no_other_opening(opening: Opening, _facts: dict[str, Any]) -> bool:
    """One request at a time."""
    rows = Opening.objects.filter(letter=opening.letter, state__in=("asked", "agreed"))
    return not rows.exclude(pk=opening.pk).exists()


def reissue(letter: Letter, by: User, reason: str) -> str:
    """A lost receipt is replaced: the old one opens nothing any more. Returns the new one."""
    receipt = receipts.new()
    with transaction.atomic():
        flow.touch(letter, by, "tip.receive", "reissue", reason=reason)
        Letter.objects.filter(pk=letter.pk).update(receipt=receipts.index(receipt))
    return receipt


def accuse(letter: Letter, by: User, office: Office | None) -> None:
    """Note which unit of our own a letter is about, where only its words say so; that unit is outside from now on.

    What the route has given it goes elsewhere at once. Raises Refused where it checks the letter already.
    """
    own = [track for track in letter.tracks() if track.is_open and office and track.office_id == office.pk]
    if any(track.state != "received" for track in own):
        raise Refused(_("这一件正由这个单位承办，请先改派，再注明。"), code="guard")
    with transaction.atomic():
        flow.amend(letter, by, "tip.receive", accused=office)
        for track in own:
            type(track).objects.filter(pk=track.pk).update(office=routing.office_for(letter))


def answer_all(tracks: Iterable[Track], by: User, text: str, outcome: str) -> tuple[int, list[tuple[Track, str]]]:
    """Close several with one answer, each in a transaction of its own. Returns how many, and what could not and why."""
    done, left = 0, []
    for track in tracks:
        facts: dict[str, Any] = (
            {"answer": text} if isinstance(track, Complaint) else {"answer": text, "outcome": outcome}
        )
        try:
            flow.move(track, "tell" if isinstance(track, Complaint) else "close", by, **facts)
            done += 1
        except Refused as refusal:
            left.append((track, refusal.reason))
    return done, left
