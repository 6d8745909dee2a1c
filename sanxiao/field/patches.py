"""片区: streets, hamlets and markets of a village. Loaded from the town's folder, named in the field, never removed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.db.models import Q, QuerySet

from sanxiao.docket import flow
from sanxiao.docket.load import FIRST_DAY, day, rows_of
from sanxiao.docket.models import Event
from sanxiao.field.models import Patch, Walk
from sanxiao.field.rules import PATCH_KINDS
from sanxiao.office.duties import may
from sanxiao.office.models import Post, User
from sanxiao.office.now import today

KINDS = dict(PATCH_KINDS)
ASSIGN = "coverage.assign"


def load_town(folder: Path) -> str:
    """Bring the patches of a town's folder up to date; those that somebody named on the spot are left alone."""
    made = 0
    for row in rows_of(folder / "patches.csv"):
        held = Patch.objects.filter(area=row["area"], name=row["name"]).first()
        if held is not None and held.found_in_field:
            continue
        told = {
            "kind": row["kind"], "since": day(row["since"]) or FIRST_DAY, "until": day(row["until"]),
            "lat": float(row["latitude"]) if row["latitude"] else None,
            "lng": float(row["longitude"]) if row["longitude"] else None,
        }  # fmt: skip
        if held is None:
            Patch.objects.create(area=row["area"], name=row["name"], version=1, **told)
            made += 1
        elif held.until is None:  # one that a village has ended stays ended; a point found by walking stays
            Patch.objects.filter(pk=held.pk).update(**{k: v for k, v in told.items() if v is not None})
    return f"{made} new patches"


def standing(rows: QuerySet[Patch]) -> QuerySet[Patch]:
    """Those that are there today."""
    return rows.filter(Q(until__isnull=True) | Q(until__gte=today()), since__lte=today())


def walkers(area: str) -> list[User]:
    """Who holds a post of the village today."""
    posts = Post.objects.on().filter(office__area=area, office__role="village", user__is_active=True)
    return list(User.objects.filter(pk__in=posts.values("user")).order_by("name"))


def taken_over(patch: Patch, by: User, on: date) -> bool:
    """Whoever stood there says that he walks it from now on: so it is, if he is of the village and nobody has settled
    it otherwise since that day; his word may be on its way for a week."""
    settled = Event.objects.filter(subject=patch.pk, move="amend", on__gt=on).exists()
    if settled or patch.walker_id == by.pk or by not in walkers(patch.area) or not may(by, ASSIGN, patch):
        return False
    flow.amend(patch, by, ASSIGN, walker=by)
    return True


def as_choices() -> list[dict[str, str]]:
    """The patches of today for the walk form: code, name, village."""
    rows = standing(Patch.objects.all()).order_by("area", "name")
    return [{"code": str(p.pk), "name": p.name, "village": p.area} for p in rows]


@dataclass(frozen=True)
class Spot:
    """A patch with its last walk, None when nobody has walked it."""

    patch: Patch
    walk: Walk | None


@dataclass(frozen=True)
class Progress:
    """How far a village is: its spots, how many were walked, where nothing was found, what was found."""

    area: str
    spots: tuple[Spot, ...]

    @property
    def planned(self) -> int:
        """How many there are to walk."""
        return len(self.spots)

    @property
    def walked(self) -> int:
        """How many were."""
        return sum(spot.walk is not None for spot in self.spots)

    @property
    def none_found(self) -> int:
        """How many of them with a signed 'none found'."""
        return sum(spot.walk is not None and spot.walk.none_found for spot in self.spots)

    @property
    def found(self) -> int:
        """How many places were found on the last walks."""
        return sum(spot.walk.found for spot in self.spots if spot.walk)

    @property
    def left(self) -> list[Patch]:
        """What is still to be walked."""
        return [spot.patch for spot in self.spots if spot.walk is None]

    @property
    def tone(self) -> str:
        """Green when all is walked, amber on the way, grey before the first."""
        return "green" if self.walked == self.planned else "amber" if self.walked else "grey"


def progress(user: Any, areas: Iterable[str]) -> list[Progress]:
    """The villages in their order, each with its patches; two queries for any number."""
    areas = list(areas)
    patches = list(standing(Patch.objects.seen_by(user)).filter(area__in=areas).select_related("walker"))
    walks = Walk.objects.seen_by(user).filter(patch__in=patches, state="walked").select_related("by")
    last = {walk.patch_id: walk for walk in walks.order_by("walked_on", "created_at")}
    spots: dict[str, list[Spot]] = {area: [] for area in areas}
    for patch in patches:
        spots[patch.area].append(Spot(patch, last.get(patch.pk)))
    return [Progress(area, tuple(held)) for area, held in spots.items() if held]
