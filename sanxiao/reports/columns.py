"""How a figure of the quarterly report is counted, as data: which events, which files, which share.

Nothing here is typed by anybody. `figures.py` counts and `records.py` gives the list behind each number from the same
rows, so that a number and its list cannot differ; `indicators.py` holds the tables themselves.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Hits:
    """Events that count. `mark`: see MARKS; `frm`: state before. `place` 'origin': in the village that was left."""

    kind: str
    moves: tuple[str, ...]
    sign: int = 1
    mark: tuple[str, ...] = ()
    frm: tuple[str, ...] = ()
    place: str = "area"
    kinds: tuple[str, ...] = ()  # of establishment; empty: all

    def __str__(self) -> str:
        return f"{self.kind}.{'/'.join(self.moves)}"


@dataclass(frozen=True)
class Flows:
    """What happened in the quarter, and in the campaign up to its end: a signed count of events."""

    hits: tuple[Hits, ...]


@dataclass(frozen=True)
class Sums(Flows):
    """What the events of the quarter, and of the campaign, come to: the sum of one of their facts, in whole units.

    `fact` is a number of the event (yuan, kilograms); the list behind the sum shows the events, each with its part.
    """

    fact: str = ""


@dataclass(frozen=True)
class Stock:
    """What is there, counted from the first event on: 'since' on the eve of the quarter, 'until' on its last day."""

    hits: tuple[Hits, ...]
    at: str = "until"
    files: bool = True  # the list shows files, not events


@dataclass(frozen=True)
class Standing:
    """Classifications in force at the end; in the quarter's own column those decided in it.

    `done`: only those for which such an event has happened. `trading`: only files that are in the stock.
    """

    case: str | None = None  # None: any
    batch: str | None = None
    done: tuple[Hits, ...] = ()
    trading: bool = True


@dataclass(frozen=True)
class Holding:
    """Files of the stock at the end that hold something; `what` is a test of `figures.HOLDS`."""

    what: str


@dataclass(frozen=True)
class Rate:
    """A share: the sum of columns over the sum of columns; None where there is nothing to divide by."""

    part: tuple[str, ...]
    whole: tuple[str, ...]


@dataclass(frozen=True)
class Told:
    """A number that another room gives for the town and one quarter; no list stands behind it.

    `what`: a key of `tips.figures.town`. HIDDEN where it is so small that it could point at somebody.
    """

    what: str


HIDDEN, DOTS = -1, "…"  # as it is kept, as it is shown
How = Flows | Stock | Standing | Holding | Rate | Told


@dataclass(frozen=True)
class Column:
    """One column. `group` is the head above several; `note` says what is counted, in the law's and the log's words."""

    key: str
    name: str
    how: How
    group: str = ""
    note: str = ""

    @property
    def spans(self) -> tuple[str, ...]:
        """'q' this quarter, 'c' cumulative; a stock or a rate has one value, at the end."""
        return ("q", "c") if isinstance(self.how, (Flows, Standing)) and self.key != "unclassified" else ("q",)


@dataclass(frozen=True)
class Table:
    """One table of the report."""

    key: str
    title: str
    unit: str
    columns: tuple[Column, ...]
    note: str = ""
    town: bool = False  # of the town alone: no village has it in its report
