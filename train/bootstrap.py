"""Micro-averaged F1 of documents' counts, with bootstrap confidence intervals."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Figure:
    """F1, precision and recall in percent; `low` and `high` bound the F1 at 95 %."""

    f1: float
    precision: float
    recall: float
    low: float
    high: float


def figures(
    names: tuple[str, ...], counts: NDArray[np.int64], resamples: int = 1000, seed: int = 0
) -> dict[str, Figure]:
    """Figures over documents, with percentile intervals from resampled documents (Efron, 1979).

    Args:
        counts: (documents, names, 3) matched, predicted and gold.

    Raises:
        ValueError: where there are no documents.
    """
    if not len(counts):
        raise ValueError("no documents to measure on")
    total = counts.sum(axis=0)
    rng = np.random.default_rng(seed)
    drawn = rng.multinomial(len(counts), np.full(len(counts), 1 / len(counts)), size=resamples)
    spread = np.percentile(_f1(np.einsum("rd,dnk->rnk", drawn, counts)), [2.5, 97.5], axis=0)
    out = {}
    for index, name in enumerate(names):
        matched, predicted, gold = (int(n) for n in total[index])
        out[name] = Figure(
            float(_f1(total[index])),
            100 * matched / predicted if predicted else 100.0,
            100 * matched / gold if gold else 100.0,
            float(spread[0, index]),
            float(spread[1, index]),
        )
    return out


def _f1(counts: NDArray[np.int64]) -> NDArray[np.float64]:
    sizes = counts[..., 1] + counts[..., 2]
    f1: NDArray[np.float64] = np.where(sizes, 200 * counts[..., 0] / np.maximum(sizes, 1), 100.0)
    return f1
