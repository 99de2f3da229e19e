"""What a larger model says of the sentences that an intent classifier learns from.

Knowledge distillation (Hinton et al., 2015, "Distilling the Knowledge in a Neural Network"), as in
`joint_teaching`, but of finished probabilities: so any model with intents can teach.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from avowal.data.plover import ROOTS
from avowal.inference.joint_runtime import TorchJointRuntime
from avowal.inference.labels import TokenSpan
from avowal.inference.loading import find_models, open_models
from avowal.inference.model_folder import JOINT
from avowal.inference.runtime import TorchRuntime

AT_ONCE = 64
ROOT_LABELS = tuple(f"root:{root}" for root in ROOTS)


class IntentTeacher:
    """The models that `model` stands for, as a teacher of threat and sanction.

    Args:
        model: as for `avowal.load`; one with intents.
        device: what it runs on, ``"cpu"`` or ``"cuda"``.

    Attributes:
        folders: of the models that are asked.

    Raises:
        FileNotFoundError, ModelError: as `find_models`.
        ValueError: where the models have no intents.
    """

    def __init__(self, model: str, device: str) -> None:
        found = find_models(model)
        _, intent = open_models(
            found,
            lambda folder: TorchRuntime(folder, device),
            lambda folder: TorchJointRuntime(folder, device),
        )
        if intent is None:
            raise ValueError(f"{model} cannot teach intent: it holds no intent or joint model")
        self.folders = [found[task] for task in (JOINT, "intent") if task in found]
        self._intent = intent
        self._device = device

    def __call__(
        self, texts: Sequence[str], sentences: Sequence[Sequence[TokenSpan]]
    ) -> list[NDArray[np.float64]]:
        """Calibrated probabilities of threat and sanction, (sentences, 2) for each text."""
        answers: list[NDArray[np.float64]] = []
        with torch.autocast(self._device, torch.bfloat16):
            for first in range(0, len(texts), AT_ONCE):
                part = slice(first, first + AT_ONCE)
                answers += self._intent(texts[part], sentences[part])
        return answers

    def roots(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """Probabilities of the root codes of sentences without context, (texts, roots).

        Raises:
            ValueError: where the model gives no root codes.
        """
        if self._intent.labels[-len(ROOTS) :] != ROOT_LABELS:
            raise ValueError("a teacher of root codes is a model that was trained with them")
        scores: list[NDArray[np.float32]] = []
        with torch.autocast(self._device, torch.bfloat16):
            for first in range(0, len(texts), AT_ONCE):
                part = texts[first : first + AT_ONCE]
                scores += self._intent.logits(part, [[(0, len(text))] for text in part])
        logits = torch.from_numpy(np.concatenate(scores)[:, -len(ROOTS) :]).double()
        probabilities: NDArray[np.float64] = logits.softmax(dim=1).numpy()
        return probabilities


def differing(own: Mapping[str, Any], config: Mapping[str, Any]) -> list[str]:
    """The fields of `config` that a run's own config has otherwise.

    A field that a config leaves out, such as dev data, is none there.
    """
    return [name for name, value in config.items() if (own.get(name) or None) != (value or None)]


class RootTeacher:
    """The models of a finished intent run as teachers of root codes.

    In a cross-validation each fold has the model of the same fold for its teacher, which has not
    seen what the fold is tested on either.

    Args:
        run: the output folder of the run.
        config: what the run has to have in common with the student's: the fields by which folds are
            drawn.
        device: what it runs on, ``"cpu"`` or ``"cuda"``.

    Raises:
        ValueError: where the run is not finished, or its folds are others.
    """

    def __init__(self, run: str, config: Mapping[str, Any], device: str) -> None:
        finished = Path(run) / "metrics.json"
        if not finished.is_file():
            raise ValueError(f"{run} holds no finished run to learn root codes from")
        if others := differing(json.loads(finished.read_bytes()).get("config", {}), config):
            raise ValueError(
                f"the folds of {run} are not this run's: {', '.join(others)} differ, and a teacher "
                "may have seen what its student is tested on"
            )
        self._run = Path(run)
        self._device = device
        self._said: dict[int | None, dict[str, NDArray[np.float64]]] = {}

    def __call__(self, texts: Sequence[str], fold: int | None) -> list[NDArray[np.float64]]:
        """Probabilities of the root codes (roots,) of each sentence.

        Args:
            fold: whose model answers; None for that of all data.
        """
        said = self._said.setdefault(fold, {})
        # Ordered by length, since they are padded together.
        unheard = sorted({text for text in texts if text not in said}, key=lambda t: (len(t), t))
        if unheard:
            folder = self._run if fold is None else self._run / "folds" / str(fold)
            answers = IntentTeacher(str(folder), self._device).roots(unheard)
            said.update(zip(unheard, answers, strict=True))
        return [said[text] for text in texts]
