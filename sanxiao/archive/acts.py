"""What the moves of a file do besides changing its state, and the conditions they wait for."""

from typing import Any

from django.db.models import F
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from sanxiao.archive import classify
from sanxiao.archive.models import Classification, Establishment, Merge, Operator, Pitch
from sanxiao.archive.rules import CLASSIFICATION, FILE
from sanxiao.docket import flow
from sanxiao.docket.ground import follow
from sanxiao.docket.models import Rule
from sanxiao.docket.refusal import Refused
from sanxiao.office.duties import may
from sanxiao.office.models import Area, User
from sanxiao.office.now import today
from sanxiao.papers.models import take_number

ACT_DAYS = 60  # where the town's rules set no term for a case


@FILE.effect("open")
def open_file(file: Establishment, _by: User | None, _facts: dict[str, Any]) -> None:
    """建档: the file gets its number in its village's series."""
    file.number = take_number("file", file.area, file, kind=file.kind.prefix)


@FILE.predicate("standing")
def stands(file: Establishment, _facts: dict[str, Any]) -> bool:
    """What was merged away lives on in another file."""
    return file.merged_into_id is None


@FILE.predicate("not_banned")
def not_banned(file: Establishment, _facts: dict[str, Any]) -> bool:
    """A banned place does not come back by a click."""
    return file.closing != "banned"


@FILE.effect("close")
def closed(file: Establishment, by: User | None, _facts: dict[str, Any]) -> None:
    """取缔 is the bureau's act; a village only records that somebody gave up. Then nothing is due here any more."""
    if file.closing == "banned" and by and not may(by, "class.decide", file):
        raise Refused(_("取缔由金城分局登记。"), {"closing": _("请选其他方式")}, "forbidden")
    gone(file, by, _facts)


@FILE.effect("leave")
def gone(file: Establishment, by: User | None, _facts: dict[str, Any]) -> None:
    """To be gone was the aim of 淘汰; with another batch the aim was missed, but no first task is due any more."""
    end = settle_disposal if file.batch == "phase_out" else begin_disposal
    end(file, by)


@FILE.effect("reopen")
def reopened(file: Establishment, _by: User | None, _facts: dict[str, Any]) -> None:
    """The way it was closed is history now; the log keeps it."""
    file.closing = ""


@FILE.effect("relocate")
def relocated(file: Establishment, _by: User | None, facts: dict[str, Any]) -> None:
    """The log says from where to where. A move without a new point leaves none: the old point would lie."""
    file.lat, file.lng = facts.get("lat"), facts.get("lng")
    if (file.lat is None) != (file.lng is None):
        raise Refused(_("经度和纬度要一起填写。"), {"lat": _("要一起填写"), "lng": _("要一起填写")}, "invalid")
    file.point_source = "map" if file.lat is not None else ""
    file.missing = lacking(file)
    _from_to(file, facts, "address", "lat", "lng")


@FILE.effect("transfer")
def transferred(file: Establishment, _by: User | None, facts: dict[str, Any]) -> None:
    """The file goes to the ground of another village with all that hangs on it; its number stays."""
    area = Area.objects.on().filter(code=facts["new_area"], level__in=("village", "community")).first()
    if area is None or area.code == file.area:
        raise Refused(_("请选择另一个村（社区）。"), {"new_area": _("请选择")}, "invalid")
    old, pks = file.area, file.pks
    file.area, file.new_area = area.code, ""
    file.lat = file.lng = None
    file.point_source, file.missing = "", lacking(file)
    del facts["new_area"]
    _from_to(file, facts, "area", "address", "lat", "lng")
    follow(pks, area.code)
    Pitch.objects.filter(file__in=pks).update(area=area.code)
    Merge.objects.filter(survivor__in=pks).update(area=area.code)
    Establishment.objects.filter(pk__in=pks).exclude(pk=file.pk).update(area=area.code, version=F("version") + 1)
    if not Establishment.objects.filter(operator=file.operator_id, area=old).exclude(pk__in=pks).exists():
        Operator.objects.filter(pk=file.operator_id).update(area=area.code, version=F("version") + 1)


