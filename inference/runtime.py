"""The one interface behind which models sit: padded token ids in, logits out."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from avowal.inference.gpu import has_cuda
from avowal.inference.labels import Floats, Ints
from avowal.inference.model_folder import ModelError, ModelFolder

Row = tuple[Ints, Ints]
"""One input: token ids and token types, both (tokens,)."""

MAX_BATCH_TOKENS = 4096


class Runtime(Protocol):
    """Runs a model on one batch; implementations are `OnnxRuntime` and `TorchRuntime`."""

    def __call__(self, input_ids: Ints, token_type_ids: Ints, attention_mask: Ints) -> Floats:
        """Logits: (rows, tokens, labels) of a token model, (rows, labels) of a sentence model."""
        ...


class OnnxRuntime:
    """A model's `onnx/model_quantized.onnx` (or another file of that folder) on the processor.

    Each row is run alone and without its padding. Dynamic quantization scales activations by the
    largest in the batch, so in company a row's scores would depend on its neighbours; and alone
    rows are not slower, as a row of a hundred tokens keeps a processor's vector units busy.
    Several rows run at the same time, a thread each, which wastes less than threads that share a
    row and wait for each other after every product (`docs/speed.md`).

    Args:
        threads: rows that run at the same time; None for as many as there are processors.
    """

    def __init__(self, path: Path, threads: int | None = None) -> None:
        self._session = onnx_session(path)
        self._inputs = {node.name for node in self._session.get_inputs()}
        self._threads = ThreadPoolExecutor(threads or processors(), thread_name_prefix="avowal-row")

    def __call__(self, input_ids: Ints, token_type_ids: Ints, attention_mask: Ints) -> Floats:
        feed = {
            "input_ids": input_ids,
            "token_type_ids": token_type_ids,
            "attention_mask": attention_mask,
        }
        feeds = [
            {n: v[row : row + 1, :length] for n, v in feed.items() if n in self._inputs}
            for row, length in enumerate(attention_mask.sum(axis=1).tolist())
        ]
        rows = list(self._threads.map(self._run, feeds))
        if rows[0].ndim == 1:
            return np.stack(rows)
        logits = np.zeros((*input_ids.shape, rows[0].shape[-1]), dtype=np.float32)
        for row, scores in enumerate(rows):
            logits[row, : len(scores)] = scores
        return logits

    def _run(self, feed: dict[str, Ints]) -> Floats:
        return np.asarray(self._session.run(None, feed)[0][0], dtype=np.float32)


def onnx_session(path: Path) -> Any:
    """An ONNX Runtime session of one thread on the processor.

    Raises:
        ModelError: where the file cannot be read.
    """
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    # Rows differ in length, so memory kept for patterns of one shape is never used again.
    options.enable_mem_pattern = False
    options.intra_op_num_threads = 1
    try:
        return onnxruntime.InferenceSession(
            str(path),
            options,
            providers=["CPUExecutionProvider"],
            # This fused kernel is a fifth slower on one thread than the two that it replaces.
            disabled_optimizers=["SkipLayerNormFusion"],
        )
    except Exception as error:  # it has a class of its own for each kind, all plain
        raise ModelError(f"{path} is not an ONNX model: {error}") from error


class TorchRuntime:
    """The safetensors of a model folder in torch: bf16 on a GPU, fp32 on the processor."""

    def __init__(self, folder: ModelFolder, device: str) -> None:
        import torch
        from transformers import (
            AutoModelForSequenceClassification,
            AutoModelForTokenClassification,
        )

        self._torch = torch
        self._device = device
        kind: Any = {
            "attribution": AutoModelForTokenClassification,
            "intent": AutoModelForSequenceClassification,
        }[folder.task]
        dtype = torch.float32 if device == "cpu" else torch.bfloat16
        model = kind.from_pretrained(folder.path, dtype=dtype, use_safetensors=True)
        self._model = model.to(device).eval()
        self._types = getattr(model.config, "type_vocab_size", 0) > 1

    def __call__(self, input_ids: Ints, token_type_ids: Ints, attention_mask: Ints) -> Floats:
        feed = {"input_ids": input_ids, "attention_mask": attention_mask}
        if self._types:
            feed["token_type_ids"] = token_type_ids
        with self._torch.inference_mode():
            tensors = {k: self._torch.from_numpy(v).to(self._device) for k, v in feed.items()}
            logits = self._model(**tensors).logits
        return np.asarray(logits.float().cpu().numpy(), dtype=np.float32)


def run_batched(
    runtime: Runtime, rows: Sequence[Row], padding_id: int, max_tokens: int = MAX_BATCH_TOKENS
) -> list[Floats]:
    """Run `rows` in batches of like length, padded to at most `max_tokens`; results as ordered.

    A token model's result keeps the row's own length: (tokens, labels).
    """
    results: list[Floats | None] = [None] * len(rows)
    for batch in batches([len(ids) for ids, _ in rows], max_tokens):
        width = max(len(rows[index][0]) for index in batch)
        ids = np.full((len(batch), width), padding_id, dtype=np.int64)
        types = np.zeros_like(ids)
        mask = np.zeros_like(ids)
        for place, index in enumerate(batch):
            length = len(rows[index][0])
            ids[place, :length], types[place, :length] = rows[index]
            mask[place, :length] = 1
        logits = runtime(ids, types, mask)
        for place, index in enumerate(batch):
            length = len(rows[index][0])
            results[index] = logits[place, :length] if logits.ndim == 3 else logits[place]
    return [result for result in results if result is not None]


def batches(lengths: Sequence[int], max_tokens: int = MAX_BATCH_TOKENS) -> Iterator[list[int]]:
    """Indices of rows in batches of like length, at most `max_tokens` each with its padding."""
    order = sorted(range(len(lengths)), key=lambda index: (lengths[index], index))
    batch: list[int] = []
    for index in order:
        if batch and (len(batch) + 1) * lengths[index] > max_tokens:
            yield batch
            batch = []
        batch.append(index)
    if batch:
        yield batch


def choose_runtime(folder: ModelFolder, device: str = "auto") -> str:
    """What `open_runtime` runs a model with: ``"onnx int8"``, ``"torch fp32"``, ``"torch bf16"``.

    Raises:
        ValueError: for an unknown device.
        RuntimeError: where there is no GPU for ``"cuda"``.
    """
    if device not in ("auto", "cpu", "cuda"):
        raise ValueError(f"device {device!r} is not one of auto, cpu, cuda")
    if device == "cuda" or (device == "auto" and has_cuda()):
        if not has_cuda():
            raise RuntimeError(
                "device 'cuda' needs a GPU and torch with CUDA: pip install 'avowal[gpu]'"
            )
        return "torch bf16"
    return "torch fp32" if folder.onnx_path is None else "onnx int8"


def open_runtime(folder: ModelFolder, device: str = "auto", threads: int | None = None) -> Runtime:
    """The runtime for a device: ``"cpu"``, ``"cuda"``, or ``"auto"``: a GPU if torch has one.

    On a processor the folder's ONNX file is used; a folder that has none needs torch.

    Raises:
        ValueError: for an unknown device.
        ModelError: where the ONNX file cannot be read.
        RuntimeError: where the device or the packages it needs are not there.
    """
    chosen = choose_runtime(folder, device)
    if chosen == "torch bf16":
        return TorchRuntime(folder, "cuda")
    if folder.onnx_path is not None:
        return OnnxRuntime(folder.onnx_path, threads)
    try:
        return TorchRuntime(folder, "cpu")
    except ImportError as error:
        raise RuntimeError(
            f"{folder.path} has no onnx/model_quantized.onnx, and without it scoring needs torch: "
            "export it with `avowal export`, or pip install 'avowal[gpu]'"
        ) from error


def processors() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
