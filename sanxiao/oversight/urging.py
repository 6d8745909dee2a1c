"""Urging by rule: what is late by how many working days, whose it is, and on which sheet it stands.

Nothing is told twice: a late matter stands on one sheet only, and a unit has one sheet of a colour. When the matter is
done it goes off the sheet, and a sheet on which nothing is left ends by itself.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from sanxiao.docket import clock, flow, rooms
from sanxiao.docket.models import Deadline, Rule, the_calendar
from sanxiao.docket.offers import duty_of, rows_from
from sanxiao.office.duties import DUTIES, LEADS
from sanxiao.office.models import Office, User, prefix_of
from sanxiao.office.now import today
from sanxiao.oversight.models import Item, Urge
from sanxiao.oversight.models.urging import RUNNING
from sanxiao.oversight.rules import BLUE, ORANGE, RED, URGE
from sanxiao.papers.models import take_number

STEPS = (BLUE, ORANGE, RED)
USUAL = {BLUE: 1, ORANGE: 6, RED: 11}  # working days, where the town's rules say nothing
LONGEST = 200
SEALED = ("tips.",)  # a sheet is read by more people than a tip: who told, and of whom, must not stand on one


@dataclass(frozen=True)
class Late:
    """One late matter, and the unit that it waits for."""

    unit: Office
    kind: str
    subject: UUID
    term: str
    name: str
    title: str
    since: date
    colour: str


def rule(area: str) -> dict[str, Any]:
    """The colours of today."""
    said: dict[str, Any] = Rule.objects.value("urging.colours", area, default=USUAL)
    return said


def colour_of(days: int, said: dict[str, Any]) -> str:
    """The colour for so many working days past the date, '' when it is none yet."""
    fitting = [colour for colour in STEPS if colour in said and days >= int(said[colour])]
    return fitting[-1] if fitting else ""


# --- what is late ------------------------------------------------------------------------------------------------


def late() -> Iterator[Late]:
    """Every term that has run out and waits for a person, with the one office that answers for it."""
    finder, known = Finder(), {model.flow.key for model in rooms.models()}
    by_kind: dict[str, list[Deadline]] = defaultdict(list)
    for term in Deadline.objects.past(today()).order_by("due_on", "id"):
        left_out = finder.said(term.area).get("leave_out", ())
        if term.kind in known and term.kind not in left_out and not term.kind.startswith(SEALED):
            by_kind[term.kind].append(term)
    for kind, terms in by_kind.items():
        found = readable(rooms.model_of(kind)).in_bulk([term.subject for term in terms])
        for term in terms:
            obj: Any = found.get(term.subject)
            unit = finder.owner(obj) if obj is not None else None
            colour = colour_of(finder.days(term), finder.said(term.area))
            if unit and colour:
                yield Late(
                    unit, kind, term.subject, term.term, term.name, str(obj.title)[:LONGEST], term.due_on, colour
                )


def readable(model: Any) -> QuerySet[Any]:
    """Matters of a kind with what their titles tell: the place, the unit."""
    keys = {field.name for field in model._meta.concrete_fields if field.is_relation}
    return model._base_manager.select_related(*({"file", "unit"} & keys))


class Finder:
    """Whose turn it is: the office named by the matter itself, else the first by the town's order of those who may."""

    def __init__(self) -> None:
        self._offices = list(Office.objects.on().order_by("-area"))
        self._by_key = {office.pk: office for office in self._offices}
        self._calendar = the_calendar()
        self._said: dict[str, dict[str, Any]] = {}
        self._order: dict[str, list[str]] = {}
        self._days: dict[date, int] = {}

    def said(self, area: str) -> dict[str, Any]:
        """The town's colours, asked once."""
        town = area[:9]
        if town not in self._said:
            self._said[town] = rule(town.ljust(12, "0"))
        return self._said[town]

    def days(self, term: Deadline) -> int:
        """Working days since the term ran out."""
        if term.due_on not in self._days:
            self._days[term.due_on] = -clock.remaining(today(), term.due_on, "wd", self._calendar)
        return self._days[term.due_on]

    def owner(self, obj: Any) -> Office | None:
        """The office that has to act next; None when it waits for nobody of the town."""
        if not obj.is_open:
            return None
        rows = [row for row in rows_from(obj) if row.todo and row.duty]
        for row in rows:
            if row.own and (key := getattr(obj, f"{row.own}_id")):
                return self._by_key.get(key)
        roles = {role for row in rows if not row.own for role in DUTIES[str(duty_of(row, obj))].roles(LEADS)}
        return self._nearest(obj.area, roles)

    def _nearest(self, area: str, roles: Iterable[str]) -> Office | None:
        wanted = [role for role in self._ranked(area) if role in set(roles)]
        for role in wanted:
            for office in self._offices:
                if office.role == role and area.startswith(prefix_of(office.area)):
                    return office
        return None

    def _ranked(self, area: str) -> list[str]:
        town = area[:9].ljust(12, "0")
        if town not in self._order:
            self._order[town] = Rule.objects.value(
                "urging.owner", town, default=list(next(iter(DUTIES.values())).marks)
            )
        return self._order[town]


