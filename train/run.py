"""One training run, from a config to a finished model folder."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from transformers import set_seed

from avowal.inference.model_folder import SETTINGS
from avowal.train import attribution, intent, joint, speaker
from avowal.train.card import write_card
from avowal.train.checkpoints import claim
from avowal.train.configuration import parse_config, read_config
from avowal.train.hub import HubRepository
from avowal.train.json_files import write_json

TASKS: dict[str, tuple[Any, Any]] = {
    attribution.TASK: (attribution.AttributionArguments, attribution.run),
    intent.TASK: (intent.IntentArguments, intent.run),
    joint.TASK: (joint.JointArguments, joint.run),
    speaker.TASK: (speaker.SpeakerArguments, speaker.run),
}


def train(config: Path | str, overrides: Sequence[str] = ()) -> Path:
    """Train as `config` says and leave a finished model folder at its `output_dir`.

    Returns:
        The model folder: safetensors, config with label names, tokenizer, avowal.json,
        metrics.json; of a speaker model weights.json, avowal.json, metrics.json.

    Raises:
        ValueError: for an unknown task, field or value, naming the config; for a run that is to go
            on from the checkpoints of another.
        RuntimeError: where it is to be pushed to the hub and the hub does not let this user.
    """
    fields = read_config(config, overrides)
    task = TASKS.get(str(fields.get("task")))
    if task is None:
        raise ValueError(f"{config}: `task` is one of {', '.join(TASKS)}")
    # bf16 on a processor alone has to be asked for; where there is a GPU it is used.
    fields.setdefault("use_cpu", not torch.accelerator.is_available())
    kind, run = task
    hub = HubRepository.taken_from(fields)
    arguments, training = parse_config(fields, kind, str(config))
    set_seed(training.seed)
    folder = Path(str(training.output_dir))
    if training.process_index == 0:
        resumed = str(training.resume_from_checkpoint or "false").lower() == "true"
        claim(folder, fields, resumed=resumed)
        if hub is not None:
            hub.open()
    result = run(arguments, training)
    if training.process_index == 0:
        write_json(folder / SETTINGS, {"task": fields["task"], **result["settings"]})
        write_json(
            folder / "metrics.json",
            {"held_back": result["figures"], "config": fields, "config_file": str(config)},
        )
        # The trainer's own record is a pickle, and the config above says the same.
        (folder / "training_args.bin").unlink(missing_ok=True)
        write_card(folder, fields, result["figures"], str(config))
        if hub is not None:
            print(f"pushed: {hub.push(folder)}")
    return folder
