"""`avowal.train.bootstrap`: F1 over documents and its interval."""

from __future__ import annotations

import numpy as np
import pytest

from avowal.train.bootstrap import Figure, figures


def test_counts_of_documents_add_up_before_they_are_divided() -> None:
    found = figures(("a", "b"), np.array([[[2, 4, 3], [0, 0, 5]], [[1, 1, 3], [0, 2, 0]]]))
    assert found["a"].f1 == pytest.approx(2 * 3 / (5 + 6) * 100)
    assert found["a"].precision == pytest.approx(60)
    assert found["a"].recall == pytest.approx(50)
    assert (found["b"].f1, found["b"].precision, found["b"].recall) == (0, 0, 0)


def test_nothing_to_find_and_nothing_found_is_all_right() -> None:
    assert figures(("a",), np.zeros((3, 1, 3), dtype=np.int64)) == {
        "a": Figure(100.0, 100.0, 100.0, 100.0, 100.0)
    }


def test_one_document_leaves_no_doubt() -> None:
    [figure] = figures(("a",), np.array([[[3, 5, 4]]])).values()
    assert figure.low == figure.f1 == figure.high == pytest.approx(600 / 9)


def test_the_interval_is_that_of_resampled_documents() -> None:
    # Of two unlike documents a resample holds the one, the other, or both.
    [figure] = figures(("a",), np.array([[[0, 2, 2]], [[2, 2, 2]]])).values()
    assert (figure.low, figure.f1, figure.high) == (0, 50, 100)


def test_more_documents_narrow_the_interval() -> None:
    rng = np.random.default_rng(5)
    matched = rng.integers(0, 11, size=800)
    counts = np.stack([matched, np.full(800, 10), np.full(800, 10)], axis=1)[:, None]
    few, many = (figures(("a",), counts[:n])["a"] for n in (20, 800))
    assert few.low < few.f1 < few.high
    assert many.low < many.f1 < many.high
    # The spread falls with the root of the number: by 6.3 here.
    assert 4 < (few.high - few.low) / (many.high - many.low) < 10


def test_the_seed_settles_the_interval() -> None:
    counts = np.random.default_rng(1).integers(1, 9, size=(12, 1, 3))
    counts[..., 0] = counts.min(axis=-1)
    assert figures(("a",), counts, seed=4) == figures(("a",), counts, seed=4)
    assert figures(("a",), counts, seed=4) != figures(("a",), counts, seed=5)


def test_no_documents_are_refused() -> None:
    with pytest.raises(ValueError, match="no documents"):
        figures(("a",), np.zeros((0, 1, 3), dtype=np.int64))
