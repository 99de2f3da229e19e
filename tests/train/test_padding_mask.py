"""`avowal.train.padding_mask`: the same answers as before, with padding and without."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
import pytest
import torch
from transformers import BertConfig, BertForTokenClassification, MPNetConfig
from transformers import MPNetForTokenClassification as MPNetTagger

from avowal.train.export import trace_encoder
from avowal.train.padding_mask import branch_on_padding

SIZES: dict[str, Any] = {
    "vocab_size": 50,
    "hidden_size": 32,
    "num_attention_heads": 4,
    "intermediate_size": 48,
    "initializer_range": 0.3,
}


def answers(path: Path, mask: list[list[int]]) -> np.ndarray[Any, Any]:
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    ids = np.random.default_rng(0).integers(5, 50, (2, 6))
    feed = {
        "input_ids": ids,
        "attention_mask": np.array(mask),
        "token_type_ids": np.zeros_like(ids),
    }
    asked = {node.name: feed[node.name] for node in session.get_inputs()}
    return np.asarray(session.run(None, asked)[0])


@pytest.mark.parametrize("layers", [1, 3])
@pytest.mark.parametrize(
    ("kind", "config"), [(BertForTokenClassification, BertConfig), (MPNetTagger, MPNetConfig)]
)
def test_answers_stay_what_they_are(kind: Any, config: Any, layers: int, tmp_path: Path) -> None:
    torch.manual_seed(1)
    model = kind(config(num_hidden_layers=layers, **SIZES)).eval()
    path, axes = tmp_path / "model.onnx", {0: "batch", 1: "tokens"}
    trace_encoder(model, lambda **inputs: model(**inputs).logits, {"logits": axes}, path)
    whole, padded = [[1] * 6, [1] * 6], [[1] * 6, [1] * 3 + [0] * 3]
    before = answers(path, whole), answers(path, padded)
    assert np.abs(before[0][1, :3] - before[1][1, :3]).max() > 1e-3  # the mask hides something
    branch_on_padding(path)
    kinds = [node.op_type for node in onnx.load(path).graph.node]
    assert (kinds.count("If"), kinds.count("Softmax")) == (layers, 0)
    for mask, answer in zip((whole, padded), before, strict=True):
        assert np.abs(answers(path, mask) - answer).max() < 1e-5


def test_a_graph_without_attention_is_refused(tmp_path: Path) -> None:
    values = [
        onnx.helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, [2]) for name in ("a", "b")
    ]
    node = onnx.helper.make_node("Softmax", ["a"], ["b"])
    model = onnx.helper.make_model(onnx.helper.make_graph([node], "plain", values[:1], values[1:]))
    path = tmp_path / "model.onnx"
    onnx.save(model, path)
    with pytest.raises(ValueError, match=r"model\.onnx: no attention that adds a mask"):
        branch_on_padding(path)
