"""One training run, from a config to a finished model folder."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from transformers import set_seed

from avowal.train import attribution, intent
from avowal.train.configuration import parse_config, read_config

TASKS: dict[str, tuple[Any, Any]] = {
    attribution.TASK: (attribution.AttributionArguments, attribution.run),
    intent.TASK: (intent.IntentArguments, intent.run),
}


def train(config: Path | str, overrides: Sequence[str] = ()) -> Path:
    """Train as `config` says and leave a finished model folder at its `output_dir`.

    Returns:
        The model folder: safetensors, config with label names, tokenizer, avowal.json,
        metrics.json.

    Raises:
        ValueError: for an unknown task, field or value, naming the config.
    """
    fields = read_config(config, overrides)
    task = TASKS.get(fields.get("task", ""))
    if task is None:
        raise ValueError(f"{config}: `task` is one of {', '.join(TASKS)}")
    # bf16 on a processor alone has to be asked for; where there is a GPU it is used.
    fields.setdefault("use_cpu", not torch.accelerator.is_available())
    kind, run = task
    arguments, training = parse_config(fields, kind, str(config))
    set_seed(training.seed)
    result = run(arguments, training)
    folder = Path(str(training.output_dir))
    if training.process_index == 0:
        _write(folder / "avowal.json", {"task": fields["task"], **result["settings"]})
        _write(folder / "metrics.json", {"held_back": result["figures"], "config": fields})
    return folder


def _write(path: Path, value: dict[str, Any]) -> None:
    path.write_text(json.dumps(value, indent=2, default=str) + "\n", encoding="utf-8")
