"""What becomes of a survey table that a phone sent: a sheet, and from it a new file or a merged one.

Nothing from the field is refused for what it says: it is kept and flagged (`Sheet.doubts`), and where a person has
to look, the sheet waits as 待建档. Refused is only what has no place to go, with words that say why.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from sanxiao.archive import doubles
from sanxiao.archive.models import Establishment
from sanxiao.docket import flow
from sanxiao.docket.refusal import Refused
from sanxiao.docket.rooms import Filled, Taken
from sanxiao.office.duties import scope_of
from sanxiao.survey import acts, arrival, filing, merging, plans, served, touched
from sanxiao.survey.doubles import likeness
from sanxiao.survey.models import Sheet
from sanxiao.survey.plans import PERSON, Plan
from sanxiao.survey.reading import label

GONE = ("closed", "moved")


@transaction.atomic
def take(filled: Filled) -> Taken:
    """Make of a filled table what can be made of it. Raises Refused, and then nothing has been changed."""
    if held := Sheet.objects.filter(pk=filled.id).select_related("file").first():
        return Taken(held, held.file)
    file = file_of(filled.place) if filled.place and not (filled.creates and is_free(filled.place)) else None
    if filled.place and file is None and not (filled.creates or _reserved(filled.place)):
        raise Refused(_("没有找到这份表要更新的档案。"), code="unknown")
    if file is not None:
        file = Establishment.objects.held().get(pk=file.pk)
    sheet, pictures = arrival.sheet_of(filled, file)
    if file is not None and (reason := why_gone(file, filled, sheet)):
        raise Refused(reason, code="guard")
    flow.move(sheet, "send", filled.by, within=True, on=sheet.seen_on)  # whether he may, the inbox has asked
    arrival.hang(sheet, pictures, filled)
    if not may_file(filled.by, sheet):
        return Taken(sheet)
    return _new(sheet, filled) if file is None else _merged(sheet, file, filled)


def file_of(place: UUID) -> Establishment | None:
    """The file that stands today for a place as a phone knows it: by its key, or by the sheet that it came with. One
    that was taken back stands only where no mended sheet has made it anew."""
    rows = Establishment.objects.select_related("operator", "kind", "merged_into")
    file = rows.filter(pk=place).first()
    if file is None or file.state == "void":
        sheets = Sheet.objects.filter(place=place, file__isnull=False).exclude(file=place)
        sheet = sheets.order_by("created_at").first()
        file = rows.get(pk=str(sheet.file_id)) if sheet else file
    return rows.get(pk=file.standing.pk) if file is not None and file.merged_into_id else file


def is_free(place: UUID) -> bool:
    """Is nothing on file for this place (any more), and no sheet about it waiting?"""
    file = file_of(place)
    return (file is None or file.state == "void") and not _reserved(place)


def _reserved(place: UUID, but: Sheet | None = None) -> bool:
    """Is a sheet about this place (another one) waiting to be filed?"""
    return Sheet.objects.filter(place=place, state__in=("received", "across")).exclude(pk=but and but.pk).exists()


def may_file(by: Any, sheet: Sheet) -> bool:
    """Does this person lead filing on the sheet's ground today?"""
    return scope_of(by).seat_for("sheet.file", sheet.area) is not None


def why_gone(file: Establishment, filled: Filled, sheet: Sheet) -> str:
    """Why a file takes no answers any more, in words, or ''."""
    if file.state == "void":
        return _("“%(name)s”的建档已撤回，手机上的内容没有写入；请核对后重新建档，或不再处理。") % {"name": file.name}
    said = sheet.answers.get("operating_state")
    if file.state not in GONE or said in (None, file.state):
        return ""
    knew = None if filled.base is None else filled.base.get("operating_state")
    stale = "operating_state" in touched.since(file, sheet.seen_on) if knew is None else knew != file.state
    if stale:
        words = {"name": file.name, "state": file.state_row.name}
        return (
            _("“%(name)s”已登记为“%(state)s”，手机上的内容是那之前带走的，没有写入；确已重开的，请先登记重开。") % words
        )
    if file.closing == "banned" and said not in GONE:
        return _("“%(name)s”已被取缔，重开须由金城分局办理新的登记；手机上的内容没有写入。") % {"name": file.name}
    return ""


