"""The shipped folders in transformers: what `AutoModel…` and `pipeline` give beside `avowal`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import avowal
from avowal.data.records import Article
from avowal.inference.confidence import Calibration
from avowal.inference.sentences import split_sentences

pytest.importorskip("torch", reason="torch is not installed")
transformers = pytest.importorskip("transformers", reason="transformers is not installed")

# avowal reads int8 weights and transformers fp16 ones, so scores differ a little.
EXAMPLE = "agency-copy.txt"
PARAGRAPHS = 4


@pytest.fixture(scope="module")
def text(repository: Path) -> str:
    read = (repository / "data" / "examples" / EXAMPLE).read_text(encoding="utf-8")
    return "\n\n".join(read.split("\n\n")[:PARAGRAPHS])


@pytest.fixture(scope="module")
def folder(repository: Path, shipped: None) -> Path:
    return repository / "models"


@pytest.fixture(scope="module")
def scored(text: str, shipped: None) -> Article:
    [article] = avowal.load(device="cpu", threads=1).score([text])
    return article


def test_cues_of_the_token_pipeline_are_those_of_statements(
    folder: Path, text: str, scored: Article
) -> None:
    tag = transformers.pipeline(
        "token-classification",
        model=str(folder / "attribution-mini"),
        aggregation_strategy="first",
        device="cpu",
    )
    found = {(span["start"], span["end"]) for span in tag(text) if span["entity_group"] == "cue"}
    expected = {(s.cue.start, s.cue.end) for s in scored.statements if s.cue}
    assert len(expected) >= 3
    assert found >= expected


def test_labels_of_the_sentence_pipeline_are_those_of_sentences(
    folder: Path, text: str, scored: Article
) -> None:
    model = folder / "intent-mini"
    settings = json.loads((model / "avowal.json").read_bytes())
    classify = transformers.pipeline(
        "text-classification", model=str(model), function_to_apply="sigmoid", top_k=None,
        device="cpu",
    )  # fmt: skip
    spans = split_sentences(text)
    inputs = [
        {
            "text": text[start:end],
            "text_pair": text[spans[max(0, i - settings["context"])][0] : start],
        }
        for i, (start, end) in enumerate(spans)
    ]
    for sentence, given in zip(scored.sentences, inputs, strict=True):
        raw = {row["label"]: row["score"] for row in classify([given])[0]}
        for label in ("threat", "sanction"):
            fitted = Calibration.from_dict(settings["calibration"][label])
            probability = float(fitted(np.array([[raw[label]]]))[0])
            assert probability == pytest.approx(getattr(sentence, label), abs=0.15)
            assert (probability >= 0.5) == (getattr(sentence, label) >= 0.5)


@pytest.mark.parametrize("task", ["attribution", "intent"])
def test_a_folder_has_the_layout_that_the_hub_looks_for(folder: Path, task: str) -> None:
    from huggingface_hub import ModelCard

    model = folder / f"{task}-mini"
    # transformers.js asks for onnx/model_quantized.onnx beside these three, with dtype "q8"
    for name in ("config.json", "tokenizer.json", "tokenizer_config.json", "model.safetensors"):
        assert (model / name).is_file()
    assert {path.name for path in (model / "onnx").iterdir()} == {"model_quantized.onnx"}
    config: Any = transformers.AutoConfig.from_pretrained(model)
    card = ModelCard.load(model / "README.md").data
    assert card.library_name == "transformers"
    assert f"For{card.pipeline_tag.replace('-', ' ').title().replace(' ', '')}" in {
        name.removeprefix("Bert").replace("SequenceClassification", "TextClassification")
        for name in config.architectures
    }
    assert "transformers.js" in card.tags
    assert all(0 < result.metric_value < 1 for result in card.eval_results)
