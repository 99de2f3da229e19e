"""Five-fold figures on PLV of the mean of several intent runs: in each fold, of their models' mean.

    python scripts/evaluate_folds.py CONFIG runs/intent-mini=0.5 runs/intent-mini-2=0.5

The runs are finished ones of the same config with `dev_data` and the same folds. Prints F1 of root
codes, and of threat and sanction, not calibrated, in percent.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from avowal.inference.intent import IntentModel
from avowal.inference.model_folder import open_model
from avowal.inference.runtime import TorchRuntime
from avowal.train.averaging import add_shares, write_mean
from avowal.train.checkpoints import RUN
from avowal.train.configuration import parse_config, read_config
from avowal.train.encoders import find_encoder, load_tokenizer
from avowal.train.intent import (
    LABELS,
    UNCALIBRATED,
    IntentArguments,
    drawn_by,
    held_out,
    splits,
)
from avowal.train.intent_data import read_examples
from avowal.train.intent_metrics import intent_figures
from avowal.train.intent_teaching import differing


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("config", type=Path, help="that of the runs")
    add_shares(parser)
    arguments = parser.parse_args()
    shares = dict(arguments.shares)
    fields = read_config(arguments.config) | {"use_cpu": True}
    intent, training = parse_config(fields, IntentArguments, str(arguments.config))
    if not (intent.dev_data and intent.plover and intent.folds):
        parser.error(f"{arguments.config} needs plover, folds, and dev_data beside them")
    drawn = drawn_by(intent, training)
    for run in shares:
        if not (run / RUN).is_file():
            parser.error(f"{run} is no folder of a run: it has no {RUN}")
        if others := differing(json.loads((run / RUN).read_bytes()), drawn):
            parser.error(f"{run} has other folds than the config: {', '.join(others)} differ")
    tokenizer = load_tokenizer(find_encoder(intent.encoder))
    examples = read_examples(replace(intent, teacher=None), tokenizer, "cpu")
    held = [examples[index] for index in held_out(examples, dev=True)]
    scores = np.zeros((len(held), len(LABELS)))
    for fold, (_, tested) in enumerate(splits(held, intent.folds, training.seed)):
        models = {run / "folds" / str(fold): share for run, share in shares.items()}
        try:
            scores[tested] = answers(models, [held[index].text for index in tested])
        except (ValueError, FileNotFoundError) as error:
            parser.error(str(error))
    for name, figures in intent_figures(held, scores, UNCALIBRATED).items():
        f1 = figures.get("f1", figures.get("macro_f1"))
        print(f"{name:20} {f1:.1f}")


def answers(models: dict[Path, float], texts: Sequence[str]) -> NDArray[np.float32]:
    """Raw scores (texts, labels) of the mean of `models`, of each text as one sentence."""
    with tempfile.TemporaryDirectory() as scratch:
        mean = Path(scratch) / "mean"
        write_mean(models, mean)
        folder = open_model(mean)
        model = IntentModel(folder, TorchRuntime(folder, "cpu"))
        found = model.logits(texts, [[(0, len(text))] for text in texts])
    return np.concatenate(found)


if __name__ == "__main__":
    main()