def lacking(file: Establishment) -> list[str]:
    """What the file still wants, once its point was placed or lost."""
    rest = [what for what in file.missing if what != "position"]
    return rest if file.lat is not None else [*rest, "position"]


def _from_to(file: Establishment, facts: dict[str, Any], *names: str) -> None:
    """Let the log hold from -> to of these columns: the row still has what was, the object what is now."""
    was = Establishment.objects.values(*names).get(pk=file.pk)
    facts["changes"] = {name: [was[name], getattr(file, name)] for name in names if was[name] != getattr(file, name)}
    for name in names:
        facts.pop(name, None)


@CLASSIFICATION.beginning
def begin_classification(user: User, params: dict[str, str]) -> Classification:
    """A new opinion on a file, with what the decision table proposes and what the surveyor thought."""
    file = get_object_or_404(Establishment.objects.seen_by(user).current(), pk=params.get("file"))
    proposal = classify.propose(file)
    return Classification(
        file=file, area=file.area, computed_case=proposal.case, computed_batch=proposal.batch,
        reasons=proposal.reasons, surveyor_case=file.facts.get("disposal_case") or "",
        surveyor_batch=file.facts.get("batch") or "", proposed_case=proposal.case,
        proposed_batch=proposal.batch,
    )  # fmt: skip


@CLASSIFICATION.predicate("none_pending")
def none_pending(row: Classification, _facts: dict[str, Any]) -> bool:
    """One opinion at a time."""
    pending = Classification.objects.filter(file__in=row.file.standing.pks, state="proposed")
    return not pending.exclude(pk=row.pk).exists()


@CLASSIFICATION.predicate("eliminates")
def eliminates(_row: Classification, facts: dict[str, Any]) -> bool:
    """淘汰 needs a second office."""
    return facts.get("batch") == "phase_out"


@CLASSIFICATION.predicate("differs_with_reason")
def differs_with_reason(row: Classification, facts: dict[str, Any]) -> bool:
    """Who decides otherwise than the village says why."""
    if not facts.get("case"):
        return True
    same = (facts["case"], facts.get("batch")) == (row.proposed_case, row.proposed_batch)
    return same or bool(str(facts.get("note", "")).strip())


@CLASSIFICATION.effect("decide")
def decided(row: Classification, by: User | None, _facts: dict[str, Any]) -> None:
    """The decision sets route and term, and ends the one before, also one of a file merged since."""
    file = row.file.standing
    for old in Classification.objects.filter(file__in=file.pks, decided_on__isnull=False, ended_on__isnull=True):
        old.ended_on = today()
        flow.move(old, "replace", by, within=True)
    row.decided_on = today()
    term = Rule.objects.value("case.term", row.area, row.rule_on, {}).get(row.case)
    row.act_days = Rule.objects.value(term, row.area, row.rule_on, {}).get("length", ACT_DAYS) if term else ACT_DAYS
    # The version rises: an open page that would save the whole row must not bring the old class back.
    Establishment.objects.filter(pk=file.pk).update(case=row.case, batch=row.batch, version=F("version") + 1)
    file.case, file.batch = row.case, row.batch


def begin_disposal(file: Establishment, by: User | None) -> None:
    """An upper room took the first step that the classification asks for."""
    for row in Classification.objects.filter(file__in=file.pks, state="decided"):
        flow.move(row, "begin", by, within=True)


def settle_disposal(file: Establishment, by: User | None) -> None:
    """What the classification aimed at is reached."""
    for row in Classification.objects.filter(file__in=file.pks, state__in=("decided", "underway")):
        flow.move(row, "settle", by, within=True)


def upgrade_seen(file: Establishment, by: User | None, reached: bool) -> None:
    """A place that held its papers when it was classed has been visited: that is the first step of its upgrade, and
    the upgrade is `reached` when nothing remains to be put right."""
    for row in Classification.objects.filter(file__in=file.pks, case="0", state__in=("decided", "underway")):
        if reached:
            flow.move(row, "settle", by, within=True)
        elif row.state == "decided":
            flow.move(row, "begin", by, within=True)
