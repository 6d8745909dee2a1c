"""The ranking of this town's own files, from its own visits; while these are too few, the order by grade stands.

A visit counts as serious when its checklist scored below the setting. Who visited is not looked at: the order
ranks places, not inspectors.
"""

import csv
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management.base import CommandError
from django.utils.translation import gettext as _
from django.utils.translation import override

from sanxiao.archive.models import Establishment
from sanxiao.docket.models import Rule
from sanxiao.docket.rooms import Fact
from sanxiao.office.now import today
from sanxiao.risk import ranks
from sanxiao.risk.book import Book
from sanxiao.risk.grade import graded
from sanxiao.risk.known import Known, known

DEFAULTS = {"visits": 400, "found": 40, "score_below": 70}
OFTEN = ("food_classes", "processing", "vendor_foods", "made_items", "premises_tenure", "water", "purchase_tickets")
COUNTED = ("workers", "area_m2", "usable_area_m2", "seats", "daily_output_kg", "school_distance_m")


@dataclass(frozen=True)
class Line:
    """One file in the order: its number, how bad (0–1), and why."""

    file: str
    score: float
    reasons: tuple[str, ...]
    key: UUID | None = None
    english: tuple[str, ...] = ()


def rank(out: Path, reasons: Path | None, blocks: int, say: Callable[[str], Any]) -> None:
    """Write the order of all trading files, worst first; says by what it was made."""
    on = today()
    files = {file.pk: file for file in Establishment.objects.trading()}
    held = list(known(list(files), on))
    least = DEFAULTS | Rule.objects.value("risk.rank_least", on=on, default={})
    visits = [fact for each in held for fact in each.of("visit")]
    found = sum(is_serious(fact, least) for fact in visits)
    if len(visits) < least["visits"] or found < least["found"]:
        say(
            f"本镇有 {len(visits)} 次检查，其中 {found} 次有严重问题；至少要 {least['visits']} 次、{least['found']} 次"
            f"才能训练，先按风险等级排。 {len(visits)} visits, {found} of them serious, are too few to train on: "
            "ordered by grade."
        )
        lines = list(by_grade(held, files, on))
    else:
        lines = trained(held, files, least, on, blocks, say)
    lines.sort(key=lambda line: (-line.score, line.file))
    # An order by grade alone is none of its own: what was kept of an earlier model ends with it.
    ranks.keep([(x.key, x.score, {"zh-hans": [*x.reasons], "en": [*x.english]}) for x in lines if x.key], on)
    _write(out, ("file", "score"), ((line.file, f"{line.score:.6f}") for line in lines))
    if reasons:
        _write(reasons, ("file", "reasons"), ((line.file, "；".join(line.reasons)) for line in lines))
    say(f"{out}: {len(lines)} 户 places")


def is_serious(fact: Fact, least: dict[str, float]) -> bool:
    """Did a visit find something serious?"""
    return fact.value < least["score_below"]


def by_grade(held: Iterable[Known], files: dict[Any, Establishment], on: date) -> Iterable[Line]:
    """The grade's points as a score, with the grade's own reasons; a raised letter goes before its points."""
    book = Book(on)
    for each in held:
        if grade := graded(each, book, on):
            step = "ABCD".index(grade.letter)
            yield Line(_number(files[each.pk]), (step + grade.points / 100) / 4, grade.reasons)


def _number(file: Establishment) -> str:
    return file.number or str(file.pk)


def trained(
    held: list[Known], files: dict[Any, Establishment], least: dict[str, float], on: date, blocks: int,
    say: Callable[[str], Any],
) -> list[Line]:  # fmt: skip
    """The order of a model trained on the town's own visits. Raises CommandError where its packages are missing."""
    if missing := [name for name in ("sklearn", "pyarrow") if find_spec(name) is None]:
        raise CommandError(
            _("缺少排序所需的程序包 %(names)s，请用 ./run manage rank_risk 执行。") % {"names": ", ".join(missing)}
        )
    from sanxiao.risk.ranking import past, table, words, work
    from sanxiao.risk.ranking.events import Ask

    ask = Ask("visit", "file", "on", "serious")
    train, events = _visits(held, files, least), _events(held)
    score = [described(files[each.pk]) | {"visit": str(each.pk), "on": on} for each in held]
    history = [table.of_rows("facts", events)] if events else []
    past_of_town = past.gather(table.of_rows("visits", train), table.of_rows("files", score), history, ask)
    ranking = work.ranked(past_of_town, blocks, say)
    said = {}
    for language in ("zh-hans", "en"):
        with override(language):
            said[language] = [tuple(words.reasons_of(reasons)) for reasons in ranking.reasons]
    told = zip(held, ranking.scores, said["zh-hans"], said["en"], strict=True)
    return [Line(_number(files[k.pk]), float(s), why, k.pk, english) for k, s, why, english in told]


def _visits(held: list[Known], files: dict[Any, Establishment], least: dict[str, float]) -> list[dict[str, Any]]:
    return [
        described(files[each.pk])
        | {"visit": f"{each.pk} {n}", "on": fact.on, "serious": float(is_serious(fact, least))}
        for each in held
        for n, fact in enumerate(each.of("visit"))
    ]


def _events(held: list[Known]) -> list[dict[str, Any]]:
    return [
        {"file": str(each.pk), "on": fact.on, "kind": fact.kind, "score": fact.value}
        for each in held
        for fact in each.facts
        if fact.kind != ranks.KIND  # an earlier order teaches nothing about the places
    ]


def described(file: Establishment) -> dict[str, Any]:
    """What of a file describes the place; no personal fact."""
    said = {name: _text(file.facts.get(name)) for name in OFTEN}
    counts = {name: _number_of(file.facts.get(name)) for name in COUNTED}
    plain = {"file": str(file.pk), "kind": file.kind_id, "village": file.area, "name": file.called}
    return {**plain, "lat": file.lat, "lng": file.lng, **said, **counts}


def _text(value: Any) -> str | None:
    return " ".join(map(str, value)) if isinstance(value, list) else value or None


def _number_of(value: Any) -> float | None:
    try:
        return float(value)
    except (TypeError, ValueError):
        return None


def _write(path: Path, heads: tuple[str, ...], rows: Iterable[tuple[Any, ...]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8-sig", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(heads)
        writer.writerows(rows)
