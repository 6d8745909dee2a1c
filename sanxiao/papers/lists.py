"""Any list: on the screen, as a workbook, on paper. One declaration serves all three.

The filter lives in the address, so a list can be bookmarked, sent, and exported as it stands. Pages go
by key, never by offset: the thousandth page costs what the first does.
"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import F, Q, QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from sanxiao.docket.tables import State
from sanxiao.office.now import now, today
from sanxiao.office.places import names_of
from sanxiao.papers import excel, pdf

PAGE = 50
CHUNK = 2000  # rows of an export that are in memory at once
COUNTED = 10_000  # beyond this a list says "more than"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Column:
    """A column. `value(row)` is what is exported; `state(row)` shows a chip, `kind` 'area' the area's name.

    `slot` is its place on a phone's card: title, state, note or end; without one it is left out there. One with the
    slot 'under' is on every screen a small line beneath the title, and a column of its own only where it is exported.
    `sort` is a non-null model field that the head sorts by.
    """

    key: str
    name: str
    value: Callable[[Any], Any]
    kind: str = "text"  # text int decimal date area due
    slot: str = ""
    sort: str = ""
    width: int = 14
    state: Callable[[Any], State | None] | None = None


@dataclass(frozen=True)
class Filter:
    """A filter: choices for this person, and how a chosen value narrows the rows."""

    key: str
    name: str
    choices: Callable[[Any], Sequence[tuple[str, Any]]]
    apply: Callable[[Any, str], Any]


@dataclass(frozen=True)
class Listing:
    """A list page. `rows(user)` must begin with `seen_by`. `order` fields must not be null."""

    key: str
    title: Any
    rows: Callable[[Any], QuerySet]
    columns: tuple[Column, ...]
    filters: tuple[Filter, ...] = ()
    order: str = "-updated_at"
    search: Callable[[Any, str], Any] | None = None
    template: str = "papers/list.html"
    empty: dict[str, Any] = field(default_factory=dict)  # title, text, url, act of the empty state
    map_url: str = ""
    actions: Callable[[HttpRequest], list[dict[str, Any]]] | None = None
    lay: Callable[[Sequence[Any]], Any] | None = None  # writes on the rows of a page what no single query can say

    @property
    def heads(self) -> list[Column]:
        """The columns of the page."""
        return [column for column in self.columns if column.slot != "under"]

    @property
    def searches(self) -> bool:
        """Has it a box of its own? (Templates would call `search` itself.)"""
        return self.search is not None

    def respond(self, request: HttpRequest, **context: Any) -> HttpResponse:
        """The list as a page, or as .xlsx / .pdf with `?as=`."""
        rows = self.filtered(request.user, request.GET)
        wanted = request.GET.get("as")
        if wanted == "xlsx":
            return self._workbook(request, rows)
        if wanted == "pdf":
            return self._paper(request, rows)
        return render(request, self.template, {**self._page(request, rows), **context})

    def filtered(self, user: Any, params: QueryDict) -> QuerySet:
        """Scope first, then search and filters: what is on the screen is what is exported."""
        rows = self.rows(user)
        if self.search and params.get("q"):
            rows = self.search(rows, params["q"])  # type: ignore[arg-type]
        for each in self.filters:
            value = params.get(each.key, "")
            if value and value in {str(v) for v, _name in each.choices(user)}:
                rows = each.apply(rows, value)
        return rows

    def _ordered(self, rows: QuerySet, sort: str) -> tuple[QuerySet, str]:
        allowed = {c.sort for c in self.columns if c.sort}
        name = sort if sort.lstrip("-") in allowed else self.order
        key = F(name.lstrip("-"))
        return rows.order_by(key.desc() if name.startswith("-") else key.asc(), "id"), name

    def _page(self, request: HttpRequest, rows: QuerySet) -> dict[str, Any]:
        count = rows.order_by()[: COUNTED + 1].count()
        sort = request.GET.get("sort", "")
        found, following = self.cut(rows, sort, request.GET.get("after", ""))
        return {
            "listing": self, "count": min(count, COUNTED), "uncounted": count > COUNTED,
            "sort": self._ordered(rows, sort)[1], "rows": list(self._cells(found)), "next": following,
            "filters": self.shown_filters(request), "q": request.GET.get("q", ""),
            "filtered": any(request.GET.get(f.key) for f in self.filters) or bool(request.GET.get("q")),
            "actions": self.actions(request) if self.actions else [],
        }  # fmt: skip

    def _cells(self, found: Sequence[Any]) -> Iterator[dict[str, Any]]:
        names = self._area_names(found)
        for row in found:
            cells = [
                {
                    "column": c,
                    "value": names.get(c.value(row), c.value(row)) if c.kind == "area" else c.value(row),
                    "state": c.state(row) if c.state else None,
                }
                for c in self.heads
            ]
            under = [c.value(row) for c in self.columns if c.slot == "under"]
            yield {"row": row, "cells": cells, "under": under, "url": row.get_absolute_url()}

    def _area_names(self, found: Sequence[Any]) -> dict[str, str]:
        areas = [c for c in self.columns if c.kind == "area"]
        return names_of(c.value(row) for c in areas for row in found) if areas else {}

    def _cursor(self, row: Any, name: str) -> str:
        key = json.dumps([getattr(row, name.lstrip("-")), str(row.pk)], cls=_Exact)
        return urlsafe_b64encode(key.encode()).decode()

    def cut(self, rows: QuerySet, sort: str = "", after: str = "", size: int = PAGE) -> tuple[list[Any], str]:
        """The rows of one page, and the cursor of the next ('' on the last). What is no cursor: the first page."""
        ordered, name = self._ordered(rows, sort)
        key = self.place_of(after, sort)
        if key is not None:
            value, pk = key
            field_name, step = name.lstrip("-"), "lt" if name.startswith("-") else "gt"
            ordered = ordered.filter(Q(**{f"{field_name}__{step}": value}) | Q(**{field_name: value, "pk__gt": pk}))
        found = list(ordered[: size + 1])
        more, found = len(found) > size, found[:size]
        if self.lay:
            self.lay(found)
        return found, self._cursor(found[-1], name) if more else ""

    def place_of(self, cursor: str, sort: str = "") -> tuple[Any, Any] | None:
        """Where a cursor points: value and key of the last row seen; None when it is cut, altered or empty."""
        model = self.rows(AnonymousUser()).model
        try:
            value, pk = json.loads(urlsafe_b64decode(cursor))
            value = model._meta.get_field(self._ordered(model.objects.none(), sort)[1].lstrip("-")).to_python(value)
            return None if value is None else (value, model._meta.pk.to_python(pk))
        except Exception:  # whatever somebody made of an address
            return None

    def shown_filters(self, request: HttpRequest) -> list[dict[str, Any]]:
        return [
            {
                "filter": f,
                "value": request.GET.get(f.key, ""),
                "choices": [(str(v), n) for v, n in f.choices(request.user)],
            }
            for f in self.filters
        ]

    def table(self, rows: QuerySet, sort: str = "") -> tuple[list[excel.Column], Iterator[list[Any]]]:
        """Heads and cells of all rows, streamed, for workbook and paper."""
        heads = [
            excel.Column(c.key, str(c.name), c.width, {"area": "text", "due": "date"}.get(c.kind, c.kind))  # type: ignore[arg-type]
            for c in self.columns
        ]
        return heads, self._lines(self._ordered(rows, sort)[0])

    def _lines(self, rows: QuerySet) -> Iterator[list[Any]]:
        names: dict[str, str] = {}
        for row in self._streamed(rows):
            line = []
            for column in self.columns:
                value = column.value(row)
                if column.kind == "area":
                    if value not in names:
                        names |= names_of([value]) or {value: value}
                    value = names[value]
                line.append(_named(column, row) if column.state else value)
            yield line

    def _streamed(self, rows: QuerySet) -> Iterator[Any]:
        """All rows, a chunk at a time, each chunk laid out as a page is."""
        stream = rows.iterator(chunk_size=CHUNK)
        while chunk := list(islice(stream, CHUNK)):
            if self.lay:
                self.lay(chunk)
            yield from chunk

    def _workbook(self, request: HttpRequest, rows: QuerySet) -> HttpResponse:
        heads, lines = self.table(rows, request.GET.get("sort", ""))
        data = excel.sheet(str(self.title), heads, lines, notes=self._notes(request))
        return _download(data, XLSX, f"{self.title}-{today()}.xlsx")

    def _paper(self, request: HttpRequest, rows: QuerySet) -> HttpResponse:
        heads, lines = self.table(rows, request.GET.get("sort", ""))
        cells = [["" if v is None else str(v) for v in line] for line in lines]
        facts = {
            "title": str(self.title), "filter": "；".join(self._notes(request)), "count": len(cells),
            "columns": [{"key": h.key, "label": h.heading} for h in heads], "rows": cells, "generated_at": now(),
            "by": request.user.name,
        }  # fmt: skip
        return _download(pdf.render("list", facts), "application/pdf", f"{self.title}-{today()}.pdf")

    def _notes(self, request: HttpRequest) -> list[str]:
        """The filter in words, so that a printed list says what it shows."""
        notes = [
            f"{shown['filter'].name}：{dict(shown['choices']).get(shown['value'], '')}"
            for shown in self.shown_filters(request)
            if shown["value"]
        ]
        if request.GET.get("q"):
            notes.append(_("查找：%(q)s") % {"q": request.GET["q"]})
        return notes


def _named(column: Column, row: Any) -> str:
    """The name of a row's state; '' where it has none yet."""
    found = column.state(row) if column.state else None
    return str(found.name) if found else ""


class _Exact(DjangoJSONEncoder):
    """Keeps microseconds, which the usual encoder cuts: a cursor must name the row exactly."""

    def default(self, o: Any) -> Any:
        return o.isoformat() if hasattr(o, "isoformat") else super().default(o)


def _download(data: bytes, mime: str, name: str) -> HttpResponse:
    response = HttpResponse(data, content_type=mime)
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response
