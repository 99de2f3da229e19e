"""A trained model made ready to ship: int8 ONNX to score with, fp16 safetensors for others."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Any

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from transformers import (
    AutoModelForSequenceClassification,
    AutoModelForTokenClassification,
    PreTrainedModel,
)

from avowal.inference.model_folder import ONNX, WEIGHTS, ModelFolder, open_model

KINDS: dict[str, Any] = {
    "attribution": AutoModelForTokenClassification,
    "intent": AutoModelForSequenceClassification,
}
COPIED = (
    "avowal.json",
    "metrics.json",
    "special_tokens_map.json",
    "tokenizer.json",
    "tokenizer_config.json",
    "vocab.txt",
    WEIGHTS,
)
OPSET = 17


def export(model: Path | str, out: Path | str) -> Path:
    """Write the model folder `out` from the trained one `model`.

    Weights are stored as fp16 safetensors and as `onnx/model_quantized.onnx`, with the weights of
    all matrix products and embeddings in int8 (dynamic quantization, a scale for each channel).
    A speaker model, which has no encoder, is copied.

    Raises:
        ModelError: where `model` is no avowal model.
    """
    source, target = open_model(model), Path(out)
    if target.resolve() == source.path.resolve():
        raise ValueError(f"{out} is the trained model itself; export it to another folder")
    target.mkdir(parents=True, exist_ok=True)
    for name in (*COPIED, "README.md"):
        if (source.path / name).is_file():
            shutil.copyfile(source.path / name, target / name)
    if source.task not in KINDS:
        return target
    loaded = KINDS[source.task].from_pretrained(source.path, dtype=torch.float32).eval()
    _write_onnx(loaded, source, target / ONNX)
    loaded.half().save_pretrained(target)
    return target


def _write_onnx(model: PreTrainedModel, source: ModelFolder, target: Path) -> None:
    names = ["input_ids", "attention_mask"]
    if getattr(model.config, "type_vocab_size", 0) > 1:
        names.append("token_type_ids")
    example = {name: torch.ones((2, 8), dtype=torch.long) for name in names}
    # The mask's path through scaled-dot-product attention is not one that the tracer can follow.
    model.set_attn_implementation("eager")
    by_token = source.task == "attribution"
    axes = {name: {0: "batch", 1: "tokens"} for name in names}
    axes["logits"] = {0: "batch", 1: "tokens"} if by_token else {0: "batch"}
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        full = Path(scratch) / "model.onnx"
        torch.onnx.export(
            _Logits(model, names),
            tuple(example.values()),
            str(full),
            input_names=names,
            output_names=["logits"],
            dynamic_axes=axes,
            opset_version=OPSET,
            dynamo=False,
        )
        quantize_dynamic(full, target, weight_type=QuantType.QInt8, per_channel=True)


class _Logits(torch.nn.Module):
    """A model as a function of its inputs by position, which is what the tracer takes."""

    def __init__(self, model: PreTrainedModel, names: list[str]) -> None:
        super().__init__()
        self.model = model
        self.names = names

    def forward(self, *inputs: torch.Tensor) -> torch.Tensor:
        logits: torch.Tensor = self.model(**dict(zip(self.names, inputs, strict=True))).logits
        return logits
