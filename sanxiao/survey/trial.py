"""A whole ledger read and checked: what is good, what is there already, and every error of every row.

The same run serves the trial (nothing is stored) and the import (`take`), so that what was shown is what
is taken. Good rows beside bad ones are kept; bad ones come back marked and can be imported again later.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from sanxiao.office.models import Area, User
from sanxiao.office.now import now
from sanxiao.papers import excel
from sanxiao.survey import answers, bulk, cells, intake, reading, store
from sanxiao.survey.columns import HALVES
from sanxiao.survey.models import NAMELESS, Form, Ledger, Sheet, digest_of

NEEDED = ("village", "operator_name")
SUMS = ("合计", "总计", "小计", "共计")
SHOWN_ROWS, SHOWN_GROUPS, SAMPLE = 30, 60, 5
Tell = Callable[[int, int], None]


@dataclass
class Trial:
    """What a run found. `good`: row and sheet, unsaved; `taken`: rows that are there already."""

    rows: int = 0
    good: list[Sheet] = field(default_factory=list)
    errors: list[excel.CellError] = field(default_factory=list)
    bad: set[int] = field(default_factory=set)
    taken: int = 0
    warnings: int = 0

    def groups(self, headings: list[str]) -> list[dict[str, Any]]:
        """Errors that say the same of the same column, with their rows; the most frequent first."""
        found: dict[tuple[int, str], list[int]] = {}
        for error in self.errors:
            found.setdefault((error.column, error.text), []).append(error.row)
        ordered = sorted(found.items(), key=lambda item: -len(item[1]))[:SHOWN_GROUPS]
        return [
            {"column": _heading(headings, column), "text": text, "count": len(rows), "rows": rows[:SHOWN_ROWS]}
            for (column, text), rows in ordered
        ]


def _heading(headings: list[str], column: int) -> str:
    return headings[column - 1] if 0 < column <= len(headings) else ""


def open_page(ledger: Ledger) -> excel.Page:
    """The page of the ledger that is read. Raises Refused or NotExcel."""
    book = excel.read(store.get(ledger))
    return book.page(ledger.page)


def run(ledger: Ledger, page: excel.Page, villages: Mapping[str, str], tell: Tell | None = None) -> Trial:
    """Read every row below the heads. `villages`: where this person may import, code -> name."""
    form, found = ledger.form, Trial()
    ground = reading.ground_for(form, villages, ledger.area)
    known = _digests(ledger)
    everywhere = list(Area.objects.filter(code__startswith=ledger.area[:9]))
    here: dict[str, int] = {}
    rows = list(_rows(ledger, page))
    for at, (number, values) in enumerate(rows):
        found.rows += 1
        reader = _Row(ledger, form, ground, everywhere, number, values)
        told = reader.read()
        if reader.errors:
            found.errors += reader.errors
            found.bad.add(number)
            continue
        digest = _digest(ledger, told)
        if digest in known:
            found.taken += 1
        elif digest in here:
            text = _("与第 %(row)d 行是同一户（村、名称、经营者、地址都相同）。") % {"row": here[digest]}
            found.errors.append(excel.CellError(number, 0, text, page.name))
            found.bad.add(number)
        else:
            here[digest] = number
            found.warnings += bool(told.warnings)
            found.good.append(_sheet(ledger, form, told, number))
        if tell and at % 500 == 0:
            tell(at, len(rows))
    return found


def _digests(ledger: Ledger) -> set[str]:
    """Rows known already, from whatever source; voided sheets do not count."""
    held = Sheet.objects.filter(kind=ledger.kind_id).within((ledger.area[:9],)).exclude(state="void")
    return set(held.values_list("digest", flat=True))


def _digest(ledger: Ledger, told: answers.Answers) -> str:
    said = told.public
    names = (said.get("shop_name") or NAMELESS, said.get("operator_name", ""), said.get("address", ""))
    return digest_of(ledger.kind_id, said["village"], *names)


def _sheet(ledger: Ledger, form: Form, told: answers.Answers, number: int) -> Sheet:
    sheet = intake.sheet_of(form, told, source="ledger")
    sheet.ledger, sheet.row = ledger, number
    return sheet


def _rows(ledger: Ledger, page: excel.Page) -> Iterator[tuple[int, list[excel.Cell]]]:
    """Rows below the heads, merged cells filled in; blank rows and sums are left out."""
    down = {
        (row, column): (area[0], area[1])
        for area in page.merged
        if area[0] > ledger.head
        for row in range(area[0], area[2] + 1)
        for column in range(area[1], area[3] + 1)
    }
    by_number = {row.number: row.values for row in page.rows}
    for row in page.rows:
        if row.number <= ledger.head:
            continue
        values = list(row.values)
        for column in range(1, len(values) + 1):
            if (row.number, column) in down:
                top, left = down[row.number, column]
                values[column - 1] = by_number.get(top, values)[left - 1]
        if not any(str(value).strip() in SUMS for value in values[:2]):
            yield row.number, values


class _Row:
    """One row on its way: cells to answers, errors to cells."""

    def __init__(
        self, ledger: Ledger, form: Form, ground: reading.Ground, everywhere: list[Area], number: int,
        values: list[excel.Cell],
    ) -> None:  # fmt: skip
        self.ledger, self.form, self.ground, self.everywhere = ledger, form, ground, everywhere
        self.number, self.values = number, values
        self.errors: list[excel.CellError] = []
        self.at = {name: column for column, name in enumerate(ledger.columns, 1) if name}

    def read(self) -> answers.Answers:
        """The checked answers; what was wrong stands in `errors`."""
        raw = self._raw()
        told = answers.check(self.form, raw, self.ground, strict=False)
        for place, said in told.errors.items():
            name = place.split(".")[0]
            if name == "village":
                said = cells.why_no_village(reading.tidy(raw.get("village")), self.everywhere, self.ground)
            self._wrong(name, said)
        for name in NEEDED:
            if not told.public.get(name) and not any(e.column == self.at.get(name, 0) for e in self.errors):
                self._wrong(name, _("缺%(name)s。") % {"name": reading.label(self.form.questions()[name])})
        return told

    def _raw(self) -> dict[str, Any]:
        raw: dict[str, Any] = {}
        questions = self.form.questions()
        for name, column in self.at.items():
            value = self.values[column - 1] if column <= len(self.values) else None
            if value in (None, ""):
                continue
            if name in HALVES:
                raw[name] = value
                continue
            try:
                raw[name] = cells.answer(questions[name], value, self.form, self.ground)
            except ValueError as error:
                self._wrong(name, str(error))
        if not raw.get("village"):
            raw["village"] = self.ledger.village
        if point := cells.joined_point(raw):
            raw["location"] = point
        return raw

    def _wrong(self, name: str, said: str) -> None:
        column = self.at.get(name) or self.at.get(f"{name}:lat") or 0
        self.errors.append(excel.CellError(self.number, column, said, self.ledger.page))


# --- the two uses ----------------------------------------------------------------------------------------------


def summary(found: Trial, headings: list[str]) -> dict[str, Any]:
    """What is kept of a trial run; no personal number is in it."""
    return {
        "rows": found.rows, "good": len(found.good), "bad": len(found.bad), "taken": found.taken,
        "warnings": found.warnings, "errors": len(found.errors), "groups": found.groups(headings),
        "sample": [_shown(sheet) for sheet in found.good[:SAMPLE]],
        "lacking": sum(bool(sheet.lacking) for sheet in found.good),
    }  # fmt: skip


def _shown(sheet: Sheet) -> dict[str, Any]:
    return {
        "row": sheet.row, "name": sheet.name, "operator": sheet.operator, "area": sheet.area,
        "address": sheet.address, "answers": len(sheet.answers),
    }  # fmt: skip


def try_out(ledger: Ledger, villages: Mapping[str, str], tell: Tell | None = None) -> Trial:
    """The trial run: counts and errors into the ledger's record, the marked copy beside it; nothing else."""
    page = open_page(ledger)
    found = run(ledger, page, villages, tell)
    ledger.result = summary(found, page.headings(ledger.head, ledger.depth))
    ledger.save(update_fields=["result"])
    if found.errors:
        store.put(ledger, "marked", excel.marked_copy(store.get(ledger), found.errors, ledger.head))
    return found


