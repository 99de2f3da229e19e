"""Figures of intent: F1 at 0.5 and expected calibration error, by corpus."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.metrics import f1_score, precision_score, recall_score

from avowal.data.plover import ROOTS
from avowal.inference.confidence import Calibration
from avowal.inference.intent import INTENTS
from avowal.train.intent_examples import UNKNOWN, IntentExample

PLV_ROOT = {"threat": "THREATEN", "sanction": "SANCTION"}


def calibration_error(probabilities: ArrayLike, labels: ArrayLike, bins: int = 10) -> float:
    """Expected calibration error over bins of equal width (Guo et al., 2017)."""
    p, y = np.asarray(probabilities, dtype=float), np.asarray(labels, dtype=float)
    if not len(p):
        return 0.0
    place = np.minimum((p * bins).astype(int), bins - 1)
    gaps = [
        abs(p[place == b].mean() - y[place == b].mean()) * (place == b).mean()
        for b in np.unique(place)
    ]
    return float(sum(gaps))


def binary_figures(probabilities: ArrayLike, labels: ArrayLike) -> dict[str, float]:
    """F1, precision and recall at 0.5 in percent, with counts and calibration error."""
    p, y = np.asarray(probabilities, dtype=float), np.asarray(labels, dtype=float) >= 0.5
    found = p >= 0.5
    return {
        "f1": 100 * float(f1_score(y, found, zero_division=0)),
        "precision": 100 * float(precision_score(y, found, zero_division=0)),
        "recall": 100 * float(recall_score(y, found, zero_division=0)),
        "positive": int(y.sum()),
        "sentences": len(y),
        "ece": calibration_error(p, y),
    }


def intent_figures(
    examples: Sequence[IntentExample],
    scores: NDArray[np.float64],
    calibrations: Sequence[Calibration],
) -> dict[str, dict[str, float]]:
    """Figures of cross-validated scores: our labels, PLV's root codes, and the roots' macro F1.

    PLV's THREATEN and SANCTION are read off the root codes' own scores, for those two codes are
    defined otherwise than our labels: an imposed sanction is COERCE there.
    """
    figures: dict[str, dict[str, float]] = {}
    coded = np.array([e.root >= 0 for e in examples])
    for index, name in enumerate(INTENTS):
        labels = np.array([getattr(e, name) for e in examples])
        raw = 1 / (1 + np.exp(-scores[:, index]))
        probabilities = calibrations[index](raw[:, None])
        for part, chosen in (("annotated", ~coded), ("plv", coded)):
            here = chosen & (labels != UNKNOWN)
            if here.any():
                figures[f"{part}_{name}"] = binary_figures(probabilities[here], labels[here])
    if coded.any():
        roots = np.array([e.root for e in examples])[coded]
        best = scores[coded][:, len(INTENTS) :].argmax(axis=1)
        figures |= {f"plv_{name}": values for name, values in root_figures(best, roots).items()}
    return figures


def root_figures(found: ArrayLike, gold: ArrayLike) -> dict[str, dict[str, float]]:
    """Figures of PLOVER's root codes: THREATEN, SANCTION, and the macro F1 of all that occur.

    Args:
        found, gold: indices in `ROOTS`, one a sentence.
    """
    best, roots = np.asarray(found), np.asarray(gold)
    figures = {
        f"root_{name}": binary_figures(best == ROOTS.index(root), roots == ROOTS.index(root))
        for name, root in PLV_ROOT.items()
    }
    macro = f1_score(roots, best, average="macro", zero_division=0)
    return figures | {"roots": {"macro_f1": 100 * float(macro), "sentences": len(roots)}}
