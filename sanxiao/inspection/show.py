"""How an order and its problems are laid out on pages, in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from sanxiao.docket import clock, flow, terms
from sanxiao.docket.models import Attachment, Deadline, Proposal, the_calendar
from sanxiao.docket.tables import Term
from sanxiao.inspection.models import Order, Problem
from sanxiao.office.models import User

REVIEW = Term("review", _("行政复议"), 60, "d", rule="FIX_REVIEW")
SUIT = Term("suit", _("行政诉讼"), 6, "month", rule="FIX_SUIT")


def with_photos(problems: Iterable[Problem]) -> list[Problem]:
    """Problems with `photos`: their pictures by use (before, after), oldest first."""
    found = list(problems)
    kept: dict[Any, dict[str, list[Attachment]]] = defaultdict(lambda: {"before": [], "after": []})
    rows = Attachment.objects.filter(subject__in=[p.pk for p in found], voided_at__isnull=True)
    for photo in rows.select_related("blob"):
        kept[photo.subject].setdefault(photo.role, []).append(photo)
    for problem in found:
        problem.photos = kept[problem.pk]
    return found


def laid_out(order: Order, user: User) -> list[Problem]:
    """Problems as the order's page shows them: photos, running term, pending extension, what this person may do."""
    found = with_photos(order.problems.select_related("order"))
    keys = [p.pk for p in found]
    running = {d.subject: d for d in Deadline.objects.filter(subject__in=keys, done_on__isnull=True)}
    waiting = Proposal.objects.filter(subject__in=keys, state=Proposal.OPEN).prefetch_related("signatures")
    proposals = {p.subject: p for p in waiting}
    for problem in found:
        problem.term = running.get(problem.pk)
        problem.proposal = proposals.get(problem.pk)
        problem.offers = _offers(problem, user)
    return found


def _offers(problem: Problem, user: User) -> list[flow.Offer]:
    """Moves of one problem for this person, from what is already read."""
    offers = []
    for row in flow.rows_from(problem):
        pending = problem.proposal if problem.proposal and problem.proposal.move == row.key else None
        if pending and flow.signing_seat(pending, user):
            offers.append(flow.Offer(row, proposal=pending))
        elif not pending and row.duty and flow.seat_for(row, problem, user):
            offers.append(flow.Offer(row))
    return offers


def remedies(order: Order) -> list[tuple[str, date]]:
    """Until when the addressee may ask for review or bring suit: counted from service, by the rules of that day."""
    if order.served_on is None:
        return []
    found = []
    for term in (REVIEW, SUIT):
        length, unit, _law, _most = terms.length_of(order, term)
        found.append((str(term.name), clock.due(order.served_on, int(length), unit, the_calendar()).on))
    return found


def counted(orders: QuerySet[Order]) -> QuerySet[Order]:
    """Orders with how many problems they name and how many of those are put right."""
    return orders.annotate(
        problem_count=Count("problems"), passed_count=Count("problems", filter=Q(problems__state="passed"))
    )