def take(ledger: Ledger, by: User | None, villages: Mapping[str, str], tell: Tell | None = None) -> int:
    """The import: the good rows become sheets, a chunk at a time. Running it again adds nothing. Raises Refused."""
    found = run(ledger, open_page(ledger), villages)
    done = 0
    for start in range(0, len(found.good), bulk.CHUNK):
        done += bulk.send_many(found.good[start : start + bulk.CHUNK], by)
        if tell:
            tell(done, len(found.good))
    ledger.taken_at = now()
    ledger.save(update_fields=["taken_at"])
    return done


def file_all(ledger: Ledger, by: User | None, tell: Tell | None = None) -> bulk.Filed:
    """File what is plain of a ledger's received sheets, a chunk at a time; the rest needs a look. Raises Refused."""
    waiting = Sheet.objects.filter(ledger=ledger, state="received").values_list("pk", flat=True).order_by("row")
    pks, done = list(waiting), bulk.Filed()
    shelves = bulk.town_shelves(ledger.area)
    for start in range(0, len(pks), bulk.CHUNK):
        chunk = list(Sheet.objects.filter(pk__in=pks[start : start + bulk.CHUNK]).order_by("row"))
        for sheet in chunk:
            sheet.form, sheet.kind = ledger.form, ledger.kind  # one and the same; a form is too long to read per row
        part = bulk.file_many(chunk, by, shelves)
        done.made += part.made
        done.left += part.left
        if tell:
            tell(start + len(part.left) + part.made, len(pks))
    return done
