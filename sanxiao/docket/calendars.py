"""Loading the State Council's yearly notice: which weekdays are holidays, which weekends are worked.

Until a year is loaded its terms are counted Monday to Friday and say so; loading counts them anew.
"""

import re
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from sanxiao.docket import terms
from sanxiao.docket.models import CalendarDay
from sanxiao.docket.refusal import Refused
from sanxiao.office.now import today

LINE = re.compile(r"^(\d{4}-\d{1,2}-\d{1,2})[\s,，]+(休|班|0|1)(?:[\s,，]+(.*))?$")


def years_loaded() -> list[tuple[int, int]]:
    """Years with a calendar, newest first, and how many days of each differ from Monday-to-Friday."""
    counts: dict[int, int] = {}
    for day in CalendarDay.objects.values_list("day", flat=True):
        counts[day.year] = counts.get(day.year, 0) + 1
    return sorted(counts.items(), reverse=True)


def next_year_is_missing() -> bool:
    """From December on: is there still no calendar for the year to come?"""
    day = today()
    return day.month == 12 and not CalendarDay.objects.filter(day__year=day.year + 1).exists()


@transaction.atomic
def load_year(text: str) -> tuple[int, int, int]:
    """Load one year from lines like `2027-01-01 休 元旦`; returns year, days, and terms counted anew.

    All wrong lines are named at once. Raises Refused when a line is wrong or two years are mixed.
    """
    rows, wrong = [], []
    for number, line in enumerate(text.strip().splitlines(), 1):
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        row = _row(line)
        if row is None:
            wrong.append(_("第 %(n)d 行：%(line)s") % {"n": number, "line": line[:40]})
        else:
            rows.append(row)
    if wrong:
        reason = _("这些行看不懂，应写作“2027-01-01 休 元旦”或“2027-02-06 班 春节”：%(lines)s") % {
            "lines": "；".join(wrong)
        }
        raise Refused(reason, {"text": reason}, "invalid")
    years = {row.day.year for row in rows}
    if len(years) != 1:
        reason = _("一次只装入一年的安排。")
        raise Refused(reason, {"text": reason}, "invalid")
    year = years.pop()
    CalendarDay.objects.filter(day__year=year).delete()
    CalendarDay.objects.bulk_create(rows)
    return year, len(rows), terms.recount()


def _row(line: str) -> CalendarDay | None:
    found = LINE.match(line.replace("\t", " "))
    if not found:
        return None
    try:
        year, month, day = (int(part) for part in found[1].split("-"))
        return CalendarDay(day=date(year, month, day), working=found[2] in ("班", "1"), name=(found[3] or "").strip())
    except ValueError:
        return None
