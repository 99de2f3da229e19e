"""Which checkpoint a run goes on from, and that it was made by the same run."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from transformers import TrainingArguments
from transformers.trainer_utils import get_last_checkpoint

from avowal.train.json_files import write_json

RUN = "run.json"
# What may change between two starts of one run, since no weight depends on it.
_FREE = ("resume_from_checkpoint", "output_dir", "report_to", "save_total_limit", "data_dir")


def last_checkpoint(training: TrainingArguments) -> str | None:
    """What `resume_from_checkpoint` names; ``true`` means the last in `output_dir`, if any."""
    named = str(training.resume_from_checkpoint or "false")
    if named.lower() == "false":
        return None
    if named.lower() == "true":
        folder = str(training.output_dir)
        if not Path(folder).is_dir():
            return None
        found: str | None = get_last_checkpoint(folder)  # type: ignore[no-untyped-call]
        return found
    return named


def claim(folder: Path, fields: Mapping[str, Any], *, resumed: bool) -> None:
    """Note in `folder` what its checkpoints are made with, before the first of them is.

    Raises:
        ValueError: where a run is to go on from checkpoints made with other fields.
    """
    path = folder / RUN
    kept = {
        name: value
        for name, value in json.loads(json.dumps(fields)).items()
        if name not in _FREE and not name.startswith("logging_")
    }
    if resumed and path.is_file():
        before = json.loads(path.read_text(encoding="utf-8"))
        changed = sorted(name for name in {*kept, *before} if kept.get(name) != before.get(name))
        if changed:
            raise ValueError(
                f"{folder} holds a run with another {', '.join(changed)}: delete the folder, or "
                "give this run an output_dir of its own"
            )
    folder.mkdir(parents=True, exist_ok=True)
    write_json(path, kept)
