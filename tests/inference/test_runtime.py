"""`avowal.inference.runtime`: rows in batches, and the models that run them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scripted_models import write_folder

from avowal.inference.labels import Floats, Ints
from avowal.inference.model_folder import ModelError
from avowal.inference.runtime import OnnxRuntime, open_runtime, run_batched

PADDING = 99
LENGTHS = st.lists(st.integers(1, 30), max_size=20)


class Echo:
    """Gives each token's id and type back, or each row's sum of them, and notes the batches."""

    def __init__(self, by_token: bool = True) -> None:
        self.by_token = by_token
        self.batches: list[tuple[Ints, Ints, Ints]] = []

    def __call__(self, input_ids: Ints, token_type_ids: Ints, attention_mask: Ints) -> Floats:
        self.batches.append((input_ids, token_type_ids, attention_mask))
        both = np.stack([input_ids, token_type_ids], axis=-1).astype(np.float32)
        return both if self.by_token else (both * attention_mask[..., None]).sum(axis=1)


def some_rows(lengths: list[int]) -> list[tuple[Ints, Ints]]:
    noise = np.random.default_rng(0)
    return [(noise.integers(0, 99, n), noise.integers(0, 2, n)) for n in lengths]


# --- batches --------------------------------------------------------------------------------


@given(LENGTHS, st.integers(1, 100))
def test_results_are_in_order_and_as_long_as_their_rows(lengths: list[int], most: int) -> None:
    rows = some_rows(lengths)
    results = run_batched(Echo(), rows, PADDING, max_tokens=most)
    assert len(results) == len(rows)
    for (ids, types), result in zip(rows, results, strict=True):
        assert result.tolist() == np.stack([ids, types], axis=-1).tolist()


@given(LENGTHS, st.integers(1, 100))
def test_a_sentence_model_gives_one_result_a_row(lengths: list[int], most: int) -> None:
    rows = some_rows(lengths)
    results = run_batched(Echo(by_token=False), rows, PADDING, max_tokens=most)
    assert [result.tolist() for result in results] == [[i.sum(), t.sum()] for i, t in rows]


@given(LENGTHS, st.integers(1, 100))
def test_batches_are_padded_masked_and_no_larger_than_asked(lengths: list[int], most: int) -> None:
    echo = Echo()
    run_batched(echo, some_rows(lengths), PADDING, max_tokens=most)
    seen = []
    for ids, types, mask in echo.batches:
        assert ids.shape == types.shape == mask.shape
        assert ids.size <= most or len(ids) == 1
        assert (ids[mask == 0] == PADDING).all()
        assert not types[mask == 0].any()
        assert (np.diff(mask, axis=1) <= 0).all()
        seen += mask.sum(axis=1).tolist()
    assert sorted(seen) == sorted(lengths)


def test_nothing_is_run_for_no_rows() -> None:
    echo = Echo()
    assert run_batched(echo, [], PADDING) == []
    assert echo.batches == []


# --- ONNX -----------------------------------------------------------------------------------


def write_onnx(path: Path, by_token: bool) -> Path:
    """A model whose logits are each id divided by the batch's largest: no row is independent."""
    helper = pytest.importorskip("onnx").helper
    onnx = pytest.importorskip("onnx")
    ids = helper.make_tensor_value_info("input_ids", onnx.TensorProto.INT64, ["rows", "tokens"])
    shape = ["rows", "tokens", 1] if by_token else ["rows", 1]
    nodes = [
        helper.make_node("Cast", ["input_ids"], ["floats"], to=onnx.TensorProto.FLOAT),
        helper.make_node("ReduceMax", ["floats"], ["largest"], keepdims=0),
        helper.make_node("Div", ["floats", "largest"], ["shares"]),
    ]
    if by_token:
        nodes.append(helper.make_node("Unsqueeze", ["shares", "axis"], ["logits"]))
        constant = helper.make_tensor("axis", onnx.TensorProto.INT64, [1], [2])
    else:
        nodes.append(helper.make_node("ReduceSum", ["shares", "axis"], ["logits"]))
        constant = helper.make_tensor("axis", onnx.TensorProto.INT64, [1], [1])
    logits = helper.make_tensor_value_info("logits", onnx.TensorProto.FLOAT, shape)
    graph = helper.make_graph(nodes, "shares", [ids], [logits], [constant])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    path.parent.mkdir(parents=True, exist_ok=True)
    onnx.save(model, str(path))
    return path


def test_a_row_is_scored_the_same_in_any_company(tmp_path: Path) -> None:
    runtime = OnnxRuntime(write_onnx(tmp_path / "model.onnx", by_token=True), threads=1)
    rows = [(np.array(ids), np.zeros(len(ids), dtype=np.int64)) for ids in ([2, 4], [2, 4, 8])]
    results = run_batched(runtime, rows, PADDING)
    assert [result[:, 0].tolist() for result in results] == [[0.5, 1.0], [0.25, 0.5, 1.0]]


def test_a_sentence_model_on_onnx(tmp_path: Path) -> None:
    runtime = OnnxRuntime(write_onnx(tmp_path / "model.onnx", by_token=False), threads=1)
    rows = [(np.array(ids), np.zeros(len(ids), dtype=np.int64)) for ids in ([2, 4], [3, 9, 18])]
    results = run_batched(runtime, rows, PADDING)
    np.testing.assert_allclose([result[0] for result in results], [1.5, 1 + 2 / 3], rtol=1e-6)


def test_a_folders_onnx_file_is_run_on_the_processor(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "model", "attribution")
    write_onnx(folder.path / "onnx" / "model_quantized.onnx", by_token=True)
    assert isinstance(open_runtime(folder, "cpu", threads=1), OnnxRuntime)


def test_a_file_that_is_no_onnx_model_is_named(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "model", "attribution")
    path = folder.path / "onnx" / "model_quantized.onnx"
    path.parent.mkdir()
    path.write_text("version https://git-lfs.github.com/spec/v1\n")
    with pytest.raises(ModelError, match=r"model_quantized\.onnx is not an ONNX model"):
        open_runtime(folder, "cpu")


def test_an_unknown_device_is_named(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "model", "attribution")
    with pytest.raises(ValueError, match="device 'tpu' is not one of auto, cpu, cuda"):
        open_runtime(folder, "tpu")
