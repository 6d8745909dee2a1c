"""Drawing by lot: which files of a pool, which people in a team, which team for which file. Pure and repeatable."""

from collections.abc import Callable, Hashable, Sequence
from random import Random
from typing import TypeVar

T = TypeVar("T", bound=Hashable)
F = TypeVar("F", bound=Hashable)


def sample(pool: Sequence[F], size: int | None, seed: str) -> list[F]:
    """So many of a pool that stands in a fixed order; all of it where no number is given, or a larger one."""
    if size is None or size >= len(pool):
        return list(pool)
    chosen = set(Random(f"{seed}:pool").sample(range(len(pool)), size))
    return [each for n, each in enumerate(pool) if n in chosen]


def teams(firsts: Sequence[T], seconds: Sequence[T], count: int, seed: str) -> list[tuple[T, T]]:
    """Teams of two: one of the firsts and one of the seconds, nobody twice before everybody was drawn once."""
    lot = Random(f"{seed}:teams")
    found: list[tuple[T, T]] = []
    left: tuple[list[T], list[T]] = ([], [])
    while firsts and seconds and len(found) < count:
        for pile, people in zip(left, (firsts, seconds), strict=True):
            if not pile:
                pile.extend(lot.sample(list(people), len(people)))
        found.append((left[0].pop(), left[1].pop()))
    return found


def share(
    files: Sequence[F], among: Sequence[tuple[T, T]], barred: Callable[[T, F], bool], seed: str
) -> dict[F, tuple[T, T] | None]:
    """Which team goes to which file: in random order, always one of the least laden that may; None where none may."""
    lot = Random(f"{seed}:share")
    load = [0] * len(among)
    found: dict[F, tuple[T, T] | None] = {}
    for file in lot.sample(list(files), len(files)):
        able = [n for n, team in enumerate(among) if not any(barred(who, file) for who in team)]
        if not able:
            found[file] = None
            continue
        least = min(load[n] for n in able)
        chosen = lot.choice([n for n in able if load[n] == least])
        load[chosen] += 1
        found[file] = among[chosen]
    return found
