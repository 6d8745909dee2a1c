"""What 建档 writes into the archive, made and taken back exactly.

`make` opens a file from a sheet, `update` brings one up to it, `undo` restores. What would be written is
planned in `plans.py`, so that the page can show it first. Of a phone's sheet about a file only that part is
written which nobody else has touched meanwhile (`merging.py` says which).
"""

from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from sanxiao.archive.models import Establishment, Operator, Pitch
from sanxiao.archive.rules import FILE
from sanxiao.docket import flow
from sanxiao.docket.models import Attachment
from sanxiao.docket.record import take
from sanxiao.docket.refusal import Refused
from sanxiao.office import seal
from sanxiao.office.duties import scope_of
from sanxiao.office.models import User
from sanxiao.papers.models import void_number
from sanxiao.survey.models import Sheet
from sanxiao.survey.plans import COLUMNS, PERSON, Change, Plan, changes_of, current_pitch, plan_of, restricted

KEPT_OF_PERSON = (
    "name", "id_type", "id_number_sealed", "id_number_index", "id_number_tail", "phone_sealed", "phone_index",
    "phone_tail", "credit_code", "home",
)  # fmt: skip
TO_STATE = {"seasonal": "season", "suspended": "rest", "lost": "lose", "moved": "leave", "closed": "close"}
BACK = {"seasonal": "resume", "suspended": "resume", "lost": "resume", "moved": "reopen", "closed": "reopen"}


@dataclass(frozen=True)
class Origin:
    """Where values come from when it is no sheet: as much of one as writing them needs."""

    area: str
    seen_on: date
    point_source: str = "device"
    number: str = ""
    missing: list[str] = field(default_factory=list)


From = Sheet | Origin


def person_for(sheet: From, plan: Plan) -> Operator:
    """The operator of the town with this ID number, else a new one; not yet saved when new."""
    index = seal.index("id_number", plan.person["id_number"])
    if index:
        town = Operator.objects.within((sheet.area[:9],))
        if held := town.filter(id_number_index=index).order_by("created_at").first():
            return held
    return new_person(sheet, plan)


def new_person(sheet: From, plan: Plan) -> Operator:
    """An operator made from the sheet, unsaved."""
    made = Operator(area=sheet.area)
    for name, column in PERSON.items():
        value = plan.person[name]
        if value:
            setattr(made, column, value)
    return made


def new_file(sheet: Sheet, plan: Plan, person: Operator) -> Establishment:
    """A file made from the sheet, unsaved and without a state."""
    where = plan.columns["location"] or (None, None)
    free = sheet.place and not Establishment.objects.filter(pk=sheet.place).exists()
    key = {"id": sheet.place} if free else {}
    return Establishment(
        **key, kind=sheet.kind, operator=person, area=sheet.area, name=plan.columns["shop_name"],
        address=plan.columns["address"], lat=where[0], lng=where[1], point_source=sheet.point_source,
        opened_on=plan.columns["opened_on"], mobile=bool(plan.columns["mobile"]), facts=plan.facts,
        missing=sheet.missing,
    )  # fmt: skip


def new_pitch(file: Establishment, sheet: From, plan: Plan) -> Pitch | None:
    """The pitch that the sheet tells of, unsaved."""
    return Pitch(file=file, area=sheet.area, since=sheet.seen_on, **plan.pitch) if plan.pitch else None


def make(sheet: Sheet, by: User | None) -> Establishment:
    """A new file from the sheet."""
    plan = plan_of(sheet)
    person = person_for(sheet, plan)
    if person._state.adding:
        person.save()
    file = new_file(sheet, plan, person)
    flow.move(file, "open", by, within=True, on=sheet.filed_on)
    if pitch := new_pitch(file, sheet, plan):
        pitch.save()
    go_to_state(file, plan.state, by, sheet)
    sheet.created_file, sheet.before = True, {}
    _hang(sheet, file)
    return file


