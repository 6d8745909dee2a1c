"""Many sheets at once: the documented bulk path of an import, beside `flow.move` for one.

`send_many` and `file_many` write what `flow.move(sheet, "send")` and `flow.move(sheet, "file")` would, row
for row and event for event (a test compares them), but with `bulk_create`: ten thousand in seconds. They
take only what is plain: unsaved sheets to be sent, and received sheets without a likely double.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from sanxiao.archive import doubles, find
from sanxiao.archive.models import Establishment, Operator, Pitch
from sanxiao.docket import flow
from sanxiao.docket.models import Attachment, Event, Matter
from sanxiao.docket.refusal import Refused, Stale
from sanxiao.docket.tables import Flow
from sanxiao.office.duties import Seat, scope_of
from sanxiao.office.models import User
from sanxiao.office.now import now, today
from sanxiao.papers.models import take_numbers
from sanxiao.risk import keep
from sanxiao.survey import filing
from sanxiao.survey.models import Sheet
from sanxiao.survey.plans import Plan, plan_of
from sanxiao.survey.rules import SHEET

CHUNK = 1000


def send_many(sheets: Sequence[Sheet], by: User | None) -> int:
    """Store unsaved sheets as sent, in one transaction: numbers, rows, one Event each. Raises Refused.

    `by` None is the program itself: a ledger imported by command, in nobody's name.
    """
    if not sheets:
        return 0
    seats = {sheet.area: _seat(SHEET, "send", sheet, by) for sheet in sheets}
    try:
        with transaction.atomic():
            for sheet, number in zip(sheets, _numbers("form", sheets), strict=True):
                sheet.state, sheet.version, sheet.number = "received", 1, number
                sheet.search, sheet.updated_at = sheet.search_text(), now()
            Sheet.objects.bulk_create(sheets, batch_size=CHUNK)
            _log(_event(sheet, "send", by, seats[sheet.area], "", "received", {}) for sheet in sheets)
    except IntegrityError as error:
        raise Stale(_("同一份台账正在由别人导入，请稍后再看。")) from error
    return len(sheets)


def _seat(table: Flow, name: str, obj: Matter, by: User | None) -> Seat | None:
    """The same check as for one: this duty, on this ground. Raises Refused."""
    if by is None:
        return None
    seat = flow.seat_for(table.row(name), obj, by)
    if seat is None:
        raise Refused(_("这一步不归您办理：%(move)s") % {"move": table.row(name).name}, code="forbidden")
    return seat


def _numbers(key: str, rows: Sequence[Any]) -> list[str]:
    """Numbers of a series by town and kind, in the order of the rows."""
    shelves: dict[tuple[str, str], list[Any]] = {}
    for row in rows:
        shelves.setdefault((row.area, row.kind.prefix), []).append(row)
    given: dict[Any, str] = {}
    for (area, prefix), held in shelves.items():
        given |= zip((row.pk for row in held), take_numbers(key, area, held, kind=prefix), strict=True)
    return [given[row.pk] for row in rows]


def _event(
    obj: Matter, name: str, by: User | None, seat: Seat | None, frm: str, to: str, facts: dict[str, Any]
) -> Event:
    return Event(
        kind=obj.flow.key, subject=obj.pk, file=obj.file_id_for_log, area=obj.area, move=name, frm=frm, to=to,
        office_id=seat.office_id if seat else None, actor=by, facts=facts, on=today(), at=now(),
    )  # fmt: skip


def _log(events: Iterable[Event]) -> None:
    Event.objects.bulk_create(list(events), batch_size=CHUNK)


# --- filing ----------------------------------------------------------------------------------------------------


@dataclass
class Filed:
    """What came of filing many: how many files were made, and the sheets that a person must look at, with why."""

    made: int = 0
    left: list[tuple[Sheet, str]] = field(default_factory=list)


def file_many(sheets: Sequence[Sheet], by: User | None, shelves: doubles.Shelves | None = None) -> Filed:
    """File received sheets that have no likely double, in one transaction; the others are left with the reason.

    Sheets are compared with the whole town's files, and with each other: of two that are alike the first is filed.
    `shelves`: the town's places, kept from one chunk to the next.
    """
    done = Filed()
    if not sheets:
        return done
    plans = {sheet.pk: plan_of(sheet) for sheet in sheets}
    alone = _without_doubles(sheets, plans, done, shelves or town_shelves(sheets[0].area))
    with transaction.atomic():
        taken = Sheet.objects.filter(pk__in=[s.pk for s in alone], state="received")
        if len(taken.select_for_update().values_list("pk", flat=True)) != len(alone):
            raise Stale(_("有的调查表刚刚被别人办理，请重新来过。"))
        _make_all(alone, plans, by)
    done.made = len(alone)
    return done


def _likeness(sheet: Sheet, plan: Plan) -> doubles.Likeness:
    return doubles.Likeness(
        sheet.kind_id, sheet.area, sheet.name, sheet.operator, sheet.id_index, sheet.phone_index,
        plan.person["uscc"] or "", sheet.lat, sheet.lng,
    )  # fmt: skip


def town_shelves(area: str) -> doubles.Shelves:
    """All present files of the town that an area lies in, ready to be compared with."""
    shelves = doubles.Shelves(doubles.measure_of(area))
    town = Establishment.objects.current().within((area[:9],)).select_related("operator")
    for file in town.defer("facts", "search").iterator(chunk_size=2000):
        shelves.put(doubles.likeness_of(file))
    return shelves


def _without_doubles(
    sheets: Sequence[Sheet], plans: dict[Any, Plan], done: Filed, shelves: doubles.Shelves
) -> list[Sheet]:
    alone = []
    for sheet in sheets:
        place = _likeness(sheet, plans[sheet.pk])
        reasons = shelves.sure_double(place)
        if reasons:
            done.left.append((sheet, "；".join(reasons)))
        else:
            alone.append(sheet)
            shelves.put(place)
    return alone


def _make_all(sheets: Sequence[Sheet], plans: dict[Any, Plan], by: User | None) -> None:
    seats = {sheet.area: _seat(SHEET, "file", sheet, by) for sheet in sheets}
    within = {area: _within(area, by) for area in seats}
    people = _people(sheets, plans)
    files = [filing.new_file(sheet, plans[sheet.pk], people[sheet.pk]) for sheet in sheets]
    for file, number in zip(files, _numbers("file", files), strict=True):
        file.state, file.version, file.number = "normal", 1, number
        file.updated_at = now()
        find.keep_in_step(file)
    Establishment.objects.bulk_create(files, batch_size=CHUNK)
    pitches = [filing.new_pitch(f, s, plans[s.pk]) for f, s in zip(files, sheets, strict=True)]
    Pitch.objects.bulk_create([pitch for pitch in pitches if pitch], batch_size=CHUNK)
    _log(_event(file, "open", by, within[file.area], "", "normal", {}) for file in files)
    for sheet, file in zip(sheets, files, strict=True):
        filing.go_to_state(file, plans[sheet.pk].state, by, sheet)
        sheet.file = file
    # What is the same for all is one statement: bulk_update writes a condition for every row and column.
    Sheet.objects.filter(pk__in=[sheet.pk for sheet in sheets]).update(
        created_file=True, before={}, state="filed", version=F("version") + 1, updated_at=now()
    )
    Sheet.objects.bulk_update(sheets, ["file"], batch_size=250)
    _hang_pictures(sheets)
    keep.refresh(files)
    made = zip(sheets, files, strict=True)
    _log(_event(s, "file", by, seats[s.area], "received", "filed", {"made": f.number}) for s, f in made)


def _within(area: str, by: User | None) -> Seat | None:
    """The seat under which an act within another stands in the log, as `flow.move` chooses it."""
    return next((seat for seat in scope_of(by).seats if seat.covers(area)), None) if by else None


def _people(sheets: Sequence[Sheet], plans: dict[Any, Plan]) -> dict[Any, Operator]:
    """The operator of every sheet: the one with that ID number, of the town or of an earlier sheet; else a new one."""
    wanted = {sheet.id_index for sheet in sheets if sheet.id_index}
    town = Operator.objects.within((sheets[0].area[:9],)).filter(id_number_index__in=wanted).order_by("-created_at")
    known = {person.id_number_index: person for person in town}
    found, new = {}, []
    for sheet in sheets:
        person = known.get(sheet.id_index) if sheet.id_index else None
        if person is None:
            person = filing.new_person(sheet, plans[sheet.pk])
            new.append(person)
            if sheet.id_index:
                known[sheet.id_index] = person
        found[sheet.pk] = person
    Operator.objects.bulk_create(new, batch_size=CHUNK)
    return found


def _hang_pictures(sheets: Sequence[Sheet]) -> None:
    for sheet in sheets:
        if sheet.source != "ledger":  # a ledger brings none
            Attachment.objects.filter(subject=sheet.pk).update(file=sheet.file_id)
