"""Certificates and cards: their number, validity, face, and what ends or replaces them."""

from datetime import date, timedelta
from typing import Any

from sanxiao.archive.acts import settle_disposal
from sanxiao.archive.models import Establishment
from sanxiao.docket import flow
from sanxiao.docket.clock import add_months
from sanxiao.docket.models import Rule
from sanxiao.licensing import faces
from sanxiao.licensing.models import Application, Certificate, Snapshot
from sanxiao.licensing.rules import CERTIFICATE_FLOW
from sanxiao.office.models import User
from sanxiao.office.now import today
from sanxiao.papers import cn
from sanxiao.papers.models import issue_paper, take_number, void_number

RENEWING = ("accepted", "visited", "proposed", "approved")
LEFT_OUT = {"search", "version"}  # columns of a file that say nothing of the place


def last_day(first: date, months: int) -> date:
    """The last day of a validity of so many months: the day before the same date, its end included.

    Where that month has no such date (29 February), it is the last day of the month.
    """
    end = add_months(first, months)
    return end - timedelta(days=1) if end.day == first.day else end


def issue_for(app: Application, by: User | None) -> Certificate:
    """Make the paper that an application was granted, in the transaction of the act that asks for it.

    A renewal and a change keep the number; a renewal is valid anew from the day of the decision, a change
    and a replacement until the old end.
    """
    file, old, day = app.file, app.previous, app.decided_on or today()
    paper = _blank(file, day)
    paper.application, paper.official_no = app, app.official_no or (old.official_no if old else "")
    paper.valid_from, paper.valid_to = day, last_day(day, _months(file, day))
    if old is None:
        series = faces.document_of(file, day)["series"]
        paper.number = take_number(series, file.area, paper, kind=file.kind.prefix)
    else:
        _follow(paper, old, keeps_term=app.purpose != "renew")
        flow.move(old, "supersede", by, within=True)
    flow.move(paper, "issue", by, within=True)
    return paper


def _blank(file: Establishment, day: date) -> Certificate:
    said = faces.document_of(file, day)
    return Certificate(
        file=file, area=file.area, route="certificate" if file.kind.route == "bureau" else "card",
        kind_code=file.kind_id, document=said.get("printed_title") or said["name"], issued_on=day,
    )  # fmt: skip


def _months(file: Establishment, day: date) -> int:
    row = Rule.objects.at(faces.document_of(file, day)["validity"], file.area, day)
    if row is None:
        raise LookupError(f"rules of the town: the validity of {file.kind_id} is missing")
    return int(row.value) * (12 if row.unit == "year" else 1)


def _follow(paper: Certificate, old: Certificate, *, keeps_term: bool) -> None:
    paper.follows, paper.number = old, old.number
    if keeps_term:
        paper.valid_from, paper.valid_to = old.valid_from, old.valid_to
        paper.copy_no = old.copy_no + 1


@CERTIFICATE_FLOW.effect("issue")
def issued(paper: Certificate, by: User | None, _facts: dict[str, Any]) -> None:
    """Face and paper are frozen; what the classification aimed at is reached."""
    template, paper.facts = faces.face_of(paper)
    issue_paper(paper, template, paper.document, paper.facts, by, paper.number)
    settle_disposal(paper.file, by)


@CERTIFICATE_FLOW.effect("replace")
def replaced(old: Certificate, by: User | None, _facts: dict[str, Any]) -> None:
    """补办 at the counter: another print with a new code, the same number and the same end."""
    old.ended_on = today()
    paper = _blank(old.file, today())
    paper.application, paper.official_no = old.application, old.official_no
    _follow(paper, old, keeps_term=True)
    freeze(old, "replace", by)
    flow.move(paper, "issue", by, within=True)


@CERTIFICATE_FLOW.effect("supersede")
def superseded(paper: Certificate, _by: User | None, _facts: dict[str, Any]) -> None:
    """A newer paper takes its place."""
    paper.ended_on = today()


@CERTIFICATE_FLOW.effect("suspend", "resume")
def interrupted(paper: Certificate, by: User | None, _facts: dict[str, Any]) -> None:
    """Keep the file as it was when this was decided."""
    freeze(paper, "suspend" if paper.state == "suspended" else "resume", by)


@CERTIFICATE_FLOW.effect("revoke", "cancel")
def ended(paper: Certificate, by: User | None, facts: dict[str, Any]) -> None:
    """The number is void from now on and is never given again."""
    paper.ended_on = today()
    freeze(paper, "revoke" if paper.state == "revoked" else "cancel", by)
    void_number(paper.number, paper.area, f"{paper.state_row.name}：{paper.ground}　{facts['reason']}"[:200])


@CERTIFICATE_FLOW.effect("expire")
def expired(paper: Certificate, _by: User | None, _facts: dict[str, Any]) -> None:
    """It held until the end of its last day."""
    paper.ended_on = paper.valid_to


@CERTIFICATE_FLOW.predicate("no_renewal_pending")
def no_renewal_pending(paper: Certificate, _facts: dict[str, Any]) -> bool:
    """Who asked in time does not lose the paper while the office is deciding."""
    return not Application.objects.filter(previous=paper, purpose="renew", state__in=RENEWING).exists()


def freeze(obj: Application | Certificate, move: str, by: User | None) -> Snapshot:
    """Keep the file as it is at this decision (E13): every column, the person with masked numbers, the pitches."""
    file = obj.file
    columns = {f.attname: getattr(file, f.attname) for f in file._meta.concrete_fields if f.name not in LEFT_OUT}
    who = file.operator
    columns["operator"] = {
        "name": who.name, "id_type": who.id_type, "id_number": cn.mask_id(who.id_number),
        "phone": cn.mask_phone(who.phone), "credit_code": who.credit_code, "home": who.home,
    }  # fmt: skip
    columns["pitches"] = list(file.pitches.values("name", "area", "lat", "lng", "windows", "market_days"))
    if isinstance(obj, Application):
        columns["materials"], columns["defects"] = obj.materials, obj.defects
        columns["visits"] = list(obj.visits.values("on", "officers", "items", "passed", "note"))
    return Snapshot.objects.create(kind=obj.flow.key, subject=obj.pk, file=file, move=move, facts=columns, by=by)
