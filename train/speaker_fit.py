"""Fitting the speaker model: a conditional logit by penalised maximum likelihood.

Source: McFadden (1974), "Conditional logit analysis of qualitative choice behavior". Where several
candidates are right the likelihood is of any of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from avowal.train.speaker_examples import Example


def fit_weights(
    examples: Sequence[Example], l2: float, form_l2: float, minimum_count: int
) -> dict[str, float]:
    """The weights of features, for all forms of source together and for each.

    Args:
        l2: penalty of the square of a weight for all forms.
        form_l2: the same of a weight for one form.
        minimum_count: in how many questions a feature must be seen.

    Raises:
        ValueError: where there are no examples.
    """
    if not examples:
        raise ValueError("no questions to learn from")
    seen: Counter[str] = Counter()
    for example in examples:
        seen.update({name for names in _expanded(example) for name in names})
    known = sorted(name for name, count in seen.items() if count >= minimum_count)
    index = {name: column for column, name in enumerate(known)}
    rows, columns = [], []
    starts, right = [0], []
    row = 0
    for example in examples:
        for place, names in enumerate(_expanded(example)):
            found = [index[name] for name in names if name in index]
            rows += [row] * len(found)
            columns += found
            right.append(place in example.right)
            row += 1
        starts.append(row)
    matrix = csr_matrix((np.ones(len(rows)), (rows, columns)), shape=(row, len(known)))
    penalty = np.array(
        [form_l2 if ": " in name and name.split(": ")[0] in FORMS else l2 for name in known]
    )
    owner = np.repeat(np.arange(len(examples)), np.diff(starts))
    chosen = np.array(right)

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        scores = matrix @ weights
        every = _softmax(scores, owner, starts)
        among = _softmax(np.where(chosen, scores, -np.inf), owner, starts)
        likelihood = np.log(np.add.reduceat(np.where(chosen, every, 0.0), starts[:-1]) + 1e-300)
        gradient = matrix.T @ (every - among) + 2 * penalty * weights
        return float(-likelihood.sum() + (penalty * weights**2).sum()), gradient

    falling = [name.split(": ")[-1].startswith(FALLING) for name in known]
    bounds = [(None, 0.0 if falls else None) for falls in falling]
    found = minimize(loss, np.zeros(len(known)), jac=True, method="L-BFGS-B", bounds=bounds)
    return {name: float(w) for name, w in zip(known, found.x, strict=True) if abs(w) >= 5e-4}


# numbers of which more never speaks for a candidate: such a weight is at most 0
FALLING = (
    "gap >",
    "quoted gap >",
    "rank >",
    "paragraphs >",
    "sentences since",
    "paragraphs since",
)
FORMS = frozenset({"I", "he", "it", "they", "who", "name", "description", "group", "definite"})


def _expanded(example: Example) -> list[list[str]]:
    form = example.question.form
    return [[*names, *(f"{form}: {name}" for name in names)] for names in example.question.features]


def _softmax(
    scores: NDArray[np.float64], owner: NDArray[np.int64], starts: Sequence[int]
) -> NDArray[np.float64]:
    top = np.maximum.reduceat(scores, starts[:-1])
    powers = np.exp(scores - top[owner])
    total: NDArray[np.float64] = np.add.reduceat(powers, starts[:-1])
    result: NDArray[np.float64] = powers / total[owner]
    return result
