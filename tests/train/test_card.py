"""A card of a run from a model that was exported over its own encoder."""

import json
from pathlib import Path

from avowal.train.card import write_card


def test_a_model_exported_over_its_encoder_is_named_once(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    for folder in (first, second):
        folder.mkdir()
    fields = {"task": "intent", "encoder": str(first), "train_data": []}
    record = {"config": fields, "config_file": "configs/first.yaml"}
    (first / "metrics.json").write_text(json.dumps(record), encoding="utf-8")
    write_card(second, fields, {}, "configs/second.yaml")
    card = (second / "README.md").read_text(encoding="utf-8").splitlines()
    commands = [line.strip() for line in card if "avowal train" in line]
    assert commands == ["avowal train configs/first.yaml", "avowal train configs/second.yaml"]
