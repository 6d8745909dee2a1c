"""What the moves of money do: whose line, which activity, and that no two claims get the same yuan."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from sanxiao.docket import files
from sanxiao.docket.models import Proposal
from sanxiao.docket.record import take
from sanxiao.docket.refusal import Refused
from sanxiao.funds import activities, say
from sanxiao.funds.models import FEN, Line, Spending
from sanxiao.funds.rules import LINE, SPENDING
from sanxiao.office.duties import DUTIES, LEADS, Seat, scope_of
from sanxiao.office.models import User
from sanxiao.office.now import today
from sanxiao.papers.models import take_number


def _seat(user: User, duty: str) -> Seat | None:
    leads = DUTIES[duty].roles(LEADS)
    return next((seat for seat in scope_of(user).seats if seat.role in leads), None)


# --- lines -------------------------------------------------------------------------------------------------------


@LINE.beginning
def begin_line(user: User, _params: dict[str, str]) -> Line:
    """A line of the town, of this year."""
    seat = _seat(user, "budget.draft")
    return Line(area=(seat.prefix if seat else "").ljust(12, "0"), year=today().year)


@LINE.effect("draft", "redraft", "adjust")
def written(line: Line, _by: User | None, _facts: dict[str, Any]) -> None:
    """From a known source, and something."""
    if line.source not in dict(say.sources(line.area)):
        raise Refused(_("请选一个来源。"), {"source": _("请选择")}, "invalid")
    if line.amount is None or line.amount < FEN:
        raise Refused(_("金额须大于零。"), {"amount": _("须大于零")}, "invalid")


@LINE.predicate("covers")
def covers(line: Line, facts: dict[str, Any]) -> bool:
    """What is promised stays promised; asked when a sum is told."""
    amount = facts.get("amount")
    return amount is None or amount >= line.promised


@LINE.predicate("nothing_open")
def nothing_open(line: Line, _facts: dict[str, Any]) -> bool:
    """Every claim is settled and paid."""
    return not line.spendings.filter(state__in=("claimed", "approved")).exists()


# --- spending ----------------------------------------------------------------------------------------------------


@SPENDING.beginning
def begin_spending(user: User, params: dict[str, str]) -> Spending:
    """A claim of one's own unit; `line` and `activity` may be named."""
    seat = _seat(user, "spend.claim")
    spending = Spending(area=(seat.prefix if seat else "").ljust(12, "0"), by=user)
    if seat:
        spending.office_id = seat.office_id
    line = Line.objects.seen_by(user).filter(pk=params["line"]).first() if params.get("line") else None
    if line:
        spending.line = line
    return spending


def _line_of(spending: Spending, facts: dict[str, Any]) -> Line | None:
    """The line as it is now."""
    pk = getattr(facts.get("line"), "pk", None) or spending.line_id
    return Line.objects.filter(pk=pk).first()


@SPENDING.predicate("line_open")
def line_open(spending: Spending, facts: dict[str, Any]) -> bool:
    """There is an approved line; asked when one is chosen."""
    line = _line_of(spending, facts)
    return not facts if line is None else line.state == "approved"


@SPENDING.predicate("has_receipt")
def has_receipt(spending: Spending, facts: dict[str, Any]) -> bool:
    """A receipt comes with it; asked when it is claimed."""
    return not facts or bool(facts.get("receipts"))


@SPENDING.predicate("exceeds")
def exceeds(spending: Spending, facts: dict[str, Any]) -> bool:
    """More than the line has left: then the leading group signs as well."""
    line = _line_of(spending, facts)
    return line is not None and (spending.amount or Decimal(0)) > line.left


@SPENDING.effect("claim")
def claimed(spending: Spending, by: User | None, facts: dict[str, Any]) -> None:
    """The activity is one that the claimant may see; the receipt is kept with the claim."""
    assert by is not None  # nobody else claims
    if spending.amount is None or spending.amount < FEN:
        raise Refused(_("金额须大于零。"), {"amount": _("须大于零")}, "invalid")
    if spending.spent_on > today():
        raise Refused(_("开支日期不能晚于今天。"), {"spent_on": _("不能晚于今天")}, "invalid")
    found = activities.find(str(facts["activity"]), by)
    if found is None:
        raise Refused(_("请选这笔钱用于哪一件工作。"), {"activity": _("请选择")}, "invalid")
    spending.kind, spending.subject = found.kind, found.subject
    spending.subject_name = found.name[:120]
    facts["activity"] = f"{found.kind}:{found.subject}|{spending.subject_name}"
    spending.number = take_number("spending", spending.area, spending)
    for receipt in facts.pop("receipts", []):
        files.keep(spending, receipt, getattr(receipt, "name", _("发票")), by, role="slip")


@SPENDING.effect("approve")
def approved(spending: Spending, _by: User | None, facts: dict[str, Any]) -> None:
    """The line promises the sum; of two who want its last money the second is refused, unless the leading group has
    signed that it may exceed the line."""
    amount = _sum(spending)
    signed = Proposal.objects.filter(subject=spending.pk, move="approve", state=Proposal.DONE).exists()
    line = _promise(spending, amount, beyond=signed)
    facts["amount"] = str(amount)
    if line.left < 0:
        facts["over"] = str(-line.left)


def _promise(spending: Spending, amount: Decimal, *, beyond: bool) -> Line:
    """Add to what the line has promised, on the version that was read. Raises Refused, or Stale for who lost a race."""
    line = Line.objects.get(pk=spending.line_id)
    if amount > line.left and not beyond:
        said = _("“%(line)s”只剩 %(left)s，不够这一笔；再按一次“审核同意”，报领导小组会签。")
        raise Refused(said % {"line": line.item, "left": say.yuan(line.left)}, code="guard")
    take(line)
    line.promised += amount
    Line.objects.filter(pk=line.pk).update(promised=line.promised)
    return line


def _sum(spending: Spending) -> Decimal:
    return spending.amount or Decimal(0)


@SPENDING.effect("pay")
def paid(spending: Spending, _by: User | None, facts: dict[str, Any]) -> None:
    """Not in the future, and not before it was claimed for."""
    day = spending.paid_on
    if day is None or day > today() or day < spending.spent_on:
        said = _("支付日期须在开支日期之后、今天之前。")
        raise Refused(said, {"paid_on": said}, "invalid")
    facts["amount"] = str(_sum(spending))


@SPENDING.effect("reverse")
def reversed_(spending: Spending, _by: User | None, facts: dict[str, Any]) -> None:
    """The money goes back to its line."""
    _promise(spending, -_sum(spending), beyond=True)
    facts["amount"] = str(_sum(spending))
