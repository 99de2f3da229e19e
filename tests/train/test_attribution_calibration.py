"""`avowal.train.attribution_calibration`, with a made-up model that knows words by heart."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tokenizers import Tokenizer

from avowal.data.records import Article, Span, Statement
from avowal.inference.attribution import Attributor, Decoding
from avowal.inference.labels import LABELS, Floats, Ints, begin
from avowal.inference.linking import Evidence
from avowal.inference.model_folder import ModelFolder, open_model
from avowal.train.attribution_calibration import calibrate

SURE, UNSURE = 6.0, 2.0
ROLE_OF = {
    "source": ("ana", "belu", "bo", "kern", "cleo", "dorn"),
    "cue": ("said", "added"),
    "content": ("port", "bridge", "will", "would", "close", "open", "ships", "sail", "trade"),
}
UNSURE_WORDS = ("ships", "sail", "trade", "ends", "tariffs", "added")


class Parrot:
    """A runtime that knows each word's role, and is unsure of some words."""

    def __init__(self, tokenizer: Tokenizer, *, silent: bool = False) -> None:
        self.table = np.zeros((tokenizer.get_vocab_size(), 2), dtype=np.int64)
        for role, words in ROLE_OF.items():
            for word in () if silent else words:
                self.table[tokenizer.token_to_id(word)] = (begin(role), word in UNSURE_WORDS)

    def __call__(self, input_ids: Ints, token_type_ids: Ints, attention_mask: Ints) -> Floats:
        labels, unsure = self.table[input_ids, 0], self.table[input_ids, 1]
        before = np.pad(labels, ((0, 0), (1, 0)))[:, :-1]
        labels = labels + ((labels > 0) & (labels == before))
        strength = np.where(unsure, UNSURE, SURE).astype(np.float32)
        return np.eye(len(LABELS), dtype=np.float32)[labels] * strength[..., None]


@pytest.fixture
def folder(tmp_path: Path, tokenizer: Tokenizer) -> ModelFolder:
    tokenizer.save(str(tmp_path / "tokenizer.json"))
    for name, value in {
        "avowal.json": {
            "task": "attribution",
            "cue_mark": "token_type_ids",
            "window": 40,
            "cue_window": 30,
        },
        "config.json": {"id2label": dict(enumerate(LABELS))},
        "tokenizer_config.json": {
            "cls_token": "[CLS]",
            "sep_token": "[SEP]",
            "pad_token": "[PAD]",
        },
    }.items():
        (tmp_path / name).write_text(json.dumps(value), encoding="utf-8")
    return open_model(tmp_path)


def article(text: str, source: str = "", cue: str = "", content: str = "") -> Article:
    def span(piece: str) -> Span | None:
        start = text.index(piece)
        return Span.of(text, start, start + len(piece)) if piece else None

    found = span(content)
    gold = (Statement(span(source), span(cue), (found,)),) if found else ()
    return Article(text, text, statements=gold)


RIGHT = [
    article("Ana Belu said the port would close.", "Ana Belu", "said", "port would close"),
    article("Bo Kern said the bridge will open.", "Bo Kern", "said", "bridge will open"),
    article("Cleo Dorn said the port will open.", "Cleo Dorn", "said", "port will open"),
]
WRONG = [
    article("Ana Belu added ships sail trade."),
    article("Bo Kern added trade ships sail."),
]
ALONE = [article("The port will open would close.", content="port will open would close")]
STRAY = [article("The ships sail trade ships sail.")]


def test_what_is_mostly_wrong_is_dropped_and_what_is_right_kept(
    folder: ModelFolder, tokenizer: Tokenizer
) -> None:
    attributor = Attributor(folder, Parrot(tokenizer))
    attributor.decoding = replace(attributor.decoding, minimum=0.1, minimum_without_cue=0.1)
    held = (RIGHT + WRONG + ALONE + STRAY) * 8
    kinds = {"right": RIGHT, "wrong": WRONG, "alone": ALONE, "stray": STRAY}

    def found() -> dict[str, list[Statement]]:
        return {
            kind: [s for one in attributor([a.text for a in articles]) for s in one]
            for kind, articles in kinds.items()
        }

    assert {kind: len(s) for kind, s in found().items()} == {
        "right": 3,
        "wrong": 2,
        "alone": 1,
        "stray": 1,
    }
    values = calibrate(attributor, held)
    after = found()
    assert {kind: len(s) for kind, s in after.items()} == {
        "right": 3,
        "wrong": 0,
        "alone": 1,
        "stray": 0,
    }
    assert [(s.source, s.cue, s.content) for s in after["right"]] == [
        (s.source, s.cue, s.content) for a in RIGHT for s in a.statements
    ]
    assert all((s.confidence or 0) > 0.8 for s in after["right"] + after["alone"])
    # What is kept in the model folder decodes alike.
    folder.settings["decoding"] = json.loads(json.dumps(values))
    assert Decoding.of(folder) == attributor.decoding


def test_confidences_are_the_rate_of_what_is_right(
    folder: ModelFolder, tokenizer: Tokenizer
) -> None:
    """Where the model cannot tell right from wrong, its confidence is how often it is right."""
    attributor = Attributor(folder, Parrot(tokenizer))
    [text] = [RIGHT[0].text]
    calibrate(attributor, [*[RIGHT[0]] * 15, *[Article("x", text)] * 5])
    [[statement]] = attributor([text])
    assert statement.confidence == pytest.approx(0.75, abs=0.03)


def test_a_source_that_is_wrong_makes_a_statement_wrong(
    folder: ModelFolder, tokenizer: Tokenizer
) -> None:
    other = article(RIGHT[0].text, "the", "said", "port would close")
    attributor = Attributor(folder, Parrot(tokenizer))
    calibrate(attributor, [*[RIGHT[0]] * 12, *[other] * 8])
    [[statement]] = attributor([RIGHT[0].text])
    assert statement.confidence == pytest.approx(0.6, abs=0.03)


def test_a_model_that_found_nothing_gets_a_decoding_that_works(
    folder: ModelFolder, tokenizer: Tokenizer
) -> None:
    values = calibrate(Attributor(folder, Parrot(tokenizer, silent=True)), RIGHT)
    folder.settings["decoding"] = json.loads(json.dumps(values))
    decoding = Decoding.of(folder)
    assert len(decoding.with_cue.weights) == len(Evidence._fields)
    [[statement]] = Attributor(folder, Parrot(tokenizer))([RIGHT[0].text])
    assert (statement.source, statement.cue) == (
        RIGHT[0].statements[0].source,
        RIGHT[0].statements[0].cue,
    )


def test_no_articles_are_refused(folder: ModelFolder, tokenizer: Tokenizer) -> None:
    with pytest.raises(ValueError, match="no documents"):
        calibrate(Attributor(folder, Parrot(tokenizer)), [])
