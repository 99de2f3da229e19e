"""The joint model in torch: one encoder, read once, and three heads on its states.

The token classifier gives every role (pass one of the two passes). The ownership head stands in
for pass two: given the states around a cue, it gives what that cue owns, as biaffine semantic-role
labellers do (Cai et al., 2018, "A Full End-to-End Semantic Role Labeler"), with a layer of
attention above so that the parts of a span agree. The intent head classifies sentences from the
states of their tokens.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file
from torch import nn
from transformers import AutoModelForTokenClassification, PreTrainedModel

from avowal.inference.labels import LABELS

OWNER_SIZE = 192
OWNER_HEADS = 4
QUERIES = 4
INTENT_SIZE = 256
_PREFIX = "tagger."


class OwnerHead(nn.Module):
    """What a cue owns, from the states around it.

    Args:
        hidden: the size of the encoder's states.
        reach: tokens to either side of a cue from which distance is no longer told apart.
    """

    def __init__(self, hidden: int, reach: int, dropout: float) -> None:
        super().__init__()
        self.reach = reach
        self.token = nn.Linear(hidden, OWNER_SIZE)
        self.cue = nn.Linear(hidden, OWNER_SIZE)
        self.token_factor = nn.Linear(hidden, OWNER_SIZE)
        self.cue_factor = nn.Linear(hidden, OWNER_SIZE)
        self.distance = nn.Embedding(2 * reach + 1, OWNER_SIZE)
        self.before = nn.LayerNorm(OWNER_SIZE)
        self.attention = nn.Linear(OWNER_SIZE, 3 * OWNER_SIZE)
        self.mixed = nn.Linear(OWNER_SIZE, OWNER_SIZE)
        self.between = nn.LayerNorm(OWNER_SIZE)
        self.wide = nn.Linear(OWNER_SIZE, 3 * OWNER_SIZE)
        self.narrow = nn.Linear(3 * OWNER_SIZE, OWNER_SIZE)
        self.after = nn.LayerNorm(OWNER_SIZE)
        self.classifier = nn.Linear(OWNER_SIZE, len(LABELS))
        self.dropout = nn.Dropout(dropout)

    def forward(
        self, states: torch.Tensor, valid: torch.Tensor, distance: torch.Tensor
    ) -> torch.Tensor:
        """Logits (cues, tokens, labels).

        Args:
            states: (cues, tokens, hidden) of the tokens around each cue.
            valid: (cues, tokens) 1 for tokens, 0 for padding.
            distance: (cues, tokens) tokens from the cue: negative before it, 0 in it.
        """
        marked = (distance == 0).to(states.dtype) * valid.to(states.dtype)
        share = marked / marked.sum(dim=1, keepdim=True).clamp(min=1.0)
        cue = torch.matmul(share.unsqueeze(1), states)
        place = distance.clamp(-self.reach, self.reach) + self.reach
        x = self.token(states) + self.cue(cue) + self.distance(place)
        x = x + self.token_factor(states) * self.cue_factor(cue)
        x = self.before(self.dropout(x))
        x = self.between(x + self.dropout(self.mixed(self._attend(x, valid))))
        wide = nn.functional.gelu(self.wide(x))
        x = self.after(x + self.dropout(self.narrow(wide)))
        logits: torch.Tensor = self.classifier(x)
        return logits

    def _attend(self, x: torch.Tensor, valid: torch.Tensor) -> torch.Tensor:
        rows, length, _ = x.shape
        parts = self.attention(x).view(rows, length, 3, OWNER_HEADS, OWNER_SIZE // OWNER_HEADS)
        query, key, value = parts.permute(2, 0, 3, 1, 4).unbind(0)
        scores = torch.matmul(query, key.transpose(-1, -2)) * (OWNER_SIZE // OWNER_HEADS) ** -0.5
        hidden = (1 - valid.to(scores.dtype)).view(rows, 1, 1, length) * -10000.0
        weights = torch.softmax(scores + hidden, dim=-1).to(value.dtype)
        mixed = torch.matmul(weights, value)
        return mixed.transpose(1, 2).reshape(rows, length, OWNER_SIZE)


class IntentHead(nn.Module):
    """Sentence labels from the states of a sentence's tokens, each query pooling its own share."""

    def __init__(self, hidden: int, labels: int, dropout: float) -> None:
        super().__init__()
        self.query = nn.Linear(hidden, QUERIES)
        self.dense = nn.Linear(QUERIES * hidden, INTENT_SIZE)
        self.classifier = nn.Linear(INTENT_SIZE, labels)
        self.dropout = nn.Dropout(dropout)

    def forward(self, states: torch.Tensor, valid: torch.Tensor) -> torch.Tensor:
        """Logits (sentences, labels) from states (sentences, tokens, hidden)."""
        hidden = (1 - valid.to(states.dtype)).unsqueeze(-1) * -10000.0
        weights = torch.softmax((self.query(states) + hidden).float(), dim=1).to(states.dtype)
        pooled = torch.matmul(weights.transpose(1, 2), states)
        dense = nn.functional.gelu(self.dense(self.dropout(pooled.flatten(1))))
        logits: torch.Tensor = self.classifier(self.dropout(dense))
        return logits


class JointNetwork(nn.Module):
    """The encoder with its token classifier (`tagger`), and the two heads."""

    def __init__(self, tagger: PreTrainedModel, intents: int, reach: int) -> None:
        super().__init__()
        self.tagger = tagger
        hidden, dropout = tagger.config.hidden_size, tagger.config.hidden_dropout_prob
        self.owner = OwnerHead(hidden, reach, dropout)
        self.intent = IntentHead(hidden, intents, dropout)

    @classmethod
    def from_pretrained(cls, path: Path | str, intents: int, reach: int) -> JointNetwork:
        """Load a folder that `save_pretrained` wrote, in fp32."""
        tagger: Any = AutoModelForTokenClassification.from_pretrained(
            path, dtype=torch.float32, use_safetensors=True
        )
        network = cls(tagger, intents, reach)
        network.load_heads(path)
        return network

    def load_heads(self, path: Path | str) -> None:
        """Give the heads the weights that they have in a folder."""
        stored = load_file(Path(path) / "model.safetensors")
        heads = {k: v for k, v in stored.items() if k.startswith(("owner.", "intent."))}
        missing = self.load_state_dict(heads, strict=False).missing_keys
        if lost := [name for name in missing if not name.startswith(_PREFIX)]:
            raise ValueError(f"{path}/model.safetensors has no {lost[0]}")

    def save_pretrained(self, folder: Path | str) -> None:
        """Write config.json and model.safetensors; token-classification models can load both."""
        self.tagger.config.save_pretrained(folder)
        weights = {
            name.removeprefix(_PREFIX): value.contiguous()
            for name, value in self.state_dict().items()
        }
        save_file(weights, Path(folder) / "model.safetensors", metadata={"format": "pt"})

    def encode(self, **inputs: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Logits of all roles (rows, tokens, labels), and states (rows, tokens, hidden)."""
        tagger: Any = self.tagger
        states = tagger.base_model(**inputs).last_hidden_state
        return tagger.classifier(tagger.dropout(states)), states
