"""`avowal.train.intent_metrics`: F1 at one half and calibration error, by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from avowal.data.plover import ROOTS
from avowal.inference.confidence import Calibration
from avowal.train.intent_examples import UNKNOWN, IntentExample
from avowal.train.intent_metrics import binary_figures, calibration_error, intent_figures

AS_IT_IS = (Calibration((1.0,), 0.0), Calibration((1.0,), 0.0))


def test_calibration_error_by_hand() -> None:
    # Bins [0, .1): |.05 - 0|, [.1, .2): |.15 - 1|, [.9, 1]: |.95 - .5| twice, and |1 - .5| with it.
    assert calibration_error([0.05, 0.15, 0.9, 1.0], [0, 1, 1, 0]) == pytest.approx(
        0.05 / 4 + 0.85 / 4 + abs(0.95 - 0.5) / 2
    )
    assert calibration_error([0.25, 0.75], [0, 1], bins=2) == pytest.approx(0.25)
    # In one bin the two errors cancel.
    assert calibration_error([0.25, 0.75], [0, 1], bins=1) == pytest.approx(0)


def test_calibration_error_at_its_ends() -> None:
    assert calibration_error([], []) == 0
    assert calibration_error([0, 0, 1], [0, 0, 1]) == 0
    assert calibration_error([0, 1], [1, 0]) == 1


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=30))
def test_calibration_error_is_a_share(rows: list[tuple[float, bool]]) -> None:
    found = calibration_error([p for p, _ in rows], [y for _, y in rows])
    assert 0 <= found <= 1
    # However bins are laid, they cannot make up for a wrong mean.
    bias = abs(np.mean([p for p, _ in rows]) - np.mean([y for _, y in rows]))
    assert found >= bias - 1e-9


def test_binary_figures_by_hand() -> None:
    # 0.5 counts as found: two right of three found, of four there are.
    found = binary_figures([0.9, 0.5, 0.7, 0.1, 0.4, 0.2], [1, 1, 0, 1, 1, 0])
    assert found["precision"] == pytest.approx(200 / 3)
    assert found["recall"] == pytest.approx(50)
    assert found["f1"] == pytest.approx(400 / 7)
    assert (found["positive"], found["sentences"]) == (4, 6)
    assert found["ece"] == calibration_error([0.9, 0.5, 0.7, 0.1, 0.4, 0.2], [1, 1, 0, 1, 1, 0])


def example(threat: float, sanction: float, root: str | None = None) -> IntentExample:
    ids = np.zeros(1, dtype=np.int64)
    return IntentExample("g", (ids, ids), threat, sanction, ROOTS.index(root) if root else -1)


def scores(threat: float, sanction: float, root: str | None = None) -> list[float]:
    return [threat, sanction, *(5.0 if name == root else 0.0 for name in ROOTS)]


def test_figures_are_apart_by_corpus_and_leave_the_unknown_out() -> None:
    examples = [
        example(1, 0),
        example(0, UNKNOWN),
        example(1, 1, "THREATEN"),
        example(UNKNOWN, 0, "ACCUSE"),
        example(0, 1, "SANCTION"),
    ]
    given_scores = [
        scores(3, -3),
        scores(3, 3),
        scores(3, 3, "THREATEN"),
        scores(3, -3, "THREATEN"),
        scores(-3, -3, "SANCTION"),
    ]
    found = intent_figures(examples, np.array(given_scores), AS_IT_IS)
    sizes = {name: (f.get("positive"), f["sentences"]) for name, f in found.items()}
    assert sizes == {
        "annotated_threat": (1, 2),
        "annotated_sanction": (0, 1),
        "plv_threat": (1, 2),
        "plv_sanction": (2, 3),
        "plv_root_threat": (1, 3),
        "plv_root_sanction": (1, 3),
        "plv_roots": (None, 3),
    }
    assert found["annotated_threat"]["f1"] == pytest.approx(200 / 3)
    assert found["plv_threat"]["f1"] == 100
    assert found["plv_sanction"]["f1"] == pytest.approx(200 / 3)
    # One of two sentences with the best score for THREATEN is one.
    assert found["plv_root_threat"]["f1"] == pytest.approx(200 / 3)
    assert found["plv_root_sanction"]["f1"] == 100
    assert found["plv_roots"]["macro_f1"] == pytest.approx((200 / 3 + 0 + 100) / 3)


def test_without_root_codes_there_are_no_figures_of_them() -> None:
    found = intent_figures([example(1, 0)], np.array([scores(3, -3)]), AS_IT_IS)
    assert set(found) == {"annotated_threat", "annotated_sanction"}


def test_probabilities_are_calibrated_before_they_are_judged() -> None:
    examples, given_scores = [example(1, 1)], np.array([scores(-1, -1)])
    eager = (Calibration((1.0,), 2.0), Calibration((1.0,), 0.5))
    found = intent_figures(examples, given_scores, eager)
    assert (found["annotated_threat"]["f1"], found["annotated_sanction"]["f1"]) == (100, 0)
    assert found["annotated_threat"]["ece"] == pytest.approx(1 - 1 / (1 + np.exp(-1)))
