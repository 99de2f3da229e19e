"""How many of GUM's attribution relations a model finds.

The discourse trees of GUM (eRST: Zeldes et al., 2024) have a relation *attribution* between a
clause with a source and what is attributed to it, clause by clause: of a quotation of several
sentences the one beside the source, and no attribution by a noun or a preposition of another kind.
So a relation is found where a statement holds at least half the words of its content, and the
statements that no relation answers are not all false: precision is a lower bound.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from avowal.data.gum_coreference import CoreferenceDocument
from avowal.data.records import Statement
from avowal.train.attribution_metrics import ENOUGH, WordIndex, f1, spans_of

RELATION_FIGURES = ("relation", "sourced")


def count_relations(
    document: CoreferenceDocument, predicted: Sequence[Statement]
) -> NDArray[np.int64]:
    """The counts (figures, 3) of one document: found, predicted and gold, by `RELATION_FIGURES`.

    The second asks for the source too: words with an F1 of one half.
    """
    index = WordIndex(document.article.text)
    gold = [
        (index.words(source.content), index.words([source.span]))
        for source in document.sources
        if source.content
    ]
    found = [
        (index.words(s.content), index.words(spans_of(s, "source"))) for s in predicted if s.content
    ]
    shared = np.array([[len(c & d) / max(1, len(c)) for d, _ in found] for c, _ in gold])
    sources = np.array([[f1(s, t) for _, t in found] for _, s in gold])
    shared, sources = (table.reshape(len(gold), len(found)) for table in (shared, sources))
    rows, columns = linear_sum_assignment(-((shared >= ENOUGH) * (1 + shared + sources)))
    held = shared[rows, columns] >= ENOUGH
    right = held & (sources[rows, columns] >= ENOUGH)
    sizes = (len(found), len(gold))
    return np.array([(held.sum(), *sizes), (right.sum(), *sizes)], dtype=np.int64)
