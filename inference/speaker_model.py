"""The model that chooses a speaker among candidates: weights of named features, as numbers."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import avowal.models
from avowal.inference.model_folder import WEIGHTS, ModelError, ModelFolder, open_model
from avowal.inference.speaker_features import Question

SHIPPED = "speaker-mini"


@dataclass(frozen=True, slots=True)
class SpeakerModel:
    """A conditional logit over the candidates of a question.

    Attributes:
        weights: the weight of a feature, for all forms of source and for one ("he: rank 0").
        threshold: the probability below which a source keeps its own words.
    """

    weights: Mapping[str, float]
    threshold: float

    def probabilities(self, question: Question) -> list[float]:
        """The probability of each candidate of `question`; they add up to one."""
        form, weights = question.form, self.weights
        scores = [
            sum(weights.get(name, 0.0) + weights.get(f"{form}: {name}", 0.0) for name in features)
            for features in question.features
        ]
        top = max(scores)
        powers = [math.exp(score - top) for score in scores]
        total = sum(powers)
        return [power / total for power in powers]

    @classmethod
    def of(cls, folder: ModelFolder) -> SpeakerModel:
        """The model in a folder of the task ``speaker``.

        Raises:
            ModelError: where its numbers are not there, or are no numbers.
        """
        path = folder.path / WEIGHTS
        try:
            weights = json.loads(path.read_bytes())
        except (OSError, ValueError) as error:
            raise ModelError(f"{path} cannot be read as JSON: {error}") from error
        threshold = folder.setting("threshold")
        if not isinstance(weights, dict) or not all(map(_finite, [*weights.values(), threshold])):
            raise ModelError(f"{path} or the threshold in avowal.json holds what is no number")
        return cls(weights, threshold)


def _finite(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


@lru_cache(maxsize=1)
def shipped_speaker_model() -> SpeakerModel:
    """The speaker model that ships."""
    return SpeakerModel.of(open_model(Path(str(avowal.models.__path__[0])) / SHIPPED, "speaker"))


def best(probabilities: Sequence[float], among: Sequence[bool]) -> int | None:
    """The index of the most probable of the candidates that are `among` those asked for."""
    indexes = [index for index, one in enumerate(among) if one]
    return max(indexes, key=probabilities.__getitem__, default=None)
