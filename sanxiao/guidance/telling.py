"""Who was told: which leaflets a place should have, which it has, what the moves do, and the same by phone."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import BooleanField, Count, Exists, ExpressionWrapper, OuterRef, Q, QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sanxiao.archive.models import Establishment, Kind
from sanxiao.docket import files, flow
from sanxiao.docket.refusal import Refused
from sanxiao.docket.rooms import Filled, Taken
from sanxiao.docket.tables import State
from sanxiao.guidance.models import TOWN, Leaflet, Told
from sanxiao.guidance.rules import LEAFLET, PROVED, SAID, TOLD, WAYS
from sanxiao.office.duties import readers, scope_of
from sanxiao.office.models import User
from sanxiao.office.now import today

NONE, OLD, DONE = "none", "old", "told"
STANDS = {
    NONE: State(NONE, gettext_lazy("没有告知"), "red"),
    OLD: State(OLD, gettext_lazy("只有旧版"), "amber"),
    DONE: State(DONE, gettext_lazy("已告知"), "green"),
}


# --- what a place should have ------------------------------------------------------------------------------------


def in_use(area: str) -> list[Leaflet]:
    """The leaflets of a town that hold today, one version of each."""
    rows = Leaflet.objects.filter(area=area[:TOWN].ljust(12, "0"), state="current").order_by("code", "created_at")
    return list({leaflet.code: leaflet for leaflet in rows}.values())


def in_use_for(user: Any) -> list[Leaflet]:
    """The leaflets of a person's own town."""
    prefixes = scope_of(user).prefixes(readers("guide"))
    return in_use(prefixes[0]) if prefixes else []


def marked(rows: QuerySet[Establishment], leaflets: Sequence[Leaflet]) -> QuerySet[Establishment]:
    """Files with `has_0`, `has_1` … for the leaflets in their order, and `has_any` version of any leaflet."""
    return rows.annotate(
        **{f"has_{n}": _told(leaflet=leaflet.pk) for n, leaflet in enumerate(leaflets)}, has_any=_told()
    )


def _told(**which: Any) -> ExpressionWrapper:
    told = Told.objects.filter(state="told", **which)
    # Two questions, each by its own index.
    test = Q(Exists(told.filter(file=OuterRef("pk")))) | Q(Exists(told.filter(file__merged_into=OuterRef("pk"))))
    return ExpressionWrapper(test, BooleanField())


def stand_of(kind: str, has: Sequence[bool], has_any: bool, leaflets: Sequence[Leaflet]) -> str:
    """Where a place of this kind stands: told of all that is for it, of older versions alone, or of nothing."""
    wanted = [has[n] for n, leaflet in enumerate(leaflets) if leaflet.is_for(kind)]
    return DONE if all(wanted) else OLD if has_any else NONE


def standing(row: Any, leaflets: Sequence[Leaflet]) -> State:
    """The stand of a marked file."""
    has = [getattr(row, f"has_{n}") for n in range(len(leaflets))]
    return STANDS[stand_of(row.kind_id, has, row.has_any, leaflets)]


def narrowed(rows: QuerySet[Establishment], stand: str, leaflets: Sequence[Leaflet]) -> QuerySet[Establishment]:
    """Those of the marked files that stand so."""
    done = Q(pk__in=[])
    for kind in Kind.objects.values_list("pk", flat=True):
        mine = Q(kind=kind)
        for n, leaflet in enumerate(leaflets):
            mine &= Q(**{f"has_{n}": True}) if leaflet.is_for(kind) else Q()
        done |= mine
    return rows.filter(done) if stand == DONE else rows.filter(~done).filter(**{"has_any": stand == OLD})


@dataclass
class Share:
    """How far one village is."""

    area: str
    by: dict[str, int] = field(default_factory=lambda: {NONE: 0, OLD: 0, DONE: 0})

    @property
    def whole(self) -> int:
        """All places."""
        return sum(self.by.values())

    @property
    def percent(self) -> int:
        """Told of all that is for them, in a hundred; rounded down, so that 100 means all."""
        return self.by[DONE] * 100 // self.whole if self.whole else 0


def shares(rows: QuerySet[Establishment], leaflets: Sequence[Leaflet]) -> list[Share]:
    """Every village's share of the told; one query."""
    names = [f"has_{n}" for n in range(len(leaflets))]
    found: dict[str, Share] = {}
    grouped = marked(rows, leaflets).order_by().values("area", "kind_id", "has_any", *names).annotate(n=Count("pk"))
    for row in grouped:
        share = found.setdefault(row["area"], Share(row["area"]))
        share.by[stand_of(row["kind_id"], [row[name] for name in names], row["has_any"], leaflets)] += row["n"]
    return sorted(found.values(), key=lambda share: (share.percent, share.area))


def untold_of(file: Establishment) -> list[Leaflet]:
    """The leaflets that a place should have and was not told of."""
    has = set(Told.objects.of(file).filter(state="told").values_list("leaflet", flat=True))
    return [leaflet for leaflet in in_use(file.area) if leaflet.is_for(str(file.kind_id)) and leaflet.pk not in has]


# --- leaflets ----------------------------------------------------------------------------------------------------


@LEAFLET.beginning
def begin_leaflet(user: User, _params: dict[str, str]) -> Leaflet:
    """A leaflet of one's own town."""
    prefixes = scope_of(user).prefixes(readers("guide"))
    return Leaflet(area=(prefixes[0] if prefixes else "")[:TOWN].ljust(12, "0"))


