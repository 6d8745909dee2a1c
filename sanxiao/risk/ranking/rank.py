"""From the past to an order: examples by blocks of sixty days, the model, its check forward in time, the reasons.

An example is a visit whose outcome is known, described as its place stood on the first morning of its block: the
same blindness that the coming block is ranked with. A block is checked with a model of earlier blocks alone.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from sanxiao.risk.ranking.events import days
from sanxiao.risk.ranking.features import Features
from sanxiao.risk.ranking.judge import Figures, figures, mean
from sanxiao.risk.ranking.model import Model
from sanxiao.risk.ranking.past import Past

BLOCK = 60  # days
LEAST_VISITS, LEAST_FOUND = 100, 10  # of a block that can be judged by
PERSON = "person:"
BESIDE = 0.4  # weight of a visit that is in the history alone: not quite of the kind that is asked for


@dataclass
class Examples:
    """Rows of the model: values by column, outcome, day, number of the block counted back from the order."""

    names: list[str]
    values: Any
    found: Any
    day: Any
    block: Any
    asked: Any

    @property
    def weight(self) -> Any:
        """How much each visit counts when the model is trained."""
        return np.where(self.asked, 1.0, BESIDE)

    def columns(self, without_person: bool) -> Any:
        """Which columns may be looked at."""
        return np.array([not (without_person and name.startswith(PERSON)) for name in self.names])


def examples(past: Past, features: Features) -> Examples:
    """All visits with an outcome, block by block; a name that a block does not know yet is unknown there."""
    block = (past.cutoff - 1 - past.day) // BLOCK + 1
    parts = []
    for number in np.unique(block):
        rows = np.flatnonzero(block == number)
        parts.append((rows, *features.of(past.place[rows], past.cutoff - BLOCK * int(number), past.person[rows])))
    names = list(dict.fromkeys(name for _rows, some, _values in parts for name in some))
    values = np.full((len(past.day), len(names)), np.nan, dtype=np.float32)
    for rows, some, part in parts:
        values[np.ix_(rows, np.array([names.index(name) for name in some]))] = part
    return Examples(names, values, past.found, past.day, block, past.asked)


def validate(made: Examples, without_person: bool, blocks: int) -> list[Figures]:
    """The last blocks that can be judged, each by a model of what came before it; newest first."""
    columns = made.columns(without_person)
    told: list[Figures] = []
    for number in np.unique(made.block):
        here, before = (made.block == number) & made.asked, made.block > number
        enough = here.sum() >= LEAST_VISITS and made.found[here].sum() >= LEAST_FOUND
        if not enough or made.found[before].sum() < LEAST_FOUND or len(told) == blocks:
            continue
        model = Model().fit(made.values[before][:, columns], made.found[before], made.weight[before])
        told.append(figures(made.day[here], made.found[here], model.scores(made.values[here][:, columns])))
    return told


@dataclass(frozen=True)
class Ranking:
    """Scores of the rows asked for, in their own order, and what moved each away from the average, in points."""

    scores: Any
    usual: float  # the average score
    reasons: list[list[tuple[str, float, float, float]]]  # group, points, the row's own figure, the usual figure


def rank(past: Past, features: Features, made: Examples) -> Ranking:
    """Train on everything known and score what is coming."""
    without, score = past.ask.without_person, past.score
    columns = made.columns(without)
    model = Model().fit(made.values[:, columns], made.found, made.weight)
    names = [name for name, kept in zip(made.names, columns, strict=True) if kept]
    person = None if without or not past.ask.person else score[past.ask.person]
    place = past.places.of(score[past.ask.place])
    days(score[past.ask.date], score.name, past.ask.date)
    some, part = features.of(place, past.cutoff, person)
    values = np.full((len(place), len(names)), np.nan, dtype=np.float32)
    kept = [(n, names.index(name)) for n, name in enumerate(some) if name in names]
    values[:, [to for _n, to in kept]] = part[:, [n for n, _to in kept]]
    return explained(model, names, values, made.values[:, columns])


GROUPS = {
    "record": ("record:", "mean:", "last:"), "visits": ("visits:", "kind:"), "near": ("near:",),
    "alike": ("alike:", "words:"), "self": ("of:", "point:"), "person": (PERSON,),
}  # fmt: skip
FIGURE = {"record": "record:rate", "visits": "visits:", "near": "near:1km", "alike": "alike:", "person": "person:rate"}


def explained(model: Model, names: list[str], values: Any, usual: Any) -> Ranking:
    """What each group of columns does: how the score changes when the group is as it usually is."""
    scores, middle = model.scores(values), np.nanmedian(usual, axis=0)
    shifts = []
    for group, heads in GROUPS.items():
        inside = np.array([name.startswith(heads) for name in names])
        if not inside.any():
            continue
        plain = np.where(inside, middle, values).astype(np.float32)
        one = next((n for n, name in enumerate(names) if name.startswith(FIGURE.get(group, "\0"))), None)
        own = values[:, one] if one is not None else np.full(len(values), np.nan)
        common = float(middle[one]) if one is not None else float("nan")
        shifts.append((group, scores - model.scores(plain), own, common))
    reasons = [[(g, float(s[n]), float(own[n]), common) for g, s, own, common in shifts] for n in range(len(scores))]
    for each in reasons:
        each.sort(key=lambda reason: -abs(reason[1]))
    return Ranking(scores, float(scores.mean()), reasons)


__all__ = ["Examples", "Figures", "Ranking", "examples", "mean", "rank", "validate"]
