"""What the columns look at: queries on the log and on dated rows, always of a ground and of a day.

A file belongs to the village of its last event until that day; who merged or took back what is said by
the log as well. So a past quarter is counted as it was, whatever happened since.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Case, CharField, F, OuterRef, Q, QuerySet, Subquery, Sum, Value, When
from django.db.models.fields.json import KT
from django.db.models.functions import Coalesce

from sanxiao.archive.models import Classification, Establishment, Merge
from sanxiao.docket import rooms
from sanxiao.docket.models import Event, Rule
from sanxiao.reports import indicators as table
from sanxiao.reports.columns import Hits
from sanxiao.reports.indicators import FILE, IN_STOCK, MERGE
from sanxiao.reports.quarters import Period

GAINS, LOSSES = ("open", "reopen"), ("undo", "close", "leave")
# The answer of the survey that says which paper its kind needs and holds (A12, B01, C01, D01 of the forms).
HELD = {"workshop": "certificate", "vendor": "card", "eatery": "food_licence"}
TOWN = 9  # digits of a town's code
CARD_COUNTS = "small_eatery.card_counts_as_certified"
ENDS_OF_A_PAPER = ("revoke", "cancel", "replace", "supersede", "expire")


@dataclass(frozen=True)
class Row:
    """One event as the columns look at it; `spot` is the village for which it counts."""

    event: int
    subject: UUID
    file: UUID | None
    kind: str
    move: str
    frm: str
    mark: str
    spot: str
    species: str
    place: str
    on: date


def within(field: str, ground: str) -> Q:
    """The condition that an area code lies on a ground (its 12 digits or their head)."""
    return Q(**{f"{field}__gte": ground.ljust(12, "0"), f"{field}__lte": ground.ljust(12, "9")})


def of_hits(hits: Iterable[Hits]) -> Q:
    """The condition on the log for these events; `matches` looks at the rest."""
    found = Q(pk__in=[])
    for each in hits:
        found |= Q(kind=each.kind, move__in=each.moves)
    return found & (~Q(kind=FILE, move="amend") | Q(kind=FILE, move="amend", facts__changes__has_key="area"))


def matches(hits: Hits, row: Any) -> bool:
    """Does this row of the log count for the column's row?"""
    return (
        row.kind == hits.kind
        and row.move in hits.moves
        and row.place == hits.place
        and (not hits.frm or row.frm in hits.frm)
        and (not hits.mark or row.mark in hits.mark)
        and (not hits.kinds or row.species in hits.kinds)
    )


def seen(ground: str, until: date, hits: Iterable[Hits]) -> QuerySet[Any]:
    """Events of the ground with their mark and kind of establishment; merges are told by `merges`."""
    rows = Event.objects.filter(within("area", ground), of_hits(h for h in hits if h.kind != MERGE), on__lte=until)
    return rows.annotate(mark=_mark(), species=_species(), spot=F("area"))


def moves(until: date | None, ground: str) -> QuerySet[Any]:
    """Moves of files between villages, with `spot`, the village that was left: that of the file's event before."""
    earlier = Event.objects.filter(subject=OuterRef("subject"), kind=FILE, pk__lt=OuterRef("pk")).order_by("-pk")
    rows = Event.objects.filter(of_hits([Hits(FILE, ("transfer", "amend"))]), within("area", ground))
    rows = rows.annotate(spot=Subquery(earlier.values("area")[:1]))
    return rows.filter(on__lte=until) if until else rows


def left(ground: str, until: date) -> QuerySet[Any]:
    """Moves away from a village of the ground, like `seen`."""
    rows = moves(until, ground[:TOWN]).filter(within("spot", ground))
    return rows.annotate(mark=Value(""), species=_species())


def _mark() -> Case:
    """What tells events of one move apart: a fact, or a column of the matter that hangs above."""
    cases = [When(kind=kind, move=move, then=KT(f"facts__{name}")) for (kind, move), name in table.MARK_FACTS.items()]
    cases += [
        When(kind=kind, then=Subquery(model._base_manager.filter(pk=OuterRef("subject")).values(column)[:1]))
        for kind, column in table.MARK_COLUMNS.items()
        if (model := _model(kind))
    ]
    return Case(*cases, default=Value(""), output_field=CharField())


def _species() -> Any:
    """The kind of establishment, by the file; of a matter without one, by its own column."""
    by_file = Subquery(Establishment.objects.filter(pk=OuterRef("file")).values("kind_id")[:1])
    cases = [
        When(
            kind=kind,
            then=Subquery(model._base_manager.filter(pk=OuterRef("subject")).values(column)[:1]),
        )
        for kind, column in table.KIND_COLUMNS.items()
        if (model := _model(kind))
    ]  # fmt: skip
    return Coalesce(Case(*cases, default=by_file, output_field=CharField()), Value(""))


def _model(kind: str) -> Any:
    """The model of a kind of matter, or None where its room is not open."""
    try:
        return rooms.model_of(kind)
    except KeyError:
        return None


def merges(until: date, ground: str = "") -> list[Row]:
    """Merging and taking it back, as losses and gains of the file that went into another, if it was trading."""
    events = list(Event.objects.filter(kind=MERGE, move__in=("merge", "undo"), on__lte=until).order_by("pk"))
    known = Merge.objects.in_bulk({event.subject for event in events})
    rows = []
    for event in events:
        its = known[event.subject]
        was = its.before.get("absorbed", {})
        if was.get("state") in IN_STOCK and str(was.get("area", "")).startswith(ground):
            rows.append(
                Row(
                    event.pk, event.subject, its.absorbed_id, MERGE, event.move, event.frm, "", was["area"],
                    was["kind_id"], "area", event.on,
                )
            )  # fmt: skip
    return rows


