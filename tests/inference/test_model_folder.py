"""`avowal.inference.model_folder` and `.loading`: which folders are models, and what is wrong."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from scripted_models import VOCABULARY, write_folder

import avowal
from avowal.inference.labels import LABELS
from avowal.inference.loading import find_models
from avowal.inference.model_folder import ModelError, open_model


def rewrite(path: Path, **fields: Any) -> None:
    path.write_text(json.dumps({**json.loads(path.read_text()), **fields}))


# --- one folder -----------------------------------------------------------------------------


def test_a_model_folder_is_read(tmp_path: Path) -> None:
    folder = open_model(write_folder(tmp_path / "model", "attribution").path, "attribution")
    assert folder.task == "attribution"
    assert folder.labels() == LABELS
    assert folder.setting("window") == 48
    assert folder.onnx_path is None
    assert folder.special_tokens() == {"start": "[CLS]", "end": "[SEP]", "pad": "[PAD]"}
    assert folder.tokenizer().get_vocab() == VOCABULARY


def test_the_onnx_file_is_found(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "model", "intent")
    (folder.path / "onnx").mkdir()
    (folder.path / "onnx" / "model_quantized.onnx").touch()
    assert folder.onnx_path == folder.path / "onnx" / "model_quantized.onnx"


def test_a_missing_folder_is_no_model(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="no model folder"):
        open_model(tmp_path / "nowhere")


@pytest.mark.parametrize(
    "name", ["avowal.json", "config.json", "tokenizer.json", "tokenizer_config.json"]
)
def test_a_missing_file_is_named(tmp_path: Path, name: str) -> None:
    folder = write_folder(tmp_path / "model", "intent")
    (folder.path / name).unlink()
    with pytest.raises(ModelError, match=f"not an avowal model: it has no {name}"):
        open_model(folder.path)


def test_a_model_of_another_task_is_refused(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "model", "intent")
    with pytest.raises(ModelError, match="a model for intent, and one for attribution is needed"):
        open_model(folder.path, "attribution")


@pytest.mark.parametrize("content", ["{", "[]", "null", "\udcff"])
def test_broken_settings_are_named(tmp_path: Path, content: str) -> None:
    folder = write_folder(tmp_path / "model", "intent")
    (folder.path / "avowal.json").write_bytes(content.encode("utf-8", "surrogateescape"))
    with pytest.raises(ModelError, match=r"avowal\.json"):
        open_model(folder.path)


def test_an_unknown_task_is_named(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "model", "intent")
    rewrite(folder.path / "avowal.json", task="sentiment")
    with pytest.raises(ModelError, match="no known task: 'sentiment'"):
        open_model(folder.path)


@pytest.mark.parametrize("names", [None, {"1": "threat"}, ["threat"]])
def test_labels_that_are_not_numbered_are_refused(tmp_path: Path, names: object) -> None:
    folder = write_folder(tmp_path / "model", "intent")
    rewrite(folder.path / "config.json", id2label=names)
    with pytest.raises(ModelError, match="id2label"):
        open_model(folder.path).labels()


def test_a_missing_setting_or_token_is_named(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "model", "intent")
    with pytest.raises(ModelError, match=r"avowal\.json has no 'window'"):
        folder.setting("window")
    rewrite(folder.path / "tokenizer_config.json", pad_token=None)
    with pytest.raises(ModelError, match="names no pad_token"):
        folder.special_tokens()


def test_a_broken_tokenizer_is_named(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "model", "intent")
    (folder.path / "tokenizer.json").write_text("{}")
    with pytest.raises(ModelError, match=r"tokenizer\.json is not a tokenizer"):
        folder.tokenizer()


# --- a name or a folder of both -------------------------------------------------------------


def test_a_folder_of_both_models_is_found(tmp_path: Path) -> None:
    for task in ("attribution", "intent"):
        write_folder(tmp_path / f"my-{task}", task)
    (tmp_path / "notes.txt").touch()
    assert {task: f.task for task, f in find_models(tmp_path).items()} == {
        "attribution": "attribution",
        "intent": "intent",
    }


def test_one_models_folder_is_that_model_alone(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "model", "intent")
    assert list(find_models(folder.path)) == ["intent"]
    with pytest.raises(ModelError, match="holds no model for attribution"):
        avowal.load(folder.path)


def test_two_models_of_a_task_are_refused(tmp_path: Path) -> None:
    for name in ("one", "two"):
        write_folder(tmp_path / name, "intent")
    with pytest.raises(ModelError, match="two models for intent"):
        find_models(tmp_path)


def test_a_folder_of_no_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="not an avowal model and holds none"):
        avowal.load(tmp_path)


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(FileNotFoundError, match="no model 'enormous'"):
        avowal.load("enormous")
