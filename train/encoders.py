"""Base encoders: a local folder, one brought by scripts/fetch_encoder.py, or a name on the hub."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from avowal.inference.labels import LABELS

if TYPE_CHECKING:
    from transformers import PreTrainedModel, PreTrainedTokenizerFast


def encoder_cache() -> Path:
    """Where `scripts/fetch_encoder.py` puts encoders: AVOWAL_ENCODERS, else the user's cache."""
    named = os.environ.get("AVOWAL_ENCODERS")
    return Path(named) if named else Path.home() / ".cache" / "avowal" / "encoders"


def find_encoder(name: str) -> str:
    """The local folder of an encoder where there is one, else `name` for the hub to resolve.

    Raises:
        FileNotFoundError: for the model of an earlier run that is not there.
    """
    if Path(name).is_dir():
        return name
    cached = encoder_cache() / name.rpartition("/")[2]
    if cached.is_dir():
        return str(cached)
    if name.startswith("runs/"):
        raise FileNotFoundError(
            f"no model at {name}: it is made by a run of its own, so first train "
            f"configs/{name.removeprefix('runs/')}.yaml"
        )
    return name


def load_tokenizer(path: str) -> PreTrainedTokenizerFast:
    """The tokenizer of the encoder at `path`.

    Raises:
        ValueError: where it has none that gives offsets.
    """
    from transformers import AutoTokenizer, PreTrainedTokenizerFast

    tokenizer = AutoTokenizer.from_pretrained(path)
    if not isinstance(tokenizer, PreTrainedTokenizerFast):
        raise ValueError(f"the encoder {path} has no fast tokenizer, which is needed for offsets")
    return tokenizer


def attention(use_cpu: bool) -> str | None:
    """How attention is computed in training; None leaves it to transformers.

    On a processor the backward pass of the fused form takes a third of a training step, and two
    matrix products in bf16 do the same in a fraction of it.
    """
    return "eager" if use_cpu else None


def load_tagger(
    path: str, hidden_dropout: float, attention_dropout: float, *, use_cpu: bool
) -> Any:
    """The encoder at `path` in fp32, as a token classifier over the labels of attribution."""
    import torch
    from transformers import AutoModelForTokenClassification

    return AutoModelForTokenClassification.from_pretrained(
        path,
        dtype=torch.float32,  # a shipped model holds its weights in half precision
        num_labels=len(LABELS),
        id2label=dict(enumerate(LABELS)),
        label2id={label: index for index, label in enumerate(LABELS)},
        hidden_dropout_prob=hidden_dropout,
        attention_probs_dropout_prob=attention_dropout,
        attn_implementation=attention(use_cpu),
    )


def keep_word_embeddings(model: PreTrainedModel, folder: str) -> None:
    """Give `model` the word embeddings of another model of the same vocabulary, and freeze them.

    Half of a small encoder's weights are word embeddings. Where each release keeps those of the one
    before it, a clone's history grows by half as much, and a training step on a processor is a
    fifth shorter.

    Args:
        folder: a model folder, or the name of an encoder that `find_encoder` finds here.

    Raises:
        ValueError: where the two do not have one shape.
    """
    import torch
    from safetensors.torch import load_file

    weight = model.get_input_embeddings().weight
    assert isinstance(weight, torch.Tensor)
    path = Path(find_encoder(folder)) / "model.safetensors"
    if not path.is_file():
        raise FileNotFoundError(f"no {path}: scripts/fetch_encoder.py brings the base encoders")
    stored = load_file(path)
    name = next((key for key in stored if key.endswith("embeddings.word_embeddings.weight")), None)
    if name is None or stored[name].shape != weight.shape:
        raise ValueError(f"{folder} has no word embeddings of the shape {tuple(weight.shape)}")
    with torch.no_grad():
        weight.copy_(stored[name])
    weight.requires_grad_(False)