def go_to_state(file: Establishment, state: str, by: User | None, sheet: From, reason: str = "") -> None:
    """Lead a file into the state that the survey found, by the moves of its own table."""
    for name in steps(file.state, state):
        why = reason or _("调查表 %(number)s") % {"number": sheet.number}
        flow.move(file, name, by, within=True, on=None if reason else sheet.seen_on, reason=why)


def steps(now: str, wanted: str) -> list[str]:
    """The moves from one state of a file to another."""
    if not wanted or now == wanted:
        return []
    if wanted == "normal":
        return [BACK[now]]
    direct = TO_STATE[wanted]
    return [direct] if now in FILE.row(direct).frm else [BACK[now], direct]


def _hang(sheet: Sheet, file: Establishment | None) -> None:
    """The sheet and its pictures belong to the file, or to none again."""
    sheet.file = file
    Attachment.objects.filter(subject=sheet.pk).update(file=file.pk if file else None)


def part_of(sheet: Sheet, file: Establishment) -> Plan:
    """What of the sheet is written into a file: all of it, or of a phone's the part that was merged."""
    plan = plan_of(sheet)
    return restricted(plan, frozenset(sheet.merge["take"]), file) if sheet.merge else plan


def update(sheet: Sheet, file: Establishment, by: User) -> list[Change]:
    """Bring a file up to the sheet: one event names every change, and the sheet keeps how it was."""
    plan = part_of(sheet, file)
    changes, _same = changes_of(plan, file)
    before: dict[str, Any] = {
        "columns": {name: getattr(file, name) for name in ("name", "address", "lat", "lng", "point_source", "opened_on",
                                                             "mobile", "facts", "missing", "operator_id", "closing")},
        "state": file.state,
    }  # fmt: skip
    names = frozenset(sheet.merge["take"]) if sheet.merge else None
    write(sheet, plan_of(sheet), plan, file, before, by, names)
    told = {change.name: change.logged() for change in changes if change.name != "operating_state"}
    beside = {key: sheet.merge[key] for key in ("keep", "clash") if sheet.merge.get(key)}
    flow.move(file, "resurvey", by, within=True, on=sheet.seen_on, sheet=sheet.number, changes=told, **beside)
    go_to_state(file, plan.state, by, sheet)
    sheet.created_file, sheet.before = False, before
    _hang(sheet, file)
    return changes


def write(
    origin: From, whole: Plan, plan: Plan, file: Establishment, before: dict[str, Any], by: User,
    names: Set[str] | None = None,
) -> None:  # fmt: skip
    """Set everything but the state, without saving the file; `before` is filled with how the rest was.

    `whole` says whose place it is, `plan` what may be written of it; `names` None: all.
    """
    _update_person(origin, whole, file, before, by, names)
    _update_columns(plan, file, origin)
    _update_pitch(origin, plan, file, before)


def _update_columns(plan: Plan, file: Establishment, sheet: From) -> None:
    for name, column in COLUMNS.items():
        if plan.columns[name] not in (None, ""):
            setattr(file, column, plan.columns[name])
    if plan.columns["location"]:
        file.lat, file.lng = plan.columns["location"]
        file.point_source = sheet.point_source
    file.facts = {name: value for name, value in {**file.facts, **plan.facts}.items() if name not in plan.gone}
    file.missing = [what for what in file.missing if what in sheet.missing]


def same_person(plan: Plan, person: Operator) -> bool:
    """Does the sheet speak of the person who runs the place on file?"""
    number, told = plan.person["id_number"], plan.person
    known = person.id_number_index
    if number and known:
        return known == seal.index("id_number", number)
    if not told["operator_name"]:
        return True
    return told["operator_name"] == person.name or bool(told["phone"] and told["phone"] == person.phone)


