"""The order that the model made last, kept for the draw, the plan of visits and the file's page.

`rank_risk` without tables writes it, after a training on the town's own visits. Where these are too few there is no
model, and what was kept before is dropped: the grade alone speaks then. An order that has grown old speaks no more.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from sanxiao.archive.models import Establishment
from sanxiao.docket.models import Rule
from sanxiao.docket.rooms import Fact
from sanxiao.risk.models import Rank

KIND = "ranked"
FRESH = 120  # days, where the town's rules say nothing (risk.rank_days)


def fresh_days(area: str = "", on: date | None = None) -> int:
    """For how many days an order speaks."""
    return int(Rule.objects.value("risk.rank_days", area, on, FRESH))


@transaction.atomic
def keep(order: Sequence[tuple[UUID, float, Mapping[str, list[str]]]], on: date) -> int:
    """Keep an order, the first to be visited first: key of the file, score, reasons by language. Returns how many."""
    Rank.objects.all().delete()
    areas = dict(Establishment.objects.filter(pk__in=[key for key, *_rest in order]).values_list("pk", "area"))
    rows = [
        Rank(file_id=key, area=areas[key], place=n, among=len(order), score=score, reasons=dict(why), ranked_on=on)
        for n, (key, score, why) in enumerate(order, 1)
    ]
    return len(Rank.objects.bulk_create(rows, batch_size=1000))


def standing(on: date) -> QuerySet[Rank]:
    """Ranks that still speak on a day: of an order made by then, and not too long before."""
    return Rank.objects.filter(ranked_on__lte=on, ranked_on__gte=on - timedelta(days=fresh_days(on=on)))


def risk_facts(files: list[UUID], on: date) -> dict[UUID, list[Fact]]:
    """The place in the order, for the weight in a draw; one query besides the setting."""
    rows = standing(on).filter(file__in=files)
    return {row.file_id: [Fact(KIND, row.ranked_on, row.share, words_of(row))] for row in rows}


def words_of(rank: Any) -> str:
    """'第 3 位，共 541 户'."""
    return _("第 %(place)d 位，共 %(among)d 户") % {"place": rank.place, "among": rank.among}
