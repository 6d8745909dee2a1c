"""The doors. Each room has one `room.py` with one `Room(...)`; `docket` collects them at start.

Who stands higher pulls from below; what must appear below (a tab on a file's page, a menu entry, a
search hit, a candidate on the home desk) is handed down through this object and nothing else.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from importlib import import_module
from pathlib import Path
from typing import Any
from uuid import UUID

from django.apps import apps

from sanxiao.docket.tables import Flow, State


@dataclass(frozen=True)
class Entry:
    """A menu entry: its name, where it leads, its icon, its place in the story, and who sees it.

    `order`: its tens are the chapter of the menu in which it stands, its ones the place in there.
    `behind`: the entry behind whose page it stands as a tab; then the menu shows it only to who cannot open that page.
    """

    name: str
    url_name: str
    icon: str
    order: int
    family: str
    behind: str = ""


@dataclass(frozen=True)
class Panel:
    """A tab on a file's page: `template` is filled with `context`; `count` stands beside the name."""

    key: str
    name: str
    template: str
    context: dict[str, Any]
    count: int = 0
    order: int = 50


@dataclass(frozen=True)
class Candidate:
    """Work that waits for a first act: no matter yet, so no state could say it."""

    name: str
    count: int
    url: str
    act: str


@dataclass(frozen=True)
class Starter:
    """A matter that can be begun on a file: `POST /do/<kind>/new/<move>?file=…`, grey with its reason."""

    kind: str
    move: str
    name: str
    reason: str = ""
    primary: bool = False


@dataclass(frozen=True)
class Filled:
    """A form answered in the field, as its room gets it.

    `answers`: question name -> text, or a list of such for a repeat, as the form's own language writes them.
    `files`: file name -> SHA-256 of what is stored. `place`: key of the establishment it is about; `creates`: it is
    to be made under this key. `base`: values as the phone was given them (question -> value), None when unknown.
    `told`: what the phone said of its photos when they were taken (file name -> taken_at, lat, lng, accuracy, mock),
    and of positions (question -> the same, or `hand`: set on the map).
    """

    id: UUID
    form: Any
    area: str
    by: Any
    answers: dict[str, Any]
    files: dict[str, str]
    told: dict[str, dict[str, Any]]
    observed_on: date
    place: UUID | None = None
    creates: bool = False
    base: dict[str, Any] | None = None


@dataclass(frozen=True)
class Taken:
    """What became of it: the matter it made, the file it concerns, what was merged, and what a person must choose.

    `clashes`: [{"name", "base", "ours", "theirs"}]; until somebody has chosen, ours stands.
    """

    subject: Any
    file: Any = None
    merged: tuple[str, ...] = ()
    clashes: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True)
class Fill:
    """Forms that a phone can fill, by the beginning of their code, and what becomes of an answer.

    `duty`: who may fill them. `about`: 'place' an existing establishment, 'any' one or a new one, '' none.
    `take(filled)` -> Taken; raises Refused with words for a person, and then nothing has been changed.
    `values(files)` -> {file key: {question: value}} that the phone is given of places; no personal numbers.
    `adopt(clash file, {question: value}, by)`: write the phone's values that a person has chosen.
    `say(file, question, value, user)` -> the question and the value in words, for the one who chooses.
    `market`: stalls of a market can be gone through with it, one after the other.
    """

    prefix: str
    duty: str
    about: str
    take: Callable[[Filled], Taken]
    values: Callable[[Iterable[Any]], dict[Any, dict[str, Any]]] | None = None
    adopt: Callable[[Any, dict[str, Any], Any], None] | None = None
    say: Callable[[Any, str, Any, Any], tuple[str, str]] | None = None
    market: bool = False


@dataclass(frozen=True)
class Errand:
    """Something to be done outside, as the phone shows it: where, what, by when, with which form.

    `key` stays the same as long as the errand does. `form`: code to open, '' when it is done at the desk (`url`).
    `known`: answers that the form begins with, by question.
    """

    key: str
    name: str
    area: str
    note: str = ""
    file: UUID | None = None
    place: str = ""
    lat: float | None = None
    lng: float | None = None
    due_on: date | None = None
    form: str = ""
    url: str = ""
    tone: str = "blue"
    known: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Fact:
    """Something that happened at a place and counts for its risk grade, in words for a person.

    kind: 'visit' a checklist, `value` its score 0–100 · 'sampled' a sample was taken · 'sample_failed' ·
    'penalty' · 'complaint' · 'late' a demand not met in time · 'crime' suspected and handed over. `on`: the day
    it became known (a result, a decision), which for a failed sample is later than the day it was taken.
    """

    kind: str
    on: date
    value: float = 0
    words: str = ""


