"""How good an order is, for visits of which the outcome is known."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.metrics import roc_auc_score


@dataclass(frozen=True)
class Figures:
    """AUC; share of what was found that lies in the first half of the visits (and as it was in truth); days earlier.

    The dates of the visits stay as they were: the order only says who comes on which of them.
    """

    auc: float
    half: float
    days: float
    usual: float
    visits: int
    found: int


def figures(day: Any, found: Any, score: Any) -> Figures:
    """The figures of one order; highest score first, ties as they stand."""
    order, half = np.argsort(-score, kind="stable"), (len(found) + 1) // 2
    total = found.sum()
    new = np.empty(len(day))
    new[order] = np.sort(day)
    in_truth = found[np.argsort(day, kind="stable")][:half].sum() / total
    earlier = (day - new)[found > 0].mean()
    auc = roc_auc_score(found, score)
    return Figures(
        float(auc), float(found[order][:half].sum() / total), float(earlier), float(in_truth), len(found), int(total)
    )


def mean(several: Sequence[Figures]) -> Figures:
    """Plain means over blocks; counts are sums."""

    def of(name: str) -> float:
        return float(np.mean([getattr(each, name) for each in several]))

    visits, found = (sum(getattr(each, name) for each in several) for name in ("visits", "found"))
    return Figures(of("auc"), of("half"), of("days"), of("usual"), visits, found)
