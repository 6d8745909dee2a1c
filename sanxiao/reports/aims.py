"""目标达成: the aims of the plan's part two, measured and not claimed, by quarter and village, each with its list.

An aim is a row of AIMS: what is counted of how many, on a day. `campaign` cannot measure them, for it knows neither the
register nor what other rooms found; here all rooms are below.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from sanxiao.campaign.models import Accident, phase_on
from sanxiao.office.now import today
from sanxiao.office.places import name_of, names_of
from sanxiao.publicity import survey
from sanxiao.reports import dirty, records
from sanxiao.reports.cockpit import COLUMNS, ground_of
from sanxiao.reports.lists import listing
from sanxiao.reports.quarters import Period, Quarter, campaign_start
from sanxiao.reports.records import Items
from sanxiao.reports.sources import within

SHOWN = 4  # quarters side by side
Parted = dict[str, tuple[list[UUID], list[UUID]]]  # village -> (those that count, all)


@dataclass(frozen=True)
class Aim:
    """One aim: the plan's words, what is measured, and which way is good."""

    key: str
    words: str  # of the plan
    name: Any
    rest: Any  # what the list behind the number holds
    every: Any  # what the list behind all of them holds
    measure: Callable[[str, Sequence[Period]], list[Parted]]
    falls: bool = False


def without_papers(ground: str, periods: Sequence[Period]) -> list[Parted]:
    """Places on file at the end of each period, and those of them without a valid paper."""
    found: list[Parted] = []
    for period in periods:
        every, held = _files(ground, period, "end"), _files(ground, period, "certified")
        valid = {area: set(files) for area, files in held.items()}
        found.append(
            {area: ([pk for pk in files if pk not in valid.get(area, ())], files) for area, files in every.items()}
        )
    return found


def _files(ground: str, period: Period, column: str) -> dict[str, list[UUID]]:
    found: dict[str, list[UUID]] = {}
    for (area, _kind), items in records.lists(ground, period, COLUMNS[column], "c").items():
        found.setdefault(area, []).extend(items.files)
    return found


def put_right(ground: str, periods: Sequence[Period]) -> list[Parted]:
    """Places on file where 脏乱差 was found by the end of each period, and those of them where it is gone."""
    said = dirty.histories(ground, max(period.until for period in periods))
    found: list[Parted] = []
    for period in periods:
        parted: Parted = {}
        for area, files in _files(ground, period, "end").items():
            judged = {pk: dirty.is_put_right(said[pk], period.until) for pk in files if pk in said}
            if every := [pk for pk, right in judged.items() if right is not None]:
                parted[area] = ([pk for pk in every if judged[pk]], every)
        found.append(parted)
    return found


AIMS = (
    Aim(
        "unlicensed",
        "着力解决……无证生产经营等问题",
        gettext_lazy("无证占比"),
        gettext_lazy("没有证的"),
        gettext_lazy("在册的"),
        without_papers,
        falls=True,
    ),
    Aim(
        "right",
        "着力解决……“脏、乱、差”……等问题",
        gettext_lazy("脏乱差整改到位占比"),
        gettext_lazy("整改到位的"),
        gettext_lazy("查出过脏乱差的"),
        put_right,
    ),
)


def _periods(ground: str) -> list[tuple[Quarter, Period]]:
    """The last quarters of the present round, this one included, oldest first."""
    area = ground.ljust(12, "0")
    phase, start, quarter = phase_on(today(), area), campaign_start(area), Quarter.of(today())
    if phase is None:
        raise Http404
    found: list[tuple[Quarter, Period]] = []
    while len(found) < SHOWN and quarter.until >= start:
        found.append((quarter, Period(quarter.since, min(quarter.until, today()), start)))
        quarter = quarter.before
    return found[::-1]


def _sums(parted: Parted) -> tuple[int, int]:
    return sum(len(part) for part, _all in parted.values()), sum(len(every) for _part, every in parted.values())


def _percent(part: int, whole: int) -> str:
    return f"{part / whole:.1%}" if whole else "—"


def _cell(aim: Aim, quarter: Quarter, parted: Parted, area: str = "") -> dict[str, Any]:
    part, whole = _sums({area: parted[area]} if area in parted else {}) if area else _sums(parted)
    query = urlencode({"q": str(quarter), **({"area": area} if area else {})})
    return {
        "part": part,
        "whole": whole,
        "share": _percent(part, whole),
        "url": f"{reverse('aim', args=[aim.key])}?{query}",
        "every": f"{reverse('aim', args=[aim.key])}?{query}&of=all",
    }