def _update_person(
    sheet: From, plan: Plan, file: Establishment, before: dict[str, Any], by: User, names: Set[str] | None
) -> None:
    """The same person is brought up to date; another one takes the place over. `names`: what may be written."""
    person, told = file.operator, plan.person
    if not same_person(plan, person):
        if names is not None and not names & {"operator_name", "id_number"}:
            return
        file.operator = person_for(sheet, plan)
        if file.operator._state.adding:
            file.operator.save()
            return
        person, names = file.operator, None
    before["person"] = {"pk": str(person.pk), **{name: getattr(person, name) for name in KEPT_OF_PERSON}}
    wanted = {n: c for n, c in PERSON.items() if told[n] and (names is None or n in names)}
    differing = {n: told[n] for n, c in wanted.items() if told[n] != getattr(person, c)}
    if not differing:
        return
    changes = {n: Change(n, getattr(person, PERSON[n]), value).logged() for n, value in differing.items()}
    for name, value in differing.items():
        setattr(person, PERSON[name], value)
    _save_person(person, by, {"changes": changes})


def _save_person(person: Operator, by: User | None, facts: dict[str, Any]) -> None:
    """Write a person as he was read, with one event. Raises Stale where somebody else was quicker."""
    take(person)
    person.save()
    seat = next((s for s in scope_of(by).seats if s.covers(person.area)), None) if by else None
    flow.log(person, "amend", by, seat, facts=facts)


def _update_pitch(sheet: From, plan: Plan, file: Establishment, before: dict[str, Any]) -> None:
    """The same pitch gets its new hours; another one follows it in time."""
    if not plan.pitch:
        return
    held = current_pitch(file)
    if held:
        before["pitch"] = {
            "pk": str(held.pk), "windows": held.windows, "market_days": held.market_days,
            "lat": held.lat, "lng": held.lng,
        }  # fmt: skip
    if held and held.name == plan.pitch["name"]:
        for name, value in plan.pitch.items():
            if value not in (None, "", []):
                setattr(held, name, value)
        held.save()
        return
    if held:
        held.until = max(held.since, sheet.seen_on)
        held.save()
    made = new_pitch(file, sheet, plan)
    if made:
        made.save()
        before["new_pitch"] = str(made.pk)


# --- taking it back --------------------------------------------------------------------------------------------


def undo(sheet: Sheet, by: User, reason: str) -> None:
    """The file that the sheet made becomes void; the one that it changed is as it was."""
    file = Establishment.objects.held().get(pk=str(sheet.file_id))
    if sheet.created_file:
        flow.move(file, "undo", by, within=True, reason=reason)
        void_number(file.number, file.area, reason)
    else:
        _restore(sheet, file, by, reason)
    sheet.created_file, sheet.before, sheet.merge = False, {}, {}
    _hang(sheet, None)


def _restore(sheet: Sheet, file: Establishment, by: User, reason: str) -> None:
    was = sheet.before
    changes, _same = changes_of(part_of(sheet, file), file)
    if changes:
        raise Refused(_("建档时更新的内容后来又被改过，不能撤回。请在档案里“更正”。"), code="guard")
    go_to_state(file, was["state"], by, sheet, reason)
    for name, value in was["columns"].items():
        setattr(file, name, date.fromisoformat(value) if name == "opened_on" and isinstance(value, str) else value)
    if "person" in was:
        _restore_person(was["person"], by, reason)
    _restore_pitch(was)
    file.operator = Operator.objects.get(pk=file.operator_id)
    back = {c.name: c.logged()[::-1] for c in changes_of(part_of(sheet, file), file)[0] if c.name != "operating_state"}
    flow.move(file, "resurvey", by, within=True, sheet=sheet.number, reason=reason, changes=back)


def _restore_person(was: Mapping[str, Any], by: User, reason: str) -> None:
    person = Operator.objects.get(pk=was["pk"])
    for name in KEPT_OF_PERSON:
        setattr(person, name, was[name])
    _save_person(person, by, {"reason": reason})


def _restore_pitch(was: Mapping[str, Any]) -> None:
    if "new_pitch" in was:
        Pitch.objects.filter(pk=was["new_pitch"]).delete()
    if "pitch" in was:
        kept = {name: value for name, value in was["pitch"].items() if name != "pk"}
        Pitch.objects.filter(pk=was["pitch"]["pk"]).update(until=None, **kept)
