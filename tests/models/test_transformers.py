"""The shipped folders in transformers: what `AutoModel…` and `pipeline` give beside `avowal`."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import avowal
from avowal.data.records import Article
from avowal.inference.confidence import Calibration
from avowal.inference.labels import ROLES
from avowal.inference.passes import Marked
from avowal.inference.sentences import split_sentences

torch = pytest.importorskip("torch", reason="torch is not installed")
transformers = pytest.importorskip("transformers", reason="transformers is not installed")

# avowal reads int8 weights and transformers fp16 ones, so scores differ a little where it may
# choose; on the same weights they differ by what a batch's shape does to a sum.
SAME = 1e-4
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
    [article] = avowal.load("mini-two-pass", device="cpu", threads=1).score([text])
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


@pytest.fixture(scope="module")
def examples(repository: Path) -> list[str]:
    paths = sorted((repository / "data" / "examples").glob("*.txt"))
    return [path.read_text(encoding="utf-8") for path in paths]


@pytest.fixture(scope="module")
def in_torch(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> avowal.Scorer:
    """The models without their ONNX files: avowal reads the weights that transformers reads."""
    copy = tmp_path_factory.mktemp("models")
    for task in ("attribution", "intent"):
        shutil.copytree(
            folder / f"{task}-mini", copy / f"{task}-mini", ignore=shutil.ignore_patterns("onnx")
        )
    return avowal.load(copy, device="cpu")


def test_roles_of_a_token_model_are_those_of_both_passes(
    folder: Path, examples: list[str], in_torch: avowal.Scorer
) -> None:
    """Two paragraphs at a time: a window of pass one holds them, one of pass two most of them."""
    path = folder / "attribution-mini"
    cue_window = json.loads((path / "avowal.json").read_bytes())["cue_window"]
    tokenizer = transformers.AutoTokenizer.from_pretrained(path)
    model = transformers.AutoModelForTokenClassification.from_pretrained(path, dtype=torch.float32)
    of_role = [
        [i for i, name in model.config.id2label.items() if name.endswith(role)] for role in ROLES
    ]

    def check(found: Any, ids: list[int], types: list[int], words: list[int]) -> None:
        with torch.no_grad():
            logits = model(
                input_ids=torch.tensor([ids]), token_type_ids=torch.tensor([types])
            ).logits[0]
        probabilities = logits.softmax(-1).numpy()[words]
        expected = np.stack([probabilities[:, own].sum(-1) for own in of_role], -1)
        assert found == pytest.approx(expected, abs=SAME)
        best = [np.c_[1 - p.sum(-1), p].argmax(-1).tolist() for p in (found, expected)]
        assert best[0] == best[1]

    texts = []
    for example in examples:
        parts = example.strip().split("\n\n")
        texts += ["\n\n".join(parts[i : i + 2]) for i in range(0, len(parts), 2)]
    cues = 0
    for text, tokens, first in zip(texts, *in_torch.attributor.read(texts), strict=True):
        # between paragraphs stands the token that ends a segment
        ids = tokenizer(text.replace("\n\n", f" {tokenizer.sep_token} "))["input_ids"]
        words = [i for i, token in enumerate(ids) if token not in tokenizer.all_special_ids]
        assert [ids[i] for i in words] == tokens.ids.tolist()
        check(first.roles, ids, [0] * len(ids), words)
        if len(words) > cue_window:
            continue
        marked = [Marked(tokens, first, (a, b)) for role, a, b in first.spans if role == "cue"]
        for second in in_torch.attributor.model.own(marked):
            cue = words[slice(*second.mark)]
            check(second.roles, ids, [int(i in cue) for i in range(len(ids))], words)
        cues += len(marked)
    assert cues > 100


def test_labels_of_a_sentence_model_are_those_of_sentences(
    folder: Path, examples: list[str], in_torch: avowal.Scorer
) -> None:
    path = folder / "intent-mini"
    settings = json.loads((path / "avowal.json").read_bytes())
    tokenizer = transformers.AutoTokenizer.from_pretrained(path, truncation_side="left")
    model = transformers.AutoModelForSequenceClassification.from_pretrained(
        path, dtype=torch.float32
    )
    for text in examples:
        spans = split_sentences(text)
        read = in_torch.attributor.read([text])
        [found] = in_torch.intent([text], [spans], read)
        for i, (start, end) in enumerate(spans):
            before = text[spans[max(0, i - settings["context"])][0] : start]
            row = tokenizer(
                text[start:end],
                before or None,
                truncation="only_second" if before else False,
                max_length=settings["max_length"],
                return_tensors="pt",
            )
            with torch.no_grad():
                logits = model(**row).logits[0]
            for place, label in enumerate(("threat", "sanction")):
                raw = float(logits[model.config.label2id[label]].sigmoid())
                probability = float(
                    Calibration.from_dict(settings["calibration"][label])(np.array([[raw]]))[0]
                )
                assert found[i][place] == pytest.approx(probability, abs=SAME)
                assert (found[i][place] >= 0.5) == (probability >= 0.5)


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