@login_required
@require_GET
def aims(request: HttpRequest) -> HttpResponse:
    """Every aim over the last quarters, and this quarter's by village."""
    ground = ground_of(request.user)
    periods = _periods(ground)
    rows: list[dict[str, Any]] = []
    villages: dict[str, dict[str, Any]] = {}
    for aim in AIMS:
        quarters, spans = zip(*periods, strict=True)
        told = list(zip(quarters, aim.measure(ground, spans), strict=True))
        cells = [_cell(aim, quarter, parted) for quarter, parted in told]
        rows.append({"aim": aim, "cells": cells, "way": _way(aim, cells)})
        quarter, latest = told[-1]
        for area in latest:
            villages.setdefault(area, {})[aim.key] = _cell(aim, quarter, latest, area)
    names = names_of(villages)
    context = {
        "rows": rows, "quarters": [quarter for quarter, _period in periods], "town": name_of(ground.ljust(12, "0")),
        "villages": [
            {"name": names.get(area, area), "cells": [(aim, cells.get(aim.key)) for aim in AIMS]}
            for area, cells in sorted(villages.items())
        ],
        "accidents": _accidents(ground, periods), "aims": AIMS, "said": _said(ground, periods),
        "heard": _heard(ground, periods),
    }  # fmt: skip
    return render(request, "reports/aims.html", context)


def _way(aim: Aim, cells: list[dict[str, Any]]) -> str:
    """Is it better than in the first quarter shown: 'good', 'bad' or ''?"""
    first, last = cells[0], cells[-1]
    if not (first["whole"] and last["whole"]):
        return ""
    change = last["part"] / last["whole"] - first["part"] / first["whole"]
    return "" if not change else "good" if (change < 0) == aim.falls else "bad"


def _accidents(ground: str, periods: list[tuple[Quarter, Period]]) -> list[dict[str, int]]:
    """Of each quarter: all accidents, and the major ones whose source lay in the three smalls."""
    found = []
    for _quarter, period in periods:
        rows = Accident.objects.filter(within("area", ground), happened_on__range=(period.since, period.until))
        found.append({"major": rows.major_from_the_source().count(), "all": rows.counted().count()})
    return found


def _said(ground: str, periods: list[tuple[Quarter, Period]]) -> list[dict[str, Any]]:
    """放心度 and 满意度 of each quarter, as households said on their slips; None where too few did."""
    found = [survey.index(ground.ljust(12, "0"), quarter) for quarter, _period in periods]
    return [
        {"name": gettext_lazy("放心度"), "cells": [index.trust for index in found]},
        {"name": gettext_lazy("满意度"), "cells": [index.content for index in found]},
    ]


def _heard(ground: str, periods: list[tuple[Quarter, Period]]) -> list[dict[str, Any]]:
    """The same by village and quarter; where so few answered that they could be known, it says only that."""
    told = survey.indices(ground.ljust(12, "0"), [quarter for quarter, _period in periods])
    names = names_of({area for quarter in told for area in quarter})
    return [
        {"name": names.get(area, area), "cells": [quarter.get(area) for quarter in told]}
        for area in sorted({area for quarter in told for area in quarter})
    ]


@login_required
@require_GET
def aim(request: HttpRequest, key: str) -> HttpResponse:
    """The places behind one number."""
    ground, area = ground_of(request.user), request.GET.get("area", "")
    found = next((each for each in AIMS if each.key == key), None)
    chosen = next((pair for pair in _periods(ground) if str(pair[0]) == request.GET.get("q", "")), None)
    if found is None or chosen is None or not area.startswith(ground[: len(area)]):
        raise Http404
    (parted,) = found.measure(ground, [chosen[1]])
    whole = request.GET.get("of") == "all"
    files = [pk for village, pair in parted.items() if area in ("", village) for pk in pair[whole]]
    said = found.every if whole else found.rest
    title = " · ".join(filter(None, [chosen[0].label, name_of(area) if area else "", str(said)]))
    return listing(f"aim-{key}", title, Items({}, files)).respond(request, back=reverse("aims"))
