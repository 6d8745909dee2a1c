"""The list of places that goes to a phone: as CSV for every client, as JSON for our page.

It is cut by village and made a village at a time: a change in one village makes that one anew and no other. What was
given is remembered (`Served`), so that later one can tell what a phone has changed.
"""

import csv
import hashlib
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.core.cache import cache
from django.db.models import Count, Max, Sum

from sanxiao.archive.models import Establishment
from sanxiao.docket.rooms import fill_for
from sanxiao.field import offer
from sanxiao.field.models import Served
from sanxiao.papers import cn

HEADS = ("name", "label", "__version", "kind")
KEPT_FOR = 24 * 3600
Place = dict[str, Any]


def within(prefixes: tuple[str, ...]) -> Any:
    """The files that a phone on this ground is given: one for every real place."""
    files = Establishment.objects.current()
    return files.within(prefixes) if prefixes else files.none()


def stamps(prefixes: tuple[str, ...]) -> dict[str, str]:
    """A mark of every village that differs as soon as one of its files does; one query."""
    rows = within(prefixes).order_by().values("area")
    counted = rows.annotate(
        n=Count("pk"), last=Max("updated_at"), sum=Sum("version"), people=Sum("operator__version")
    ).order_by("area")  # fmt: skip
    return {row["area"]: f"{row['n']}:{row['last'].isoformat()}:{row['sum']}:{row['people']}" for row in counted}


def digest_of(prefixes: tuple[str, ...], known: Sequence[str]) -> str:
    """An ETag for a ground's list."""
    said = repr((sorted(stamps(prefixes).items()), list(known)))
    return hashlib.sha256(said.encode()).hexdigest()[:32]


def places(prefixes: tuple[str, ...], known: Sequence[str]) -> list[Place]:
    """The places of a ground as our page reads them."""
    return [place for part in _parts(prefixes, known) for place in part[0]]


def as_csv(prefixes: tuple[str, ...], known: Sequence[str]) -> bytes:
    """The places of a ground as the list of entities that OpenRosa clients read."""
    heads = [*HEADS, *_rest(known), "geometry"]
    return ",".join(heads).encode() + b"\n" + b"".join(part[1] for part in _parts(prefixes, known))


def md5_of(data: bytes) -> str:
    """The hash by which a client knows whether to fetch a list again."""
    return hashlib.md5(data, usedforsecurity=False).hexdigest()


def _rest(known: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(("village", *known)))


def _parts(prefixes: tuple[str, ...], known: Sequence[str]) -> Iterable[tuple[list[Place], bytes]]:
    """Village by village: places, and their lines. What was made once is taken from the cache."""
    make = hashlib.sha256(repr(known).encode()).hexdigest()[:16]
    for area, stamp in stamps(prefixes).items():
        mark = f"field.places:{make}:{area}"
        kept = cache.get(mark)
        if kept is None or kept[0] != stamp:
            made = _village(area, known)
            kept = (stamp, made, _lines(made, known))
            cache.set(mark, kept, KEPT_FOR)
        yield kept[1], kept[2]


def _village(area: str, known: Sequence[str]) -> list[Place]:
    files = list(within((area,)).select_related("operator", "kind").order_by("pk"))
    values = values_of(files)
    _remember(files, values)
    return [_place(file, {name: v for name, v in values.get(file.pk, {}).items() if name in known}) for file in files]


def values_of(files: Sequence[Establishment]) -> dict[UUID, dict[str, Any]]:
    """What the rooms that take the answers tell of places: file -> question -> value."""
    codes = {form.kind_id: form.code for form in offer.in_use() if form.kind_id}
    found: dict[UUID, dict[str, Any]] = {}
    for kind, code in codes.items():
        fill = fill_for(code)
        mine = [file for file in files if file.kind_id == kind]
        if fill and fill.values and mine:
            found |= fill.values(mine)
    return found


def _remember(files: Sequence[Establishment], values: Mapping[UUID, dict[str, Any]]) -> None:
    """What a phone is given of each file, by version; the first giving stands."""
    held = set(Served.objects.filter(file__in=files).values_list("file_id", "version"))
    rows = [
        Served(file=file, version=file.version, values=values.get(file.pk, {}))
        for file in files
        if (file.pk, file.version) not in held
    ]
    Served.objects.bulk_create(rows, ignore_conflicts=True)


def _place(file: Establishment, values: dict[str, Any]) -> Place:
    return {
        "id": str(file.pk), "version": file.version, "kind": file.kind_id, "name": file.name,
        "operator": cn.mask_name(file.operator.name), "address": file.address, "village": file.area,
        "lat": file.lat, "lng": file.lng, "state": file.state, "number": file.number, "missing": file.missing,
        "values": {name: text_of(value) for name, value in values.items()},
    }  # fmt: skip


def _lines(made: Iterable[Place], known: Sequence[str]) -> bytes:
    out = io.StringIO()
    write = csv.writer(out, lineterminator="\n").writerow
    rest = _rest(known)
    for place in made:
        point = f"{place['lat']} {place['lng']} 0 0" if place["lat"] is not None else ""
        label = " ".join(part for part in (place["name"], place["operator"]) if part)
        told = {**place["values"], "village": place["village"]}
        write([place["id"], label, place["version"], place["kind"], *(told.get(name, "") for name in rest), point])
    return out.getvalue().encode()


def text_of(value: Any) -> str:
    """A value as the language of forms writes it: several choices and points with blanks between."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (list, tuple)):
        point = len(value) == 2 and all(isinstance(part, float) for part in value)
        return " ".join(map(str, (*value, 0, 0) if point else value))
    return str(value)
