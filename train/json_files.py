"""JSON files beside a model."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any


def write_json(path: Path, value: Mapping[str, Any]) -> None:
    """Write `value` for people to read; what JSON has no type for becomes its text."""
    path.write_text(json.dumps(value, indent=2, default=str) + "\n", encoding="utf-8")
