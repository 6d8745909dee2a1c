"""The order that the model made last, kept for the draw, the plan of visits and the file's page.

`rank_risk` without tables writes it, after a training on the town's own visits. Where these are too few there is no
model, and what was kept before is dropped: the grade alone speaks then. An order that has grown old speaks no more.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sanxiao.archive.models import Establishment
from sanxiao.docket.models import Rule
from sanxiao.docket.rooms import Fact, Ordering
from sanxiao.docket.tables import State
from sanxiao.office.now import today
from sanxiao.risk.models import Rank

KIND = "ranked"
# Parts of the order as list and map show them: the band, and the share of the order up to which it goes.
BANDS = (
    (State("10", gettext_lazy("排在前一成"), "red"), 0.1),
    (State("20", gettext_lazy("前一成到两成"), "amber"), 0.2),
    (State("50", gettext_lazy("前两成到一半"), "blue"), 0.5),
    (State("100", gettext_lazy("排在后一半"), "green"), 1.0),
)
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


def band_of(rank: Rank) -> State:
    """The band in which a place stands; by the same bounds as `within`."""
    return next(band for band, most in BANDS if rank.place <= rank.among * most)


def of(files: Sequence[UUID]) -> dict[UUID, tuple[State, str]]:
    """Band and place in words of files as the order stands today; one query besides the setting."""
    rows = standing(today()).filter(file__in=files).defer("reasons")
    return {row.file_id: (band_of(row), words_of(row)) for row in rows}


def within(key: str) -> Any:
    """Keys of the files of a band."""
    least = 0.0
    for band, most in BANDS:
        if band.key == key:
            rows = standing(today()).filter(place__gt=F("among") * least, place__lte=F("among") * most)
            return rows.values("file")
        least = most
    return Rank.objects.none().values("file")


def about() -> str:
    """What the order rests on, or why there is none."""
    last = standing(today()).first()
    if last is None:
        return _("还没有预测排序：检查次数够训练、由管理员排出以后才有。现在先按风险等级看。")
    return _("%(day)s 按本镇以往的检查训练得出，共 %(among)d 户：排在前面的，查出严重问题的可能大，先去。") % {
        "day": last.ranked_on, "among": last.among,
    }  # fmt: skip


def stands() -> bool:
    """Is there an order that still speaks?"""
    return standing(today()).exists()


ORDERING = Ordering(tuple(band for band, _most in BANDS), of, within, about, stands)
