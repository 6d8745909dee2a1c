"""The words in which a flow is written: states, moves, terms. Pure data; `flow.py` interprets it.

One row says what the move is called, from where to where, whose duty it is, what must be filled in,
who counter-signs, under what conditions, and which legal term starts, stops or pauses. When a rule
does not fit a row, write Python in the room's `acts.py`; tables never become a language.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from django.db import models

STAYS = "="  # as the target of a move: the state remains
PLAIN_ASKS = ("reason", "note", "until", "on")  # asked in the form, kept in the event, no model field


@dataclass(frozen=True)
class State:
    """A state of a matter. Tones: grey blue amber green red. Retired states still answer for old matters.

    `side`: a detour (returned, failed), drawn among the steps only when the matter went through it.
    """

    key: str
    name: str
    tone: str = "grey"
    final: bool = False
    retired: bool = False
    side: bool = False


@dataclass(frozen=True)
class Term:
    """A legal term.

    `length` is a number of units, or the name of the fact that gives it (a number, or the date itself).
    `unit`: h hours · wd working days · d calendar days · month · year. `rule` names the dated row
    (`term.<rule>`) that overrides length, unit and law by date of receipt. `lapse` is the move that the
    night watch makes when it runs out; `extend` the most units by which it may be lengthened (0: free);
    `when` the predicate without which it does not start at all (two routes, two legal terms).
    """

    key: str
    name: str
    length: int | str
    unit: str
    law: str = ""
    lapse: str = ""
    rule: str = ""
    extend: int = 0
    when: str = ""


@dataclass(frozen=True)
class Guard:
    """A condition by name, and the reason that a person reads when it does not hold."""

    name: str
    reason: str


@dataclass(frozen=True)
class Move:
    """One row of a flow table; see the module's text. `duty` None: only the night watch or another act."""

    key: str
    name: str
    frm: tuple[str, ...]
    to: str
    duty: str | None
    asks: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    in_order: bool = False
    needs_if: str = ""
    guards: tuple[Guard, ...] = ()
    apart: tuple[str, ...] = ()  # four eyes: who made one of these moves of the matter may not make this one
    bars: tuple[str, ...] = ()  # nor may the persons whom these fields of the matter name (its handlers)
    starts: tuple[Term, ...] = ()
    stops: tuple[str, ...] = ()
    pauses: tuple[str, ...] = ()
    resumes: tuple[str, ...] = ()
    extends: str = ""
    own: str = ""  # field that names an office: only its own people make this move
    attaches: tuple[str, ...] = ()  # uses of files that may be added with it: photo, after, signature …
    tone: str = "plain"  # primary · plain · danger
    todo: bool = True  # counts as work that waits; False for what is merely possible
    help: str = ""
    since: date = date.min
    until: date = date.max

    def holds_on(self, day: date) -> bool:
        """Is this row part of the rule set of that day?"""
        return self.since <= day <= self.until


@dataclass(eq=False)
class Flow:
    """A flow table and what the room's `acts.py` and `forms.py` register to its rows."""

    key: str
    name: str
    states: tuple[State, ...]
    moves: tuple[Move, ...]
    part: bool = False  # steps of a part are told by the whole it belongs to; timelines of a file leave them out
    model: Any = None  # bound at start by docket.rooms
    effects: dict[str, Callable] = field(default_factory=dict)
    predicates: dict[str, Callable] = field(default_factory=dict)
    forms: dict[str, Any] = field(default_factory=dict)
    begin: Callable | None = None

    def __post_init__(self) -> None:
        self._state = {state.key: state for state in self.states}
        self._move = {move.key: move for move in self.moves}
        known = {*self._state, "", STAYS}
        for move in self.moves:
            if wrong := {*move.frm, move.to} - known:
                raise ValueError(f"{self.key}.{move.key}: unknown state {wrong}")
            if wrong := set(move.apart) - set(self._move):
                raise ValueError(f"{self.key}.{move.key}: unknown move {wrong}")

    def __str__(self) -> str:
        return str(self.name)

    @cached_property
    def has_terms(self) -> bool:
        """Does any row start a term? Where none does, no move need look for one."""
        return any(move.starts for move in self.moves)

    @cached_property
    def signed_from(self) -> frozenset[str]:
        """States in which a move may wait for counter-signatures; leaving them drops what waits."""
        return frozenset(state for move in self.moves if move.needs for state in move.frm)

    def field(self) -> models.CharField:
        """The model's `state` column."""
        return models.CharField(
            max_length=20, choices=[(s.key, s.name) for s in self.states], db_index=True, editable=False
        )

    def state(self, key: str) -> State:
        """A state by key; an unknown one (of an older release) is shown as it stands, never a crash."""
        return self._state.get(key) or State(key, key)

    def row(self, key: str) -> Move:
        """A move by key; KeyError when the table has none."""
        return self._move[key]

    def has(self, key: str) -> bool:
        """Does the table have such a move?"""
        return key in self._move

    @property
    def open_states(self) -> tuple[str, ...]:
        """States from which something is still to come."""
        return tuple(s.key for s in self.states if not s.final)

    def effect(self, *keys: str) -> Callable:
        """Decorator in `acts.py`: what else a move does, `(obj, by, facts) -> None`, same transaction."""
        return self._register(self.effects, keys, set(self._move))

    def predicate(self, *names: str) -> Callable:
        """Decorator in `acts.py`: the test behind a guard, `needs_if` or a term's `when`, `(obj, facts) -> bool`."""
        wanted = {g.name for m in self.moves for g in m.guards} | {m.needs_if for m in self.moves if m.needs_if}
        wanted |= {t.when for m in self.moves for t in m.starts if t.when}
        return self._register(self.predicates, names, wanted)

    def form(self, *keys: str) -> Callable:
        """Decorator in `forms.py`: a form of its own for a move instead of the one made from `asks`."""
        return self._register(self.forms, keys, set(self._move))

    def beginning(self, act: Callable) -> Callable:
        """Decorator in `acts.py`: `(user, params) -> unsaved object`, for moves that begin a matter."""
        self.begin = act
        return act

    def begun(self, user: Any, params: dict[str, str]) -> Any:
        """A new matter, not yet saved, as the room's `beginning` makes it; LookupError where none may be begun so."""
        if self.begin is None:
            raise LookupError(f"{self.key}: nothing begins it")
        return self.begin(user, params)

    def _register(self, shelf: dict[str, Any], keys: tuple[str, ...], known: set[str]) -> Callable:
        if wrong := set(keys) - known:
            raise ValueError(f"{self.key}: nothing called {wrong} in the table")
        if twice := set(keys) & set(shelf):
            raise ValueError(
                f"{self.key}: {twice} is registered already; the one would silently take the other's place"
            )

        def keep(act: Any) -> Any:
            shelf.update(dict.fromkeys(keys, act))
            return act

        return keep