def gone_by_merge(rows: Iterable[Row]) -> set[UUID]:
    """Files that are part of another at the end of these rows."""
    gone: set[UUID] = set()
    for row in rows:
        (gone.add if row.move == "merge" else gone.discard)(row.file)  # type: ignore[arg-type]
    return gone


def stock(ground: str, day: date, absorbed: set[UUID]) -> QuerySet[Any]:
    """Files in the stock at the end of a day, each with `spot`, the village to which it then belonged."""
    rows = Establishment.objects.filter(pk__in=trading(ground, day)).exclude(pk__in=absorbed)
    return settled(rows, "", ground, day)


def trading(ground: str, day: date) -> QuerySet[Any]:
    """Keys of the files of the ground's town whose gains outweigh their losses at the end of a day."""
    lost = When(Q(move__in=LOSSES, frm__in=IN_STOCK), then=Value(-1))
    sign = Case(When(move__in=GAINS, then=Value(1)), lost, default=Value(0))
    # A file may have been opened in another village of the town: a village looks at the whole town's log.
    rows = Event.objects.filter(within("area", ground[:TOWN]), kind=FILE, move__in=(*GAINS, *LOSSES), on__lte=day)
    return rows.values("subject").annotate(net=Sum(sign)).filter(net__gt=0).values("subject")


def settled(rows: QuerySet[Any], path: str, ground: str, day: date) -> QuerySet[Any]:
    """Rows with `spot`, the village of their file at the end of a day, and only those of the ground.

    `path` leads from the row to the file ('' or 'file__'). That is its village of today, unless it has
    moved since; who has moved since is few, and found in one query.
    """
    later: dict[UUID, str] = {}
    for file, origin in moves(None, ground[:TOWN]).filter(on__gt=day).order_by("pk").values_list("subject", "spot"):
        later.setdefault(file, origin)
    if not later:
        return rows.annotate(spot=F(f"{path}area")).filter(within(f"{path}area", ground))
    then = [
        When(**{f"{path}pk__in": [f for f, o in later.items() if o == origin]}, then=Value(origin))
        for origin in sorted(set(later.values()))
    ]
    where = Case(*then, default=F(f"{path}area"), output_field=CharField())
    return rows.annotate(spot=where).filter(within("spot", ground))


def standing(ground: str, period: Period, absorbed: set[UUID]) -> QuerySet[Any]:
    """Decisions in force at the end, with village, kind, whether decided in the quarter, whether in the stock."""
    taken_back = Event.objects.filter(kind=FILE, move="undo", on__lte=period.until)
    rows = Classification.objects.as_of(period.until).exclude(file__in=taken_back.values("subject"))
    rows = rows.exclude(file__in=absorbed).annotate(
        species=F("file__kind_id"), fresh=truth(Q(decided_on__gte=period.since)),
        there=truth(Q(file__in=trading(ground, period.until))),
    )  # fmt: skip
    return settled(rows, "file__", ground, period.until)


def truth(test: Q) -> Case:
    """A condition as a column that can be grouped by."""
    return Case(When(test, then=Value(True)), default=Value(False))


def done_test(hits: Iterable[Hits], since: date | None, until: date, key: str = "file") -> Q:
    """Has such an event happened to the file of a decision (or, with `key` pk, to the file)?"""
    found = Event.objects.filter(of_hits(hits), file__isnull=False, on__lte=until)
    return Q(**{f"{key}__in": (found.filter(on__gte=since) if since else found).values("file")})


def holds(area: str, day: date) -> dict[str, Any]:
    """The tests of `Holding`, for a queryset of establishments."""
    papers = Event.objects.filter(kind=table.PAPER, file__isnull=False, on__lte=day)
    ended = papers.filter(move__in=ENDS_OF_A_PAPER)
    in_force = papers.filter(move="issue").exclude(subject__in=ended.values("subject"))
    asked = Event.objects.filter(kind=table.APPLICATION, move="submit", file__isnull=False, on__lte=day)
    card_counts = bool(Rule.objects.value(CARD_COUNTS, area.ljust(12, "0"), day, False))
    told = Q(pk__in=[])
    for kind, answer in HELD.items():
        told |= Q(**{"kind": kind, f"facts__{answer}": "held"})
    if card_counts:
        told |= Q(kind="eatery", facts__card="held")
    issued = Q(pk__in=in_force.values("file"))
    if not card_counts:
        issued &= ~Q(kind="eatery")
    return {
        "licence": Q(facts__business_licence="held"),
        "certified": issued | told,
        "applied": Q(pk__in=asked.values("file")) | issued | told,
        "complete": Q(missing=[]),
    }


def rows_of(ground: str, until: date, hits: tuple[Hits, ...]) -> list[Row]:
    """The single events behind a column, in the order of the log, with the village for which each counts."""
    names = ("pk", "subject", "file", "kind", "move", "frm", "mark", "spot", "species")
    found = []
    sources = [("area", seen(ground, until, [h for h in hits if h.place == "area"]))]
    if any(h.place == "origin" for h in hits):
        sources.append(("origin", left(ground, until)))
    for place, rows in sources:
        for pk, subject, file, kind, move, frm, mark, spot, species, on in rows.values_list(*names, "on"):
            found.append(Row(pk, subject, file, kind, move, frm, mark or "", spot, species, place, on))
    found += merges(until, ground) if any(h.kind == MERGE for h in hits) else []
    return sorted(found, key=lambda row: row.event)


def amounts(events: Iterable[int], fact: str) -> dict[int, int]:
    """A number among the facts of events, in whole units; events without it are left out."""
    rows = Event.objects.filter(pk__in=list(events), facts__has_key=fact).values_list("pk", f"facts__{fact}")
    return {pk: round(Decimal(str(amount or 0))) for pk, amount in rows}
