"""The model: a logistic regression, held short. Small, the same each time, and every column's part can be said.

Boosted trees and their average with it were tried on the public case and ordered no better (decision 0030).
Whoever wants another model writes a class with `fit` and `scores`.
"""

from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression

SHORT = 0.003  # how freely a column may speak: the smaller, the less
FAR = 4.0  # spreads from the mean beyond which a value says no more


class Model:
    """Fit on rows × columns (NaN unknown) and 0/1; `scores` between 0 and 1, higher is worse."""

    def fit(self, values: Any, found: Any, weight: Any = None) -> "Model":
        """Learn; `weight` says how much each row counts."""
        self.used = np.flatnonzero([_tells(column) for column in values.T])
        values = values[:, self.used].astype(np.float64)
        self.middle = np.nanmedian(values, axis=0)
        filled = self._filled(values)
        self.mean, self.spread = filled.mean(0), filled.std(0)
        self.line = LogisticRegression(C=SHORT, max_iter=500).fit(self._even(values), found, sample_weight=weight)
        return self

    def scores(self, values: Any) -> Any:
        """The chance that something is found."""
        return self.line.predict_proba(self._even(values[:, self.used].astype(np.float64)))[:, 1]

    def _filled(self, values: Any) -> Any:
        """What is unknown counts as the middle."""
        return np.where(np.isnan(values), self.middle, values)

    def _even(self, values: Any) -> Any:
        return np.clip((self._filled(values) - self.mean) / self.spread, -FAR, FAR)


def _tells(column: Any) -> bool:
    """Does a column differ between rows at all?"""
    known = column[~np.isnan(column)]
    return len(known) > 0 and bool(known.min() < known.max())
