"""`avowal.inference.speaker_model`: the choice among candidates, and what a folder must hold."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avowal.data.records import Span
from avowal.inference.model_folder import ModelError, open_model
from avowal.inference.source_phrases import read_source
from avowal.inference.speaker_features import Question
from avowal.inference.speaker_model import SpeakerModel


def question(features: list[list[str]]) -> Question:
    source = Span(0, 2, "he")
    asked = Question(source, 0, "he", read_source("he"), 0, 0, False, "male", ())
    asked.candidates = [None] * len(features)
    asked.features = features
    return asked


def folder(path: Path, weights: object, **settings: object) -> Path:
    path.mkdir(exist_ok=True)
    (path / "avowal.json").write_text(json.dumps({"task": "speaker", "threshold": 0.5, **settings}))
    (path / "weights.json").write_text(json.dumps(weights))
    return path


def test_a_weight_counts_for_all_forms_or_for_one() -> None:
    model = SpeakerModel({"near": 1.0, "he: near": 1.0, "it: far": 9.0}, 0.5)
    near, far = model.probabilities(question([["near"], ["far"]]))
    assert near == pytest.approx(0.8808, abs=1e-4)
    assert near + far == pytest.approx(1)


@given(
    st.lists(st.lists(st.sampled_from("abc"), max_size=3), min_size=1, max_size=5),
    st.dictionaries(st.sampled_from("abc"), st.floats(-700, 700)),
)
def test_probabilities_add_up_to_one(features: list[list[str]], weights: dict[str, float]) -> None:
    assert sum(SpeakerModel(weights, 0.5).probabilities(question(features))) == pytest.approx(1)


def test_a_folder_is_read(tmp_path: Path) -> None:
    model = SpeakerModel.of(open_model(folder(tmp_path / "m", {"near": 2}, threshold=0.4)))
    assert model.weights == {"near": 2}
    assert model.threshold == 0.4


@pytest.mark.parametrize("weights", [[], {"near": "2"}, {"near": True}, {"near": float("nan")}])
def test_weights_that_are_no_numbers_are_refused(tmp_path: Path, weights: object) -> None:
    with pytest.raises(ModelError, match=r"weights\.json"):
        SpeakerModel.of(open_model(folder(tmp_path / "m", weights)))


def test_a_folder_without_weights_is_no_model(tmp_path: Path) -> None:
    path = folder(tmp_path / "m", {})
    (path / "weights.json").unlink()
    with pytest.raises(ModelError, match=r"it has no weights\.json"):
        open_model(path)
