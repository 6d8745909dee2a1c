"""What the moves of a file do besides changing its state, and the conditions they wait for."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from sanxiao.archive import classify
from sanxiao.archive.models import Classification, Establishment, Merge
from sanxiao.archive.rules import CLASSIFICATION, FILE, MERGE
from sanxiao.docket import flow
from sanxiao.docket.models import Rule
from sanxiao.docket.refusal import Refused
from sanxiao.office.models import Area, User
from sanxiao.office.now import today
from sanxiao.papers.models import take_number

ACT_DAYS = 60  # where the town's rules set no term for a case
KEPT_BY_MERGE = {"id", "version", "state", "created_at", "merged_into", "search", "number", "due_on", "updated_at", "rule_on"}


@FILE.effect("open")
def open_file(file: Establishment, _by: User | None, _facts: dict[str, Any]) -> None:
    """建档: the file gets its number in its village's series."""
    file.number = take_number("file", file.area, file, kind=file.kind.prefix)


@FILE.predicate("not_banned")
def not_banned(file: Establishment, _facts: dict[str, Any]) -> bool:
    """A banned place does not come back by a click."""
    return file.closing != "banned"


@FILE.effect("reopen")
def reopened(file: Establishment, _by: User | None, _facts: dict[str, Any]) -> None:
    """The way it was closed is history now; the log keeps it."""
    file.closing = ""


@FILE.effect("relocate")
def relocated(file: Establishment, _by: User | None, facts: dict[str, Any]) -> None:
    """A move without a new point leaves none: the old point would lie."""
    file.point_source = "map" if facts.get("lat") else ""
    if not facts.get("lat"):
        file.lat = file.lng = None


@FILE.effect("transfer")
def transferred(file: Establishment, _by: User | None, facts: dict[str, Any]) -> None:
    """The file goes to the ground of another village; its number stays."""
    area = Area.objects.on().filter(code=facts["new_area"], level__in=("village", "community")).first()
    if area is None or area.code == file.area:
        raise Refused(_("请选择另一个村（社区）。"), {"new_area": _("请选择")}, "invalid")
    file.area, file.new_area = area.code, ""
    file.lat = file.lng = None


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
    return not Classification.objects.filter(file=row.file, state="proposed").exclude(pk=row.pk).exists()


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
    """The decision sets route and term, and ends the one before."""
    for old in Classification.objects.filter(file=row.file, decided_on__isnull=False, ended_on__isnull=True):
        old.ended_on = today()
        flow.move(old, "replace", by, within=True)
    row.decided_on = today()
    term = Rule.objects.value("case.term", row.area, row.rule_on, {}).get(row.case)
    row.act_days = Rule.objects.value(term, row.area, row.rule_on, {}).get("length", ACT_DAYS) if term else ACT_DAYS
    file = row.file
    Establishment.objects.filter(pk=file.pk).update(case=row.case, batch=row.batch)
    file.case, file.batch = row.case, row.batch


def begin_disposal(file: Establishment, by: User | None) -> None:
    """An upper room took the first step that the classification asks for."""
    for row in Classification.objects.filter(file__in=file.pks, state="decided"):
        flow.move(row, "begin", by, within=True)


def settle_disposal(file: Establishment, by: User | None) -> None:
    """What the classification aimed at is reached."""
    for row in Classification.objects.filter(file__in=file.pks, state__in=("decided", "underway")):
        flow.move(row, "settle", by, within=True)


@MERGE.beginning
def begin_merge(user: User, params: dict[str, str]) -> Merge:
    """Two files of one's own ground: `file` stays, `other` goes into it."""
    mine = Establishment.objects.seen_by(user)
    file = get_object_or_404(mine, pk=params.get("file"))
    return Merge(survivor=file, absorbed=get_object_or_404(mine, pk=params.get("other")), area=file.area)


@MERGE.predicate("both_current")
def both_current(row: Merge, _facts: dict[str, Any]) -> bool:
    """Neither is merged already, and they are two."""
    return row.survivor_id != row.absorbed_id and not (row.survivor.merged_into_id or row.absorbed.merged_into_id)


@MERGE.predicate("still_joined")
def still_joined(row: Merge, _facts: dict[str, Any]) -> bool:
    """Only the outermost of nested merges can be undone."""
    return row.survivor.merged_into_id is None and row.absorbed.merged_into_id == row.survivor_id


def _columns(file: Establishment) -> dict[str, Any]:
    return {f.attname: getattr(file, f.attname) for f in file._meta.concrete_fields}


@MERGE.effect("merge")
def merged(row: Merge, _by: User | None, _facts: dict[str, Any]) -> None:
    """The survivor takes what it lacks; both are kept as they were, column by column."""
    keep, lose = row.survivor, row.absorbed
    row.before = {"survivor": _columns(keep), "absorbed": _columns(lose)}
    row.taken = []
    for field in keep._meta.concrete_fields:
        if field.name not in KEPT_BY_MERGE and getattr(keep, field.attname) in (None, "", [], {}):
            if getattr(lose, field.attname) not in (None, "", [], {}):
                setattr(keep, field.attname, getattr(lose, field.attname))
                row.taken.append(field.attname)
    facts = {**lose.facts, **{k: v for k, v in keep.facts.items() if v not in (None, "", [])}}
    if facts != keep.facts:
        keep.facts = facts
        row.taken.append("facts")
    keep.save(update_fields=[*row.taken, "search"])
    lose.merged_into = keep
    lose.save(update_fields=["merged_into"])


@MERGE.effect("undo")
def unmerged(row: Merge, _by: User | None, _facts: dict[str, Any]) -> None:
    """Both are as they were; what was changed on the survivor since then by a person stays."""
    keep, lose = row.survivor, row.absorbed
    was, other = row.before["survivor"], row.before["absorbed"]
    for name in row.taken:
        field = keep._meta.get_field(name.removesuffix("_id"))
        merged_value = {**other["facts"], **{k: v for k, v in was["facts"].items() if v not in (None, "", [])}}
        given = merged_value if name == "facts" else field.to_python(other[name])
        if getattr(keep, name) == given:
            setattr(keep, name, was[name] if name == "facts" else field.to_python(was[name]))
    keep.save(update_fields=[*row.taken, "search"])
    lose.merged_into = None
    lose.save(update_fields=["merged_into"])
