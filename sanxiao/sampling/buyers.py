"""Who bought from a place whose sample failed: found and warned through `sources`, which keeps their answers."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import override

from sanxiao.docket import flow
from sanxiao.docket.models import Rule
from sanxiao.office.models import User
from sanxiao.sampling.models import Sample
from sanxiao.sources import downstream

WARN_DAYS = 90  # before the sampling, where the town's rules say nothing


def buyers_of(sample: Sample) -> list[downstream.Bought]:
    """Active buyers of the place from some time before the sample was taken (`sampling.warn_days`) until today."""
    if sample.taken_on is None:
        return []
    days = int(Rule.objects.value("sampling.warn_days", sample.area, sample.rule_on, WARN_DAYS))
    found = downstream.buyers_of([sample.file], sample.taken_on - timedelta(days=days))
    return [bought for bought in found if bought.buyer.state == "active"]


def alerts(sample: Sample) -> list[Any]:
    """The warnings that went out for a sample, with what was answered."""
    return list(downstream.alerts_of(sample))


def untold(sample: Sample) -> list[downstream.Bought]:
    """Buyers that were not yet told of this sample."""
    told = {alert.buyer_id for alert in alerts(sample)}
    return [bought for bought in buyers_of(sample) if bought.buyer.pk not in told]


def warn(sample: Sample, wanted: Iterable[Any], by: User | None) -> list[str]:
    """Tell the chosen buyers; returns their names."""
    keys = {UUID(str(key)) for key in wanted}
    with override("zh-hans"):
        why = _("%(food)s抽检不合格（%(items)s），请立即停止使用、封存剩余。") % {
            "food": sample.food_name, "items": "、".join(row.item for row in sample.failures),
        }  # fmt: skip
    days = int(Rule.objects.value("sampling.warn_days", sample.area, sample.rule_on, WARN_DAYS))
    since = sample.taken_on - timedelta(days=days) if sample.taken_on else None
    made = downstream.warn(
        by, [sample.file], why, source=sample, food=sample.food_name[:60], since=since, buyers=keys
    )  # fmt: skip
    return [alert.buyer.name for alert in made]


def call_off(sample: Sample, by: User | None, reason: str) -> None:
    """The result does not stand any more: the warnings that went out for it are lifted."""
    for alert in alerts(sample):
        if alert.state in ("sent", "answered"):
            flow.move(alert, "lift", by, within=True, reason=reason)
