"""What a larger joint model says of the texts that a smaller one learns from.

Knowledge distillation (Hinton et al., 2015, "Distilling the Knowledge in a Neural Network"): the
student is trained towards the teacher's probabilities, and so learns what the teacher makes of
text that nobody annotated, and how unsure it is of text that somebody did.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.numpy import load_file, save_file
from scipy.special import expit

from avowal.data.records import Article, Sentence
from avowal.inference.confidence import pooled
from avowal.inference.intent import INTENTS
from avowal.inference.joint import JointIntent, JointModel
from avowal.inference.joint_runtime import TorchJointRuntime
from avowal.inference.labels import Halves, TokenSpan
from avowal.inference.model_folder import SETTINGS, open_model
from avowal.inference.passes import PART, Marked, cue_candidates, tagged_as
from avowal.inference.sentences import split_sentences
from avowal.inference.windows import Tokens, tokenize
from avowal.train.intent_teaching import IntentTeacher
from avowal.train.joint_candidates import AT_ONCE, THRESHOLD
from avowal.train.joint_features import Taught

Cues = Sequence[Sequence[TokenSpan]]
_READ = ("model.safetensors", "tokenizer.json", SETTINGS)


def with_all_sentences(article: Article, measured: Collection[tuple[int, int]] = ()) -> Article:
    """An article with all its sentences, so that a teacher can be asked about each.

    Args:
        measured: sentences that a model is measured on, which are left out.
    """
    labelled = [s for s in article.sentences if (s.threat, s.sanction) != (None, None)]
    taken = [*((s.start, s.end) for s in labelled), *measured]
    free = [
        Sentence(start, end)
        for start, end in split_sentences(article.text)
        if not any(start < b and a < end for a, b in taken)
    ]
    every = sorted([*labelled, *free], key=lambda sentence: sentence.start)
    return replace(article, sentences=tuple(every))


class Teacher:
    """The joint model in the folder `path`, as a teacher.

    Args:
        cache: where its answers are kept: they take longer than a start of training should.
        intent_model: what `avowal.load` takes, with intents: it is asked about the sentences too,
            and the mean of both calibrated log-odds is taught. None for the joint model's answer
            alone, as it is before calibration.

    Raises:
        FileNotFoundError, ModelError: as `find_models`.
        ValueError: where `intent_model` has no intents.
    """

    def __init__(
        self, path: str, device: str, cache: Path, intent_model: str | None = None
    ) -> None:
        self._folder = open_model(path)
        self._device = device
        self._cache = cache
        self._other = IntentTeacher(intent_model, device) if intent_model else None

    def answers(
        self, articles: Sequence[Article], tokens: Sequence[Tokens], cues: Cues | None
    ) -> list[tuple[Sequence[TokenSpan], Taught]]:
        """Each article's cues, and what the teacher says of it, of them and of its sentences.

        What is answered of some articles is kept before others are asked about, so that a run that
        was stopped asks about the rest alone.

        Args:
            tokens: the articles as the student reads them.
            cues: the cues to ask about; None for those that the teacher finds.

        Raises:
            ValueError: where the teacher reads other tokens than the student.
        """
        self._cache.mkdir(parents=True, exist_ok=True)
        answers: list[tuple[Sequence[TokenSpan], Taught]] = []
        for first in range(0, len(articles), AT_ONCE):
            part = slice(first, first + AT_ONCE)
            asked = articles[part], tokens[part], cues and cues[part]
            stored = self._cache / f"{self._key(*asked)}.safetensors"
            if not stored.is_file():
                # Each process of a run on several devices writes a file of its own.
                unfinished = stored.with_suffix(f".{os.getpid()}.part")
                save_file(_packed(self._asked(*asked)), unfinished)
                unfinished.replace(stored)
            answers += _unpacked(load_file(stored))
        return answers

    def _key(self, articles: Sequence[Article], tokens: Sequence[Tokens], cues: Cues | None) -> str:
        """A digest of all that the answers depend on."""
        digest = hashlib.sha256(self._model_digest)
        for article, its in zip(articles, tokens, strict=True):
            bounds = [(s.start, s.end) for s in article.sentences]
            digest.update(repr((article.text, bounds)).encode("utf-8", "surrogatepass"))
            digest.update(its.offsets.tobytes())
        digest.update(repr(cues and [list(its) for its in cues]).encode())
        return digest.hexdigest()[:32]

    @cached_property
    def _model_digest(self) -> bytes:
        digest = hashlib.sha256()
        for folder in (self._folder, *(self._other.folders if self._other else ())):
            for name in _READ:
                with (folder.path / name).open("rb") as stream:
                    digest.update(hashlib.file_digest(stream, "sha256").digest())
        return digest.digest()

    @cached_property
    def _model(self) -> tuple[JointModel, JointIntent]:
        model = JointModel(self._folder, TorchJointRuntime(self._folder, self._device))
        return model, JointIntent(self._folder, model)

    def _asked(
        self, articles: Sequence[Article], tokens: Sequence[Tokens], cues: Cues | None
    ) -> list[tuple[Sequence[TokenSpan], Taught]]:
        model, intent = self._model
        read = tokenize(model.tokenizer, [article.text for article in articles])
        for article, its, student in zip(articles, read, tokens, strict=True):
            if not np.array_equal(its.offsets, student.offsets):
                raise ValueError(
                    f"{self._folder.path} splits {article.id} into other tokens than the "
                    "student does: a teacher has its student's vocabulary"
                )
        with torch.autocast(self._device, torch.bfloat16):
            return list(_answers(model, intent, self._other, articles, read, cues))


def _answers(
    model: JointModel,
    intent: JointIntent,
    other: IntentTeacher | None,
    articles: Sequence[Article],
    tokens: Sequence[Tokens],
    cues: Cues | None,
) -> Iterator[tuple[Sequence[TokenSpan], Taught]]:
    found = model.read(tokens)
    tagged = tagged_as([scores for scores, _ in found], [states for _, states in found])
    asked = cues or [cue_candidates(its, THRESHOLD) for its in tagged]
    marked = [
        Marked(its, read, cue)
        for its, read, spans in zip(tokens, tagged, asked, strict=True)
        for cue in spans
    ]
    owned = _owned(model, marked)
    bounds = [[(s.start, s.end) for s in article.sentences] for article in articles]
    texts = [article.text for article in articles]
    if other:
        opinions = zip(intent(texts, bounds, (tokens, tagged)), other(texts, bounds), strict=True)
        intents = [pooled(one, another).astype(np.float32) for one, another in opinions]
    else:
        logits = intent.logits(texts, bounds, (tokens, tagged))
        intents = [expit(scores[:, : len(INTENTS)]) for scores in logits]
    for (roles, _), spans, taught in zip(found, asked, intents, strict=True):
        yield (
            spans,
            Taught(np.exp(roles).astype(np.float16), [next(owned) for _ in spans], taught),
        )


def _owned(model: JointModel, marked: Sequence[Marked]) -> Iterator[tuple[TokenSpan, Halves]]:
    for first in range(0, len(marked), PART):
        windows, scores = model.owner_scores(marked[first : first + PART])
        for window, its in zip(windows, scores, strict=True):
            yield window, np.exp(its).astype(np.float16)


def _packed(answers: Sequence[tuple[Sequence[TokenSpan], Taught]]) -> dict[str, Any]:
    taught = [one for _, one in answers]
    owned = [part for one in taught for _, part in one.owned]
    windows = [window for one in taught for window, _ in one.owned]
    return {
        "sizes": np.array(
            [(len(o.roles), len(o.owned), len(o.intents)) for o in taught], dtype=np.int64
        ),
        "cues": np.array([c for cues, _ in answers for c in cues], dtype=np.int64).reshape(-1, 2),
        "windows": np.array(windows, dtype=np.int64).reshape(-1, 2),
        "roles": np.concatenate([one.roles for one in taught]),
        "owned": np.concatenate(owned) if owned else np.zeros((0, 0), dtype=np.float16),
        "intents": np.concatenate([one.intents for one in taught]),
    }


def _unpacked(held: dict[str, Any]) -> list[tuple[Sequence[TokenSpan], Taught]]:
    tokens, count, sentences = np.cumsum(held["sizes"], axis=0).T[:, :-1]
    lengths = np.diff(held["windows"], axis=1)[:, 0]
    parts = np.split(held["owned"], np.cumsum(lengths)[:-1])
    owned = [((int(a), int(b)), part) for (a, b), part in zip(held["windows"], parts, strict=False)]
    cues = [(int(a), int(b)) for a, b in held["cues"]]
    ends = [*count.tolist(), len(cues)]
    starts = [0, *count.tolist()]
    return [
        (cues[first:last], Taught(roles, owned[first:last], intents))
        for first, last, roles, intents in zip(
            starts,
            ends,
            np.split(held["roles"], tokens),
            np.split(held["intents"], sentences),
            strict=True,
        )
    ]
