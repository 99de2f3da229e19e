"""Which checkpoint a run goes on from."""

from __future__ import annotations

from pathlib import Path

from transformers import TrainingArguments
from transformers.trainer_utils import get_last_checkpoint


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
