"""A trained model made ready to ship: int8 ONNX to score with, fp16 safetensors for others."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from transformers import (
    AutoModelForSequenceClassification,
    AutoModelForTokenClassification,
    PreTrainedModel,
)

from avowal.inference.joint_network import JointNetwork
from avowal.inference.model_folder import HEADS, JOINT, ONNX, WEIGHTS, ModelFolder, open_model
from avowal.train.padding_mask import branch_on_padding

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
    if source.task == JOINT:
        write_joint(source, target)
    if source.task not in KINDS:
        return target
    loaded = KINDS[source.task].from_pretrained(source.path, dtype=torch.float32).eval()
    _write_onnx(loaded, source, target / ONNX)
    loaded.half().save_pretrained(target)
    return target


def _write_onnx(model: PreTrainedModel, source: ModelFolder, target: Path) -> None:
    by_token = source.task == "attribution"
    axes = {0: "batch", 1: "tokens"} if by_token else {0: "batch"}
    _write_encoder(model, lambda **inputs: model(**inputs).logits, {"logits": axes}, target)


def _write_encoder(
    model: PreTrainedModel,
    function: Callable[..., Any],
    outputs: Mapping[str, dict[int, str]],
    target: Path,
) -> None:
    """Write the graph of `trace_encoder` as it ships."""
    with tempfile.TemporaryDirectory() as scratch:
        full = Path(scratch) / "model.onnx"
        trace_encoder(model, function, outputs, full)
        quantize(full, target)
    branch_on_padding(target)


def trace_encoder(
    model: PreTrainedModel,
    function: Callable[..., Any],
    outputs: Mapping[str, dict[int, str]],
    target: Path,
) -> None:
    """Write the ONNX graph of what `function` computes with `model` from token ids and mask.

    Args:
        outputs: the names of what it returns, with their axes of any length.
    """
    names = ["input_ids", "attention_mask"]
    if getattr(model.config, "type_vocab_size", 0) > 1:
        names.append("token_type_ids")
    # The mask's path through scaled-dot-product attention is not one that the tracer can follow.
    model.set_attn_implementation("eager")
    trace(
        model,
        lambda *inputs: function(**dict(zip(names, inputs, strict=True))),
        {name: torch.ones((2, 8), dtype=torch.long) for name in names},
        {name: {0: "batch", 1: "tokens"} for name in names} | dict(outputs),
        target,
    )


def trace(
    module: torch.nn.Module,
    function: Callable[..., Any],
    example: Mapping[str, torch.Tensor],
    axes: Mapping[str, dict[int, str]],
    target: Path,
) -> None:
    """Write the ONNX graph of a function of tensors by position.

    Args:
        module: what holds the weights that `function` uses.
        example: its inputs, by name and in order.
        axes: the axes of any length, of every input and then of every output.
    """
    torch.onnx.export(
        _Function(module, function),
        tuple(example.values()),
        str(target),
        input_names=list(example),
        output_names=[name for name in axes if name not in example],
        dynamic_axes=dict(axes),
        opset_version=OPSET,
        dynamo=False,
    )


def quantize(full: Path, target: Path) -> None:
    """Write a graph with the weights of its matrix products and embeddings in int8."""
    target.parent.mkdir(parents=True, exist_ok=True)
    quantize_dynamic(full, target, weight_type=QuantType.QInt8, per_channel=True)


class _Function(torch.nn.Module):
    """A function of a module's weights as a module, which is what the tracer takes."""

    def __init__(self, module: torch.nn.Module, function: Callable[..., Any]) -> None:
        super().__init__()
        self.module = module
        self.function = function

    def forward(self, *inputs: torch.Tensor) -> Any:
        return self.function(*inputs)


def write_joint(source: ModelFolder, target: Path) -> None:
    """A joint model as fp16 safetensors and ONNX: encoder and owners in int8, intents in fp32."""
    reach = int(source.setting("cue_window"))
    network = JointNetwork.from_pretrained(source.path, len(source.setting("intents")), reach)
    network.eval()
    network.tagger.config.save_pretrained(target)
    by_token = {0: "batch", 1: "tokens"}
    outputs = {"logits": by_token, "states": by_token}
    _write_encoder(network.tagger, network.encode, outputs, target / ONNX)
    states = {
        "states": torch.ones((2, 8, network.tagger.config.hidden_size)),
        "valid": torch.ones((2, 8), dtype=torch.long),
    }
    owner = states | {"distance": torch.zeros((2, 8), dtype=torch.long)}
    axes = dict.fromkeys((*owner, "logits"), by_token)
    with tempfile.TemporaryDirectory() as scratch:
        full = Path(scratch) / "owner.onnx"
        trace(network.owner, network.owner, owner, axes, full)
        quantize(full, target / HEADS["owner"])
    axes = dict.fromkeys(states, by_token) | {"logits": {0: "batch"}}
    trace(network.intent, network.intent, states, axes, target / HEADS["intent"])
    network.half().save_pretrained(target)
