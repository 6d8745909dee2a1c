"""What all plots of a told town share: its people, ground, pictures, chances, and how an act is made."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any, TypeVar

from django.db.models import Model

from sanxiao.archive.models import Establishment
from sanxiao.docket import files, flow
from sanxiao.office.models import User
from sanxiao.survey.models import Form
from sanxiao.survey.reading import Ground as Checks
from sanxiao.web.practice.people import People
from sanxiao.web.practice.pictures import Album
from sanxiao.web.practice.places import Ground, Place

Row = TypeVar("Row", bound=Model)


@dataclass
class Town:
    """The town that is told."""

    people: People
    ground: Ground
    album: Album
    rng: Random
    forms: dict[str, Form]
    checks: dict[str, Checks]
    _decks: dict[str, list[str]] = field(default_factory=dict)

    def deal(self, name: str, shares: Mapping[str, int]) -> str:
        """An outcome by its share, dealt from a shuffled deck: few draws already come near the shares."""
        deck = self._decks.setdefault(name, [])
        if not deck:
            deck += [outcome for outcome, share in shares.items() for _n in range(share)]
            self.rng.shuffle(deck)
        return deck.pop()

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

    @property
    def file(self) -> Establishment:
        """The file as it is now."""
        return Establishment.objects.select_related("kind", "operator").get(pk=self.file_id)

    def wait(self, town: Town, least: int, most: int) -> int:
        """Days until the next step."""
        return 1 if self.quick else town.rng.randint(least, most)


def fresh(row: Row) -> Row:
    """A record as it stands now, with its file at hand."""
    rows = type(row)._base_manager.all()
    names = {f.name for f in row._meta.concrete_fields}
    return rows.select_related(*({"file"} & names)).get(pk=row.pk)


def act(row: Row, name: str, by: User | None, **facts: Any) -> Row:
    """Make a move on a record as it stands now; returns it as it is afterwards. Raises Refused."""
    held = row if row._state.adding else fresh(row)
    flow.move(held, name, by, **facts)  # type: ignore[arg-type]
    return held


def attach(row: Any, data: bytes, name: str, by: User, role: str) -> None:
    """Hang a picture on a record."""
    files.keep(row, data, name, by, role=role)
