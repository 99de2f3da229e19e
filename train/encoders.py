"""Base encoders: a local folder, one brought by scripts/fetch_encoder.py, or a name on the hub."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerFast


def encoder_cache() -> Path:
    """Where `scripts/fetch_encoder.py` puts encoders: AVOWAL_ENCODERS, else the user's cache."""
    named = os.environ.get("AVOWAL_ENCODERS")
    return Path(named) if named else Path.home() / ".cache" / "avowal" / "encoders"


def find_encoder(name: str) -> str:
    """The local folder of an encoder where there is one, else `name` for the hub to resolve."""
    if Path(name).is_dir():
        return name
    cached = encoder_cache() / name.rpartition("/")[2]
    return str(cached) if cached.is_dir() else name


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
