"""The tables of a report as a person reads them: heads, lines, and a door behind every number."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from sanxiao.archive.models import Kind
from sanxiao.office.places import names_of
from sanxiao.reports.columns import DOTS, HIDDEN, Column, Rate, Table, Told
from sanxiao.reports.figures import Figures
from sanxiao.reports.subject import Subject

Link = Callable[[str, str, str, str], str]  # column, span, village, kind -> address of the list


@dataclass(frozen=True)
class Line:
    """One line: a village, a kind, or a sum. `url` drills into it."""

    label: str
    area: str = ""
    kind: str = ""
    url: str = ""
    total: bool = False


@dataclass(frozen=True)
class Cell:
    """One number as text, and the address of its list (none behind a nought or a share)."""

    text: str
    url: str = ""
    first: bool = False  # begins a group: a rule on its left


@dataclass(frozen=True)
class Head:
    """A head above `columns` columns, taking `rows` rows."""

    label: str
    columns: int = 1
    rows: int = 1
    note: str = ""


@dataclass(frozen=True)
class Grid:
    """A table ready to be shown."""

    table: Table
    heads: list[list[Head]]
    lines: list[tuple[Line, list[Cell]]]


def slots(table: Table) -> list[tuple[Column, str, str, str]]:
    """Every column of figures: column, span, head above ('' for none), head."""
    found = []
    for column in table.columns:
        for span in column.spans:
            if len(column.spans) == 1:
                above, label = str(column.group), str(column.name)
            elif column.group:
                above, label = str(column.group), f"{span_name(span)}{column.name}"
            else:
                above, label = str(column.name), span_name(span)
            found.append((column, span, above, label))
    return found


def span_name(span: str) -> str:
    """本季 or 累计."""
    return _("本季") if span == "q" else _("累计")


def kind_lines(figures: Figures, area: str = "") -> list[Line]:
    """One line for each kind, and their sum; kinds that are not in use and hold nothing are left out."""
    held = {kind for _c, _s, its_area, kind in figures.leaves if area in ("", its_area)}
    kinds = [k for k in Kind.objects.all() if k.active or k.code in held]
    return [*(Line(str(k), area, k.code) for k in kinds), Line(_("合计"), area, total=True)]


def village_lines(figures: Figures, areas: list[str], url: Callable[[str], str]) -> list[Line]:
    """One line for each village, then the town by kind, and the sum."""
    names = names_of([*areas, *figures.areas()])
    wanted = [*areas, *sorted(figures.areas() - set(areas))]
    return [*(Line(names.get(a, a), a, url=url(a)) for a in wanted), *kind_lines(figures)]


def lines_of(table: Table, lines: list[Line]) -> list[Line]:
    """The lines of a table: all of them, or the town's sum alone where no village may stand."""
    return [Line(_("全镇"), total=True)] if table.town else lines


def full_lines(figures: Figures, areas: list[str]) -> list[Line]:
    """Every village by kind, as the printed table 1 wants it."""
    names = names_of([*areas, *figures.areas()])
    found = []
    for area in [*areas, *sorted(figures.areas() - set(areas))]:
        found.append(Line(names.get(area, area), area))
        kinds = [line for line in kind_lines(figures, area) if not line.total]
        found += [Line(_("　其中：%(kind)s") % {"kind": line.label}, area, line.kind) for line in kinds]
    return [*found, Line(_("合计"), total=True)]


def grid(table: Table, figures: Figures, lines: list[Line], link: Link) -> Grid:
    """The table with its numbers."""
    columns = slots(table)
    above = [group for _c, _s, group, _l in columns]
    shown = []
    for line in lines:
        cells = []
        for i, (column, span, group, _label) in enumerate(columns):
            value = figures.value(column, span, line.area, line.kind)
            listed = value and not isinstance(column.how, (Rate, Told))
            door = link(column.key, span, line.area, line.kind) if listed else ""
            first = bool(i and group != above[i - 1])
            cells.append(Cell(as_text(column, value), door, first))
        shown.append((line, cells))
    return Grid(table, _heads(table), shown)


def as_text(column: Column, value: float | None) -> str:
    """A number as the screen shows it."""
    if value is None:
        return "—"
    if isinstance(column.how, Told) and value == HIDDEN:
        return DOTS
    return f"{value:.1%}" if isinstance(column.how, Rate) else str(value)


def _heads(table: Table) -> list[list[Head]]:
    """Two rows of heads, or three where columns stand in groups: group, column, this quarter and cumulative."""
    depth = 3 if any(column.group for column in table.columns) else 2
    rows: list[list[Head]] = [[] for _row in range(depth)]
    last = ""
    for column in table.columns:
        name, group, width = str(column.name), str(column.group), len(column.spans)
        if group and group == last:
            rows[0][-1] = Head(group, rows[0][-1].columns + width)
        elif group:
            rows[0].append(Head(group, width))
        if width > 1:
            rows[1 if group else 0].append(Head(name, width, 1 if group else depth - 1, str(column.note)))
            rows[-1] += [Head(span_name(span)) for span in column.spans]
        else:
            rows[1 if group else 0].append(Head(name, 1, depth - bool(group), str(column.note)))
        last = group
    return rows


def work_lines(subject: Subject, link: Link) -> list[dict[str, Any]]:
    """A department's acts: one line for each, this quarter and cumulative."""
    table = subject.tables[0]
    return [
        {
            "column": column,
            "cells": [
                Cell(str(value := subject.figures.value(column, span)), link(column.key, span, "", "") if value else "")
                for span in ("q", "c")
            ],
        }
        for column in table.columns
    ]


def _printed(column: Column, value: float | None) -> float | str | None:
    return as_text(column, value) if isinstance(column.how, Told) and value == HIDDEN else value


def facts_table(table: Table, figures: Figures, lines: list[Line], label: str) -> dict[str, Any]:
    """The table in the words of `papers` (report.typ, word.report, excel.tables): numbers as numbers."""
    columns: list[dict[str, Any]] = [{"label": label, "width": 2.4}]
    for column, _span, group, head in slots(table):
        kind = "percent" if isinstance(column.how, Rate) else "int"
        columns.append({"label": head, "group": group, "kind": kind})
    rows = [
        [
            line.label,
            *(
                _printed(column, figures.value(column, span, line.area, line.kind))
                for column, span, *_rest in slots(table)
            ),
        ]
        for line in lines
    ]
    whole = rows.pop() if lines and lines[-1].total and not lines[-1].area else None
    return {
        "title": str(table.title), "unit": str(table.unit), "note": str(table.note), "columns": columns, "rows": rows,
        "total": whole, "landscape": len(columns) > 7,
    }  # fmt: skip
