"""What all plots of a told town share: its people, ground, pictures, chances, and how an act is made."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from random import Random
from typing import Any, TypeVar

from django.db import connection
from django.db.models import Model

from sanxiao.archive.models import Establishment
from sanxiao.docket import files, flow
from sanxiao.docket.models import Blob, Matter
from sanxiao.office.models import User
from sanxiao.office.now import today
from sanxiao.survey.models import Form
from sanxiao.survey.reading import Ground as Checks
from sanxiao.web.practice.people import People
from sanxiao.web.practice.pictures import Album
from sanxiao.web.practice.places import Ground, Place

Row = TypeVar("Row", bound=Model)
FOLLOW = timedelta(days=84)  # from the end of a correction to the look whether it stays so


@dataclass
class Town:
    """The town that is told."""

    people: People
    ground: Ground
    album: Album
    rng: Random
    forms: dict[str, Form]
    checks: dict[str, Checks]
    until: date = field(default_factory=today)  # the day on which the story is told: what people of today see
    _decks: dict[str, list[str]] = field(default_factory=dict)
    _weeks: Counter[int] = field(default_factory=Counter)

    def deal(self, name: str, shares: Mapping[str, int]) -> str:
        """An outcome by its share, dealt from a shuffled deck: few draws already come near the shares."""
        deck = self._decks.setdefault(name, [])
        if not deck:
            deck += [outcome for outcome, share in shares.items() for _n in range(share)]
            self.rng.shuffle(deck)
        return deck.pop()

    def follow_day(self) -> date:
        """A day for a follow-up, some three months from now, in a week in which the officers still have time."""
        week = (today() + FOLLOW).toordinal() // 7
        while self._weeks[week] >= 1 + week % 2:  # one and two by turns
            week += 1
        self._weeks[week] += 1
        return date.fromordinal(week * 7 + 3)

    def chance(self, share: float) -> bool:
        """True so often."""
        return self.rng.random() < share

    def colleague(self, user: User) -> User:
        """The other officer of the bureau."""
        return self.people.wu if user == self.people.chen else self.people.chen


@dataclass
class Life:
    """One place with what is known of it while its story goes on.

    `halt`: the stage at which the story stands still today; `quick`: the waits are short, to arrive there in time.
    """

    place: Place
    cadre: User
    halt: str = ""
    quick: bool = False
    photo: str = "named"  # named · plain · none
    file_id: Any = None
    _file: Establishment | None = None

    @property
    def file(self) -> Establishment:
        """The file as it is now."""
        if self._file is None or self._file.pk != self.file_id or not _stands(self._file):
            self._file = Establishment.objects.select_related("kind", "operator").get(pk=self.file_id)
        return self._file

    def wait(self, town: Town, least: int, most: int) -> int:
        """Days until the next step."""
        return 1 if self.quick else town.rng.randint(least, most)


def fresh(row: Row) -> Row:
    """A record as it stands now, with its file at hand: the same object when nobody has changed either since."""
    if _stands(row):
        for name, other in list(row._state.fields_cache.items()):
            if name != "file" and isinstance(other, Matter):
                del row._state.fields_cache[name]  # a paper, say, may have run out since it was read with its row
        return row
    rows = type(row)._base_manager.all()
    names = {f.name for f in row._meta.concrete_fields}
    return rows.select_related(*({"file"} & names)).get(pk=row.pk)


def _stands(row: Model) -> bool:
    """Are the versions of the row and of its file still those that were read?"""
    file = row._state.fields_cache.get("file")
    if row._state.adding or ("file" in _names(type(row)) and file is None):
        return False
    with connection.cursor() as cursor:
        cursor.execute(_versions(type(row)), [row._meta.pk.get_db_prep_value(row.pk, connection)])
        return cursor.fetchone() == (row.version, file.version if file else None)  # type: ignore[attr-defined]


@cache
def _names(model: type[Model]) -> frozenset[str]:
    return frozenset(field.name for field in model._meta.concrete_fields)


@cache
def _versions(model: type[Model]) -> str:
    """The statement that asks for both; said through a queryset it would cost as much as reading the rows."""
    table, files = model._meta.db_table, Establishment._meta.db_table
    if "file" not in _names(model):
        return f"select version, null from {table} where id = %s"  # noqa: S608  names of our own tables
    return f"select r.version, f.version from {table} r left join {files} f on f.id = r.file_id where r.id = %s"  # noqa: S608


def act(row: Row, name: str, by: User | None, **facts: Any) -> Row:
    """Make a move on a record as it stands now; returns it as it is afterwards. Raises Refused."""
    held = row if row._state.adding else fresh(row)
    flow.move(held, name, by, **facts)  # type: ignore[arg-type]
    return held


def attach(row: Any, picture: Blob, name: str, by: User, role: str) -> None:
    """Hang a picture on a record."""
    files.keep(row, picture, name, by, role=role)
