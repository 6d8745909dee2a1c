"""What is owed of a penalty: rates and their dates, what lateness adds, payments, urging and the court.

Without a plan there is one rate, due when the term of payment ends. Payments fill the rates in the order of their
dates; what is left of a rate after its date bears three per cent a day of the fine in it, all together never more than
the fine (行政处罚法 art. 72), until somebody waives it (行政强制法 art. 42).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from sanxiao.docket.models import Deadline, Rule
from sanxiao.docket.refusal import Refused
from sanxiao.enforcement import days, documents
from sanxiao.enforcement.models import Case, Instalment, Payment
from sanxiao.enforcement.rules import CASE
from sanxiao.office.models import User
from sanxiao.office.now import today

CENT = Decimal("0.01")


@dataclass(frozen=True)
class Rate:
    """One rate: how much by which day (None: no day is known yet), and which payments have filled it."""

    no: int
    amount: Decimal
    due_on: date | None
    parts: tuple[tuple[date, Decimal], ...] = ()

    @property
    def paid(self) -> Decimal:
        """What was paid of it."""
        return sum((sum_ for _day, sum_ in self.parts), Decimal(0))

    @property
    def left(self) -> Decimal:
        """What is still to be paid of it."""
        return self.amount - self.paid

    @property
    def is_late(self) -> bool:
        """Its day is over and something is left."""
        return self.left > 0 and self.due_on is not None and self.due_on < today()

    @property
    def days_late(self) -> int:
        """How many days it is late today."""
        return (today() - self.due_on).days if self.is_late and self.due_on else 0

    def weight(self, on: date) -> Decimal:
        """Yuan times days of lateness until a day."""
        if self.due_on is None:
            return Decimal(0)
        late = [(max((day - self.due_on).days, 0), sum_) for day, sum_ in (*self.parts, (on, self.left))]
        return sum((days_ * sum_ for days_, sum_ in late), Decimal(0))


def rates(case: Case) -> list[Rate]:
    """The rates of a case with what was paid of each. Two or three queries."""
    return list(_filled(_dates(case), [(row.paid_on, row.amount) for row in case.payments.order_by("paid_on", "at")]))


def plan(case: Case) -> list[Rate]:
    """The rates of an approved plan, for the page; empty without one."""
    return [rate for rate in rates(case) if rate.no] if case.instalments.now().exists() else []


def _dates(case: Case) -> Iterator[tuple[int, Decimal, date | None]]:
    """Number, sum and day of each rate; what was paid before a plan is number 0 and is not late any more."""
    planned = list(case.instalments.now().order_by("no"))
    if not planned:
        term = Deadline.objects.filter(subject=case.pk, term="pay").order_by("-starts_on", "-id").first()
        yield 0, case.owed, term.due_on if term else None
        return
    yield 0, max(case.owed - sum((row.amount for row in planned), Decimal(0)), Decimal(0)), None
    yield from ((row.no, row.amount, row.due_on) for row in planned)


def _filled(dates: Iterator[tuple[int, Decimal, date | None]], paid: list[tuple[date, Decimal]]) -> Iterator[Rate]:
    for no, amount, due_on in dates:
        parts, room = [], amount
        while room > 0 and paid:
            day, sum_ = paid[0]
            part = min(sum_, room)
            parts.append((day, part))
            room -= part
            paid[0:1] = [(day, sum_ - part)] if sum_ > part else []
        yield Rate(no, amount, due_on, tuple(parts))


def surcharge(case: Case, on: date | None = None) -> Decimal:
    """What lateness has added until a day, whether paid or not."""
    if case.late_waived_on or not case.fine or not case.owed:
        return Decimal(0)
    said = Rule.objects.value("term.CASE_PAY", case.area, case.rule_on, {})
    percent = Decimal(str(said.get("surcharge_percent_per_day", 3)))
    weight = sum((rate.weight(on or today()) for rate in rates(case)), Decimal(0))
    return min(weight * percent * case.fine / case.owed / 100, case.fine).quantize(CENT)


def late_left(case: Case) -> Decimal:
    """What is still to be paid of that: what was paid beyond fine and gains went into it."""
    return max(surcharge(case) - max(case.paid - case.owed, Decimal(0)), Decimal(0))


def next_rate_on(case: Case) -> date | None:
    """The day of the first rate of a plan that is not paid and not over; None without one."""
    days_ = (rate.due_on for rate in plan(case) if rate.left > 0 and rate.due_on and rate.due_on >= today())
    return next(days_, None)


# --- conditions --------------------------------------------------------------------------------------------------


@CASE.predicate("something_due")
def something_due(case: Case, _facts: dict[str, Any]) -> bool:
    """Not all is paid."""
    return case.left > 0


@CASE.predicate("something_owed")
def something_owed(case: Case, _facts: dict[str, Any]) -> bool:
    """Not all is paid, or what lateness has added is not."""
    return case.left > 0 or late_left(case) > 0


@CASE.predicate("has_surcharge")
def has_surcharge(case: Case, _facts: dict[str, Any]) -> bool:
    """Lateness has added something that is not paid."""
    return late_left(case) > 0


@CASE.predicate("nothing_due")
def nothing_due(case: Case, _facts: dict[str, Any]) -> bool:
    """All is paid, or the court has it."""
    return case.to_court_on is not None or not something_owed(case, {})


@CASE.predicate("is_unpaid")
def is_unpaid(case: Case, _facts: dict[str, Any]) -> bool:
    """The day of payment, or that of a rate, has passed and something is owed of it."""
    return any(rate.is_late for rate in rates(case)) or late_left(case) > 0


@CASE.predicate("rate_runs")
def rate_runs(case: Case, _facts: dict[str, Any]) -> bool:
    """A rate is still to come."""
    return next_rate_on(case) is not None


@CASE.predicate("rate_moves")
def rate_moves(case: Case, _facts: dict[str, Any]) -> bool:
    """The rate of which the term runs is paid: the next one is due on another day."""
    coming = next_rate_on(case)
    runs = Deadline.objects.filter(subject=case.pk, term="pay", done_on__isnull=True)
    return coming is not None and not runs.filter(due_on=coming).exists()


@CASE.predicate("not_at_court")
def not_at_court(case: Case, _facts: dict[str, Any]) -> bool:
    """The court has not been asked."""
    return case.to_court_on is None


@CASE.predicate("urged_in_vain")
def urged_in_vain(case: Case, _facts: dict[str, Any]) -> bool:
    """Ten working days after urging, whether the night watch has noted it yet or not."""
    terms = Deadline.objects.filter(subject=case.pk)
    return terms.past().filter(term="court").exists() or terms.running().filter(term="apply").exists()


# --- effects -----------------------------------------------------------------------------------------------------


@CASE.effect("instalments")
def planned(case: Case, by: User | None, facts: dict[str, Any]) -> None:
    """分期、延期缴纳: days that lie ahead, one after the other, and sums that make up what is owed."""
    rows = facts["rates"]
    due = [row["due_on"] for row in rows]
    if due[0] < today() or due != sorted(set(due)):
        said = _("每期的日期不能早于今天，并且一期比一期晚。")
        raise Refused(said, {"rates": said}, "invalid")
    if sum((Decimal(row["amount"]) for row in rows), Decimal(0)) != case.left:
        said = _("各期合计须等于未缴的 %(left)s 元。") % {"left": case.left}
        raise Refused(said, {"rates": said}, "invalid")
    case.instalments.now().update(replaced_on=today())
    Instalment.objects.bulk_create(
        Instalment(case=case, no=no, due_on=row["due_on"], amount=row["amount"]) for no, row in enumerate(rows, 1)
    )
    _tell_next(case, facts)
    documents.instalments(case, by, rows)


@CASE.effect("unpaid")
def lapsed(case: Case, _by: User | None, facts: dict[str, Any]) -> None:
    """One rate is late; the next runs by its own day."""
    _tell_next(case, facts)


@CASE.effect("pay")
def paid(case: Case, _by: User | None, facts: dict[str, Any]) -> None:
    """One slip, one payment; never more than is owed with what lateness adds."""
    most = case.left + late_left(case)
    if facts["amount"] > most:
        said = _("超过了应缴数额 %(sum)s 元（含加处罚款）。") % {"sum": most}
        raise Refused(said, {"amount": said}, "invalid")
    days.not_ahead(facts["paid_on"], "paid_on")
    days.not_before(facts["paid_on"], case.decided_on, "paid_on")
    try:
        with transaction.atomic():
            Payment.objects.create(case=case, amount=facts["amount"], paid_on=facts["paid_on"], slip=facts["slip"])
    except IntegrityError as error:
        said = _("票据号 %(no)s 已经登记过。") % {"no": facts["slip"]}
        raise Refused(said, {"slip": said}, "invalid") from error
    if case.left == 0:  # whoever has paid does not run out of time at night
        Deadline.objects.filter(subject=case.pk, term="pay", done_on=None).update(done_on=today(), outcome="met")
    _tell_next(case, facts)


def _tell_next(case: Case, facts: dict[str, Any]) -> None:
    if coming := next_rate_on(case):
        facts["next_rate_on"] = coming


@CASE.effect("waive_late")
def waived(case: Case, by: User | None, facts: dict[str, Any]) -> None:
    """What lateness has added falls away, and nothing is added any more."""
    case.late_waived_on = today()
    documents.agreed(case, by, "减免加处罚款", facts["reason"])


@CASE.effect("urge")
def urged(case: Case, by: User | None, facts: dict[str, Any]) -> None:
    """行政处罚决定履行催告书."""
    days.not_ahead(facts["urged_on"], "urged_on")
    days.not_before(facts["urged_on"], case.served_on, "urged_on")
    documents.urged(case, by, case.left, late_left(case))


@CASE.effect("to_court")
def to_court(case: Case, by: User | None, _facts: dict[str, Any]) -> None:
    """强制执行申请书; the court has it."""
    case.to_court_on = today()
    documents.to_court(case, by, case.left, late_left(case))
