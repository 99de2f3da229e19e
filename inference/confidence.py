"""Calibrated probabilities from what the models' raw scores say, with fitted coefficients.

Platt scaling (Platt, 1999): the logistic function of a weighted sum of log-odds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

_EDGE = 1e-4


@dataclass(frozen=True, slots=True)
class Calibration:
    """``sigmoid(bias + weights @ log_odds(probabilities))``."""

    weights: tuple[float, ...]
    bias: float

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Calibration:
        return cls(tuple(float(w) for w in values["weights"]), float(values["bias"]))

    def to_dict(self) -> dict[str, Any]:
        return {"weights": list(self.weights), "bias": self.bias}

    def __call__(
        self, probabilities: Sequence[Sequence[float]] | NDArray[np.floating]
    ) -> NDArray[np.float64]:
        """Calibrated probabilities (rows,) of rows of raw ones (rows, weights)."""
        rows = np.asarray(probabilities, dtype=np.float64).reshape(-1, len(self.weights))
        odds = log_odds(rows) @ np.array(self.weights) + self.bias
        calibrated: NDArray[np.float64] = 1 / (1 + np.exp(-odds))
        return calibrated


def log_odds(probabilities: NDArray[np.float64]) -> NDArray[np.float64]:
    """Log-odds, with probabilities kept a little away from 0 and 1."""
    kept = np.clip(probabilities, _EDGE, 1 - _EDGE)
    odds: NDArray[np.float64] = np.log(kept / (1 - kept))
    return odds


def pooled(first: NDArray[np.float64], second: NDArray[np.float64]) -> NDArray[np.float64]:
    """The probabilities whose log-odds are the mean of two opinions' (any shape).

    The logarithmic opinion pool of two equal weights (Genest and Zidek, 1986).
    """
    both = log_odds(first) + log_odds(second)
    probabilities: NDArray[np.float64] = 1 / (1 + np.exp(-both / 2))
    return probabilities
