"""`avowal.inference.intent`: sentences with their context in, calibrated probabilities out."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scripted_models import IntentScript, word_tokenizer, write_folder

from avowal.inference.confidence import Calibration
from avowal.inference.intent import IntentModel, pair, sentence_rows
from avowal.inference.model_folder import ModelError
from avowal.inference.sentences import split_sentences
from avowal.inference.windows import special_ids, tokenize

SPECIAL = {"start": 1, "end": 2}


# --- inputs ---------------------------------------------------------------------------------


def test_a_sentence_and_what_stands_before_it() -> None:
    ids, types = pair([10, 11], [7, 8, 9], SPECIAL, 20)
    assert ids.tolist() == [1, 10, 11, 2, 7, 8, 9, 2]
    assert types.tolist() == [0, 0, 0, 0, 1, 1, 1, 1]


def test_without_context_there_is_one_segment() -> None:
    ids, types = pair([10, 11], [], SPECIAL, 20)
    assert ids.tolist() == [1, 10, 11, 2]
    assert types.tolist() == [0, 0, 0, 0]


@given(st.lists(st.integers(100, 199)), st.lists(st.integers(200, 299)), st.integers(4, 40))
def test_too_long_a_pair_loses_the_beginning_of_its_context_first(
    sentence: list[int], before: list[int], size: int
) -> None:
    ids, types = pair(sentence, before, SPECIAL, size)
    assert len(ids) == len(types) <= size
    first = [i for i in ids.tolist() if 100 <= i < 200]
    second = [i for i in ids.tolist() if i >= 200]
    assert first == sentence[: size - 3]
    assert second == before[len(before) - len(second) :]
    assert len(second) == min(len(before), size - 3 - len(first))
    assert types.tolist() == [0] * (len(first) + 2) + [1] * (len(ids) - len(first) - 2)


def rows(text: str, context: int, size: int = 50) -> list[tuple[str, str]]:
    """The first and second segment of each sentence's input, as words."""
    tokenizer = word_tokenizer()
    [tokens] = tokenize(tokenizer, [text])
    special = special_ids(tokenizer, "[CLS]", "[SEP]")
    return [
        (tokenizer.decode(ids[types == 0].tolist()), tokenizer.decode(ids[types == 1].tolist()))
        for ids, types in sentence_rows(tokens, split_sentences(text), special, context, size)
    ]


def test_the_context_is_the_sentences_before() -> None:
    text = "ana said\n\nbo said\n\ncy denied\n\nyes"
    assert rows(text, 0) == [("ana said", ""), ("bo said", ""), ("cy denied", ""), ("yes", "")]
    assert rows(text, 2) == [
        ("ana said", ""),
        ("bo said", "ana said"),
        ("cy denied", "ana said bo said"),
        ("yes", "bo said cy denied"),
    ]


def test_a_sentence_of_no_tokens_has_an_input_too() -> None:
    assert rows("yes\n\n\u200b\u2060\n\nno", 1) == [("yes", ""), ("", "yes"), ("no", "")]


# --- the model ------------------------------------------------------------------------------


def scored(model: IntentModel, *texts: str) -> list[list[tuple[bool, bool]]]:
    found = model(texts, [split_sentences(text) for text in texts])
    for scores in found:
        assert scores.shape[1] == 2
        assert ((scores >= 0) & (scores <= 1)).all()
    return [[(bool(t > 0.5), bool(s > 0.5)) for t, s in scores] for scores in found]


def test_each_sentence_has_its_two_labels(tmp_path: Path) -> None:
    model = IntentModel(write_folder(tmp_path / "model", "intent"), IntentScript())
    texts = ["Strike!\n\nYes.\n\nNo embargo.\n\nYes.\n\nYes.", "", "No.", " \n "]
    assert scored(model, *texts) == [
        [(True, False), (False, False), (False, True), (False, True), (False, False)],
        [],
        [(False, False)],
        [],
    ]
    assert [scored(model, text)[0] for text in texts] == scored(model, *texts)


def test_scores_are_calibrated_label_by_label(tmp_path: Path) -> None:
    calibration = {"threat": {"weights": [0.5], "bias": 1.0}}
    folder = write_folder(tmp_path / "model", "intent", calibration=calibration)
    [scores] = IntentModel(folder, IntentScript())(["Strike."], [[(0, 7)]])
    np.testing.assert_allclose(scores, [[1 / (1 + np.exp(-3)), 1 / (1 + np.exp(4))]], atol=1e-6)


@given(st.floats(-50, 50), st.floats(-50, 50), st.floats(0, 1))
def test_a_calibrated_score_is_a_probability(weight: float, bias: float, raw: float) -> None:
    calibration = Calibration.from_dict(Calibration((weight,), bias).to_dict())
    [score] = calibration([[raw]])
    assert 0 <= score <= 1


def test_a_model_of_other_labels_is_refused(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "model", "attribution")
    with pytest.raises(ValueError, match="threat, sanction"):
        IntentModel(folder, IntentScript())


def test_a_missing_setting_is_named(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "model", "intent")
    del folder.settings["max_length"]
    with pytest.raises(ModelError, match=r"avowal\.json has no 'max_length'"):
        IntentModel(folder, IntentScript())
