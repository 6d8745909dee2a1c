"""The doors. Each room has one `room.py` with one `Room(...)`; `docket` collects them at start.

Who stands higher pulls from below; what must appear below (a tab on a file's page, a menu entry, a
search hit, a candidate on the home desk) is handed down through this object and nothing else.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from django.apps import apps

from sanxiao.docket.tables import Flow


@dataclass(frozen=True)
class Entry:
    """A menu entry: its name, where it leads, its icon, its place in the story, and who sees it."""

    name: str
    url_name: str
    icon: str
    order: int
    family: str


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
class Room:
    """What one room hands to the house. Every part may be left out.

    panels(file, user) -> tabs of a file · starters(file, user) -> acts that begin a matter on it ·
    candidates(user) -> waiting first acts · acts(user) -> buttons of the desk ·
    town(folder) -> words on what it loaded of a town's folder ·
    print_tables(file, user) -> tables of the printed file (as in papers/typst/report.typ: title, columns, rows) ·
    watch() -> words on what it did at night · urls: dotted module · api: a ninja Router
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


def gather(part: str, *args: Any) -> list[Any]:
    """Everything that the rooms hand down under one name, in the order of the house."""
    found: list[Any] = []
    for room in _rooms.values():
        if give := getattr(room, part):
            found.extend(give(*args))
    return found