@LEAFLET.effect("publish")
def published(leaflet: Leaflet, by: User | None, facts: dict[str, Any]) -> None:
    """The version before it ends; a copy of the printed sheet may hang on it."""
    for upload in facts.pop("copies", None) or ():
        files.keep(leaflet, upload, upload.name or "leaflet", by, role="leaflet")
    for old in Leaflet.objects.filter(area=leaflet.area, code=leaflet.code, state="current").exclude(pk=leaflet.pk):
        flow.move(old, "replace", by, within=True)


# --- telling -----------------------------------------------------------------------------------------------------


@TOLD.beginning
def begin_told(user: User, params: dict[str, str]) -> Told:
    """A record on a file of one's own ground; the leaflet that is still wanted is proposed."""
    rows = Establishment.objects.seen_by(user).select_related("operator", "kind")
    file = get_object_or_404(rows, pk=params.get("file"))
    told = Told(file=file, area=file.area, by=user)
    if wanted := untold_of(file):
        told.leaflet = wanted[0]
    return told


@TOLD.predicate("proved")
def proved(_told: Told, facts: dict[str, Any]) -> bool:
    """Who was told face to face has signed, or a photo shows it."""
    return facts.get("way") not in PROVED or bool(facts.get("proof"))


@TOLD.predicate("explained")
def explained(_told: Told, facts: dict[str, Any]) -> bool:
    """Without signature and photo there are words."""
    return facts.get("way") not in SAID or bool(facts.get("note"))


@TOLD.predicate("for_this_kind")
def for_this_kind(told: Told, facts: dict[str, Any]) -> bool:
    """The leaflet is for such places."""
    leaflet = facts.get("leaflet")
    return leaflet is None or leaflet.is_for(str(told.file.kind_id))


@TOLD.predicate("in_use_then")
def in_use_then(_told: Told, facts: dict[str, Any]) -> bool:
    """Nobody was told of what was not yet written."""
    leaflet, day = facts.get("leaflet"), facts.get("told_on")
    return leaflet is None or day is None or day >= leaflet.since


@TOLD.effect("record")
def recorded(told: Told, by: User | None, facts: dict[str, Any]) -> None:
    """The proof hangs on the record and stands in the file."""
    told.by = by
    proofs = facts.pop("proof", None) or ()
    for upload in proofs:
        role = "signature" if told.way == "hand" else "photo"
        files.keep(told, upload, getattr(upload, "name", "") or _("凭证"), by, role=role)
    facts["proofs"] = len(proofs)


def tell_many(
    places: Iterable[Establishment], leaflet: Leaflet, by: User, *, way: str, on: date, note: str, proof: Sequence[Any]
) -> tuple[int, list[tuple[Establishment, str]]]:
    """The same word to many at once, one record each with the same proof; who has it already is left out.

    Returns how many were told, and those that could not be recorded with the reason.
    """
    done, left = 0, []
    blobs = [files.put(files.bytes_of(upload, upload.name or "proof")) for upload in proof]
    for place in places:
        told = Told(file=place, area=place.area, by=by)
        facts: dict[str, Any] = {"leaflet": leaflet, "told_on": on, "way": way, "note": note, "proof": blobs}
        try:
            with transaction.atomic():
                flow.move(told, "record", by, on=on, **facts)
            done += 1
        except Refused as refusal:
            left.append((place, str(refusal.reason)))
    return done, left


# --- by phone ----------------------------------------------------------------------------------------------------


@transaction.atomic
def take(filled: Filled) -> Taken:
    """A record from a phone: all leaflets that this place still wants, with the same signature. Raises Refused."""
    file = Establishment.objects.select_related("operator", "kind", "merged_into").filter(pk=filled.place).first()
    file = file.standing if file else None
    if file is None:
        raise Refused(_("没有找到要告知的这一户。"), code="unknown")
    if held := Told.objects.filter(pk=filled.id).select_related("file", "leaflet").first():
        return Taken(held, held.file)
    wanted = untold_of(file)
    if not wanted:
        raise Refused(_("这一户已经告知过现用的告知书，没有再记。"), code="guard")
    first: Told | None = None
    for leaflet in wanted:
        told = _from_phone(filled, file, leaflet, None if first else filled.id)
        first = first or told
    return Taken(first, file)


def _from_phone(filled: Filled, file: Establishment, leaflet: Leaflet, key: Any) -> Told:
    said, day = filled.answers, min(_day(filled.answers.get("told_on")) or filled.observed_on, today())
    way = str(said.get("way") or "hand")
    told = Told(file=file, area=file.area, by=filled.by, **({"id": key} if key else {}))
    names = [said.get("signature"), said.get("photo")]
    kept = [filled.files[name] for name in names if isinstance(name, str) and name in filled.files]
    proof = [files.put(files.path_of(digest).read_bytes()) for digest in kept]
    facts: dict[str, Any] = {
        "leaflet": leaflet, "told_on": max(day, leaflet.since), "way": way if way in dict(WAYS) else "hand",
        "note": str(said.get("note") or "")[:200], "proof": proof,
    }  # fmt: skip
    flow.move(told, "record", filled.by, within=True, on=day, **facts)  # whether he may, the inbox has asked
    return told


def _day(text: Any) -> date | None:
    try:
        return date.fromisoformat(str(text or "")[:10])
    except ValueError:
        return None
