"""Models that follow a script: real folders and tokenizers, with logits made by rule.

The attribution script knows words by kind. Without a mark every one has its kind's role; with a
marked cue the source nearest before it (else after it) is its own, and so is the run of content
that follows it before another cue (else the one that precedes it). Other words have no role.
"""

from __future__ import annotations

import json
import zlib
from pathlib import Path
from typing import Any

import numpy as np
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.normalizers import BertNormalizer
from tokenizers.pre_tokenizers import BertPreTokenizer

from avowal.inference.attribution import Attributor
from avowal.inference.intent import IntentModel
from avowal.inference.labels import LABELS, ROLES, Floats, Ints, TokenSpan, begin, token_span
from avowal.inference.model_folder import ModelFolder, open_model
from avowal.inference.runtime import Runtime
from avowal.inference.scorer import Scorer
from avowal.inference.windows import Tokens

SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[CUE]", "[/CUE]")
SOURCES = ("ana", "bo", "cy")
CUES = ("said", "warned", "denied")
CONTENT = ("yes", "no", "never", "strike", "embargo")
VOCABULARY = {word: i for i, word in enumerate((*SPECIAL, *SOURCES, *CUES, *CONTENT))}
SURE = 8.0

_KINDS = np.full(len(VOCABULARY), -1)
for _role, _words in zip(ROLES, (SOURCES, CUES, CONTENT), strict=True):
    _KINDS[[VOCABULARY[word] for word in _words]] = ROLES.index(_role)


class AttributionScript:
    """The script above as a `Runtime`; `rows` counts what it has read."""

    def __init__(self) -> None:
        self.rows = 0

    def __call__(self, input_ids: Ints, token_type_ids: Ints, attention_mask: Ints) -> Floats:
        logits = np.zeros((*input_ids.shape, len(LABELS)), dtype=np.float32)
        for row, length in enumerate(attention_mask.sum(axis=1).tolist()):
            self.rows += 1
            kinds, marks = _KINDS[input_ids[row, :length]], token_type_ids[row, :length]
            labels = _marked(kinds, np.flatnonzero(marks)) if marks.any() else _labels(kinds)
            logits[row, np.arange(length), labels] = SURE
        return logits


def _labels(kinds: Ints) -> Ints:
    same = np.concatenate([[False], kinds[1:] == kinds[:-1]])
    return np.where(kinds < 0, 0, 1 + 2 * kinds + same)


def _marked(kinds: Ints, marks: Ints) -> Ints:
    source, cue, content = range(3)
    low, high = int(marks[0]), int(marks[-1]) + 1
    owned = np.full(len(kinds), -1)
    owned[low:high] = np.where(kinds[low:high] == cue, cue, -1)

    def run(at: int) -> slice:
        start, end = at, at + 1
        while start > 0 and kinds[start - 1] == kinds[at]:
            start -= 1
        while end < len(kinds) and kinds[end] == kinds[at]:
            end += 1
        return slice(start, end)

    before = np.flatnonzero(kinds[:low] == source)
    after = high + np.flatnonzero(kinds[high:] == source)
    if len(before):
        owned[run(int(before[-1]))] = source
    elif len(after):
        owned[run(int(after[0]))] = source
    after = high + np.flatnonzero(kinds[high:] == content)
    before = np.flatnonzero(kinds[:low] == content)
    if len(after) and not (kinds[high : after[0]] == cue).any():
        owned[run(int(after[0]))] = content
    elif len(before):
        owned[run(int(before[-1]))] = content
    return _labels(owned)


class RandomScript:
    """Logits that are noise, but always the same for the same row."""

    def __init__(self, labels: int, by_token: bool, spread: float = 3.0) -> None:
        self._labels, self._by_token, self._spread = labels, by_token, spread

    def __call__(self, input_ids: Ints, token_type_ids: Ints, attention_mask: Ints) -> Floats:
        out = np.zeros((*input_ids.shape, self._labels), dtype=np.float32)
        for row, length in enumerate(attention_mask.sum(axis=1).tolist()):
            key = input_ids[row, :length].tobytes() + token_type_ids[row, :length].tobytes()
            noise = np.random.default_rng(zlib.crc32(key))
            out[row, :length] = noise.normal(0, self._spread, (length, self._labels))
        return out if self._by_token else out[:, 0]


class IntentScript:
    """A threat where "strike" is in the first segment; a sanction where "embargo" is in either."""

    def __call__(self, input_ids: Ints, token_type_ids: Ints, attention_mask: Ints) -> Floats:
        here = (attention_mask == 1) & (token_type_ids == 0)
        threat = ((input_ids == VOCABULARY["strike"]) & here).any(axis=1)
        sanction = (input_ids == VOCABULARY["embargo"]).any(axis=1)
        return np.where(np.stack([threat, sanction], axis=1), 4.0, -4.0).astype(np.float32)


def place(text: str, tokens: Tokens, part: str) -> TokenSpan:
    """The tokens of the first `part` of a text."""
    at = text.index(part)
    span = token_span(tokens.offsets, at, at + len(part))
    assert span
    return span


def word_tokenizer() -> Tokenizer:
    """Words and punctuation marks in lower case; accents and control characters are dropped."""
    tokenizer = Tokenizer(WordLevel(VOCABULARY, unk_token="[UNK]"))
    tokenizer.normalizer = BertNormalizer()
    tokenizer.pre_tokenizer = BertPreTokenizer()
    tokenizer.add_special_tokens(list(SPECIAL))
    return tokenizer


def write_folder(path: Path, task: str, **settings: Any) -> ModelFolder:
    """A model folder without weights, for a task."""
    defaults: dict[str, dict[str, Any]] = {
        "attribution": {"window": 48, "cue_window": 24, "cue_mark": "token_type_ids"},
        "intent": {"context": 1, "max_length": 32},
    }
    labels = LABELS if task == "attribution" else ("threat", "sanction")
    files: dict[str, Any] = {
        "avowal.json": {"task": task, **defaults[task], **settings},
        "config.json": {"id2label": {str(i): label for i, label in enumerate(labels)}},
        "tokenizer_config.json": {
            "cls_token": "[CLS]",
            "sep_token": {"content": "[SEP]"},
            "pad_token": "[PAD]",
        },
    }
    path.mkdir(parents=True)
    for name, value in files.items():
        (path / name).write_text(json.dumps(value), encoding="utf-8")
    word_tokenizer().save(str(path / "tokenizer.json"))
    return open_model(path)


def scripted_runtime(folder: ModelFolder, *_: object) -> Runtime:
    """The script of a folder's task, in place of `open_runtime`."""
    return AttributionScript() if folder.task == "attribution" else IntentScript()


def scripted_scorer(path: Path, **settings: Any) -> Scorer:
    """A scorer whose two models follow their scripts; `settings` are the attribution model's."""
    attribution = write_folder(path / "attribution", "attribution", **settings)
    return Scorer(
        Attributor(attribution, AttributionScript()),
        IntentModel(write_folder(path / "intent", "intent"), IntentScript()),
    )


def random_scorer(path: Path, spread: float = 3.0) -> Scorer:
    """A scorer whose two models answer noise."""
    attribution = write_folder(path / "attribution", "attribution")
    return Scorer(
        Attributor(attribution, RandomScript(len(LABELS), True, spread)),
        IntentModel(write_folder(path / "intent", "intent"), RandomScript(2, False, spread)),
    )


def label(role: str, inside: bool = False) -> int:
    """The id of a role's label."""
    return begin(role) + inside
