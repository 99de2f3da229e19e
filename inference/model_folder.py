"""A model folder on disk: what must lie in it, and what its `avowal.json` says."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from avowal.inference.windows import read_whole

if TYPE_CHECKING:
    from tokenizers import Tokenizer

SETTINGS = "avowal.json"
JOINT = "joint"  # the task of a model that gives both attributions and intents
ONNX = Path("onnx") / "model_quantized.onnx"
HEADS = {name: Path("onnx") / f"{name}.onnx" for name in ("owner", "intent")}  # of a joint model
WEIGHTS = "weights.json"  # of a speaker model
_ENCODER_FILES = ("config.json", "tokenizer.json", "tokenizer_config.json")
_FILES = {
    "attribution": _ENCODER_FILES,
    "intent": _ENCODER_FILES,
    JOINT: _ENCODER_FILES,
    "speaker": (WEIGHTS,),
}


class ModelError(ValueError):
    """A folder is not a model that avowal can use; the message names the folder and the remedy."""


@dataclass(frozen=True, slots=True)
class ModelFolder:
    """A folder that holds one trained model.

    Attributes:
        task: ``"attribution"``, ``"intent"``, ``"joint"`` or ``"speaker"``.
        settings: the content of `avowal.json`.
        config: the content of `config.json`, as transformers wrote it; a speaker model has none.
    """

    path: Path
    task: str
    settings: dict[str, Any]
    config: dict[str, Any]

    @property
    def onnx_path(self) -> Path | None:
        """The int8 ONNX file, if the folder has one."""
        path = self.path / ONNX
        return path if path.is_file() else None

    def labels(self) -> tuple[str, ...]:
        """The names of the model's outputs, in order."""
        names = self.config.get("id2label")
        if not isinstance(names, dict) or set(names) != {str(i) for i in range(len(names))}:
            raise ModelError(f"{self.path}/config.json numbers no labels in id2label")
        return tuple(names[str(index)] for index in range(len(names)))

    def setting(self, name: str) -> Any:
        """A setting that a model of this task must have."""
        if name not in self.settings:
            raise ModelError(f"{self.path}/{SETTINGS} has no {name!r}")
        return self.settings[name]

    @property
    def tokenizer_path(self) -> Path:
        return self.path / "tokenizer.json"

    def tokenizer(self) -> Tokenizer:
        """The tokenizer, set as `avowal.inference.windows.tokenize` needs it."""
        from tokenizers import Tokenizer

        path = self.tokenizer_path
        try:
            tokenizer = Tokenizer.from_file(str(path))
        except Exception as error:  # it raises nothing narrower
            raise ModelError(f"{path} is not a tokenizer: {error}") from error
        read_whole(tokenizer)
        return tokenizer

    def special_tokens(self) -> dict[str, str]:
        """The start, end and padding tokens that the model's tokenizer names."""
        named = _read_json(self.path / "tokenizer_config.json")
        tokens = {}
        for key, name in (("start", "cls_token"), ("end", "sep_token"), ("pad", "pad_token")):
            value = named.get(name)
            token = value.get("content") if isinstance(value, dict) else value
            if not isinstance(token, str):
                raise ModelError(f"{self.path}/tokenizer_config.json names no {name}")
            tokens[key] = token
        return tokens


def open_model(path: Path | str, task: str | None = None) -> ModelFolder:
    """Read a model folder's settings; no weights are loaded and no code of it is run.

    Raises:
        FileNotFoundError: where `path` is not a folder.
        ModelError: where it holds no avowal model, or one of another task than `task`.
    """
    path = Path(path)
    if not path.is_dir():
        raise FileNotFoundError(f"no model folder at {path}")
    _need(path, SETTINGS)
    settings = _read_json(path / SETTINGS)
    found = settings.get("task")
    if not isinstance(found, str) or found not in _FILES:
        raise ModelError(f"{path}/{SETTINGS} names no known task: {found!r}")
    for name in _FILES[found]:
        _need(path, name)
    if task is not None and found != task:
        raise ModelError(f"{path} is a model for {found}, and one for {task} is needed here")
    config = _read_json(path / "config.json") if "config.json" in _FILES[found] else {}
    return ModelFolder(path, found, settings, config)


def _need(path: Path, name: str) -> None:
    if not (path / name).is_file():
        raise ModelError(
            f"{path} is not an avowal model: it has no {name} (a folder that `avowal train` "
            "or `avowal export` wrote has one)"
        )


def _read_json(path: Path) -> dict[str, Any]:
    try:
        value = json.loads(path.read_bytes())
    except ValueError as error:
        raise ModelError(f"{path} is not JSON: {error}") from error
    if not isinstance(value, dict):
        raise ModelError(f"{path} does not hold a JSON object")
    return value
