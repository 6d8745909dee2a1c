"""Counter-signatures: a move that needs other offices waits as a proposal until all have agreed."""

from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from sanxiao.docket.models import Event, Matter, Proposal, Signature
from sanxiao.docket.offers import open_proposal, seat_for, signing_seat, why_not
from sanxiao.docket.record import carry_out, claim, log, plain, revive
from sanxiao.docket.refusal import Refused, Stale
from sanxiao.docket.tables import Move
from sanxiao.office.duties import Seat
from sanxiao.office.models import User
from sanxiao.office.now import now, today


def propose(
    obj: Matter, row: Move, by: User, seat: Seat | None, needs: tuple[str, ...], facts: dict[str, Any]
) -> Event:
    """Let a move wait for the yes of other offices, and log that. Raises Refused or Stale."""
    if obj._state.adding:
        raise Refused(_("先保存，再提交会签。"), code="state")
    try:
        with transaction.atomic():
            Proposal.objects.create(
                kind=obj.flow.key, subject=obj.pk, file=obj.file_id_for_log, area=obj.area, move=row.key,
                needs=list(needs), in_order=row.in_order, facts=plain(obj, facts), by=by, at=now(),
            )  # fmt: skip
            claim(obj, obj.state)
            return log(obj, f"propose:{row.key}", by, seat, facts=plain(obj, facts), frm=obj.state, to=obj.state)
    except IntegrityError as error:
        raise Stale(_("已有一项决定在等待会签。")) from error


def sign(obj: Matter, by: User, agrees: bool, note: str = "") -> Event:
    """Counter-sign the open proposal of an object, or refuse it with a reason.

    The last yes carries the move out; one no ends the proposal. Raises Refused when it is not this
    person's turn, or Stale when somebody else was quicker.
    """
    proposal = open_proposal(obj)
    seat = signing_seat(proposal, by) if proposal else None
    if proposal is None or seat is None:
        raise Refused(_("现在没有需要您会签的事项。"), code="forbidden")
    if not agrees and not note.strip():
        raise Refused(_("不同意须写明理由。"), {"note": _("请填写")}, code="invalid")
    row = obj.flow.row(proposal.move)
    with transaction.atomic():
        claim(obj, obj.state)
        Signature.objects.create(
            proposal=proposal, role=seat.role, agrees=agrees, note=note, by=by, office_id=seat.office_id, at=now()
        )
        signed = {"agrees": agrees, **({"note": note} if note else {})}
        event = log(obj, f"sign:{row.key}", by, seat, facts=signed, frm=obj.state, to=obj.state)
        if not agrees:
            _end(proposal, Proposal.REFUSED)
        elif not Proposal.objects.get(pk=proposal.pk).missing():
            _end(proposal, Proposal.DONE)
            facts = revive(obj, proposal.facts)
            if reason := why_not(obj, row, facts):
                raise Refused(reason, code="guard")
            on = facts.pop("on", None) or today()
            return carry_out(obj, row, proposal.by, seat_for(row, obj, proposal.by), on, facts)
    return event


def _end(proposal: Proposal, state: str) -> None:
    Proposal.objects.filter(pk=proposal.pk).update(state=state)
