"""What becomes of problems and needs: raised with a report or at any time, answered by an office, shown in T9."""

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from sanxiao.docket import flow
from sanxiao.docket.models import Event
from sanxiao.docket.refusal import Refused
from sanxiao.office.duties import scope_of
from sanxiao.office.models import Office, User
from sanxiao.office.now import today
from sanxiao.reports.concern_models import Concern
from sanxiao.reports.concern_rules import CONCERN, NEED, PROBLEM
from sanxiao.reports.models import Report

FIELDS = ((PROBLEM, "problems"), (NEED, "needs"))  # sections of a report, and what their lines are


@CONCERN.beginning
def begin(user: User, _params: dict[str, str]) -> Concern:
    """One of the person's own unit."""
    seat = scope_of(user).seat_for("concern.raise", None)
    office = Office.objects.get(pk=seat.office_id) if seat else None
    return Concern(unit=office, area=office.area if office else "") if office else Concern(area="")


@CONCERN.predicate("another_office")
def another_office(concern: Concern, facts: dict[str, Any]) -> bool:
    """Nobody answers himself."""
    return facts.get("taker") is None or facts["taker"].pk != concern.unit_id


@CONCERN.effect("take")
def taken(concern: Concern, by: User, facts: dict[str, Any]) -> None:
    """The office of who takes it answers from now on."""
    seat = scope_of(by).seat_for("concern.answer", concern.area)
    if seat is None or seat.office_id == concern.unit_id:
        raise Refused(_("不能由提出的单位自己答复。"), code="guard")
    concern.taker_id = seat.office_id
    facts["taker"] = str(seat.office_id)


@CONCERN.effect("answer")
def answered(concern: Concern, _by: User, _facts: dict[str, Any]) -> None:
    """The day of the answer, for T9."""
    concern.answered_on = today()


# --- with a report -----------------------------------------------------------------------------------------------


def lines(text: str) -> list[str]:
    """One matter for each line that says something."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def raise_from(report: Report, by: User | None) -> int:
    """Make a matter of every line of 存在问题 and 需要支持 that is none yet; untouched ones that were rewritten go.

    The typed text stays in the report as it is. What the unit has open already is not raised twice: it is carried on.
    """
    day = min(report.quarter.until, today())
    own = Concern.objects.filter(unit=report.unit_id, area=report.area)
    said = {(sort, line) for sort, name in FIELDS for line in lines(getattr(report, name))}
    for old in own.filter(report=report, state="raised"):
        if (old.sort, old.text) not in said:
            flow.move(old, "drop", None, on=day)
    known = own.filter(Q(report=report) | Q(state__in=CONCERN.open_states)).exclude(state="withdrawn")
    held = set(known.values_list("sort", "text"))
    new = [pair for sort, name in FIELDS for pair in _pairs(sort, getattr(report, name)) if pair not in held]
    for sort, text in new:
        concern = Concern(unit_id=report.unit_id, area=report.area, report=report, sort=sort, text=text)
        flow.move(concern, "raise", by, on=day, within=True, quarter=str(report.quarter))
    return len(new)


def _pairs(sort: str, text: str) -> list[tuple[str, str]]:
    """Each line once."""
    return list(dict.fromkeys((sort, line[:2000]) for line in lines(text)))


def carry_over() -> str:
    """Reports that were handed in before problems were matters: those of the last quarter are gone through once."""
    last = Report.objects.order_by("-year", "-no").values_list("year", "no").first()
    if last is None:
        return "no reports"
    rows = Report.objects.filter(year=last[0], no=last[1], state__in=("submitted", "accepted"), concerns__isnull=True)
    rows = rows.exclude(problems="", needs="")
    return f"raised {sum(raise_from(report, None) for report in rows)} concerns"


# --- T9 ----------------------------------------------------------------------------------------------------------


def of_report(report: Report) -> QuerySet[Concern]:
    """Those that a report tells: open ones, and those answered or settled since its quarter began."""
    rows = Concern.objects.within((report.area[:9],)) if report.is_town else Concern.objects.filter(unit=report.unit_id)
    settled = Event.objects.filter(kind=CONCERN.key, move="accept", on__gte=report.quarter.since)
    told = Q(state__in=CONCERN.open_states) | Q(answered_on__gte=report.quarter.since) & ~Q(state="withdrawn")
    told |= Q(pk__in=settled.values("subject"))
    return rows.filter(told).select_related("unit", "taker", "report").order_by("created_at", "id")


def packed(report: Report) -> list[dict[str, Any]]:
    """As a version keeps them."""
    return [
        {
            "id": str(row.pk), "sort": row.sort, "text": row.text, "state": row.state, "unit": row.unit_id,
            "taker": row.taker_id, "answer": row.answer, "answered_on": row.answered_on,
            "quarter": str(row.report.quarter) if row.report else "", "since": row.rule_on,
        }
        for row in of_report(report)
    ]  # fmt: skip


def told(report: Report, version: Any = None) -> list[dict[str, Any]]:
    """Rows of T9 for a page or a paper: those of the version, or those of this moment."""
    rows = packed(report) if version is None else version.concerns
    names = {o.pk: str(o) for o in Office.objects.filter(pk__in={r["unit"] for r in rows} | {r["taker"] for r in rows})}
    sorts = dict(Concern._meta.get_field("sort").flatchoices)
    return [
        {
            **row, "url": Concern(pk=row["id"]).get_absolute_url(), "sort_name": str(sorts[row["sort"]]),
            "state_row": CONCERN.state(row["state"]),
            "state_name": str(CONCERN.state(row["state"]).name), "unit_name": names.get(row["unit"], ""),
            "taker_name": names.get(row["taker"], ""),
        }
        for row in rows
    ]  # fmt: skip