@dataclass(frozen=True)
class Ordering:
    """The order in which places should be visited, as the room that makes it hands it to the list and the map.

    `bands`: its parts as states, the first to be visited first. `of(keys)` -> {file key: its band, its place in words};
    who stands in no order is left out. `within(band key)`: the keys of the files of a band, as a query.
    `about()`: of which day the order is and what it rests on, in words; or why there is none. `stands()`: there is one.
    """

    bands: tuple[State, ...]
    of: Callable[[Sequence[UUID]], Mapping[UUID, tuple[State, str]]]
    within: Callable[[str], Any]
    about: Callable[[], str]
    stands: Callable[[], bool]


@dataclass(frozen=True)
class Paper:
    """The paper of a place as of a day, as the room that issues papers tells it to those below.

    `state`: valid, suspended, expired (run out), ended (revoked, cancelled). `until`: the last day, where there is one.
    """

    state: str
    number: str
    name: str
    until: date | None = None
    since: date | None = None
    url: str = ""


@dataclass(frozen=True)
class Sighting:
    """A person or a place that a room has come across, for whoever watches over those who closed.

    `key` stays the same as long as it is the same sighting. `kind` and `move` say in the words of a flow what it was;
    `on` is the day on which it happened. Of numbers only the keyed index; `file` is the establishment where there is
    one already, `file_since` the day from which that one is on file.
    """

    key: str
    kind: str
    move: str
    on: date
    area: str
    url: str
    name: str
    operator: str = ""
    id_index: str = ""
    phone_index: str = ""
    address: str = ""
    lat: float | None = None
    lng: float | None = None
    file: UUID | None = None
    file_since: date | None = None


@dataclass(frozen=True)
class Kept:
    """A record whose time of keeping is over: what it is, when it ended, the file by which it may be on hold.

    `title` is shown to two people and printed by `purge --dry-run`: no personal number stands in it.
    """

    key: UUID
    kind: str
    title: str
    area: str
    ended_on: date
    file: UUID | None = None


@dataclass(frozen=True)
class Keeping:
    """A class of records that are kept for a time, as their room hands it down.

    `key`: the dated row `retention.<key>` says for how many years. `over(day)`: those that ended before the day and
    still hold something. `destroy(keys)`: their content goes and a tombstone stays, in the caller's transaction.
    `kinds`: kinds of matters whose files go with this class. `page`: name of the page of a class that two people
    destroy by a way of its own; such a class is only listed.
    """

    key: str
    name: str
    over: Callable[[date], Iterable[Kept]]
    destroy: Callable[[Sequence[UUID]], None] | None = None
    kinds: tuple[str, ...] = ()
    page: str = ""


@dataclass(frozen=True)
class Follow:
    """What came of a matter in a room above it, for who may read that; or a first act there, with its button's words.

    `begins`: nothing has come of it yet, `url` begins it.
    """

    name: str
    url: str
    note: str = ""
    state: Any = None  # a State, for what has one
    begins: bool = False


