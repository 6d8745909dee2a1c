"""Another round of a campaign: the phases of the plan laid over other days, in the plan's own proportions."""

from collections.abc import Iterable
from datetime import date, timedelta

from sanxiao.campaign.models import Phase

ONE_DAY = timedelta(days=1)


def laid_over(phases: Iterable[Phase], since: date, until: date) -> list[tuple[Phase, date, date | None]]:
    """Each phase with its days in a round from `since` to `until`; each begins with a month.

    What comes after the campaign begins on the day after the round and has no end. ValueError where the round is so
    short that a phase would have no month.
    """
    rows = sorted(phases, key=lambda row: row.since)
    ended = [row for row in rows if row.until]
    first = rows[0].since
    whole = (max(row.until for row in ended if row.until) - first).days + 1
    scale = ((until - since).days + 1) / whole
    starts = [since]
    for row in ended[1:]:
        starts.append(_month(since + timedelta(days=round((row.since - first).days * scale))))
    ends = [*[day - ONE_DAY for day in starts[1:]], until]
    found: list[tuple[Phase, date, date | None]] = []
    for row, begins, ends_on in zip(ended, starts, ends, strict=True):
        if ends_on < begins:
            raise ValueError(f"{row.code} has no days between {since} and {until}")
        found.append((row, begins, ends_on))
    return [*found, *[(row, until + ONE_DAY, None) for row in rows if row.until is None]]


def _month(day: date) -> date:
    """The first day of the month that is nearest."""
    return day.replace(day=1) if day.day <= 15 else (day.replace(day=28) + timedelta(days=4)).replace(day=1)


def begin(area: str, code: str, since: date, until: date) -> list[Phase]:
    """Write a round down for a town, made from the plan's own."""
    rows = Phase.objects.of_town(area).filter(round="")
    names = ("code", "kind", "name", "name_en", "clause", "goal")
    return Phase.objects.bulk_create(
        Phase(
            area=row.area, round=code, since=begins, until=ends,
            **{name: getattr(row, name) for name in names},
        )
        for row, begins, ends in laid_over(rows, since, until)
    )  # fmt: skip