def _new(sheet: Sheet, filled: Filled) -> Taken:
    """A place nobody has: it is on file at once. One that may be on file already waits for a person to look;
    where that file lies outside the sender's ground, the food-safety office looks, and the sender learns no more."""
    waits = filled.place and _reserved(filled.place, sheet)  # a change of a place that is itself still to be filed
    if not waits and doubles.elsewhere(likeness(sheet), filled.by):
        flow.move(sheet, "hold", None)
        return Taken(sheet)
    if waits or doubles.likely(likeness(sheet), filled.by):
        return Taken(sheet)
    sheet.filed_on = sheet.seen_on
    flow.move(sheet, "file", filled.by, on=sheet.seen_on)
    return Taken(sheet, sheet.file)


def _merged(sheet: Sheet, file: Establishment, filled: Filled) -> Taken:
    """A place on file: question by question what only the phone changed is taken, what both changed is left open."""
    if reason := acts.why_not_update(sheet, file):
        raise Refused(reason, code="guard")
    theirs, ours, verdicts = weighed(sheet, file, filled)
    sheet.merge = {
        what: [name for name, verdict in verdicts.items() if verdict == what]
        for what in (merging.TAKE, merging.KEEP, merging.CLASH)
    }
    flow.move(sheet, "file", filled.by, on=sheet.seen_on, target=str(file.pk))
    base = filled.base or {}
    clashes = tuple(
        {"name": name, "base": base.get(name), "ours": served.kept(file, name, ours[name]),
         "theirs": served.kept(file, name, theirs[name])}
        for name in sheet.merge["clash"]
    )  # fmt: skip
    together = sheet.merge["keep"] or clashes
    return Taken(sheet, sheet.file, merged_labels(sheet) if together else (), clashes)


def merged_labels(sheet: Sheet) -> tuple[str, ...]:
    """The questions whose answers were taken beside those of the office, in the language of whoever reads it."""
    questions = sheet.form.questions()
    return tuple(label(questions[name]) if name in questions else name for name in sheet.merge["take"])


def weighed(sheet: Sheet, file: Establishment, filled: Filled) -> tuple[dict[str, Any], dict[str, Any], dict[str, str]]:
    """What the sheet says and what the file holds where they differ, by question, and whose it is to be."""
    plan = plans.plan_of(sheet)
    changes, _same = plans.changes_of(plan, file)
    theirs = {change.name: change.new for change in changes}
    ours = {change.name: change.old for change in changes}
    unknown = filled.base is None or any(not served.is_given(sheet.form, name) for name in theirs)
    office = touched.since(file, sheet.seen_on) if unknown else set()
    verdicts = merging.weigh(theirs, ours, _base(sheet, theirs, filled.base), office)
    verdicts = {name: verdict for name, verdict in verdicts.items() if verdict != merging.SAME}
    return theirs, ours, _whole(verdicts, plan, file, sheet)


def _base(sheet: Sheet, theirs: Mapping[str, Any], base: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """What the phone was given, also where that was nothing; what a phone is never given is left out."""
    if base is None:
        return None
    return {name: base.get(name) for name in theirs if served.is_given(sheet.form, name)}


def _whole(verdicts: dict[str, str], plan: Plan, file: Establishment, sheet: Sheet) -> dict[str, str]:
    """What belongs together is decided together.

    Another person takes a place over whole or not at all. And an answer goes because another rules it out only
    when that other one is itself written.
    """
    found = dict(verdicts)
    person = [name for name in PERSON if name in found]
    if not filing.same_person(plan, file.operator) and len({found[name] for name in person}) > 1:
        found |= dict.fromkeys(person, merging.CLASH)
    unsettled = {name for name, verdict in found.items() if verdict != merging.TAKE}
    for name in plan.gone & set(found):
        asked = sheet.form.questions()[name]["relevant"]
        if found[name] == merging.TAKE and any(f"${{{other}}}" in asked for other in unsettled):
            del found[name]
    return found
