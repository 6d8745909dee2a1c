"""合并: two files found to be one. Which value survives, what is taken over, and how it is taken back.

Children stay where they hang, the rows of both operators are never touched. For every column that the
survivor takes over, the merge keeps what was and what was given; taking back restores what was, except
where a person has changed it since.
"""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Count, F
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from sanxiao.archive.models import Establishment, Merge
from sanxiao.archive.rules import MERGE
from sanxiao.docket import flow, rooms
from sanxiao.docket.models import Event
from sanxiao.docket.refusal import Stale
from sanxiao.office.models import User
from sanxiao.papers import cn

BLANK: tuple[Any, ...] = (None, "", [], {})
# What belongs together is taken together. The kind, the number and the state of the survivor stay.
GROUPS: dict[str, tuple[str, ...]] = {
    "name": ("name",),
    "operator": ("operator_id",),
    "address": ("address",),
    "point": ("lat", "lng", "point_source"),
    "opened_on": ("opened_on",),
    "mobile": ("mobile",),
    "officer": ("officer_id",),
    "warden": ("warden",),
    "class": ("case", "batch"),
    "predecessor": ("predecessor_id",),
}
CHOSEN = ("name", "operator", "address", "point", "opened_on", "mobile", "officer", "warden")


@dataclass(frozen=True)
class Line:
    """One line of the comparison: both values in words, and whether a person chooses or it is plain."""

    key: str
    label: str
    keep: str
    other: str
    chooses: bool = False
    gives: bool = False  # the survivor has nothing, so the other's value is taken over


@MERGE.beginning
def begin_merge(user: User, params: dict[str, str]) -> Merge:
    """Two files of one's own ground: `file` stays, `other` goes into it."""
    mine = Establishment.objects.seen_by(user).exclude(state="void").select_related("operator", "kind", "officer")
    file = get_object_or_404(mine, pk=params.get("file"))
    return Merge(survivor=file, absorbed=get_object_or_404(mine, pk=params.get("other")), area=file.area)


@MERGE.predicate("both_current")
def both_current(row: Merge, _facts: dict[str, Any]) -> bool:
    """Neither is merged already, and they are two."""
    return row.survivor_id != row.absorbed_id and not (row.survivor.merged_into_id or row.absorbed.merged_into_id)


@MERGE.predicate("still_joined")
def still_joined(row: Merge, _facts: dict[str, Any]) -> bool:
    """Of nested merges the outer one is undone first."""
    return row.survivor.merged_into_id is None and row.absorbed.merged_into_id == row.survivor_id


def compare(keep: Establishment, other: Establishment) -> Iterator[Line]:
    """Both files side by side, line by line; what is the same on both says so by not asking."""
    yield Line("number", _("档案编号"), keep.number, other.number)
    yield Line("kind", _("类别"), str(keep.kind), str(other.kind))
    yield Line("state", _("经营状态"), str(keep.state_row.name), str(other.state_row.name))
    for key in GROUPS:
        if key != "predecessor":
            mine, theirs, gives = words_of(keep, key), words_of(other, key), _gives(keep, other, key)
            chooses = key in CHOSEN and mine != theirs and not gives and not _is_blank(other, key)
            yield Line(key, flow.label_of(Merge, key), mine, theirs, chooses, gives)


def words_of(file: Establishment, key: str) -> str:
    """The value of a group in words."""
    if key == "operator":
        who = file.operator  # only who may see the numbers merges (duties.csv); masked all the same
        return " · ".join(filter(None, (who.name, who.home, cn.mask_phone(who.phone), who.credit_code)))
    if key == "point":
        return "" if file.lat is None else f"{file.lat:.6f}, {file.lng:.6f}"
    if key == "class":
        return " ".join(filter(None, (str(file.get_case_display()), str(file.get_batch_display()))))
    if key == "mobile":
        return _("是") if file.mobile else _("否")
    value = getattr(file, key)
    return "" if value is None else str(value)


def hanging(file: Establishment) -> list[tuple[str, int]]:
    """What hangs on a file: how many matters of each kind the log knows, its own moves left out."""
    rows = Event.objects.filter(file__in=file.pks).values("kind").annotate(n=Count("subject", distinct=True))
    found: Counter[str] = Counter()
    for row in rows.order_by("kind"):
        if row["kind"] not in ("archive.file", "archive.merge"):
            found[_kind_name(row["kind"])] += row["n"]
    return list(found.items())


