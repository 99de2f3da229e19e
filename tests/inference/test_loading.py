"""`avowal.inference.loading`: what is read of the models, and how often."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from scripted_models import scripted_runtime, write_folder

from avowal.inference.loading import load
from avowal.inference.model_folder import ModelFolder


@pytest.mark.parametrize("same", [True, False])
def test_a_tokenizer_is_read_once_where_both_models_have_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, same: bool
) -> None:
    monkeypatch.setattr("avowal.inference.loading.open_runtime", scripted_runtime)
    for task in ("attribution", "intent"):
        write_folder(tmp_path / task, task)
    path = tmp_path / "intent" / "tokenizer.json"
    if not same:
        tokenizer = json.loads(path.read_bytes())
        tokenizer["model"]["vocab"]["strikes"] = len(tokenizer["model"]["vocab"])
        path.write_text(json.dumps(tokenizer))
    read = []
    tokenizer_of = ModelFolder.tokenizer

    def noted(folder: ModelFolder) -> object:
        read.append(folder.task)
        return tokenizer_of(folder)

    monkeypatch.setattr(ModelFolder, "tokenizer", noted)
    scorer = load(tmp_path)
    assert read == (["attribution"] if same else ["attribution", "intent"])
    [article] = scorer.score(["Ana warned of a strike."])
    assert [s.cue.text for s in article.statements if s.cue] == ["warned"]
