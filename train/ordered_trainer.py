"""A `Trainer` whose predictions stand in the order of the data set."""

from __future__ import annotations

from typing import Any

from torch.utils.data import SequentialSampler
from transformers import Trainer


class OrderedEvalTrainer(Trainer):
    """Evaluates in order, where grouping by length would shuffle the results."""

    def _get_eval_sampler(self, eval_dataset: Any) -> SequentialSampler:
        return SequentialSampler(eval_dataset)
