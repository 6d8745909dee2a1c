"""What is due to be destroyed, exactly: the classes of all rooms, their dated years, and what holds a record back.

The years stand in the dated rows `retention.<class>`; a class without a row is kept for good.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sanxiao.docket import files, rooms
from sanxiao.docket.models import Attachment, Rule
from sanxiao.docket.rooms import Keeping, Kept
from sanxiao.keeping.models import Hold, Tally
from sanxiao.office.now import midnight, today

CHUNK = 500


@dataclass(frozen=True)
class Due:
    """A record whose time is over, and why it stays nevertheless ('' when it may go)."""

    kept: Kept
    hold: str = ""


def classes() -> list[Keeping]:
    """The classes of all rooms, ground floor first."""
    return [each for room in rooms.all_rooms() for each in room.keeps]


def class_of(key: str) -> Keeping | None:
    """A class by key."""
    return next((each for each in classes() if each.key == key), None)


def rule_of(keeping: Keeping, area: str = "") -> Rule | None:
    """How long it is kept, by what, and how sure that is."""
    return Rule.objects.at(f"retention.{keeping.key}", area)


def before(years: int, day: date | None = None) -> date:
    """So many years ago; who ended on a 29 February is over on the 28th."""
    day = day or today()
    year = day.year - years
    try:
        return day.replace(year=year)
    except ValueError:
        return date(year, 2, 28)


def due(keeping: Keeping, prefixes: Sequence[str] = ("",)) -> list[Due]:
    """Everything of a class whose time is over on this ground, with what holds it back. Nothing is changed."""
    row = rule_of(keeping)
    if row is None and not keeping.page:
        return []
    past = keeping.over(before(int(row.value)) if row is not None else today())
    rows = [kept for kept in past if kept.area.startswith(tuple(prefixes))]
    held = holds({kept.file for kept in rows if kept.file is not None})
    return [Due(kept, held.get(kept.file, "") if kept.file else "") for kept in rows]


def holds(places: Iterable[UUID]) -> dict[UUID, str]:
    """Why nothing of these files may be destroyed: a hold that a person has set, or what a room says (a case)."""
    found: dict[UUID, str] = {}
    asked = sorted(places)
    stands = _standing(asked)
    for keys in _chunks(sorted({*asked, *stands.values()})):
        for room in rooms.all_rooms():
            found |= dict(room.holds(keys)) if room.holds else {}
        said = Hold.objects.now().filter(place__in=keys).values_list("place", "why")
        found |= {place: _("已暂缓：%(why)s") % {"why": why} for place, why in said}
    return found | {place: found[stood] for place, stood in stands.items() if stood in found and place not in found}


def _standing(places: Sequence[UUID]) -> dict[UUID, UUID]:
    """Of files that were merged into another: which one stands for them now."""
    merged: dict[UUID, UUID] = {}
    for keys in _chunks(places):
        rows = rooms.model_of("archive.file")._base_manager.filter(pk__in=keys, merged_into__isnull=False)
        merged |= {row.pk: row.standing.pk for row in rows.select_related("merged_into__merged_into")}
    return merged


def _chunks(keys: Sequence[UUID]) -> Iterator[Sequence[UUID]]:
    for start in range(0, len(keys), CHUNK):
        yield keys[start : start + CHUNK]


# --- the class that needs no room of its own: files of matters that have ended ---------------------------------


def _ended(day: date) -> Iterator[Kept]:
    """Matters of any kind that ended before the day and whose files are still there; other classes keep theirs."""
    taken = {kind for each in classes() for kind in each.kinds}
    for model in rooms.models():
        final = [state.key for state in model.flow.states if state.final]
        if model.flow.key in taken or not final:
            continue
        there = Attachment.objects.filter(kind=model.flow.key, gone_on=None).values("subject")
        rows = model._base_manager.filter(state__in=final, updated_at__lt=midnight(day), pk__in=there)
        yield from (kept_of(row) for row in rows.order_by("updated_at", "pk"))


def kept_of(row: Any, title: str = "") -> Kept:
    """A matter as something kept."""
    return Kept(row.pk, row.flow.key, title or f"{row.flow.name} · {row.title}", row.area, row.updated_at.date(),
                row.file_id_for_log)  # fmt: skip


def _forget(keys: Sequence[UUID]) -> None:
    files.destroy(Attachment.objects.filter(subject__in=keys, gone_on=None))


FILES = Keeping("files", gettext_lazy("已办结事项的照片和附件"), _ended, _forget)


# --- by night ----------------------------------------------------------------------------------------------------


def watch() -> str:
    """Count what is due, by town, for the desk; destroy nothing."""
    said = []
    Tally.objects.all().delete()
    for each in classes():
        if each.page:
            continue
        by_town: dict[str, list[int]] = defaultdict(lambda: [0, 0])
        for row in due(each):
            by_town[row.kept.area[:9].ljust(12, "0")][bool(row.hold)] += 1
        Tally.objects.bulk_create(
            Tally(kind=each.key, area=area, due=n, held=held) for area, (n, held) in by_town.items()
        )
        said.append(f"{each.key} {sum(n for n, _held in by_town.values())}")
    return f"due to be destroyed by two people: {', '.join(said)}"
