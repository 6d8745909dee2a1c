"""What the columns look at: queries on the log and on dated rows, always of a ground and of a day.

A file belongs to the village of its last event until that day; who merged or took back what is said by
the log as well. So a past quarter is counted as it was, whatever happened since.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Case, CharField, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum, Value, When
from django.db.models.fields.json import KT
from django.db.models.functions import Coalesce

from sanxiao.archive.models import Classification, Establishment, Merge
from sanxiao.docket import rooms
from sanxiao.docket.models import Event, Rule
from sanxiao.reports import indicators as table
from sanxiao.reports.indicators import FILE, MERGE, Hits
from sanxiao.reports.quarters import Period

IN_STOCK = ("normal", "seasonal", "suspended", "lost")
NET = {"open": 1, "reopen": 1, "undo": -1, "close": -1, "leave": -1}
# The answer of the survey that says which paper its kind needs and holds (A12, B01, C01, D01 of the forms).
HELD = {"workshop": "certificate", "vendor": "card", "eatery": "food_licence"}
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


def seen(ground: str, until: date, hits: Iterable[Hits]) -> QuerySet[Event]:
    """Events of the ground with their mark and kind of establishment; merges are told by `merges`."""
    rows = Event.objects.filter(within("area", ground), of_hits(h for h in hits if h.kind != MERGE), on__lte=until)
    return rows.annotate(mark=_mark(), species=_species(), spot=F("area"))


def left(ground: str, until: date) -> QuerySet[Event]:
    """Moves away from a village of the ground: the village is where the file's event before says."""
    earlier = Event.objects.filter(subject=OuterRef("subject"), kind=FILE, pk__lt=OuterRef("pk")).order_by("-pk")
    moved = Event.objects.filter(of_hits([Hits(FILE, ("transfer", "amend"))]), on__lte=until)
    moved = moved.annotate(mark=Value(""), species=_species(), spot=Subquery(earlier.values("area")[:1]))
    return moved.filter(within("spot", ground))


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


def stock(ground: str, day: date, absorbed: set[UUID]) -> QuerySet[Establishment]:
    """Files in the stock at the end of a day, each with `spot`, the village to which it then belonged."""
    rows = trading(ground, day, absorbed).annotate(spot=spot("pk", day))
    return rows.filter(within("spot", ground))


def trading(ground: str, day: date, absorbed: set[UUID]) -> QuerySet[Establishment]:
    """Files that had ever to do with the ground and were in the stock, wherever, at the end of a day."""
    here = Event.objects.filter(within("area", ground), kind=FILE, on__lte=day)
    sign = Case(*[When(move=move, then=Value(n)) for move, n in NET.items()], default=Value(0))
    net = Event.objects.filter(kind=FILE, on__lte=day, move__in=NET, file__in=here.values("file"))
    inside = net.values("file").annotate(net=Sum(sign)).filter(net__gt=0).values("file")
    return Establishment.objects.filter(pk__in=inside).exclude(pk__in=absorbed)


def spot(key: str, day: date) -> Subquery:
    """The village of a file at the end of a day: that of its last event until then."""
    last = Event.objects.filter(subject=OuterRef(key), kind=FILE, on__lte=day).order_by("-pk")
    return Subquery(last.values("area")[:1])


def standing(ground: str, period: Period, absorbed: set[UUID]) -> QuerySet[Classification]:
    """Decisions in force at the end, with village, kind, whether decided in the quarter, whether in the stock."""
    taken_back = Event.objects.filter(kind=FILE, move="undo", on__lte=period.until)
    rows = Classification.objects.as_of(period.until).exclude(file__in=taken_back.values("subject"))
    rows = rows.exclude(file__in=absorbed).annotate(
        spot=spot("file_id", period.until), species=F("file__kind_id"),
        fresh=Case(When(decided_on__gte=period.since, then=Value(True)), default=Value(False)),
        there=Case(
            When(file__in=trading(ground, period.until, absorbed).values("pk"), then=Value(True)), default=Value(False)
        ),
    )  # fmt: skip
    return rows.filter(within("spot", ground))


def done_test(hits: Iterable[Hits], since: date | None, until: date) -> Exists:
    """Has such an event happened to the file of a decision?"""
    found = Event.objects.filter(of_hits(hits), file=OuterRef("file_id"), on__lte=until)
    return Exists(found.filter(on__gte=since) if since else found)


def holds(area: str, day: date) -> dict[str, Any]:
    """The tests of `Holding`, for a queryset of establishments."""
    papers = Event.objects.filter(kind=table.PAPER, on__lte=day)
    ended = papers.filter(subject=OuterRef("subject"), move__in=ENDS_OF_A_PAPER)
    in_force = Exists(papers.filter(Q(file=OuterRef("pk")) & ~Exists(ended), move="issue"))
    card_counts = bool(Rule.objects.value(CARD_COUNTS, area.ljust(12, "0"), day, False))
    told = Q(pk__in=[])
    for kind, answer in HELD.items():
        told |= Q(**{"kind": kind, f"facts__{answer}": "held"})
    if card_counts:
        told |= Q(kind="eatery", facts__card="held")
    issued = Q(in_force) if card_counts else Q(in_force) & ~Q(kind="eatery")
    asked = Exists(Event.objects.filter(kind=table.APPLICATION, move="submit", file=OuterRef("pk"), on__lte=day))
    return {
        "licence": Q(facts__business_licence="held"),
        "certified": issued | told,
        "applied": Q(asked) | issued | told,
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
        found += [
            Row(*row[:6], row[6] or "", *row[7:9], place, row[9])
            for row in rows.order_by("pk").values_list(*names, "on")
        ]
    found += merges(until, ground) if any(h.kind == MERGE for h in hits) else []
    return sorted(found, key=lambda row: row.event)

