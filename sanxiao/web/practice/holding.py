"""保管与销毁 in the told town: nothing is old enough to be destroyed, but some places are on hold."""

from datetime import timedelta

from sanxiao.archive.models import Establishment
from sanxiao.keeping.models import Hold
from sanxiao.keeping.rules import HOLD
from sanxiao.office.now import today
from sanxiao.web.practice.tell import Plot, Teller
from sanxiao.web.practice.town import Town, act

REASONS = ("当事人已提起行政诉讼，尚未判决", "信访事项正在复查", "行政复议期间")


def holds(town: Town, teller: Teller) -> None:
    """Three holds in the last months, one of them lifted."""
    for n, reason in enumerate(REASONS):
        teller.add(_held(town, reason, lifted=n == len(REASONS) - 1), today() - timedelta(days=100 - 20 * n))


def _held(town: Town, reason: str, *, lifted: bool) -> Plot:
    held = Hold.objects.now().values("place")
    rows = Establishment.objects.filter(state__in=("closed", "moved"), merged_into=None).exclude(pk__in=held)
    rows = rows.order_by("number")
    file = rows[town.rng.randint(0, max(rows.count() - 1, 0))] if rows.exists() else None
    if file is None:
        return
    hold = act(HOLD.begun(town.people.chen, {"file": str(file.pk)}), "place", town.people.chen, reason=reason)
    yield 30
    if lifted:
        act(hold, "lift", town.people.zhou, reason="复议已经终结")