# --- the round of the night --------------------------------------------------------------------------------------


def urge() -> str:
    """The night watch's part; safe to run twice. Returns words on what it did."""
    found = list(late())
    wanted = {(row.subject, row.term): row for row in found}
    running = Item.objects.filter(done_on__isnull=True, moved_on__isnull=True).select_related("sheet__unit")
    items = {(item.subject, item.term): item for item in running}
    done = [item for key, item in items.items() if key not in wanted or wanted[key].unit.pk != item.sheet.unit_id]
    gone = {item.pk for item in done}
    moved = [
        (items[key], row) for key, row in wanted.items()
        if key in items and items[key].pk not in gone and _rank(row.colour) > _rank(items[key].sheet.colour)
    ]  # fmt: skip
    new = [row for key, row in wanted.items() if key not in items or items[key].pk in gone]
    Item.objects.filter(pk__in=gone).update(done_on=today())
    Item.objects.filter(pk__in=[item.pk for item, _row in moved]).update(moved_on=today())
    sheets = _entered([*new, *(row for _item, row in moved)])
    touched = {item.sheet_id for item in done} | {item.sheet_id for item, _row in moved}
    ended = _ended(touched, {item.sheet_id for item, _row in moved})
    return f"late {len(found)}, new {len(new)}, moved {len(moved)}, done {len(done)}, sheets {sheets}, ended {ended}"


def _rank(colour: str) -> int:
    return STEPS.index(colour)


def _entered(rows: list[Late]) -> int:
    """Put late matters on the sheet of their unit and colour; a sheet that is not there yet is made."""
    by_sheet: dict[tuple[int, str], list[Late]] = defaultdict(list)
    for row in rows:
        by_sheet[row.unit.pk, row.colour].append(row)
    for (unit, colour), its in by_sheet.items():
        sheet = Urge.objects.filter(unit=unit, colour=colour, state__in=RUNNING).first()
        if sheet is None:
            sheet = Urge(unit=its[0].unit, area=its[0].unit.area, colour=colour)
            flow.move(sheet, "issue", None, count=len(its))
        else:
            flow.move(sheet, "add", None, count=len(its))
        Item.objects.bulk_create(
            Item(
                sheet=sheet, kind=row.kind, subject=row.subject, term=row.term, name=row.name, title=row.title,
                since=row.since, added_on=today(),
            )
            for row in its
        )  # fmt: skip
    return len(by_sheet)


def _ended(touched: set[Any], moved: set[Any]) -> int:
    """Sheets on which nothing is left end; the others go on with what is left, and nobody is told anew."""
    ended = 0
    for sheet in Urge.objects.filter(pk__in=touched, state__in=RUNNING):
        left = sheet.items.filter(done_on__isnull=True, moved_on__isnull=True).exists()
        if left:
            flow.move(sheet, "settle", None)
        else:
            flow.move(sheet, "raise" if sheet.pk in moved else "end", None)
            ended += 1
    return ended


@URGE.effect("issue")
def issued(sheet: Urge, _by: None, _facts: dict[str, Any]) -> None:
    """Its number and its day."""
    sheet.issued_on = today()
    sheet.number = take_number("urge", sheet.area, sheet)


@URGE.effect("answer")
def answered(sheet: Urge, _by: User, _facts: dict[str, Any]) -> None:
    """The day of the answer."""
    sheet.answered_on = today()


@URGE.effect("end", "raise")
def over(sheet: Urge, _by: None, _facts: dict[str, Any]) -> None:
    """The day of its end."""
    sheet.ended_on = today()


def sentence(sheet: Urge, count: int) -> str:
    """What the sheet says, in one sentence; the same on the screen and on paper."""
    words = {
        BLUE: _("%(unit)s：以下%(n)d件已过期限，请抓紧办理，并回应什么时候办完。"),
        ORANGE: _("%(unit)s：以下%(n)d件逾期较久仍未办结，请主要负责人过问，限期办结。"),
        RED: _("%(unit)s：以下%(n)d件长期逾期仍未办结，报领导小组督办。"),
    }
    return words[sheet.colour] % {"unit": sheet.unit, "n": count}
