"""Export a joint or intent model, or the mean of several, fitted as it is exported.

    python scripts/export_fitted.py CONFIG OUT runs/joint-mini
    python scripts/export_fitted.py CONFIG OUT runs/joint-mini=0.7 runs/joint-other=0.3

`avowal export` keeps what was fitted in full precision; here calibration is fitted in int8, on the
config's dev data, and a joint model's decoding on the articles that it holds back. Weights of runs
that began at the same model can be averaged (Wortsman et al., 2022, "Model soups").
"""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path
from typing import Any

from avowal.inference.attribution import Attributor
from avowal.inference.intent import IntentModel
from avowal.inference.joint import JointIntent, JointModel
from avowal.inference.joint_runtime import open_joint_runtime
from avowal.inference.model_folder import SETTINGS, open_model
from avowal.inference.runtime import open_runtime
from avowal.train.averaging import add_shares, write_mean
from avowal.train.card import write_card
from avowal.train.configuration import read_config
from avowal.train.corpora import held_back, read_articles
from avowal.train.export import export
from avowal.train.intent import TASK as INTENT
from avowal.train.intent_calibration import fitted_intents
from avowal.train.joint import JointArguments, fitted
from avowal.train.json_files import write_json

METRICS = "metrics.json"


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("config", help="that of the training run")
    parser.add_argument("out", type=Path, help="new folder")
    add_shares(parser)
    arguments = parser.parse_args()
    shares = dict(arguments.shares)
    with tempfile.TemporaryDirectory() as scratch:
        mean = Path(scratch) / "mean"
        try:
            write_mean(shares, mean)
        except (ValueError, FileNotFoundError) as error:
            parser.error(str(error))
        export(mean, arguments.out)
    settings, figures = fitted_to(arguments.out, arguments.config)
    write_json(arguments.out / SETTINGS, settings)
    metrics = json.loads((arguments.out / METRICS).read_bytes())
    # What one run was cross-validated at is no figure of a mean.
    metrics["held_back"] = (metrics["held_back"] if len(shares) == 1 else {}) | figures
    write_json(arguments.out / METRICS, metrics)
    write_card(arguments.out, metrics["config"], metrics["held_back"], metrics["config_file"])
    print(f"model: {arguments.out}")


def fitted_to(folder: Path, config: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """The exported model's settings, with decoding and calibration fitted to it, and figures."""
    fields = read_config(Path(config))
    dev = list(read_articles(fields["dev_data"], None))
    opened = open_model(folder)
    if opened.task == INTENT:
        classifier = IntentModel(opened, open_runtime(opened, "cpu"))
        found, figures = fitted_intents(classifier, dev)
        return opened.settings | found, figures
    share = fields.get("held_back", JointArguments.held_back)
    aside = [a for a in read_articles(fields["train_data"], None) if held_back(a.id, share)]
    attributor = Attributor(opened, open_joint_runtime(opened, "cpu"))
    assert isinstance(attributor.model, JointModel)
    intent = JointIntent(opened, attributor.model)
    found, figures = fitted(attributor, intent, aside, dev)
    return opened.settings | found, figures


if __name__ == "__main__":
    main()