def _kind_name(kind: str) -> str:
    try:
        return str(rooms.flow_of(kind).name)
    except KeyError:
        return kind


def _held(file: Establishment, key: str) -> list[Any]:
    return [getattr(file, column) for column in GROUPS[key]]


def _is_blank(file: Establishment, key: str) -> bool:
    return all(value in BLANK for value in _held(file, key))


def _gives(keep: Establishment, other: Establishment, key: str) -> bool:
    if key == "predecessor" and other.predecessor_id == keep.pk:
        return False
    return _is_blank(keep, key) and not _is_blank(other, key)


@MERGE.effect("merge")
def merged(row: Merge, _by: User | None, facts: dict[str, Any]) -> None:
    """The survivor takes what it lacks and what was chosen; both are kept as they were, column by column."""
    keep, other = row.survivor, row.absorbed
    row.before = {"survivor": _columns(keep), "absorbed": _columns(other)}
    row.taken = {}
    chosen = set(facts.get("takes") or ()) & set(CHOSEN)
    for key, columns in GROUPS.items():
        if key in chosen or _gives(keep, other, key):
            for column in columns:
                _take(row, column, getattr(other, column))
    for name, answer in other.facts.items():
        if keep.facts.get(name) in BLANK and answer not in BLANK:
            _take(row, f"facts.{name}", answer)
    _take(row, "missing", [what for what in keep.missing if what in other.missing])
    _save(keep, *row.taken)
    other.merged_into = keep
    _save(other, "merged_into")


@MERGE.effect("undo")
def unmerged(row: Merge, _by: User | None, _facts: dict[str, Any]) -> None:
    """Both are as they were; what a person has changed on the survivor since then stays."""
    keep, other = row.survivor, row.absorbed
    for column, said in row.taken.items():
        if _plain(_get(keep, column)) == _plain(said["given"]):
            _put(keep, column, said)
        else:
            _hand_on(row, column, said)
    _save(keep, *row.taken)
    other.merged_into = None
    _save(other, "merged_into")


def _hand_on(row: Merge, column: str, said: dict[str, Any]) -> None:
    """A later merge took the column over from this one: what it goes back to is what was before this one."""
    later = Merge.objects.filter(survivor=row.survivor_id, state="done", created_at__gt=row.created_at)
    for other in later.order_by("created_at"):
        theirs = other.taken.get(column)
        if theirs and "was" in theirs and theirs["was"] == _plain(said["given"]):
            theirs.pop("was")
            theirs.update({k: v for k, v in said.items() if k == "was"})
            other.save(update_fields=["taken"])
            return


def _columns(file: Establishment) -> dict[str, Any]:
    return {f.attname: getattr(file, f.attname) for f in file._meta.concrete_fields}


def _take(row: Merge, column: str, value: Any) -> None:
    keep = row.survivor
    if _get(keep, column) != value:
        had = column.removeprefix("facts.") in keep.facts if column.startswith("facts.") else True
        row.taken[column] = {"given": value} | ({"was": _get(keep, column)} if had else {})
        _put(keep, column, {"was": value})


def _get(file: Establishment, column: str) -> Any:
    return file.facts.get(column.removeprefix("facts.")) if column.startswith("facts.") else getattr(file, column)


def _put(file: Establishment, column: str, said: dict[str, Any]) -> None:
    """Set a column to what was; an answer that was not there is taken out again."""
    if not column.startswith("facts."):
        field = next(f for f in file._meta.concrete_fields if f.attname == column)
        setattr(file, column, field.to_python(said["was"]))
        return
    name = column.removeprefix("facts.")
    file.facts = {k: v for k, v in file.facts.items() if k != name or "was" in said}
    if "was" in said:
        file.facts[name] = said["was"]


def _plain(value: Any) -> Any:
    """A value as the database keeps it in JSON, to compare."""
    return json.loads(json.dumps(value, cls=DjangoJSONEncoder))


def _save(file: Establishment, *columns: str) -> None:
    """Write these columns and raise the version of the file as it was read, or lose the race."""
    rows = Establishment.objects.filter(pk=file.pk, version=file.version)
    if not rows.update(version=F("version") + 1):
        raise Stale(_("这份档案刚刚被别人更新过，请核对后再办。"))
    file.version += 1
    file.__dict__.pop("pks", None)
    file.save(update_fields=[*{"facts" if c.startswith("facts.") else c for c in columns}, "search"])
