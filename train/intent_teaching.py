"""What a larger model says of the sentences that an intent classifier learns from.

Knowledge distillation (Hinton et al., 2015, "Distilling the Knowledge in a Neural Network"), as in
`joint_teaching`, but of finished probabilities: so any model with intents can teach.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray

from avowal.inference.joint_runtime import TorchJointRuntime
from avowal.inference.labels import TokenSpan
from avowal.inference.loading import find_models, open_models
from avowal.inference.runtime import TorchRuntime

AT_ONCE = 64


class IntentTeacher:
    """The models that `model` stands for, as a teacher of threat and sanction.

    Args:
        model: as for `avowal.load`; one with intents.
        device: what it runs on, ``"cpu"`` or ``"cuda"``.

    Raises:
        FileNotFoundError, ModelError: as `find_models`.
        ValueError: where the models have no intents.
    """

    def __init__(self, model: str, device: str) -> None:
        _, intent = open_models(
            find_models(model),
            lambda folder: TorchRuntime(folder, device),
            lambda folder: TorchJointRuntime(folder, device),
        )
        if intent is None:
            raise ValueError(f"{model} cannot teach intent: it holds no intent or joint model")
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