@dataclass(frozen=True)
class Room:
    """What one room hands to the house. Every part may be left out.

    panels(file, user) -> tabs of a file · starters(file, user) -> acts that begin a matter on it ·
    candidates(user) -> waiting first acts · acts(user) -> buttons of the desk ·
    town(folder) -> words on what it loaded of a town's folder ·
    print_tables(file, user) -> tables of the printed file (as in papers/typst/report.typ: title, columns, rows) ·
    watch() -> words on what it did at night · urls: dotted module · api: a ninja Router ·
    fills: forms that can be filled in the field · errands(user) -> what waits to be done there ·
    warnings(file, user) -> what who goes there should know · bars(operator) -> why this person gets no paper
    risk_facts(files, on) -> {file key: what counts for its risk grade, known by that day}; `files` are keys of files
    (those merged into them among them), the answer's keys are those that the matters hang on; a fixed number of
    queries however many files ·
    lists: lists that such forms choose from, file name -> (prefixes of the ground) -> CSV (name, label, …) ·
    ordering: in which order places should be visited · papers(files, day) -> the paper that each place held on that
    day, by key of the file; none: left out ·
    sightings(since) -> whom and what it came across from that moment on ·
    follows(matter, user) -> what came in this room of a matter of another, or the act that begins it ·
    keeps: classes of records that are kept for a time · holds(files) -> {file key: why nothing of it may be destroyed}
    """

    key: str
    name: str
    flows: tuple[Flow, ...] = ()
    menu: tuple[Entry, ...] = ()
    urls: str = ""
    api: Any = None
    panels: Callable[[Any, Any], Iterable[Panel]] | None = None
    starters: Callable[[Any, Any], Iterable[Starter]] | None = None
    candidates: Callable[[Any], Iterable[Candidate]] | None = None
    acts: Callable[[Any], Iterable[dict[str, Any]]] | None = None
    print_tables: Callable[[Any, Any], Iterable[dict[str, Any]]] | None = None
    town: Callable[[Path], str] | None = None
    watch: Callable[[], str] | None = None
    fills: tuple[Fill, ...] = ()
    errands: Callable[[Any], Iterable[Errand]] | None = None
    warnings: Callable[[Any, Any], Iterable[str]] | None = None
    bars: Callable[[Any], Iterable[str]] | None = None
    risk_facts: Callable[[list[UUID], date], dict[UUID, list[Fact]]] | None = None
    lists: Mapping[str, Callable[[tuple[str, ...]], bytes]] = field(default_factory=dict)
    ordering: Ordering | None = None
    papers: Callable[[Sequence[Any], date], Mapping[UUID, Paper]] | None = None
    sightings: Callable[[datetime], Iterable[Sighting]] | None = None
    follows: Callable[[Any, Any], Iterable[Follow]] | None = None
    keeps: tuple[Keeping, ...] = ()
    holds: Callable[[Sequence[UUID]], Mapping[UUID, str]] | None = None


_rooms: dict[str, Room] = {}
_models: dict[str, Any] = {}


def collect() -> None:
    """Open every room's door and bind each flow to its model; called once, when Django is ready."""
    for config in apps.get_app_configs():
        if config.name.startswith("sanxiao.") and (Path(config.path) / "room.py").exists():
            room = import_module(f"{config.name}.room").ROOM
            _rooms[room.key] = room
    for model in apps.get_models():
        if flow := getattr(model, "flow", None):
            flow.model = model
            _models[flow.key] = model


def all_rooms() -> list[Room]:
    """The rooms in the order of the house, ground floor first."""
    return list(_rooms.values())


def flows() -> list[Flow]:
    """All flow tables."""
    return [flow for room in _rooms.values() for flow in room.flows]


def flow_of(kind: str) -> Flow:
    """The table of a kind of matter; KeyError when there is none."""
    return next((flow for flow in flows() if flow.key == kind), None) or _unknown(kind)


def model_of(kind: str) -> Any:
    """The model of a kind of matter; KeyError when there is none."""
    return _models[kind]


def models() -> list[Any]:
    """The models of all kinds of matters."""
    return list(_models.values())


def _unknown(kind: str) -> Flow:
    raise KeyError(kind)


def fill_for(code: str) -> Fill | None:
    """Who takes the answers of a form; the longest fitting prefix wins, None when nobody does."""
    fitting = [fill for room in _rooms.values() for fill in room.fills if code.startswith(fill.prefix)]
    return max(fitting, key=lambda fill: len(fill.prefix), default=None)


def gather(part: str, *args: Any) -> list[Any]:
    """Everything that the rooms hand down under one name, in the order of the house."""
    return [each for _room, found in by_room(part, *args) for each in found]


def by_room(part: str, *args: Any) -> list[tuple[Room, list[Any]]]:
    """The same, room by room; those that have nothing are left out."""
    given = ((room, list(give(*args))) for room in _rooms.values() if (give := getattr(room, part)))
    return [(room, found) for room, found in given if found]


def ordering() -> Ordering | None:
    """The order of visits that a room hands down; None when nobody makes one."""
    return next((room.ordering for room in _rooms.values() if room.ordering), None)


def papers_of(files: Sequence[Any], on: date) -> dict[UUID, Paper]:
    """The paper that each place held on a day, by key; places without one are left out."""
    found: dict[UUID, Paper] = {}
    for room in _rooms.values():
        if room.papers and files:
            found |= room.papers(files, on)
    return found


def list_for(name: str) -> Callable[[tuple[str, ...]], bytes] | None:
    """Who makes a list that forms choose from, by its file name; None when nobody does."""
    return next((room.lists[name] for room in _rooms.values() if name in room.lists), None)
