"""The ladder of an order that is not carried out: remind, warn, case lead, proposal to ban; each once, by rule.

The night watch climbs it; every step is a row of the log, and the order keeps the last one.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.db.models import Min, Q

from sanxiao.docket import flow
from sanxiao.docket.models import Rule
from sanxiao.docket.refusal import Refused
from sanxiao.inspection.models import Order
from sanxiao.inspection.rules import LADDER, OPEN
from sanxiao.office.now import today

STEPS = tuple(key for key, _name in LADDER)
CLIMBED = (*OPEN[1:], "failed")  # states in which an order can be behind
# Where the town's rules say nothing (order.ladder): days after the date that was not kept.
DAYS = {"remind": -2, "warn": 1, "clue": 10, "ban": 30}


def climb() -> int:
    """Every step that has come, once; returns how many."""
    last = STEPS[-1]
    rows = Order.objects.filter(state__in=CLIMBED).exclude(step=last).select_related("file")
    behind = Q(problems__state__in=("open", "lapsed", "failed"))
    done = 0
    for order in rows.annotate(behind_on=Min("problems__fix_on", filter=behind)).order_by("created_at"):
        done += sum(_step(order, name) for name in due_steps(order, order.behind_on, today()))
    return done


def _step(order: Order, name: str) -> bool:
    try:
        flow.move(order, name, None)
    except Refused:  # somebody acted on it meanwhile: the next night looks again
        return False
    return True


def due_steps(order: Order, behind_on: date | None, on: date) -> Iterator[str]:
    """The steps that have come for an order by a day and were not made yet, in their order."""
    if behind_on is None:
        return
    rule: dict[str, Any] = Rule.objects.value("order.ladder", order.area, order.rule_on, {})
    days = rule.get("days", DAYS)
    for name in STEPS[STEPS.index(order.step) + 1 if order.step else 0 :]:
        if order.state == "failed" and name in ("remind", "warn"):
            continue  # judged already: there is nothing left to remind of
        first = behind_on + timedelta(days=int(days[name]))
        at_once = order.state == "failed" and name == "clue"
        if not (at_once or on >= first) or (name == "ban" and not _may_be_banned(order, rule)):
            return
        yield name


def _may_be_banned(order: Order, rule: dict[str, Any]) -> bool:
    """The plan bans workshops that refuse (五（二）2三是); which kinds, the town's rule says."""
    return order.file.is_trading and order.file.kind_id in rule.get("ban_kinds", ("workshop",))
