"""期限一览: every legal term of every flow, with its length, what stops it, and its clause for each span of days."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from sanxiao.docket import rooms
from sanxiao.docket.models import Rule
from sanxiao.docket.tables import Flow, Term
from sanxiao.office.now import today

UNITS = {
    "h": gettext_lazy("小时"), "wd": gettext_lazy("个工作日"), "d": gettext_lazy("天"), "month": gettext_lazy("个月"),
    "year": gettext_lazy("年"),
}  # fmt: skip


@dataclass(frozen=True)
class Span:
    """How a term is counted for what was received on these days, and by which clause."""

    length: str
    law: str
    mark: str = ""
    since: date | None = None
    until: date | None = None
    extension: str = ""
    now: bool = True


@dataclass
class Line:
    """One term of a matter: the acts that start it, pause it, and what happens when it runs out."""

    name: str
    starts: list[str] = field(default_factory=list)
    pauses: list[str] = field(default_factory=list)
    lapse: str = ""
    spans: list[Span] = field(default_factory=list)


@login_required
@require_GET
def terms(request: HttpRequest) -> HttpResponse:
    """For everybody who is signed in: a term is no secret."""
    rows: dict[str, list[Rule]] = defaultdict(list)
    for rule in Rule.objects.filter(key__startswith="term.").order_by("since"):
        rows[rule.key.removeprefix("term.")].append(rule)
    parts = [(table, lines) for table in rooms.flows() if (lines := lines_of(table, rows))]
    return render(request, "web/terms.html", {"parts": parts, "count": sum(len(lines) for _t, lines in parts)})


def lines_of(table: Flow, rows: dict[str, list[Rule]]) -> list[Line]:
    """The terms of one flow, each once; two routes of one act may have a term each."""
    found: dict[tuple[str, str, str], Line] = {}
    for move in table.moves:
        for term in move.starts:
            line = found.setdefault(
                (term.key, term.rule, str(term.name)), Line(str(term.name), spans=_spans(term, rows))
            )
            line.starts.append(str(move.name))
            line.lapse = str(table.row(term.lapse).name) if term.lapse else ""
    for move in table.moves:
        for key, line in found.items():
            if key[0] in move.pauses:
                line.pauses.append(str(move.name))
    return list(found.values())


def _spans(term: Term, rows: dict[str, list[Rule]]) -> list[Span]:
    said = rows.get(term.rule, []) if term.rule else []
    if not said:
        return [Span(_long(term.length, term.unit), str(term.law), extension=_more(term.extend, term.unit))]
    return [
        Span(
            _long(term.length if isinstance(term.length, str) else row.value.get("length", term.length), row.unit),
            row.law, row.mark, row.since, row.until,
            _more(row.value.get("extension") or term.extend, row.unit), row.holds_on(today()),
        )
        for row in said
    ]  # fmt: skip


def _long(length: Any, unit: str) -> str:
    return _("按所填的日期") if isinstance(length, str) else f"{length} {UNITS.get(unit, unit)}"


def _more(length: int, unit: str) -> str:
    return f"{length} {UNITS.get(unit, unit)}" if length else ""
