"""Base encoders: a local folder, one brought by scripts/fetch_encoder.py, or a name on the hub."""

from __future__ import annotations

import os
from pathlib import Path


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
