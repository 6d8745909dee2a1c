"""复发率: of those who closed, were put right or registered, how many were at it again within 90, 180, 365 days.

Everything is read from the log. A place counts once for each cohort, from its first such event. Within N days counts
only whom we have followed for N days; `so far` counts everybody.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sanxiao.archive.models import Establishment
from sanxiao.archive.rules import BATCHES, CASES, FILE
from sanxiao.docket.models import Event, Rule
from sanxiao.inspection.rules import ORDER
from sanxiao.lookback.rules import ALARM, LOOK, REVISIT
from sanxiao.lookback.watching import CLOSINGS
from sanxiao.office.duties import readers, scope_of
from sanxiao.office.now import today
from sanxiao.office.places import names_of

SPANS = (90, 180, 365)
NOW = 0  # the span "so far"
WAYS = {"area": gettext_lazy("按村（社区）"), "batch": gettext_lazy("按批次"), "case": gettext_lazy("按处置类型")}


@dataclass(frozen=True)
class Cohort:
    """Where it begins (kind of matter, move), and what counts as being at it again."""

    name: Any
    kind: str
    move: str
    again: tuple[tuple[str, str], ...]
    finding: Any


COHORTS = {
    "closed": Cohort(
        gettext_lazy("关停取缔"), FILE.key, "close",
        ((REVISIT.key, "revived"), (ALARM.key, "confirm"), (FILE.key, "reopen")),
        gettext_lazy("关停取缔 %(all)d 户，又开起来的 %(n)d 户"),
    ),
    "corrected": Cohort(
        gettext_lazy("整改合格"), ORDER.key, "pass", ((ORDER.key, "issue"), (LOOK.key, "slipped")),
        gettext_lazy("整改合格 %(all)d 户，又犯的 %(n)d 户"),
    ),
    "registered": Cohort(
        gettext_lazy("登记发证"), "licensing.application", "issue",
        ((ORDER.key, "issue"), (LOOK.key, "slipped"), ("licensing.certificate", "suspend"),
         ("licensing.certificate", "revoke")),
        gettext_lazy("登记发证 %(all)d 户，又出问题的 %(n)d 户"),
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Point:
    """One place of a cohort: from when it is followed, by what it is counted, and when it was first at it again."""

    file: UUID
    on: date
    area: str
    batch: str
    case: str
    again: date | None

    def counts(self, span: int, day: date) -> bool:
        """Was it followed for so long?"""
        return span == NOW or (day - self.on).days >= span

    def slipped(self, span: int) -> bool:
        """Was it at it again within so many days?"""
        return self.again is not None and (span == NOW or (self.again - self.on).days <= span)


@dataclass(frozen=True)
class Share:
    """How many of how many."""

    part: int
    whole: int

    @property
    def rate(self) -> str:
        """In per cent; a dash where there is nobody to divide by."""
        return f"{self.part / self.whole:.0%}" if self.whole else "—"


def points(user: Any, key: str) -> list[Point]:
    """The cohort on a person's ground; three queries."""
    cohort = COHORTS[key]
    began = _first(_events(user, ((cohort.kind, cohort.move),)), key)
    later = _later(_events(user, cohort.again))
    rows = Establishment.objects.filter(pk__in=began).values_list("pk", "area", "batch", "case")
    return [
        Point(pk, began[pk], area, batch, case, next((day for day in later[pk] if day > began[pk]), None))
        for pk, area, batch, case in rows
    ]


def _events(user: Any, kinds: Iterable[tuple[str, str]]) -> list[tuple[UUID, date, dict[str, Any]]]:
    """What happened on the ground, by the file that stands today, oldest first; what was voided since is left out."""
    rows = Event.objects.within(scope_of(user).prefixes(readers("lookback")))
    wanted = set(kinds)
    rows = rows.filter(kind__in={k for k, _m in wanted}, move__in={m for _k, m in wanted} | {"void"})
    said = list(rows.order_by("on", "id").values_list("kind", "move", "subject", "file", "on", "facts"))
    void = {subject for _kind, move, subject, *_rest in said if move == "void"}
    stands = _standing({file for *_head, file, _on, _facts in said if file})
    return [(stands.get(file, file), on, facts) for kind, move, subject, file, on, facts in said
            if file and (kind, move) in wanted and subject not in void]  # fmt: skip


def _standing(keys: set[UUID]) -> dict[UUID, UUID]:
    """Files that were merged into another since, and where they went."""
    rows = dict(Establishment.objects.filter(merged_into__isnull=False).values_list("pk", "merged_into"))
    found = {}
    for key in keys & set(rows):
        end = key
        while end in rows:
            end = rows[end]
        found[key] = end
    return found


def _first(events: Iterable[tuple[UUID, date, dict[str, Any]]], key: str) -> dict[UUID, date]:
    watched = Rule.objects.value("look_back.closings", default=list(CLOSINGS))
    found: dict[UUID, date] = {}
    for file, on, facts in events:
        if key != "closed" or facts.get("closing") in watched:
            found.setdefault(file, on)
    return found


def _later(events: Iterable[tuple[UUID, date, dict[str, Any]]]) -> dict[UUID, list[date]]:
    found: dict[UUID, list[date]] = defaultdict(list)
    for file, on, _facts in events:
        found[file].append(on)
    return found


@dataclass(frozen=True)
class Line:
    """One line of the table: a village, a batch, a case, or the sum."""

    key: str
    name: str
    shares: tuple[tuple[int, Share], ...]
    total: bool = False


def table(rows: Sequence[Point], way: str) -> list[Line]:
    """The shares by village or route, and their sum."""
    names = _names(rows, way)
    found = [Line(key, name, _shares([p for p in rows if getattr(p, way) == key])) for key, name in names.items()]
    return [*found, Line("", _("合计"), _shares(rows), total=True)] if rows else []


def _names(rows: Sequence[Point], way: str) -> Mapping[str, str]:
    keys = sorted({getattr(point, way) for point in rows})
    if way == "area":
        known = names_of(keys)
    else:
        known = {value: str(label) for value, label in (BATCHES if way == "batch" else CASES)}
    return {key: known.get(key, key) or _("未分类") for key in keys}


def _shares(rows: Sequence[Point]) -> tuple[tuple[int, Share], ...]:
    return tuple((span, share(rows, span)) for span in (*SPANS, NOW))


def share(rows: Sequence[Point], span: int) -> Share:
    """How many were at it again within so many days, of those followed so long."""
    day = today()
    whole = [point for point in rows if point.counts(span, day)]
    return Share(sum(point.slipped(span) for point in whole), len(whole))


def listed(rows: Sequence[Point], way: str, key: str, span: int, *, part: bool) -> list[UUID]:
    """The places behind a number; an empty key is the sum."""
    day = today()
    return [p.file for p in rows if (key == "" or getattr(p, way) == (key if key != "none" else ""))
            and p.counts(span, day) and (p.slipped(span) or not part)]  # fmt: skip
