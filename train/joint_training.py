"""The joint model's losses, and a trainer for its two learning rates."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn
from transformers import Trainer
from transformers.trainer_pt_utils import LengthGroupedSampler

from avowal.inference.intent import INTENTS
from avowal.inference.joint_network import JointNetwork
from avowal.train.intent_examples import UNKNOWN


class JointTraining(nn.Module):
    """A `JointNetwork` with the losses of all that a batch of `JointCollator` holds."""

    # The loss is a mean of one batch, which the trainer has to divide where a step has several.
    accepts_loss_kwargs = False

    def __init__(self, network: JointNetwork, *, owner: float, intent: float, root: float) -> None:
        super().__init__()
        self.network = network
        self._weights = owner, intent, root

    def forward(self, labels: torch.Tensor, **batch: torch.Tensor) -> dict[str, torch.Tensor]:
        names = ("input_ids", "attention_mask", "token_type_ids")
        logits, states = self.network.encode(**{n: batch[n] for n in names if n in batch})
        owner, intent, root = self._weights
        # Sums over what is there: a batch may hold no attribution, no cue or no sentence.
        loss = cross_entropy(logits, labels)
        if len(batch["cue_rows"]):
            crops = _taken(states, batch["cue_rows"], batch["cue_positions"])
            owned = self.network.owner(crops, batch["cue_valid"], batch["cue_distance"])
            loss = loss + owner * cross_entropy(owned, batch["cue_labels"])
        if len(batch["sentence_rows"]):
            crops = _taken(states, batch["sentence_rows"], batch["sentence_positions"])
            scores = self.network.intent(crops, batch["sentence_valid"]).float()
            width = len(INTENTS)
            known = batch["intents"] != UNKNOWN
            binary = nn.functional.binary_cross_entropy_with_logits(
                scores[:, :width], batch["intents"].clamp(min=0), reduction="none"
            )
            loss = loss + intent * (binary * known).sum() / known.any(dim=1).sum().clamp(min=1)
            coded = batch["roots"] >= 0
            if coded.any():
                loss = loss + root * nn.functional.cross_entropy(
                    scores[coded][:, width:], batch["roots"][coded]
                )
        return {"loss": loss}


def _taken(states: torch.Tensor, rows: torch.Tensor, positions: torch.Tensor) -> torch.Tensor:
    """The states (parts, tokens, hidden) at positions (parts, tokens) of rows (parts,).

    As a look-up: the gradient of an index adds up in an order that differs from run to run.
    """
    places = rows[:, None] * states.shape[1] + positions
    return nn.functional.embedding(places, states.flatten(0, 1))


def cross_entropy(logits: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """Of logits and probabilities (rows, tokens, labels); rows of zeros count for nothing."""
    scores = nn.functional.log_softmax(logits.float(), dim=-1)
    return -(targets * scores).sum() / targets.sum().clamp(min=1)


class JointTrainer(Trainer):
    """Batches windows of like length, and gives the heads, which begin at random, a learning rate
    that is higher than the encoder's."""

    head_rate = 1.0

    def _get_train_sampler(self, train_dataset: Any = None) -> LengthGroupedSampler:
        windows: Any = train_dataset or self.train_dataset
        batch = self.args.train_batch_size * self.args.gradient_accumulation_steps
        return LengthGroupedSampler(batch, lengths=windows.lengths)

    def create_optimizer(self, model: Any = None) -> torch.optim.Optimizer:
        if self.optimizer is None:
            kind, options = self.get_optimizer_cls_and_kwargs(self.args)
            rate = options.pop("lr")
            trained: Any = self.model
            decayed = set(self.get_decay_parameter_names(trained))
            groups: dict[tuple[bool, bool], list[nn.Parameter]] = {}
            for name, weight in trained.named_parameters():
                if weight.requires_grad:
                    groups.setdefault((".tagger." in name, name in decayed), []).append(weight)
            listed = [
                {
                    "params": weights,
                    "lr": rate if in_encoder else rate * self.head_rate,
                    "weight_decay": self.args.weight_decay if decays else 0.0,
                }
                for (in_encoder, decays), weights in groups.items()
            ]
            self.optimizer = kind(listed, lr=rate, **options)
        return self.optimizer
