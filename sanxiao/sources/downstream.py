"""Who bought it? From places to their buyers, and the warning that goes to each of them.

For the rooms above: a failed sample asks `buyers_of` and calls `warn`; the answers stand at the buyers.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sanxiao.archive.models import Establishment
from sanxiao.docket import flow
from sanxiao.docket.refusal import Stale
from sanxiao.office.models import User
from sanxiao.office.now import today
from sanxiao.sources.models import Alert, Buyer, Purchase, Supplier


@dataclass(frozen=True)
class Bought:
    """What one buyer bought from one place: the foods, how many lines, when last."""

    buyer: Buyer
    file: UUID
    foods: tuple[str, ...]
    times: int
    last_on: date


def buyers_of(files: Iterable[Establishment], since: date | None = None) -> list[Bought]:
    """The buyers of places (and of those merged into them), who bought last first; `since`: bought from that day on.

    Three queries, however many files. Nothing is cut by ground: who warns shows each only what is his.
    """
    keys = _keys(files)
    suppliers = Supplier.objects.of_files(list(keys)).select_related("lead")
    place_of = {s.pk: keys[s.place_id or s.lead.file_id] for s in suppliers}
    lines = Purchase.objects.standing().filter(supplier__in=place_of).order_by("-bought_on", "id")
    if since is not None:
        lines = lines.filter(bought_on__gte=since)
    found: dict[tuple[UUID, UUID], list[Any]] = {}
    for buyer, supplier, food, day in lines.values_list("buyer", "supplier", "food", "bought_on"):
        found.setdefault((buyer, place_of[supplier]), []).append((food, day))
    buyers = Buyer.objects.select_related("kind", "file").in_bulk({buyer for buyer, _file in found})
    return [
        Bought(buyers[buyer], file, tuple(dict.fromkeys(food for food, _day in rows)), len(rows), rows[0][1])
        for (buyer, file), rows in found.items()
    ]


def _keys(files: Iterable[Establishment]) -> dict[UUID, UUID]:
    """Every key under which the places are known -> the key by which they were asked for."""
    asked = {file.pk: file.pk for file in files}
    known, edge = dict(asked), list(asked)
    while edge:
        rows = list(Establishment.objects.filter(merged_into__in=edge).values_list("pk", "merged_into"))
        known |= {pk: known[into] for pk, into in rows}
        edge = [pk for pk, _into in rows]
    return known


def warn(
    by: User | None,
    files: Sequence[Establishment],
    why: str,
    *,
    source: Any = None,
    food: str = "",
    since: date | None = None,
    buyers: Iterable[UUID] | None = None,
) -> list[Alert]:
    """Tell the buyers of places to stop using it, as part of another act whose duty has been checked.

    `source`: the matter it came out of (a failed sample); of one matter a buyer is told once. `buyers`: only these.
    """
    wanted = set(buyers) if buyers is not None else None
    return [
        alert
        for bought in buyers_of(files, since)
        if bought.buyer.state == "active" and (wanted is None or bought.buyer.pk in wanted)
        if (alert := _one(by, bought, why, source, food)) is not None
    ]


def _one(by: User | None, bought: Bought, why: str, source: Any, food: str) -> Alert | None:
    """One warning; None where this buyer has been told already."""
    held = Alert.objects.filter(buyer=bought.buyer)
    if (held.filter(source=source.pk) if source is not None else held.filter(place=bought.file, state="sent")).exists():
        return None
    alert = Alert(
        buyer=bought.buyer, file=bought.buyer.file, area=bought.buyer.area, place_id=bought.file, why=why,
        food=(food or "、".join(bought.foods))[:60], sent_on=today(), last_on=bought.last_on,
    )  # fmt: skip
    if source is not None:
        alert.source_kind, alert.source = source.flow.key, source.pk
    try:
        flow.move(alert, "warn", by, within=True)
    except Stale:  # another clerk was quicker
        return None
    return alert


def alerts_of(source: Any) -> Any:
    """The warnings that came out of a matter, for its page: who was told, who has answered what."""
    return Alert.objects.filter(source=source.pk).select_related("buyer__kind").order_by("created_at", "id")
