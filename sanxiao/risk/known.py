"""What is known of files on a day: answers of the survey, and the facts that the rooms above hand down.

A fixed number of queries however many files: one for the files, one for each depth of merging, and those of
every room that hands facts down.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from sanxiao.archive.models import Establishment
from sanxiao.docket import rooms
from sanxiao.docket.rooms import Fact

READ = ("kind", "area", "facts", "created_at", "state", "merged_into", "grade", "grade_points", "visit_by")


@dataclass(frozen=True)
class Known:
    """One file as risk sees it; `facts` newest first, those of files merged into it among them."""

    pk: UUID
    kind: str
    area: str
    answers: dict[str, Any]
    since: date  # on file since
    facts: tuple[Fact, ...]
    file: Establishment  # with the columns of READ alone

    def of(self, kind: str, since: date = date.min) -> list[Fact]:
        """Facts of one kind, newest first, from a day on."""
        return [fact for fact in self.facts if fact.kind == kind and fact.on >= since]

    def last(self, *kinds: str) -> Fact | None:
        """The newest fact of any of these kinds."""
        return next((fact for fact in self.facts if fact.kind in kinds), None)


def known(files: Any, on: date) -> Iterator[Known]:
    """The files (a queryset, files or their keys) as known on a day, in no particular order."""
    keys = keys_of(files)
    if not keys:
        return
    home = _homes(keys)
    facts = facts_of(home, on)
    rows = Establishment.objects.filter(pk__in=keys).only(*READ)
    for file in rows:
        since = timezone.localdate(file.created_at)
        yield Known(file.pk, file.kind_id, file.area, file.facts, since, tuple(facts.get(file.pk, ())), file)


def keys_of(files: Any) -> list[UUID]:
    """Keys of a queryset of files, of files, or keys as they are."""
    if isinstance(files, QuerySet):
        return list(files.order_by().values_list("pk", flat=True))
    return [getattr(file, "pk", file) for file in files]


def _homes(keys: list[UUID]) -> dict[UUID, UUID]:
    """Every key that facts may hang on -> the file it counts for: itself, or the survivor it was merged into."""
    home = {key: key for key in keys}
    edge = keys
    while edge:
        rows = Establishment.objects.filter(merged_into__in=edge).values_list("pk", "merged_into")
        joined = {pk: home[survivor] for pk, survivor in rows if pk not in home}
        home |= joined
        edge = list(joined)
    return home


def facts_of(home: dict[UUID, UUID], on: date) -> dict[UUID, list[Fact]]:
    """What all rooms hand down, by file, newest first; nothing that became known after the day."""
    found: dict[UUID, list[Fact]] = defaultdict(list)
    for room in rooms.all_rooms():
        if room.risk_facts:
            for key, facts in room.risk_facts(list(home), on).items():
                found[home[key]].extend(fact for fact in facts if fact.on <= on)
    for listed in found.values():
        listed.sort(key=lambda fact: (fact.on, fact.kind, fact.words), reverse=True)
    return found


def counted(facts: Iterable[Fact]) -> str:
    """Days and words of facts, for a reason."""
    return _("、").join(f"{fact.on:%Y-%m-%d}{f' {fact.words}' if fact.words else ''}" for fact in facts)
