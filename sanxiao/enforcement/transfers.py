"""What the moves of a hand-over do, and the conditions they wait for."""

from typing import Any

from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _

from sanxiao.archive.models import Establishment
from sanxiao.docket import flow
from sanxiao.docket.models import Deadline
from sanxiao.docket.refusal import Refused
from sanxiao.enforcement import crimes, documents
from sanxiao.enforcement.handing import REFERRAL, TRANSFER
from sanxiao.enforcement.models import Case, Incident, Referral, Transfer, known
from sanxiao.enforcement.rules import LIVE
from sanxiao.office.duties import DUTIES, LEADS, scope_of
from sanxiao.office.models import Office, User
from sanxiao.papers.models import take_number

NEEDED = {"letter", "report"}
FALLEN = ("declined", "back")  # hand-overs that came to nothing: another one may follow


@TRANSFER.beginning
def begin_transfer(user: User, params: dict[str, str]) -> Transfer:
    """A hand-over of a case, or of violence against officers, that this person may see."""
    if "incident" in params:
        return _of_incident(user, params["incident"])
    case = known(Case, params.get("case"))
    if case is None or not Case.objects.seen_by(user).filter(pk=case.pk).exists():
        raise Http404
    return Transfer(case=case, file=case.file, area=case.area, officer=user, crime=crimes.suspected(case))


def _of_incident(user: User, pk: str) -> Transfer:
    incident = known(Incident, pk)
    if incident is None or not Incident.objects.seen_by(user).filter(pk=incident.pk).exists():
        raise Http404
    crime = "order" if incident.harm == "words" else "277"
    transfer = Transfer(file=incident.file, area=incident.area, officer=user, crime=crime)
    transfer.incident = incident
    return transfer


def linkable(incident: Incident, user: Any) -> Any:
    """Hand-overs of the same place that this person may see, for an incident that none of its own has come of."""
    rows = Transfer.objects.seen_by(user).filter(file__in=incident.file.pks)
    return rows.exclude(state__in=FALLEN).order_by("-created_at")


def is_handed(incident: Incident) -> bool:
    """Do the police have it, or are they about to?"""
    return incident.transfer is not None and incident.transfer.state not in FALLEN


def link(incident: Incident, transfer: Transfer, by: User) -> None:
    """From now on each shows the other; the log of the incident names the hand-over."""
    with transaction.atomic():
        flow.touch(incident, by, "incident.record", "link", hand_over=str(transfer.pk))
        Incident.objects.filter(pk=incident.pk).update(transfer=transfer)


@TRANSFER.predicate("case_live")
def case_live(transfer: Transfer, _facts: dict[str, Any]) -> bool:
    """Filed and not yet decided; violence against officers needs no case."""
    return transfer.case is None or transfer.case.state in LIVE


@TRANSFER.predicate("none_running")
def none_running(transfer: Transfer, _facts: dict[str, Any]) -> bool:
    """One at a time."""
    return transfer.case is None or not transfer.case.transfers.filter(state__in=TRANSFER.open_states).exists()


@TRANSFER.predicate("not_handed")
def not_handed(transfer: Transfer, _facts: dict[str, Any]) -> bool:
    """One of an incident, unless it was declined or came back."""
    return transfer.incident is None or not is_handed(transfer.incident)


@TRANSFER.predicate("papers_whole")
def papers_whole(_transfer: Transfer, facts: dict[str, Any]) -> bool:
    """Letter and report go with every case."""
    return not facts or set(facts.get("papers", [])) >= NEEDED


@TRANSFER.predicate("goods_held")
def goods_held(transfer: Transfer, _facts: dict[str, Any]) -> bool:
    """There is something to hand over."""
    return transfer.case is not None and transfer.case.measures.unsettled().exists()


@TRANSFER.predicate("goods_wait")
def goods_wait(transfer: Transfer, _facts: dict[str, Any]) -> bool:
    """The three days for the goods run."""
    return Deadline.objects.filter(subject=transfer.pk, term="goods", done_on__isnull=True).exists()


@TRANSFER.effect("propose")
def proposed(transfer: Transfer, by: User | None, _facts: dict[str, Any]) -> None:
    """Two persons at least; an incident names what came of it."""
    if by is not None and transfer.second_id == by.pk:
        said = _("专案须两名以上人员，请选另一位同事。")
        raise Refused(said, {"second": said}, "invalid")
    if by is not None and transfer.incident is not None:
        link(transfer.incident, transfer, by)


@TRANSFER.effect("send")
def sent(transfer: Transfer, by: User | None, _facts: dict[str, Any]) -> None:
    """涉嫌犯罪案件移送书, also 案件移送书 of violence that is no crime; the clock of a case stands from now on."""
    transfer.number = take_number("transfer", transfer.area, transfer)
    documents.to_police(transfer, by)
    if transfer.case is not None:
        flow.move(transfer.case, "to_police", by, within=True, reason=transfer.number)


@TRANSFER.effect("back", "close")
def returned(transfer: Transfer, by: User | None, _facts: dict[str, Any]) -> None:
    """The case goes on where it stood."""
    case = known(Case, transfer.case_id)
    if case is not None and case.state in LIVE:
        flow.move(case, "from_police", by, within=True)


# -- to another office


@REFERRAL.beginning
def begin_referral(user: User, params: dict[str, str]) -> Referral:
    """A matter about a file that this person may see, sent by the office in which he sits."""
    file = known(Establishment, params.get("file"))
    if file is None or not Establishment.objects.seen_by(user).filter(pk=file.pk).exists():
        raise Http404
    seat = scope_of(user).seat_for("referral.send", file.area)
    if seat is None:
        raise Http404
    case = known(Case, params.get("case"))
    if case is not None and not Case.objects.seen_by(user).filter(pk=case.pk).exists():
        raise Http404
    return Referral(file=file, area=file.area, case=case, sender_id=seat.office_id)


def offices_for(referral: Referral) -> Any:
    """Offices that a matter may be handed to: those that take any, on this ground, without the sender and refuser."""
    roles = DUTIES["referral.take"].roles(LEADS)
    rows = Office.objects.on().filter(role__in=roles).exclude(pk__in=[referral.sender_id, referral.refused_by_id or 0])
    near = [office.pk for office in rows if referral.area.startswith(office.area.rstrip("0"))]
    return Office.objects.filter(pk__in=near)


@REFERRAL.predicate("not_itself")
def not_itself(referral: Referral, facts: dict[str, Any]) -> bool:
    """The sender has it already."""
    to = facts.get("to")
    return to is None or to.pk != referral.sender_id


@REFERRAL.predicate("may_refuse")
def may_refuse(referral: Referral, _facts: dict[str, Any]) -> bool:
    """What was assigned is not sent back."""
    return not referral.assigned


@REFERRAL.effect("send")
def referred(referral: Referral, by: User | None, _facts: dict[str, Any]) -> None:
    """案件移送函."""
    referral.number = take_number("referral", referral.area, referral)
    documents.to_office(referral, by)


@REFERRAL.effect("refuse")
def sent_back(referral: Referral, _by: User | None, facts: dict[str, Any]) -> None:
    """Who refuses names somebody else."""
    if facts["better"].pk == referral.to_id:
        said = _("请写明应当由哪个别的单位办理。")
        raise Refused(said, {"better": said}, "invalid")
    referral.refused_by_id = referral.to_id


@REFERRAL.effect("assign")
def assigned(referral: Referral, by: User | None, _facts: dict[str, Any]) -> None:
    """For good: a second letter names the office."""
    referral.assigned = True
    documents.to_office(referral, by)
